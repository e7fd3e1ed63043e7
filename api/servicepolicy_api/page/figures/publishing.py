"""Putting a policy in force: the version that is replaced is the one the reader was shown."""

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.naming import fit_name
from servicepolicy_api.page import addresses
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.doing import Alerts
from servicepolicy_api.page.parts.fields import TextField, button
from servicepolicy_api.page.parts.moments import minute
from servicepolicy_api.page.parts.prose import prose
from servicepolicy_api.publishing import require_policy
from servicepolicy_store import policies
from servicepolicy_store.errors import NotThere, VersionMoved
from servicepolicy_store.policies import Published
from servicepolicy_store.run_noun import Run

LONGEST_NOTE = 1_000
DONE = Markup('<p class="sp-good"><strong>{}</strong> <a href="{}">{}</a></p>')


def in_force(here: Here, name: str) -> Published | None:
    """The version in force under a name; None: there is none."""
    try:
        with here.memory.database.reading() as tx:
            return policies.in_force(tx, name)
    except NotThere:
        return None


def draw_publishing(here: Here, run: Run, name: str, now: Published | None) -> None:
    """Draw the form. now: what is in force under the name while the reader looks."""
    words, seen = here.words.publishing, {"version": now}
    with ui.element("section").classes("sp-panel").props(f'aria-label="{words.title}"'):
        prose(words.why, is_soft=True)
        status = ui.html("", sanitize=False).props('role="status"')
        with ui.element("div").classes("sp-form"):
            named = TextField(words.name, name, lambda value: look())
            note = TextField(words.note, "", hint=words.note_hint)
        alerts = Alerts(here)

        async def look() -> None:
            seen["version"] = await here.load(lambda: in_force(here, named.value.strip()))
            status.set_content(str(_standing(here, run, seen["version"])))

        async def publish() -> None:
            made = await alerts.carry_out(
                lambda: _published(here, run, named.value, note.value, seen["version"])
            )
            if made is None:
                return
            seen["version"] = made.now
            status.set_content(str(made.told(here)))

        with ui.element("div").classes("sp-buttons"):
            button(words.publish, publish, is_primary=True)
    status.set_content(str(_standing(here, run, now)))


class _Outcome:
    """What came of it: in force, or somebody was quicker."""

    def __init__(self, now: Published | None, is_done: bool) -> None:
        self.now, self._is_done = now, is_done

    def told(self, here: Here) -> Markup:
        words, now = here.words.publishing, self.now
        if now is None:
            return Markup("<p>{}</p>").format(words.none_in_force)
        if self._is_done:
            done = words.done.format(version=now.version, name=now.name)
            return DONE.format(done, addresses.policies(now.name), words.history)
        moved = words.moved.format(version=now.version, name=now.name)
        look = Markup('<a href="{}">{}</a>').format(addresses.policy(now.run_id), words.run)
        return Markup('<p class="sp-wrong">{} {}</p>').format(moved, look)


def _published(here: Here, run: Run, name: str, note: str, seen: Published | None) -> _Outcome:
    fit = fit_name(name)
    require_policy(here.memory, run.id)
    expected = None if seen is None or seen.name != fit else seen.version
    try:
        with here.memory.database.writing() as tx:
            return _Outcome(policies.publish(tx, fit, run.id, note[:LONGEST_NOTE], expected), True)
    except VersionMoved:
        return _Outcome(in_force(here, fit), False)


def _standing(here: Here, run: Run, now: Published | None) -> Markup:
    words = here.words.publishing
    if now is None:
        return Markup("<p>{}</p>").format(words.none_in_force)
    told = words.is_this if now.run_id == run.id else words.in_force
    text = told.format(version=now.version, name=now.name, at=minute(now.created_at))
    return Markup('<p>{} <a href="{}">{}</a></p>').format(text, addresses.policies(now.name), words.history)
