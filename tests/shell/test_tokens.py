"""The colours of base.css: the plain ones and the pairs agree, and text is readable on its ground in both themes."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = (Path(settings.BASE_DIR) / "static/css/base.css").read_text()
((ROOT, PAIRS),) = re.findall(r"@layer tokens \{\n  :root \{(.*?)\n  \}\n(.*?)\n\}\n\n@layer base", CSS, re.S)
PLAIN = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", ROOT))
PAIR = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", PAIRS)
}

TEXT = [
    (ink, ground)
    for ink in ("ink", "ink-2", "ink-3")
    for ground in ("bg", "surface", "raised", "sunken", "hover", "mute-tint")
]
TEXT += [(state, f"{state}-tint") for state in ("ok", "wait", "urgent", "info")] + [
    (s, "surface") for s in ("ok", "wait", "urgent", "info")
]
TEXT += [
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("accent-ink", "accent-tint"),
    ("accent-ink", "surface"),
    ("ink", "wait-tint"),
]
EDGES = [
    ("line-strong", "surface"),
    ("line-strong", "bg"),
    ("accent", "surface"),
    ("accent", "bg"),
    ("wait-fill", "surface"),
    ("ok-fill", "surface"),
]


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_a_browser_without_pairs_gets_the_light_theme():
    stage = {name for name in PLAIN if name.startswith("stage")}
    assert {name: PLAIN[name] for name in PLAIN.keys() - stage} == {name: light for name, (light, _) in PAIR.items()}


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_has_a_contrast_of_four_and_a_half(theme, ink, ground):
    assert contrast(PAIR[ink][theme], PAIR[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_what_can_be_operated_have_three(theme, edge, ground):
    assert contrast(PAIR[edge][theme], PAIR[ground][theme]) >= 3


def test_the_stage_has_no_hue():
    for name in ("stage", "stage-2", "stage-line", "stage-ink", "stage-ink-2"):
        assert len({PLAIN[name][1:3], PLAIN[name][3:5], PLAIN[name][5:7]}) == 1
