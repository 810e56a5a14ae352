"""What was recorded and signed stands in the packet, field by field."""

import re
from dataclasses import fields, is_dataclass, replace

import pytest

from billing.packet.content import Addendum, Answer, Image, Practitioner, Retraction
from billing.packet.narrative import narrative
from teledent.printing.moments import Moment, clock_text, day_text, moment_text
from tests.billing.packet.samples import DEV, HANA, SCRIPTS, moment, packet
from tests.printing.reading import page_texts, says


def texts_of(value, name=""):
    """Every text of the content with its field's name. A picture's description and file are no words on paper."""
    if isinstance(value, Moment):
        yield name, clock_text(value)
        yield name, day_text(value.at.date())
    elif is_dataclass(value):
        for field in fields(value):
            if not (isinstance(value, Image) and field.name in {"alt", "file"}) and not (
                isinstance(value, Answer) and field.name == "state"
            ):
                yield from texts_of(getattr(value, field.name), f"{type(value).__name__}.{field.name}")
    elif isinstance(value, tuple):
        for one in value:
            yield from texts_of(one, name)
    elif isinstance(value, str):
        yield name, value


@pytest.mark.parametrize("name", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_every_field_is_printed_as_it_was_written_in_each_of_eight_scripts(print_packet, name):
    content = packet()
    hana = replace(content.record.captured_by, name=name)
    content = replace(
        content,
        patient=replace(content.patient, name_in_use=name, legal_name=name),
        record=replace(content.record, captured_by=hana),
        complaint=Answer("answered", f"{name} {name}"),
        images=tuple(replace(one, unusable_reason="" if one.usable else "out of focus") for one in content.images),
    )
    whole = " ".join(page_texts(print_packet(content)))
    missing = [(field, text) for field, text in texts_of(content) if not says(whole, text)]
    assert missing == []
    assert re.search("[\u202a-\u202e\u2066-\u2069]", whole) is None


@pytest.mark.parametrize("name", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_the_signer_s_name_in_large_bold_type_is_read_back_too(print_packet, name):
    content = packet(images=())
    content = replace(content, signature=replace(content.signature, signer=replace(DEV, name=name)))
    whole = " ".join(page_texts(print_packet(content)))
    after = whole.split("Electronically signed by")[1]
    assert says(after.split("Signed May")[0], name)


def test_patient_and_case_stand_on_every_page_with_the_page_number(print_packet):
    pages = page_texts(print_packet(packet()))
    assert len(pages) == 6
    for number, text in enumerate(pages, start=1):
        assert says(text, SCRIPTS["Arabic"])
        assert "Case TD-2026-00451" in text
        assert "Claim TD000451C1" in text
        assert f"Page {number} of 6" in text


def test_a_packet_without_a_claim_says_so(print_packet):
    content = packet(images=())
    content = replace(content, visit=replace(content.visit, claim_number=None))
    assert all("No claim number" in text for text in page_texts(print_packet(content)))


def test_a_number_of_an_authorisation_stands_beside_the_claims_where_there_is_one(print_packet):
    content = packet(images=())
    for number in ("PA-77", ""):
        printed = print_packet(replace(content, visit=replace(content.visit, authorisation=number)))
        whole = " ".join(page_texts(printed))
        assert ("Authorised under PA-77" in whole) == ("Authorised under" in whole) == bool(number)


def sent_by_a_link(**changes):
    """A packet of what a mother sent from home; nobody of the practice was there."""
    content = packet(images=(), hygienist_findings=(), services=(), done_under=())
    sender = Practitioner("Ana Reyes (mother), by a link", "", "", "")
    record = replace(content.record, **{"captured_by": sender, "sent_by": sender.name, **changes})
    return replace(
        content, record=record, visit=replace(content.visit, site_name="", site_place="the patient's home in TX")
    )


def test_what_was_sent_by_a_link_names_no_site_and_no_hygienist(print_packet):
    whole = " ".join(page_texts(print_packet(sent_by_a_link())))
    assert "Patient was at the patient's home in TX" in whole
    assert "Sent by Ana Reyes (mother), by a link" in whole
    assert (
        "Ana Reyes (mother), by a link, sent 0 pictures of this patient together with the complaint and history below."
        in whole
    )
    for false in (
        "Lincoln Elementary",
        "Seen at",
        "Day seen",
        "Captured by",
        "Hygienist's findings",
        "Services done on site",
        "link, )",
    ):
        assert false not in whole
    steps = whole.split("Times of each image")[0].split("Step Time and zone By")[1]
    assert "by a link Reading" in steps


def test_who_completed_what_was_sent_by_a_link_is_no_witness_of_it(print_packet):
    whole = " ".join(page_texts(print_packet(sent_by_a_link(captured_by=HANA))))
    assert "Sent by Ana Reyes (mother), by a link Completed by Hana Ruiz, RDH, license DH-20417 (TX)" in whole
    assert "Ana Reyes (mother), by a link, sent pictures of this patient" in whole
    assert "Hana Ruiz, RDH, license DH-20417 (TX), completed the record with 0 pictures" in whole


def test_a_patient_seen_away_from_the_site_was_not_seen_at_it():
    content = packet()
    away = replace(content, visit=replace(content.visit, site_name="", site_place="another place in TX"))
    assert narrative(away)[0].startswith("On May 12, 2026, at another place in TX, Hana Ruiz, RDH, license")


def test_not_asked_is_not_none_known(print_packet):
    content = packet(images=(), allergies=Answer("none known"), medicines=Answer("not asked"))
    whole = " ".join(page_texts(print_packet(content)))
    assert "Allergies Asked: none known." in whole
    assert "Medicines Not asked." in whole


def test_times_tell_their_zone(print_packet):
    content = packet(images=())
    whole = " ".join(page_texts(print_packet(content)))
    assert "May 13, 2026, 08:31:52 CDT (UTC-05:00)" in whole
    assert moment_text(Moment(moment(13, 13, 31).at, "America/Sao_Paulo")) == "May 13, 2026, 10:31:00 UTC-03:00"


def test_times_of_images_from_two_zones_tell_each_its_own(print_packet):
    content = packet()
    far = replace(content.images[0], captured=Moment(moment(12, 14, 41).at, "America/Los_Angeles"))
    whole = " ".join(page_texts(print_packet(replace(content, images=(far, *content.images[1:])))))
    assert "All times in this table" not in whole
    assert "07:41:00 PDT (UTC-07:00)" in whole
    assert "10:02:18 CDT (UTC-05:00)" in whole


def test_a_time_that_no_one_recorded_is_not_made_up(print_packet):
    content = packet()
    first = replace(content.images[0], captured=None)
    whole = " ".join(page_texts(print_packet(replace(content, images=(first,)))))
    assert "Captured not recorded" in whole


def test_a_mirror_shot_and_an_unusable_picture_say_so(print_packet):
    whole = " ".join(page_texts(print_packet(packet())))
    assert "Image 4: Upper arch from below Mirror shot, turned the right way round." in whole
    assert "Image 8: Lips and cheeks Not usable for the reading: out of focus at the cheek" in whole
    assert whole.count("turned the right way round.") == 2
    assert whole.count("Not usable") == 1


def test_a_retracted_record_is_marked_on_every_page(print_packet):
    mark = Retraction(by="Rita Okafor, manager", at=moment(15, 9, 0), reason="Pictures of another child.")
    pages = page_texts(print_packet(packet(retraction=mark)))
    assert all("RETRACTED" in text for text in pages)
    assert "on May 15, 2026, 04:00:00 CDT (UTC-05:00) by Rita Okafor, manager Pictures of another child." in pages[0]


def test_a_record_that_could_not_be_assessed_names_no_evaluation(print_packet):
    content = packet(images=())
    unread = replace(
        content.review, evaluation=None, encounter_code=None, outcome="Cannot be assessed from these records."
    )
    whole = " ".join(page_texts(print_packet(replace(content, review=unread))))
    assert "Evaluation performed None: these records could not be assessed." in whole
    assert "Encounter none" in whole
    assert "D0140" not in whole
    assert "D9996" not in whole


def test_the_narrative_is_made_of_the_signed_fields_alone():
    content = packet()
    marked = replace(content.review, conclusions="CONCLUDED", advice="ADVISED", outcome="OUTCOME", follow_up="FOLLOWED")
    text = " ".join(narrative(replace(content, review=marked)))
    assert "Conclusions: CONCLUDED. Advice: ADVISED. Outcome: OUTCOME. Follow-up: FOLLOWED." in text
    later = Addendum(Practitioner("Late Comer", "DDS", "1", "TX"), moment(20, 8, 0), "Known only later.")
    assert " ".join(narrative(replace(content, review=marked, addenda=(later,)))) == text


def test_a_long_record_flows_over_pages_and_loses_nothing(print_packet):
    content = packet(images=())
    words = [f"word{n:04d}" for n in range(3000)]
    long_review = replace(content.review, conclusions=" ".join(words), attestations=(" ".join(words[:400]),))
    pages = page_texts(print_packet(replace(content, review=long_review)))
    body = " ".join(pages)
    assert len(pages) > 6
    assert all(body.count(word) >= 2 for word in words)
    assert pages[-1].endswith(f"Page {len(pages)} of {len(pages)}")
