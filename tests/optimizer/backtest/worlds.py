"""Small histories whose law is known, and a scenario that asks about them."""

from datetime import date

import numpy as np

from servicepolicy_models.backtest import BacktestPlan
from servicepolicy_optimizer.history import OrderHistory
from tests.optimizer.profile.questions import order_lines, question

FIRST_DAY = date(2024, 1, 1)


def scenario(**changes):
    """Two classes on each side, one region, everything promised 90 %."""
    sides = {"classes": ["A", "B"], "measure": "pieces", "cut_offs": [0.3]}
    asked = {
        "segmentation": {"customers": sides, "items": sides, "regions": [{"name": "all", "values": ["*"]}]},
        "targets": [{"fill_rate": 0.9}],
    }
    return question(order_lines(), **(asked | changes))


def history(lines, days, *, unit_cost=1.0):
    """Lines are (day, item, customer, pieces); an order is a customer's day."""
    lines = sorted(lines, key=lambda line: line[0])
    day, item, customer = (np.array([line[k] for line in lines], dtype=np.intp) for k in range(3))
    pieces = np.array([line[3] for line in lines], float)
    items, customers = int(item.max()) + 1, int(customer.max()) + 1
    order = day * customers + customer
    cost = np.broadcast_to(np.asarray(unit_cost, float), (items,)).copy()
    return OrderHistory(
        item=item,
        customer=customer,
        order=order,
        region=np.zeros_like(item),
        day=day,
        pieces=pieces,
        revenue=2 * pieces * cost[item],
        cost=pieces * cost[item],
        items=tuple(f"I{n:04d}" for n in range(items)),
        orders=tuple(f"O{n:06d}" for n in range(days * customers)),
        customers=tuple(f"C{n:03d}" for n in range(customers)),
        ranked_customers=np.ones(customers, bool),
        unit_cost=cost,
        item_class=np.zeros(items, dtype=np.intp),
        customer_class=np.zeros(customers, dtype=np.intp),
        first_day=FIRST_DAY,
        days=days,
    )


def random_lines(seed, *, items=60, days=300, lines_a_day=0.5, size=3.0, customers=9):
    """Compound Poisson: lines at random, geometric sizes; items of very different speed."""
    random = np.random.default_rng(seed)
    speed = lines_a_day * random.lognormal(0, 0.7, items)
    lines = []
    for item, rate in enumerate(speed):
        count = random.poisson(rate * days)
        came = zip(
            random.integers(0, days, count),
            random.integers(0, customers, count),
            random.geometric(1 / size, count),
            strict=True,
        )
        lines += [(int(day), item, int(who), int(pieces)) for day, who, pieces in came]
    return lines


def plan(**changes):
    """Lead time a week, orders of two weeks, refits every four."""
    asked = {
        "promises": (0.9,), "lead_time_days": 7, "review_days": 1, "order_cycle_days": 14,
        "first_judged_day": 168,
    }  # fmt: skip
    return BacktestPlan(**(asked | changes))


def nobody(stage, done, word):
    """Hears nothing."""
