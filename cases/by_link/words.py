"""What a sender reads, by language. A version is never changed once somebody may have agreed to it: a new wording is a new one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from cases.models.consent import Scope


@dataclass(frozen=True, slots=True)
class Words:
    """One version in one language. `{name}` is the patient's initial, `{practice}` and `{phone}` the practice's.

    `questions` has a legend for each key that may be asked, `choices` the answers of each that has some.
    """

    version: str
    language: str  # code
    name: str  # of the language, as people of it write it
    said: Mapping[str, str]  # everything that is neither asked nor agreed to
    flags: Mapping[str, str]
    about: str
    asked: Mapping[str, str]  # scope to sentence
    statement: str
    relations: Mapping[str, str]
    questions: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]
    views: Mapping[str, tuple[str, str]]  # title, and how to take it
    reached: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.said[key]

    @property
    def sha256(self) -> str:
        """Over what the sender agrees to: the text and each sentence that is asked."""
        said = "\n".join((self.about, *(f"{scope}: {text}" for scope, text in self.asked.items())))
        return hashlib.sha256(said.encode()).hexdigest()


ENGLISH = Words(
    version="link-2026-11",
    language="en",
    name="English",
    said={
        "title": "Send pictures to your dentist",
        "for": "For {name}",
        "start": "{practice} asks you for pictures of {name}’s mouth. It takes about five minutes. You need no account, and you "
        "can stop at any time: nothing is read before you press “Send”.",
        "begin": "Begin",
        "other_language": "Español",
        "go_on": "Go on",
        "back": "Back",
        "change": "Change",
        "step": "Step {step} of {steps}",
        "needs": "Please look at this once more",
        "birth_title": "When was {name} born?",
        "birth_hint": "So that we know that this link reached the right family.",
        "birth_day": "Birth date",
        "birth_wrong": "This is not the birth date that we have. Please look at it once more.",
        "flags_title": "Is one of these true now?",
        "flags_hint": "Tick everything that is true. If one is, please call us before you send anything.",
        "flags_none": "None of these",
        "call_title": "Call now",
        "call_text": "What you ticked cannot wait for pictures. Call {practice}. If nobody answers at once, or if breathing is hard, "
        "call 911.",
        "call_us": "Call {phone}",
        "call_911": "Call 911",
        "call_on": "I will send pictures as well",
        "call_strip": "You ticked something that cannot wait. Call now:",
        "consent_title": "May we look at your pictures?",
        "place_title": "Where is {name} now?",
        "place_hint": "The dentist needs a licence in the state where {name} is.",
        "state": "State",
        "state_choose": "Choose a state",
        "at_home": "At home",
        "elsewhere": "Somewhere else",
        "place": "Place",
        "yes": "Yes",
        "no": "No",
        "cannot": "Without this we cannot read pictures. Nothing was sent. Call {practice}, {phone}, for a visit in person.",
        "signer_title": "Who are you?",
        "signer": "Your first and last name",
        "signer_hint": "Typing your name here counts as your signature.",
        "authority": "You are",
        "other_authority": "Something else, in a few words",
        "needs_authority": "Say who you are to {name}.",
        "needs_name": "Type your first and last name.",
        "needs_answer": "Please answer this.",
        "needs_words": "Say it in a few words.",
        "agree": "I agree",
        "refused_title": "Please call us",
        "refused_text": "This cannot be done by the link. Call {practice}, {phone}.",
        "before_title": "Somebody agreed before you",
        "before_text": "Somebody else has agreed by this link already. That answer counts; yours, and the name that you typed, were not "
        "kept. What you ticked first was. If you do not agree with what was answered, call {practice}.",
        "sender": "Sent by",
        "questions_title": "How is {name}?",
        "other": "Something else",
        "other_words": "Something else, in your words",
        "pictures_title": "Take the pictures",
        "pictures_hint": "Good light, a clean lens, and the camera a hand’s width away. One picture is enough; more help. Wash your "
        "hands first.",
        "take": "Take picture",
        "choose": "Choose a picture",
        "take_away": "Take away",
        "waiting": "Waiting to be sent",
        "sending": "Sending",
        "received": "Received",
        "unusable": "We cannot read this file. Take it again.",
        "interrupted": "Interrupted. It goes on by itself.",
        "broken_off": "Interrupted. Choose the same picture again, or take it away.",
        "stays": "It is not taken away yet. Try again.",
        "dark": "It looks dark. Turn on a light and take it again.",
        "bright": "It looks too bright. Go out of the glare and take it again.",
        "blurred": "It looks blurred. Hold still, a little further away.",
        "small": "It is very small. Take it with the camera itself.",
        "twice": "You have this picture here already.",
        "too_large": "This file is too large. Take a picture with the camera.",
        "enough": "This link takes no more pictures. Send what you have.",
        "no_script": "This page cannot send pictures with this browser. Open the link in another browser, or call {phone}.",
        "not_secure": "This browser sends pictures only over a secure address (https). Call {phone}.",
        "send_title": "Send it",
        "send_count": "Pictures",
        "reached_title": "You ticked something that cannot wait. Did you call?",
        "send": "Send",
        "before_send": "A dentist reads it later, not this minute. If it gets worse, do not wait: call {phone}, or 911.",
        "sent_title": "Sent",
        "sent_text": "{practice} has your pictures since {when}. A dentist reads them, and then we call you.",
        "sent_worse": "If it gets worse, do not wait for us:",
        "lacking_pictures": "Send at least one picture of the mouth first.",
        "lacking_arriving": "A picture is still on its way. Wait until all say “Received”, or take it away.",
        "lacking_unusable": "A picture cannot be read. Take it again, or take it away.",
        "lacking_questions": "Some questions are not answered yet.",
        "gone_title": "This link does not work",
        "gone": "It ran out, was used already, or is not complete. Call your dental practice for a new one. If you cannot breathe or "
        "swallow well, or bleeding does not stop, call 911.",
        "no_dentist": "No dentist of {practice} may read pictures from there. Call {phone}.",
        "lacking_other": "It could not be sent. Call {phone}.",
    },
    flags={
        "airway": "Breathing or swallowing is hard",
        "swelling_eye_neck": "A swelling grows, or goes towards the eye or the neck",
        "fever": "Fever, and something in the mouth is swollen",
        "trauma": "A blow or fall: a tooth was knocked out, the jaw is hurt, or {name} passed out",
        "bleeding": "Bleeding that does not stop after 20 minutes of biting on a clean cloth",
    },
    about="You take pictures of the mouth and answer questions. A dentist who is somewhere else reads them later and writes what they "
    "show and what to do. Nobody of the practice sees the patient today, and pictures cannot show everything: a visit in person may "
    "still be needed, and you may ask for one instead at any time. The pictures and answers go into the patient’s record. You may take "
    "your consent back at any time by calling the practice.",
    asked={
        Scope.PHOTOGRAPHS: "Keep the pictures of the mouth that I send",
        Scope.TELEDENTISTRY: "Let a dentist somewhere else read them later",
        Scope.BILLING: "Bill the patient’s insurance for it",
    },
    statement="I took or chose these pictures myself. They are of {name}, and what I answered is true as far as I know. I send them to be "
    "read later by a dentist.",
    relations={
        "self": "The patient, 18 or older",
        "mother": "The mother",
        "father": "The father",
        "guardian": "The legal guardian",
    },
    questions={
        "complaint": "What is wrong?",
        "present_place": "Where exactly is {name} now? Street and town",
        "callback": "A phone number where we reach you now",
        "since": "Since when?",
        "question": "What do you want the dentist to tell you?",
        "existing_plan": "What did the other dentist say or plan?",
        "procedure": "What was done?",
        "procedure_date": "On which day?",
        "operator": "Who did it?",
        "symptoms": "How has it been since?",
        "conditions": "Illnesses that {name} has",
        "allergies": "Allergies",
        "medicines": "Medicines now",
    },
    choices={
        "complaint": {"none_stated": "Nothing is wrong", "pain": "Pain", "swelling": "Swelling", "cold": "Cold hurts",
                      "broken": "Broken tooth", "bleeding": "Bleeding gums"},
        "symptoms": {"none": "All is well", "pain": "Pain", "swelling": "Swelling", "bleeding": "Bleeding", "numb": "Numb",
                     "fever": "Fever"},
        "conditions": {"none_known": "None that I know", "asthma": "Asthma", "heart": "Heart", "diabetes": "Diabetes",
                       "bleeding": "Bleeds easily", "seizures": "Seizures"},
        "allergies": {"none_known": "None that I know", "penicillin": "Penicillin", "latex": "Latex",
                      "resin": "Fillings or tape (resin)"},
        "medicines": {"none": "None", "inhaler": "Inhaler", "antibiotic": "Antibiotic", "blood_thinner": "Blood thinner"},
    },
    views={
        "lesion": ("The place itself", "As near as it stays sharp. Pull the lip or cheek aside with a clean finger."),
        "frontal": ("The teeth from the front", "Bite together, lips pulled apart, the camera straight ahead."),
        "right": ("The right side", "Bite together, pull the right cheek back."),
        "left": ("The left side", "Bite together, pull the left cheek back."),
        "upper": ("The upper teeth", "Head back, mouth wide open, the camera from below."),
        "lower": ("The lower teeth", "Chin down, mouth wide open, the camera from above."),
        "face": ("The face", "From the front, mouth closed, so that a swelling can be seen."),
        "plan": ("Papers", "The other dentist’s plan or letter, flat and readable."),
    },
    reached={
        "spoke": "Yes, I spoke with someone",
        "nobody": "I called, and nobody answered",
        "not_called": "I have not called",
    },
)  # fmt: skip
SPANISH = Words(
    version="link-2026-11",
    language="es",
    name="Español",
    said={
        "title": "Envíe fotos a su dentista",
        "for": "Para {name}",
        "start": "{practice} le pide fotos de la boca de {name}. Toma unos cinco minutos. No necesita una cuenta y puede parar cuando "
        "quiera: nadie lee nada antes de que usted pulse «Enviar».",
        "begin": "Empezar",
        "other_language": "English",
        "go_on": "Seguir",
        "back": "Atrás",
        "change": "Cambiar",
        "step": "Paso {step} de {steps}",
        "needs": "Por favor, revise esto otra vez",
        "birth_title": "¿Cuándo nació {name}?",
        "birth_hint": "Así sabemos que este enlace llegó a la familia correcta.",
        "birth_day": "Fecha de nacimiento",
        "birth_wrong": "No es la fecha que tenemos. Por favor, revísela otra vez.",
        "flags_title": "¿Es cierto ahora algo de esto?",
        "flags_hint": "Marque todo lo que sea cierto. Si algo lo es, por favor llámenos antes de enviar nada.",
        "flags_none": "Nada de esto",
        "call_title": "Llame ahora",
        "call_text": "Lo que marcó no puede esperar a las fotos. Llame a {practice}. Si nadie contesta enseguida, o si cuesta respirar, "
        "llame al 911.",
        "call_us": "Llamar al {phone}",
        "call_911": "Llamar al 911",
        "call_on": "También voy a enviar fotos",
        "call_strip": "Usted marcó algo que no puede esperar. Llame ahora:",
        "consent_title": "¿Podemos mirar sus fotos?",
        "place_title": "¿Dónde está {name} ahora?",
        "place_hint": "El dentista necesita una licencia en el estado donde está {name}.",
        "state": "Estado",
        "state_choose": "Elija un estado",
        "at_home": "En casa",
        "elsewhere": "En otro lugar",
        "place": "Lugar",
        "yes": "Sí",
        "no": "No",
        "cannot": "Sin esto no podemos leer fotos. No se envió nada. Llame a {practice}, {phone}, para una visita en persona.",
        "signer_title": "¿Quién es usted?",
        "signer": "Su nombre y apellido",
        "signer_hint": "Escribir aquí su nombre vale como su firma.",
        "authority": "Usted es",
        "other_authority": "Otra cosa, en pocas palabras",
        "needs_authority": "Diga quién es usted para {name}.",
        "needs_name": "Escriba su nombre y apellido.",
        "needs_answer": "Por favor, conteste esto.",
        "needs_words": "Dígalo en pocas palabras.",
        "agree": "Estoy de acuerdo",
        "refused_title": "Por favor, llámenos",
        "refused_text": "Esto no se puede hacer con el enlace. Llame a {practice}, {phone}.",
        "before_title": "Otra persona aceptó antes que usted",
        "before_text": "Otra persona ya aceptó con este enlace. Vale esa respuesta; la de usted y el nombre que escribió no se guardaron. "
        "Lo que marcó al principio sí. Si no está de acuerdo con lo que se contestó, llame a {practice}.",
        "sender": "Enviado por",
        "questions_title": "¿Cómo está {name}?",
        "other": "Otra cosa",
        "other_words": "Otra cosa, con sus palabras",
        "pictures_title": "Tome las fotos",
        "pictures_hint": "Buena luz, la lente limpia y la cámara a un palmo. Una foto basta; más ayudan. Lávese antes las manos.",
        "take": "Tomar foto",
        "choose": "Elegir una foto",
        "take_away": "Quitar",
        "waiting": "Esperando para enviarse",
        "sending": "Enviando",
        "received": "Recibida",
        "unusable": "No podemos leer este archivo. Tómela otra vez.",
        "interrupted": "Interrumpido. Sigue solo.",
        "broken_off": "Interrumpida. Elija la misma foto otra vez, o quítela.",
        "stays": "Todavía no se quitó. Inténtelo otra vez.",
        "dark": "Parece oscura. Encienda una luz y tómela otra vez.",
        "bright": "Parece demasiado clara. Evite el reflejo y tómela otra vez.",
        "blurred": "Parece borrosa. No se mueva, un poco más lejos.",
        "small": "Es muy pequeña. Tómela con la cámara misma.",
        "twice": "Esta foto ya está aquí.",
        "too_large": "Este archivo es demasiado grande. Tome una foto con la cámara.",
        "enough": "Este enlace no acepta más fotos. Envíe las que tiene.",
        "no_script": "Esta página no puede enviar fotos con este navegador. Abra el enlace en otro navegador o llame al {phone}.",
        "not_secure": "Este navegador envía fotos solo por una dirección segura (https). Llame al {phone}.",
        "send_title": "Envíelo",
        "send_count": "Fotos",
        "reached_title": "Usted marcó algo que no puede esperar. ¿Llamó?",
        "send": "Enviar",
        "before_send": "Un dentista lo lee más tarde, no en este minuto. Si empeora, no espere: llame al {phone} o al 911.",
        "sent_title": "Enviado",
        "sent_text": "{practice} tiene sus fotos desde {when}. Un dentista las lee y después le llamamos.",
        "sent_worse": "Si empeora, no nos espere:",
        "lacking_pictures": "Envíe antes al menos una foto de la boca.",
        "lacking_arriving": "Una foto todavía está en camino. Espere a que todas digan «Recibida», o quítela.",
        "lacking_unusable": "Una foto no se puede leer. Tómela otra vez o quítela.",
        "lacking_questions": "Faltan preguntas por contestar.",
        "gone_title": "Este enlace no funciona",
        "gone": "Venció, ya se usó o no está completo. Llame a su consultorio dental para pedir otro. Si le cuesta respirar o tragar, o "
        "si la sangre no para, llame al 911.",
        "no_dentist": "Ningún dentista de {practice} puede leer fotos desde allí. Llame al {phone}.",
        "lacking_other": "No se pudo enviar. Llame al {phone}.",
    },
    flags={
        "airway": "Cuesta respirar o tragar",
        "swelling_eye_neck": "Una hinchazón crece, o va hacia el ojo o el cuello",
        "fever": "Fiebre, y algo en la boca está hinchado",
        "trauma": "Un golpe o una caída: se salió un diente, duele la mandíbula, o {name} perdió el conocimiento",
        "bleeding": "Sangre que no para después de 20 minutos de morder un paño limpio",
    },
    about="Usted toma fotos de la boca y contesta preguntas. Un dentista que está en otro lugar las lee más tarde y escribe lo que "
    "muestran y qué hacer. Nadie del consultorio ve hoy al paciente, y las fotos no lo muestran todo: puede hacer falta una visita en "
    "persona, y usted puede pedirla en cualquier momento en lugar de esto. Las fotos y las respuestas quedan en el expediente del "
    "paciente. Usted puede retirar su consentimiento en cualquier momento llamando al consultorio.",
    asked={
        Scope.PHOTOGRAPHS: "Guardar las fotos de la boca que envío",
        Scope.TELEDENTISTRY: "Que un dentista en otro lugar las lea más tarde",
        Scope.BILLING: "Cobrarlo al seguro del paciente",
    },
    statement="Yo tomé o elegí estas fotos. Son de {name}, y lo que contesté es cierto hasta donde sé. Las envío para que un dentista "
    "las lea más tarde.",
    relations={
        "self": "El paciente, de 18 años o más",
        "mother": "La madre",
        "father": "El padre",
        "guardian": "El tutor legal",
    },
    questions={
        "complaint": "¿Qué pasa?",
        "present_place": "¿Dónde está {name} ahora exactamente? Calle y ciudad",
        "callback": "Un teléfono donde le encontramos ahora",
        "since": "¿Desde cuándo?",
        "question": "¿Qué quiere que le diga el dentista?",
        "existing_plan": "¿Qué dijo o planeó el otro dentista?",
        "procedure": "¿Qué se hizo?",
        "procedure_date": "¿Qué día?",
        "operator": "¿Quién lo hizo?",
        "symptoms": "¿Cómo ha estado desde entonces?",
        "conditions": "Enfermedades que tiene {name}",
        "allergies": "Alergias",
        "medicines": "Medicinas ahora",
    },
    choices={
        "complaint": {"none_stated": "No pasa nada", "pain": "Dolor", "swelling": "Hinchazón", "cold": "El frío duele",
                      "broken": "Diente roto", "bleeding": "Sangran las encías"},
        "symptoms": {"none": "Todo bien", "pain": "Dolor", "swelling": "Hinchazón", "bleeding": "Sangre", "numb": "Adormecido",
                     "fever": "Fiebre"},
        "conditions": {"none_known": "Ninguna que yo sepa", "asthma": "Asma", "heart": "Corazón", "diabetes": "Diabetes",
                       "bleeding": "Sangra fácilmente", "seizures": "Convulsiones"},
        "allergies": {"none_known": "Ninguna que yo sepa", "penicillin": "Penicilina", "latex": "Látex",
                      "resin": "Empastes o cinta (resina)"},
        "medicines": {"none": "Ninguna", "inhaler": "Inhalador", "antibiotic": "Antibiótico", "blood_thinner": "Anticoagulante"},
    },
    views={
        "lesion": ("El lugar mismo", "Lo más cerca que salga nítido. Aparte el labio o la mejilla con un dedo limpio."),
        "frontal": ("Los dientes de frente", "Muerda, labios separados, la cámara de frente."),
        "right": ("El lado derecho", "Muerda, aparte la mejilla derecha."),
        "left": ("El lado izquierdo", "Muerda, aparte la mejilla izquierda."),
        "upper": ("Los dientes de arriba", "Cabeza hacia atrás, boca bien abierta, la cámara desde abajo."),
        "lower": ("Los dientes de abajo", "Barbilla abajo, boca bien abierta, la cámara desde arriba."),
        "face": ("La cara", "De frente, boca cerrada, para que se vea una hinchazón."),
        "plan": ("Papeles", "El plan o la carta del otro dentista, planos y legibles."),
    },
    reached={
        "spoke": "Sí, hablé con alguien",
        "nobody": "Llamé y nadie contestó",
        "not_called": "No he llamado",
    },
)  # fmt: skip
WORDS: Mapping[str, Words] = {"en": ENGLISH, "es": SPANISH}
LANGUAGES = [(code, words.name) for code, words in WORDS.items()]
