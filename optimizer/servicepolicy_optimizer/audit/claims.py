"""What a policy claims against what was recomputed: every figure, field by field."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from servicepolicy_models.errors import error
from servicepolicy_models.findings import Finding
from servicepolicy_models.noun import Noun
from servicepolicy_models.policy import Policy

TOLERANCE = 1e-6
"""Largest relative difference that is rounding."""
FLOOR = 1e-3
"""Amounts below a thousandth (of a piece, an hour, a unit of currency) are compared as if they were a
thousandth.
"""

COMMENTARY = {
    "marginal_cost_of_one_point": "a price of the model, not a property of the policy",
    "proof": "the solver's own; what follows from the policy is compared by itself (`proof_claims`)",
    "baselines": "policies of their own, judged by audits of their own",
    "conflicts": "of questions without an answer",
    "findings": "about the input",
    "assumptions": "the scenario's words",
    "items": "compared shelf by shelf (`item_claims.py`)",
}
"""Fields that are not recomputed, and why."""

KEYS = {
    "segments": ("customer_class", "item_class", "region"),
    "item_classes": ("item_class",),
    "uses": ("name",),
}
"""What identifies a row of a table."""


class Difference(NamedTuple):
    """A claim and what was found instead."""

    where: str
    """JSON Pointer into the policy."""
    claimed: Any
    found: Any
    relative: float
    """Infinite where the two are not both numbers."""

    def finding(self) -> Finding:
        """The difference in words."""
        return error(
            self.where,
            f"the policy says {shown(self.claimed)}, recomputed it is {shown(self.found)}.",
            "audit.difference",
            "Do not use the policy; one of the two computations is wrong.",
        )


def relative_difference(claimed: float, found: float) -> float:
    """|claimed - found| / max(|claimed|, |found|, a thousandth).  [-]

    >>> relative_difference(101.0, 100.0) == 1 / 101
    True
    """
    return abs(claimed - found) / max(abs(claimed), abs(found), FLOOR)


def shown(value: Any) -> str:
    """A claim as the reader sees it."""
    return f"{value:.9g}" if isinstance(value, float) else repr(value)


def compared(claimed: Any, found: Any, where: str = "") -> Iterator[Difference]:
    """Every scalar below the two values, compared; `where` is the pointer to them."""
    if isinstance(claimed, Noun) and isinstance(found, Noun):
        for name in type(found).model_fields:
            if name not in COMMENTARY:
                yield from compared(getattr(claimed, name), getattr(found, name), f"{where}/{name}")
    elif isinstance(claimed, tuple) and isinstance(found, tuple):
        yield from _rows(claimed, found, where)
    elif isinstance(claimed, Mapping) and isinstance(found, Mapping):
        for name in {**claimed, **found}:
            yield from compared(claimed.get(name), found.get(name), f"{where}/{name}")
    elif _is_number(claimed) and _is_number(found):
        yield Difference(where, claimed, found, relative_difference(claimed, found))
    elif claimed != found:
        yield Difference(where, claimed, found, float("inf"))


def proof_claims(policy: Policy, again: Policy) -> Iterator[Difference]:
    """What the proof says that follows from the policy: its objective, and the gap to its bound."""
    proof, cost = policy.proof, again.cost
    if cost is None:
        return
    if proof.objective is not None:
        yield from compared(proof.objective, cost.objective, "/proof/objective")
    if proof.item_level_bound is not None and cost.objective != 0:
        # Small-order surcharges can make a cost negative; a gap never is.
        gap = max(cost.objective - proof.item_level_bound, 0.0) / abs(cost.objective)
        yield from compared(proof.item_level_gap, gap, "/proof/item_level_gap")


def _rows(claimed: tuple[Any, ...], found: tuple[Any, ...], where: str) -> Iterator[Difference]:
    """Rows of a table, matched by what identifies them; a row too many or too few is a difference."""
    keys = KEYS[where.rsplit("/", 1)[-1]]
    place = {tuple(getattr(row, key) for key in keys): at for at, row in enumerate(claimed)}
    for row in found:
        at = place.pop(tuple(getattr(row, key) for key in keys), None)
        if at is None:
            yield Difference(where, None, row, float("inf"))
        else:
            yield from compared(claimed[at], row, f"{where}/{at}")
    for at in place.values():
        yield Difference(f"{where}/{at}", claimed[at], None, float("inf"))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
