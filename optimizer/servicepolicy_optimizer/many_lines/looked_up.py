"""What tables say of items, places and customers, as arrays by their numbers."""

from typing import Any

import numpy as np

from servicepolicy_optimizer.many_lines.demand_arrays import DemandArrays, PlacedArrays


def placed_arrays(
    demand: DemandArrays, item_place: str, named: str | None, at_home: str, shape: tuple[int, int]
) -> PlacedArrays:
    """Demand in its place. `shape` counts item classes and regions; the tables are those of
    `profile.placement`.
    """
    run = demand.desk.connection.execute
    known = run(f"SELECT j, unit_price, unit_cost FROM {item_place} ORDER BY item").fetchnumpy()
    home = run(f"SELECT customer AS number, region FROM {at_home}").fetchnumpy()
    said = None if named is None else run(f"SELECT place AS number, region FROM {named}").fetchnumpy()
    return PlacedArrays(
        demand,
        np.asarray(known["j"], np.int32),
        _floats(known["unit_price"]),
        _floats(known["unit_cost"]),
        np.full(demand.places + 1, -1, np.int32) if said is None else _by_number(said, demand.places),
        _by_number(home, demand.customers),
        shape[1],
        shape[0],
    )


def _by_number(found: Any, size: int) -> Any:
    """(size + 1,) regions by number, -1 where there is none, as for number -1 itself."""
    number = np.asarray(found["number"], np.intp)
    regions = np.full(size + 1, -1, np.int32)
    regions[number] = np.ma.filled(np.ma.asarray(found["region"]).astype(np.int32), -1)
    return regions


def _floats(column: Any) -> Any:
    """A column as doubles, NULL as no number."""
    return np.ma.filled(np.ma.asarray(column).astype(np.float64), np.nan)
