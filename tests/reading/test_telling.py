"""Who is told of what: once a person and thing, in the app and by mail, and what the clock brings (RE-5, RE-8)."""

from datetime import timedelta

import pytest
from django.core import mail

from cases.actions import reviewing, signing, watching
from cases.actions.correcting import put_right
from cases.actions.watching import watch
from cases.jobs.mailing import mail_notice
from cases.models import Case, InfoItem, Notice, Review
from cases.states import Status
from cases.terms import half_at
from teledent.accounts.models import Membership
from teledent.jobs.models import Job
from teledent.kit import clock
from tests import cast
from tests.reading.test_queue import another_dentist, answer


@pytest.fixture
def emergency(world, case_at):
    """Submitted two hours ago less ten minutes, due in ten; nobody has opened it."""
    world.people["eva"] = another_dentist(world)
    case, at = case_at(Status.SUBMITTED), clock.now()
    times = {"submitted_at": at - timedelta(minutes=110), "due_at": at + timedelta(minutes=10), "soon_at": at}
    Case.objects.filter(pk=case.pk).update(urgency="emergency", **times)
    case.refresh_from_db()
    return case


def told(about):
    return sorted(Notice.objects.filter(about=about).values_list("person__name", flat=True))


def test_an_unopened_emergency_goes_to_one_dentist_at_half_its_time_then_to_the_manager(emergency):
    start = emergency.submitted_at
    watch(at=start + timedelta(minutes=59))
    assert told("unopened") == []
    watch(at=start + timedelta(minutes=60))
    assert told("unopened") == ["Dr. Dev Halloran"]
    watch(at=start + timedelta(minutes=89))
    assert told("unopened") == ["Dr. Dev Halloran"]
    watch(at=start + timedelta(minutes=90))
    assert told("unopened") == ["Dr. Dev Halloran", "Olu Adeyemi"]
    watch(at=start + timedelta(minutes=91))
    steps = [event.details["step"] for event in emergency.events.filter(kind="escalated").order_by("seq")]
    assert steps == ["dentist", "manager"]


def test_the_next_emergency_goes_to_the_next_dentist(emergency, case_at):
    watch(at=emergency.submitted_at + timedelta(minutes=60))
    second = case_at(Status.SUBMITTED)
    times = {"submitted_at": emergency.submitted_at, "due_at": emergency.due_at}
    Case.objects.filter(pk=second.pk).update(urgency="emergency", **times)
    watch(at=emergency.submitted_at + timedelta(minutes=60))
    assert told("unopened") == ["Dr. Dev Halloran", "Dr. Eva Osei"]


def test_an_opened_emergency_escalates_no_more(world, emergency):
    reviewing.start_review(actor=world.of("dev"), case=emergency, at=clock.now())
    watch(at=emergency.submitted_at + timedelta(minutes=115))
    assert told("unopened") == []


def test_due_soon_and_overdue_are_told_once_each(emergency):
    for minutes in (111, 112, 121, 122):
        watch(at=emergency.submitted_at + timedelta(minutes=minutes))
    assert set(told("overdue")) >= {"Olu Adeyemi"}
    assert Notice.objects.filter(about="soon").count() == len(set(told("soon"))) >= 1
    assert Notice.objects.filter(about="overdue").count() == len(set(told("overdue")))


def test_a_dentist_who_sees_it_as_urgent_has_the_site_told_at_once(world, case_at, client_of):
    case = case_at(Status.IN_REVIEW)
    review = Review.objects.get(case=case)
    for _ in range(2):
        review.version = reviewing.save_review(
            actor=world.of("dev"), review=review, version=review.version, at=clock.now(), urgency="urgent"
        )
    assert told("raised") == ["Hana Okafor"]
    assert case.events.filter(kind="urgency_raised").count() == 1
    case.refresh_from_db()
    assert (case.urgency, review.urgency) == ("early", "urgent")


def test_a_mail_says_only_that_a_case_needs_somebody(settings, world, emergency, django_capture_on_commit_callbacks):
    settings.MAIL_IS_SET_UP = True
    watch(at=emergency.submitted_at + timedelta(minutes=60))
    (job,) = Job.objects.filter(kind="cases.mail_notice")
    effect = mail_notice(**job.payload)
    effect()
    (sent,) = mail.outbox
    notice = Notice.objects.get(about="unopened")
    assert sent.to == ["dev@example.org"]
    assert f"/notices/{notice.public_id}/" in sent.body
    for secret in ("Mateo", "Villanueva", "Alder Creek", emergency.label, str(emergency.public_id)):
        assert secret not in sent.subject + sent.body
    assert mail_notice(**job.payload) is None  # the same job once more sends nothing


def test_who_wants_no_mail_gets_none_and_reads_it_in_the_app(settings, world, emergency, client_of):
    settings.MAIL_IS_SET_UP = True
    client = client_of("dev")
    client.post("/notices/mail/", {"about": ["overdue"]})
    watch(at=emergency.submitted_at + timedelta(minutes=60))
    assert not Job.objects.filter(kind="cases.mail_notice").exists()
    page = client.get("/notices/").content.decode()
    assert "An emergency is not opened" in page
    assert "Notices, 1 unread" in page
    notice = Notice.objects.get(about="unopened")
    assert client.get(f"/notices/{notice.public_id}/").url == f"/cases/{emergency.public_id}/"
    assert "unread" not in client.get("/notices/").content.decode()
    watch(at=emergency.due_at)
    assert "Notices, 1 unread" in client.get("/notices/").content.decode()
    Notice.objects.update(at=clock.now())  # the watch above was ahead of the clock
    client.post("/notices/read/")
    assert not Notice.objects.filter(person=world.people["dev"], read_at__isnull=True).exists()


def test_nobody_opens_the_notice_of_another(emergency, client_of):
    watch(at=emergency.submitted_at + timedelta(minutes=60))
    notice = Notice.objects.get(about="unopened", person__email="dev@example.org")
    assert client_of("eva").get(f"/notices/{notice.public_id}/").status_code == 404


def test_an_emergency_that_one_dentist_was_told_of_is_next_for_every_dentist(emergency, client_of):
    watch(at=emergency.submitted_at + timedelta(minutes=60))
    assert told("unopened") == ["Dr. Dev Halloran"]
    for name in ("dev", "eva"):
        assert client_of(name).get("/reading/").context["next"] == emergency


def test_an_emergency_that_was_opened_and_put_back_escalates_to_somebody_else(world, emergency):
    reviewing.start_review(actor=world.of("dev"), case=emergency, at=clock.now())
    reviewing.release_review(actor=world.of("dev"), case=emergency, at=clock.now())
    watch(at=emergency.submitted_at + timedelta(minutes=90))
    assert told("unopened") == ["Dr. Eva Osei", "Olu Adeyemi"]


def test_an_answer_that_makes_it_an_emergency_is_escalated_while_nobody_opens_it(world, case_at):
    world.people["eva"] = another_dentist(world)
    case = case_at(Status.NEEDS_INFO)
    Case.objects.filter(pk=case.pk).update(urgency="emergency")
    answer(world, case, InfoItem.objects.get(request__case=case))
    case.refresh_from_db()
    assert told("answered") == ["Dr. Dev Halloran"]
    watch(at=half_at(case.submitted_at, case.due_at))
    assert told("unopened") == ["Dr. Eva Osei"]
    case.refresh_from_db()
    assert (case.offered_to, case.offered_until) == (world.people["dev"], None)  # hers still, and kept for nobody


def test_while_the_site_has_a_question_the_due_time_is_told_to_it_too(world, case_at):
    case = case_at(Status.NEEDS_INFO)
    watch(at=case.soon_at)
    assert told("soon") == ["Dr. Dev Halloran", "Hana Okafor"]
    watch(at=case.due_at)
    assert told("overdue") == ["Dr. Dev Halloran", "Hana Okafor", "Olu Adeyemi"]


def test_a_draft_of_somebody_who_left_leaves_the_others_to_be_told(world, emergency):
    reviewing.start_review(actor=world.of("dev"), case=emergency, at=clock.now())
    reviewing.release_review(actor=world.of("dev"), case=emergency, at=clock.now())
    Membership.objects.filter(person=world.people["dev"]).update(ends_on="2026-02-01")
    watch(at=clock.now())
    assert told("soon") == ["Dr. Eva Osei"]


def test_one_case_that_cannot_be_told_of_holds_up_no_other(emergency, case_at, monkeypatch):
    other, real = case_at(Status.SUBMITTED), watching.tell
    times = {"submitted_at": emergency.submitted_at, "due_at": emergency.due_at + timedelta(minutes=1)}
    Case.objects.filter(pk=other.pk).update(urgency="emergency", **times)

    def fails_for_the_first(people, about, case, **said):
        if case.pk == emergency.pk:
            raise LookupError("secret")
        return real(people, about, case, **said)

    monkeypatch.setattr(watching, "tell", fails_for_the_first)
    with pytest.raises(LookupError):
        watch(at=emergency.submitted_at + timedelta(minutes=65))
    assert Notice.objects.get(about="unopened").case == other


def test_no_mail_goes_to_who_left_the_practice(settings, world, emergency):
    settings.MAIL_IS_SET_UP = True
    watch(at=emergency.submitted_at + timedelta(minutes=60))
    Membership.objects.filter(person=world.people["dev"]).update(ends_on="2026-02-01")
    (job,) = Job.objects.filter(kind="cases.mail_notice")
    assert mail_notice(**job.payload) is None
    assert mail.outbox == []


@pytest.mark.parametrize(("by", "hear"), [("dev", ["Hana Okafor"]), ("olu", ["Dr. Dev Halloran", "Hana Okafor"])])
def test_a_retraction_is_told_to_the_site_that_corrects_and_to_the_signer(world, case_at, by, hear):
    case = case_at(Status.SIGNED)
    said = {"reason": "wrong_images", "explanation": "The pictures show another child"}
    signing.retract_case(actor=world.of(by), case=case, at=clock.now(), **said)
    assert told("retracted") == hear


@pytest.fixture
def called_back(world, case_at):
    """An urgent case, submitted a day ago, that the site took back and keeps."""
    case = case_at(Status.SUBMITTED)
    right = cast.case_at(world, patient=cast.make_patient(world, given="Noor", family="Aydin"))
    put_right(
        actor=world.of("hana"), asset=case.assets.first(), to=right, reason="Taken while another was open", at=clock.now()
    )  # fmt: skip
    case.refresh_from_db()
    assert case.status == Status.DRAFT
    return case


def test_a_case_that_its_site_took_back_and_keeps_is_told_to_the_site_then_to_the_manager(called_back):
    watch(at=called_back.soon_at - timedelta(minutes=1))
    assert told("soon") == []
    watch(at=called_back.soon_at)
    assert told("soon") == ["Hana Okafor"]
    watch(at=called_back.due_at)
    watch(at=called_back.due_at + timedelta(minutes=2))
    assert told("overdue") == ["Hana Okafor", "Olu Adeyemi"]


def test_one_that_was_told_as_overdue_before_is_told_to_its_site_all_the_same(world, case_at):
    case = case_at(Status.SUBMITTED)
    watch(at=case.due_at)
    assert "Hana Okafor" not in told("overdue")
    right = cast.case_at(world, patient=cast.make_patient(world, given="Noor", family="Aydin"))
    put_right(actor=world.of("hana"), asset=case.assets.first(), to=right, reason="Another child", at=clock.now())
    watch(at=case.due_at + timedelta(minutes=2))
    assert "Hana Okafor" in told("overdue")


def test_a_draft_that_was_never_submitted_is_nobodys_delay(case_at):
    case = case_at(Status.DRAFT)
    watch(at=clock.now() + timedelta(days=90))
    assert not Notice.objects.filter(case=case).exists()
