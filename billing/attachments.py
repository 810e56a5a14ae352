"""What stands beside a claim or a request: the packet and the pictures, each file under its attachment control number.

Named `<ACN>_<nn>.<ext>`, never by a patient. The plan is the same before the export (to look at) and in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from billing.models import AttachmentKind, Claim, Part
from billing.numbers import attachment_number
from cases.imaging.recipes import CLAIM
from cases.models import Asset, Derivative, Signature
from cases.packet_pictures import packet_pictures
from cases.view_labels import Family


@dataclass(frozen=True, slots=True)
class Picture:
    """One claim JPEG with the file of the record that it was made from; `derivative` None: it is not made yet."""

    file_name: str
    control_number: str
    asset: Asset
    derivative: Derivative | None
    marks: tuple[Mapping[str, Any], ...] = field(default=())  # of the dentist, to be drawn into it


@dataclass(frozen=True, slots=True)
class Planned:
    """One control number with its pictures; the packet's own number holds the packet as its first file."""

    kind: str
    control_number: str
    packet: str  # file name of the packet, "" where this number holds none
    pictures: tuple[Picture, ...]
    issued: str = ""  # the number that a clearinghouse gave to it; blank: ours goes out

    @property
    def named(self) -> str:
        """What PWK06 and the manifest say."""
        return self.issued or self.control_number


def planned_attachments(claim: Claim) -> tuple[Planned, ...]:
    """What the dentist's claim carries; the hygienist's and a void carry nothing."""
    if claim.part != Part.DENTIST or claim.is_void:
        return ()
    planned = planned_beside(claim.claim_id, case_id=claim.case_id, with_marks=claim.with_marks)
    return tuple(replace(one, issued=claim.attachment_numbers.get(str(one.kind), "")) for one in planned)


def planned_beside(number: str, *, case_id: int, with_marks: bool = False) -> tuple[Planned, ...]:
    """The packet with the photographs, and apart the radiographs, of a signed case. `number` is the claim's or the
    request's own. Three queries."""
    signed = Signature.objects.values_list("content", flat=True).get(case=case_id)
    assets = _signed_pictures(signed)
    made, marks = _derivatives(assets), signed_marks(signed) if with_marks else {}
    films = [asset for asset in assets if asset.family is Family.RADIOGRAPH]
    photographs = [asset for asset in assets if asset.family is Family.PHOTOGRAPH]
    packet = attachment_number(number, AttachmentKind.PACKET)
    planned = [
        Planned(AttachmentKind.PACKET, packet, f"{packet}_01.pdf", _named(packet, photographs, made, marks, first=2))
    ]
    if films:
        of_films = attachment_number(number, AttachmentKind.RADIOGRAPHS)
        planned.append(Planned(AttachmentKind.RADIOGRAPHS, of_films, "", _named(of_films, films, made, marks, first=1)))
    return tuple(planned)


def signed_marks(content: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """The marks that were signed, by the picture of the packet that they lie on: those on a slate or a letter go nowhere."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    going = packet_pictures(content)
    for one in content["review"].get("annotations", ()):
        if one["image"] in going:
            found.setdefault(one["image"], []).append(one)
    return found


def _signed_pictures(signed: Mapping[str, Any]) -> list[Asset]:
    """The pictures of the packet, in its order and under the views that were signed. The rows are not for saving."""
    views = packet_pictures(signed)
    found = {str(asset.public_id): asset for asset in Asset.objects.filter(public_id__in=views)}
    for image, asset in found.items():
        asset.view = views[image]
    return [found[image] for image in views]


def _derivatives(assets: list[Asset]) -> dict[int, list[Derivative]]:
    """Pages of the newest claim recipe of each picture, the right way round."""
    rows = Derivative.objects.filter(asset__in=assets, recipe=CLAIM.name).select_related("file")
    mirrored = {asset.pk: asset.mirrored for asset in assets}
    newest: dict[int, list[Derivative]] = {}
    for row in rows.order_by("asset_id", "-recipe_version", "page"):
        pages = newest.setdefault(row.asset_id, [])
        right_way = row.mirrored == mirrored[row.asset_id]
        if right_way and (not pages or pages[0].recipe_version == row.recipe_version):
            pages.append(row)
    return newest


def _named(
    number: str,
    assets: list[Asset],
    made: dict[int, list[Derivative]],
    marks: Mapping[str, list[Mapping[str, Any]]],
    *,
    first: int,
) -> tuple[Picture, ...]:
    nothing: list[Derivative | None] = [None]
    pages = [(asset, page) for asset in assets for page in (made.get(asset.pk) or nothing)]
    return tuple(
        Picture(f"{number}_{place:02d}.jpg", number, asset, page, _on_page(marks, asset, page))
        for place, (asset, page) in enumerate(pages, start=first)
    )


def _on_page(
    marks: Mapping[str, list[Mapping[str, Any]]], asset: Asset, page: Derivative | None
) -> tuple[Mapping[str, Any], ...]:
    number = page.page if page else 1
    return tuple(one for one in marks.get(str(asset.public_id), ()) if one["page"] == number)
