"""What the payer before said of single lines and took off: parts of `billing.claims.facts.EarlierAnswer`."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PayerAdjustment:
    """What a payer took off a charge, as its remittance writes it: group, reason (CARC) and signed dollars."""

    group: str
    reason: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """One line as the earlier payer judged it; `number` is ours."""

    number: int
    code: str
    charge: Decimal
    paid: Decimal
    adjustments: tuple[PayerAdjustment, ...] = ()

    @property
    def out_by(self) -> Decimal:
        """Dollars by which charge differs from paid and adjustments; 0 when it balances."""
        return self.charge - self.paid - sum((one.amount for one in self.adjustments), Decimal(0))


@dataclass(frozen=True, slots=True)
class CoveredLine:
    """One line that went to the earlier payer under the number of its authorisation; `number` is ours."""

    number: int
    authorisation: str
