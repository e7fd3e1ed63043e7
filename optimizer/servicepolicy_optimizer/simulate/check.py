"""Whether a policy can be simulated as asked: all findings at once."""

from collections.abc import Iterator

from servicepolicy_models.errors import PolicyRejected, SimulationRejected, error, warning
from servicepolicy_models.findings import Finding
from servicepolicy_models.policy import Policy
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.simulation import DemandMode, SimulationSettings
from servicepolicy_optimizer.audit.reading import unreadable
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.fingerprint import scenario_sha256
from servicepolicy_optimizer.simulate.plan import Plan
from servicepolicy_optimizer.simulate.recorded import RecordedLines
from servicepolicy_optimizer.simulate.world import World

MEND = "Hand in the policy as it was answered."
MOST_PIECES = 1e15
"""As for every number of a scenario."""

ROUNDING = 1e-6
"""So far beyond nothing and all a share may be by what is lost in sums."""

LONG_RUN_DAYS = 2_000_000.0
"""Days of a run beyond which times lose their milliseconds."""


def require_policy_of(scenario: Scenario, facts: Facts, policy: Policy) -> tuple[Finding, ...]:
    """What the reader must know of a policy that can be played. Raises PolicyRejected for one that cannot:
    a refusal, a policy of another scenario, or one whose rows do not fit the demand.
    """
    if not policy.segments:
        what = f"it holds no policy to play: the solver's answer was {policy.proof.held.value!r}."
        mend = "Mend the scenario until `solve` finds a policy, and hand that in."
        raise PolicyRejected([error("/segments", what, "policy.nothing_to_play", mend)])
    own = scenario_sha256(scenario)
    if policy.proof.scenario_sha256 != own:
        what = f"it answers another scenario: {_short(policy.proof.scenario_sha256)}, not {_short(own)}."
        mend = "Hand in the scenario that it answers, unchanged, or solve this one again."
        raise PolicyRejected([error("/proof/scenario_sha256", what, "policy.other_scenario", mend)])
    findings = unreadable(scenario, facts, policy) or (
        *_of_supply(scenario, policy),
        *_of_rates(facts, policy),
        *_of_pieces(policy),
    )
    if findings:
        raise PolicyRejected(findings)
    if policy.proof.demand_sha256 in ("", facts.sha256):
        return ()
    what = (
        "the policy was made for other demand figures than those simulated; differences are to be expected."
    )
    return (warning("/proof/demand_sha256", what, "policy.other_demand", "Hand in the same order lines."),)


def _of_supply(scenario: Scenario, policy: Policy) -> Iterator[Finding]:
    """Every item comes from its class's supply option, and is reviewed as that is."""
    supply = {one.name: one for one in scenario.supply}
    chosen = {one.item_class: one.supply for one in policy.item_classes}
    for at, row in enumerate(policy.items):
        if row.supply != chosen[row.item_class]:
            what = f"{row.supply!r} is not the supply of the item's class, {chosen[row.item_class]!r}."
            yield error(f"/items/{at}/supply", what, "policy.other_supply", MEND)
        elif row.review_days != supply[row.supply].review_days:
            what = f"{row.review_days:g} is not the review interval of {row.supply!r}."
            yield error(f"/items/{at}/review_days", what, "policy.other_review", MEND)


def _of_rates(facts: Facts, policy: Policy) -> Iterator[Finding]:
    """Every row says of some customer class what it plans to deliver, and says shares."""
    for at, row in enumerate(policy.items):
        where, rates = f"/items/{at}/unit_fill_rate", row.unit_fill_rate
        if not any(name in rates for name in facts.customer_classes):
            yield error(where, "it names none of the customer classes.", "policy.no_fill_rate", MEND)
        for name, rate in rates.items():
            if not -ROUNDING <= rate <= 1.0 + ROUNDING:
                yield error(f"{where}/{name}", f"{rate:g} is no share.", "policy.no_fill_rate", MEND)


def _of_pieces(policy: Policy) -> Iterator[Finding]:
    """Nobody stocks so much."""
    for at, row in enumerate(policy.items):
        amounts = {
            "reorder_point_pieces": row.reorder_point_pieces,
            "order_quantity_pieces": row.order_quantity_pieces,
            "on_hand_pieces": row.on_hand_pieces,
        } | {f"critical_level_pieces/{name}": level for name, level in row.critical_level_pieces.items()}
        for field, pieces in amounts.items():
            if abs(pieces) > MOST_PIECES:
                yield error(f"/items/{at}/{field}", f"{pieces:g} is beyond 1e15.", "policy.amount", MEND)


def require_time(
    world: World,
    plan: Plan,
    settings: SimulationSettings,
    recorded: RecordedLines | None,
) -> None:
    """Raise SimulationRejected where the run is too short, too long, or has no order lines to draw from."""
    if findings := tuple(_of_time(world, plan, settings, recorded)):
        raise SimulationRejected(findings)


def _of_time(
    world: World, plan: Plan, settings: SimulationSettings, recorded: RecordedLines | None
) -> Iterator[Finding]:
    if settings.demand is not DemandMode.ASSUMED and recorded is None:
        what = f"{settings.demand.value} needs recorded order lines, and the demand is given as numbers."
        mend = "Simulate the assumed demand, or hand in a scenario with order lines."
        yield error("/settings/demand", what, "simulation.no_order_lines", mend)
        return
    longest = world.longest_lead_days
    if plan.measured_from_days < longest:
        what = f"{plan.measured_from_days:g} days are shorter than the longest lead and review time."
        mend = f"Warm up for at least {longest:g} days."
        yield error("/settings/warm_up_days", what, "simulation.short_warm_up", mend)
    if plan.measured_days < longest:
        what = (
            f"{max(plan.measured_days, 0.0):.4g} days are measured after {plan.measured_from_days:g} days of "
            f"warm-up; the longest lead and review time is {longest:g} days."
        )
        mend = (
            "Hand in a longer record, or draw from it (bootstrap)."
            if settings.demand is DemandMode.REPLAY
            else "Simulate more years."
        )
        yield error("/settings/years", what, "simulation.too_short", mend)
    if plan.until_days > LONG_RUN_DAYS:
        what = f"a run of {plan.until_days:g} days is longer than {LONG_RUN_DAYS:g}."
        yield error("/settings/years", what, "simulation.too_long", "Make more runs of fewer years.")
    drawn = recorded if settings.demand is DemandMode.BOOTSTRAP else None
    if drawn is not None and plan.block_days > drawn.calendar_days:
        what = f"blocks of {plan.block_days} days are longer than the record of {drawn.calendar_days}."
        mend = "Hand in a longer record or choose shorter blocks."
        yield error("/settings/block_days", what, "simulation.long_block", mend)


def _short(sha256: str) -> str:
    return f"{sha256[:12]}..." if sha256 else "(no fingerprint)"
