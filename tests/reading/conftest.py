"""The cast at work now: cases begin half an hour ago, so that leases and due times are true while a test runs."""

from datetime import timedelta

import pytest
from django.test import Client

from cases.models import Case, Review
from cases.states import Status
from teledent.kit import clock
from tests import cast
from tests.services.standing import built_once

BEGAN = timedelta(minutes=28)  # a case at in_review was started eight minutes ago


@built_once
def world():
    return cast.build_world()


@pytest.fixture
def client_of(world):
    def make(name, of=None):
        client = Client()
        client.force_login((of or world).people[name])
        return client

    return make


@pytest.fixture
def case_at(world):
    def make(status, **options):
        return cast.case_at(world, status, at=clock.now() - BEGAN, **options)

    return make


class Page:
    """The reading page of one case, as its dentist uses it."""

    def __init__(self, case, client):
        self.case, self.client, self.root = case, client, f"/reading/{case.public_id}/"

    @property
    def review(self):
        return Review.objects.select_related("writer").get(case=self.case, writer__email="dev@example.org")

    def fresh(self):
        return Case.objects.get(pk=self.case.pk)

    def get(self, address="", **headers):
        return self.client.get(self.root + address, headers=headers)

    def post(self, address, *, htmx=False, **said):
        said.setdefault("version", self.review.version)
        return self.client.post(self.root + address, said, headers={"HX-Request": "true"} if htmx else {})


@pytest.fixture
def desk(case_at, client_of):
    return Page(case_at(Status.IN_REVIEW), client_of("dev"))


@pytest.fixture
def written(desk, world):
    """A page whose draft is complete."""
    cast.write(world, desk.case, clock.now())
    return desk
