"""Over what the rules range. A rule that the scenario does not ask for ranges over nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.master.asked import Asked
from servicepolicy_optimizer.master.promise_amounts import PromiseAmounts
from servicepolicy_optimizer.master.serving_amounts import ServingAmounts
from servicepolicy_optimizer.master.stocking_amounts import StockingAmounts

Index = tuple[Any, ...]


@dataclass(frozen=True)
class IndexSets:
    """The sets that are more than a table of amounts; each a tuple of flat keys, in a fixed order."""

    fill_target: Index
    """(s) with a fill-rate target, basis `segment`."""
    fill_target_on_shelf: Index
    """(s,g,h): shelf h of option g serves s, which has a fill-rate target, basis `every_item`."""
    otif_target: Index
    """(s,r)."""
    channel_with_capacity: Index
    process_with_capacity: Index
    location_with_line_capacity: Index
    location_with_storage_capacity: Index
    mode_with_capacity: Index
    better_customer: Index
    """(s,s')."""
    better_customer_fill: Index
    """(s,s',r)."""
    better_customer_promise: Index
    """(s,s'), where promises are counted."""
    better_item: Index
    better_item_fill: Index
    better_item_promise: Index
    one_channel: Index
    """(i) with some channel to choose."""
    channel_of_class: Index
    """(i, channel)."""
    path_over_channel: Index
    """(s, channel)."""
    promise_in_region: Index
    """(s,r)."""
    segment_need: Index
    """(s,f)."""
    item_class_need: Index
    """(j,f)."""


def index_sets(
    asked: Asked, stocking: StockingAmounts, serving: ServingAmounts, promising: PromiseAmounts
) -> IndexSets:
    """The index sets of the master model."""
    over_channel = tuple((*s, channel) for s, channel in serving.by_channel if s[0] in asked.one_channel)
    of_class = tuple(dict.fromkeys((key[0], key[3]) for key in over_channel))
    return IndexSets(
        fill_target=tuple(s for s in asked.fill_rate if not asked.every_item),
        fill_target_on_shelf=tuple(
            (*s, *shelf[1:]) for s, shelf in stocking.fill_of_shelf if s in asked.fill_rate
        ),
        otif_target=_with_regions(stocking, ((s, ()) for s in asked.otif)),
        channel_with_capacity=tuple(name for name in asked.labour_hours if name in serving.labour_hours),
        process_with_capacity=tuple(key for key in asked.process_lines if key in serving.process_lines),
        location_with_line_capacity=tuple(
            name for name in asked.location_lines if name in serving.location_lines
        ),
        location_with_storage_capacity=tuple(
            name for name in asked.storage_m3 if name in stocking.storage_m3
        ),
        mode_with_capacity=tuple(name for name in asked.weight_kg if name in serving.weight_kg),
        better_customer=tuple((*s, *other) for s, other in asked.better_customer),
        better_customer_fill=_with_regions(stocking, asked.better_customer),
        better_customer_promise=_counted(promising, asked.better_customer),
        better_item=tuple((*s, *other) for s, other in asked.better_item),
        better_item_fill=_with_regions(stocking, asked.better_item),
        better_item_promise=_counted(promising, asked.better_item),
        one_channel=tuple(dict.fromkeys(i for i, _ in of_class)),
        channel_of_class=of_class,
        path_over_channel=over_channel,
        promise_in_region=_with_regions(stocking, ((s, ()) for s in promising.promises_of)),
        segment_need=tuple((*s, facility) for s, facility in serving.needing),
        item_class_need=tuple(stocking.needing),
    )


def _with_regions(stocking: StockingAmounts, pairs: Iterable[tuple[Segment, Segment | tuple[()]]]) -> Index:
    """Each pair once for every region in which a fill rate is promised."""
    return tuple((*s, *other, region) for s, other in pairs for region in stocking.fill_in[s])


def _counted(promising: PromiseAmounts, pairs: Iterable[tuple[Segment, Segment]]) -> Index:
    return tuple((*s, *other) for s, other in pairs if s in promising.promises_of)
