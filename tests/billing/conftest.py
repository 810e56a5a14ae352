from tests import cast
from tests.billing import cast as billing_cast
from tests.services.standing import built_once


@built_once
def world():
    return cast.build_world()


@built_once
def desk(world):
    return billing_cast.build_desk(world)
