import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from teledent.accounts.models import Person, Practice, Role


def create(*words):
    out = StringIO()
    call_command("create_manager", *words, stdout=out)
    return out.getvalue()


def test_it_prints_a_link_that_sets_the_password(db, client):
    said = create("ada@example.org", "--practice", "Lakeside Dental", "--name", "Ada Moreno")
    (link,) = re.findall(r"http://localhost:8000(/password/\S+)", said)
    form = client.get(link, follow=True)
    password = {"new_password1": "four-quiet-herons-wade", "new_password2": "four-quiet-herons-wade"}
    client.post(form.redirect_chain[-1][0], password)
    assert (
        client.post("/sign-in/", {"username": "ada@example.org", "password": "four-quiet-herons-wade"}).status_code
        == 302
    )


def test_no_account_has_a_password_before(db):
    create("ada@example.org", "--practice", "Lakeside Dental")
    assert not Person.objects.get().has_usable_password()


def test_it_names_what_the_practice_still_needs(db):
    said = create("ada@example.org", "--practice", "Lakeside Dental", "--city", "Salem")
    assert "NPI that bills" in said
    assert "city" not in said


def test_a_second_run_finds_practice_and_person(db):
    for _ in range(2):
        create("Ada@example.org", "--practice", "Lakeside Dental")
    assert (Practice.objects.count(), Person.objects.get().memberships.get().role) == (1, Role.MANAGER)


@pytest.mark.parametrize(
    "words",
    [("not-an-email",), ("ada@example.org", "--group-npi", "1234567890"), ("ada@example.org", "--zip-code", "97301")],
)
def test_a_wrong_value_makes_nothing(db, words):
    with pytest.raises(CommandError, match="Nothing was made"):
        create(*words, "--practice", "Lakeside Dental")
    assert not Practice.objects.exists()
    assert not Person.objects.exists()
