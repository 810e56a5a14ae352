"""Does the record still fit: chain, signed contents, and every file's hash, recomputed from what is stored."""

from collections.abc import Callable, Iterator
from typing import Any

from cases.models import Asset, Case, CaseEvent, Retraction, Signature
from cases.moving import digest_of
from cases.record import concluded, read_record
from cases.states import MOVES, Status
from cases.verifying_after import follow_up_misfits, merge_misfits
from cases.verifying_indicators import indicator_misfits
from cases.verifying_orders import order_misfits
from cases.verifying_papers import bytes_misfits, paper_misfits
from cases.verifying_seconds import second_misfits
from cases.verifying_told import digests, gone, told
from teledent.kit import canonical

Verifier = Callable[[Case], Iterator[str]]
_verifiers: list[Verifier] = []


def verify_through(verifier: Verifier) -> None:
    """Let another room verify what it signed about a case; filled by its `AppConfig.ready`."""
    if verifier not in _verifiers:
        _verifiers.append(verifier)


def misfits(case: Case) -> Iterator[str]:
    """Sentences that name what does not fit, first things first; nothing when the whole record stands."""
    yield from _timeline(case)
    yield from _status(case)
    yield from _submissions(case)
    yield from _signature(case)
    yield from _addenda(case)
    yield from _retraction(case)
    yield from second_misfits(case)
    yield from order_misfits(case)
    yield from indicator_misfits(case)
    yield from paper_misfits(case)
    yield from follow_up_misfits(case)
    yield from merge_misfits(case)
    yield from _files(case)
    for verify in _verifiers:
        yield from verify(case)


def _timeline(case: Case) -> Iterator[str]:
    previous, count = "", 0
    for event in CaseEvent.objects.filter(case=case).order_by("seq").iterator():
        count += 1
        if event.seq != count:
            yield f"{case.label}: event {count} is missing from the timeline."
            return
        if event.previous != previous:
            yield f"{case.label}: event {event.seq} ({event.kind}) does not follow the one before it."
            return
        if event.digest != digest_of(event):
            yield f"{case.label}: event {event.seq} ({event.kind}) was changed after it was written."
            return
        previous = event.digest
    if (count, previous) != (case.timeline_count, case.timeline_head):
        yield f"{case.label}: the timeline ends at event {count}, the case says {case.timeline_count}."


def _status(case: Case) -> Iterator[str]:
    last = CaseEvent.objects.filter(case=case, kind__in=MOVES).order_by("-seq").first()
    if case.status != (MOVES[last.kind].target if last else Status.DRAFT):
        yield f"{case.label}: its status is not the one that the timeline left."


def _submissions(case: Case) -> Iterator[str]:
    events, submissions = digests(told(case, "submit")), list(case.submissions.all())
    yield from gone(case, "the version submitted", events, [one.digest for one in submissions])
    for submission in submissions:
        event = events.get(submission.digest)
        if canonical.sha256_of(submission.content) != submission.digest:
            yield f"{case.label}: submitted version {submission.version} was changed after it was signed."
        elif event is None or event.details["version"] != submission.version:
            yield f"{case.label}: submitted version {submission.version} is not the one on the timeline."


def _signature(case: Case) -> Iterator[str]:
    signature = Signature.objects.filter(case=case).select_related("review__writer", "review__submission").first()
    if signature is None:
        if case.signed_at is not None:
            yield f"{case.label}: it was signed, and its signature is gone."
        return
    if canonical.sha256_of(signature.content) != signature.digest:
        yield f"{case.label}: the signed content was changed after the signature."
        return
    if not CaseEvent.objects.filter(case=case, kind="sign", details__digest=signature.digest).exists():
        yield f"{case.label}: the signature is not the one on the timeline."
    if signature.review.signed_at != signature.at:
        yield f"{case.label}: the review says another signing time than the signature."
    now = canonical.plain(concluded(read_record(case, review=signature.review), submission=signature.review.submission))
    signed = signature.content["review"]
    changed = next((key for key in now["review"] if not _says_the_same(now["review"][key], signed.get(key))), None)
    if changed:
        yield f"{case.label}: the review's {changed.replace('_', ' ')} is not what was signed."


def _says_the_same(now: Any, signed: Any) -> bool:
    """Whether a value is what was signed. What this release asks and an older one did not was left empty then."""
    if signed is None:
        return now in (None, "", [], False)
    if isinstance(now, dict) and isinstance(signed, dict):
        return signed.keys() <= now.keys() and all(_says_the_same(now[key], signed.get(key)) for key in now)
    if isinstance(now, list) and isinstance(signed, list):
        return len(now) == len(signed) and all(map(_says_the_same, now, signed))
    return bool(now == signed)


def _addenda(case: Case) -> Iterator[str]:
    events, addenda = digests(told(case, "addendum")), list(case.addenda.all())
    yield from gone(case, "the addendum", events, [one.digest for one in addenda])
    for addendum in addenda:
        content = {
            "case": case.label,
            "text": addendum.text,
            "person": addendum.person_name,
            "licence": addendum.licence,
            "at": addendum.at,
        }
        if canonical.sha256_of(content) != addendum.digest or addendum.digest not in events:
            yield f"{case.label}: the addendum of {addendum.at:%Y-%m-%d %H:%M} UTC was changed after it was signed."


def _retraction(case: Case) -> Iterator[str]:
    said = [(event.at, event.person_id, event.details) for event in told(case, "retract")]
    rows = Retraction.objects.filter(case=case)
    if said != [(row.at, row.person_id, {"reason": row.reason, "explanation": row.explanation}) for row in rows]:
        yield f"{case.label}: its retraction is not the one on the timeline."


def _files(case: Case) -> Iterator[str]:
    assets = (
        Asset.objects.filter(case=case, original__isnull=False)
        .select_related("original")
        .prefetch_related("derivatives__file")
    )
    for asset in assets:
        assert asset.original is not None  # noqa: S101 - filtered above
        if asset.original.sha256 != asset.declared_sha256:
            yield f"{case.label}: {asset.view_label} holds other bytes than were declared."
        whose = f"{asset.view_label} ({asset.public_id})"
        yield from bytes_misfits(case.label, f"the original of {whose}", asset.original)
        for derivative in asset.derivatives.all():
            yield from bytes_misfits(case.label, f"the {derivative.recipe} picture of {whose}", derivative.file)
