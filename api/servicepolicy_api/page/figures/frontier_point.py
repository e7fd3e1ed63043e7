"""One point of a frontier, opened: its policy where it was solved before, else a button that solves it."""

from nicegui import ui

from servicepolicy_api.asking import canonical
from servicepolicy_api.page import addresses
from servicepolicy_api.page.asking import asked, newest
from servicepolicy_api.page.figures.calling import place_of
from servicepolicy_api.page.figures.cost_frontier import amount, is_own
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.doing import Alerts, lead_to
from servicepolicy_api.page.parts.facts import facts, heading
from servicepolicy_api.page.parts.fields import button
from servicepolicy_api.page.parts.prose import prose
from servicepolicy_api.page.parts.states import said
from servicepolicy_api.show.amounts import money, share
from servicepolicy_api.subjects import Subject, subject_of_run
from servicepolicy_models.frontier import Frontier, FrontierPoint
from servicepolicy_store.run_noun import Run


async def draw_point(here: Here, run: Run, found: Frontier, number: int) -> None:
    """Draw a point and the way to its policy."""
    words, point = here.words.frontier, found.points[number]
    at = amount(found, point.reached if point.reached is not None else point.asked)
    with (
        ui.element("section")
        .classes("sp-panel sp-opened")
        .props(f'aria-label="{words.point_title.format(at=at)}"')
    ):
        heading(words.point_title.format(at=at), level=3)
        _figures(here, found, point)
        if point.patch is None:
            prose(words.no_patch if point.cost_per_year is not None else words.impossible, is_soft=True)
            return
        prose(words.point_why, is_soft=True)
        await _way(here, run, point)


async def _way(here: Here, run: Run, point: FrontierPoint) -> None:
    words, alerts = here.words.frontier, Alerts(here)

    def subject() -> Subject:
        return subject_of_run(here.memory, run).patched(point.patch or {})

    def solved() -> Run | None:
        return newest(here, "solve", canonical(subject().scenario).sha256)

    async def solve() -> None:
        made = await alerts.carry_out(lambda: asked(here, subject(), "solve"))
        if made is not None:
            lead_to(place_of(made))

    there = await here.load(solved)
    if there is None:
        button(words.solve_point, solve, is_primary=True)
    else:
        holds = place_of(there) == addresses.policy(there.id)
        said(here, "", (words.see_point if holds else words.see_point_run, place_of(there)))


def _figures(here: Here, found: Frontier, point: FrontierPoint) -> None:
    words = here.words.frontier
    cost = point.whole_items_cost_per_year or point.cost_per_year
    named = [(words.cost.format(currency=found.currency), money(cost))]
    own = next((one for one in found.markers if is_own(one)), None)
    if own is not None and cost is not None:
        more = cost - own.cost_per_year
        told = words.same_as_you if round(more) == 0 else words.against_you if more > 0 else words.below_you
        named.append((words.against_now, told.format(amount=money(abs(more)), currency=found.currency)))
    named += [(words.fill_rate, share(point.fill_rate)), (words.stock, money(point.stock_value))]
    facts(*named)
