import pytest

from tests.billing.answers.conftest import bring  # noqa: F401 - answers come to requests as they do to claims
from tests.billing.asking_ahead import cast as ahead
from tests.billing.conftest import desk, world  # noqa: F401 - the desk of the billing tests
from tests.services.standing import built_once


@built_once
def asking(desk):  # noqa: F811
    """The desk with fees for planned care."""
    return ahead.with_fees(desk)


@built_once
def case(asking):
    """A signed case of a child on her mother's plan."""
    return ahead.signed_case(asking)


@pytest.fixture
def drafted(asking, case):
    return ahead.drafted(asking, case)
