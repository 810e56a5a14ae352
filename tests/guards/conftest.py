from tests.billing.conftest import desk, world  # noqa: F401 - fixtures are found by name
