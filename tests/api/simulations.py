"""A simulation made by hand, with names that try to be more than names."""

from servicepolicy_models.errors import warning
from servicepolicy_models.simulation import (
    Balance,
    Estimate,
    ItemClassSimulation,
    ItemSimulation,
    SegmentSimulation,
    Service,
    Simulation,
    SimulationSettings,
    Verdict,
)
from tests.api.policies import LIVE_NAMES


def estimate(mean: float) -> Estimate:
    """With a round interval."""
    return Estimate(mean=mean, half_width=0.01)


def service() -> Service:
    """What customers got: different figures, so that none can stand for another."""
    return Service(
        pieces_per_year=estimate(1_200.0), lines_per_year=estimate(300.0), orders_per_year=estimate(90.0),
        unit_fill_rate=estimate(0.911), line_fill_rate=estimate(0.922), order_fill_rate=estimate(0.733),
        cycle_service_level=estimate(0.844), ready_rate=estimate(0.955), mean_wait_days=estimate(0.66),
        on_time_share=estimate(0.977), on_time_share_with_wait=estimate(0.888), otif=estimate(0.899),
        otif_orders=estimate(0.711), mean_response_hours=estimate(31.5),
        mean_response_hours_with_wait=estimate(47.25),
        response_hours={share: estimate(40.0) for share in ("0.5", "0.9", "0.95", "0.99")},
        response_hours_with_wait={share: estimate(60.0) for share in ("0.5", "0.9", "0.95", "0.99")},
    )  # fmt: skip


def segment(customer_class: str, fill: Verdict, time: Verdict) -> SegmentSimulation:
    """One segment, round figures."""
    asked = fill is not Verdict.NOT_ASKED
    nothing = Estimate(mean=0.0)
    nobody = Service(pieces_per_year=nothing, lines_per_year=nothing, orders_per_year=nothing)
    return SegmentSimulation(
        customer_class=customer_class, item_class="A", region="*", promised_fill_rate=0.925,
        planned_fill_rate=0.93125, promised_response_hours=48.0, asked_on_time_probability=0.95,
        planned_on_time_probability=0.97, planned_otif=0.9033, planned_mean_response_hours=31.5,
        fill_verdict=fill, time_verdict=time, service=service() if asked else nobody,
    )  # fmt: skip


def simulation() -> Simulation:
    """Three segments: one broken promise, one open, one that nobody asks for."""
    items = tuple(
        ItemSimulation(
            item=name, location="Kassel", shelf="*", pieces=120.0, planned_unit_fill_rate=0.93,
            unit_fill_rate=0.91, cycles=30, cycle_service_level=0.9, planned_on_hand_pieces=20.25,
            on_hand_pieces=19.5, owed_pieces=0.75,
        )
        for name in LIVE_NAMES
    )  # fmt: skip
    classes = ItemClassSimulation(
        item_class="A", planned_on_hand_value=60.0, on_hand_value=estimate(59.0), owed_pieces=estimate(6.0),
        service=service(),
    )  # fmt: skip
    return Simulation(
        scenario="by hand", currency="EUR", scenario_sha256="ab" * 32, demand_sha256="cd" * 32,
        settings=SimulationSettings(warm_up_days=19.0, block_days=14), measured_days=1_095.0,
        fill_rate_basis="segment", promises=4, promises_broken=1, planned_fill_rate=0.93125,
        planned_on_hand_value=60.0, on_hand_value=estimate(59.0), service=service(),
        segments=(
            segment("A", Verdict.BROKEN, Verdict.KEPT), segment("[red]B", Verdict.OPEN, Verdict.KEPT),
            segment("C", Verdict.NOT_ASKED, Verdict.NOT_ASKED),
        ),
        item_classes=(classes,), items=items,
        balance=Balance(asked_pieces=960.0, delivered_pieces=950.0, waiting_pieces=10.0),
        assumptions=("Played :smile:.",),
        findings=(warning("/demand", "[blink]odd[/blink].", "simulation.odd", "Look.", count=3),),
    )  # fmt: skip
