"""Which promises may be made when at most so many different ones are allowed."""

from collections.abc import Mapping
from dataclasses import dataclass

from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.master.asked import Asked
from servicepolicy_optimizer.master.keys import ByPath, ByPromise, PromiseKey
from servicepolicy_optimizer.master.serving_amounts import ServingAmounts


@dataclass(frozen=True)
class PromiseAmounts:
    """Promises by segment. Empty unless the scenario limits how many different ones there are.

    Fill rates are those that some target names, hours those that some path reaches: every other rung can be
    replaced by the next lower of these, for all segments that share it, without breaking a target, a plan
    or an order between two segments, and without a new promise. So more rungs would only make the model
    larger.
    """

    promises_of: Mapping[Segment, tuple[PromiseKey, ...]]
    """Never below the target's fill rate, never above its hours."""
    fill_rate: Mapping[Segment, ByPromise]
    hours: Mapping[Segment, ByPromise]
    lost_sales_cost: ByPromise
    """What a slow promise loses; where it is known by promise, the paths do not bring it."""
    hours_by_path: Mapping[Segment, ByPath]
    """How long a response counts where no promise is decided apart from the path; empty where one is."""

    @property
    def promises(self) -> tuple[PromiseKey, ...]:
        """Every promise of every segment."""
        return tuple(promise for promises in self.promises_of.values() for promise in promises)

    @property
    def different(self) -> tuple[tuple[float, float], ...]:
        """Every (fill rate, response hours) that some segment may be promised."""
        return tuple(dict.fromkeys(promise[3:] for promise in self.promises))


def promise_amounts(
    asked: Asked, serving: ServingAmounts, lost_by_promise: Mapping[Segment, Mapping[float, float]]
) -> PromiseAmounts:
    """The promises each segment with demand may be given."""
    promising = serving.demanding if asked.distinct_promises else ()
    promises_of = {s: tuple(_fitting(asked, s)) for s in promising}
    return PromiseAmounts(
        promises_of=promises_of,
        fill_rate={s: {key: key[3] for key in promises if key[3]} for s, promises in promises_of.items()},
        hours={s: {key: key[4] for key in promises if key[4]} for s, promises in promises_of.items()},
        lost_sales_cost={
            key: lost
            for s, promises in promises_of.items()
            for key in promises
            if (lost := lost_by_promise.get(s, {}).get(key[4], 0.0))
        },
        hours_by_path={
            s: serving.promised_hours.get(s, {}) for s in serving.demanding if s not in promises_of
        },
    )


def _fitting(asked: Asked, segment: Segment) -> list[PromiseKey]:
    latest = asked.target_hours.get(segment, float("inf"))
    lowest = asked.fill_rate.get(segment, 0.0)
    return [
        (*segment, fill_rate, hours)
        for fill_rate in asked.promised_fill_rates
        for hours in asked.promised_hours
        if fill_rate >= lowest and hours <= latest
    ]
