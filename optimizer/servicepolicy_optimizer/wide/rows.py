"""Which rows of the master model a resource stands in, and with which sign."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from scipy.sparse import csc_array

from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.choices import Choices, Segment
from servicepolicy_optimizer.master.asked import Asked, asked
from servicepolicy_optimizer.master.stocking_amounts import regions_of
from servicepolicy_optimizer.solve.arrays import Name
from servicepolicy_optimizer.wide.uses import Resource

OF_ONE_NAME = {
    "labour": "channel_labour",
    "location_lines": "location_lines",
    "weight": "mode_weight",
    "total_cost": "total_cost_budget",
    "co2e": "co2e_budget",
    "process_lines": "process_lines",
}
"""Resources whose key is the index of their one row."""
OF_A_SEGMENT = {"serving": "one_path", "open": "path_needs_open", "channel": "path_by_chosen_channel"}
"""Resources whose key is a segment and something else, and their one row."""


def rows_of(
    scenario: Scenario, choices: Choices, resources: tuple[Resource, ...], rows: Mapping[Name, int]
) -> csc_array:
    """(rows, resources) how much a unit of each resource adds to each row: 1, or −1 on a row's larger side.

    rows: name -> number. Raises KeyError where the model lacks a row: then no path of it used the resource.
    """
    asking = asked(scenario, choices)
    compared = _compared(asking)
    entries = [
        (rows[name], number, sign)
        for number, (family, key) in enumerate(resources)
        for name, sign in _rows(scenario, asking, compared, family, key)
    ]
    place = np.array([entry[:2] for entry in entries], dtype=np.intp).reshape(-1, 2)
    signs = np.array([sign for _, _, sign in entries], dtype=np.float64)
    return csc_array((signs, (place[:, 0], place[:, 1])), shape=(len(rows), len(resources)))


def _rows(
    scenario: Scenario,
    asking: Asked,
    compared: Mapping[Segment, list[tuple[Name, float]]],
    family: str,
    key: Any,
) -> Iterator[tuple[Name, float]]:
    if family in OF_ONE_NAME:
        yield (OF_ONE_NAME[family], key), 1.0
    elif family in OF_A_SEGMENT:
        segment, other = key
        yield (OF_A_SEGMENT[family], (*segment, other)), 1.0
    elif family == "otif":
        every_item = scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM
        within = regions_of(scenario, key) if every_item else (key[2],)
        for region in within:
            yield ("otif_floor", (*key, region)), 1.0
    elif family == "hours":
        if asking.distinct_promises:
            yield ("promise_after_path", key), 1.0
        else:
            yield from compared[key]


def _compared(asking: Asked) -> Mapping[Segment, list[tuple[Name, float]]]:
    """Segment -> the rows in which its response is compared: + as the better one, − as the worse one."""
    found: dict[Segment, list[tuple[Name, float]]] = defaultdict(list)
    for family, pairs in (
        ("better_customer_response", asking.better_customer),
        ("better_item_response", asking.better_item),
    ):
        for better, worse in pairs:
            found[better].append(((family, (*better, *worse)), 1.0))
            found[worse].append(((family, (*better, *worse)), -1.0))
    return found
