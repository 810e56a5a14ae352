"""The code on a form that files it when it comes back: ours by its first sign, then the form's id. Pure, and without a model:
the decoder's child reads by it."""

from uuid import UUID

MARK = "TDF1:"  # a code that begins so is a form of ours, version 1


def code_of(form: UUID) -> str:
    return f"{MARK}{form.hex.upper()}"  # capitals and digits alone make a smaller code


def form_in(code: str) -> UUID | None:
    """The form that a code names; None for whatever else was read."""
    bare = code.strip()
    try:
        return UUID(bare.removeprefix(MARK)) if bare.startswith(MARK) and len(bare) == len(MARK) + 32 else None
    except ValueError:
        return None
