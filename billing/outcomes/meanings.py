"""Reason codes in words of our own, for the ones that decide something here. Any other shows its bare number.

The lists of CARC and RARC and their texts belong to X12; a practice that holds them imports its copy.
"""

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


def said(code: str) -> str:
    """Our words for "CO-45" or "N122"; empty where we have none."""
    group, _, reason = code.partition("-")
    if not reason:
        return RARC.get(code, "")
    return ", ".join(filter(None, (CARC.get(reason, ""), GROUPS.get(group, ""))))
