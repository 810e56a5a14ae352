from datetime import date

import pytest

from teledent.accounts.models import AccessEvent, Licence, Membership, Person, Role
from tests.cast import PASSWORD

DAY = "2026-11-17"


def address(person, *rest):
    return "/people/" + "/".join([str(person.public_id), *rest]) + "/"


def new_person(**fields):
    return {"name": "Ines Vale", "email": "ines@example.org", "role": "dentist", "site": "", "starts_on": DAY, **fields}


def test_the_list_shows_the_practice_and_nobody_else(browser_of, world, elsewhere):
    page = browser_of("olu").get("/people/").content.decode()
    assert "hana@example.org" in page
    assert "other-hana@example.org" not in page


def test_the_list_takes_as_many_queries_for_thirty_people_as_for_five(browser_of, world, django_assert_num_queries):
    client = browser_of("olu")
    client.get("/people/")
    with django_assert_num_queries(10) as few:
        client.get("/people/")
    for number in range(25):
        person = Person.objects.create_user(f"p{number}@example.org", name=f"Person {number}")
        Membership.objects.create(person=person, practice=world.practice, role=Role.DENTIST, starts_on=date(2026, 1, 1))
    with django_assert_num_queries(len(few)):
        assert "p24@example.org" in client.get("/people/").content.decode()


def test_adding_a_person_makes_an_account_without_a_password(browser_of, world):
    answer = browser_of("olu").post("/people/add/", new_person(email="Ines@Example.org"))
    ines = Person.objects.get(email="ines@example.org")
    assert answer["Location"] == address(ines)
    assert not ines.has_usable_password()
    assert ines.memberships.get().practice == world.practice


def test_adding_an_account_of_another_practice_keeps_its_name_and_password(browser_of, world, elsewhere):
    dev = elsewhere.people["dev"]
    browser_of("olu").post("/people/add/", new_person(email=dev.email, name="Somebody Else"))
    dev.refresh_from_db()
    assert (dev.name, dev.check_password(PASSWORD), dev.memberships.count()) == ("Dr. Dev Halloran", True, 2)


def test_a_mistake_stands_beside_its_field_with_everything_typed(browser_of, world):
    answer = browser_of("olu").post("/people/add/", new_person(email="hana@example.org", name="Hana Again"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Hana Again"' in page
    assert 'id="id_email_error"' in page
    assert 'aria-describedby="id_email_helptext id_email_error"' in page


def test_a_role_at_a_site_of_another_practice_is_refused(browser_of, world, elsewhere):
    answer = browser_of("olu").post("/people/add/", new_person(site=elsewhere.school.pk))
    assert answer.status_code == 422
    assert not Person.objects.filter(email="ines@example.org").exists()


def test_a_role_added_counts_at_once(browser_of, world):
    rita = world.people["rita"]
    browser_of("olu").post(address(rita, "roles"), {"role": "dentist", "site": "", "starts_on": DAY})
    assert world.of("rita").has(Role.DENTIST)


def test_a_role_ended_is_gone_with_the_next_request(browser_of, world):
    bo, olu = browser_of("bo"), browser_of("olu")
    assert b"no role today" not in bo.get("/password/").content
    role = world.people["bo"].memberships.get()
    olu.post(address(world.people["bo"], "roles", str(role.pk), "end"))
    role.refresh_from_db()
    assert role.ends_on is not None
    assert b"no role today" in bo.get("/").content


def test_a_role_that_has_not_begun_leaves_no_row(browser_of, world):
    bo, role = world.people["bo"], world.people["bo"].memberships.get()
    Membership.objects.filter(pk=role.pk).update(starts_on=date(2999, 1, 1))
    browser_of("olu").post(address(bo, "roles", str(role.pk), "end"))
    assert not bo.memberships.exists()


@pytest.mark.parametrize("way", ["end", "close"])
def test_the_last_manager_stays(browser_of, world, way):
    olu = world.people["olu"]
    rest = ("roles", str(olu.memberships.get().pk), "end") if way == "end" else ("close",)
    answer = browser_of("olu").post(address(olu, *rest))
    assert answer.status_code == 422
    assert "Somebody has to manage the practice." in answer.content.decode()
    assert world.of("olu").has(Role.MANAGER)


def test_closing_an_account_ends_its_sessions_for_good(browser_of, world):
    hana, olu = browser_of("hana"), browser_of("olu")
    olu.post(address(world.people["hana"], "close"))
    assert hana.get("/").status_code == 302
    Person.objects.filter(email="hana@example.org").update(is_active=True)
    assert hana.get("/")["Location"].startswith("/sign-in/")


def test_letting_a_person_in_again_makes_her_account_work_again(browser_of, world):
    olu, hana = browser_of("olu"), world.people["hana"]
    olu.post(address(hana, "close"))
    olu.post("/people/add/", new_person(email=hana.email, role="hygienist"))
    hana.refresh_from_db()
    assert hana.is_active
    assert world.of("hana").has(Role.HYGIENIST)


def test_a_link_is_shown_once_and_mailed(browser_of, world):
    page = browser_of("olu").post(address(world.people["bo"], "link")).content.decode()
    assert "http://testserver/password/" in page
    assert AccessEvent.objects.get(verb="password-link").person == world.people["olu"]
    assert "http://testserver/password/" not in browser_of("olu").get(address(world.people["bo"])).content.decode()


@pytest.fixture
def shared(world, elsewhere):
    """A dentist who works for both practices."""
    dev = world.people["dev"]
    Membership.objects.create(person=dev, practice=elsewhere.practice, role=Role.DENTIST, starts_on=date(2026, 1, 1))
    return dev


def test_no_manager_sees_a_link_of_an_account_that_another_practice_counts_on(browser_of, shared):
    answer = browser_of("olu").post(address(shared, "link"), follow=True)
    assert "/password/MQ" not in answer.content.decode()
    assert "A password link goes to dev@example.org." in answer.content.decode()


@pytest.mark.parametrize(
    ("rest", "fields"),
    [
        ("details", {"name": "Dev", "email": "mine@example.org"}),
        ("licences/add", {"state": "WA", "number": "9", "starts_on": DAY, "ends_on": DAY}),
    ],
)
def test_nor_changes_its_details(browser_of, shared, rest, fields):
    answer = browser_of("olu").post(address(shared, rest), fields)
    shared.refresh_from_db()
    assert (answer.status_code, shared.email, shared.credential.licences.count()) == (422, "dev@example.org", 1)


def test_closing_it_here_leaves_it_working_there(browser_of, shared, elsewhere):
    browser_of("olu").post(address(shared, "close"))
    shared.refresh_from_db()
    assert shared.is_active
    assert [held.practice for held in shared.memberships.filter(ends_on=None)] == [elsewhere.practice]


def test_a_licence_can_be_added_changed_and_ended(browser_of, world):
    client, dev = browser_of("olu"), world.people["dev"]
    client.post(
        address(dev, "licences", "add"),
        {"state": "WA", "number": "D-1", "starts_on": "2026-01-01", "ends_on": "2027-01-01"},
    )
    licence = Licence.objects.get(state="WA")
    client.post(
        address(dev, "licences", str(licence.pk)),
        {"state": "WA", "number": "D-1", "starts_on": "2026-01-01", "ends_on": DAY},
    )
    assert Licence.objects.get(state="WA").ends_on == date(2026, 11, 17)


def test_a_wrong_npi_is_refused_beside_its_field(browser_of, world):
    fields = {"npi": "1234567890", "street": "1 A", "city": "B", "state": "OR", "zip_code": "97477", "phone": "1"}
    answer = browser_of("olu").post(address(world.people["dev"], "credential"), fields)
    assert "This is not an NPI" in answer.content.decode()


def test_fields_that_no_form_has_change_nothing(browser_of, world, elsewhere):
    smuggled = {
        "is_active": "",
        "password": "x",
        "practice": elsewhere.practice.pk,
        "is_superuser": "on",
        "public_id": "0" * 32,
    }
    rita = world.people["rita"]
    browser_of("olu").post(address(rita, "details"), {"name": "Rita C.", "email": rita.email, **smuggled})
    after = Person.objects.get(pk=rita.pk)
    assert after.name == "Rita C."
    assert (after.is_active, after.password, after.public_id) == (True, rita.password, rita.public_id)


def test_every_change_is_on_the_trail(browser_of, world):
    browser_of("olu").post("/people/add/", new_person())
    event = AccessEvent.objects.get(verb="changed")
    assert (event.person, event.noun, event.practice) == (world.people["olu"], "person", world.practice)


def test_choosing_a_practice_takes_a_role_there(browser_of, shared, elsewhere, world):
    client = browser_of("dev")
    client.post("/act-for/", {"practice": str(elsewhere.practice.public_id)})
    assert "Other-Riverbend Dental" in client.get("/password/").content.decode()
    stranger = browser_of("rita")
    stranger.post("/act-for/", {"practice": str(elsewhere.practice.public_id)})
    assert "Other-Riverbend" not in stranger.get("/password/").content.decode()


def test_a_long_list_is_turned_page_by_page_and_who_left_comes_last(browser_of, world):
    for number in range(60):
        person = Person.objects.create_user(f"p{number}@example.org", name=f"Ada {number:02}")
        begun = {"starts_on": "2026-01-01", "ends_on": "2026-02-01" if number < 3 else None}
        Membership.objects.create(person=person, practice=world.practice, role=Role.HYGIENIST, **begun)
    first, second = (browser_of("olu").get(f"/people/?page={page}").context for page in (1, 2))
    assert (len(first["people"]), first["former"]) == (50, [])
    assert [person.name for person in second["former"]] == ["Ada 00", "Ada 01", "Ada 02"]
    assert first["page"].paginator.count == len(first["people"]) + len(second["people"]) + 3
