"""The pictures of a case as its pages show them: numbered, each with its facts, and what is not there yet."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F
from django.urls import reverse

from cases.models import Asset, AssetState, Case, Derivative
from cases.view_labels import VIEWS, Family

ORDER = {key: place for place, key in enumerate(VIEWS)}
GROUPS = {Family.RADIOGRAPH: "X-rays", Family.PHOTOGRAPH: "Photos", Family.DOCUMENT: "Documents"}


@dataclass(frozen=True, slots=True)
class Picture:
    """One page of one file that is in place; sizes in pixels of the large derivative."""

    number: int
    asset: Asset
    page: int
    large: str
    small: str
    width: int
    height: int
    group: str

    @property
    def key(self) -> str:
        return f"{self.asset.public_id}-{self.page}"

    @property
    def label(self) -> str:
        pages = f", page {self.page}" if self.page > 1 else ""
        return f"{self.asset.view_label}{pages}"

    @property
    def shortcut(self) -> str:
        return str(self.number) if self.number <= 9 else ""

    @property
    def described(self) -> str:
        """The alternative text: what it is said to show, never what it shows."""
        kind = str(self.asset.family or "picture")
        turned = ", mirror shot turned the right way round" if self.asset.mirrored else ""
        return f"{self.label}, {kind}{turned}"


@dataclass(frozen=True, slots=True)
class Absent:
    """A declared file that shows nothing yet, or never will, and why."""

    label: str
    word: str
    why: str
    kind: str


def pictures_of(case: Case, *, large: str = "review", only: Container[str] | None = None) -> tuple[Picture, ...]:
    """Pictures in place, radiographs first, each set in the standard order of views; `only` these ids. One query."""
    made = (
        Derivative.objects.filter(asset__case=case, asset__state=AssetState.EXAMINED, asset__hold_reason="")
        .filter(mirrored=F("asset__mirrored"), recipe=large)
        .select_related("asset")
        .order_by("recipe_version")
    )
    newest = {(one.asset_id, one.page): one for one in made if only is None or str(one.asset.public_id) in only}
    return tuple(_numbered(sorted(newest.values(), key=_place), large))


def _place(one: Derivative) -> tuple[int, int, int, int]:
    family = list(GROUPS).index(one.asset.family) if one.asset.family else len(GROUPS)
    return family, ORDER.get(one.asset.view, len(ORDER)), one.asset_id, one.page


def _numbered(made: Iterable[Derivative], large: str) -> Iterable[Picture]:
    for number, one in enumerate(made, start=1):
        group = GROUPS[one.asset.family] if one.asset.family else "No view yet"
        yield Picture(
            number=number, asset=one.asset, page=one.page, large=_address(one.asset.public_id, large, one.page),
            small=_address(one.asset.public_id, "thumbnail", one.page), width=one.width, height=one.height,
            group=group,
        )  # fmt: skip


def _address(public_id: UUID, recipe: str, page: int) -> str:
    return reverse("picture", args=[public_id, recipe, page])


def absent_of(assets: Iterable[Asset]) -> tuple[Absent, ...]:
    """Every declared file that no picture stands for, in the order it was declared."""
    return tuple(_absent(asset) for asset in assets if asset.is_held or asset.state != AssetState.EXAMINED)


def _absent(asset: Asset) -> Absent:
    """A file struck off says why it was; what it was held for, often another patient's name, stays in its own timeline."""
    if asset.is_held and asset.state != AssetState.STRUCK:
        return Absent(asset.view_label, "Held", asset.hold_reason, "wait")
    why = {AssetState.REFUSED: asset.refusal_sentence, AssetState.STRUCK: asset.struck_reason}.get(asset.state, "")  # type: ignore[call-overload]
    kind = {AssetState.DECLARED: "wait", AssetState.RECEIVED: "wait"}.get(asset.state, "")  # type: ignore[call-overload]
    return Absent(asset.view_label, asset.get_state_display(), why, kind)
