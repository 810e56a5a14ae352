"""Looking at answers: the text of a page without its marks, and who is named in a list."""

import re
from html import unescape


def text_of(response) -> str:
    """What a person reads, spaces collapsed."""
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def named_in(response) -> list[str]:
    """The patients of a list, in its order."""
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', response.content.decode())


def ids_in(response) -> set[str]:
    return set(re.findall(r'\bid="([^"]+)"', response.content.decode()))


def tabs_of(response) -> dict[str, int]:
    found = re.findall(r'show=\w+[^>]*>([^<]+?) <span class="count">(\d+)', response.content.decode())
    return {label: int(count) for label, count in found}
