"""Reason codes in words of our own, for the ones that decide something here. Any other shows its bare number.

The lists of CARC and RARC and their texts belong to X12; a practice that holds them imports its copy, dated, and that
stands before the words built in here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

GROUPS = {
    "CO": "by contract",
    "PR": "the patient's",
    "OA": "other",
    "PI": "the payer's own reduction",
    "CR": "a correction",
}

CARC = {
    "1": "deductible", "2": "patient's percentage", "3": "patient's fixed share", "4": "modifier", "5": "place of service",
    "11": "diagnosis does not fit the procedure", "15": "authorisation number", "16": "something is missing on the claim",
    "18": "seen before", "22": "another plan comes first", "23": "what an earlier payer did", "24": "covered by a flat rate",
    "26": "before coverage began", "27": "after coverage ended", "29": "filed too late", "31": "member not known",
    "45": "above the agreed fee", "50": "not found necessary", "58": "place of service", "94": "paid above the charge",
    "96": "not covered", "97": "part of another service", "107": "the service it belongs to is missing", "109": "another payer's",
    "119": "used up for the period", "131": "agreed discount", "144": "incentive", "146": "diagnosis not valid on that day",
    "151": "not supported this often", "163": "named attachment not there", "164": "named attachment late",
    "167": "diagnosis not covered", "193": "decided as before", "197": "not authorised beforehand", "198": "more than was authorised",
    "204": "not in the plan", "222": "more than this office may bill", "226": "asked of the practice, not received",
    "227": "asked of the patient, not received", "234": "not paid separately", "246": "for information only",
    "250": "wrong attachment", "251": "attachment incomplete", "252": "attachment needed", "253": "cut by law",
    "254": "medical, not dental", "256": "not in this contract", "272": "outside the plan's coverage",
    "273": "beyond the plan's guidelines",
    "B15": "the service it belongs to is missing",
}  # fmt: skip

RARC = {
    "M62": "authorisation number missing", "M64": "further diagnosis missing", "M76": "diagnosis missing",
    "M77": "place of service missing",
    "MA130": "not judged: send a new claim", "N28": "consent form", "N54": "does not match what was authorised",
    "N122": "add-on without its service",
    "N362": "number of units", "N640": "more often than allowed", "N674": "the service it belongs to was not paid",
    "N690": "changed after an appeal", "N704": "no appeal: send a new claim", "N706": "documents missing", "N753": "attachment number",
}  # fmt: skip


BUILT_IN = {"group": GROUPS, "carc": CARC, "rarc": RARC}


@dataclass(frozen=True, slots=True)
class Meaning:
    """The practice's own words for one code on some days; `valid_until` None: until further notice."""

    kind: str  # group, carc, rarc
    code: str
    text: str
    valid_from: date
    valid_until: date | None = None

    def is_valid(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class Meanings:
    """Words for codes by day: the practice's own where there are any for that day, else the built-in ones."""

    def __init__(self, own: Iterable[Meaning] = ()) -> None:
        self._own: dict[tuple[str, str], list[Meaning]] = {}
        for one in own:
            self._own.setdefault((one.kind, one.code), []).append(one)

    def said(self, code: str, day: date) -> str:
        """Words for "CO-45" or "N122" on `day`, that of the answer; empty where there are none."""
        group, _, reason = code.partition("-")
        if not reason:
            return self._word("rarc", code, day)
        return ", ".join(filter(None, (self._word("carc", reason, day), self._word("group", group, day))))

    def _word(self, kind: str, code: str, day: date) -> str:
        own = (one for one in self._own.get((kind, code), ()) if one.is_valid(day))
        newest = max(own, key=lambda one: one.valid_from, default=None)
        return newest.text if newest else BUILT_IN[kind].get(code, "")


def asked_of(codes: Iterable[str]) -> frozenset[str]:
    """The single codes that stand in codes as they came: "CO-45" is CO and 45."""
    return frozenset(part for code in codes for part in code.split("-") if part)
