"""What holds for the whole policy: summary, costs beside the baselines, uses, findings, proof."""

from collections.abc import Iterator

from servicepolicy_api.export.sheet import Cell, Holds, Sheet
from servicepolicy_models.cost import COST_PARTS, Cost
from servicepolicy_models.policy import Policy

Row = tuple[Cell, ...]


def summary_sheet(policy: Policy) -> Sheet:
    """What was asked, what is held, what it costs; the conflicts when nothing keeps every promise."""
    rows: list[Row] = [
        ("scenario", policy.scenario),
        ("currency", policy.currency),
        ("fill rate", f"{policy.fill_rate_definition}, for each {policy.fill_rate_basis.replace('_', ' ')}"),
        ("held", policy.proof.held.value),
        ("stopped", policy.proof.stopped.value),
        ("cost per year, all six parts", policy.cost.objective if policy.cost else None),
        ("stock value", policy.stock_value.total if policy.stock_value else None),
        ("fill rate, by pieces", policy.fill_rate),
        ("CO2e, kg per year", policy.co2e_kg_per_year),
        *((f"conflict: {one.where}", one.sentence) for one in policy.conflicts),
        *(("assumed", text) for text in policy.assumptions),
    ]
    return Sheet("Summary", (("", Holds.TEXT), ("value", Holds.SENTENCE)), rows)


def costs_sheet(policy: Policy) -> Sheet:
    """One row a policy: this one, then the baselines; costs, what is saved, and what the baseline breaks."""
    columns = (
        *(("policy", Holds.TEXT), ("keeps every promise", Holds.TEXT)),
        *((part, Holds.MONEY) for part in COST_PARTS),
        *(("all six", Holds.MONEY), ("saved by this policy", Holds.MONEY), ("saved share", Holds.SHARE)),
        *(("fill rate", Holds.SHARE), ("stock value", Holds.MONEY), ("what it is", Holds.SENTENCE)),
        ("what it breaks", Holds.SENTENCE),
    )
    return Sheet("Costs & baselines", columns, list(_cost_rows(policy)))


def _cost_rows(policy: Policy) -> Iterator[Row]:
    own = policy.cost
    if own is not None:
        stock = policy.stock_value.total if policy.stock_value else None
        yield ("this policy", "yes", *_six(own), None, None, policy.fill_rate, stock, None, None)
    for one in policy.baselines:
        saved = one.cost.objective - own.objective if one.cost and own else None
        saved_share = saved / one.cost.objective if one.cost and saved is not None else None
        kept = "yes" if one.feasible else "no"
        told = one.fill_rate, one.stock_value, one.sentence, "\n".join(one.breaks) or None
        yield (one.name.replace("_", " "), kept, *_six(one.cost), saved, saved_share, *told)


def _six(cost: Cost | None) -> Row:
    """The six parts and their sum."""
    if cost is None:
        return (None,) * (len(COST_PARTS) + 1)
    return (*(getattr(cost, part) for part in COST_PARTS), cost.objective)


def uses_sheet(policy: Policy) -> Sheet:
    """One row a capacity or budget."""
    columns = (
        *(("what", Holds.TEXT), ("used", Holds.AMOUNT), ("limit", Holds.AMOUNT), ("unit", Holds.TEXT)),
        ("share", Holds.SHARE),
    )
    rows = [
        (one.name, one.used, one.limit, one.unit, one.used / one.limit if one.limit else None)
        for one in policy.uses
    ]
    return Sheet("Uses", columns, rows)


def findings_sheet(policy: Policy) -> Sheet:
    """One row a finding."""
    columns = (
        *(("severity", Holds.TEXT), ("where", Holds.TEXT)),
        *(("what", Holds.SENTENCE), ("mend", Holds.SENTENCE)),
        *(("rule", Holds.TEXT), ("count", Holds.COUNT)),
    )
    found = policy.findings
    rows = [(one.severity.value, one.where, one.what, one.mend, one.rule, one.count) for one in found]
    return Sheet("Findings", columns, rows, frozen_columns=0)


def proof_sheet(policy: Policy) -> Sheet:
    """Every field of the proof, a row each."""
    return Sheet("Proof", (("", Holds.TEXT), ("value", Holds.SENTENCE)), list(_proof_rows(policy)))


def _proof_rows(policy: Policy) -> Iterator[Row]:
    for name, value in policy.proof.model_dump(mode="json").items():
        if isinstance(value, dict):
            yield from ((f"{name}: {inner}", number) for inner, number in value.items())
        else:
            yield name, value
