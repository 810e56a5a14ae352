"""What reading from pictures could not judge: sentences made from facts, and a text that follows them. Pure.

The dentist's words are never overwritten. A sentence follows its facts only while it stands as it was offered; one
that she changed or took out stays as she left it.
"""

from collections.abc import Iterable, Mapping

from cases.models import AssetState
from cases.record_facts import ImageFact, ViewFact
from cases.view_labels import STANDARD_PHOTOGRAPHS, Family, label_of

Sentences = Mapping[str, str]  # id -> sentence, in the order in which they stand
PICTURES = (
    "From pictures, pocket depth, pulp state, mobility and soft spots cannot be judged; "
    "early decay between teeth may not be visible."
)


def sentences(images: Iterable[ImageFact], views: Iterable[ViewFact] = ()) -> dict[str, str]:
    """The limits of a reading, from the files of its case and what the dentist said of each view."""
    images = [image for image in images if image.is_clinical and image.state != AssetState.STRUCK]
    found = {
        "pictures": PICTURES, "unusable": _unusable(images, views), "not_taken": _not_taken(images),
        "radiographs": _radiographs(images), "lossy": _lossy(images),
    }  # fmt: skip
    return {name: sentence for name, sentence in found.items() if sentence}


def _unusable(images: list[ImageFact], views: Iterable[ViewFact]) -> str:
    """Only what the dentist said: a view that nobody judged yet is no limit."""
    labels = {image.public_id: image.label for image in images}
    bad = [f"{labels[view.image].lower()} ({view.reason.lower()})" for view in views
           if not view.usable and view.image in labels]  # fmt: skip
    return f"Could not be used: {', '.join(bad)}." if bad else ""


def _not_taken(images: list[ImageFact]) -> str:
    taken = {image.view for image in images}
    missing = [label_of(view).lower() for view in STANDARD_PHOTOGRAPHS if view not in taken]
    return f"Views not taken: {', '.join(missing)}." if missing else ""


def _radiographs(images: list[ImageFact]) -> str:
    return "" if any(image.family is Family.RADIOGRAPH for image in images) else "No radiographs were available."


def _lossy(images: list[ImageFact]) -> str:
    lossy = any(image.lossy and image.state == AssetState.EXAMINED for image in images)
    return "The pictures were stored with loss, so fine detail may be missing." if lossy else ""


def changes(before: Sentences, after: Sentences) -> tuple[tuple[str, str], ...]:
    """(old sentence, new sentence) of each id that says something else now; one of the two may be empty."""
    names = dict.fromkeys([*before, *after])
    pairs = ((before.get(name, ""), after.get(name, "")) for name in names)
    return tuple((old, new) for old, new in pairs if old != new)


def follow(text: str, before: Sentences, after: Sentences) -> str:
    """`text` with the offered sentences brought up to date wherever they still stand as they were offered."""
    for old, new in changes(before, after):
        if old and old in text:
            text = text.replace(old, new, 1) if new else _without(text, old)
        elif not old and new not in text:
            text = f"{text.rstrip()} {new}" if text.strip() else new
    return text


def _without(text: str, sentence: str) -> str:
    """Taken out together with the space before it, or the one after it at the beginning."""
    before, _, after = text.partition(sentence)
    return before + after.removeprefix(" ") if not before or before[-1] == "\n" else before.removesuffix(" ") + after
