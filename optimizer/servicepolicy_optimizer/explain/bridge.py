"""The cost bridge from one run to the next: what each group of inputs adds, to the cent."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from servicepolicy_models.comparison import Contribution, InputGroup
from servicepolicy_models.cost import COST_PARTS, Cost
from servicepolicy_models.policy import Policy
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.explain.attribution import Attribution, to_the_cent
from servicepolicy_optimizer.facts import Floats


class Run(Protocol):
    """A run by its name, question and answer."""

    @property
    def name(self) -> str:
        """As the reader calls it."""
        ...

    @property
    def scenario(self) -> Scenario:
        """The question."""
        ...

    @property
    def policy(self) -> Policy:
        """The answer found at the time."""
        ...


def contributions(
    before: Run, after: Run, shared: Attribution, now_before: Floats, now_after: Floats
) -> tuple[Contribution, ...]:
    """The largest first; last, where it is not zero, what the program itself answers differently.

    now_before, now_after: (6,) cost parts that this program finds for the two questions. The engine's amount
    is (recorded after − now after) − (recorded before − now before), so that all amounts together lead from
    the one recorded cost to the other.
    """
    parts: dict[tuple[InputGroup, ...], Floats] = {
        tuple(InputGroup(str(cause)) for cause in causes): np.asarray(share)
        for causes, share in shared.shares.items()
    }
    recorded_before, recorded_after = _parts(before.policy), _parts(after.policy)
    parts[InputGroup.ENGINE,] = (recorded_after - now_after) - (recorded_before - now_before)
    total = round(float(recorded_after.sum()), 2) - round(float(recorded_before.sum()), 2)
    cents = to_the_cent([float(share.sum()) for share in parts.values()], total)
    told = [
        Contribution(
            groups=groups,
            amount=amount,
            parts=Cost(**dict(zip(COST_PARTS, share.tolist(), strict=True))),
            sentence=_sentence(groups, amount, share, before),
        )
        for (groups, share), amount in zip(parts.items(), cents, strict=True)
        if groups != (InputGroup.ENGINE,) or amount != 0.0
    ]
    return tuple(sorted(told, key=lambda one: (InputGroup.ENGINE in one.groups, -abs(one.amount))))


def difference_sentence(before: Run, after: Run, shared: Attribution, told: Sequence[Contribution]) -> str:
    """The whole difference, ready to be read aloud."""
    was, now = (round(float(_parts(run.policy).sum()), 2) for run in (before, after))
    currency = after.scenario.currency
    moved = now - was
    if not told:
        return (
            f"{after.name} asks what {before.name} asked, and costs the same: {now:,.2f} {currency} a year."
        )
    direction = "more" if moved >= 0 else "less"
    first = f"{after.name} costs {abs(moved):,.2f} {currency} a year {direction} than {before.name}."
    pieces = [f"{named(one.groups)} {one.amount:+,.2f}" for one in told]
    how = (
        "changed one after the other in a stated order"
        if shared.stated_order
        else f"averaged over {shared.orders:,} order{'s' if shared.orders != 1 else ''} of changing"
    )
    return f"{first} Of this: {'; '.join(pieces)} ({how})."


def named(groups: Sequence[InputGroup]) -> str:
    """Groups as words.

    >>> named([InputGroup.COSTS, InputGroup.MEANS])
    'costs and means together'
    """
    together = " together" if len(groups) > 1 else ""
    return " and ".join(WORDS[group] for group in groups) + together


WORDS = {
    InputGroup.DEMAND: "demand",
    InputGroup.CLASSES: "classes and regions",
    InputGroup.PROMISES: "promises and terms",
    InputGroup.MEANS: "means",
    InputGroup.COSTS: "costs",
    InputGroup.TIMES: "lead and response times",
    InputGroup.LIMITS: "capacities, budgets and rules",
    InputGroup.SEARCH: "limits of the search",
    InputGroup.ENGINE: "the program",
}


def _sentence(groups: tuple[InputGroup, ...], amount: float, share: Floats, before: Run) -> str:
    currency = before.scenario.currency
    verb = "adds" if amount >= 0 else "saves"
    if groups == (InputGroup.ENGINE,):
        return (
            "The recorded answers differ by "
            f"{amount:+,.2f} {currency} a year more than the answers of this program to the same questions."
        )
    largest = int(np.argmax(np.abs(share)))
    most = COST_PARTS[largest].replace("_", " ")
    sentence = f"The change of {named(groups)} {verb} {abs(amount):,.2f} {currency} a year"
    return f"{sentence}, most of it in {most} ({share[largest]:+,.2f})." if amount else f"{sentence}."


def _parts(policy: Policy) -> Floats:
    """(6,)"""
    cost = policy.cost or Cost()
    return np.array([getattr(cost, part) for part in COST_PARTS])
