"""The stage of the reading page: each picture as the viewer takes it, the boards of the set, and the same patient's
earlier pictures, as far as this dentist may see them."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.urls import reverse

from cases.actions.preparing import has_samples
from cases.annotations import annotations_of
from cases.imaging.recipes import SAMPLES, SAMPLES_VERSION
from cases.models import Annotation, Case, Derivative, Review
from cases.record_facts import ViewFact
from cases.states import BILLABLE
from cases.views.reading.boards import Board, Slot, board_of, slot_of
from cases.views.record.gallery import Picture, pictures_of
from teledent.accounts.acting import Actor

EARLIER_CASES = 3
SCRIPTS = ("js/reading/case.js", "js/reading/chart.js", "js/reading/phrases.js")
# what the scripts import, fetched side by side: each names the next only once it is there, and a chain costs a way to the
# server for each link
MODULES = tuple(
    f"js/{name}.js"
    for name in ("csrf", "odontogram", "reading/ahead", "reading/draft", "reading/sending", "reading/typing",
                 *(f"reading/viewer/{name}" for name in (
                     "stage", "pane", "sources", "window", "loading", "samples", "shapes", "sharpen", "shelf", "view", "points",
                     "measure", "marks", "trays", "hands", "adjust", "boards")))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pane:
    """A picture with what the dentist said of it and what the viewer has to know. `number` counts over the whole stage."""

    number: int
    picture: Picture
    reading: ViewFact | None
    is_late: bool
    case: Case
    is_earlier: bool
    samples: str  # address of the samples, "" where the picture has none
    prepare: str  # where to ask for samples that are not made yet, "" where there is nothing to ask

    @property
    def group(self) -> str:
        return f"Earlier, {self.case.day_seen:%b %Y}" if self.is_earlier else self.picture.group

    @property
    def label(self) -> str:
        return f"{self.picture.label}, {self.case.day_seen:%-d %b %Y}" if self.is_earlier else self.picture.label

    @property
    def shortcut(self) -> str:
        return str(self.number) if self.number <= 9 else ""

    @property
    def described(self) -> str:
        earlier = f", of the earlier case {self.case.label}" if self.is_earlier else ""
        return f"{self.picture.described}{earlier}"

    @property
    def kind(self) -> str:
        return "film" if self.samples or self.prepare else "photo"

    @property
    def frame(self) -> tuple[int, int]:
        """Width and height of the upright picture at its full size; of a further page, of its copy."""
        said = self.picture.asset.examination
        whole = self.picture.page == 1 and said.get("family") != "document"
        return (said["width"], said["height"]) if whole and said else (self.picture.width, self.picture.height)

    @property
    def bits(self) -> int:
        return int(self.picture.asset.examination.get("bits_stored", 8))

    @property
    def is_lossy(self) -> bool:
        return bool(self.picture.asset.examination.get("lossy"))

    @property
    def facts(self) -> str:
        """What measuring rests on, as JSON: the spacing with its source, and the modality."""
        radiograph = self.picture.asset.examination.get("radiograph") or {}
        return json.dumps({"spacing": radiograph.get("pixel_spacing"), "modality": radiograph.get("modality", "")})


@dataclass(frozen=True, slots=True)
class Drawn:
    """A mark with the number of the picture that it lies on."""

    number: int
    label: str
    mark: Annotation


def stage_of(actor: Actor, case: Case, shown: Sequence[Any]) -> dict[str, Any]:
    """Everything that the stage shows; `shown` are this case's pictures as the panel lists them."""
    earlier = earlier_cases(actor, case)
    made = _with_samples([case, *earlier])
    own = [_pane(one.picture.number, one.picture, case, made, one) for one in shown]
    past = [(old, picture) for old in earlier for picture in pictures_of(old)]
    panes = own + [_pane(n, picture, old, made, None) for n, (old, picture) in enumerate(past, start=len(own) + 1)]
    return {"panes": panes, "boards": boards_of(panes), "scripts": SCRIPTS, "modules": MODULES}


def earlier_cases(actor: Actor, case: Case) -> list[Case]:
    """The patient's last signed cases before this one that she may see."""
    visible = Case.objects.visible_to(actor).filter(patient=case.patient_id, status__in=BILLABLE)
    before = visible.filter(day_seen__lte=case.day_seen).exclude(pk=case.pk)
    return list(before.select_related("site").order_by("-day_seen", "-pk")[:EARLIER_CASES])


def _with_samples(cases: Sequence[Case]) -> set[int]:
    """Files whose samples are made, the way they are turned now. One query."""
    made = Derivative.objects.filter(asset__case__in=cases, recipe=SAMPLES, recipe_version=SAMPLES_VERSION)
    return set(made.filter(mirrored=F("asset__mirrored")).values_list("asset_id", flat=True))


def _pane(number: int, picture: Picture, case: Case, made: Collection[int], own: Any) -> Pane:
    asset = picture.asset
    is_made, can_be = asset.pk in made, picture.page == 1 and has_samples(asset)
    return Pane(
        number=number, picture=picture, case=case, is_earlier=own is None,
        reading=own.reading if own else None, is_late=own.is_late if own else False,
        samples=reverse("picture", args=[asset.public_id, SAMPLES, 1]) if can_be or is_made else "",
        prepare=reverse("reading-samples", args=[case.public_id, asset.public_id]) if can_be and not is_made else "",
    )  # fmt: skip


def boards_of(panes: Sequence[Pane]) -> list[Board[Pane]]:
    """The set of this case, one board a group: radiographs, photographs, documents, what has no view yet."""
    grouped: dict[str, list[tuple[Slot, Pane]]] = {}
    for pane in panes:
        if not pane.is_earlier:
            slot = slot_of(pane.picture.asset.view, pane.picture.asset.tooth)
            grouped.setdefault(pane.group, []).append((slot, pane))
    return [board_of(title, tiles) for title, tiles in grouped.items()]


def drawn_on(review: Review, shown: Sequence[Any]) -> list[Drawn]:
    """The marks of the draft on pictures that are shown, in the order in which they were drawn."""
    pictures = {(one.picture.asset.pk, one.picture.page): one.picture for one in shown}
    found = ((mark, pictures.get((mark.asset_id, mark.page))) for mark in annotations_of(review))
    return [Drawn(picture.number, picture.label, mark) for mark, picture in found if picture]
