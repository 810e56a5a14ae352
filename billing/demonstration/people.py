"""The practice, its sites and its people. Everyone is invented; addresses and telephones lead nowhere."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from cases.actions import phrasing
from cases.actions import practice as codes_of
from teledent.accounts.acting import Actor, actor_for
from teledent.accounts.models import Credential, Licence, Membership, Person, Practice, Role, Site

CLINIC, SCHOOL, HILL = "clinic", "school", "hill"


@dataclass(frozen=True)
class Colleague:
    """One person who signs in: what she does, where, and under which licences."""

    key: str
    name: str
    role: Role
    does: str
    sites: tuple[str, ...] = ()  # empty: every site
    title: str = ""
    npi: str = ""
    taxonomy: str = ""
    licences: tuple[tuple[str, str], ...] = ()
    address: tuple[str, str, str, str] = ("", "", "", "")

    @property
    def email(self) -> str:
        return f"{self.key}@example.org"


COLLEAGUES = (
    Colleague(
        "ines", "Ines Marlowe", Role.HYGIENIST, "captures at Alder Creek Elementary and at the clinic", (SCHOOL, CLINIC), "RDH",
        "1888888884", "124Q00000X", (("WA", "DH60417"),), ("18 Harbor Street", "Larkhaven", "WA", "98660-0118"),
    ),
    Colleague(
        "tobias", "Tobias Reyerson", Role.HYGIENIST, "captures at Quarry Hill School", (HILL,), "RDH",
        "1003000126", "124Q00000X", (("OR", "H7731"), ("WA", "DH60552")), ("18 Harbor Street", "Larkhaven", "WA", "98660-0118"),
    ),
    Colleague(
        "farah", "Dr. Farah Quillon", Role.DENTIST, "reads cases of both states", (), "DDS",
        "1497758544", "122300000X", (("WA", "DE60218"), ("OR", "D10441")), ("902 Cedar Loop", "Millbrook", "WA", "98607-0902"),
    ),
    Colleague(
        "anders", "Dr. Anders Vale", Role.DENTIST, "reads cases of Oregon; Washington's are shown and not his to start", (), "DMD",
        "1245319599", "122300000X", (("OR", "D9077"),), ("44 Juniper Way", "Stonebridge", "OR", "97045-0044"),
    ),
    Colleague("june", "June Abernathy", Role.FRONT_DESK, "mends, ends and exports claims; tells families"),
    Colleague("marisol", "Marisol Trent", Role.MANAGER, "keeps people and places, reads every case, may retract"),
)  # fmt: skip


@dataclass
class Cast:
    """The practice with everyone as she acts."""

    practice: Practice
    sites: dict[str, Site]
    people: dict[str, Actor] = field(default_factory=dict)

    def of(self, key: str) -> Actor:
        return self.people[key]


def make_practice(*, password: str, at: datetime) -> Cast:
    """Practice, sites, people with their licences, and the codes confirmed by the manager. In one transaction."""
    began = (at - timedelta(days=500)).date()
    practice = Practice.objects.create(
        name="Northlight School Dental", street="18 Harbor Street", city="Larkhaven", state="WA", zip_code="98660-0118",
        phone="360-555-0118", group_npi="1234567893", tax_id="91-5550118", taxonomy="261QD0000X", on_call_phone="360-555-0199",
        is_demonstration=True,
    )  # fmt: skip
    sites = {
        SCHOOL: _site(practice, "Alder Creek Elementary", Site.Kind.SCHOOL, "03", "1200 Alder Creek Road", "Larkhaven", "WA", "98662-1200"),
        HILL: _site(practice, "Quarry Hill School", Site.Kind.SCHOOL, "03", "75 Quarry Hill", "Stonebridge", "OR", "97045-0075"),
        CLINIC: _site(practice, "Northlight, Harbor Street", Site.Kind.CLINIC, "11", "18 Harbor Street", "Larkhaven", "WA", "98660-0118"),
    }  # fmt: skip
    for colleague in COLLEAGUES:
        _make_colleague(colleague, practice, sites, password, began)
    cast = cast_of(practice)
    codes_of.install_built_in_codes(practice=practice)
    codes_of.confirm_code_licence(actor=cast.of("marisol"), at=at - timedelta(days=60))
    phrasing.keep_starting_phrases(actor=cast.of("farah"), at=at - timedelta(days=60))
    return cast


def cast_of(practice: Practice) -> Cast:
    """The cast of a practice that was made before."""
    by_name = {site.name: site for site in practice.sites.all()}
    names = {SCHOOL: "Alder Creek Elementary", HILL: "Quarry Hill School", CLINIC: "Northlight, Harbor Street"}
    cast = Cast(practice, {key: by_name[name] for key, name in names.items()})
    for colleague in COLLEAGUES:
        actor = actor_for(Person.objects.get(email=colleague.email), practice_id=practice.pk)
        if actor is None:
            raise LookupError(f"{colleague.email} has no role any more.")
        cast.people[colleague.key] = actor
    return cast


def _site(
    practice: Practice, name: str, kind: str, place: str, street: str, city: str, state: str, zip_code: str
) -> Site:
    return Site.objects.create(
        practice=practice, kind=kind, name=name, street=street, city=city, state=state, zip_code=zip_code,
        time_zone="America/Los_Angeles", place_of_service=place, phone="360-555-0120",
    )  # fmt: skip


def _make_colleague(
    colleague: Colleague, practice: Practice, sites: dict[str, Site], password: str, began: date
) -> None:
    person = Person.objects.create_user(colleague.email, password, name=colleague.name)
    places: list[Site | None] = [sites[key] for key in colleague.sites] or [None]
    for place in places:
        Membership.objects.create(person=person, practice=practice, role=colleague.role, site=place, starts_on=began)
    if not colleague.npi:
        return
    street, city, state, zip_code = colleague.address
    credential = Credential.objects.create(
        person=person, title=colleague.title, npi=colleague.npi, taxonomy=colleague.taxonomy, phone="360-555-0150",
        street=street, city=city, state=state, zip_code=zip_code,
    )  # fmt: skip
    for licensed_in, number in colleague.licences:
        Licence.objects.create(
            credential=credential,
            state=licensed_in,
            number=number,
            starts_on=began,
            ends_on=began + timedelta(days=1100),
        )
