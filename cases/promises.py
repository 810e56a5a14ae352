"""Words that promise health, which pictures cannot show (RE-6). Pure; English, and the commonest Spanish.

"No decay seen in these pictures" says what was looked at and stands; "no decay", "caries: none" and "healthy teeth" do
not. The patterns would rather ask for a clearer sentence than let a promise through.
"""

import re
import unicodedata
from collections.abc import Iterable

from teledent.kit.decisions import Refused

_DISEASE = r"(?:cavit(?:y|ies)|caries|carious|decay(?:ed)?|rot(?:ten)?)"
_BETWEEN = (  # words that may stand between "no" and the disease without changing what is said
    r"(?:(?:a|any|the|of|or|and|other|further|more|new|old|visible|obvious|active|clear|frank|gross|open|early|deep|evidence"
    r"|signs?|indications?|presence|tooth|teeth|single|apparent|detectable|suspected|suspicious|untreated|current|recurrent"
    r"|smooth|surface|pit|fissure|root|lesions?|areas?|spots?|radiographic|\w+al)\s+){0,5}"
)
_NO = (
    r"(?:no|not\s+any|nor|without(?:\s+any)?|zero|free\s+(?:of|from)|absence\s+of|lack\s+of|negative\s+for|clear\s+of"
    r"|(?:does|do|did|has|have|had)\s*(?:not|n[o']t)\s+(?:have|show|reveal|find)|(?:doesn|don|didn|hasn|haven)['’]?t\s+(?:have|show)"
    r"|sin|ning[uú]na?|no\s+(?:hay|tiene))"
)
_NONE = (
    r"(?:none|nil|nothing|absent|zero|negative|not\s+(?:present|seen|found|detected|noted|visible|evident|apparent|there)"
    r"|ruled\s+out|excluded)"
)
_MOUTH = r"(?:teeth|tooth|mouth|dentition|gums?|gingivae?|enamel|oral\s+health|dientes|boca|enc[ií]as)"
_WELL = r"(?:healthy|sound|fine|perfect|excellent|disease[ -]free|unremarkable|normal|san[oa]s?)"
_IS = r"(?:is|are|was|were|looks?|appears?|seems?|to\s+be|est[aá]n?)"
_LINK = rf"(?:(?:{_IS}|all|both|very|generally|overall|quite|in|good)\s+){{0,4}}"

_NO_DISEASE = re.compile(
    rf"\b{_NO}\s+{_BETWEEN}{_DISEASE}\b"
    rf"|\b{_DISEASE}\b(?:\s+(?!cannot|may)\w+){{0,2}}\s*[:=–-]*\s*(?:{_IS}\s+)?{_NONE}\b"
)
_FREE = re.compile(rf"\b{_DISEASE}[ -]?free\b")
_HEALTHY = re.compile(
    rf"\b{_MOUTH}\s+{_LINK}{_WELL}\b"
    rf"|\b{_WELL}\s+(?:and\s+\w+\s+|looking\s+|primary\s+|permanent\s+|oral\s+)?{_MOUTH}\b(?![ -]?(?:brush|paste|clean))"
    r"|\ball\s+(?:teeth\s+)?(?:is\s+|are\s+|looks?\s+)?(?:clear|well|healthy|fine|good|normal)\b"
    r"|\beverything\s+(?:is\s+|looks?\s+)(?:all\s+)?(?:clear|well|healthy|fine|good|normal)\b"
    r"|\bnothing\s+(?:is\s+)?(?:wrong|abnormal)\b|\bno\s+(?:dental\s+|oral\s+)?(?:disease|patholog\w+|abnormalit\w+)\b"
    r"|\bno\s+(?:dental|oral)\s+(?:problems?|issues?|concerns?)\b"
)  # fmt: skip
_SEEN = re.compile(r"\b(?:seen|visible|apparent|noted|shown|show|shows|detected|evident|identified|found)\b")
_IN_PICTURES = re.compile(
    r"\b(?:in|on|from)\s+(?:\w+\s+){0,3}(?:pictures?|images?|photographs?|photos?|radiographs?|views?|bitewings?|films?)\b"
)


def promise_in(texts: Iterable[str]) -> str:
    """The first words among `texts` that promise health, as they stand there; empty when none do."""
    for text in texts:
        for sentence in re.split(r"(?<=[.!?;])\s+|\n+", _folded(text)):
            if found := _promise(sentence):
                return found
    return ""


def refuse_promise(text: str) -> None:
    """RE-6 holds for whatever a person writes into the record, also after the signature. Raises Refused."""
    if promised := promise_in([text]):
        raise Refused(
            f"“{promised}” cannot be concluded from pictures. Say what was seen and what could not be judged."
        )


def _promise(sentence: str) -> str:
    certain = _FREE.search(sentence) or _HEALTHY.search(sentence)
    if certain:
        return certain.group()
    denied = _NO_DISEASE.search(sentence)
    limited = _IN_PICTURES.search(sentence) and _SEEN.search(sentence)
    return denied.group() if denied and not limited else ""


def _folded(text: str) -> str:
    """Lower case, one kind of hyphen, single spaces."""
    plain = re.sub(r"[\u2010-\u2015\u2212\u00ad]", "-", unicodedata.normalize("NFKC", text))
    return re.sub(r"[^\S\n]+", " ", plain).casefold()
