"""Intraoral photographs of invented mouths."""

from enum import StrEnum

from PIL import Image, ImageOps

from cases.drawing.dentition import Dentition
from cases.drawing.facial_scene import draw_facial_scene
from cases.drawing.lens import developed
from cases.drawing.occlusal_scene import draw_occlusal_scene
from cases.drawing.surface import Surface, lit
from cases.drawing.texture import Streams


class PhotographView(StrEnum):
    """The five standard views."""

    FRONTAL = "frontal"
    RIGHT = "right"
    LEFT = "left"
    UPPER = "upper"
    LOWER = "lower"


_FIELD_MM = {"frontal": 60.0, "right": 54.0, "left": 54.0, "upper": 70.0, "lower": 68.0}
# A smaller mouth is photographed from nearer: by the last place in the row.
_NEARER = {5: 0.88, 6: 1.0}
_DRAWN_WIDTH = 1000


def draw_photograph(
    view: PhotographView | str,
    dentition: Dentition,
    *,
    seed: int,
    size: tuple[int, int] = (1600, 1067),
    mirrored: bool = False,
) -> Image.Image:
    """An RGB photograph of `size` (width, height); the same seed gives the same picture.

    Upright and anatomically right: the patient's right is on the viewer's left, front teeth of the upper jaw above,
    of the lower jaw below. `mirrored` gives it flipped, as a camera saves a shot into a mirror.
    """
    view = PhotographView(view)
    streams = Streams(seed, list(PhotographView).index(view))
    drawn_width = min(_DRAWN_WIDTH, size[0])
    shape = (round(drawn_width * size[1] / size[0]), drawn_width)
    reach = max(int(key[1]) for key in dentition.teeth)
    surface = Surface(shape, drawn_width / (_FIELD_MM[view] * _NEARER.get(reach, 1.1)))
    if view in (PhotographView.UPPER, PhotographView.LOWER):
        draw_occlusal_scene(surface, dentition, upper=view is PhotographView.UPPER, streams=streams)
    else:
        draw_facial_scene(surface, view, dentition, streams)
    picture = developed(lit(surface), size=size, rng=streams.of("camera"))
    return ImageOps.mirror(picture) if mirrored else picture
