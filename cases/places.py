"""Where the patient was, and what day it was there: claims are dated by that place, never by ours (CL-1, RE-1)."""

from collections.abc import Collection
from datetime import date, datetime

from cases.models.case import Case, PatientPlace
from cases.record import CaseRecord
from teledent.accounts.models import Practice, Site, State
from teledent.kit import clock

EASTERN, CENTRAL, MOUNTAIN, PACIFIC = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"

# The zone in which most people of a state live. A state with two zones has its larger one here.
ZONES: dict[str, str] = {
    **dict.fromkeys(
        ("CT", "DE", "DC", "FL", "GA", "KY", "ME", "MD", "MA", "NH", "NJ", "NY", "NC", "OH", "PA", "RI", "SC", "VT", "VA", "WV"),
        EASTERN,
    ),
    **dict.fromkeys(("AL", "AR", "IL", "IA", "KS", "LA", "MN", "MS", "MO", "NE", "ND", "OK", "SD", "TN", "TX", "WI"), CENTRAL),
    **dict.fromkeys(("CO", "MT", "NM", "UT", "WY"), MOUNTAIN),
    **dict.fromkeys(("CA", "NV", "OR", "WA"), PACIFIC),
    State.AK: "America/Anchorage",
    State.AZ: "America/Phoenix",  # no summer time
    State.HI: "Pacific/Honolulu",
    State.ID: "America/Boise",
    State.IN: "America/Indiana/Indianapolis",
    State.MI: "America/Detroit",
    State.PR: "America/Puerto_Rico",
    State.VI: "America/St_Thomas",
}  # fmt: skip


def zone_of_patient_place(seen: Case | CaseRecord, site: Site) -> str:
    """The IANA zone of the place where the patient was.

    At the site, and at home in the site's state, that is the site's; at home elsewhere, the main zone of that state.
    """
    if seen.patient_place == PatientPlace.SITE or seen.patient_state == site.state:
        return site.time_zone
    return ZONES[seen.patient_state]


def zones_of_states(states: Collection[str], practice: Practice) -> dict[str, set[str]]:
    """Every zone in which a patient of the practice can be in each of these states: of its sites there, and at home. One
    query."""
    sites = Site.objects.filter(practice=practice, state__in=states).values_list("state", "time_zone").distinct()
    found = {state: {ZONES[state]} for state in states}
    for state, zone in sites:
        found[state].add(zone)
    return found


def day_at_patient_place(case: Case, at: datetime) -> date:
    """Which day it was there at the instant `at`: the day on which a licence has to be active (RE-1)."""
    return clock.local_date(at, zone_of_patient_place(case, case.site))
