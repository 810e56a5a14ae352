from teledent.accounts.models import Site

SITE = {
    "name": "Birch Hill School", "kind": "school", "street": "5 Hill Road", "street_2": "", "city": "Salem", "state": "OR",
    "zip_code": "97301", "phone": "", "time_zone": "America/Boise", "place_of_service": "03",
}  # fmt: skip


def practice_fields(practice, **changed):
    names = (
        "name",
        "street",
        "street_2",
        "city",
        "state",
        "zip_code",
        "phone",
        "on_call_phone",
        "group_npi",
        "tax_id",
        "taxonomy",
    )
    return {**{name: getattr(practice, name) for name in names}, **changed}


def test_a_site_belongs_to_the_managers_own_practice(browser_of, world, elsewhere):
    browser_of("olu").post("/people/sites/add/", {**SITE, "practice": elsewhere.practice.pk})
    assert Site.objects.get(name="Birch Hill School").practice == world.practice


def test_a_site_is_changed_on_its_page(browser_of, world):
    browser_of("olu").post(f"/people/sites/{world.school.public_id}/", SITE)
    world.school.refresh_from_db()
    assert (world.school.name, world.school.time_zone) == ("Birch Hill School", "America/Boise")


def test_two_sites_of_one_name_are_refused_beside_the_name(browser_of, world):
    answer = browser_of("olu").post("/people/sites/add/", {**SITE, "name": world.school.name})
    assert answer.status_code == 422
    assert "has a site of this name already" in answer.content.decode()


def test_direction_characters_never_reach_a_name(browser_of, world):
    browser_of("olu").post("/people/sites/add/", {**SITE, "name": "Birch\u202eHill\x00"})
    assert not Site.objects.filter(name__contains="\u202e").exists()


def test_claims_need_all_nine_digits_of_the_practices_zip_code(browser_of, world):
    answer = browser_of("olu").post("/people/practice/", practice_fields(world.practice, zip_code="97477"))
    assert answer.status_code == 422
    assert "all nine digits" in answer.content.decode()


def test_the_practice_is_saved_and_never_turned_into_a_demonstration(browser_of, world):
    browser_of("olu").post(
        "/people/practice/", practice_fields(world.practice, name="Riverbend", is_demonstration="on")
    )
    world.practice.refresh_from_db()
    assert (world.practice.name, world.practice.is_demonstration) == ("Riverbend", False)


def test_an_empty_list_of_sites_says_what_to_do(browser_of, world):
    world.people["hana"].memberships.all().delete()
    world.people["bo"].memberships.all().delete()
    Site.objects.filter(practice=world.practice).delete()
    assert "Add the first one." in browser_of("olu").get("/people/sites/").content.decode()
