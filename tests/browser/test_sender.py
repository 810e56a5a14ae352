"""The sender by itself, with the server's answers as a test says them."""

import pytest

from tests.browser.device.office import Office
from tests.browser.tabs import open_tab

pytestmark = pytest.mark.browser
SEND = """async () => {
  const { send } = await import("/static/js/sender.js");
  const [busy, tooOften] = [[503, { "Retry-After": "1" }], [429, { "Retry-After": "1" }]];
  const answers = [
    busy, tooOften, [201, { Location: "/u/1", "Upload-Offset": "0" }],
    busy, [200, { "Upload-Offset": "0" }], [204, { "Upload-Receipt": "{}" }],
  ];
  const [calls, said, began] = [[], [], performance.now()];
  window.fetch = async (_, { method }) => {
    calls.push(method);
    const [status, headers] = answers.shift();
    return new Response(status === 204 ? null : "{}", { status, headers });
  };
  const item = { id: "x", sha256: "y", name: "a.jpg", blob: new Blob(["abc"]), labels: {} };
  await send(item, "/u/", { progress: () => {}, interrupted: (words) => said.push(words), breaks: 0 });
  return { calls, said, waited: performance.now() - began };
}"""


def test_a_busy_server_is_waited_for_as_long_as_it_asks_and_is_no_break(chromium):
    office = Office()
    with open_tab(chromium) as tab:
        tab.goto(office.address)
        told = tab.evaluate(SEND)
    office.close()
    assert told["calls"] == ["POST", "POST", "POST", "PATCH", "HEAD", "PATCH"]
    assert told["said"] == ["The server is busy, goes on by itself"] * 3
    assert 3_000 <= told["waited"] < 10_000
