from tests.accounts.conftest import at, browser_of, elsewhere, world  # noqa: F401 - fixtures are found by name
