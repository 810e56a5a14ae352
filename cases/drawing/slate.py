"""The name card that is photographed before a child's series."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from cases.drawing.lens import developed
from cases.drawing.surface import Material, Surface, lit, slopes
from cases.drawing.texture import fractal_noise, smooth_minimum, smoothstep


def draw_slate(name: str, code: str, *, seed: int = 0, size: tuple[int, int] = (1600, 1067)) -> Image.Image:
    """A photograph of a card with a name and a case code on a clinic tray. Latin letters; the same seed, the same card."""
    rng = np.random.default_rng([seed, 9])
    width = min(1000, size[0])
    surface = Surface((round(width * size[1] / size[0]), width), width / 150.0)
    window = surface.whole()
    tray = np.full((*surface.shape, 3), (0.20, 0.30, 0.34), np.float32)
    grain = 0.10 * fractal_noise(surface.shape, 2.0 * surface.px_per_mm, rng, 3)
    surface.paint(window, np.ones(surface.shape, np.float32), Material(tray, *slopes(grain, surface.px_per_mm), 0.1))
    turn = np.float32(rng.normal(0.0, 0.03))
    inside = smooth_minimum(
        np.asarray(56.0 - np.abs(window.x + turn * window.y), np.float32),
        np.asarray(36.0 - np.abs(window.y - turn * window.x), np.float32),
        6.0,
    )
    surface.shadow(window, np.asarray(1.0 - 0.5 * np.exp(np.minimum(inside, 0.0) / 2.5), np.float32))
    paper = _lettering(name, code, surface.shape, float(np.degrees(turn)))
    fibre = 0.02 * fractal_noise(surface.shape, 0.8 * surface.px_per_mm, rng, 2)
    surface.paint(
        window, smoothstep(-0.15, 0.15, inside), Material(paper, *slopes(fibre, surface.px_per_mm), 0.02, 0.95)
    )
    return developed(lit(surface), size=size, rng=rng)


def _lettering(name: str, code: str, shape: tuple[int, int], turn: float) -> np.ndarray:
    """Ink on paper as linear colour, (rows, columns, 3)."""
    card = Image.new("L", (shape[1], shape[0]), 0)
    pen = ImageDraw.Draw(card)
    for text, share, row in ((name, 0.075, 0.44), (code, 0.062, 0.58)):
        height = share * shape[0]
        font = ImageFont.load_default(height)
        room = 0.68 * shape[1]
        if pen.textlength(text, font=font) > room:
            font = ImageFont.load_default(height * room / pen.textlength(text, font=font))
        pen.text((shape[1] / 2, row * shape[0]), text, fill=255, font=font, anchor="mm")
    ink = np.asarray(card.rotate(turn, Image.Resampling.BICUBIC), np.float32)[..., None] / 255.0
    paper, blue = np.array((0.80, 0.79, 0.75), np.float32), np.array((0.03, 0.05, 0.16), np.float32)
    return np.asarray(paper + ink * (blue - paper), np.float32)
