"""The front desk corrects, voids, bills the next payer, and chooses what goes out, on the pages."""

from billing.models import Claim, Export
from tests import cast
from tests.billing import cast as money
from tests.billing.test_changing import known
from tests.claims_pages.reading import text_of
from tests.services.standing import built_once


@built_once
def sent(desk):
    claim = money.ready_claim(desk)
    money.exported(desk)
    return known(claim, "20269871")


def act(client, claim, name, **said):
    return client.post(f"/claims/{claim.public_id}/{name}/", said, follow=True)


def page(client, claim) -> str:
    return text_of(client.get(f"/claims/{claim.public_id}/"))


def test_a_correction_is_begun_named_on_both_pages_and_dropped(rita, sent):
    assert "its number 20269871" in page(rita, sent)
    begun = text_of(act(rita, sent, "correct", number="20269871", reason="The card was read wrongly"))
    made = Claim.objects.get(replaces=sent)
    assert f"Correction of claim {sent}" in begun
    assert "This correction says what claim" in begun
    assert f"A correction is begun: claim {made}" in page(rita, sent)
    assert "Do not bill" not in page(rita, made)
    act(rita, made, "drop", reason="Settled by phone")
    assert "Correct this claim" in page(rita, sent)


def test_a_form_without_a_reason_stands_again_with_what_was_typed(rita, sent):
    answer = rita.post(f"/claims/{sent.public_id}/void/", {"number": "PORTAL-9", "reason": "..."})
    assert answer.status_code == 422
    assert 'value="PORTAL-9"' in answer.content.decode()
    assert "Say why it is changed" in text_of(answer)
    assert not Claim.objects.filter(replaces=sent).exists()


def test_a_void_is_made_and_the_voided_claim_is_billed_again(rita, desk, sent):
    act(rita, sent, "void", number="20269871", reason="Billed to the wrong plan")
    assert "A void is made" in page(rita, sent)
    money.exported(desk)
    assert "Voided by" in page(rita, sent)
    act(rita, sent, "bill-again")
    assert Claim.objects.filter(case=sent.case, frequency="1", status="ready").count() == 1


def test_without_a_number_it_is_refused_in_words(rita, sent):
    answer = rita.post(
        f"/claims/{known(sent, '').public_id}/void/", {"number": "", "reason": "Billed to the wrong plan"}
    )
    assert answer.status_code == 422
    assert "277CA or payment" in text_of(answer)


def test_the_void_worklist_leads_to_the_void(rita, desk, sent):
    cast.retract(desk.world, sent.case, money.LATER)
    listed = rita.get("/claims/?show=void").content.decode()
    assert f'href="/claims/{sent.public_id}/#change"' in listed
    assert "Make the void" in page(rita, sent)
    assert "Correct this claim" not in page(rita, sent)


def test_exports_say_what_waits_and_what_is_chosen_goes_out(rita, desk):
    first, second = (
        money.ready_claim(desk, patient=cast.make_patient(desk.world, given=name)) for name in ("Ada", "Bo")
    )
    overview = text_of(rita.get("/claims/exports/"))
    assert "Test: nobody pays" in overview
    assert "$144.00" in overview
    choose = f"/claims/receivers/{desk.receiver.public_id}/ready/"
    listed = text_of(rita.get(choose))
    assert "These are test files." in listed
    assert "2 claims ready, $144.00" in listed
    assert "No ready claim fits" in text_of(rita.get(f"{choose}?part=hygienist"))
    make = f"/claims/receivers/{desk.receiver.public_id}/export/"
    assert "Choose at least one claim" in text_of(rita.post(make, {"some": "yes"}, follow=True))
    assert "Choose at least one claim" in text_of(rita.post(make, {"some": "yes", "claim": ["<script>"]}, follow=True))
    rita.post(make, {"some": "yes", "claim": [str(second.public_id)]})
    money.written(Export.objects.get())
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("ready", "exported")


def test_the_choice_asks_as_many_queries_for_ten_claims_as_for_one(rita, desk, django_assert_max_num_queries):
    for name in ("Ada", "Bo", "Cy"):
        money.ready_claim(desk, patient=cast.make_patient(desk.world, given=name))
    with django_assert_max_num_queries(16):
        rita.get(f"/claims/receivers/{desk.receiver.public_id}/ready/")


def test_the_chip_of_the_list_says_replaced(rita, desk, sent):
    act(rita, sent, "correct", number="20269871", reason="The card was read wrongly")
    money.exported(desk)
    assert "Replaced" in text_of(rita.get("/claims/?show=done"))
    assert "correction" in text_of(rita.get("/claims/?show=exported"))
