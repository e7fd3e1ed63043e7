"""Repairs of an infeasible scenario: asked by a button, priced in words, applied and solved by one click."""

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.page import addresses
from servicepolicy_api.page.asking import asked, newest
from servicepolicy_api.page.figures.change import told
from servicepolicy_api.page.figures.watching import watch
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.doing import Alerts, lead_to
from servicepolicy_api.page.parts.facts import heading
from servicepolicy_api.page.parts.fields import TextField, button
from servicepolicy_api.page.parts.findings import findings
from servicepolicy_api.page.parts.prose import prose
from servicepolicy_api.page.words import word
from servicepolicy_api.problems import problem_again
from servicepolicy_api.repairing import ApplyRepair, keeps_child
from servicepolicy_api.run_answers import found
from servicepolicy_api.show.amounts import NONE, money
from servicepolicy_api.subjects import subject_of_name, subject_of_run
from servicepolicy_models.changes import RepairWishes
from servicepolicy_models.repairs import Repair, Repairs
from servicepolicy_store.events import Event
from servicepolicy_store.run_noun import Run, State


async def draw_repairs(here: Here, run: Run) -> None:
    """Draw the repairs of an infeasible run: found already, being looked for, or to be asked for."""
    words = here.words.repairs
    heading(words.title)
    alerts = Alerts(here)
    body = ui.element("div")

    async def show(repairs: Run | None) -> None:
        body.clear()
        with body:
            if repairs is None:
                _offer(words.ask)
            elif not repairs.state.is_final:
                _follow(repairs)
            elif repairs.state is not State.SUCCEEDED or repairs.outcome == "nothing":
                _say_none(here, repairs)
                _offer(words.ask_again)
            else:
                document = await here.load(lambda: found(here.memory, repairs, "repairs").document or "")
                _draw(here, alerts, repairs, Repairs.model_validate_json(document))

    def _offer(label: str) -> None:
        prose(words.why)
        with ui.element("div").classes("sp-buttons"):
            button(label, ask, is_primary=True)

    async def ask() -> None:
        def write() -> Run:
            return asked(here, subject_of_run(here.memory, run), "repairs", RepairWishes())

        made = await alerts.carry_out(write)
        if made is not None:
            await show(made)

    def _follow(repairs: Run) -> None:
        status = prose(words.looking.format(phase=NONE), role="status")

        def news(now: Run, events: list[Event]) -> None:
            phase = str(now.progress.get("phase", NONE))
            text = words.looking.format(phase=word(here.words.phases, phase))
            status.set_content(str(Markup("{}").format(text)))

        watch(here, repairs.id, news, show)

    await show(await here.load(lambda: newest(here, "repairs", run.scenario_sha256)))


def _say_none(here: Here, repairs: Run) -> None:
    words = here.words.repairs
    if repairs.problem is None:
        prose(words.none)
        return
    problem = problem_again(repairs.problem)
    prose(f"{words.failed} {problem.detail}")
    if problem.findings:
        findings(here, problem.findings)


def _draw(here: Here, alerts: Alerts, run: Run, answer: Repairs) -> None:
    words = here.words.repairs
    prose(words.why)
    if answer.reference is not None:
        cost = money(answer.reference.cost_per_year)
        prose(words.reference.format(cost=cost, currency=answer.currency))
    if answer.impossible:
        heading(words.impossible)
        for one in answer.impossible:
            prose(one.sentence, language="en")
    if not answer.repairs:
        prose(words.none)
        return
    is_named = run.scenario_name is not None
    hint = words.name_hint.format(name=run.scenario_name) if is_named else words.name_needed
    name = TextField(words.name, "", hint=hint)
    with ui.element("ul").classes("sp-cards"):
        for repair in answer.repairs:
            _card(here, alerts, run, answer, repair, name)


def _card(here: Here, alerts: Alerts, run: Run, answer: Repairs, repair: Repair, name: TextField) -> None:
    words = here.words.repairs
    kind = [words.cheapest if repair.amounts == "cheapest" else words.least]
    if not repair.proven:
        kind.append(words.unproven)

    async def apply() -> None:
        def write() -> Run:
            wanted = ApplyRepair(repair=repair.number, to=name.value.strip() or None)
            keep = keeps_child(here.memory, here.settings, run, wanted)
            with here.memory.database.writing() as tx:
                made = keep(tx)
            return asked(here, subject_of_name(here.memory, made.name, made.version), "solve")

        made = await alerts.carry_out(write)
        if made is not None:
            lead_to(addresses.run(made.id))

    with ui.element("li").classes("sp-panel"):
        heading(words.number.format(n=repair.number), level=3)
        for change in repair.changes:
            prose(told(here, change))
        prose(_price(here, repair, answer.currency), is_strong=True)
        prose(
            " · ".join(
                [words.total.format(cost=money(repair.cost_per_year), currency=answer.currency), *kind]
            ),
            is_soft=True,
        )
        with ui.element("div").classes("sp-buttons"):
            button(words.apply, apply, is_primary=repair.number == 1).element.props(
                f'aria-label="{words.apply}: {words.number.format(n=repair.number)}"'
            )


def _price(here: Here, repair: Repair, currency: str) -> str:
    """The price of a repair in words."""
    words, more = here.words.repairs, repair.cost_difference_per_year
    if more is None:
        return words.total.format(cost=money(repair.cost_per_year), currency=currency)
    if round(more) == 0:
        return words.costs_same
    return (words.costs_more if more > 0 else words.costs_less).format(
        amount=money(abs(more)), currency=currency
    )
