"""Two dentists and one case, as processes behind a barrier, on either database: one of them has it, and one signature stands."""

import subprocess
import sys
import uuid

from tests.services.fixtures import ROOT

PREPARE = """
from tests import cast
from teledent.accounts.models import Membership, Person
from teledent.kit import clock
from datetime import timedelta
world = cast.build_world()
eva = Person.objects.create_user("eva@example.org", cast.PASSWORD, name="Dr. Eva Osei")
Membership.objects.create(person=eva, practice=world.practice, role="dentist", starts_on="2026-01-01")
cast.license_person(eva, npi="1245319599", taxonomy="122300000X", title="DDS")
case = cast.case_at(world, "{status}", at=clock.now() - timedelta(minutes=28))
if "{status}" == "in_review":
    cast.write(world, case, clock.now())
print(case.pk)
"""
RACE = """
import sys, time
from pathlib import Path
import django
django.setup()
from datetime import timedelta
from cases.actions import handing, reviewing, signing
from cases.models import Case, Review
from teledent.accounts.acting import actor_for
from teledent.accounts.models import Person
from teledent.kit import clock
from teledent.kit.decisions import Refused
from tests import cast
what, case_id, email, rival, mine, other = sys.argv[1:7]
actor, case = actor_for(Person.objects.get(email=email)), Case.objects.get(pk=case_id)
rival = Person.objects.get(email=rival)
Path(mine).touch()
while not Path(other).exists():
    time.sleep(0.001)
try:
    if what == "start":
        reviewing.start_review(actor=actor, case=case, at=clock.now())
    elif what == "start after the lease":
        reviewing.start_review(actor=actor, case=case, at=clock.now() + timedelta(minutes=30))
    elif what == "hand over":
        handing.hand_over(actor=actor, case=case, to=rival, reason="My shift ends now", at=clock.now())
    else:
        review = Review.objects.get(case=case)
        signing.sign_review(actor=actor, review=review, version=review.version, evaluation_code="D0140", no_live_contact=True,
                            not_same_building=True, password=cast.PASSWORD, at=clock.now())
    print("won")
except Refused as refusal:
    print(refusal.sentence)
"""


def race(installation, tmp_path, acts, case_id, emails):
    """One act by each, at once; what they answer, in no order."""
    script = tmp_path / "race.py"
    script.write_text(RACE)
    flags = [str(tmp_path / uuid.uuid4().hex) for _ in emails]
    racers = [
        subprocess.Popen(
            [sys.executable, str(script), act, case_id, email, rival, mine, other],
            env=installation.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        for act, email, rival, mine, other in zip(acts, emails, reversed(emails), flags, reversed(flags), strict=True)
    ]  # fmt: skip
    return sorted(racer.communicate(timeout=60)[0].strip() for racer in racers)


def test_two_dentists_start_one_case_and_one_of_them_has_it(product, tmp_path):
    case_id = product.ask(PREPARE.format(status="submitted"))
    said = race(product, tmp_path, ["start", "start"], case_id, ["dev@example.org", "eva@example.org"])
    assert said.count("won") == 1
    counted = f"from cases.models import CaseEvent; print(CaseEvent.objects.filter(case_id={case_id}, kind='start_review').count())"
    assert product.ask(counted) == "1"


def test_one_signature_stands_when_the_button_is_pressed_twice(product, tmp_path):
    case_id = product.ask(PREPARE.format(status="in_review"))
    said = race(product, tmp_path, ["sign", "sign"], case_id, ["dev@example.org", "dev@example.org"])
    assert said.count("won") == 1
    assert product.ask("from cases.models import Signature; print(Signature.objects.count())") == "1"


def test_a_case_handed_over_while_another_takes_it_after_the_lease_has_one_reader(product, tmp_path):
    """Dev hands the case to Eva at the moment at which Eva, half an hour later by her clock, starts it herself."""
    case_id = product.ask(PREPARE.format(status="in_review"))
    said = race(
        product, tmp_path, ["hand over", "start after the lease"], case_id, ["dev@example.org", "eva@example.org"]
    )
    assert "won" in said
    shown = f"""
from cases.models import Case, CaseEvent, Review
case = Case.objects.get(pk={case_id})
kinds = list(CaseEvent.objects.filter(case=case, kind__in=["hand_over", "start_review"]).order_by("seq").values_list("kind", flat=True))
print(case.reader.email, Review.objects.filter(case=case, writer=case.reader, signed_at__isnull=True).count(), kinds)
"""
    reader, drafts, *_ = product.ask(shown).split(" ", 2)
    assert (reader, drafts) == ("eva@example.org", "1")
