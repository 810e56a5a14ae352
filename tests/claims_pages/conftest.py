"""Rita and Olu at the pages, with what the front desk keeps and signed cases behind it."""

import pytest
from django.test import Client

from tests.billing import cast as billing_cast
from tests.billing.conftest import desk, sent, world  # noqa: F401
from tests.services.standing import built_once


@pytest.fixture
def client_of(world):  # noqa: F811
    def make(name, of=None):
        client = Client()
        client.force_login((of or world).people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def rita(client_of):
    return client_of("rita")


@built_once
def uninsured(desk):  # noqa: F811
    """The held claim of a signed case without coverage."""
    case = billing_cast.signed(desk)
    billing_cast.run_jobs()
    return billing_cast.claims_of(case)["dentist"]
