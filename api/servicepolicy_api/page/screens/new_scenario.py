"""A scenario is begun: from an example, from a file of order lines, or as a copy."""

from collections.abc import Callable
from functools import partial

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.beginning import of_example, ready_examples
from servicepolicy_api.naming import name_scenario
from servicepolicy_api.page import addresses
from servicepolicy_api.page.frame import Place, frame
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.doing import Alerts, lead_to
from servicepolicy_api.page.parts.facts import heading
from servicepolicy_api.page.parts.fields import ChoiceField, TextField, button
from servicepolicy_api.page.screen import screen
from servicepolicy_api.page.screens.order_lines import draw_columns
from servicepolicy_api.page.screens.scenarios import names
from servicepolicy_api.page.style import UPLOAD
from servicepolicy_api.question import read_json_scenario
from servicepolicy_store import scenarios
from servicepolicy_store.scenarios import Version

FILE_FIELD = Markup(
    '<label for="lines-file">{label}</label><input class="sp-input" id="lines-file" type="file" '
    'accept=".csv,.txt,.xlsx,.xlsm,.parquet,.pq,.json,.ndjson" aria-describedby="lines-message" '
    'data-upload="{address}" data-message="lines-message" data-busy="{busy}" data-failed="{failed}">'
    '<div id="lines-message" role="status" class="sp-soft">{hint}</div>'
)


@screen("/new-scenario")
async def begun(here: Here, dataset: str | None = None, copy: str | None = None) -> None:
    """Offer the three ways; or, when a file has arrived, ask for its columns."""
    if dataset is not None:
        await draw_columns(here, dataset)
        return
    words = here.words.new_scenario
    known = await here.load(lambda: names(here, None))
    frame(here, Place("scenarios", words.title, words.lead))
    ui.add_body_html(str(UPLOAD))
    alerts = Alerts(here)
    with ui.element("div").classes("sp-columns"):
        with ui.element("div"):
            with ui.element("section").classes("sp-panel"):
                heading(words.from_file)
                _file(here)
            with ui.element("section").classes("sp-panel"):
                heading(words.from_copy)
                _copy(here, alerts, known.versions, copy)
        with ui.element("section").classes("sp-panel"):
            heading(words.from_example)
            _examples(here, alerts)


def _file(here: Here) -> None:
    words = here.words.new_scenario
    field = FILE_FIELD.format(
        label=words.file,
        address=addresses.UPLOADS,
        busy=words.busy,
        failed=words.failed,
        hint=words.file_hint,
    )
    ui.html(field, sanitize=False).classes("sp-field")


def _examples(here: Here, alerts: Alerts) -> None:
    words = here.words.new_scenario

    async def begin(example: str, field: TextField) -> None:
        def make() -> Version:
            scenario = of_example(here.memory, example, here.settings.memory_limit)
            return name_scenario(here.memory, here.settings, field.value, scenario)

        await _made(alerts, make)

    for example, title in ready_examples().items():
        with ui.element("div").classes("sp-example"):
            ui.html(Markup("{}").format(example), tag="h3", sanitize=False)
            ui.html(Markup("{}").format(title), tag="p", sanitize=False).classes("sp-soft")
            field = TextField(f"{words.name} ({example})", example)
            button(f"{words.begin}: {example}", partial(begin, example, field))


def _copy(here: Here, alerts: Alerts, known: list[Version], copy: str | None) -> None:
    words = here.words.new_scenario
    if not known:
        ui.label(words.no_copy).classes("sp-soft")
        return
    options = {one.name: one.name for one in known}
    of = ChoiceField(words.of, options, copy if copy in options else known[0].name)
    to = TextField(words.name, "")

    async def make_copy() -> None:
        def make() -> Version:
            with here.memory.database.reading() as tx:
                base = scenarios.version(tx, of.value)
                scenario = read_json_scenario(scenarios.document(tx, base.sha256).encode())
            return name_scenario(here.memory, here.settings, to.value, scenario, made_of=base)

        await _made(alerts, make)

    button(words.copy, make_copy)


async def _made(alerts: Alerts, make: Callable[[], Version]) -> None:
    made = await alerts.carry_out(make)
    if made is not None:
        lead_to(addresses.scenario(made.name))
