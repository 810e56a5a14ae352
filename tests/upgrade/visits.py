"""What the people of the story find when they sign in again after an upgrade, as JSON on the standard output."""

import json

import django

django.setup()

from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from billing.models import Claim, Export  # noqa: E402
from cases.guards import missing_guards  # noqa: E402
from cases.models import Signature  # noqa: E402
from tests import cast  # noqa: E402


def visitor(name: str) -> Client:
    client = Client()
    answer = client.post("/sign-in/", {"username": f"{name}@example.org", "password": cast.PASSWORD})
    assert answer.status_code == 302, f"{name}: {answer.status_code}"
    return client


def visit() -> dict[str, object]:
    rita, dev, olu, hana = (visitor(name) for name in ("rita", "dev", "olu", "hana"))
    pages = [(rita, "/claims/exports/"), (dev, "/reading/"), (olu, "/cases/"), (olu, "/people/"), (hana, "/capture/")]
    pages += [(dev, f"/cases/{signature.case.public_id}/") for signature in Signature.objects.select_related("case")]
    pages += [(rita, f"/claims/{claim.public_id}/") for claim in Claim.objects.all()]
    file = rita.get(f"/claims/exports/{Export.objects.get().public_id}/file/")
    return {
        "answers": sorted({client.get(address).status_code for client, address in pages}),
        "claims listed": len(rita.get("/claims/?show=all").context["rows"]),
        "the export's file begins": b"".join(file.streaming_content)[:2].decode(),
        "guards missing": [str(one) for one in missing_guards()],
    }


if __name__ == "__main__":
    setup_test_environment()
    print(json.dumps(visit()))  # noqa: T201
