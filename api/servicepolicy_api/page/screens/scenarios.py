"""Scenarios: the names, each with its newest version; and where one is chosen for another screen."""

from dataclasses import dataclass

from nicegui import ui

from servicepolicy_api.page import addresses
from servicepolicy_api.page.frame import Place, frame
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.moments import minute
from servicepolicy_api.page.parts.states import said, way
from servicepolicy_api.page.parts.table import Column, link, table
from servicepolicy_api.page.screen import screen
from servicepolicy_store import drafts, scenarios
from servicepolicy_store.scenarios import Version

SIZE = 100


@dataclass(frozen=True)
class Names:
    """Some names, and what else the reader wants to know of them."""

    versions: list[Version]
    has_more: bool
    with_draft: set[str]


@screen("/scenarios")
async def listed(here: Here, after: str | None = None) -> None:
    """List the names."""
    words = here.words.scenarios
    frame(here, Place("scenarios", words.title, words.lead))
    found = await here.load(lambda: names(here, after))
    if not found.versions and after is None:
        said(here, words.none, (words.new, addresses.new_scenario()))
        return
    way(words.new, addresses.new_scenario(), is_primary=True)
    columns = (
        Column(words.name), Column(words.version, True), Column(words.changed), Column(words.made_of),
        Column(words.draft), Column(words.note),
    )  # fmt: skip
    rows = [
        (
            link(one.name, addresses.scenario(one.name)),
            str(one.version),
            minute(one.created_at),
            parent(here, one),
            link(words.has_draft, addresses.edit(one.name)) if one.name in found.with_draft else "",
            one.note,
        )
        for one in found.versions
    ]
    table(words.title, columns, rows, is_wide=True, is_caption_shown=False)
    if found.has_more:
        way(words.more, addresses.asking(addresses.SCENARIOS, after=found.versions[-1].name))


@screen("/profiles")
async def of_which_profile(here: Here) -> None:
    """Choose whose order lines to look at."""
    await _chosen(here, "profile", here.words.frame.profile, here.words.scenarios.choose_profile)


@screen("/edits")
async def which_to_edit(here: Here) -> None:
    """Choose what to change."""
    await _chosen(here, "edit", here.words.frame.edit, here.words.scenarios.choose_edit)


async def _chosen(here: Here, where: str, title: str, lead: str) -> None:
    words = here.words.scenarios
    frame(here, Place(where, title, lead))
    found = await here.load(lambda: names(here, None))
    if not found.versions:
        said(here, words.none, (words.new, addresses.new_scenario()))
        return
    address = addresses.profile if where == "profile" else addresses.edit
    with ui.element("div").classes("sp-buttons"):
        for one in found.versions:
            way(one.name, address(one.name))


def names(here: Here, after: str | None) -> Names:
    """Read the names from the store."""
    with here.memory.database.reading() as tx:
        versions, has_more = scenarios.heads(tx, after, SIZE)
        return Names(versions, has_more, {one.name for one in drafts.every(tx, here.owner)})


def parent(here: Here, one: Version) -> str:
    """What a version was made of, as a link."""
    if one.parent_name is None or one.parent_version is None:
        return here.words.scenarios.from_nothing
    text = here.words.scenarios.version_of.format(name=one.parent_name, n=one.parent_version)
    return link(text, addresses.scenario(one.parent_name, one.parent_version))
