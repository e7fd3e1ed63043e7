"""Small random worlds: a scenario and its choices, drawn directly, so that trying everything is possible."""

from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from servicepolicy_models.means import ProcessAtLocation, StockPolicy
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import (
    Choices,
    ColumnSet,
    SegmentTarget,
    ServicePath,
    Shelf,
    StockingOption,
)

HOURS = (24.0, 48.0, 72.0)
FILL_RATES = (0.5, 0.8, 0.9)


@dataclass(frozen=True)
class Shape:
    """How large a world is, and which rules it has (share of worlds that draw each)."""

    customers: int = 2
    items: int = 2
    regions: int = 1
    by_region: bool = False
    options: int = 3
    paths: int = 2
    columns: int = 3
    basis: str = "segment"
    distinct: bool = False
    likely: float = 0.25
    ordered: float = 0.25


def world(seed: int, shape: Shape) -> tuple[Scenario, Choices]:
    """A scenario and its choices. Capacities and budgets lie around the use of a policy drawn at random."""
    draw = np.random.default_rng(seed)
    scenario = _scenario(draw, shape)
    choices = _choices(draw, shape, scenario)
    return _limited(draw, shape, scenario, choices), choices


def _scenario(draw, shape) -> Scenario:
    places = ("Leeds", "York")[: shape.regions]
    regions = ("North", "South")[: shape.regions]
    central = {"name": "central", "serves": {"*": "Leeds"}}
    local = {"name": "local", "serves": dict(zip(regions, places, strict=True))}
    return Scenario.model_validate(
        {
            "name": "small",
            "currency": "EUR",
            "carrying_rate_per_year": 0.2,
            "fill_rate_basis": shape.basis,
            "demand": {"kind": "inline", "items": [_item()]},
            "segmentation": {
                "customers": {"classes": list("ABC"[: shape.customers]), "measure": "given"},
                "items": {"classes": list("XYZ"[: shape.items]), "measure": "given"},
                "regions": [{"name": name} for name in regions],
                "promise_by_region": shape.by_region,
            },
            "promise_ladder": {"fill_rates": FILL_RATES, "response_hours": HOURS},
            "channels": [{"name": "EDI"}, {"name": "Phone"}],
            "processes": [{"name": "standard"}, {"name": "express"}],
            "modes": [{"name": name, "lanes": [_lane()]} for name in ("Road", "Air")],
            "supply": [{"name": name, "lead_time_mean_days": 10} for name in ("Near", "Far")],
            "locations": [{"name": name} for name in places],
            "deployments": [central, local][: shape.regions],
            "rules": {
                "better_customer_never_served_worse": bool(draw.random() < shape.ordered),
                "better_item_never_served_worse": bool(draw.random() < shape.ordered),
                "one_channel_per_customer_class": bool(draw.random() < shape.likely),
                "distinct_promises_at_most": int(draw.integers(1, 4)) if shape.distinct else None,
            },
        }
    )


def _item():
    demand = {"customer_class": "A", "region": "North", "pieces_per_day": 1, "lines_per_day": 1}
    return {"item": "x", "item_class": "X", "unit_cost": 1.0, "demand": [demand]}


def _lane():
    return {"bands": [{"cost_per_shipment": 1.0}], "time": {"mean_hours": 1.0}}


def _choices(draw, shape, scenario) -> Choices:
    customers, items = scenario.segmentation.customers.classes, scenario.segmentation.items.classes
    regions = [region.name for region in scenario.segmentation.regions]
    pieces = {
        key: float(draw.integers(0, 4) * draw.integers(10, 60)) for key in product(customers, items, regions)
    }
    segments = list(product(customers, items, regions if shape.by_region else ["*"]))
    targets = {s: _target(draw, _pieces_of(pieces, s)) for s in segments}
    options = {item: _options(draw, shape, scenario, item) for item in items}
    columns = {
        (item, option.name, shelf.name): _columns(draw, shape, scenario, item, shelf, pieces)
        for item in items
        for option in options[item]
        for shelf in option.shelves
    }
    paths = {
        (s, deployment.name): tuple(
            _path(draw, scenario, targets[s], deployment.serves)
            for _ in range(draw.integers(0 if draw.random() < 0.02 else 1, shape.paths + 1))
        )
        for s in segments
        for deployment in scenario.deployments
    }
    fixed = [f"channel:{c.name}" for c in scenario.channels] + [
        f"location:{at.name}" for at in scenario.locations
    ]
    fixed += ["supply:Far", "mode:Air"]
    return Choices(
        targets=targets,
        options=options,
        columns=columns,
        paths=paths,
        option_facilities={
            (item, option.name): (f"supply:{option.supply}", *(f"location:{at}" for at in _places(option)))
            for item in items
            for option in options[item]
        },
        facility_cost={name: float(draw.integers(1, 80)) for name in fixed if draw.random() < shape.likely},
    )


def _places(option):
    return sorted({shelf.location for shelf in option.shelves})


def _pieces_of(pieces, segment):
    return sum(
        amount for (i, j, r), amount in pieces.items() if (i, j) == segment[:2] and segment[2] in ("*", r)
    )


def _target(draw, pieces_per_year) -> SegmentTarget:
    return SegmentTarget(
        fill_rate=float(draw.choice([0.0, 0.5, 0.7, 0.85, 0.9])),
        response_hours=float(draw.choice([24, 48, 72])) if draw.random() < 0.5 else None,
        on_time_probability=0.9,
        otif=float(draw.choice([0.5, 0.7, 0.8])) if draw.random() < 0.25 else None,
        pieces_per_year=pieces_per_year,
        lines_per_year=pieces_per_year / 2,
    )


def _options(draw, shape, scenario, item) -> tuple[StockingOption, ...]:
    everything = list(product(scenario.supply, scenario.deployments, StockPolicy))
    taken = draw.permutation(len(everything))[: draw.integers(1, shape.options + 1)]
    return tuple(_option(scenario, item, *everything[n]) for n in sorted(taken))


def _option(scenario, item, supply, deployment, policy) -> StockingOption:
    served: dict[str, list[str]] = {}
    for region in scenario.segmentation.regions:
        at = deployment.serves.get(region.name) or deployment.serves["*"]
        served.setdefault(at, []).append(region.name)
    classes = scenario.segmentation.customers.classes if policy is StockPolicy.SEPARATE else (None,)
    shelves = tuple(Shelf(at, who, tuple(regions)) for at, regions in served.items() for who in classes)
    return StockingOption(item, supply.name, deployment.name, policy, shelves)


def _columns(draw, shape, scenario, item, shelf, pieces) -> ColumnSet:
    """Columns on a rough cost curve; a class that is not served, or orders nothing, is never short."""
    customers = scenario.segmentation.customers.classes
    regions = [region.name for region in scenario.segmentation.regions]
    size = int(draw.integers(1, shape.columns + 1))
    level = np.sort(draw.uniform(0.3, 0.9, size))
    level[-1] = draw.choice([level[-1], 0.97], p=[0.2, 0.8])
    demand = np.array([[pieces[i, item, r] for r in regions] for i in customers])
    served = np.array(
        [[shelf.customer_class in (None, i) and r in shelf.regions for r in regions] for i in customers]
    )
    demand = demand * served
    spread = draw.choice([0.06, 0.4])  # how differently the classes fare on the shelf
    fill = np.clip(level[:, None] + draw.uniform(-spread, 0.03, (size, len(customers))), 0.0, 1.0)
    inventory = draw.uniform(20, 60) * level / (1.02 - level) * draw.uniform(0.8, 1.2, size)
    short = demand[None] * (1 - fill[:, :, None]) * draw.uniform(0.8, 1.0, (size, *demand.shape))
    return ColumnSet(
        price_per_piece_short=np.zeros((size, len(customers))),
        inventory_cost=inventory,
        supply_cost=np.full(size, draw.uniform(0, 50)),
        warehousing_cost=draw.uniform(0, 20, size),
        lost_sales_cost=short.sum(axis=(1, 2)) * draw.choice([0.0, 0.3]),
        stock_value=inventory * 5 + draw.uniform(0, 20, size),
        storage_m3=inventory / 10,
        co2e_kg=np.full(size, draw.uniform(0, 30)),
        pieces_short=short,
        fill_rate=np.where(demand.sum(axis=1) > 0, fill, 1.0),
    )


def _path(draw, scenario, target, serves) -> ServicePath:
    channel, process, mode = (
        str(draw.choice(names)) for names in (["EDI", "Phone"], ["standard", "express"], ["Road", "Air"])
    )
    hours = [h for h in HOURS if target.response_hours is None or h <= target.response_hours]
    places = sorted(set(serves.values()))
    return ServicePath(
        channel=channel,
        process=process,
        mode=mode,
        frequency="each order",
        response_cost=float(draw.uniform(0, 40)),
        transport_cost=float(draw.uniform(0, 60)),
        warehousing_cost=float(draw.uniform(0, 20)),
        lost_sales_cost=float(draw.choice([0.0, 10.0])),
        promised_response_hours=float(draw.choice(hours)),
        on_time_probability=float(draw.uniform(0.8, 1.0)),
        mean_response_hours=20.0,
        channel_labour_hours=float(draw.uniform(0, 10)),
        lines_per_day={at: float(draw.uniform(0, 5)) for at in places},
        weight_kg=float(draw.uniform(0, 100)),
        co2e_kg=float(draw.uniform(0, 40)),
        facilities=tuple(f for f in (f"channel:{channel}", f"mode:{mode}") if draw.random() < 0.8),
    )


def _limited(draw, shape, scenario, choices) -> Scenario:
    """The scenario with some capacities and budgets, around the use of a random policy."""
    use = _use_of_random_policy(draw, choices)

    def around(amount):
        return float(amount * draw.uniform(0.9, 2.0)) if draw.random() < shape.likely else None

    return replace_parts(
        scenario,
        channels=[
            c.model_copy(update={"labour_capacity_hours_per_year": around(use["hours", c.name])})
            for c in scenario.channels
        ],
        processes=[
            p.model_copy(
                update={
                    "capacity_lines_per_day": around(use["lines", p.name]),
                    "at": tuple(
                        ProcessAtLocation(
                            location=at.name, capacity_lines_per_day=around(use["lines", p.name])
                        )
                        for at in scenario.locations
                        if draw.random() < shape.likely
                    ),
                }
            )
            for p in scenario.processes
        ],
        modes=[
            m.model_copy(update={"capacity_kg_per_year": around(use["kg", m.name])}) for m in scenario.modes
        ],
        locations=[
            at.model_copy(
                update={
                    "storage_capacity_m3": around(use["m3", at.name]),
                    "capacity_lines_per_day": around(use["lines", at.name]),
                }
            )
            for at in scenario.locations
        ],
        budgets=scenario.budgets.model_copy(
            update={
                "inventory_value": around(use["value"]),
                "total_cost": around(use["cost"]),
                "co2e_kg": around(use["co2e"]),
            }
        ),
    )


def replace_parts(scenario: Scenario, **parts) -> Scenario:
    """The scenario with some of its fields replaced, validated again."""
    return Scenario.model_validate({**dict(scenario), **parts})


def _use_of_random_policy(draw, choices):
    use = UseCount()
    chosen = {item: options[draw.integers(len(options))] for item, options in choices.options.items()}
    for item, option in chosen.items():
        for shelf in option.shelves:
            columns = choices.columns[item, option.name, shelf.name]
            k = draw.integers(columns.size)
            use["m3", shelf.location] += columns.storage_m3[k]
            use["value"] += columns.stock_value[k]
            use["cost"] += columns.cost[k] - columns.lost_sales_cost[k]
            use["co2e"] += columns.co2e_kg[k]
    for s in choices.targets:
        ways = choices.paths[s, chosen[s[1]].deployment]
        if not ways:
            continue
        path = ways[draw.integers(len(ways))]
        use["hours", path.channel] += path.channel_labour_hours
        use["kg", path.mode] += path.weight_kg
        use["cost"] += path.cost
        use["co2e"] += path.co2e_kg
        for at, lines in path.lines_per_day.items():
            use["lines", path.process] += lines
            use["lines", at] += lines
    return use


class UseCount(dict):
    def __missing__(self, key):
        return 0.0


def with_targets(choices: Choices, **changes) -> Choices:
    """The choices with every target changed alike."""
    return replace(choices, targets={s: replace(target, **changes) for s, target in choices.targets.items()})
