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
from cases.actions import reviewing, signing
from cases.models import Case, Review
from teledent.accounts.acting import actor_for
from teledent.accounts.models import Person
from teledent.kit import clock
from teledent.kit.decisions import Refused
from tests import cast
what, case_id, email, mine, other = sys.argv[1:6]
actor, case = actor_for(Person.objects.get(email=email)), Case.objects.get(pk=case_id)
Path(mine).touch()
while not Path(other).exists():
    time.sleep(0.001)
try:
    if what == "start":
        reviewing.start_review(actor=actor, case=case, at=clock.now())
    else:
        review = Review.objects.get(case=case)
        signing.sign_review(actor=actor, review=review, version=review.version, evaluation_code="D0140", no_live_contact=True,
                            not_same_building=True, password=cast.PASSWORD, at=clock.now())
    print("won")
except Refused as refusal:
    print(refusal.sentence)
"""


MANY = """
import sys
from datetime import timedelta
import django
django.setup()
from cases.actions import handing, reviewing
from cases.models import Case
from cases.offering import offered
from teledent.accounts.acting import actor_for
from teledent.accounts.models import Person
from teledent.kit import clock
from teledent.kit.decisions import Refused
email, other = sys.argv[1:3]
me, rival = actor_for(Person.objects.get(email=email)), Person.objects.get(email=other)
print("ready", flush=True)
for line in sys.stdin:
    at, said = clock.now(), "lost"
    try:
        if line.strip() == "next":
            for case in offered(me, ["OR"], at=at, most=1):
                reviewing.start_review(actor=me, case=case, at=at)
                said = "won"
        elif line.strip() == "hand":
            handing.hand_over(actor=me, case=Case.objects.get(), to=rival, reason="My shift ends now", at=at)
            said = "won"
        else:
            reviewing.start_review(actor=me, case=Case.objects.get(), at=at + timedelta(minutes=30))
            said = "won"
    except Refused:
        pass
    print(said, flush=True)
"""
ROUNDS = 100


class Pair:
    """Two dentists as processes that stay: each round is a word to both, so a hundred rounds cost seconds."""

    def __init__(self, installation, tmp_path, emails):
        script = tmp_path / "many.py"
        script.write_text(MANY)
        self.both = [
            subprocess.Popen(
                [sys.executable, str(script), email, other], env=installation.environment, cwd=ROOT,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            ) for email, other in zip(emails, reversed(emails), strict=True)
        ]  # fmt: skip
        assert [racer.stdout.readline() for racer in self.both] == ["ready\n"] * 2

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for racer in self.both:
            racer.communicate(timeout=60)

    def say(self, *words):
        """One word to each, at once; what each of them answers."""
        for racer, word in zip(self.both, words, strict=True):
            racer.stdin.write(word + "\n")
            racer.stdin.flush()
        return [racer.stdout.readline().strip() for racer in self.both]


def race(installation, tmp_path, what, case_id, emails):
    script = tmp_path / "race.py"
    script.write_text(RACE)
    flags = [str(tmp_path / uuid.uuid4().hex) for _ in emails]
    racers = [
        subprocess.Popen(
            [sys.executable, str(script), what, case_id, email, mine, other],
            env=installation.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        for email, mine, other in zip(emails, flags, reversed(flags), strict=True)
    ]  # fmt: skip
    return sorted(racer.communicate(timeout=60)[0].strip() for racer in racers)


def test_two_dentists_start_one_case_and_one_of_them_has_it(product, tmp_path):
    case_id = product.ask(PREPARE.format(status="submitted"))
    said = race(product, tmp_path, "start", case_id, ["dev@example.org", "eva@example.org"])
    assert said.count("won") == 1
    counted = f"from cases.models import CaseEvent; print(CaseEvent.objects.filter(case_id={case_id}, kind='start_review').count())"
    assert product.ask(counted) == "1"


def test_one_signature_stands_when_the_button_is_pressed_twice(product, tmp_path):
    case_id = product.ask(PREPARE.format(status="in_review"))
    said = race(product, tmp_path, "sign", case_id, ["dev@example.org", "dev@example.org"])
    assert said.count("won") == 1
    assert product.ask("from cases.models import Signature; print(Signature.objects.count())") == "1"


RESET = """
import sys
import django
django.setup()
from cases.models import Case
print("ready", flush=True)
for line in sys.stdin:
    free = {"status": "submitted", "reader": None, "lease_until": None, "offered_to": None, "offered_until": None}
    Case.objects.update(**free)
    print("done", flush=True)
"""


def test_two_who_start_next_a_hundred_times_never_have_one_case_both(product, tmp_path):
    product.ask(PREPARE.format(status="submitted"))
    script = tmp_path / "reset.py"
    script.write_text(RESET)
    reset = subprocess.Popen(
        [sys.executable, str(script)],
        env=product.environment,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reset.stdout.readline() == "ready\n"
    with Pair(product, tmp_path, ["dev@example.org", "eva@example.org"]) as pair:
        winners = set()
        for _ in range(ROUNDS):
            said = pair.say("next", "next")
            assert said.count("won") == 1
            winners.add(said.index("won"))
            reset.stdin.write("again\n")
            reset.stdin.flush()
            assert reset.stdout.readline() == "done\n"
    reset.communicate(timeout=60)
    counted = "from cases.models import CaseEvent; print(CaseEvent.objects.filter(kind='start_review').count())"
    assert product.ask(counted) == str(ROUNDS)


def test_a_case_handed_over_while_another_takes_it_after_the_lease_has_one_reader(product, tmp_path):
    """Dev hands the case to Eva at the moment at which Eva, half an hour later by her clock, starts it herself."""
    case_id = product.ask(PREPARE.format(status="in_review"))
    with Pair(product, tmp_path, ["dev@example.org", "eva@example.org"]) as pair:
        said = pair.say("hand", "take")
    assert "won" in said
    shown = f"""
from cases.models import Case, CaseEvent, Review
case = Case.objects.get(pk={case_id})
kinds = list(CaseEvent.objects.filter(case=case, kind__in=["hand_over", "start_review"]).order_by("seq").values_list("kind", flat=True))
print(case.reader.email, Review.objects.filter(case=case, writer=case.reader, signed_at__isnull=True).count(), kinds)
"""
    reader, drafts, *_ = product.ask(shown).split(" ", 2)
    assert (reader, drafts) == ("eva@example.org", "1")
