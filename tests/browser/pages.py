"""The pages of the product by address: what the tests of a workplace ask axe about, and everything that is looked at."""

from collections import defaultdict
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.urls import resolve

# Every address that answers a page. The test of the URL map holds this list to it, and the two trips to this list.
LOOKED_AT = frozenset({
    "capture-case", "capture-consent", "capture-day", "capture-file-move", "capture-patient", "capture-patient-add",
    "capture-patient-edit", "capture-slate", "capture-submit", "capture-tray", "capture-withdraw", "claim", "claims", "claims-card",
    "claims-consent", "claims-patient", "claims-practice", "codes", "coverage", "coverage-add", "credential", "elsewhere-add", "export",
    "export-choose", "exports", "fee", "fee-add", "fees", "home", "licence", "licence-add", "password-change", "password-link",
    "password-link-sent", "password-set", "payer", "payer-add", "payers", "people", "person", "person-add", "person-details",
    "practice", "reading-ask", "reading-case", "reading-queue", "reading-sign", "receiver", "receiver-add", "receivers",
    "record", "records", "report", "sign-in", "site", "site-add", "sites",
    "capture-correct", "capture-order-start", "capture-orders", "follow-up", "follow-up-again", "follow-up-plan", "letter-language",
    "letter-language-add", "letter-languages", "letter-run", "letters", "notices", "patients", "patients-compare", "patients-merge",
    "payer-rules", "payer-rule-add", "payer-schedule", "payer-rule", "payer-rule-change", "payer-rule-end", "payer-rule-judged",
    "answers", "answers-file", "remittance", "desk", "figures", "appeals", "appeal", "appeal-sign", "paper",
    "device", "devices", "kept-device", "school-day", "sheets", "sheet", "authorisations", "authorisation", "authorisation-begin",
    "claim-authorisation",
    "events", "event", "event-summary", "event-forms", "event-returned", "event-returned-page", "indicators",
    "event-add", "event-edit", "event-cancel", "event-last-year", "event-limits", "roster",
    "case-authorisation", "request-file", "authorisation-change", "links", "link-add", "send-start",
    "consultations", "consultation", "consultation-add", "consult-start",
    "imaging-programs", "phrases", "reading-hand-over", "reading-terms", "record-refer", "referral", "referral-place", "referral-place-add",
    "referral-places", "school-list", "school-lists", "second-read",
})  # fmt: skip
CLAIMS_PAGES = (
    "/claims/", "/claims/?show=all", "/claims/exports/", "/claims/payers/", "/claims/payers/add/",
    "/claims/payers/{payer}/", "/claims/payers/{payer}/rules/", "/claims/payers/{payer}/rules/amounts/",
    "/claims/payers/{payer}/rules/add/?example=delta-2020",
    "/claims/payer-rules/{rule}/", "/claims/payer-rules/{rule}/change/", "/claims/payer-rules/{rule}/end/",
    "/claims/payer-rules/{rule}/judged/",
    "/claims/receivers/", "/claims/receivers/add/",
    "/claims/receivers/{receiver}/ready/", "/claims/fees/", "/claims/fees/add/", "/claims/codes/",
    "/claims/desk/", "/claims/figures/ageing/", "/claims/figures/days/",
    "/claims/authorisations/", "/claims/authorisations/{authorisation}/", "/claims/coverage/{coverage}/authorisation/",
    "/claims/{covered}/authorisation/", "/claims/coverage/{coverage}/authorisation/{case}/",
    "/claims/authorisations/files/{request_file}/", "/claims/authorisations/{authorisation}/change/",
    "/claims/practice/", "/claims/{held}/", "/claims/patients/{patient}/", "/claims/patients/{patient}/card/",
    "/claims/patients/{patient}/consent/", "/claims/patients/{patient}/coverage/add/",
    "/claims/patients/{patient}/elsewhere/add/", "/follow-up/", "/follow-up/again/?show=later", "/follow-up/letters/",
    "/follow-up/languages/", "/follow-up/languages/add/", "/follow-up/languages/es/", "/follow-up/schools/", "/follow-up/places/",
    "/follow-up/places/add/",
)  # fmt: skip
ANSWER_PAGES = (
    "/claims/answers/", "/claims/answers/?show=waiting", "/claims/answers/?show=files", "{file}", "{remittance}",
)  # fmt: skip

EVENT_PAGES = (
    "events",
    "event",
    "event-add",
    "event-edit",
    "event-cancel",
    "event-last-year",
    "event-limits",
    "roster",
    "event-forms",
    "event-returned",
    "event-summary",
    "indicators",
)  # by name

LINK_PAGES = (
    "links",
    "link-add",
    "send-start",
    "consultations",
    "consultation",
    "consultation-add",
    "consult-start",
)  # by name


def capture_pages(ids: Mapping[str, str]) -> dict[str, str]:
    """Every page of Capture, with cases in every state that it shows."""
    patient, case = f"/capture/patients/{ids['patient']}/", "/capture/cases/{}/"
    return {
        "day": "/capture/", "tray": "/capture/tray/", "add": "/capture/patients/add/", "patient": patient,
        "edit": f"{patient}edit/", "consent": f"{patient}consent/", "case": case.format(ids["full"]),
        "asked": case.format(ids["asked"]), "sent": case.format(ids["sent"]), "stopped": case.format(ids["stopped"]),
        "urgent": case.format(ids["urgent"]), "submit": f"{case.format(ids['full'])}submit/",
        "withdraw": f"{case.format(ids['full'])}withdraw/", "move": f"/capture/files/{ids['asset']}/move/",
        "slate": f"{case.format(ids['full'])}slate/",
    }  # fmt: skip


def order_pages(ids: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Orders, visits, corrections and patients who stand twice: who looks, and where."""
    patient = f"/patients/{ids['patient']}/with/{ids['twin']}/"
    return {
        "orders": ("hana", "/capture/orders/"), "order": ("hana", f"/capture/orders/{ids['order']}/"),
        "correct": ("hana", f"/capture/cases/{ids['retracted']}/correct/"), "duplicates": ("olu", "/patients/"),
        "compare": ("olu", patient), "merge": ("olu", f"/patients/merges/{ids['merge']}/"),
    }  # fmt: skip


def name_of(address: str) -> str:
    """The name in the URL map of what answers under this address."""
    return str(resolve(urlsplit(address).path).url_name)


def with_axe_of_their_own() -> set[str]:
    """Names of the addresses about which the tests of a workplace ask axe, in either theme."""
    ids: Mapping[str, str] = defaultdict(lambda: "00000000-0000-4000-8000-000000000000")
    claims = [one.format_map(ids) for one in CLAIMS_PAGES]
    orders = [address for _, address in order_pages(ids).values()]
    return {name_of(page) for page in (*capture_pages(ids).values(), *claims, *orders)}


def looked_at_beside_the_trips() -> set[str]:
    """Names of what follows a signature, of orders and of answers: the tests of those pages look at them."""
    ids: Mapping[str, str] = defaultdict(lambda: "00000000-0000-4000-8000-000000000000")
    after = [one for one in CLAIMS_PAGES if one.startswith("/follow-up/")]
    orders = [address for _, address in order_pages(ids).values()]
    appeals = {"appeals", "appeal", "appeal-sign", "paper"}
    rules = {name_of(one.format_map(ids)) for one in CLAIMS_PAGES if "rule" in one}
    return {
        "answers",
        "answers-file",
        "remittance",
        "desk",
        "export-choose",
        "figures",
        "device",
        "capture-slate",
        "event-returned-page",
        "devices",
        "kept-device",
        "school-day",
        *(name_of(one.format_map(ids)) for one in CLAIMS_PAGES if "authorisation" in one),
        "sheet",
        "sheets",
        *EVENT_PAGES,
        *LINK_PAGES,
        *appeals,
        *rules,
        *(name_of(page) for page in (*after, *orders)),
    }
