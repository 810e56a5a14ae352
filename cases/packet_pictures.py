"""Which pictures of a signed case stand in its documentation packet. The front desk sees these and no others.

Pure, and the one place that decides: the packet and the claim's attachments of the money half begin here too.
"""

from collections.abc import Mapping
from typing import Any

from cases import view_labels
from cases.imaging.recipes import CLAIM, THUMBNAIL

LARGE = CLAIM.name  # as payers get it
RECIPES = frozenset({CLAIM.name, THUMBNAIL.name})


def packet_pictures(signed: Mapping[str, Any]) -> dict[str, str]:
    """Public id and signed view of each, in the order of the record, from the content of the signature.

    The pictures of the patient's mouth that the dentist signed for; not the slate, whose pixels bear a name, and no
    form or letter.
    """
    images = (one for one in signed["images"] if one["view"])
    return {one["image"]: one["view"] for one in images if view_labels.is_clinical(one["view"])}
