"""The front desk sees the pictures of a signed case as the packet has them: those pictures, those copies, no others."""

import re
import uuid
from datetime import date

import pytest
from django.urls import reverse

from billing.attachments import planned_attachments
from billing.models import Claim
from cases.models import Asset, Derivative
from cases.packet_pictures import packet_pictures
from cases.states import Status
from cases.view_labels import VIEWS, is_clinical
from teledent.accounts.models import Membership, Role
from teledent.files import keeping
from teledent.kit import clock
from tests import cast
from tests.reading.conftest import BEGAN

COPIES = ("review", "claim", "thumbnail")


def copies_of(asset):
    for recipe in COPIES:
        file = keeping.record(
            keeping.keep([uuid.uuid4().bytes], folder="derivatives"), at=cast.AT, media_type="image/jpeg"
        )
        Derivative.objects.create(
            asset=asset, recipe=recipe, recipe_version=1, file=file, width=8, height=6, mirrored=asset.mirrored
        )


@pytest.fixture
def case(world, case_at):
    """Signed, with a slate and a letter beside two photographs, each in every copy."""
    case = case_at(Status.DRAFT)
    for view in ("slate", "form"):
        cast.put_file(case, world.of("hana"), view=view, at=clock.now() - BEGAN)
    cast.submit(world, case, clock.now() - BEGAN)
    cast.start(world, case, clock.now() - BEGAN)
    cast.sign(world, case, clock.now() - BEGAN)
    case.refresh_from_db()
    for asset in case.assets.all():
        copies_of(asset)
    return case


def reached_by(client, case):
    """View and recipe of everything that this person gets."""
    tried = [(asset.view, recipe, asset.public_id) for asset in case.assets.all() for recipe in COPIES]
    found = [
        (view, recipe)
        for view, recipe, public_id in tried
        if client.get(reverse("picture", args=[public_id, recipe, 1])).status_code == 200
    ]
    return set(found)


AS_IN_PACKET = {(view, recipe) for view in ("frontal", "lower") for recipe in ("claim", "thumbnail")}
EVERYTHING = {(view, recipe) for view in ("frontal", "lower", "slate", "form") for recipe in COPIES}


def test_the_front_desk_reaches_the_pictures_of_the_packet_and_everyone_else_all(case, client_of):
    assert reached_by(client_of("rita"), case) == AS_IN_PACKET
    for name in ("hana", "dev", "olu"):
        assert reached_by(client_of(name), case) == EVERYTHING, name
    assert reached_by(client_of("bo"), case) == set()


def test_the_record_shows_her_the_same(case, client_of):
    def shown(name):
        page = client_of(name).get(reverse("record", args=[case.public_id])).content.decode()
        views = dict(case.assets.values_list("public_id", "view"))
        found = re.findall(r'<img src="/pictures/([0-9a-f-]{36})/(\w+)/1/"', page)
        return {(views[uuid.UUID(public_id)], recipe) for public_id, recipe in found}

    assert shown("rita") == {("frontal", "claim"), ("lower", "claim")}
    assert shown("dev") == {(view, "review") for view in ("frontal", "lower", "slate", "form")}


def test_the_packet_takes_the_same_pictures(case):
    claim = Claim.objects.get(case=case, part="dentist")
    in_packet = {str(one.asset.public_id) for part in planned_attachments(claim) for one in part.pictures}
    assert in_packet == set(packet_pictures(case.signature.content))
    assert in_packet == {
        str(one) for one in case.assets.filter(view__in=["frontal", "lower"]).values_list("public_id", flat=True)
    }


@pytest.mark.parametrize("role", [Role.DENTIST, Role.MANAGER, Role.HYGIENIST])
def test_who_is_more_than_the_front_desk_sees_what_that_role_sees(world, case, client_of, role):
    Membership.objects.create(
        person=world.people["rita"], practice=world.practice, role=role, starts_on=date(2026, 1, 1)
    )
    assert reached_by(client_of("rita"), case) == EVERYTHING


def test_a_hygienist_of_another_school_who_is_at_the_desk_too_sees_the_packets(world, case, client_of):
    Membership.objects.create(
        person=world.people["rita"],
        practice=world.practice,
        site=world.other_school,
        role=Role.HYGIENIST,
        starts_on=date(2026, 1, 1),
    )
    assert reached_by(client_of("rita"), case) == AS_IN_PACKET


def test_an_unsigned_case_shows_her_nothing(case_at, client_of):
    case = case_at(Status.SUBMITTED)
    for asset in Asset.objects.filter(case=case):
        copies_of(asset)
    assert reached_by(client_of("rita"), case) == set()


def test_only_views_of_the_mouth_stand_in_a_packet():
    signed = {"images": [{"image": key, "view": key} for key in VIEWS] + [{"image": "no view", "view": ""}]}
    assert packet_pictures(signed) == {key: key for key in VIEWS if is_clinical(key)}
    assert {"slate", "form", "plan"} & set(packet_pictures(signed)) == set()
