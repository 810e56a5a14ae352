import re

import pytest


@pytest.mark.parametrize(
    ("name", "workplaces"),
    [
        ("hana", ["Capture", "School days", "Follow-up"]),
        ("dev", ["Reading room"]),
        ("rita", ["Claims", "School days", "Follow-up"]),
        ("olu", ["People and places", "Cases", "Claims", "School days", "Follow-up"]),
    ],
)
def test_the_bar_shows_the_workplaces_of_ones_roles_only(browser_of, name, workplaces):
    page = browser_of(name).get("/password/").content.decode()
    bar = re.search(r'<nav[^>]*aria-label="Workplaces".*?</nav>', page, re.S)[0]
    assert re.findall(r">([^<>]+)</a>", bar) == workplaces


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
