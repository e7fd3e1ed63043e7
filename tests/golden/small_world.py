"""The smallest world in which every rule is seen: two customer classes, two item classes, two regions.

Every number is round, in binary too, so that a golden LP can be checked by eye.
"""

import numpy as np

from servicepolicy_models.means import StockPolicy
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import (
    Choices,
    ColumnSet,
    SegmentTarget,
    ServicePath,
    Shelf,
    StockingOption,
)
from servicepolicy_optimizer.master import Cut, FloorShelf

PIECES = {("A", "X"): 100.0, ("A", "Y"): 50.0, ("B", "X"): 200.0, ("B", "Y"): 400.0}
FILL_TARGET = {("A", "X"): 0.875, ("A", "Y"): 0.75, ("B", "X"): 0.75, ("B", "Y"): 0.0}


def small_scenario(**changes) -> Scenario:
    lane = {"bands": [{"cost_per_shipment": 1.0}], "time": {"mean_hours": 1.0}}
    demand = [{"customer_class": "A", "region": "North", "pieces_per_day": 1.0, "lines_per_day": 1.0}]
    return Scenario.model_validate(
        {
            "name": "small",
            "currency": "EUR",
            "carrying_rate_per_year": 0.2,
            "demand": {
                "kind": "inline",
                "items": [{"item": "x", "item_class": "X", "unit_cost": 1.0, "demand": demand}],
            },
            "segmentation": {
                "customers": {"classes": ["A", "B"], "measure": "given"},
                "items": {"classes": ["X", "Y"], "measure": "given"},
                "regions": [{"name": "North"}, {"name": "South"}],
            },
            "promise_ladder": {"fill_rates": [0.5, 0.75, 0.875], "response_hours": [24, 48]},
            "channels": [
                {"name": "EDI", "labour_capacity_hours_per_year": 50.0},
                {"name": "Phone", "labour_capacity_hours_per_year": 60.0},
            ],
            "processes": [{"name": "standard", "capacity_lines_per_day": 9.0}],
            "modes": [{"name": "Road", "lanes": [lane], "capacity_kg_per_year": 1000.0}],
            "supply": [{"name": "Near", "lead_time_mean_days": 10}],
            "locations": [
                {"name": "Leeds", "storage_capacity_m3": 40.0, "capacity_lines_per_day": 8.0},
                {"name": "York"},
            ],
            "deployments": [
                {"name": "central", "serves": {"*": "Leeds"}},
                {"name": "local", "serves": {"North": "York", "South": "Leeds"}},
            ],
            "budgets": {"inventory_value": 900.0, "total_cost": 700.0, "co2e_kg": 80.0},
            "rules": {
                "better_customer_never_served_worse": True,
                "better_item_never_served_worse": True,
                "one_channel_per_customer_class": True,
            },
            **changes,
        }
    )


def small_choices() -> Choices:
    options = {
        "X": (
            StockingOption(
                "X", "Near", "central", StockPolicy.POOLED, (Shelf("Leeds", None, ("North", "South")),)
            ),
            StockingOption(
                "X",
                "Near",
                "local",
                StockPolicy.POOLED,
                (Shelf("York", None, ("North",)), Shelf("Leeds", None, ("South",))),
            ),
        ),
        "Y": (
            StockingOption(
                "Y",
                "Near",
                "central",
                StockPolicy.SEPARATE,
                (Shelf("Leeds", "A", ("North", "South")), Shelf("Leeds", "B", ("North", "South"))),
            ),
        ),
    }
    segments = {(*key, "*"): pieces for key, pieces in PIECES.items()}
    return Choices(
        targets={
            s: SegmentTarget(
                fill_rate=FILL_TARGET[s[:2]],
                response_hours=None if s[0] == "B" else 48.0,
                on_time_probability=0.9375,
                otif=0.75 if s[:2] == ("A", "X") else None,
                pieces_per_year=pieces,
                lines_per_year=pieces,
            )
            for s, pieces in segments.items()
        },
        options=options,
        columns={
            (item, option.name, shelf.name): small_columns(item, shelf)
            for item, offered in options.items()
            for option in offered
            for shelf in option.shelves
        },
        paths={
            (s, option.deployment): (small_path("EDI", 24.0, 1.0), small_path("Phone", 48.0, 2.0))
            for s in segments
            for option in options[s[1]]
        },
        option_facilities={
            (item, option.name): tuple(sorted({f"location:{shelf.location}" for shelf in option.shelves}))
            for item, offered in options.items()
            for option in offered
        },
        facility_cost={"location:Leeds": 30.0, "location:York": 20.0, "channel:EDI": 10.0},
    )


def small_columns(item: str, shelf: Shelf) -> ColumnSet:
    """Two columns: a lean one at a fill rate of 75 % and a full one at 93.75 %."""
    fill = np.array([0.75, 0.9375])
    served = np.array(
        [
            [(shelf.customer_class in (None, i)) * (r in shelf.regions) for r in ("North", "South")]
            for i in "AB"
        ]
    )
    pieces = np.array([PIECES[i, item] for i in "AB"])[:, None] / 2 * served
    share = float(served.sum()) / 4
    none = np.zeros(2)
    return ColumnSet(
        price_per_piece_short=np.zeros((2, 2)),
        inventory_cost=np.array([20.0, 60.0]) * share,
        supply_cost=np.array([40.0, 40.0]) * share,
        warehousing_cost=none,
        lost_sales_cost=np.array([8.0, 4.0]) * share,
        stock_value=np.array([100.0, 300.0]) * share,
        storage_m3=np.array([8.0, 24.0]) * share,
        co2e_kg=np.array([12.0, 12.0]) * share,
        pieces_short=(1 - fill)[:, None, None] * pieces[None],
        fill_rate=np.where(served.any(axis=1), fill[:, None], 1.0),
    )


def small_path(channel: str, hours: float, dearer: float) -> ServicePath:
    return ServicePath(
        channel=channel,
        process="standard",
        mode="Road",
        frequency="each order",
        response_cost=5.0 * dearer,
        transport_cost=20.0,
        warehousing_cost=3.0,
        lost_sales_cost=2.0,
        promised_response_hours=hours,
        on_time_probability=0.9375,
        mean_response_hours=20.0,
        channel_labour_hours=10.0 * dearer,
        lines_per_day={"Leeds": 2.0},
        weight_kg=200.0,
        co2e_kg=5.0,
        facilities=(f"channel:{channel}",),
    )


def small_floor_shelves() -> dict[tuple[str, str, str], FloorShelf]:
    """Every shelf with two cuts: without prices, and at a price of 4 a piece short."""
    choices = small_choices()
    shelves = {}
    for item, option in ((item, option) for item, offered in choices.options.items() for option in offered):
        for shelf in option.shelves:
            columns = choices.columns[item, option.name, shelf.name]
            short = columns.pieces_short.sum(axis=(1, 2))
            shelves[item, option.name, shelf.name] = FloorShelf(
                location=shelf.location,
                pieces=columns.pieces_short[0] / 0.25,
                co2e_kg=float(columns.co2e_kg[0]),
                cuts=tuple(
                    Cut(np.full((2, 2), price), float((columns.cost + price * short).min()))
                    for price in (0.0, 4.0)
                ),
            )
    return shelves
