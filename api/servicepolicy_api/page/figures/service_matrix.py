"""The promises of a policy: a matrix for every region, and a table with a row for every segment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.page import addresses
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.matrix import MatrixCell, deep, matrix
from servicepolicy_api.page.parts.table import Cell, Column, link, scrolled
from servicepolicy_api.page.words import word
from servicepolicy_api.show.amounts import NONE, hours, money, promise, share
from servicepolicy_models.policy import Policy, SegmentPolicy
from servicepolicy_models.prices import Prices, StepPrice

DENSE = Markup('<div class="sp-dense">{}</div>')
Key = tuple[str, str, str]
"""Customer class, item class, region."""


@dataclass(frozen=True)
class PriceOf:
    """What one more point of a segment's fill rate costs, as text."""

    here: Here
    exact: Mapping[Key, StepPrice]

    def __call__(self, segment: SegmentPolicy) -> str:
        """The solved price; else what comes with the policy, marked as such."""
        words, step = self.here.words.policy, self.exact.get(key_of(segment))
        if step is not None:
            if step.cost_difference_per_year is None:
                return words.not_to_be_had if step.held == "infeasible" else NONE
            return money(step.cost_difference_per_year)
        about = segment.marginal_cost_of_one_point
        return NONE if about is None else words.dual.format(amount=money(about))


def prices_of(here: Here, prices: Prices | None) -> PriceOf:
    """The prices of one more point, of every segment that has one."""
    steps = {
        (one.customer_class, one.item_class, one.region): step
        for one in (prices.segments if prices else ())
        for step in one.steps
        if step.step == "one_point_more"
    }
    return PriceOf(here, steps)


def key_of(segment: SegmentPolicy) -> Key:
    """What a segment is known by."""
    return segment.customer_class, segment.item_class, segment.region


def draw_matrices(here: Here, run_id: str, policy: Policy, price: PriceOf) -> None:
    """Draw the promises, region by region."""
    words = here.words.policy
    rates = [one.promised_fill_rate for one in policy.segments]
    customers = _in_order(one.customer_class for one in policy.segments)
    items = _in_order(one.item_class for one in policy.segments)
    with ui.element("div").classes("sp-promises"):
        for region in _in_order(one.region for one in policy.segments):
            caption = words.matrix if region == "*" else words.matrix_of.format(region=region)
            cells = {
                (one.customer_class, one.item_class): _cell(
                    here, run_id, one, deep(one.promised_fill_rate, rates), price
                )
                for one in policy.segments
                if one.region == region
            }
            matrix(here, caption, customers, items, cells)
    ui.html(Markup('<p class="sp-legend">{}</p>').format(words.scale), sanitize=False)


def segments_table(here: Here, run_id: str, policy: Policy, price: PriceOf) -> Markup:
    """A row for every segment, with the price of one more point."""
    words = here.words.policy
    columns = (
        Column(words.segment), Column(words.target, True), Column(words.promised, True),
        Column(words.planned, True), Column(words.response, True), Column(words.on_time, True),
        Column(words.path), Column(words.shelf), Column(words.lines, True),
        Column(words.segment_cost.format(currency=policy.currency), True),
        Column(words.point.format(currency=policy.currency), True),
    )  # fmt: skip
    rows = [_row(here, run_id, one, price) for one in policy.segments]
    return DENSE.format(scrolled(words.table, columns, rows, is_wide=True, is_caption_shown=False))


def name_of(here: Here, segment: SegmentPolicy) -> str:
    """A segment by its classes: `A/B (North)`."""
    region = "" if segment.region == "*" else f" ({segment.region})"
    return f"{segment.customer_class}/{segment.item_class}{region}"


def path_of(segment: SegmentPolicy) -> str:
    """The means of a segment, in the order in which an order meets them."""
    return " · ".join((segment.channel, segment.process, segment.mode, segment.frequency))


def _row(here: Here, run_id: str, one: SegmentPolicy, price: PriceOf) -> Sequence[Cell]:
    asked = f"{promise(one.target_fill_rate)}"
    if one.target_response_hours is not None:
        asked = f"{asked}, {hours(one.target_response_hours)}"
    return [
        link(name_of(here, one), addresses.segment(run_id, *key_of(one))),
        asked,
        promise(one.promised_fill_rate),
        share(one.planned_fill_rate),
        f"{one.promised_response_hours:g}",
        share(one.on_time_probability),
        path_of(one),
        f"{word(here.words.means, one.stock_policy.value)}, {one.supply}",
        f"{one.lines_per_year:,.0f}",
        money(one.cost.objective),
        price(one),
    ]


def _cell(here: Here, run_id: str, one: SegmentPolicy, depth: float, price: PriceOf) -> MatrixCell:
    hint = here.words.policy.cell_hint.format(path=path_of(one), price=price(one))
    below = f"{hours(one.promised_response_hours)} · {one.channel} · {one.mode}"
    address = addresses.segment(run_id, *key_of(one))
    return MatrixCell(promise(one.promised_fill_rate), depth, below, address, hint)


def _in_order(names: object) -> list[str]:
    return list(dict.fromkeys(names))  # type: ignore[call-overload]
