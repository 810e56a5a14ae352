"""What happened to whom: one line a case, oldest ways of ending last. `building` tells each with the real actions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from billing.demonstration.people import CLINIC, HILL, SCHOOL

FIVE = ("frontal", "upper", "lower", "right", "left")
THREE = FIVE[:3]
SCREEN, PAIN, OPINION, AFTER = "screening", "emergency", "second_opinion", "post_treatment"


@dataclass(frozen=True)
class Film:
    """A radiograph; `names` another patient when the file says so, `ordered` False when nobody wrote the order."""

    view: str
    tooth: str = ""
    ordered: bool = True
    names: str = ""


@dataclass(frozen=True)
class Story:
    """One case. Submitted (or, in a draft, opened) `hours` before now, or `today` as a share of this day's hours.

    `ending` names the last step; `claim` what the front desk made of it. `quirk` names what went wrong.
    """

    who: str
    place: str
    mouth: str
    ending: str
    hours: float = 0.0
    today: float | None = None
    kind: str = SCREEN
    urgency: str = "routine"
    flipped: bool = False
    views: tuple[str, ...] = FIVE
    films: tuple[Film, ...] = ()
    dentist: str = "farah"
    begun_by: str = ""  # the dentist who began the reading and handed it over
    heard: Mapping[str, Any] = field(default_factory=dict)
    plan: str = ""  # coverage: mutual, medicaid, trust, ppo, lapsed, unverified
    code: str = "D0140"
    service: str = ""
    told: bool = False
    claim: str = ""
    quirk: str = ""
    letter: tuple[str, ...] = ()  # another office's plan, line by line, scanned

    @property
    def key(self) -> str:
        return f"{self.who}-{self.kind}-{self.ending}-{self.hours:g}"


def _said(words: str, **more: Any) -> dict[str, Any]:
    return {"complaint": ["other"], "complaint_text": words, **more}


def _pain(words: str, where: str, since: str, flag: str = "none", reached: str = "", **more: Any) -> dict[str, Any]:
    told = {"reached": reached} if reached else {}
    return {
        "complaint": ["pain", "other"], "complaint_text": words, "present_place": where, "callback": "360-555-0163",
        "since": since,
        "red_flags": [flag], **told, **more,
    }  # fmt: skip


ASTHMA = {"conditions": ["asthma"], "medicines": ["inhaler"]}
STORIES = (
    # in the dentists' queue
    Story("layla", SCHOOL, "deep", "submitted", 0.8, kind=PAIN, urgency="emergency", views=("frontal", "left",
          "lower"), plan="medicaid",
          films=(Film("periapical", "84"),),
          heard=_pain("Cried in class, holds her right cheek, warm to the touch", "Nurse's office, Alder Creek",
          "Woke up with it at four this morning",
                      "fever", "Dr. Quillon by telephone, ten minutes after I saw her; father is on his way")),
    Story("tyler", HILL, "front", "submitted", 2.4, kind=PAIN, urgency="emergency", views=("frontal", "upper"),
          plan="mutual",
          heard=_pain("Fell off the climbing frame onto his mouth; lip cut, front teeth sore",
          "Nurse's office, Quarry Hill", "Recess this morning",
                      "trauma", "Left word with the on-call number, called back by Dr. Vale")),
    Story("ruby", SCHOOL, "filled", "submitted", 26.0, urgency="urgent", plan="mutual", flipped=True, quirk="late",
          heard=_said("Food packs in the top back tooth and hurts after lunch")),
    Story("minjun", HILL, "teen", "submitted", 20.0, urgency="urgent", plan="mutual", films=(Film("bitewing_right"),
          Film("bitewing_left")),
          heard=_said("Ice water is bad on both sides, worse since the summer")),
    Story("mateo", SCHOOL, "back tooth", "submitted", 69.5, urgency="early", plan="mutual",
          films=(Film("bitewing_left"),), service="D0190",
          heard=_said("Cold drinks hurt at the bottom left", **ASTHMA, allergies=["penicillin"])),
    Story("sofiya", SCHOOL, "stain", "submitted", 97.0, plan="medicaid", service="D0190",
          heard={"complaint": ["none_stated"], "dental_history": ["regular"]}),
    Story("amina", HILL, "clean", "submitted", 49.0, plan="mutual", heard={"complaint": ["none_stated"]}),
    Story("wei", SCHOOL, "clean", "submitted", today=0.55, plan="ppo", flipped=True, service="D0190",
          heard={"complaint": ["none_stated"]}),
    Story("jonah", HILL, "back tooth", "submitted", today=0.3, urgency="early", flipped=True, plan="mutual",
          heard=_said("Grandmother saw a brown spot when he laughed")),
    Story("eleni", HILL, "stain", "submitted", today=0.7, views=THREE, flipped=True, plan="mutual",
          heard={"complaint": ["none_stated"]}),
    Story("victor", CLINIC, "gap", "submitted", 48.5, kind=OPINION, urgency="early", views=("frontal", "left", "lower"),
          films=(Film("panoramic"),), plan="ppo",
          letter=("Harbor View Dental Group", "", "Treatment plan for Victor Ndlovu", "", "Gap at 19: bridge from 18 to 20",
                  "Crowns on 18 and 20", "Estimate: $3,900", "", "Please sign and return within 30 days."),
          heard=_said("Was told to have a bridge and wants to hear another opinion",
          question="Is a bridge the right way to close the gap at the lower left?",
                      requester="The patient himself",
                      existing_plan="Bridge over the gap, two crowns, about 3,900 dollars",
                      conditions=["diabetes"], medicines=["other"], medicines_text="Metformin, twice a day",
                      dental_history=["extraction"])),
    Story("aarav", SCHOOL, "filled", "answered", 70.6, urgency="early", plan="medicaid",
          heard=_said("The grey tooth at the top does not hurt, his mother worries"), quirk="blurred upper"),
    # being read, and back with a question
    Story("noa", SCHOOL, "teen", "reading", 22.0, urgency="urgent", plan="mutual", flipped=True,
          heard=_said("Sweet things sting at the bottom, both sides")),
    Story("kofi", HILL, "front", "reading", 47.5, urgency="early", dentist="anders", plan="medicaid",
          views=("frontal", "upper", "lower"),
          heard=_said("Drinks from a bottle at night, his aunt says"), quirk="let go"),
    Story("ploy", SCHOOL, "stain", "asked", 40.0, urgency="routine", plan="mutual", quirk="blurred upper",
          heard={"complaint": ["none_stated"]}),
    Story("diego", HILL, "deep", "asked", 18.0, kind=PAIN, urgency="urgent", views=("right", "lower"),
          dentist="anders", plan="medicaid",
          heard=_pain("Chews on the left only since last week", "In class, Quarry Hill", "About a week",
          allergies=["other"],
                      allergies_text="Mother says some antibiotic, does not remember which")),
    # in the hygienists' hands
    Story("yui", SCHOOL, "clean", "opened", today=0.93, views=()),
    Story("owen", SCHOOL, "filled", "draft", today=0.85, heard=_said("Bites her cheek on the left")),
    Story("jasper", HILL, "back tooth", "draft", today=0.9, films=(Film("bitewing_left", names="jonah"),),
          views=("lower", "left"),
          heard={"complaint": ["none_stated"]}, quirk="names his brother"),
    Story("camila", SCHOOL, "teen", "draft", today=0.8, views=("frontal", "upper", "lower"),
          heard={"complaint": ["cold"]}, quirk="cut short"),
    Story("omar", HILL, "stain", "ready", today=0.6, heard={"complaint": ["none_stated"]}, plan="medicaid"),
    # signed
    Story("minh", SCHOOL, "back tooth", "signed", 150.0, urgency="early", plan="medicaid", flipped=True, told=True,
          claim="exported", service="D0190",
          films=(Film("bitewing_right"),), heard=_said("Nothing hurts, his mother saw a hole")),
    Story("deshawn", SCHOOL, "filled", "signed", 146.0, urgency="early", plan="mutual", told=True, claim="exported",
          heard=_said("A tooth at the top catches the floss")),
    Story("carol", CLINIC, "adult", "signed", 170.0, kind=AFTER, plan="mutual", views=("right", "lower"),
          films=(Film("periapical", "46"),), code="D0171",
          told=True, claim="exported", quirk="addendum",
          heard=_said("Cold still zings where the new filling is", procedure="Filling of the lower right first molar",
          procedure_date="-8", operator="Dr. Quillon",
                      symptoms=["other"], symptoms_text="Short twinge with cold drinks", conditions=["none_known"],
                      dental_history=["regular", "fillings"])),
    Story("harper", SCHOOL, "stain", "signed", 74.0, views=THREE, plan="mutual", told=True, service="D0190",
          heard={"complaint": ["none_stated"]}),
    Story("grace", HILL, "teen", "signed", 52.0, views=THREE, urgency="early", plan="unverified", flipped=True, dentist="anders",
          heard=_said("Gum at the bottom bled this week")),
    Story("felix", SCHOOL, "back tooth", "signed", 76.0, views=THREE, urgency="early",
          heard=_said("Says nothing hurts, eats on one side"), told=True),
    Story("ananya", HILL, "filled", "signed", 98.0, views=THREE, urgency="early", plan="lapsed", flipped=True, dentist="anders",
          heard={"complaint": ["none_stated"]}),
    Story("zoya", SCHOOL, "front", "signed", 96.0, urgency="early", plan="mutual", views=("frontal", "upper",
          "lower"), heard=_said("Brown front teeth, the family asks why")),
    Story("leo", SCHOOL, "back tooth", "signed", 70.0, urgency="early", plan="medicaid", flipped=True,
          films=(Film("bitewing_right", ordered=False),),
          heard=_said("Tooth at the bottom right wakes him sometimes")),
    Story("isla", HILL, "clean", "signed", 122.0, views=THREE, plan="trust", claim="not_taken", told=True,
          heard={"complaint": ["none_stated"]}),
    Story("hugo", HILL, "stain", "signed", 124.0, views=THREE, claim="grant", told=True, dentist="anders",
          heard={"complaint": ["none_stated"]}),
    Story("mei", SCHOOL, "clean", "signed", 54.0, plan="medicaid", views=("frontal", "lower"), quirk="not assessable",
          service="D0191",
          heard={"complaint": ["none_stated"], "conditions": ["other"],
          "conditions_text": "Gags easily, would not open wide"}),
    Story("helen", CLINIC, "adult", "signed", 60.0, kind=AFTER, plan="mutual", views=("right", "lower"), quirk="live",
          code="D0140",
          heard=_said("A sharp edge rubs the tongue", procedure="Filling of the lower right first molar",
          procedure_date="-5", operator="Dr. Quillon",
                      symptoms=["none"])),
    Story("sam", HILL, "teen", "signed", 78.0, urgency="early", plan="mutual", code="D0170", dentist="anders", begun_by="farah",
          told=True, heard=_said("Second look at two teeth from the spring visit")),
    Story("nadia", SCHOOL, "clean", "signed", 34.0, views=THREE, plan="mutual", quirk="no billing",
          heard={"complaint": ["none_stated"]}),
    Story("theo", HILL, "deep", "signed", 5.0, kind=PAIN, urgency="urgent", views=("left", "lower"), plan="mutual",
          flipped=True, quirk="unchecked",
          heard=_pain("Cannot chew at the bottom left, slept badly", "At home with his mother", "Two nights")),
    # ended
    Story("violet", SCHOOL, "deep", "closed", 400.0, urgency="urgent", plan="medicaid", views=("right", "lower"),
          told=True, claim="exported", quirk="attended",
          heard=_said("Toothache at night, better since yesterday")),
    Story("mateo", SCHOOL, "back tooth", "closed", 2900.0, plan="mutual", views=("frontal", "lower"), told=True,
          claim="exported", heard={"complaint": ["none_stated"]}),
    Story("arman", SCHOOL, "front", "retracted", 220.0, urgency="early", plan="mutual", views=("frontal", "upper"),
          claim="exported", heard=_said("Chipped a tooth on a bottle")),
    Story("pia", HILL, "clean", "retracted", 200.0, views=("frontal", "upper"), dentist="anders", plan="medicaid",
          heard={"complaint": ["none_stated"]}),
    Story("ruth", CLINIC, "gap", "withdrawn", 48.0, kind=OPINION, views=("frontal", "left"), plan="mutual",
          heard=_said("Wanted to know about an implant", question="Would an implant be better than leaving the gap?",
          requester="The patient herself",
                      existing_plan="Implant at the lower left")),
    Story("lily", SCHOOL, "filled", "stopped", 90.0, urgency="early", plan="mutual", views=("frontal", "upper"),
          heard={"complaint": ["none_stated"]}),
)  # fmt: skip
