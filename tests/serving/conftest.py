import pytest

from tests.serving import authority


@pytest.fixture(scope="session")
def own_authority(tmp_path_factory) -> authority.Authority:
    return authority.make(tmp_path_factory.mktemp("authority"))
