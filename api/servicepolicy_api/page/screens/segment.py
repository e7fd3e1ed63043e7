"""One segment of a policy: its promise, how it is kept, what it costs, and its items."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query
from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.awaiting import latest
from servicepolicy_api.item_pages import ItemPage, ItemsAsked, item_page
from servicepolicy_api.page import addresses
from servicepolicy_api.page.asking import scenario_of
from servicepolicy_api.page.figures.calling import called
from servicepolicy_api.page.figures.evidence import draw_evidence, tested
from servicepolicy_api.page.figures.items import draw_items
from servicepolicy_api.page.figures.pricing import answered_prices
from servicepolicy_api.page.figures.service_matrix import key_of, prices_of
from servicepolicy_api.page.frame import Place, frame
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.facts import facts, heading
from servicepolicy_api.page.parts.prose import prose
from servicepolicy_api.page.parts.states import said
from servicepolicy_api.page.parts.table import Column, table
from servicepolicy_api.page.screen import screen
from servicepolicy_api.page.words import word
from servicepolicy_api.run_answers import bare_policy, table_path
from servicepolicy_api.show.amounts import NONE, hours, money, promise, share
from servicepolicy_models.cost import COST_PARTS
from servicepolicy_models.policy import SegmentPolicy
from servicepolicy_store.errors import NotThere
from servicepolicy_store.run_noun import Run

NAME = Query(max_length=120)
BACK = Markup('<p class="sp-back"><a href="{}">{}</a></p>')
MEANS = ("channel", "process", "mode", "frequency", "supply", "deployment", "stock_policy")


@dataclass(frozen=True)
class _Read:
    """What the screen shows of a segment."""

    segment: SegmentPolicy
    currency: str
    items: ItemPage | None
    test: Run | None
    has_lines: bool
    price: str


@screen("/runs/{run_id}/policy/segment")
async def segment(
    here: Here,
    run_id: str,
    customers: Annotated[str, NAME],
    items: Annotated[str, NAME],
    region: Annotated[str, NAME] = "*",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    find: Annotated[str, Query(max_length=200)] = "",
) -> None:
    """Show a segment, and a page of its items."""
    words = here.words.segment
    run = await here.load(lambda: latest(here.memory, run_id))
    asked = ItemsAsked(customers, items, find=find, page=page)
    found = await here.load(lambda: _read(here, run, asked, region))
    title = (words.title if region == "*" else words.title_in).format(
        customers=customers, items=items, region=region
    )
    frame(here, Place("policy", title, words.lead.format(name=called(here, run)), run.scenario_name, run.id))
    ui.html(BACK.format(addresses.policy(run.id), words.back), sanitize=False)
    _figures(here, found)
    with ui.element("div").classes("sp-columns sp-three"):
        with ui.element("div").classes("sp-panel"):
            _path(here, found.segment)
        with ui.element("div").classes("sp-panel"):
            _cost(here, found)
        with ui.element("section").classes("sp-panel"):
            heading(words.evidence, level=3)
            await draw_evidence(here, run, found.segment, found.has_lines, found.test)
    heading(words.items.format(n=f"{found.items.count:,}" if found.items else "0"))
    if found.items is None:
        said(here, words.no_items)
        return
    draw_items(here, run.id, region, asked, found.items)


def _read(here: Here, run: Run, asked: ItemsAsked, region: str) -> _Read:
    """Raises NotThere where the policy has no such segment."""
    policy = bare_policy(here.memory, run)
    wanted = (asked.customer_class, asked.item_class, region)
    segment = next((one for one in policy.segments if key_of(one) == wanted), None)
    if segment is None:
        raise NotThere
    document = scenario_of(here, run)
    path = table_path(here.memory, run, "items")
    asked = ItemsAsked(
        asked.customer_class, asked.item_class, _location(document, segment), asked.find, asked.page
    )
    _, prices = answered_prices(here, run)
    return _Read(
        segment,
        policy.currency,
        None if path is None else item_page(path, asked),
        tested(here, run),
        document["demand"]["kind"] == "order_lines",
        prices_of(here, prices)(segment),
    )


def _location(document: Mapping[str, Any], segment: SegmentPolicy) -> str | None:
    """Where the segment's stock lies: as the deployment says of its region, or of all."""
    for one in document.get("deployments", ()):
        if one["name"] == segment.deployment:
            serves: Mapping[str, str] = one.get("serves", {})
            return serves.get(segment.region, serves.get("*"))
    return None


def _figures(here: Here, found: _Read) -> None:
    words, one = here.words.segment, found.segment
    fill, within = promise(one.target_fill_rate), one.target_response_hours
    asked = words.asked if within is None else words.asked_within
    prose(asked.format(fill=fill, hours=hours(within)), is_soft=True)
    wait = NONE if one.mean_wait_days is None else words.days.format(n=f"{one.mean_wait_days:.2g}")
    facts(
        (words.promised, promise(one.promised_fill_rate)),
        (words.planned, share(one.planned_fill_rate)),
        (words.worst_item, share(one.least_item_fill_rate)),
        (words.response, hours(one.promised_response_hours)),
        (words.on_time, share(one.on_time_probability)),
        (words.otif, share(one.otif)),
        (words.wait, wait),
        (words.cost, f"{money(one.cost.objective)} {found.currency}"),
        (words.point, found.price if found.price == NONE else f"{found.price} {found.currency}"),
    )


def _path(here: Here, one: SegmentPolicy) -> None:
    words, values = here.words.segment, one.model_dump(mode="json")
    rows = [[word(here.words.means, name), word(here.words.means, str(values[name]))] for name in MEANS]
    table(words.path, [Column(words.stage), Column(words.means)], rows, is_wide=True)


def _cost(here: Here, found: _Read) -> None:
    words, parts = here.words.segment, dict(found.segment.cost)
    rows = [[word(here.words.costs, part), money(parts[part])] for part in COST_PARTS]
    rows.append([here.words.policy.total, money(found.segment.cost.objective)])
    columns = [Column(words.part), Column(words.amount.format(currency=found.currency), True)]
    table(words.costs, columns, rows, is_wide=True)
