"""`manage.py serve`: the product on one machine. Web server and worker under one supervisor that holds the data folder."""

import os
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from teledent.jobs import bell
from teledent.kit import clock
from teledent.serving import folder, listening
from teledent.serving.encryption import Certificate, read_certificate
from teledent.serving.preparing import prepare
from teledent.serving.refusing import CannotServe
from teledent.serving.supervisor import Child, Supervisor


class Command(BaseCommand):
    help = "Serves Teledent from this machine: web and background work, with everything it keeps in DATA_DIR."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="The address to listen on; 127.0.0.1 is this machine only."
        )
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000), help="0 picks a free one.")
        parser.add_argument(
            "--tls-cert",
            default=os.environ.get("TLS_CERT", ""),
            metavar="FILE",
            help="A certificate (PEM, with its chain): HTTPS is spoken, and nothing else.",
        )
        parser.add_argument(
            "--tls-key", default=os.environ.get("TLS_KEY", ""), metavar="FILE", help="The key of that certificate."
        )
        parser.add_argument(
            "--no-migrate", action="store_true", help="Refuse to start on a database of an older release."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        os.umask(0o077)  # what this and its children write is for this account only
        data_dir = Path(settings.DATA_DIR)
        try:
            certificate = read_certificate(options["tls_cert"], options["tls_key"], at=clock.now())
            lock = folder.hold(data_dir / "serve.lock")
            prepare(data_dir, at=clock.now(), migrate=not options["no_migrate"])
            listener = listening.listen(options["host"], options["port"])
        except folder.Held as held:
            raise CommandError(
                f"Teledent already runs on {data_dir} (process {held.holder}). Stop it first, or choose another DATA_DIR."
            ) from None
        except CannotServe as reason:
            raise CommandError(str(reason)) from None
        except OSError as error:
            raise CommandError(
                f"{options['host']}:{options['port']} cannot be used ({error.strerror}). Choose another with --port or PORT."
            ) from None
        self._tell(listener, certificate, data_dir)
        with lock, listener:
            environment = environment_with(certificate, port=listener.getsockname()[1])
            Supervisor(children_for(listener.fileno(), environment)).run()

    def _tell(self, listener: socket.socket, certificate: Certificate | None, data_dir: Path) -> None:
        for warning in certificate.warnings if certificate else ():
            self.stderr.write(self.style.WARNING(warning))
        address = listening.address(listener, names=certificate.names if certificate else None)
        self.stdout.write(f"Teledent is at {address} and keeps its data in {data_dir}. Ctrl-C ends it.")
        self.stdout.flush()


def environment_with(certificate: Certificate | None, *, port: int) -> dict[str, str]:
    """What the children start with. Links in mails lead to the port that is listened on, however it was chosen. A
    certificate's own names may be asked for, unless ALLOWED_HOSTS says which."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("GUNICORN_CMD_ARGS", "WEB_CONCURRENCY")
    }
    environment.setdefault("DJANGO_SETTINGS_MODULE", "teledent.settings")
    environment["PORT"] = str(port)
    environment["PYTHONPATH"] = os.pathsep.join(
        [str(settings.BASE_DIR), *filter(None, [environment.get("PYTHONPATH")])]
    )
    if certificate:
        hosts = [*settings.ALLOWED_HOSTS, *map(listening.as_host, certificate.names)]
        environment |= {"TLS_CERT": str(certificate.certificate), "TLS_KEY": str(certificate.key)}
        environment.setdefault("ALLOWED_HOSTS", ",".join(hosts))
    return environment


def children_for(listener: int, environment: dict[str, str]) -> list[Child]:
    """The web server, and the worker unless Celery's workers do the work."""
    web = [sys.executable, "-m", "gunicorn", "--config", "python:teledent.serving.web", "--bind", f"fd://{listener}"]
    web.append("teledent.wsgi:application")
    if settings.REDIS_URL:
        return [Child("The web server", web, environment, passed=[listener])]
    ends = bell.hang()  # this process keeps both: a child that starts again finds the same bell
    environment |= {name: str(end) for name, end in ends.items()}
    work = [sys.executable, str(settings.BASE_DIR / "manage.py"), "work"]
    return [
        Child("The web server", web, environment, passed=[listener, *ends.values()]),
        Child("The worker", work, environment, passed=[*ends.values()]),
    ]
