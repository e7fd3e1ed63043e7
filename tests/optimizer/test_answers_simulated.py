"""What the answer claims for its items, against random order lines played event by event."""

import numpy as np
import pytest

from servicepolicy_models import Scenario
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.profile import inline_facts
from tests.optimizer.shelf_by_events import played

LINES = 20_000
LINES_PER_DAY = {"slow": 0.08, "medium": 0.9, "fast": 4.0}
SHARE = {"A": 0.4, "B": 0.6}
LEAD_TIME_DAYS = 8.0
UNIT = (np.array([1.0]), np.array([1.0]))
GEOMETRIC = (np.arange(1.0, 81.0), 0.25 * 0.75 ** np.arange(80.0) / (1 - 0.75**80))
"""Sizes of order lines and their chances; the geometric ones have mean 4 and deviation 3.5."""


def question(stock_policy, review_days, sizes, lead_time_sd_days):
    pieces, chance = sizes
    demand = {
        name: [
            {
                "customer_class": customer_class,
                "pieces_per_day": lines * share * float(pieces @ chance),
                "lines_per_day": lines * share,
                "order_size_second_moment_pieces2": float(pieces**2 @ chance),
            }
            for customer_class, share in SHARE.items()
        ]
        for name, lines in LINES_PER_DAY.items()
    }
    lane = {"bands": [{"cost_per_shipment": 1}], "time": {"mean_hours": 10}}
    document = {
        "name": "played",
        "currency": "EUR",
        "demand": {
            "kind": "inline",
            "items": [
                {"item": name, "item_class": "X", "unit_cost": 10.0 * (n + 1), "demand": demand[name]}
                for n, name in enumerate(LINES_PER_DAY)
            ],
        },
        "segmentation": {
            "customers": {"classes": list(SHARE), "measure": "given", "cut_offs": []},
            "items": {"classes": ["X"], "measure": "given", "cut_offs": []},
        },
        "targets": [
            {"customer_class": "A", "fill_rate": 0.97},
            {"customer_class": "B", "fill_rate": 0.85},
        ],
        "channels": [{"name": "web"}],
        "processes": [{"name": "wave"}],
        "modes": [{"name": "road", "lanes": [lane]}],
        "supply": [
            {
                "name": "near",
                "fixed_cost_per_order": 6,
                "lead_time_mean_days": LEAD_TIME_DAYS,
                "lead_time_sd_days": lead_time_sd_days,
                "review_days": review_days,
            }
        ],
        "locations": [{"name": "Leeds"}],
        "deployments": [{"name": "central", "serves": {"*": "Leeds"}}],
        "stock_policies": [stock_policy],
        "carrying_rate_per_year": 0.25,
    }
    return Scenario.model_validate(document)


@pytest.mark.parametrize(
    ("stock_policy", "review_days", "sizes", "lead_time_sd_days"),
    [
        ("pooled", 0, UNIT, 3.0),
        ("pooled", 7, GEOMETRIC, 0.0),
        ("separate", 0, GEOMETRIC, 0.0),
        ("separate", 7, UNIT, 3.0),
        ("rationed", 0, UNIT, 0.0),
        ("rationed", 0, GEOMETRIC, 0.0),
    ],
    ids=["pooled", "pooled, reviewed", "separate", "separate, reviewed", "rationed", "rationed lines"],
)
def test_customers_get_what_the_answer_claims(stock_policy, review_days, sizes, lead_time_sd_days):
    asked = question(stock_policy, review_days, sizes, lead_time_sd_days)
    policy = recommend(asked, inline_facts(asked), clock=lambda: 0.0, tell=lambda *_: None)
    for item in policy.items:
        classes = sorted(item.unit_fill_rate)
        lines_per_day = [LINES_PER_DAY[item.item] * SHARE[name] for name in classes]
        got = played(
            item,
            lines_per_day,
            [sizes[0]] * len(classes),
            [sizes[1]] * len(classes),
            (LEAD_TIME_DAYS, lead_time_sd_days),
            LINES / sum(lines_per_day),
            np.random.default_rng(1),
        )
        claimed = [item.unit_fill_rate[name] for name in classes]
        assert got.unit_fill_rate == pytest.approx(claimed, abs=0.01), item
        assert got.on_hand_pieces == pytest.approx(item.on_hand_pieces, rel=0.04), item
