"""manage.py create_manager E-MAIL --practice NAME: the first way into an installation. Prints a one-time link."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from teledent.accounts.days import A_DAY, held_at, today_in
from teledent.accounts.links import password_link
from teledent.accounts.models import Membership, Person, Practice, Role
from teledent.kit import clock

PRACTICE_FACTS = {
    "street": "street and number",
    "city": "city",
    "state": "two letters",
    "zip_code": "nine digits, 12345-6789",
    "phone": "phone of the practice",
    "group_npi": "NPI that bills",
    "tax_id": "TIN, 12-3456789",
    "taxonomy": "taxonomy code, ten characters",
}


class Command(BaseCommand):
    help = "Make a manager, and the practice where there is none of that name, and print a link that sets the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="E-MAIL")
        parser.add_argument("--practice", required=True, metavar="NAME")
        parser.add_argument("--name", default="", help="the manager's own name; without it the e-mail stands for it")
        for field, meaning in PRACTICE_FACTS.items():
            parser.add_argument(f"--{field.replace('_', '-')}", default="", help=f"of a new practice: {meaning}")

    def handle(self, *args: Any, **options: Any) -> None:
        facts = {field: options[field] for field in PRACTICE_FACTS}
        try:
            person, practice = make_manager(options["email"], options["practice"], name=options["name"], facts=facts)
        except ValidationError as refused:
            raise CommandError("Nothing was made. " + " ".join(refused.messages)) from None
        self.stdout.write(f"{person.email} manages {practice.name}. Set the password here, once and within a day:")
        self.stdout.write(password_link(person, origin=settings.ORIGIN))
        missing = [meaning for field, meaning in PRACTICE_FACTS.items() if not getattr(practice, field)]
        if missing:
            self.stdout.write(
                f"Before the first claim, fill in under People and places, Practice: {'; '.join(missing)}."
            )


@transaction.atomic
def make_manager(email: str, practice_name: str, *, name: str, facts: dict[str, str]) -> tuple[Person, Practice]:
    """The person as manager of the practice, each made where it was not; facts of an existing practice stay as they are."""
    validate_email(email)
    practice = Practice.objects.filter(name=practice_name).first() or _new_practice(practice_name, facts)
    person = Person.objects.filter(email=email.casefold()).first() or Person.objects.create_user(
        email, name=name or email
    )
    at = clock.now()
    if not held_at(Membership.objects.filter(person=person, practice=practice, role=Role.MANAGER), at):
        # a day early: while the practice has no site it has no zone, and its first may lie where today has not begun
        begins = today_in(practice, at) - A_DAY
        Membership.objects.create(person=person, practice=practice, role=Role.MANAGER, starts_on=begins)
    return person, practice


def _new_practice(name: str, facts: dict[str, str]) -> Practice:
    practice = Practice(name=name, **facts)
    practice.full_clean(exclude=[field for field, given in facts.items() if not given])
    practice.save()
    return practice
