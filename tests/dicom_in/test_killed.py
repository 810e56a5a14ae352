"""The listener as a process that is killed on the way: what the program was told is kept is there, and there once."""

from io import BytesIO

import pytest
from pydicom import dcmread
from pynetdicom import AE

from tests.dicom_in.conftest import SYNTAX, TITLE, IntraOral, Verification
from tests.importing.conftest import film
from tests.services.starting import answers, free_port, wait_until

SEED = """
from cases.actions.programs import add_program
from tests import cast
world = cast.build_world()
add_program(actor=world.of("olu"), site=world.school, name="Sensor", way="dicom", ae_title="SENSOR1", address="127.0.0.1", at=cast.AT)
"""
KEPT = "SELECT (SELECT count(*) FROM cases_asset), (SELECT count(*) FROM files_storedfile)"


@pytest.fixture
def listen(product):
    product.ask(SEED)

    def started(**environment):
        port = free_port()
        process = product.start("manage.py", "receive_dicom", "--port", str(port), **environment)
        wait_until(lambda: answers(port), what="the listener")
        return process, port

    return started


def sent(port):
    """The status of C-STORE; None where no answer came."""
    entity = AE(ae_title="SENSOR1")
    entity.add_requested_context(IntraOral, SYNTAX)
    entity.add_requested_context(Verification)
    association = entity.associate("127.0.0.1", port, ae_title=TITLE)
    assert association.is_established
    status = association.send_c_store(dcmread(BytesIO(film()))).get("Status")
    if association.is_established:
        association.release()
    return status


@pytest.mark.parametrize(
    ("point", "kept"), [("files.synced", (1, 0)), ("cases.dicom.stored", (1, 1))], ids=["before", "after the commit"]
)
def test_no_kill_loses_or_doubles_what_is_sent_again(product, listen, point, kept):
    process, port = listen(FAULT=point)
    assert sent(port) is None
    assert process.wait(timeout=30) == -9
    assert product.rows(KEPT) == [kept]
    process, port = listen()
    assert [sent(port), sent(port)] == [0, 0]
    assert product.rows(KEPT) == [(1, 1)]
    process.terminate()
    assert process.wait(timeout=40) == 0


def test_the_demonstration_listens_to_this_machine_alone(product, listen):
    product.ask("from teledent.accounts.models import Practice\nPractice.objects.update(is_demonstration=True)")
    process = product.start("manage.py", "receive_dicom", "--host", "0.0.0.0", "--port", str(free_port()))  # noqa: S104
    assert process.wait(timeout=60) == 1
