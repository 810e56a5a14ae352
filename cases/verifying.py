"""Does the record still fit: chain, signed contents, and every file's hash, recomputed from what is stored."""

from collections.abc import Iterator
from typing import Any

from cases.models import Asset, Case, CaseEvent, Signature
from cases.moving import digest_of
from cases.record import concluded, read_record
from cases.second import opinion, settled_content
from teledent.files.keeping import sha256_at_rest
from teledent.files.models import StoredFile
from teledent.files.storage import StorageUnavailable
from teledent.kit import canonical


def misfits(case: Case) -> Iterator[str]:
    """Sentences that name what does not fit, first things first; nothing when the whole record stands."""
    yield from _timeline(case)
    yield from _submissions(case)
    yield from _signature(case)
    yield from _addenda(case)
    yield from _second_reads(case)
    yield from _files(case)


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


def _submissions(case: Case) -> Iterator[str]:
    told = {
        event.details.get("digest"): event.details.get("version")
        for event in CaseEvent.objects.filter(case=case, kind="submit")
    }
    for submission in case.submissions.all():
        if canonical.sha256_of(submission.content) != submission.digest:
            yield f"{case.label}: submitted version {submission.version} was changed after it was signed."
        elif told.get(submission.digest) != submission.version:
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
    told = set(CaseEvent.objects.filter(case=case, kind="addendum").values_list("details__digest", flat=True))
    for addendum in case.addenda.all():
        content = {
            "case": case.label,
            "text": addendum.text,
            "person": addendum.person_name,
            "licence": addendum.licence,
            "at": addendum.at,
        }
        if canonical.sha256_of(content) != addendum.digest or addendum.digest not in told:
            yield f"{case.label}: the addendum of {addendum.at:%Y-%m-%d %H:%M} UTC was changed after it was signed."


def _second_reads(case: Case) -> Iterator[str]:
    said = ("second_read_signed", "second_read_settled")
    told = set(CaseEvent.objects.filter(case=case, kind__in=said).values_list("details__digest", flat=True))
    for read in case.second_reads.filter(signed_at__isnull=False).select_related("settlement"):
        frozen = canonical.sha256_of(read.content) == read.digest and read.digest in told
        if not frozen or read.content["opinion"] != opinion(read):
            yield f"{case.label}: the second read of {read.person_name} was changed after it was signed."
        settled = getattr(read, "settlement", None)
        if settled and (
            canonical.sha256_of(settled_content(settled, read)) != settled.digest or settled.digest not in told
        ):
            yield f"{case.label}: the settlement of {settled.person_name} was changed after it was written."


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
        yield from _bytes(case, asset, asset.original, "the original")
        for derivative in asset.derivatives.all():
            yield from _bytes(case, asset, derivative.file, f"the {derivative.recipe} picture")


def _bytes(case: Case, asset: Asset, stored: StoredFile, noun: str) -> Iterator[str]:
    try:
        if sha256_at_rest(stored) != stored.sha256:
            yield f"{case.label}: {noun} of {asset.view_label} ({asset.public_id}) was changed in the storage."
    except StorageUnavailable:
        yield f"{case.label}: {noun} of {asset.view_label} ({asset.public_id}) is missing from the storage."
