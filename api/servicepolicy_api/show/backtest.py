"""A backtest in the terminal: promised, achieved, what it took, and what broke it."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from servicepolicy_api.show.amounts import NONE, money, promise, share
from servicepolicy_api.show.findings import print_findings
from servicepolicy_api.show.screen import screen, titled
from servicepolicy_models.backtest import Backtest, PromiseEvidence, QuoteBy, SegmentEvidence

SHOWN_BREAKERS = 5


def print_backtest(found: Backtest, console: Console | None = None) -> None:
    """Print the evidence; where there is none, why."""
    console = console or screen()
    history = f"history {found.history_first_day} to {found.history_last_day}"
    if not found.proved:
        console.print(f"{found.scenario}: nothing can be judged on this history ({history}).", style="bold")
        print_findings(found.findings, console)
        return
    judged = f"judged from {found.judged_first_day}, {found.judged_days} days"
    console.print(
        f"{found.scenario}: {history}, {judged}, reorder points set every "
        f"{found.plan.refit_days} days; money in {found.currency}",
        style="bold",
        soft_wrap=True,
    )
    console.print(_together(found))
    console.print(_quoted(found), soft_wrap=True)
    for one in found.promises:
        console.print(_segments(one))
    console.print(_periods(found))
    worst = found.promises[-1]
    console.print(_items(worst))
    console.print(_orders(worst))
    console.print(_estimates(found))
    print_findings(found.findings, console)


def _together(found: Backtest) -> Table:
    heads = (
        "achieved", "± (1.64 s.e.)", "of all pieces", "without catching up", "stock",
        "textbook at the promise", "its stock", "its stock at our service",
    )  # fmt: skip
    table = titled("Promised and achieved, all segments together", "promised", *heads, numbers=heads)
    for one in found.promises:
        theirs = one.textbook
        table.add_row(
            promise(one.promised_fill_rate), share(one.achieved_fill_rate), _margin(one.standard_error),
            share(one.achieved_of_all_pieces), share(one.achieved_without_catch_up), money(one.stock_value),
            share(theirs.achieved_fill_rate), money(theirs.stock_value),
            _at_our_service(theirs.stock_value_at_equal_service),
        )  # fmt: skip
    return table


QUOTED: Mapping[QuoteBy, str] = {
    QuoteBy.QUANTILE: "lines above the {quantile} quantile of their item's sizes",
    QuoteBy.COST: "lines larger than stock for them is worth",
    QuoteBy.NONE: "none",
}


def _quoted(found: Backtest) -> str:
    """Which lines were quoted a lead time, and how much they are."""
    rule = QUOTED[found.plan.quotes_by].format(quantile=share(found.plan.quote_above_quantile))
    one = found.promises[0]
    return (
        f"Quoted a lead time instead of promised stock: {rule} ({share(one.quoted_share_of_pieces)} of the "
        f"pieces, {share(one.quoted_share_of_lines)} of the lines)."
    )


def _at_our_service(stock_value: float | None) -> str:
    return "no target does" if stock_value is None else money(stock_value)


def _margin(standard_error: float | None) -> str:
    return NONE if standard_error is None else f"{164.5 * standard_error:.1f}"


def _segments(one: PromiseEvidence) -> Table:
    heads = (
        "achieved", "± (1.64 s.e.)", "off by (points)", "whole lines", "pieces", "lines", "of all pieces",
        "quoted pieces", "quoted lines", "too new",
    )  # fmt: skip
    title = f"Every segment promised {promise(one.promised_fill_rate)} (* asked by the scenario)"
    table = titled(title, "segment", *heads, numbers=heads)
    for segment in one.segments:
        if not segment.lines:
            continue
        achieved = segment.achieved_fill_rate
        off = NONE if achieved is None else f"{100 * (achieved - one.promised_fill_rate):+.1f}"
        table.add_row(
            _name(segment), share(achieved), _margin(segment.standard_error), off,
            share(segment.achieved_line_fill_rate), money(segment.pieces), f"{segment.lines:,}",
            share(segment.achieved_of_all_pieces), share(segment.quoted_share_of_pieces),
            share(segment.quoted_share_of_lines), share(segment.not_yet_stocked_share_of_pieces),
        )  # fmt: skip
    return table


def _name(one: SegmentEvidence) -> str:
    region = "" if one.region == "*" else f" {one.region}"
    return f"{one.customer_class}-{one.item_class}{region}{' *' if one.is_target else ''}"


def _periods(found: Backtest) -> Table:
    heads = [
        f"{word} {promise(one.promised_fill_rate)}"
        for one in found.promises
        for word in ("aimed,", "achieved,")
    ]
    table = titled("From refit to refit", "from", "pieces", *heads, numbers=("pieces", *heads))
    for rows in zip(*(one.periods for one in found.promises), strict=True):
        cells = [share(amount) for row in rows for amount in (row.planned_fill_rate, row.achieved_fill_rate)]
        table.add_row(rows[0].first_day, money(rows[0].pieces), *cells)
    return table


def _items(one: PromiseEvidence) -> Table:
    title = f"Items that broke {promise(one.promised_fill_rate)} most"
    table = titled(title, "item", "class", "pieces", "short", "why", numbers=("pieces", "short"))
    for item in one.short_items[:SHOWN_BREAKERS]:
        why = item.reason.replace("_", " ")
        table.add_row(item.item, item.item_class, money(item.pieces), money(item.pieces_short), why)
    return table


def _orders(one: PromiseEvidence) -> Table:
    title = f"Orders that broke {promise(one.promised_fill_rate)} most"
    table = titled(title, "order", "day", "pieces", "short", numbers=("pieces", "short"))
    for order in one.short_orders[:SHOWN_BREAKERS]:
        table.add_row(order.order, order.day, money(order.pieces), money(order.pieces_short))
    return table


def _estimates(found: Backtest) -> Table:
    heads = ("items", "half-life (days)", "level error", "dispersion", "relative variance")
    title = "What the data said, at the last refit"
    table = titled(title, "items of class", "forecast", *heads, numbers=heads)
    for one in found.estimates:
        half_life = NONE if one.half_life_days is None else f"{one.half_life_days:g}"
        table.add_row(
            one.item_class, one.forecast, f"{one.items:,}", half_life, share(one.level_error),
            f"{one.dispersion:.2f}", f"{one.relative_variance:.3f}",
        )  # fmt: skip
    return table
