"""The policy of the first moment: no solver, so that there is an answer however little time there is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from servicepolicy_models.errors import warning
from servicepolicy_models.policy import Baseline, Policy
from servicepolicy_models.proof import Held, Stopped
from servicepolicy_optimizer.answer.refusal import refusal
from servicepolicy_optimizer.audit import Audit, audit
from servicepolicy_optimizer.choices import Segment, Shelf, StockingOption
from servicepolicy_optimizer.curves.stockroom import Place
from servicepolicy_optimizer.decided import Decided
from servicepolicy_optimizer.facts import Floats, Rungs
from servicepolicy_optimizer.path_table import PathTable, path_table
from servicepolicy_optimizer.proof import proof_of
from servicepolicy_optimizer.question import Question
from servicepolicy_optimizer.rivals import policy_of
from servicepolicy_optimizer.settle import Settled
from servicepolicy_optimizer.solve import MasterSolution

SENTENCE = "Every segment gets the strictest promise of all, by the cheapest means seen one by one."
HELD = MasterSolution(Held.FEASIBLE, Stopped.TIME_LIMIT)
NOT_HELD = MasterSolution(Held.NOTHING, Stopped.TIME_LIMIT)


ONE_BY_ONE = "means were chosen one by one, with no bound"
SIMPLEST = "each item class is stocked in the simplest way, with no bound and no other way looked at"


def first_policy(asked: Question, how: str = ONE_BY_ONE) -> Policy | None:
    """A policy that keeps everything, item class by item class; or `nothing`, with what one size for all
    breaks. None: there is not even a means for every segment, or the audit finds other figures.

    Each segment its own target is tried first, then the strictest target for all: that keeps an order between
    classes. Capacities, budgets and rules are not looked at while choosing; the audit judges them. how it
    was found is told to the reader.
    """
    last = None
    for need in _needs(asked):
        decided = _decided(asked, need)
        if decided is None:
            return None
        settled = Settled(asked, HELD, decided)
        policy = policy_of(settled)
        last = audit(asked.scenario, asked.facts, policy)
        if last.differences:
            return None
        if not last.broken:
            return _held(policy, last, how)
    return None if last is None else _not_held(asked, last)


Need = Mapping[Segment, tuple[float, float | None]]
"""Segment -> fill rate and otif that its stock and its path must keep."""


def _needs(asked: Question) -> Iterator[Need]:
    targets = asked.choices.targets
    yield {segment: (one.fill_rate, one.otif) for segment, one in targets.items()}
    highest = max((one.fill_rate for one in targets.values()), default=0.0)
    otif = max((one.otif for one in targets.values() if one.otif is not None), default=None)
    yield dict.fromkeys(targets, (highest, otif))


@dataclass(frozen=True)
class _Stocked:
    """An option of one item class with the paths beside it, and what all of it costs a year."""

    option: StockingOption
    cost: float
    paths: Mapping[Segment, int]
    rungs: Mapping[Place, Rungs]


def _decided(asked: Question, need: Need) -> Decided | None:
    """The cheapest option of every item class, fixed costs left out; None where a class has none."""
    chosen: dict[str, _Stocked] = {}
    for item_class, offered in asked.choices.options.items():
        stocked = [one for option in offered if (one := _stocked(asked, option, need)) is not None]
        if not stocked:
            return None
        chosen[item_class] = min(stocked, key=lambda one: one.cost)
    return Decided(
        options={name: one.option for name, one in chosen.items()},
        paths={
            segment: asked.choices.paths[segment, one.option.deployment][number]
            for one in chosen.values()
            for segment, number in one.paths.items()
        },
        rungs={place: rungs for one in chosen.values() for place, rungs in one.rungs.items()},
        price_per_piece_short={},
    )


def _stocked(asked: Question, option: StockingOption, need: Need) -> _Stocked | None:
    paths, cost = dict[Segment, int](), 0.0
    fill = np.zeros(len(asked.facts.customer_classes))
    for segment in asked.choices.targets:
        if segment[1] != option.item_class:
            continue
        offered = asked.choices.paths.get((segment, option.deployment), ())
        if not offered:
            return None
        number = _cheapest_path(path_table(offered), need[segment][1])
        paths[segment], cost = number, cost + offered[number].cost
        if asked.choices.targets[segment].pieces_per_year > 0:
            fill_rate, otif = need[segment]
            on_time = max(offered[number].on_time_probability, 1e-9)
            place = asked.facts.customer_classes.index(segment[0])
            fill[place] = max(fill[place], fill_rate, 0.0 if otif is None else otif / on_time)
    rungs = {}
    for shelf in option.shelves:
        at = (option.item_class, option.name, shelf.name)
        number = _column(asked, at, shelf, fill)
        rungs[at] = asked.curves.rungs[at][number]
        cost += float(asked.choices.columns[at].cost[number])
    return _Stocked(option, cost, paths, rungs)


def _cheapest_path(offered: PathTable, otif: float | None) -> int:
    """The cheapest means; where OTIF is asked, with the promise that they keep most often: stock is chosen
    afterwards, and may not reach what a faster promise needs.
    """
    cheapest = int(offered.cost.argmin())
    if otif is None:
        return cheapest
    same = (offered.means == offered.means[cheapest]).all(axis=1)
    return int(np.where(same, offered.amounts["on_time_probability"], -1.0).argmax())


def _column(asked: Question, at: Place, shelf: Shelf, fill: Floats) -> int:
    """The cheapest column of a shelf that keeps every class's fill rate (I,); else the one that comes
    closest.
    """
    columns = asked.choices.columns[at]
    classes = range(fill.size) if shelf.customer_class is None else [
        asked.facts.customer_classes.index(shelf.customer_class)
    ]  # fmt: skip
    slack = (columns.fill_rate - fill)[:, classes].min(axis=1)
    keeps = slack >= -1e-12
    if not keeps.any():
        return int(slack.argmax())
    return int(np.where(keeps, columns.cost, np.inf).argmin())


def _held(policy: Policy, found: Audit, how: str) -> Policy:
    said = {
        "objective": found.cost.objective, "audit_difference": found.largest_relative_difference,
    }  # fmt: skip
    remark = warning(
        "/limits/time_limit_seconds",
        f"Time ran out before the search began: {how}.",
        "limits.first_policy",
        "Allow more time.",
    )
    proof = policy.proof.model_copy(update=said)
    return policy.model_copy(update={"proof": proof, "findings": (remark,)})


def _not_held(asked: Question, found: Audit) -> Policy:
    """Nothing is held; the baseline says what one size for all costs and what it breaks."""
    proof = proof_of(asked.scenario, asked.facts, Settled(asked, NOT_HELD, None), None)
    baseline = Baseline(
        name="one_size_strictest",
        sentence=SENTENCE,
        feasible=False,
        breaks=found.broken,
        cost=found.cost,
        fill_rate=found.fill_rate,
        stock_value=found.stock_value.total,
    )
    return refusal(asked.scenario, proof, ()).model_copy(update={"baselines": (baseline,)})
