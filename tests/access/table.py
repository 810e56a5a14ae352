"""Who may open which address: written by hand, read as the expectation. An address without a line fails.

Letters: H Hana, hygienist of the case's school. B Bo, hygienist of another school of the practice. D Dev, the dentist who
holds or signed the case. U Una, a dentist without a licence in the patient's state. F Rita, front desk. M Olu, manager.
S a stranger with all four roles in another practice. Whoever is not named gets 404; whoever is signed out is sent to
the door. A small letter sees the address and is refused with a sentence (409 or 422). A dot means that the address does
not take the method at all (405 for whoever may see the address).

Each line: address, the letters that may GET it, the letters that may POST to it.
"""

EVERYONE = "HBDUFMS"
OPEN_TO_ALL = {"healthz", "readyz", "sign-in", "password-link", "password-link-sent", "password-set"}

TABLE: dict[str, tuple[str, str]] = {
    # the shell
    "home": (EVERYONE, "."),
    "sign-out": (".", EVERYONE),
    "act-for": (".", EVERYONE),
    "password-change": (EVERYONE, EVERYONE),
    # people and places
    "people": ("MS", "."),
    "person-add": ("MS", "MS"),
    "practice": ("MS", "MS"),
    "sites": ("MS", "."),
    "site-add": ("MS", "MS"),
    "site": ("M", "M"),
    "person": ("M", "."),
    "person-details": ("M", "M"),
    "role-add": (".", "M"),
    "role-end": (".", "M"),
    "credential": ("M", "M"),
    "licence-add": ("M", "M"),
    "licence": ("M", "M"),
    "person-link": (".", "M"),
    "person-close": (".", "M"),
    "reading-terms": ("MS", "MS"),
    # notices: each person her own
    "notices": (EVERYONE, "."),
    "notices-read": (".", EVERYONE),
    "notices-mail": (".", EVERYONE),
    "notice": ("D", "."),
    # Capture: hygienists, each at her sites
    "capture-day": ("HBS", "HBS"),
    "capture-tray": ("HBS", "."),
    "capture-patient-add": ("HBS", "HBS"),
    "capture-patient": ("H", "."),
    "capture-patient-edit": ("H", "H"),
    "capture-open": (".", "H"),
    "capture-consent": ("H", "H"),
    "capture-consent-withdraw": (".", "H"),
    "capture-case": ("H", "."),
    "capture-save": (".", "H"),
    "capture-mark": (".", "H"),
    "capture-unmark": (".", "H"),
    "capture-service": (".", "H"),
    "capture-service-remove": (".", "H"),
    "capture-order": (".", "H"),
    "capture-answer": (".", "H"),
    "capture-submit": ("H", "H"),
    "capture-withdraw": ("H", "H"),
    "capture-uploads": (".", "HBS"),
    "capture-upload": (".", "."),
    "capture-file": ("H", "."),
    "capture-file-label": (".", "H"),
    "capture-file-accept": (".", "H"),
    "capture-file-move": ("H", "H"),
    "capture-file-strike": (".", "H"),
    "capture-file-retry": (".", "H"),
    # the reading room: dentists of the practice; without the licence the case is shown and the start refused; nobody
    # writes in a review that is not hers
    "reading-queue": ("DUS", "."),
    "reading-next": (".", "DUS"),
    "reading-case": ("DU", "."),
    "reading-start": (".", "Du"),
    "reading-release": (".", "Du"),
    "reading-save": (".", "D"),
    "reading-beat": (".", "Du"),
    "reading-diagnosis": (".", "D"),
    "reading-diagnosis-remove": (".", "D"),
    "reading-plan": (".", "D"),
    "reading-plan-remove": (".", "D"),
    "reading-finding": (".", "D"),
    "reading-finding-remove": (".", "D"),
    "reading-view": (".", "D"),
    "reading-ask": ("D", "D"),
    "reading-sign": ("D", "D"),
    # the record of a signed case
    "records": ("MS", "MS"),
    "record": ("HDUFM", "."),
    "record-addendum": (".", "HDU"),
    "record-follow-up": (".", "HDUF"),
    "record-close": (".", "F"),
    "record-retract": (".", "DuM"),
    "record-consent": (".", "HF"),
    "report": ("HDUFM", "."),
    "report-print": (".", "HDUFM"),
    "report-pdf": ("hdufm", "."),  # it is being made
    # files of a signed case
    "picture": ("HDUFM", "."),
    "original": ("HDUM", "."),
    # Claims: the front desk works, the manager reads and gives the practice's word about the codes
    "claims": ("FMS", "FMS"),
    "claim": ("FM", "."),
    "claim-check": (".", "F"),
    "claim-end": (".", "F"),
    "claim-resume": (".", "F"),
    "claim-diagnoses": (".", "F"),
    "claim-name": (".", "F"),
    "claim-sheet": ("F", "."),
    "exports": ("FMS", "."),
    "export": ("FM", "."),
    "export-file": ("F", "."),
    "export-make": (".", "F"),
    "claims-patient": ("FM", "."),
    "claims-card": ("F", "F"),
    "claims-consent": ("F", "F"),
    "coverage-add": ("F", "F"),
    "coverage": ("F", "F"),
    "coverage-verify": (".", "F"),
    "payers": ("FMS", "."),
    "payer-add": ("FS", "FS"),
    "payer": ("F", "F"),
    "receivers": ("FMS", "."),
    "receiver-add": ("FS", "FS"),
    "receiver": ("F", "F"),
    "fees": ("FMS", "."),
    "fee-add": ("FS", "FS"),
    "fee": ("F", "F"),
    "codes": ("FMS", "."),
    "codes-confirm": (".", "MS"),
    "claims-practice": ("FMS", "."),
}
