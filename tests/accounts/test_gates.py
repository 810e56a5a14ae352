import uuid

import pytest

from teledent.accounts.models import AccessEvent

OWN = "/people/{person}/"
ADDRESSES = [
    ("get", OWN), ("get", OWN + "details/"), ("post", OWN + "details/"), ("post", OWN + "roles/"), ("post", OWN + "roles/{role}/end/"),
    ("get", OWN + "credential/"), ("post", OWN + "credential/"), ("get", OWN + "licences/add/"), ("get", OWN + "licences/{licence}/"),
    ("post", OWN + "licences/{licence}/"), ("post", OWN + "link/"), ("post", OWN + "close/"), ("get", "/people/sites/{site}/"),
    ("post", "/people/sites/{site}/"),
]  # fmt: skip
LISTS = [
    ("get", "/people/"),
    ("get", "/people/add/"),
    ("get", "/people/sites/"),
    ("get", "/people/sites/add/"),
    ("get", "/people/practice/"),
]


def filled(address, world):
    dev = world.people["dev"]
    role, licence = dev.memberships.get(), dev.credential.licences.get()
    return address.format(person=dev.public_id, role=role.pk, licence=licence.pk, site=world.school.public_id)


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_a_manager_of_another_practice_finds_nothing(browser_of, world, elsewhere, method, address):
    client, theirs = browser_of("olu"), filled(address, elsewhere)
    own = getattr(client, method)(filled(address, world)).status_code
    assert own in {200, 302, 422}
    assert getattr(client, method)(theirs).status_code == 404


@pytest.mark.parametrize("name", ["hana", "dev", "rita"])
@pytest.mark.parametrize(("method", "address"), [*ADDRESSES, *LISTS])
def test_other_roles_find_nothing(browser_of, world, name, method, address):
    assert getattr(browser_of(name), method)(filled(address, world)).status_code == 404


@pytest.mark.parametrize(("method", "address"), [*ADDRESSES, *LISTS])
def test_without_signing_in_everything_leads_to_the_door(client, world, method, address):
    answer = getattr(client, method)(filled(address, world))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/")


def test_a_role_is_reached_through_its_own_person_only(browser_of, world):
    role = world.people["bo"].memberships.get()
    dev = world.people["dev"].public_id
    assert browser_of("olu").post(f"/people/{dev}/roles/{role.pk}/end/").status_code == 404


def test_a_denial_is_on_the_trail_once_in_five_minutes(browser_of, world, elsewhere, at):
    client, theirs = browser_of("olu"), elsewhere.people["dev"].public_id
    for _ in range(3):
        client.get(f"/people/{theirs}/")
    event = AccessEvent.objects.get(verb="denied")
    assert (event.person, event.noun, event.public_id) == (world.people["olu"], "person", theirs)
    at(minutes=6)
    client.get(f"/people/{theirs}/")
    assert AccessEvent.objects.filter(verb="denied").count() == 2


def test_an_address_that_does_not_exist_is_no_denial(browser_of):
    assert browser_of("olu").get(f"/nothing/{uuid.uuid4()}/").status_code == 404
    assert not AccessEvent.objects.filter(verb="denied").exists()
