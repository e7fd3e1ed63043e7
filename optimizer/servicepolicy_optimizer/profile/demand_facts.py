"""Cleaned order lines -> Facts: what the mathematics needs to know of the demand."""

from servicepolicy_models.demand import OrderLines
from servicepolicy_models.errors import note, warning
from servicepolicy_models.findings import Finding
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.intake.tables import SideTable
from servicepolicy_optimizer.profile.clean import CleanedLines
from servicepolicy_optimizer.profile.hashing import demand_sha256
from servicepolicy_optimizer.profile.history import PERIODS_FOR_A_VARIANCE, History, history
from servicepolicy_optimizer.profile.item_demand import item_facts
from servicepolicy_optimizer.profile.placement import place
from servicepolicy_optimizer.profile.segment_activity import segment_facts
from servicepolicy_optimizer.profile.trends import trend_findings


def facts(
    scenario: Scenario,
    cleaned: CleanedLines,
    item_table: SideTable | None = None,
    customer_table: SideTable | None = None,
) -> Facts:
    """The demand of a scenario whose `demand.kind` is `order_lines`.

    Raises OrderLinesRejected with all findings that block: items without a unit cost, regions that nobody
    takes, classes that no table gives.
    """
    placement = place(scenario, cleaned, item_table, customer_table)
    span = history(cleaned, cleaned.order_table.source)
    items = item_facts(scenario, placement, span)
    segments = segment_facts(scenario, placement, span)
    segmentation = scenario.segmentation
    regions = tuple(region.name for region in segmentation.regions)
    names = (segmentation.customers.classes, segmentation.items.classes, regions)
    return Facts(
        customer_classes=segmentation.customers.classes,
        item_classes=segmentation.items.classes,
        regions=regions,
        items=items,
        segments=segments,
        findings=(
            *placement.findings,
            *history_findings(cleaned, cleaned.order_table.source, span),
            *trend_findings(cleaned),
        ),
        sha256=demand_sha256(names, items, segments),
    )


def history_findings(cleaned: CleanedLines, source: OrderLines, span: History) -> list[Finding]:
    """What the reader must know of the time behind the figures."""
    findings = []
    dates = f"{cleaned.first_day} to {cleaned.last_day}"
    what = (
        f"{span.days:g} days of history ({dates}), {span.periods} whole periods of {source.period_days} days."
    )
    findings.append(note(cleaned.order_table.file_name, what, "demand.history", 1))
    if source.orders_arrive == "poisson":
        what = "order lines are taken to arrive at random with the sizes seen (compound Poisson), as asked."
        findings.append(note("/demand/orders_arrive", what, "demand.poisson", 1))
    elif span.poisson:
        what = (
            f"the history has {span.periods} whole periods of {source.period_days} days; a variance needs "
            f"{PERIODS_FOR_A_VARIANCE}, so order lines are taken to arrive at random (compound Poisson)."
        )
        mend = "Give a longer history or shorter periods (demand.period_days)."
        findings.append(warning("/demand/period_days", what, "demand.short_history", mend))
    return findings
