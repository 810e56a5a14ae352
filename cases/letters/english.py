"""The letter in English."""

from collections.abc import Mapping
from types import MappingProxyType

ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "language": "English",
        "home_words": "English",
        "months": "January, February, March, April, May, June, July, August, September, October, November, December",
        "date": "{month} {day}, {year}",
        "title": "Pictures of {child}’s teeth: what was seen and what to do",
        "greeting": "Dear {guardian},",
        "intro": "On {day}, {hygienist} took pictures of {child}’s teeth at {site}. Later a dentist, {dentist}, looked at "
        "the pictures.",
        "apart": "The dentist looked at the pictures only and did not meet {child}.",
        "heading_do": "What to do",
        "outcome_recall": "Have {child}’s teeth looked at again at the next regular date.",
        "outcome_in_person": "Please take {child} to a dentist for a visit in person.",
        "outcome_refer": "Please take {child} to a specialist. We help you to find one.",
        "outcome_emergency": "Please get emergency dental care for {child} now. This cannot wait.",
        "by_when": "Please do this by {day}.",
        "heading_seen": "What was seen in the pictures",
        "tooth": "Tooth {tooth}: {condition}",
        "condition_decay": "decay",
        "condition_suspected": "may be decay",
        "condition_watch": "a spot to watch",
        "condition_sealant": "a sealant",
        "condition_filling": "a filling",
        "condition_silver_fluoride": "silver fluoride",
        "condition_broken": "broken",
        "condition_missing": "missing",
        "condition_erupting": "coming in",
        "condition_plaque": "plaque",
        "condition_gum_swelling": "swollen gum",
        "condition_healing": "healing",
        "condition_sealant_partial": "a sealant, part of it gone",
        "condition_sealant_lost": "a sealant that came off",
        "condition_present": "there",
        "condition_unerupted": "not in yet",
        "condition_exfoliated": "fell out by itself",
        "see_words": "The dentist’s own words below say what the pictures show.",
        "heading_not_judged": "What could not be judged",
        "limits": "A picture shows only what lies in front of the camera. Problems between teeth, below the gum or under a "
        "filling can be missed.",
        "unusable": "Some of the pictures could not be used. What they were to show was not judged.",
        "own_words": "In the dentist’s own words",
        "heading_call": "Whom to call",
        "call": "Call {practice}: {phone}. Say the number {case}.",
        "at_once": "Get help at once for swelling of the face, the eye or the neck, for fever together with a toothache, for "
        "bleeding that does not stop, or after a blow to the teeth. Call 911 for trouble breathing or swallowing.",
        "page": "Page {page} of {pages}",
    }
)
