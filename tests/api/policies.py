"""Policies made by hand, with names that try to be more than names."""

from servicepolicy_models.cost import Cost
from servicepolicy_models.errors import warning
from servicepolicy_models.means import StockPolicy
from servicepolicy_models.policy import (
    Baseline,
    Conflict,
    ItemClassPolicy,
    ItemPolicy,
    Policy,
    SegmentPolicy,
    StockValue,
    Use,
)
from servicepolicy_models.proof import Held, Proof, Stopped

LIVE_NAMES = ("=1+1", "http://example.org", "[red]bold[/red]", ":smile:", "00123", "@cmd", "-2+3", "naïve ☃")
"""Item codes that Excel, a terminal or a program may take for something else than a text."""


def segment(customer_class: str, item_class: str, region: str = "*") -> SegmentPolicy:
    """One segment, round figures."""
    return SegmentPolicy(
        customer_class=customer_class, item_class=item_class, region=region,
        target_fill_rate=0.9, target_response_hours=None, promised_fill_rate=0.925,
        planned_fill_rate=0.93125, least_item_fill_rate=0.81, promised_response_hours=48.0,
        on_time_probability=0.97, mean_response_hours=31.5, otif=0.9033,
        channel="[bold]web", process="wave", mode="parcel", frequency="each order", supply="factory",
        deployment="central", stock_policy=StockPolicy.RATIONED, orders_per_year=120.0,
        lines_per_year=480.0, pieces_per_year=4_800.0, revenue_per_year=96_000.0, pieces_short_per_year=330.0,
        marginal_cost_of_one_point=None, cost=cost(1_000.0),
    )  # fmt: skip


def cost(amount: float) -> Cost:
    """Six different parts, so that none can stand for another."""
    return Cost(
        response=amount, inventory=2 * amount, supply=3 * amount, transport=4 * amount,
        warehousing=5 * amount,
        lost_sales=6 * amount,
    )  # fmt: skip


def item(code: str) -> ItemPolicy:
    """One item, rationed between two classes."""
    return ItemPolicy(
        item=code, item_class="A", location="Kassel", shelf="*", supply="factory", review_days=7.0,
        reorder_point_pieces=42.0, order_quantity_pieces=24.0, critical_level_pieces={"A": 0.0, "B": 6.0},
        safety_stock_pieces=11.5, on_hand_pieces=20.25, unit_fill_rate={"A": 0.99, "B": 0.9},
        distribution="negative_binomial", demand_pieces_per_year=365.0,
    )  # fmt: skip


def policy() -> Policy:
    """Two customer classes, one item class, two regions, every kind of row."""
    segments = tuple(segment(who, "A", region) for region in ("North", "South") for who in ("A", "B"))
    return Policy(
        scenario="by hand", currency="EUR", days_per_year=365.0, fill_rate_basis="segment",
        proof=Proof(
            held=Held.OPTIMAL, stopped=Stopped.CONVERGED, objective=84_000.0, master_gap=0.00012,
            item_level_gap=0.034, audit_difference=1e-14, seconds={"solve": 0.5, "stock": 1.25},
            size={"items": 8}, scenario_sha256="ab" * 32, seed=7,
        ),
        cost=cost(4_000.0), stock_value=StockValue(cycle=10.0, safety=20.0, reserve=30.0, pipeline=40.0),
        co2e_kg_per_year=1_234.0, fill_rate=0.93125, segments=segments,
        item_classes=(
            ItemClassPolicy(
                item_class="A", supply="factory", deployment="central", stock_policy=StockPolicy.RATIONED,
                items=len(LIVE_NAMES), stock_value=StockValue(cycle=10.0, safety=20.0, reserve=30.0),
                storage_m3=3.5, replenishment_orders_per_year=96.0, cost=cost(10.0),
            ),
        ),
        uses=(
            Use(name="storage Kassel", used=97.0, limit=100.0, unit="m3"),
            Use(name="mode parcel", used=12_345.6, unit="kg/year"),
        ),
        baselines=(
            Baseline(
                name="one_size_strictest", sentence="All alike.", feasible=True, cost=cost(5_000.0),
                fill_rate=0.99, stock_value=150.0,
            ),
            Baseline(name="current_policy", sentence="As today.", feasible=False, breaks=("Too late.",)),
        ),
        findings=(warning("items.csv: row 7", "[blink]odd[/blink].", "table.odd", "Look.", count=3),),
        assumptions=("/supply: [i]invented[/i]",), items=tuple(item(code) for code in LIVE_NAMES),
    )  # fmt: skip


def refusal() -> Policy:
    """The answer to a question that has none."""
    return Policy(
        scenario="too much", currency="EUR", days_per_year=365.0, fill_rate_basis="segment",
        proof=Proof(held=Held.INFEASIBLE, stopped=Stopped.CONVERGED),
        conflicts=(Conflict(family="response", where="A/A", sentence="24 h needs a courier."),),
    )  # fmt: skip


def nothing_held() -> Policy:
    """The answer when the time was too short."""
    proof = Proof(held=Held.NOTHING, stopped=Stopped.TIME_LIMIT)
    return refusal().model_copy(update={"proof": proof, "conflicts": ()})
