"""No name gets into an address, and so into no history and no log: neither typed into a form nor put into a link."""

import pytest
from lxml import html

from tests.access.test_page_weight import pages
from tests.access.test_table import built, stage  # noqa: F401 - fixtures are found by name

TYPED = "//input[not(@type) or @type='text' or @type='search' or @type='tel' or @type='email'] | //textarea"
NAMES = ("mateo", "villanueva", "lucia")


@pytest.mark.parametrize("letter", "HDFM")
def test_what_people_type_is_posted_and_links_name_nobody(stage, letter):  # noqa: F811
    for _, name, _, content in pages(stage, letter):
        page = html.fromstring(content)
        for field in page.xpath(TYPED):
            form = next(field.iterancestors("form"), None)
            assert form is None or form.get("method", "get") == "post", f"{name}: {field.get('name')}"
            assert field.get("hx-get") is None, f"{name}: {field.get('name')}"
        addresses = page.xpath("//@href | //@action | //@src | //@hx-get | //@hx-post | //@hx-push-url")
        assert [one for one in addresses if any(known in one.casefold() for known in NAMES)] == [], name
