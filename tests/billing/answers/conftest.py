import pytest

from billing.actions.receiving import receive_edi
from billing.models import EdiFile
from tests import cast
from tests.billing import cast as money
from tests.billing.conftest import desk, sent, world  # noqa: F401 - the desk of the billing tests


@pytest.fixture
def bring(desk):  # noqa: F811
    """Hand in a file and let the worker read and post it."""

    def bring_in(content: bytes, name: str = "remit.835") -> EdiFile:
        file, _ = receive_edi(desk.world.practice, name=name, blocks=[content], by=desk.rita.person, at=money.LATER)
        money.run_jobs()
        file.refresh_from_db()
        return file

    return bring_in


__all__ = ["bring", "cast", "sent"]
