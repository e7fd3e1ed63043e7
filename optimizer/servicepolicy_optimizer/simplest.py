"""The simplest way to stock each item class: what can be answered while all other ways still cost seconds."""

from dataclasses import replace

from servicepolicy_models.means import StockPolicy
from servicepolicy_optimizer.choices import StockingOption
from servicepolicy_optimizer.question import Means

SIMPLICITY = (StockPolicy.POOLED, StockPolicy.SEPARATE, StockPolicy.RATIONED)
"""Stock policies, the one that is computed soonest first."""
ITEMS_ON_SHELVES_AT_ONCE = 5_000
"""So many are stocked within a second; with more, the simplest way comes first."""


def takes_long(means: Means) -> bool:
    """Whether it takes seconds to stock every shelf of every option."""
    items = means.facts.items.item_class
    return (
        sum(
            int((items == number).sum()) * sum(len(option.shelves) for option in means.options[item_class])
            for number, item_class in enumerate(means.facts.item_classes)
        )
        > ITEMS_ON_SHELVES_AT_ONCE
    )


def simplest(means: Means) -> Means | None:
    """The same means with one option for each item class; None where no option has a path to every segment.

    The stock policy that is computed soonest, then the fewest shelves, then the scenario's order decide.
    """
    chosen = {}
    for item_class, offered in means.options.items():
        serving = [option for option in offered if _serves_all(means, option)]
        if not serving:
            return None
        chosen[item_class] = (min(serving, key=_work),)
    return replace(means, options=chosen)


def _work(option: StockingOption) -> tuple[int, int]:
    return SIMPLICITY.index(option.stock_policy), len(option.shelves)


def _serves_all(means: Means, option: StockingOption) -> bool:
    return all(
        means.paths.paths.get((segment, option.deployment))
        for segment in means.targets
        if segment[1] == option.item_class
    )
