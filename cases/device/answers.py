"""Answers to the questionnaire out of a manifest, by the same rules as the page's forms. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from cases import questionnaires
from cases.device.reading import Reader
from cases.questionnaires import Question

TEXT_MAX = {"text": 300, "long": 2000, "phone": 30}  # as the forms of Capture take them
WORDS_MAX = 300  # of "other"
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)


def read_answers(said: Reader, questions: Iterable[Question]) -> Mapping[str, Any]:
    """By key; a question that was not asked has none."""
    asked = tuple(questions)
    known = {key for one in asked for key in (one.key, *([one.text_key] if one.other else []))}
    content = said.content.get("answers", {})
    keys = known & content.keys() if isinstance(content, dict) else set()
    answers = Reader(content, said.at("answers"), keys, said.faults)
    found: dict[str, Any] = {}
    for one in asked:
        if one.key in answers.content or one.text_key in answers.content:
            words = answers.text(one.text_key, WORDS_MAX) if one.other else ""
            found |= questionnaires.settled(one, _value(answers, one), words)
    return {key: value for key, value in found.items() if value is not None}


def _value(answers: Reader, asked: Question) -> Any:
    match asked.kind:
        case "many":
            return _chosen(answers, asked)
        case "one":
            return answers.choice(asked.key, asked.choices, needed=False)
        case "date":
            if answers.content.get(asked.key, "") == "":
                return ""
            return answers.day(asked.key, EARLIEST, LATEST).isoformat()
    return answers.text(asked.key, TEXT_MAX[asked.kind])


def _chosen(answers: Reader, asked: Question) -> list[str]:
    value = answers.content.get(asked.key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one in asked.choices for one in value):
        answers.fault(asked.key, "is not a list of its possible answers.")
        return []
    return list(dict.fromkeys(value))
