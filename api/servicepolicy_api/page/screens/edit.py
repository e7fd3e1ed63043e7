"""Edit: the next version of a scenario, written as a draft that is kept with every change."""

from collections.abc import Callable, Mapping

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api import drafting
from servicepolicy_api.page import addresses
from servicepolicy_api.page.editing.desk import Desk
from servicepolicy_api.page.editing.means import draw_means, draw_rates, draw_stock
from servicepolicy_api.page.editing.rules import draw_demand, draw_general, draw_rules
from servicepolicy_api.page.editing.targets import draw_targets
from servicepolicy_api.page.frame import Place, frame
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.doing import Alerts, lead_to
from servicepolicy_api.page.parts.facts import heading
from servicepolicy_api.page.parts.fields import TextField, button
from servicepolicy_api.page.parts.findings import listed
from servicepolicy_api.page.screen import screen
from servicepolicy_api.page.style import SHEET
from servicepolicy_api.review import Review, review
from servicepolicy_models.findings import Severity

PARTS = ("targets", "demand", "means", "rates", "stock", "rules", "general")
DRAW: Mapping[str, Callable[[Desk], None]] = {
    "demand": draw_demand, "means": draw_means, "rates": draw_rates, "stock": draw_stock,
    "rules": draw_rules, "general": draw_general,
}  # fmt: skip


@screen("/scenarios/{name}/edit")
async def edit(here: Here, name: str, part: str = "targets", region: str = "*") -> None:
    """Show one part of the draft."""
    writing, checked = await here.load(lambda: _read(here, name))
    words = here.words.edit
    lead = words.lead.format(n=writing.base.version)
    frame(here, Place("edit", words.title.format(name=name), lead, scenario=name))
    ui.add_body_html(str(SHEET))
    alerts = Alerts(here)
    desk = Desk(here, alerts, writing, checked)
    _bar(here, desk, name)
    shown = part if part in PARTS else PARTS[0]
    _parts(here, name, shown)
    if shown == "targets":
        _regions(here, desk, name, region)
        draw_targets(desk, region)
    else:
        DRAW[shown](desk)
    ui.label(words.keys_hint).classes("sp-soft")
    _check(here, desk)


def _read(here: Here, name: str) -> tuple[drafting.Writing, Review]:
    writing = drafting.opened(here.memory, here.owner, name)
    return writing, review(writing.document)


def _bar(here: Here, desk: Desk, name: str) -> None:
    """What became of the changes, and what can be done with them."""
    words = here.words.edit
    with ui.element("div").classes("sp-panel sp-status"):
        with ui.element("div"):
            line = ui.html("", tag="p", sanitize=False).props('role="status"')
            changed = ui.html("", tag="p", sanitize=False).classes("sp-soft")
        with ui.element("div").classes("sp-buttons"):
            undo, redo = button(words.undo, desk.undo), button(words.redo, desk.redo)
            throw = button(words.discard, lambda: _discarded(here, desk, name))
            rebase = button("", desk.rebase)
            note = TextField(words.note, "")
            save = button("", lambda: _saved(here, desk, note.value), is_primary=True)
    ui.on("sheet-undo", lambda _: desk.undo())
    ui.on("sheet-redo", lambda _: desk.redo())

    def show() -> None:
        patch, base = desk.writing.patch, desk.writing.base.version
        time = "" if desk.kept_at is None else desk.kept_at.strftime("%Y-%m-%d %H:%M:%S")
        told = words.kept.format(time=time) if desk.is_settled and time else words.keeping
        newer = words.newer.format(n=desk.writing.newest) if desk.writing.newest > base else ""
        is_quiet = desk.is_settled and not time
        _text(line, f"{'' if is_quiet else told} {newer}".strip() or (words.unchanged if not patch else ""))
        _text(changed, words.changed_fields.format(fields=", ".join(sorted(patch))) if patch else "")
        undo.enable(desk.can_undo)
        redo.enable(desk.can_redo)
        throw.enable(bool(patch))
        save.enable(bool(patch) and desk.is_settled and desk.review.valid)
        save.say(words.save.format(n=base + 1))
        rebase.say(words.rebase.format(n=desk.writing.newest))
        rebase.show(desk.writing.newest > base)

    show()
    desk.listen(show)


async def _discarded(here: Here, desk: Desk, name: str) -> None:
    await desk.alerts.carry_out(lambda: drafting.discard(here.memory, here.owner, name))
    lead_to(here.address)


async def _saved(here: Here, desk: Desk, note: str) -> None:
    made = await desk.alerts.carry_out(
        lambda: drafting.save(here.memory, here.settings, here.owner, desk.writing, note)
    )
    if made is not None:
        lead_to(addresses.scenario(made.name))
        return
    await desk.look_for_newer()


def _parts(here: Here, name: str, shown: str) -> None:
    words = here.words.edit
    links = Markup("").join(
        Markup('<li><a href="{}"{}>{}</a></li>').format(
            addresses.asking(addresses.edit(name), part=one),
            Markup(' aria-current="page"') if one == shown else "",
            getattr(words, one),
        )
        for one in PARTS
    )
    nav = Markup('<nav aria-label="{}"><ul class="sp-tabs">{}</ul></nav>').format(words.parts, links)
    ui.html(nav, sanitize=False)


def _regions(here: Here, desk: Desk, name: str, region: str) -> None:
    """Which region's targets are shown, where every region has its own promise."""
    if not desk.value(("segmentation", "promise_by_region")):
        return
    words = here.words.edit
    names = ["*", *(str(one.get("name")) for one in desk.value(("segmentation", "regions")) or [])]
    links = Markup("").join(
        Markup('<a class="sp-button{}" href="{}">{}</a>').format(
            " sp-primary" if one == region else "",
            addresses.asking(addresses.edit(name), part="targets", region=one),
            words.all_regions if one == "*" else one,
        )
        for one in names
    )
    ui.html(links, sanitize=False).classes("sp-buttons")


def _check(here: Here, desk: Desk) -> None:
    words = here.words.edit
    heading(words.findings)
    verdict = ui.html("", tag="p", sanitize=False).props('role="status"')
    found = ui.html("", sanitize=False)

    def show() -> None:
        errors = [one for one in desk.review.findings if one.severity is Severity.ERROR]
        told = words.invalid.format(n=len(errors)) if errors else words.valid
        _text(verdict, told if desk.is_settled else words.checking)
        verdict.classes(replace="sp-wrong" if errors else "sp-good")
        found.set_content(str(listed(here, desk.review.findings)) if desk.review.findings else "")

    show()
    desk.listen(show)


def _text(element: ui.html, text: str) -> None:
    element.set_content(str(Markup("{}").format(text)))
