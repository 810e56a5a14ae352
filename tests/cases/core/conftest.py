from tests import cast
from tests.services.standing import built_once


@built_once
def world():
    return cast.build_world()
