"""The files of a case: drawn, varied, then declared, received and examined by what the receiver and the worker use."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import connections
from pydicom import uid

from billing.demonstration.families import PEOPLE
from billing.demonstration.mouths import mirrored_tooth, mirrored_view
from billing.demonstration.people import HILL, SCHOOL
from billing.demonstration.stories import Film, Story
from billing.demonstration.timing import Moments
from billing.demonstration.words import key_of
from cases.actions.files import declare_file
from cases.importing.receiving import examine_here, receive_file
from cases.models import Asset, Case, Patient
from teledent.accounts.acting import Actor
from teledent.jobs.decoder import in_child
from teledent.kit import clock

DEMONSTRATION = UUID("3f1f9d0c-29a4-4f59-9a3e-6d6f5b0f2c77")  # name space of the demonstration's ids
GALLERY = "billing.demonstration.gallery"
CAMERAS = {
    SCHOOL: ("Brightfield", "Intraoral C3"),
    HILL: ("Brightfield", "Intraoral C3"),
    "clinic": ("Corvid", "Macro 60"),
}
SYNTAXES = (uid.ExplicitVRLittleEndian, uid.JPEGLosslessSV1, uid.JPEGLosslessSV1, uid.JPEG2000Lossless)
LETTER = "plan"  # the view of a scanned letter
IN_MIRROR = frozenset({"upper", "lower"})
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Shot:
    """One file to be made. `view` as it is labelled; `film` for a radiograph."""

    story: Story
    view: str
    order: int
    film: Film | None = None

    @property
    def source(self) -> tuple[str, str, str]:
        """Mouth, view and tooth (FDI) of the drawing it is made from: the other side's where the mouth is mirrored."""
        view = self.film.view if self.film else self.view
        return (
            self.story.mouth,
            mirrored_view(view) if self.story.flipped else view,
            self.film.tooth if self.film else "",
        )

    @property
    def public_id(self) -> UUID:
        return uuid5(DEMONSTRATION, f"file {self.story.key} {self.view} {self.order}")

    @property
    def seed(self) -> int:
        return int.from_bytes(hashlib.sha256(str(self.public_id).encode()).digest()[:4])


def shots_of(story: Story, *, photographs: int) -> list[Shot]:
    """At most so many photographs, every radiograph, and the letter where there is one."""
    views = [Shot(story, view, order) for order, view in enumerate(story.views[:photographs])]
    views += [Shot(story, LETTER, 8)] if story.letter else []
    return views + [Shot(story, film.view.replace("_", "-"), 10 + n, film) for n, film in enumerate(story.films)]


class Studio:
    """A folder of drawings and what is made from them. `lanes` files at once; 1 works in the calling thread."""

    def __init__(self, folder: Path, *, width: int, lanes: int, tell: Tell) -> None:
        self.folder, self.width, self.lanes, self.tell = folder, width, lanes, tell

    def draw(self, shots: Iterable[Shot]) -> None:
        """Every drawing that the shots need, each once."""
        sources = sorted({shot.source for shot in shots if shot.view != LETTER})
        self._each("Drawing pictures", [partial(self._draw, source) for source in sources])

    def take(self, tasks: list[Callable[[], None]]) -> None:
        self._each("Taking and examining pictures", tasks)

    def _draw(self, source: tuple[str, str, str]) -> None:
        mouth, view, tooth = source
        target = str(self._drawing(source))
        in_child(f"{GALLERY}:draw", mouth=mouth, view=view, tooth=tooth, width=self.width, out=target)

    def _drawing(self, source: tuple[str, str, str]) -> Path:
        return self.folder / f"{'-'.join(source).replace(' ', '')}.npy"

    def _each(self, doing: str, tasks: list[Callable[[], None]]) -> None:
        with _workers(self.lanes) as run:
            for done, _ in enumerate(run(tasks), start=1):
                self.tell(f"{doing} {done} of {len(tasks)}")

    @contextmanager
    def file_of(self, shot: Shot, patient: Patient, *, taken: datetime) -> Iterator[Path]:
        """The finished file, gone again afterwards."""
        target = self.folder / shot.public_id.hex
        common: dict[str, Any] = {"out": str(target), "flipped": shot.story.flipped, "seed": shot.seed}
        if shot.view == LETTER:
            in_child(f"{GALLERY}:letter", out=str(target), lines=list(shot.story.letter))
        elif shot.film:
            drawing = str(self._drawing(shot.source))
            in_child(f"{GALLERY}:radiograph", source=drawing, **common, **_dicom(shot, shot.film, patient, taken))
        else:
            drawing = str(self._drawing(shot.source))
            in_child(f"{GALLERY}:photograph", source=drawing, **common, **_photograph(shot, taken))
        try:
            yield target
        finally:
            target.unlink(missing_ok=True)


@contextmanager
def _workers(lanes: int) -> Iterator[Callable[[list[Callable[[], None]]], Iterator[None]]]:
    if lanes == 1:
        yield lambda tasks: (task() for task in tasks)
        return
    with ThreadPoolExecutor(lanes, thread_name_prefix="demonstration") as pool:
        yield lambda tasks: (future.result() for future in as_completed([pool.submit(_alone, task) for task in tasks]))


def _alone(task: Callable[[], None]) -> None:
    try:
        task()
    finally:
        connections.close_all()  # this thread's own


def _photograph(shot: Shot, taken: datetime) -> dict[str, Any]:
    make, model = CAMERAS[shot.story.place]
    cut_short = shot.story.quirk == "cut short" and shot.order == 1
    return {
        "in_mirror": shot.view in IN_MIRROR, "blurred": shot.story.quirk == f"blurred {shot.view}" and shot.order < 10,
        "taken_at": taken.isoformat(), "make": make, "model": model, "cut": 0.6 if cut_short else 1.0,
    }  # fmt: skip


def _dicom(shot: Shot, film: Film, patient: Patient, taken: datetime) -> dict[str, Any]:
    given, family = PEOPLE[film.names or shot.story.who].latin
    tooth = mirrored_tooth(film.tooth) if film.tooth and shot.story.flipped else film.tooth
    return {
        "view": film.view, "tooth": tooth, "taken_at": taken.isoformat(), "name": f"{family}^{given}", "identifier": patient.pupil_id,
        "born": patient.birth_date.isoformat(), "syntax": SYNTAXES[shot.seed % len(SYNTAXES)],
    }  # fmt: skip


def take_shot(studio: Studio, shot: Shot, case: Case, hygienist: Actor, moments: Moments) -> None:
    """Make one file and bring it in: declared by the hygienist, streamed and hashed, examined in the decoder's child.

    Safe to call again for a file that a killed run left halfway. A "late" one is declared, its bytes are still to come.
    """
    taken = moments.captured + timedelta(seconds=23 * shot.order)
    local = taken.astimezone(ZoneInfo(case.site.time_zone))
    is_late = shot.story.quirk == "late" and shot.order == 1
    labels = _labels(shot, case, hygienist)
    if is_late or shot.view == LETTER:  # what a sending page says beforehand; of the others the file itself tells it
        device = "Scanner" if shot.view == LETTER else " ".join(CAMERAS[shot.story.place])
        labels |= {"captured_at": taken, "device": device}
    with studio.file_of(shot, case.patient, taken=local) as path:
        asset = declare_file(
            actor=hygienist, site=case.site, case=case, public_id=shot.public_id, size=path.stat().st_size, sha256=_sha256(path),
            name=_name(shot), at=taken + timedelta(seconds=40), **labels,
        )  # fmt: skip
        if is_late:
            return
        received = moments.received + timedelta(seconds=11 * shot.order)
        with clock.standing_at(received + timedelta(seconds=2)):
            receive_file(asset, path, at=received, sent_at=received - timedelta(seconds=9))
            examine_here(Asset.objects.get(pk=asset.pk))


def _labels(shot: Shot, case: Case, hygienist: Actor) -> dict[str, Any]:
    labels: dict[str, Any] = {"view": shot.view, "mirrored": shot.film is None and shot.view in IN_MIRROR}
    if shot.film is None:
        return labels
    licence = hygienist.person.credential.licences.filter(state=case.patient_state).first()
    labels |= {"operator_name": hygienist.person.name, "operator_licence": str(licence or "")}
    if shot.film.tooth:
        labels["tooth"] = key_of(shot.film.tooth, flipped=shot.story.flipped)
    if shot.film.ordered:
        labels |= {
            "ordered_by": "Dr. Farah Quillon",
            "ordered_on": case.day_seen,
            "order_reason": "Decay suspected in the photographs",
        }
    return labels


def _name(shot: Shot) -> str:
    if shot.view == LETTER:
        return "plan.pdf"
    return f"{shot.seed % 10**8:08d}.dcm" if shot.film else f"IMG_{shot.seed % 10**4:04d}.JPG"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
