"""Who would be in which class by a rule, and what each move would cost a year."""

from collections.abc import Iterator

import numpy as np

from servicepolicy_models.errors import ServicePolicyError, error
from servicepolicy_models.findings import Finding
from servicepolicy_models.policy import Policy
from servicepolicy_models.qualification import (
    ClassFlow,
    ClassMove,
    Qualification,
    QualificationRule,
    QualifiedClass,
)
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.explain.cost_to_serve import HOW_PRICED, cost_to_serve, rates_of
from servicepolicy_optimizer.explain.customer_periods import CustomerPeriods
from servicepolicy_optimizer.explain.tiers import Tiers, play
from servicepolicy_optimizer.facts import Floats, Ints


class RuleRejected(ServicePolicyError):
    """The rule of qualification does not fit the scenario or its policy."""

    code = "rule.rejected"


def require_rule(rule: QualificationRule, scenario: Scenario) -> None:
    """Raise RuleRejected with everything in which the rule does not fit the scenario's classes."""
    findings = list(_misfits(rule, scenario))
    if findings:
        raise RuleRejected(findings)


def _misfits(rule: QualificationRule, scenario: Scenario) -> Iterator[Finding]:
    names = list(scenario.segmentation.customers.classes)
    if len(names) < 2:
        mend = "Give the scenario at least two customer classes."
        yield error(
            "/classes", "With one customer class there is nothing to earn.", "qualification.one", mend
        )
        return
    asked = [one.customer_class for one in rule.classes]
    for n, name in enumerate(asked):
        if name not in names:
            mend = f"Name one of: {', '.join(names[:-1])}."
            yield error(f"/classes/{n}", f"The class {name!r} is unknown.", "qualification.class", mend)
    if set(asked) == set(names[:-1]) and asked == names[:-1]:
        return
    if set(asked) <= set(names):
        what = f"The rule speaks of {', '.join(asked)}; the better classes are {', '.join(names[:-1])}."
        mend = "Write one rule for each class but the lowest, the best first."
        yield error("/classes", what, "qualification.classes", mend)


def qualify(
    scenario: Scenario, rule: QualificationRule, customers: CustomerPeriods, policy: Policy
) -> Qualification:
    """The rule played through the history, against the classes of today.

    Raises RuleRejected when the rule does not fit the classes, or the policy holds nothing to price with.
    """
    require_rule(rule, scenario)
    _require_priced(scenario, policy)
    names = scenario.segmentation.customers.classes
    tiers = play(rule, customers, len(names) - 1)
    before, after = cost_to_serve(
        rates_of(scenario, policy), customers, customers.class_today, tiers.class_after
    )
    moves = tuple(_moves(scenario, customers, tiers, before, after))
    moved = float(sum(move.moved for move in moves))
    return Qualification(
        scenario=scenario.name,
        currency=scenario.currency,
        periods=customers.revenue.shape[1],
        period_days=rule.period_days,
        first_day=customers.first_day.isoformat(),
        last_day=customers.last_day.isoformat(),
        customers=len(customers.codes),
        classes=tuple(_classes(names, customers, tiers)),
        flows=tuple(_flows(names, customers, tiers, after - before)),
        moves=moves,
        moved=moved,
        how_priced=HOW_PRICED,
        findings=tuple(_findings(rule, names, customers, tiers)),
        sentence=_sentence(scenario, customers, tiers, moved),
    )


def _require_priced(scenario: Scenario, policy: Policy) -> None:
    cut = scenario.segmentation
    if policy.cost is None:
        mend = "Take a policy that holds one: its segments say what serving costs."
        what = "The policy is of a scenario that has none."
        raise RuleRejected([error("/policy", what, "qualification.no_policy", mend)])
    known = (set(cut.customers.classes), set(cut.items.classes), {"*", *(one.name for one in cut.regions)})
    strange = {
        name
        for one in policy.segments
        for name, names in zip((one.customer_class, one.item_class, one.region), known, strict=True)
        if name not in names
    }
    if strange or policy.currency != scenario.currency:
        what = f"The policy is of another scenario: {policy.scenario!r} in {policy.currency}"
        what += f", with {', '.join(sorted(strange))}." if strange else "."
        mend = "Take the policy that was found for this scenario."
        raise RuleRejected([error("/policy", what, "qualification.another_policy", mend)])


def _moves(
    scenario: Scenario, customers: CustomerPeriods, tiers: Tiers, before: Floats, after: Floats
) -> Iterator[ClassMove]:
    """The dearest first."""
    names, revenue = scenario.segmentation.customers.classes, _last_year(customers)
    moving = np.flatnonzero(tiers.class_after != customers.class_today)
    for c in moving[np.argsort(-(after - before)[moving], kind="stable")].tolist():
        was, becomes = names[customers.class_today[c]], names[tiers.class_after[c]]
        moved = float(after[c] - before[c])
        yield ClassMove(
            customer=customers.codes[c],
            before=was,
            after=becomes,
            periods_in_class=int(tiers.periods_in_class[c]),
            revenue_per_year=float(revenue[c]),
            cost_before=float(before[c]),
            cost_after=float(after[c]),
            moved=moved,
            sentence=(
                f"Customer {customers.codes[c]} goes from {was} to {becomes}: serving it costs "
                f"{abs(moved):,.0f} {scenario.currency} a year {'more' if moved >= 0 else 'less'}."
            ),
        )


def _last_year(customers: CustomerPeriods) -> Floats:
    """(C,) revenue of the last period, scaled to a year."""
    scaled: Floats = customers.revenue[:, -1] * customers.periods_per_year
    return scaled


def _classes(names: tuple[str, ...], customers: CustomerPeriods, tiers: Tiers) -> Iterator[QualifiedClass]:
    revenue = customers.revenue.sum(axis=1)
    whole = float(revenue.sum()) or 1.0
    for k, name in enumerate(names):
        now, last = tiers.class_after == k, tiers.class_before_last == k
        yield QualifiedClass(
            customer_class=name,
            customers_before=int((customers.class_today == k).sum()),
            customers_after=int(now.sum()),
            revenue_share_after=float(revenue[now].sum()) / whole,
            entered_in_last_period=int((now & ~last).sum()),
            left_in_last_period=int((last & ~now).sum()),
        )


def _flows(
    names: tuple[str, ...], customers: CustomerPeriods, tiers: Tiers, moved: Floats
) -> Iterator[ClassFlow]:
    revenue = _last_year(customers)
    for b, before in enumerate(names):
        for a, after in enumerate(names):
            these = (customers.class_today == b) & (tiers.class_after == a)
            if these.any():
                yield ClassFlow(
                    before=before,
                    after=after,
                    customers=int(these.sum()),
                    revenue_per_year=float(revenue[these].sum()),
                    moved=float(moved[these].sum()) if a != b else 0.0,
                )


def _findings(
    rule: QualificationRule, names: tuple[str, ...], customers: CustomerPeriods, tiers: Tiers
) -> Iterator[str]:
    better = _share(tiers.class_after < len(names) - 1)
    if rule.most_customers_share is not None and better > rule.most_customers_share:
        yield (
            f"{100 * better:.1f} % of the customers would be in a better class, more than the "
            f"{100 * rule.most_customers_share:.1f} % that the rule allows: raise the thresholds to enter."
        )
    for k, name in enumerate(names[:-1]):
        if not (tiers.class_after == k).any():
            yield f"Nobody would be in class {name}: lower what it asks, or do without it."
    if customers.unnamed_revenue_share > 0:
        yield (
            f"{100 * customers.unnamed_revenue_share:.1f} % of the revenue comes without a customer's name; "
            "no rule can move it."
        )


def _share(some: Ints | Floats | np.ndarray) -> float:
    return float(np.mean(some))


def _sentence(scenario: Scenario, customers: CustomerPeriods, tiers: Tiers, moved: float) -> str:
    up = int((tiers.class_after < customers.class_today).sum())
    down = int((tiers.class_after > customers.class_today).sum())
    stay = len(customers.codes) - up - down
    verb = "cost" if moved >= 0 else "save"
    return (
        f"Of {len(customers.codes):,} customers {stay:,} would stay in their class, {up:,} would rise and "
        f"{down:,} would fall; together the moves {verb} {abs(moved):,.0f} {scenario.currency} a year."
    )
