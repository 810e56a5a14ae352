"""What a camera card left in the tray: pictures that nobody has put into a case yet."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from billing.demonstration.people import SCHOOL, Cast
from billing.demonstration.pictures import CAMERAS, GALLERY, Shot, Studio
from billing.demonstration.stories import Film, Story
from cases.importing.folder_import import import_folder
from cases.models import Patient
from teledent.jobs.decoder import in_child
from teledent.kit import clock

ON_THE_CARD = (
    Story("mateo", SCHOOL, "stain", "card", views=("frontal", "right"), flipped=True),
    Story("layla", SCHOOL, "back tooth", "card", views=(), films=(Film("bitewing_left"),)),
)


def shots_on_the_card() -> list[Shot]:
    views = [Shot(story, view, order) for story in ON_THE_CARD for order, view in enumerate(story.views)]
    return views + [Shot(story, film.view.replace("_", "-"), 10, film) for story in ON_THE_CARD for film in story.films]


def leave_in_tray(cast: Cast, studio: Studio, *, at: datetime) -> None:
    """Import a folder as the camera left it, by the same import as the command's."""
    folder = studio.folder / "DCIM" / "100BRIGHT"
    folder.mkdir(parents=True, exist_ok=True)
    taken = (at - timedelta(hours=1)).astimezone(ZoneInfo(cast.sites[SCHOOL].time_zone))
    for number, shot in enumerate(shots_on_the_card(), start=1):
        nearly = Patient(pupil_id="AL-20555", birth_date=(at - timedelta(days=3000)).date())
        with studio.file_of(shot, nearly, taken=taken + timedelta(minutes=number)) as path:
            path.rename(folder / f"IMG_{number:04d}{'.dcm' if shot.film else '.JPG'}")
    _put_slate(folder / "IMG_0009.JPG", studio.width, taken)
    (folder / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0 thumbnails")
    with clock.standing_at(at):
        for _ in import_folder(actor=cast.of("ines"), site=cast.sites[SCHOOL], folder=folder, case=None, at=at):
            pass  # what became of each stands in the tray itself


def _put_slate(target: Path, width: int, taken: datetime) -> None:
    make, model = CAMERAS[SCHOOL]
    in_child(
        f"{GALLERY}:slate", out=str(target), name="ROOM 103", code="AFTER LUNCH", seed=4, width=width, taken_at=taken.isoformat(),
        make=make, model=model,
    )  # fmt: skip
