"""Budgets and prices that make sense."""

from collections.abc import Iterator

from servicepolicy_models.errors import error, warning
from servicepolicy_models.findings import Finding
from servicepolicy_models.scenario import Scenario


def budgets_leave_something(scenario: Scenario) -> Iterator[Finding]:
    """A budget of zero is rarely meant: absent means none, zero means nothing may be spent."""
    for name, budget in scenario.budgets:
        if budget == 0:
            what = f"The budget {name} is zero: nothing may be spent."
            mend = "Leave the field out for no limit; write the smallest amount that is meant otherwise."
            yield warning(f"/budgets/{name}", what, "budget.zero", mend)


def quantity_breaks_rise(scenario: Scenario) -> Iterator[Finding]:
    """Each quantity break of a supply option begins above the one before."""
    for position, supply in enumerate(scenario.supply):
        starts = [one.from_pieces for one in supply.quantity_breaks]
        if starts != sorted(set(starts)):
            where = f"/supply/{position}/quantity_breaks"
            what = f'The quantity breaks of "{supply.name}" do not rise.'
            mend = "List them by from_pieces, each quantity once."
            yield error(where, what, "supply.quantity_breaks", mend)
