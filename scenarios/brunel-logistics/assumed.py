"""Every number that the published tables do not hold, with the reason for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from source import Network

DAYS_COVERED = 1.0
"""The file holds one order date."""
DAYS_PER_YEAR = 365.0


@dataclass(frozen=True)
class Assumed:
    """Money in USD, times as named."""

    unit_cost: float = 5.0
    carrying_rate_per_year: float = 0.20
    fill_rates: Mapping[str, float] = field(default_factory=lambda: {"A": 0.98, "B": 0.95, "C": 0.90})
    response_hours: Mapping[str, float] = field(
        default_factory=lambda: {"DTD": 48.0, "DTP": 72.0, "CRF": 24.0}
    )
    on_time_probability: float = 0.95
    order_entry_mean_hours: float = 1.0
    picking_hours: tuple[float, float] = (12.0, 4.0)
    """Mean, standard deviation."""
    transit_sd_hours: float = 4.0
    lead_time_days: tuple[float, float] = (7.0, 1.5)
    """Mean, standard deviation."""
    review_days: float = 1.0
    fixed_cost_per_order: float = 100.0


ASSUMED = Assumed()


def assumptions(
    network: Network, plants: Sequence[str], relieved: Mapping[str, float]
) -> list[dict[str, str]]:
    """Mark every assumed field of the scenario by its JSON Pointer."""
    late_share = sum(order.late for order in network.orders) / len(network.orders)
    marked = {
        "/days_per_year": "The file holds one day, a Sunday. A year of such days, weekends included.",
        "/demand/orders_arrive": "One day shows no variance: orders arrive at random, with the sizes seen.",
        "/items/unit_cost": "No prices or costs of products are published. About ten times the published "
        "warehouse cost of a piece. It also stands in for the price.",
        "/carrying_rate_per_year": "Not published. Capital, space and ageing of electronics: 20 % a year.",
        "/targets": "No promises are published. Fill rates fall from A to C customers. Response times are "
        "what the carriers in use on the day can keep: one day in transit to the door, two to the port, none "
        "where the customer's own carrier calls, each after picking.",
        "/on_time_probability": "Not published; on the day "
        f"{1 - late_share:.1%} of the orders were not shipped late.",
        "/channels/0": "How orders come in is not published, nor what it costs: one free channel, one hour.",
        "/processes/0/time": "Not published: half a day from order to dock, give or take four.",
        "/processes/0": "The published cost per piece stands for all warehouse work: no cost per line.",
        "/modes": "Days in transit are published without spread: a day is 24 hours, and every lane of a day "
        "or more has four hours of standard deviation.",
        "/modes/0": "Where the customer pays the freight (CRF, carrier V44_3) the promise ends at the plant: "
        "price 0, no time in transit. No price is published for it.",
        "/supply/0": "How the plants replenish is not published: a production order is placed daily, costs "
        f"{ASSUMED.fixed_cost_per_order:g} and takes a week, give or take a day and a half.",
    }  # fmt: skip
    for position, name in enumerate(ASSUMED.fill_rates):
        marked[f"/current_policy/{position}/fill_rate"] = (
            f"What {name} customers got is not published: taken to be what is asked for them, so that the "
            "current policy is compared at equal service. Its plants and carriers are published."
        )
    for plant, capacity in relieved.items():
        published = network.capacity_orders_per_day[plant]
        marked[f"/locations/{plants.index(plant)}/capacity_lines_per_day"] = (
            f"{plant}: published {published:g} orders a day, too few for the orders that no other plant "
            f"can supply. Here {capacity:g}, the number it supplied on the day in the file."
        )
    return [{"field": pointer, "text": text} for pointer, text in marked.items()]
