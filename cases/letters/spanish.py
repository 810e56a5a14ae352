"""The letter in Spanish."""

from collections.abc import Mapping
from types import MappingProxyType

SPANISH: Mapping[str, str] = MappingProxyType(
    {
        "language": "Español",
        "home_words": "Spanish, español, espanol, castellano",
        "months": "enero, febrero, marzo, abril, mayo, junio, julio, agosto, septiembre, octubre, noviembre, diciembre",
        "date": "{day} de {month} de {year}",
        "title": "Imágenes de los dientes de {child}: qué se vio y qué hacer",
        "greeting": "Hola, {guardian}:",
        "intro": "El {day}, {hygienist} tomó imágenes de los dientes de {child} en {site}. Más tarde las miró {dentist}, "
        "dentista.",
        "apart": "El dentista miró solamente las imágenes y no vio a {child} en persona.",
        "heading_do": "Qué hacer",
        "outcome_recall": "Haga revisar los dientes de {child} otra vez en la próxima fecha regular.",
        "outcome_in_person": "Por favor lleve a {child} a un dentista para una visita en persona.",
        "outcome_refer": "Por favor lleve a {child} a un especialista. Le ayudamos a encontrar uno.",
        "outcome_emergency": "Por favor busque ahora atención dental de emergencia para {child}. Esto no puede esperar.",
        "by_when": "Por favor hágalo antes del {day} o ese mismo día.",
        "heading_seen": "Lo que se vio en las imágenes",
        "tooth": "Diente {tooth}: {condition}",
        "condition_decay": "caries",
        "condition_suspected": "posible caries",
        "condition_watch": "un punto que vigilar",
        "condition_sealant": "un sellante",
        "condition_filling": "un empaste",
        "condition_silver_fluoride": "fluoruro de plata",
        "condition_broken": "roto",
        "condition_missing": "falta",
        "condition_erupting": "está saliendo",
        "condition_plaque": "placa",
        "condition_gum_swelling": "encía inflamada",
        "condition_healing": "está cicatrizando",
        "condition_sealant_partial": "un sellante, falta una parte",
        "condition_sealant_lost": "un sellante que se cayó",
        "condition_present": "está",
        "condition_unerupted": "aún no ha salido",
        "condition_exfoliated": "se cayó por sí solo",
        "see_words": "Las palabras del dentista, más abajo, dicen lo que muestran las imágenes.",
        "heading_not_judged": "Lo que no se pudo juzgar",
        "limits": "Una imagen muestra solamente lo que está delante de la cámara. Puede no verse un problema entre los "
        "dientes, debajo de la encía o debajo de un empaste.",
        "unusable": "Algunas imágenes no se pudieron usar. No se juzgó lo que debían mostrar.",
        "own_words": "En palabras del dentista, en inglés como se escribieron",
        "heading_call": "A quién llamar",
        "call": "Llame a {practice}: {phone}. Diga el número {case}. Alguien le explica también las palabras en inglés.",
        "at_once": "Busque ayuda de inmediato si hay hinchazón de la cara, del ojo o del cuello, fiebre con dolor de muelas, "
        "sangrado que no para, o después de un golpe en los dientes. Llame al 911 si hay dificultad para respirar o tragar.",
        "page": "Página {page} de {pages}",
    }
)
