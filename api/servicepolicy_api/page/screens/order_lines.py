"""The columns of an uploaded file: a guess, a preview, what is wrong with its rows; then the scenario."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.beginning import (
    FirstRows,
    LinesAsRead,
    checked_lines,
    first_rows,
    ready_examples,
    with_order_lines,
)
from servicepolicy_api.examples import example
from servicepolicy_api.naming import name_scenario
from servicepolicy_api.page import addresses
from servicepolicy_api.page.frame import Place, frame
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.doing import Alerts, lead_to
from servicepolicy_api.page.parts.facts import heading
from servicepolicy_api.page.parts.fields import ChoiceField, TextField, button
from servicepolicy_api.page.parts.findings import findings, listed
from servicepolicy_api.page.parts.states import way
from servicepolicy_api.page.parts.table import Column, table
from servicepolicy_api.page.screens.scenarios import names
from servicepolicy_api.run_request import scenario_at
from servicepolicy_models.demand import ColumnMap
from servicepolicy_models.errors import error
from servicepolicy_optimizer.intake.column_guess import guess_columns
from servicepolicy_store import datasets, scenarios
from servicepolicy_store.datasets import Dataset
from servicepolicy_store.scenarios import Version

EXAMPLE = "example:"
"""Begins the value of a basis that is an example; no name has a colon."""
USUAL_COST_SHARE_PERCENT = "60"


@dataclass(frozen=True)
class Arrived:
    """An uploaded file as the screen shows it."""

    dataset: Dataset
    rows: FirstRows
    known: list[Version]


async def draw_columns(here: Here, dataset_id: str) -> None:
    """Ask what the columns hold, and make the scenario."""
    arrived = await here.load(lambda: _read(here, dataset_id))
    words, given = here.words.new_scenario, arrived.dataset
    lead = words.lines_lead.format(rows=f"{given.rows or 0:,}")
    frame(here, Place("scenarios", words.lines_title.format(file=given.title), lead))
    if given.findings:
        findings(here, given.findings)
    heading(words.preview)
    table(
        words.preview,
        [Column(one) for one in arrived.rows.columns],
        arrived.rows.rows,
        is_caption_shown=False,
    )
    form = Form(here, arrived)
    alerts = Alerts(here)
    result = ui.html("", sanitize=False).props('role="status"')

    async def check() -> None:
        result.set_content("")
        lines = form.read()
        if lines is None:
            return
        path = here.memory.blobs.path_ending(given.blob, given.format)
        found = await alerts.carry_out(
            partial(checked_lines, path, given.title, lines, here.settings.memory_limit)
        )
        if found is not None:
            text = Markup('<p class="sp-good">{}</p>').format(words.checked.format(rows=f"{found[0]:,}"))
            result.set_content(str(text + (listed(here, found[1]) if found[1] else "")))

    async def make() -> None:
        lines = form.read()
        if lines is not None:
            made = await alerts.carry_out(partial(_made, here, form, lines))
            if made is not None:
                lead_to(addresses.scenario(made.name))

    with ui.element("div").classes("sp-buttons"):
        button(words.make, make, is_primary=True)
        button(words.check, check)
        way(words.other_file, addresses.new_scenario())


class Form:
    """The fields: which column holds what, and what the file does not say."""

    def __init__(self, here: Here, arrived: Arrived) -> None:
        """Draw them, with a guess in each."""
        words = here.words.new_scenario
        self._words, self._dataset_id = words, arrived.dataset.id
        columns = arrived.rows.columns
        guessed = guess_columns(columns)
        heading(words.mapping)
        self.columns = dict[str, ChoiceField]()
        with ui.element("div").classes("sp-grid"):
            for field, about in ColumnMap.model_fields.items():
                label = getattr(words, field)
                if about.is_required():
                    label = f"{label} · {words.needed}"
                options = {"": words.not_given, **{one: one for one in columns}}
                self.columns[field] = ChoiceField(label, options, guessed.get(field, ""))
        with ui.element("div").classes("sp-grid"):
            self.name = TextField(words.name, arrived.dataset.title.rpartition(".")[0])
            self.currency = TextField(words.currency, "EUR", hint=words.currency_hint)
            self.cost_share = TextField(
                words.cost_share, USUAL_COST_SHARE_PERCENT, hint=words.cost_share_hint
            )
            fields = here.words.fields
            self.decimal = ChoiceField(fields.decimal, {".": ".", ",": ","}, ".")
            self.texts = {
                name: TextField(getattr(fields, name), "", hint=words.leave_empty)
                for name in ("date_format", "cancellation_order_pattern", "non_product_pattern")
            }
            bases = {f"{EXAMPLE}{one}": words.example_named.format(name=one) for one in ready_examples()}
            bases |= {one.name: one.name for one in arrived.known}
            self.basis = ChoiceField(words.basis, bases, next(iter(bases)), hint=words.basis_hint)

    def read(self) -> LinesAsRead | None:
        """What the fields say; None: something is missing, and stands beside its field."""
        missing = error("", self._words.missing, "request.body", "")
        chosen = {field: choice.value for field, choice in self.columns.items() if choice.value}
        needed = [name for name, about in ColumnMap.model_fields.items() if about.is_required()]
        for field, choice in self.columns.items():
            choice.say(missing if field in needed and field not in chosen else None)
        share, no_number = (
            _percent(self.cost_share.value),
            error("", self._words.no_number, "request.body", ""),
        )
        self.cost_share.say(no_number if share is None else None)
        is_code = len(self.currency.value) == 3 and self.currency.value.isupper()
        wrong = error("", self._words.currency_hint, "request.body", "")
        self.currency.say(None if is_code else wrong)
        if share is None or not is_code or not set(needed) <= chosen.keys():
            return None
        return LinesAsRead(
            self._dataset_id,
            chosen,
            self.currency.value,
            None if "unit_cost" in chosen else share,
            decimal=self.decimal.value,
            **{name: field.value.strip() or None for name, field in self.texts.items()},
        )


def _percent(text: str) -> float | None:
    try:
        share = float(text.replace(",", ".").rstrip("% ")) / 100
    except ValueError:
        return None
    return share if 0 < share <= 1 else None


def _read(here: Here, dataset_id: str) -> Arrived:
    with here.memory.database.reading() as tx:
        given = datasets.get(tx, dataset_id)
    path = here.memory.blobs.path_ending(given.blob, given.format)
    return Arrived(given, first_rows(path, here.settings.memory_limit), names(here, None).versions)


def _made(here: Here, form: Form, lines: LinesAsRead) -> Version:
    document = with_order_lines(_basis(here, form.basis.value), form.name.value.strip(), lines)
    return name_scenario(here.memory, here.settings, form.name.value, scenario_at("", document))


def _basis(here: Here, chosen: str) -> dict[str, Any]:
    if chosen.startswith(EXAMPLE):
        read: dict[str, Any] = orjson.loads(example(chosen.removeprefix(EXAMPLE)))
        return read
    with here.memory.database.reading() as tx:
        read = orjson.loads(scenarios.document(tx, scenarios.version(tx, chosen).sha256))
    return read
