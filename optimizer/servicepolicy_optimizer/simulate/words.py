"""How a simulation was played, in words for its reader."""

from servicepolicy_models.simulation import DemandMode, SimulationSettings
from servicepolicy_optimizer.simulate.plan import Plan

DEMAND = {
    DemandMode.ASSUMED: "Order lines come at random with the mean, the variance and the order sizes of the "
    "demand figures; busy times are shared by all customers of a shelf.",
    DemandMode.BOOTSTRAP: "Order lines are blocks of {block} days of the record, drawn with replacement; "
    "weekdays go on.",
    DemandMode.REPLAY: "Order lines are replayed as they were recorded; runs differ in lead and stage times "
    "and in the stock of the first day, so the intervals say nothing about other demand.",
}


WAITING = {
    (False, False): "What is on the shelf leaves at once, the rest of a line waits for stock.",
    (True, False): "A line leaves whole or waits.",
    (False, True): "What is on the shelf leaves at once, the rest of a line is lost: nobody waits.",
    (True, True): "A line leaves whole or is lost: nobody waits.",
}
"""(lines leave whole only, what is short is lost) -> what becomes of a line that is not there whole."""


def how_it_was_played(settings: SimulationSettings, plan: Plan, lost: bool) -> tuple[str, ...]:
    """Everything that was assumed beyond scenario and policy."""
    return (
        DEMAND[settings.demand].format(block=plan.block_days),
        "Lead times are gamma with the mean and deviation of supply and location (fixed without deviation); "
        + (
            "no order overtakes an earlier one."
            if settings.in_sequence
            else "orders may overtake each other."
        ),
        "Stage times are gamma (fixed without deviation), the wait for a departure is uniform; each shipment "
        "draws its own.",
        "On a shared or separate shelf the oldest line is served first; on a rationed one each class takes "
        "only what lies above its reserve level, and what comes in serves the best class first, then the "
        "oldest line.",
        WAITING[settings.whole_lines, lost],
        f"{plan.measured_from_days:.4g} days of warm-up are left out. On the first day nothing is on order "
        "and the stock is what an (r, nQ) policy leaves: anything from r + 1 to r + Q.",
    )
