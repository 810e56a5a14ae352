"""Who may do what in a practice where it is about no single case: verb, sentence, roles."""

from cases.permissions import Verb
from teledent.accounts.acting import Actor
from teledent.accounts.models import Role, Site
from teledent.kit.decisions import ALLOWED, Decision, refuse

HYGIENIST, FRONT_DESK, MANAGER = Role.HYGIENIST, Role.FRONT_DESK, Role.MANAGER
VERBS: dict[str, Verb] = {
    "read_follow_up": Verb("See what is still to be followed up", frozenset({HYGIENIST, FRONT_DESK, MANAGER})),
    "print_letters": Verb("Print letters to families", frozenset({HYGIENIST, FRONT_DESK})),
    "school_list": Verb("Make a list for a school", frozenset({HYGIENIST, FRONT_DESK})),
    "referral_places": Verb("Keep the places to which the practice refers", frozenset({FRONT_DESK, MANAGER})),
    "letter_phrases": Verb("Change the words of letters", frozenset({FRONT_DESK, MANAGER})),
    "follow_up_plan": Verb("Set what the practice promises", frozenset({MANAGER})),
    "imaging_programs": Verb("Say which imaging programs send here", frozenset({MANAGER})),
    "plan_events": Verb("Plan school days", frozenset({FRONT_DESK, MANAGER})),
    "read_events": Verb("See the list of a school day", frozenset({HYGIENIST, FRONT_DESK, MANAGER})),
    "keep_roster": Verb("Keep the list of a school day", frozenset({HYGIENIST, FRONT_DESK, MANAGER})),
    "read_indicators": Verb("See the screening indicators", frozenset({HYGIENIST, MANAGER})),
    "export_indicators": Verb("Take the indicators out of the practice", frozenset({MANAGER})),
    "forward": Verb("Forward what was gathered on a device", frozenset({HYGIENIST})),
    "keep_devices": Verb("Keep the practice's devices", frozenset({MANAGER})),
    "send_links": Verb("Make links by which families send pictures", frozenset({HYGIENIST, FRONT_DESK})),
    "read_links": Verb("See the links by which families send pictures", frozenset({HYGIENIST, FRONT_DESK, MANAGER})),
    "make_consultations": Verb("Make links by which other offices ask", frozenset({HYGIENIST, FRONT_DESK})),
    "read_consultations": Verb("See what other offices ask", frozenset({HYGIENIST, FRONT_DESK, MANAGER})),
    "take_up": Verb("Say whose patient another office asks about", frozenset({HYGIENIST})),
    "answer_consultations": Verb("Let an answer out to another office", frozenset({HYGIENIST, FRONT_DESK})),
    "mark_children": Verb("Say who was absent or refused", frozenset({HYGIENIST})),
}


def may_in_practice(actor: Actor, verb: str) -> Decision:
    """Whether `actor` may do `verb` in her practice. A refusal carries the sentence to show."""
    if actor.has(*VERBS[verb].roles):
        return ALLOWED
    return refuse(f"{VERBS[verb].sentence}: your role does not include this.")


def may_at_site(actor: Actor, verb: str, site: Site) -> Decision:
    """The same for one site: a hygienist acts at hers, the front desk at all of the practice."""
    if site.practice_id != actor.practice.pk:
        return refuse("This site belongs to another practice.")
    allowed = may_in_practice(actor, verb)
    if not allowed or actor.has(*(VERBS[verb].roles - {HYGIENIST})):
        return allowed
    return ALLOWED if actor.at_site(HYGIENIST, site.pk) else refuse("You do not work at this site.")
