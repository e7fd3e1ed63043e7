"""How a run ended, in words, and what to do next."""

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.page import addresses
from servicepolicy_api.page.asking import newest
from servicepolicy_api.page.figures.calling import place_of, standing
from servicepolicy_api.page.figures.conflicts import draw_conflicts
from servicepolicy_api.page.figures.progress import course
from servicepolicy_api.page.figures.repairs import draw_repairs
from servicepolicy_api.page.figures.watching import course_of
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.facts import facts, heading
from servicepolicy_api.page.parts.findings import findings
from servicepolicy_api.page.parts.table import Column, table
from servicepolicy_api.page.words import word
from servicepolicy_api.problems import problem_again
from servicepolicy_api.run_answers import bare_policy
from servicepolicy_api.show.amounts import gap, money, share
from servicepolicy_models.policy import Policy
from servicepolicy_store.run_noun import Run, State

VERDICT = Markup(
    '<div class="sp-verdict {kind}"><p><span class="sp-tag">{standing}</span> {words}</p>{ways}</div>'
)
WAY = Markup('<a class="sp-button{}" href="{}">{}</a> ')
ABOUT_A_SCENARIO = ("prices", "repairs")
"""Kinds whose answer is shown where the scenario's solve is."""


async def draw_ending(here: Here, run: Run) -> None:
    """Draw what a run that has ended found, or why it found nothing."""
    if run.state is State.FAILED:
        _failed(here, run)
    elif run.kind != "solve":
        await _elsewhere(here, run)
    else:
        await _solved(here, run)


async def _solved(here: Here, run: Run) -> None:
    words = here.words.solve
    if run.state is State.CANCELLED and run.outcome in (None, "nothing"):
        _verdict(here, run, words.cancelled_empty, _ways(here, run, has_policy=False))
        return
    policy = await here.load(lambda: bare_policy(here.memory, run))
    verdict = {"optimal": words.optimal, "feasible": words.feasible, "infeasible": words.infeasible}
    told = words.cancelled if run.state is State.CANCELLED else verdict.get(str(run.outcome), words.nothing)
    _verdict(here, run, told, _ways(here, run, bool(policy.segments)))
    if policy.segments:
        _figures(here, policy)
    if run.outcome == "infeasible":
        draw_conflicts(here, policy.conflicts)
        await draw_repairs(here, run)
    kept, events = await here.load(lambda: course_of(here.memory, run.cached_from or run.id))
    heading(words.course_caption)
    with ui.element("div").classes("sp-columns"):
        if kept.objective is not None:
            course(here, policy.currency, kept, events)
        _stages(here, policy)
    if policy.findings:
        heading(words.findings)
        findings(here, policy.findings)


def _figures(here: Here, policy: Policy) -> None:
    words, proof = here.words.solve, policy.proof
    cost = None if policy.cost is None else policy.cost.objective
    stock = None if policy.stock_value is None else policy.stock_value.total
    facts(
        (words.cost, f"{money(cost)} {policy.currency}"),
        (words.fill_rate, share(policy.fill_rate)),
        (words.stock_value, f"{money(stock)} {policy.currency}"),
        (words.master_gap, gap(proof.master_gap)),
        (words.item_gap, gap(proof.item_level_gap)),
        (words.took, f"{sum(proof.seconds.values()):.1f} s"),
    )


def _stages(here: Here, policy: Policy) -> None:
    words = here.words.solve
    rows = [
        [word(here.words.phases, name), f"{took:.2f}"]
        for name, took in policy.proof.seconds.items()
        if took >= 0.005
    ]
    with ui.element("div").classes("sp-panel"):
        table(words.stages, [Column(words.progress), Column(words.seconds, True)], rows)


def _ways(here: Here, run: Run, has_policy: bool) -> Markup:
    words = here.words.solve
    ways = [(words.solve_again, _again(run))] if run.scenario_name else []
    if has_policy:
        ways = [
            (words.see_policy, addresses.policy(run.id)),
            (words.see_frontier, addresses.ask_frontier(run.id)),
            (words.see_sweep, addresses.ask_sweep(run.id)),
            *ways,
        ]
    # What an infeasible scenario needs is a repair, below.
    return _links(ways, "" if run.outcome == "infeasible" else " sp-primary")


def _links(ways: list[tuple[str, str]], first: str = " sp-primary") -> Markup:
    """Links as buttons. first: how the first of them looks."""
    return Markup("").join(
        WAY.format("" if at else first, address, words) for at, (words, address) in enumerate(ways)
    )


def _verdict(here: Here, run: Run, told: str, ways: Markup) -> None:
    kind = {"optimal": "good", "infeasible": "wrong"}.get(str(run.outcome), "")
    if run.attempt > 1:
        told = f"{told} {here.words.solve.again.format(n=run.attempt)}"
    drawn = VERDICT.format(kind=kind, standing=standing(here, run), words=told, ways=ways)
    ui.html(drawn, sanitize=False).props('role="status"')


async def _elsewhere(here: Here, run: Run) -> None:
    """The answer of another kind is shown on a screen of its own, if there is one."""
    words, address = here.words.solve, place_of(run)
    if run.state is State.CANCELLED or run.outcome == "nothing":
        _verdict(here, run, words.cancelled if run.state is State.CANCELLED else words.nothing, Markup(""))
        return
    if run.kind in ABOUT_A_SCENARIO:
        about = await here.load(lambda: newest(here, "solve", run.scenario_sha256))
        address = place_of(about) if about else address
    is_here = address == addresses.run(run.id)
    ways = Markup("") if is_here else _links([(words.see_answer, address)])
    _verdict(here, run, words.no_screen if is_here else words.answered, ways)


def _failed(here: Here, run: Run) -> None:
    words = here.words.solve
    problem = problem_again(run.problem or {})
    ways = _links([(words.solve_again, _again(run))]) if run.scenario_name else Markup("")
    told = Markup("{} {}").format(words.failed, problem.detail)
    drawn = VERDICT.format(kind="wrong", standing=standing(here, run), words=told, ways=ways)
    ui.html(drawn, sanitize=False).props('role="status"')
    if problem.findings:
        findings(here, problem.findings)


def _again(run: Run) -> str:
    return addresses.solve(run.scenario_name, run.scenario_version)
