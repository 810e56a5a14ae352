"""D9996's neighbours: codes that stand near it in code lists and get picked in its place, each with what it is for.

None of them says how care was delivered. The words are our own. Sources: the template texts that name them beside D9996,
and for D9310 the coding guides that want a requester, a report back and the patient seen.
"""

from collections.abc import Iterable

CONSULTATION = "D9310"
TREATMENTS = {
    "D9110": "relief of pain at the chair",
    "D9120": "a bridge cut apart in the mouth",
    "D9210": "numbing a spot where nothing else is done",
    "D9211": "numbing a whole region of the mouth",
    "D9910": "a desensitising treatment",
    "D9911": "desensitising a root or the neck of a tooth with resin",
    "D9920": "help to a patient who cannot bear treatment without it",
}
NEIGHBOURS = {**TREATMENTS, CONSULTATION: "a consultation asked for by another practitioner, where the patient is seen"}


def in_words(codes: Iterable[str]) -> str:
    """ "D9110 is for relief of pain at the chair; D9910 is for ..."; each neighbour once, other codes not at all."""
    known = dict.fromkeys(code for code in codes if code in NEIGHBOURS)
    return "; ".join(f"{code} is for {NEIGHBOURS[code]}" for code in known)


def companion_doubts(codes: Iterable[str]) -> tuple[str, ...]:
    """What to tell somebody who lists these codes as companions of D9996: a sentence a neighbour."""
    return tuple(_doubt(code) for code in dict.fromkeys(codes) if code in NEIGHBOURS)


def _doubt(code: str) -> str:
    if code == CONSULTATION:
        return (
            f"{in_words([code])}. Beside D9996 nobody saw the patient, so few payers take the two together: it counts only "
            "where a dated rule of this payer names it, and then for second opinions alone."
        )
    return (
        f"{in_words([code])}. A dentist who reads stored records did not do that: on her claim it is refused, whatever a "
        "payer's list says."
    )
