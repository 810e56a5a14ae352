"""A mirror mark set while an examination of the same file is being finished: neither waits for the other for ever."""

CROSSWISE = """
import threading, time
from django.db import connections, transaction
from cases.actions.files import EXAMINE, label_file
from cases.models import Asset
from cases.moving import lock
from teledent.jobs import queue
from teledent.jobs.models import Job
from teledent.kit import clock
from tests import cast

world = cast.build_world()
case = cast.case_at(world, "draft", at=clock.now())
asset = cast.put_file(case, world.of("hana"), view="frontal", at=clock.now())
Job.objects.all().delete()
with transaction.atomic():
    asked = queue.enqueue(EXAMINE, dedupe=f"{EXAMINE}:{asset.pk}:True", asset_id=asset.pk)
job = queue.claim_one(asked.pk, owner="worker", at=clock.now())
began, held, said = threading.Event(), threading.Event(), []

def effect():
    began.set()
    held.wait(2)  # on SQLite nobody else gets so far
    lock(case.pk)

def finishing():
    queue.finish(job, effect, at=clock.now())

def marking():
    began.wait(10)
    with transaction.atomic():
        lock(case.pk)
        held.set()
        time.sleep(0.5)  # by now the other one asks for the case
        label_file(actor=world.of("hana"), asset=Asset.objects.get(pk=asset.pk), at=clock.now(), mirrored=True)

def told(work):
    try:
        work()
    except Exception as error:
        said.append(type(error).__name__)
    finally:
        connections.close_all()

both = [threading.Thread(target=told, args=[work]) for work in (finishing, marking)]
for one in both:
    one.start()
for one in both:
    one.join()
print(said, sorted(Job.objects.values_list("state", flat=True)))
"""


def test_marking_a_file_and_finishing_its_examination_do_not_wait_crosswise(product):
    assert product.ask(CROSSWISE) == "[] ['done', 'ready']"
