"""Who gets in: each address of the reading room for each role, another practice, and nobody signed in."""

import uuid

import pytest
from django.test import Client

from cases.states import Status
from tests import cast
from tests.reading.test_queue import another_dentist

READ = ["", "ask/", "sign/"]
WRITE = ["start/", "save/", "beat/", "release/", "diagnoses/", "plan/", "findings/", "ask/", "sign/", "diagnoses/1/remove/",
         "plan/1/remove/", "findings/1/remove/", f"views/{uuid.uuid4()}/"]  # fmt: skip


@pytest.mark.parametrize("name", ["hana", "rita", "olu"])
def test_only_dentists_enter(desk, client_of, name):
    client = client_of(name)
    assert client.get("/reading/").status_code == 404
    assert client.post("/reading/next/").status_code == 404
    assert {client.get(desk.root + address).status_code for address in READ} == {404}
    assert {client.post(desk.root + address).status_code for address in WRITE} == {404}


def test_another_practice_sees_nothing(desk, client_of):
    other = cast.build_world("Other-")
    client = client_of("dev", of=other)
    assert {client.get(desk.root + address).status_code for address in READ} == {404}
    assert {client.post(desk.root + address).status_code for address in WRITE} == {404}
    assert client.get("/reading/").context["rows"] == []


def test_signed_out_leads_to_the_door(desk):
    for address in ("/reading/", *(desk.root + one for one in READ)):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert "sign-in" in answer.headers["Location"]
    assert all(Client().post(desk.root + address).status_code in (302, 403) for address in WRITE)
    assert desk.fresh().status == Status.IN_REVIEW


def test_a_dentist_who_does_not_hold_the_case_writes_nothing(desk, client_of, world):
    world.people["eva"] = another_dentist(world)
    client = client_of("eva")
    assert client.get(desk.root).url == f"/cases/{desk.case.public_id}/"
    assert client.post(desk.root + "save/", {"version": 0}).status_code == 404
    assert client.post(desk.root + "start/").status_code == 422
    assert desk.fresh().reader.email == "dev@example.org"
