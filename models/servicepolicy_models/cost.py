"""The six parts of the yearly logistics cost."""

from servicepolicy_models.noun import Noun, Signed


class Cost(Noun):
    """Yearly cost in the scenario's currency: TLC = TRC + TIC + TSC + TTC + TWC, with LSC beside it."""

    response: Signed = 0.0
    """TRC: orders, lines, labour, errors, open channels, returns, less small-order surcharges."""
    inventory: Signed = 0.0
    """TIC: carrying rate x (cycle + safety + reserve + owned pipeline stock value)."""
    supply: Signed = 0.0
    """TSC: purchase premium or discount, ordering, inbound freight, open suppliers."""
    transport: Signed = 0.0
    """TTC: shipments to customers."""
    warehousing: Signed = 0.0
    """TWC: picking, handling, value-added work, storage, open locations and processes."""
    lost_sales: Signed = 0.0
    """LSC: pieces short x what they cost, and demand lost to slow promises."""

    @property
    def total(self) -> float:
        """TLC per year: the five logistics parts, without lost sales."""
        return self.response + self.inventory + self.supply + self.transport + self.warehousing

    @property
    def objective(self) -> float:
        """TLC + LSC per year: what is minimised."""
        return self.total + self.lost_sales

    def __add__(self, other: "Cost") -> "Cost":
        """Part by part."""
        return Cost(**{part: getattr(self, part) + getattr(other, part) for part in type(self).model_fields})


COST_PARTS: tuple[str, ...] = tuple(Cost.model_fields)
"""The names of the six parts, in the order of the formulation."""
