"""The one Celery app, as the web process needs it: to say "this job is ready" over Redis. The row is the truth."""

from celery import Celery
from django.conf import settings

RUN_JOB = "teledent.celery.run_job"

app = Celery("teledent", set_as_current=True)
app.conf.update(
    broker_url=settings.REDIS_URL or None,
    broker_connection_max_retries=None,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 120,
        "unacked_restore_interval": 1,
        "socket_timeout": 2,
        "socket_connect_timeout": 2,
        "max_retries": 0,  # of connecting to send: a request must not wait for a broker that is away
    },
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=900,  # above the longest child; a job cut here comes back by its lease
    worker_prefetch_multiplier=1,
    worker_max_memory_per_child=400_000,  # kB
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_hijack_root_logger=False,
)


def send(job_id: int) -> None:
    """One attempt, two seconds at most: the caller's work is saved already, and a sweep repeats what is lost."""
    app.send_task(RUN_JOB, args=(job_id,), retry=False, ignore_result=True)
