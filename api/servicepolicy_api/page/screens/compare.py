"""Two to six solved runs, each beside the one before."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query
from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.beside import HOLDS_A_POLICY, as_it_is_now
from servicepolicy_api.page import addresses
from servicepolicy_api.page.asking import scenario_of
from servicepolicy_api.page.figures.bridge import draw_bridge, of_parts
from servicepolicy_api.page.figures.calling import told_apart
from servicepolicy_api.page.figures.explained import answer_of, bridge_of, compared, draw_asking
from servicepolicy_api.page.figures.flips import draw_flips, draw_matrices_of_differences
from servicepolicy_api.page.frame import Place, frame
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.facts import heading
from servicepolicy_api.page.parts.moments import minute
from servicepolicy_api.page.parts.prose import prose
from servicepolicy_api.page.parts.states import said
from servicepolicy_api.page.parts.table import Cell, Column, link, table, written
from servicepolicy_api.page.screen import screen
from servicepolicy_api.page.words import word
from servicepolicy_api.question_changes import question_changes
from servicepolicy_api.run_answers import bare_policy
from servicepolicy_api.show.amounts import NONE, gap, money, share
from servicepolicy_models.comparison import Comparison, ComparisonQuestion, Difference
from servicepolicy_models.cost import COST_PARTS
from servicepolicy_models.policy import Policy
from servicepolicy_store import runs as ledger
from servicepolicy_store.database import Transaction
from servicepolicy_store.errors import NotThere
from servicepolicy_store.run_noun import Run

FEWEST, MOST, OFFERED = 2, 6, 40
FORM = Markup(
    '<form method="get" action="{}">{}<p class="sp-buttons">'
    '<button class="sp-button sp-primary">{}</button></p></form>'
)
TICK = Markup('<input type="checkbox" name="run" value="{}" aria-label="{}"{}>')
AGAIN = Markup('<p class="sp-back"><a href="{}">{}</a></p>')
CHANGES = Markup('<ul class="sp-sentences" lang="en">{}</ul>')


@dataclass(frozen=True)
class _Side:
    """One run of the comparison."""

    run: Run
    name: str
    policy: Policy


@screen("/compare")
async def compare(
    here: Here,
    runs: Annotated[str, Query(max_length=400)] = "",
    run: Annotated[list[str] | None, Query(max_length=20)] = None,
) -> None:
    """Choose runs, or compare those that the address names: `runs=a,b` in this order, `run=` by their age."""
    words = here.words.compare
    chosen = list(dict.fromkeys([*(one for one in runs.split(",") if one), *sorted(run or ())]))
    if not FEWEST <= len(chosen) <= MOST:
        await _choose(here, chosen)
        return
    sides = await here.load(lambda: _sides(here, chosen))
    frame(here, Place("compare", words.title, words.lead, sides[-1].run.scenario_name))
    ui.html(AGAIN.format(addresses.asking(addresses.COMPARE, runs=chosen[0]), words.again), sanitize=False)
    if len({side.policy.currency for side in sides}) > 1:
        said(here, words.one_currency, (words.again, addresses.COMPARE))
        return
    _side_by_side(here, sides)
    await _differences(here, sides)


def _sides(here: Here, chosen: list[str]) -> list[_Side]:
    """Raises Problem 422 with everything that is wrong with the runs that are named."""
    as_it_is_now(ComparisonQuestion(runs=tuple(chosen)), here.memory)
    with here.memory.database.reading() as tx:
        found = [ledger.get(tx, one) for one in chosen]
    names = told_apart(here, found)
    return [_Side(one, name, bare_policy(here.memory, one)) for one, name in zip(found, names, strict=True)]


async def _choose(here: Here, chosen: list[str]) -> None:
    words = here.words.compare

    def read() -> list[Run]:
        """Those chosen already, and the latest that are no points of a sweep: a sweep has hundreds."""
        with here.memory.database.reading() as tx:
            found = {run.id: run for one in chosen for run in _known(tx, one)}
            for outcome in HOLDS_A_POLICY:
                which = ledger.Filter(kind="solve", outcome=outcome, with_parts=False)
                found |= {run.id: run for run in ledger.page(tx, which, None, OFFERED)[0]}
        newest_first = sorted(found.values(), key=lambda run: run.id, reverse=True)
        return [run for n, run in enumerate(newest_first) if n < OFFERED or run.id in chosen]

    offered = await here.load(read)
    frame(here, Place("compare", words.title, words.lead))
    if len(offered) < FEWEST:
        said(here, words.nothing, (words.solve, addresses.solve()))
        return
    if len(chosen) == 1:
        prose(words.too_few, role="status")
    if len(chosen) > MOST:
        prose(words.too_many, role="alert")
    columns = [
        Column(words.chosen), Column(here.words.runs.about), Column(here.words.runs.cost, True),
        Column(here.words.runs.asked_at),
    ]  # fmt: skip
    names = told_apart(here, offered)
    rows: list[list[Cell]] = [
        [
            TICK.format(one.id, name, Markup(" checked") if one.id in chosen else ""),
            link(name, addresses.policy(one.id)), money(one.objective), minute(one.created_at),
        ]
        for one, name in zip(offered, names, strict=True)
    ]  # fmt: skip
    form = FORM.format(addresses.COMPARE, written(words.choose, columns, rows), words.compare)
    ui.html(form, sanitize=False)


def _known(tx: Transaction, run_id: str) -> list[Run]:
    try:
        run = ledger.get(tx, run_id)
    except NotThere:
        return []
    return [run] if run.kind == "solve" and run.outcome in HOLDS_A_POLICY else []


def _side_by_side(here: Here, sides: list[_Side]) -> None:
    words, currency = here.words.compare, sides[-1].policy.currency
    costs = [dict(side.policy.cost) if side.policy.cost else {} for side in sides]
    rows: list[list[Cell]] = [
        [words.cost.format(currency=currency), *(_objective(side.policy) for side in sides)],
        *([word(here.words.costs, part), *(money(cost.get(part)) for cost in costs)] for part in COST_PARTS),
        [words.fill_rate, *(share(side.policy.fill_rate) for side in sides)],
        [words.stock.format(currency=currency), *(_stock(side.policy) for side in sides)],
        [words.gap, *(gap(side.policy.proof.item_level_gap) for side in sides)],
    ]  # fmt: skip
    columns = [Column(words.figure), *(Column(side.name, True) for side in sides)]
    heading(words.side_by_side)
    table(words.side_by_side, columns, rows, is_caption_shown=False)


def _objective(policy: Policy) -> str:
    return NONE if policy.cost is None else money(policy.cost.objective)


def _stock(policy: Policy) -> str:
    return NONE if policy.stock_value is None else money(policy.stock_value.total)


async def _differences(here: Here, sides: list[_Side]) -> None:
    chosen = [side.run for side in sides]
    body = ui.element("div")

    def read() -> tuple[Run | None, Comparison | None]:
        comparison = compared(here, chosen)
        return comparison, answer_of(here, comparison)

    async def show() -> None:
        comparison, answer = await here.load(read)
        body.clear()
        with body:
            for n in range(1, len(sides)):
                difference = answer.differences[n - 1] if answer else None
                await _difference(here, sides[n - 1], sides[n], difference)
                if answer is None and n == 1:
                    draw_asking(here, chosen, comparison, show)

    await show()


async def _difference(here: Here, before: _Side, after: _Side, difference: Difference | None) -> None:
    words, currency = here.words.compare, after.policy.currency
    heading(words.from_to.format(before=before.name, after=after.name))
    if before.policy.cost is None or after.policy.cost is None:
        return
    parts = [word(here.words.costs, part) for part in COST_PARTS]
    bridge = of_parts(parts, before.name, after.name, before.policy.cost, after.policy.cost)
    moved = (bridge.after_cents - bridge.before_cents) / 100
    told = words.moved_not if moved == 0 else words.moved_up if moved > 0 else words.moved_down
    prose(told.format(amount=f"{abs(moved):,.2f}", currency=currency), is_strong=True)
    with ui.element("div").classes("sp-columns"):
        draw_bridge(here, words.by_part.format(currency=currency), bridge)
        if difference is not None:
            caption = words.by_input.format(currency=currency)
            draw_bridge(here, caption, bridge_of(here, difference, (before.name, after.name)))
    heading(words.input_changes, level=3)
    changes = await here.load(
        lambda: question_changes(scenario_of(here, before.run), scenario_of(here, after.run))
    )
    if changes:
        lines = Markup("").join(Markup("<li>{}</li>").format(one) for one in changes)
        ui.html(CHANGES.format(lines), sanitize=False)
    else:
        prose(words.no_changes, is_soft=True)
    heading(words.flipped, level=3)
    draw_matrices_of_differences(here, before.policy, after.policy)
    draw_flips(here, before.policy, after.policy, difference)
