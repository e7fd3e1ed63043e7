"""The profile: what the order lines of a scenario say, before any policy is chosen."""

from dataclasses import dataclass

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.asking import Wish, ask
from servicepolicy_api.awaiting import final, latest
from servicepolicy_api.page import addresses
from servicepolicy_api.page.frame import Place, frame
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.doing import Alerts, lead_to
from servicepolicy_api.page.parts.facts import facts, heading
from servicepolicy_api.page.parts.fields import button
from servicepolicy_api.page.parts.findings import findings
from servicepolicy_api.page.parts.states import said
from servicepolicy_api.page.screen import screen
from servicepolicy_api.page.screens.profile_pieces import (
    classes,
    curves,
    extremes,
    lowest_only,
    margins,
    matrices,
    rows_away,
    variability,
)
from servicepolicy_api.page.words import word
from servicepolicy_api.problems import problem_again
from servicepolicy_api.question import read_json_scenario
from servicepolicy_api.run_answers import found, table_path
from servicepolicy_api.show.amounts import money, share
from servicepolicy_models.demand import InlineDemand
from servicepolicy_models.profile import Profile
from servicepolicy_models.scenario import Scenario
from servicepolicy_store import runs, scenarios
from servicepolicy_store.run_noun import Run, State
from servicepolicy_store.scenarios import Version

PATIENCE_SECONDS = 3.0
LOOK_AGAIN_SECONDS = 0.5


@dataclass(frozen=True)
class Asked:
    """A version of a scenario, and the newest run that profiled it."""

    version: Version
    scenario: Scenario
    run: Run | None


@screen("/scenarios/{name}/profile")
async def profile(here: Here, name: str, version: int | None = None, region: str = "*") -> None:
    """Show the profile; where it was never computed, ask for it and wait."""
    asked = await here.load(lambda: _read(here, name, version))
    words = here.words.profile
    place = Place("profile", words.title.format(name=name), scenario=name)
    if isinstance(asked.scenario.demand, InlineDemand):
        frame(here, place)
        said(here, words.inline, (words.from_lines, addresses.new_scenario()))
        return
    run = await here.load(lambda: asked.run or _ask(here, asked))
    run = await final(here.memory, run, PATIENCE_SECONDS)
    if not run.state.is_final:
        frame(here, place)
        _wait(here, run)
    elif run.state is not State.SUCCEEDED:
        frame(here, place)
        _say_why_not(here, run, asked)
    else:
        await _draw(here, run, name, region)


def _read(here: Here, name: str, number: int | None) -> Asked:
    with here.memory.database.reading() as tx:
        version = scenarios.version(tx, name, number)
        scenario = read_json_scenario(scenarios.document(tx, version.sha256).encode())
        which = runs.Filter(kind="profile", scenario_sha256=version.sha256)
        earlier, _ = runs.page(tx, which, None, 1)
    return Asked(version, scenario, earlier[0] if earlier else None)


def _ask(here: Here, asked: Asked) -> Run:
    wish = Wish("profile", asked.scenario, base=asked.version)
    return ask(here.memory, here.settings, wish, here.asker, here.settings.waiting_runs)


def _wait(here: Here, run: Run) -> None:
    words = here.words.profile
    line = ui.label(words.waiting.format(phase=here.words.states.queued)).props('role="status"')
    ui.label(words.waiting_hint).classes("sp-soft")

    async def look() -> None:
        now = await here.load(lambda: latest(here.memory, run.id))
        if now.state.is_final:
            timer.deactivate()
            lead_to(here.address)
        else:
            line.set_text(words.waiting.format(phase=word(here.words.states, now.state.value)))

    timer = ui.timer(LOOK_AGAIN_SECONDS, look)


def _say_why_not(here: Here, run: Run, asked: Asked) -> None:
    words = here.words.profile
    ui.html(Markup('<p class="sp-wrong">{}</p>').format(words.failed), sanitize=False)
    if run.problem is not None:
        why = problem_again(run.problem)
        ui.label(why.detail)
        findings(here, why.findings)
    _offer_again(here, asked)


def _offer_again(here: Here, asked: Asked) -> None:
    alerts = Alerts(here)

    async def again() -> None:
        if await alerts.carry_out(lambda: _ask(here, asked)) is not None:
            lead_to(here.address)

    with ui.element("div").classes("sp-buttons"):
        button(here.words.profile.again, again)


async def _draw(here: Here, run: Run, name: str, region: str) -> None:
    told, revenues = await here.load(lambda: _answer(here, run))
    words = here.words.profile
    lead = words.lead.format(
        first=told.first_day, last=told.last_day, days=f"{told.days:g}", currency=told.currency
    )
    frame(here, Place("profile", words.title.format(name=name), lead, scenario=name))
    _totals(here, told)
    curves(here, told, revenues)
    heading(words.matrix)
    matrices(here, told, region, lambda one: addresses.asking(addresses.profile(name), region=one))
    classes(here, told)
    margins(here, told)
    lowest_only(here, told)
    heading(words.variability)
    variability(here, told)
    heading(words.extremes)
    extremes(here, told)
    heading(words.waterfall)
    rows_away(here, told)
    heading(words.findings)
    findings(here, told.findings)


def _answer(here: Here, run: Run) -> tuple[Profile, dict[str, list[float]]]:
    # pyarrow takes a while to load, and only this screen needs it.
    from servicepolicy_api.kinds.tables import rows_of_parquet

    told = Profile.model_validate_json(found(here.memory, run, "profile").document or "")
    revenues = {}
    for side in ("customers", "items"):
        path = table_path(here.memory, run, side)
        revenues[side] = [] if path is None else [float(row["revenue"]) for row in rows_of_parquet(path)]
    return told, revenues


def _totals(here: Here, told: Profile) -> None:
    words, total = here.words.profile, told.total
    facts(
        (words.customers, f"{total.customers:,}"),
        (words.items, f"{total.items:,}"),
        (words.orders, f"{total.orders:,}"),
        (words.lines, f"{total.lines:,}"),
        (words.pieces, money(total.pieces)),
        (words.revenue.format(currency=told.currency), money(total.revenue)),
        (words.margin.format(currency=told.currency), money(total.margin)),
        (words.margin_of_revenue, share(total.margin_of_revenue)),
        (words.quiet_periods, share(told.zero_period_share)),
    )
