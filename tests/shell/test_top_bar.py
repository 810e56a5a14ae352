import pytest
from django.urls import NoReverseMatch, reverse

from teledent.context import WORKPLACES


def is_there(place):
    try:
        return bool(reverse(place.url_name))
    except NoReverseMatch:
        return False


@pytest.mark.parametrize("name", ["hana", "dev", "rita", "olu"])
def test_the_bar_shows_the_workplaces_of_ones_roles_only(browser_of, world, name):
    page = browser_of(name).get("/password/").content.decode()
    bar = page.split("<main")[0]
    roles = world.of(name).roles
    for place in WORKPLACES:
        assert (f">{place.label}</a>" in bar) == (place.role in roles and is_there(place))


def test_the_page_one_is_on_is_marked(browser_of):
    page = browser_of("olu").get("/people/sites/").content.decode()
    assert '<a href="/people/" aria-current="page">People and places</a>' in page


def test_the_account_menu_works_without_a_script(browser_of):
    page = browser_of("olu").get("/people/").content.decode()
    assert '<details class="account"' in page
    assert '<form method="post" action="/sign-out/">' in page


def test_htmx_neither_evaluates_nor_leaves_the_site(browser_of):
    page = browser_of("olu").get("/people/").content.decode()
    for setting in (
        '"allowEval":false',
        '"selfRequestsOnly":true',
        '"includeIndicatorStyles":false',
        '"historyCacheSize":0',
    ):
        assert setting in page
