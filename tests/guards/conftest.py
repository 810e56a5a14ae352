from tests.billing.conftest import desk, private_files, world  # noqa: F401 - fixtures are found by name
