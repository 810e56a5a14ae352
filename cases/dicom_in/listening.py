"""The listener: which services it offers, and how much of anybody's bytes it holds at most.

The library reads whatever length a peer announces, and keeps a message until it is whole. So the socket here refuses a
unit (PDU, PS3.8 section 9.3) longer than was agreed and one that trickles, and every message is counted as it comes. A
data set goes to a file in the process's own folder as it arrives, never into memory.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pynetdicom import AE, _config, evt
from pynetdicom.association import Association
from pynetdicom.pdu import P_DATA_TF
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]
from pynetdicom.transport import AssociationSocket, RequestHandler, ThreadedAssociationServer

from cases.imaging.decoders import PLUGIN_OF_SYNTAX
from cases.imaging.dicom import DENTAL_SOP_CLASSES

UNIT_MAX = 128 * 1024  # bytes of one PDU, said at association and held to
COMMAND_MAX = 16 * 1024  # bytes of a command set; real ones have a few hundred
TALKING_MAX = 8  # associations at a time
CONNECTED_MAX = 32  # connections at a time, those that have not introduced themselves among them
UNIT_SECONDS = 30.0  # for one unit to come whole
ACSE_SECONDS, IDLE_SECONDS = 15, 60

_config.STORE_RECV_CHUNKED_DATASET = True
_config.LOG_HANDLER_LEVEL = "none"  # its log would name people


class BoundedSocket(AssociationSocket):
    """A connection of which no unit is longer than was agreed, nor takes longer than its time."""

    def __init__(self, plain: AssociationSocket) -> None:
        self.__dict__.update(vars(plain))  # takes the open connection over; anew, it would be announced twice

    def recv(self, nr_bytes: int) -> bytearray:
        if nr_bytes > UNIT_MAX or self.socket is None:
            raise OSError("A unit is longer than was agreed.")
        until, read = time.monotonic() + UNIT_SECONDS, bytearray()
        while len(read) < nr_bytes:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.socket.settimeout(left)
            block = self.socket.recv(nr_bytes - len(read))
            if not block:
                break
            read += block
        self.socket.settimeout(UNIT_SECONDS)
        return read


class BoundedHandler(RequestHandler):
    def _create_association(self) -> Association:
        association = super()._create_association()
        plain = association.dul.socket
        assert plain is not None  # noqa: S101 - the line above opened it
        association.dul.socket = BoundedSocket(plain)
        return association


class BoundedServer(ThreadedAssociationServer):
    """Hangs up on whoever comes when all lines are taken."""

    def verify_request(self, *_: Any) -> bool:
        return len(self.active_associations) < CONNECTED_MAX

    def hang_up(self) -> None:
        """No more calls; whoever talks is told that it is over, and keeps what was not answered. After serving ended."""
        self.server_close()
        for association in self.active_associations:
            association.abort()


def listener(
    *, title: str, host: str, port: int, dataset_max: int, admit: Callable[[Any], None], store: Callable[[Any], int]
) -> BoundedServer:
    """A server that is bound and not yet serving. `admit` rejects an association or lets it be; `store` answers a data set
    with a status of PS3.4 annex B.2.3. Raises OSError where the address cannot be used."""
    entity = AE(ae_title=title)
    entity.require_called_aet = True
    entity.maximum_pdu_size = UNIT_MAX
    entity.maximum_associations = TALKING_MAX
    entity.acse_timeout, entity.dimse_timeout, entity.network_timeout = ACSE_SECONDS, IDLE_SECONDS, IDLE_SECONDS
    for sop_class in sorted(DENTAL_SOP_CLASSES):
        entity.add_supported_context(sop_class, list(PLUGIN_OF_SYNTAX))
    entity.add_supported_context(Verification)
    handlers: list[evt.EventHandlerType] = [
        (evt.EVT_REQUESTED, admit), (evt.EVT_C_STORE, store), (evt.EVT_PDU_RECV, count_message, [dataset_max]),
        (evt.EVT_CONN_CLOSE, drop_half),
    ]  # fmt: skip
    return BoundedServer(
        entity, (host, port), title, entity.supported_contexts, evt_handlers=handlers, request_handler=BoundedHandler
    )


def count_message(event: Any, dataset_max: int) -> None:
    """Hang up on a message that grows beyond what is taken, while it comes."""
    if not isinstance(event.pdu, P_DATA_TF):
        return
    counted = vars(event.assoc).setdefault("counted", {True: 0, False: 0})
    for item in event.pdu.presentation_data_value_items:
        data = item.presentation_data_value or b""
        is_command = bool(data[:1] and data[0] & 1)
        counted[is_command] += len(data)
        if data[:1] and data[0] & 2 and is_command:  # a command is whole: its data set begins
            counted.update({True: 0, False: 0})
    if counted[True] > COMMAND_MAX or counted[False] > dataset_max:
        event.assoc.abort(block=False)


def drop_half(event: Any) -> None:
    """A data set that broke off goes with its connection."""
    message = event.assoc.dimse.message
    half = message._data_set_file if message is not None else None
    if half is not None:
        with suppress(OSError):
            half.close()
        Path(half.name).unlink(missing_ok=True)


@contextmanager
def arriving_in(folder: Path) -> Iterator[None]:
    """The library writes data sets where temporary files go; in this process that is `folder`, which is nobody else's."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
