"""Lay out the forms of a school day in the decoder's child, and keep the PDF with a row for each form."""

import json
from functools import partial
from pathlib import Path

from cases.actions.family_forms import PRINT, pages_of
from cases.models import FamilyForm, FormRun, Patient, PrintState
from teledent.files import keeping
from teledent.files.storage import scratch_folder
from teledent.jobs.decoder import Limits, in_child
from teledent.jobs.registry import Effect, job
from teledent.kit import clock

RENDER = "cases.family_forms.render:render_forms"
LIMITS = Limits(cpu=120, wall=300.0)  # three hundred pages on a busy machine


def set_aside(*, run_id: int, **_: object) -> None:
    FormRun.objects.filter(pk=run_id, state=PrintState.QUEUED).update(state=PrintState.FAILED)


@job(PRINT, heavy=True, on_parked=set_aside)
def print_forms(*, run_id: int, **_: object) -> Effect | None:
    rows = FormRun.objects.filter(pk=run_id, state=PrintState.QUEUED)
    run = rows.select_related("event__site", "event__practice").first()
    if run is None:
        return None
    with scratch_folder() as scratch:
        forms = _write(run, scratch / "forms.jsonl")
        if not forms:
            return partial(set_aside, run_id=run_id)
        title, at = f"Forms for {run.event}", run.requested_at.isoformat()
        made = in_child(
            RENDER, limits=LIMITS, source=str(scratch / "forms.jsonl"), out_dir=str(scratch), title=title, at=at
        )
        kept = keeping.keep_file(scratch / made["file"], folder="family_forms")
    return partial(_finish, run_id, kept, forms)


def _write(run: FormRun, source: Path) -> list[dict[str, str]]:
    """A page a line; what is kept of each."""
    forms = []
    with source.open("w", encoding="utf-8") as lines:
        for page, kept in pages_of(run):
            lines.write(json.dumps(page) + "\n")
            forms.append(kept)
    return forms


def _finish(run_id: int, kept: keeping.Kept, forms: list[dict[str, str]]) -> None:
    stored = keeping.record(kept, at=clock.now(), media_type="application/pdf")
    done = FormRun.objects.filter(pk=run_id, state=PrintState.QUEUED)
    if not done.update(state=PrintState.DONE, file=stored, total=len(forms)):
        return
    patients = dict(
        Patient.objects.filter(public_id__in=[one["patient"] for one in forms]).values_list("public_id", "pk")
    )
    ids = {str(public_id): pk for public_id, pk in patients.items()}
    FamilyForm.objects.bulk_create(
        FamilyForm(
            public_id=one["form"], run_id=run_id, patient_id=ids[one["patient"]], language=one["language"], text_version=one["version"],
            text_sha256=one["sha256"],
        )
        for one in forms
    )  # fmt: skip
