"""Rules, budgets, limits and the basics of a scenario as forms."""

from servicepolicy_api.page.editing.desk import Desk
from servicepolicy_api.page.editing.form import form
from servicepolicy_api.page.editing.rows import list_sheet
from servicepolicy_api.page.parts.facts import heading
from servicepolicy_models.demand import CleaningRules, OrderLines
from servicepolicy_models.rules import Budgets, Choice, Limits, PolicyRules
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.segmentation import Classification, Segmentation
from servicepolicy_models.targets import Terms

BASICS = (
    "title", "currency", "carrying_rate_per_year", "on_time_probability", "fill_rate_basis", "days_per_year",
    "count_lost_sales",
)  # fmt: skip
LINES = (
    "date_format", "decimal", "period_days", "history_from", "history_to", "days_covered", "orders_arrive",
)  # fmt: skip


def draw_rules(desk: Desk) -> None:
    """What a policy must look like, and what it may cost."""
    words = desk.here.words.edit
    heading(words.policy_rules)
    form(desk, ("rules",), PolicyRules)
    heading(words.budgets)
    form(desk, ("budgets",), Budgets)
    list_sheet(desk, words.fixed, ("rules", "fixed"), Choice)
    list_sheet(desk, words.forbidden, ("rules", "forbidden"), Choice)


def draw_demand(desk: Desk) -> None:
    """How customers and items are classed, and how the order lines are read."""
    words = desk.here.words.edit
    for side, caption in (("customers", words.classes_customers), ("items", words.classes_items)):
        heading(caption)
        form(desk, ("segmentation", side), Classification)
    form(desk, ("segmentation",), Segmentation)
    if desk.value(("demand", "kind")) == "order_lines":
        heading(words.lines)
        form(desk, ("demand",), OrderLines, LINES)
        heading(words.cleaning)
        form(desk, ("demand", "cleaning"), CleaningRules)


def draw_general(desk: Desk) -> None:
    """Title, money, terms, and when the solver may stop."""
    words = desk.here.words.edit
    heading(words.basics)
    form(desk, (), Scenario, BASICS)
    list_sheet(desk, words.terms, ("terms",), Terms)
    heading(words.limits)
    form(desk, ("limits",), Limits)
