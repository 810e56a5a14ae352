"""Who may do what in the money half: each verb with the sentence that says it and the roles that hold it."""

from cases.permissions import Verb
from teledent.accounts.acting import Actor
from teledent.accounts.models import Role
from teledent.kit.decisions import ALLOWED, Decision, refuse

VERBS: dict[str, Verb] = {
    "read_claims": Verb("See claims", frozenset({Role.FRONT_DESK, Role.MANAGER})),
    "work_claims": Verb("Make, check and end claims", frozenset({Role.FRONT_DESK})),
    "export": Verb("Export claims and download the files", frozenset({Role.FRONT_DESK})),
    "import_answers": Verb("Import and post what payers answer", frozenset({Role.FRONT_DESK})),
    "appeal": Verb("Appeal, and record what came of it", frozenset({Role.FRONT_DESK})),
    "keep_settings": Verb("Keep payers, receivers, coverage and fees", frozenset({Role.FRONT_DESK})),
}


def may(actor: Actor, verb: str) -> Decision:
    """Whether `actor` may do `verb` in her practice. A refusal carries the sentence to show."""
    if actor.has(*VERBS[verb].roles):
        return ALLOWED
    return refuse(f"{VERBS[verb].sentence}: your role does not include this.")
