from tests import cast
from tests.billing import cast as billing_cast
from tests.services.standing import built_once


@built_once
def world():
    return cast.build_world()


@built_once
def desk(world):
    return billing_cast.build_desk(world)


@built_once
def sent(desk):
    """A claim of D0140 at $72.00 and D9996 at $0.00 that went out."""
    claim = billing_cast.ready_claim(desk)
    billing_cast.exported(desk)
    claim.refresh_from_db()
    assert claim.status == "exported"
    return claim
