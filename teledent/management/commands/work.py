"""`manage.py work`: the embedded worker. `serve` runs it; alone it is for machines whose web runs elsewhere."""

import os
import signal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from teledent.files.sweeping import sweep_scratch
from teledent.jobs import bell, decoder, queue
from teledent.jobs.worker import Worker
from teledent.kit import clock
from teledent.serving import folder


class Command(BaseCommand):
    help = "Does the background work of this data folder until it is told to stop."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        data_dir = Path(settings.DATA_DIR)
        lock = folder.hold(data_dir / "worker.lock", wait=True)  # the one before may still be ending its last job
        installation = folder.installation(data_dir)
        at = clock.now()
        # The lock proves it: whoever of this folder held a job before is dead.
        queue.requeue_orphans(owner_prefix=f"{installation}:", at=at)
        queue.ensure_schedules(at=at)
        sweep_scratch(at=at)
        decoder.warm()
        worker = Worker(owner=f"{installation}:{os.getpid()}", heavy_lanes=settings.HEAVY_LANES)
        bell.listen(os.environ, worker.ring)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        worker.run()
        decoder.stop()
        lock.close()
