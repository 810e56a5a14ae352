"""What a form says, by language. A version is never changed once a family may have signed it: a new wording is a new one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from cases.letters.catalogue import SHIPPED, language_spoken
from cases.models.consent import Scope


@dataclass(frozen=True, slots=True)
class Words:
    """One version in one language. `asked` has a sentence for each scope, in the order of the form."""

    version: str
    language: str  # code
    title: str
    about: str
    ask: str
    yes: str
    no: str
    asked: Mapping[str, str]
    child: str
    born: str
    school: str
    room: str
    signer: str
    authority: str
    signature: str
    signed_on: str
    phone: str
    back: str
    insurance: str
    payer: str
    member: str
    allergies: str
    for_us: str

    @property
    def sha256(self) -> str:
        """Over what the family agrees to: the text and each sentence that is asked."""
        said = "\n".join((self.about, self.ask, *(f"{scope}: {text}" for scope, text in self.asked.items())))
        return hashlib.sha256(said.encode()).hexdigest()


ENGLISH = Words(
    version="form-2026-11",
    language="en",
    title="May we look at your child’s teeth at school?",
    about="A hygienist looks at the teeth and takes pictures. A dentist who is somewhere else reads them later "
    "and writes what they show and what to do. Pictures cannot show everything; a visit to a dentist may "
    "still be needed. You may say no to any part, ask for a visit in person instead, and take your "
    "consent back at any time.",
    ask="Please answer each line.",
    yes="Yes",
    no="No",
    asked={
        Scope.SCREENING: "Look at my child’s teeth",
        Scope.PHOTOGRAPHS: "Take photographs of the teeth",
        Scope.TELEDENTISTRY: "Let a dentist somewhere else read the pictures later",
        Scope.RADIOGRAPHS: "Take X-ray pictures if a dentist asks for them",
        Scope.FLUORIDE: "Put fluoride varnish on the teeth",
        Scope.SEALANTS: "Seal grooves of back teeth",
        Scope.SILVER_FLUORIDE: "Put silver fluoride on a decayed tooth; it turns the spot black",
        Scope.SCHOOL: "Tell the school nurse how urgent a visit is",
        Scope.BILLING: "Bill my insurance",
        Scope.TEACHING: "Use the pictures for teaching, without the name",
    },
    child="Child",
    born="Born",
    school="School",
    room="Room",
    signer="Your name",
    authority="You are the child’s",
    signature="Signature",
    signed_on="Date",
    phone="Phone",
    back="Please give this page back to the school by",
    insurance="Dental insurance, if there is one",
    payer="Insurance company or Medicaid",
    member="Member number",
    allergies="Allergies, medicines, illnesses we should know of",
    for_us="Please do not fold through the square: it files the page.",
)
SPANISH = Words(
    version="form-2026-11",
    language="es",
    title="¿Podemos mirar los dientes de su hijo o hija en la escuela?",
    about="Un higienista mira los dientes y toma imágenes. Un dentista que está en otro lugar las lee más tarde"
    " y escribe lo que muestran y qué hacer. Las imágenes no lo muestran todo; puede hacer falta una "
    "visita al dentista. Usted puede decir que no a cualquier parte, pedir una visita en persona y "
    "retirar su consentimiento en cualquier momento.",
    ask="Por favor conteste cada línea.",
    yes="Sí",
    no="No",
    asked={
        Scope.SCREENING: "Mirar los dientes",
        Scope.PHOTOGRAPHS: "Tomar fotografías de los dientes",
        Scope.TELEDENTISTRY: "Que un dentista en otro lugar lea las imágenes más tarde",
        Scope.RADIOGRAPHS: "Tomar radiografías si un dentista las pide",
        Scope.FLUORIDE: "Poner barniz de flúor en los dientes",
        Scope.SEALANTS: "Sellar los surcos de las muelas",
        Scope.SILVER_FLUORIDE: "Poner fluoruro de plata en un diente con caries; la mancha se vuelve negra",
        Scope.SCHOOL: "Decir a la enfermera de la escuela qué tan urgente es una visita",
        Scope.BILLING: "Cobrar a mi seguro",
        Scope.TEACHING: "Usar las imágenes para enseñar, sin el nombre",
    },
    child="Niño o niña",
    born="Fecha de nacimiento",
    school="Escuela",
    room="Salón",
    signer="Su nombre",
    authority="Usted es",
    signature="Firma",
    signed_on="Fecha",
    phone="Teléfono",
    back="Por favor devuelva esta página a la escuela antes del",
    insurance="Seguro dental, si lo tiene",
    payer="Compañía de seguros o Medicaid",
    member="Número de miembro",
    allergies="Alergias, medicinas o enfermedades que debemos saber",
    for_us="Por favor no doble el cuadrado: con él se archiva la página.",
)
WORDS: Mapping[str, Words] = {"en": ENGLISH, "es": SPANISH}


def words_for(home_language: str) -> Words:
    """In the language that the family named as its own, English where the form is not written in it."""
    return WORDS.get(language_spoken(home_language, SHIPPED), ENGLISH)
