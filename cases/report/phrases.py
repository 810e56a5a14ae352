"""The fixed words of a family's report, one value a language. What people wrote is never translated.

A new language is one more value here. No phrase may promise health (RE-6): a test reads them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from cases.report.document import Language


@dataclass(frozen=True, slots=True)
class Phrases:
    """`{}` fields are filled by name. `months` as they stand within a date."""

    months: tuple[str, ...]
    date_form: str
    title: str
    retracted: str
    how: str
    taken: str
    sent_by_link: str
    sent_by_office: str
    photographs: tuple[str, str]  # one, several
    radiographs: tuple[str, str]
    joined: str  # two counts
    read: str
    apart: str
    answer: str
    seen: str
    tooth: str
    conditions: Mapping[str, str]
    not_judged: str
    limits: str
    unusable: str
    views: Mapping[str, str]
    to_do: str
    how_soon: str
    urgency: Mapping[str, str]
    outcome: Mapping[str, str]
    by: str
    at_once: str
    red_flags: tuple[str, ...]
    call_now: str
    added: str
    added_by: str
    questions: str
    contact: str
    written_in: str

    def day(self, value: date) -> str:
        """Like "May 12, 2026" or "12 de mayo de 2026"."""
        return self.date_form.format(day=value.day, month=self.months[value.month - 1], year=value.year)

    def count(self, number: int, names: tuple[str, str]) -> str:
        return f"{number} {names[0] if number == 1 else names[1]}"


ENGLISH = Phrases(
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    date_form="{month} {day}, {year}",
    title="What was seen in the pictures of {name}",
    retracted="This report was taken back on {day}. Do not rely on it. Please call us: {phone}.",
    how="What was done",
    taken="On {day}, {hygienist} took {pictures} of {name} at {site} and sent them to a dentist on {sent}.",
    sent_by_link="On {day}, {sender} took {pictures} of {name} and sent them to us by a link.",
    sent_by_office="{sender} of {office} sent us {pictures} of {name} and asked for an opinion.",
    photographs=("photograph", "photographs"),
    radiographs=("X-ray", "X-rays"),
    joined="{one} and {other}",
    read="{dentist}, a dentist with license {licence}, looked at them on {day}.",
    apart="The dentist looked at the pictures only and did not meet {name}.",
    answer="The answer to your question",
    seen="What the pictures show",
    tooth="Tooth {tooth}",
    conditions=MappingProxyType(
        {
            "decay": "decay",
            "suspected": "may be decay",
            "watch": "a spot to watch",
            "sealant": "a sealant",
            "sealant_partial": "a sealant, partly lost",
            "sealant_lost": "a lost sealant",
            "filling": "a filling",
            "silver_fluoride": "silver fluoride",
            "broken": "broken",
            "present": "in place",
            "erupting": "coming in",
            "unerupted": "not through the gum yet",
            "exfoliated": "fallen out",
            "missing": "missing",
            "plaque": "plaque",
            "gum_swelling": "swollen gum",
            "healing": "healing",
        }
    ),
    not_judged="What pictures cannot show",
    limits="A picture shows only what lies in front of the camera. Problems between teeth, below the gum or under a filling can be missed.",
    unusable="These pictures could not be used: {views}.",
    views=MappingProxyType(
        {
            "frontal": "the front",
            "right": "the right side",
            "left": "the left side",
            "upper": "the upper teeth",
            "lower": "the lower teeth",
            "smile": "the smile",
            "face": "the face",
            "lesion": "a close-up of a spot",
            "tongue": "the tongue",
            "tooth": "a close-up of a tooth",
            "bitewing-right": "the X-ray of the right side",
            "bitewing-left": "the X-ray of the left side",
            "periapical": "the X-ray of a tooth",
            "occlusal": "the X-ray of a jaw",
            "panoramic": "the X-ray of all teeth",
        }
    ),
    to_do="What to do",
    how_soon="How soon",
    urgency=MappingProxyType(
        {
            "emergency": "today: this cannot wait",
            "urgent": "within the next two days",
            "early": "within the next weeks",
            "routine": "at the next regular visit",
        }
    ),
    outcome=MappingProxyType(
        {
            "recall": "Have the teeth looked at again at the next regular date",
            "in_person": "See a dentist in person",
            "refer": "See a specialist",
            "emergency": "Get emergency dental care now",
        }
    ),
    by="by {day}",
    at_once="Get help at once if you see",
    red_flags=(
        "swelling of the face, the eye or the neck",
        "trouble breathing or swallowing",
        "fever together with a toothache",
        "bleeding that does not stop",
        "a blow to the face or teeth",
    ),
    call_now="Call 911 for trouble breathing or swallowing.",
    added="Added later",
    added_by="{author}, {day}",
    questions="Questions",
    contact="Call {practice}: {phone}. Say the case number {case}.",
    written_in="",
)

SPANISH = Phrases(
    months=(
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ),
    date_form="{day} de {month} de {year}",
    title="Lo que se vio en las imágenes de {name}",
    retracted="Este informe se retiró el {day}. No lo use. Por favor llámenos: {phone}.",
    how="Qué se hizo",
    taken="El {day}, {hygienist} tomó {pictures} de {name} en {site} y las envió a un dentista el {sent}.",
    sent_by_link="El {day}, {sender} tomó {pictures} de {name} y nos las envió por un enlace.",
    sent_by_office="{sender}, de {office}, nos envió {pictures} de {name} y pidió una opinión.",
    photographs=("fotografía", "fotografías"),
    radiographs=("radiografía", "radiografías"),
    joined="{one} y {other}",
    read="{dentist}, dentista con licencia {licence}, las miró el {day}.",
    apart="Miró solamente las imágenes y no vio a {name} en persona.",
    answer="La respuesta a su pregunta",
    seen="Lo que muestran las imágenes",
    tooth="Diente {tooth}",
    conditions=MappingProxyType(
        {
            "decay": "caries",
            "suspected": "posible caries",
            "watch": "un punto que vigilar",
            "sealant": "un sellante",
            "sealant_partial": "un sellante, perdido en parte",
            "sealant_lost": "un sellante perdido",
            "filling": "un empaste",
            "silver_fluoride": "fluoruro de plata",
            "broken": "roto",
            "present": "está en su lugar",
            "erupting": "está saliendo",
            "unerupted": "aún no ha salido",
            "exfoliated": "ya se cayó",
            "missing": "falta",
            "plaque": "placa",
            "gum_swelling": "encía inflamada",
            "healing": "está cicatrizando",
        }
    ),
    not_judged="Lo que las imágenes no pueden mostrar",
    limits="Una imagen muestra solamente lo que está delante de la cámara. Puede no verse un problema entre los dientes, "
    "debajo de la encía o debajo de un empaste.",
    unusable="Estas imágenes no se pudieron usar: {views}.",
    views=MappingProxyType(
        {
            "frontal": "la de frente",
            "right": "la del lado derecho",
            "left": "la del lado izquierdo",
            "upper": "la de los dientes de arriba",
            "lower": "la de los dientes de abajo",
            "smile": "la de la sonrisa",
            "face": "la de la cara",
            "lesion": "la de cerca de una mancha",
            "tongue": "la de la lengua",
            "tooth": "la de cerca de un diente",
            "bitewing-right": "la radiografía del lado derecho",
            "bitewing-left": "la radiografía del lado izquierdo",
            "periapical": "la radiografía de un diente",
            "occlusal": "la radiografía de un maxilar",
            "panoramic": "la radiografía de todos los dientes",
        }
    ),
    to_do="Qué hacer",
    how_soon="Cuándo",
    urgency=MappingProxyType(
        {
            "emergency": "hoy: esto no puede esperar",
            "urgent": "en los próximos dos días",
            "early": "en las próximas semanas",
            "routine": "en la próxima visita regular",
        }
    ),
    outcome=MappingProxyType(
        {
            "recall": "Haga revisar los dientes otra vez en la próxima fecha regular",
            "in_person": "Vaya a un dentista en persona",
            "refer": "Vaya a un especialista",
            "emergency": "Busque atención dental de emergencia ahora",
        }
    ),
    by="antes del {day} o ese mismo día",
    at_once="Busque ayuda de inmediato si ve",
    red_flags=(
        "hinchazón de la cara, del ojo o del cuello",
        "dificultad para respirar o tragar",
        "fiebre junto con dolor de muelas",
        "sangrado que no para",
        "un golpe en la cara o en los dientes",
    ),
    call_now="Llame al 911 si hay dificultad para respirar o tragar.",
    added="Añadido después",
    added_by="{author}, {day}",
    questions="Preguntas",
    contact="Llame a {practice}: {phone}. Diga el número de caso {case}.",
    written_in="Las palabras del dentista están aquí en inglés, como se escribieron. Llámenos si quiere que alguien se las explique.",
)

PHRASES: Mapping[Language, Phrases] = MappingProxyType({"en": ENGLISH, "es": SPANISH})
LANGUAGES: Mapping[Language, str] = MappingProxyType({"en": "English", "es": "Español"})


def language_of(home: str) -> Language:
    """The report's language for a language at home as it was typed; English where none of ours is meant."""
    return "es" if home.strip().casefold().startswith(("español", "espanol", "spanish", "castellano")) else "en"
