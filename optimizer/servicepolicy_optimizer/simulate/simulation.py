"""A finished policy, played. Start here: `simulate` is the contents page."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np

from servicepolicy_models.errors import warning
from servicepolicy_models.findings import Finding
from servicepolicy_models.policy import Policy
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.simulation import DemandMode, Simulation, SimulationSettings, Verdict
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.simulate.answer import (
    NOTHING,
    Told,
    balance,
    item_class_rows,
    item_rows,
    segment_rows,
)
from servicepolicy_optimizer.simulate.assumed import AssumedDemand, assumed_demand
from servicepolicy_optimizer.simulate.check import require_policy_of, require_time
from servicepolicy_optimizer.simulate.estimates import estimates
from servicepolicy_optimizer.simulate.plan import plan_of, settings_used
from servicepolicy_optimizer.simulate.recorded import RecordedLines
from servicepolicy_optimizer.simulate.run import one_run
from servicepolicy_optimizer.simulate.words import how_it_was_played
from servicepolicy_optimizer.simulate.world import world
from servicepolicy_optimizer.targets import resolve_targets

Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""`map`, or one that spreads the runs over processes and hands them back in their order."""


def simulate(
    scenario: Scenario,
    facts: Facts,
    policy: Policy,
    settings: SimulationSettings,
    recorded: RecordedLines | None = None,
    each: Each = map,
) -> Simulation:
    """Play a policy run by run and tell what came of its promises.

    The same question, settings and seed give the same answer to the last digit, whatever spreads the runs and
    in whatever order items are listed. recorded: the order lines, where they are replayed or drawn from.
    Raises PolicyRejected for a policy that does not answer the scenario, SimulationRejected for settings that
    cannot be simulated.
    """
    findings = require_policy_of(scenario, facts, policy)
    shelves = world(scenario, facts, policy)
    plan = plan_of(scenario, shelves, settings, recorded)
    require_time(shelves, plan, settings, recorded)
    drawn = settings.demand is not DemandMode.ASSUMED
    demand = recorded if drawn and recorded is not None else assumed_demand(scenario, shelves)
    runs = each(
        partial(one_run, shelves, demand, settings, plan),
        np.random.SeedSequence(settings.seed).spawn(settings.runs),
    )
    kept = estimates(runs, shelves.price, shelves.item_class, len(facts.item_classes))
    targets = resolve_targets(scenario, facts)
    years = plan.measured_days / scenario.days_per_year
    told = Told(shelves, policy, targets, kept, years, settings.confidence)
    segments, item_classes = tuple(segment_rows(told)), tuple(item_class_rows(told))
    verdicts = [one for row in segments for one in (row.fill_verdict, row.time_verdict)]
    return Simulation(
        scenario=policy.scenario,
        currency=policy.currency,
        scenario_sha256=policy.proof.scenario_sha256,
        demand_sha256=facts.sha256,
        settings=settings_used(settings, plan, scenario),
        measured_days=plan.measured_days,
        fill_rate_basis=policy.fill_rate_basis,
        promises=sum(one is not Verdict.NOT_ASKED for one in verdicts),
        promises_broken=verdicts.count(Verdict.BROKEN),
        planned_fill_rate=policy.fill_rate,
        planned_on_hand_value=sum(row.planned_on_hand_value for row in item_classes),
        on_hand_value=kept.estimate("on_hand_value", len(facts.item_classes), settings.confidence) or NOTHING,
        service=told.service(len(segments) + len(facts.item_classes)),
        segments=segments,
        item_classes=item_classes,
        items=tuple(item_rows(told)),
        balance=balance(told),
        assumptions=how_it_was_played(settings, plan, shelves.lost),
        findings=(*findings, *_of_demand(demand)),
    )


def _of_demand(demand: AssumedDemand | RecordedLines) -> tuple[Finding, ...]:
    if isinstance(demand, RecordedLines) or not demand.calmer_shelves:
        return ()
    count = demand.calmer_shelves
    what = f"{count} shelves have a calmer demand than lines that come at random; theirs is drawn at random."
    mend = "Their service may come out a little worse than planned; the recorded lines tell (bootstrap)."
    return (warning("/demand", what, "simulation.calmer_than_random", mend, count),)
