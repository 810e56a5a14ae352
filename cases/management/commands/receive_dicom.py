"""manage.py receive_dicom: takes radiographs that imaging programs send by the network (C-STORE). Known callers only."""

import logging
import os
import signal
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases.dicom_in.listening import arriving_in, listener
from cases.dicom_in.storing import admit, store
from teledent.accounts.models import Practice
from teledent.files.storage import scratch_folder

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Command(BaseCommand):
    help = (
        "Takes radiographs from imaging programs by the network, into the trays of their sites. Which programs may send "
        "stands on the page Imaging programs; everybody else is turned away. It runs beside serve, until it is told to stop."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="the address to listen on; 127.0.0.1 is this machine only"
        )
        parser.add_argument("--port", type=int, default=11112, help="0 picks a free one")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        os.umask(0o077)  # what it writes is for this account only
        if host not in LOOPBACK and Practice.objects.filter(is_demonstration=True).exists():
            raise CommandError("The demonstration listens on 127.0.0.1 only. Nothing was started.")
        logging.getLogger("pynetdicom").setLevel(logging.CRITICAL)  # ours says what matters, and names nobody
        with scratch_folder() as folder, arriving_in(folder):
            try:
                server = listener(
                    title=settings.DICOM_AE_TITLE, host=host, port=port, dataset_max=settings.FILE_SIZE_MAX, admit=admit, store=store
                )  # fmt: skip
            except OSError as error:
                raise CommandError(
                    f"{host}:{port} cannot be used ({error.strerror}). Choose another with --port."
                ) from None
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, _stop)
            said = f"{settings.DICOM_AE_TITLE} takes radiographs at {host}:{server.server_address[1]}. Ctrl-C ends it."
            self.stdout.write(said)
            self.stdout.flush()
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                server.hang_up()


def _stop(*_: object) -> None:
    raise KeyboardInterrupt
