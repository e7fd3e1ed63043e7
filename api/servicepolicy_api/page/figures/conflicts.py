"""What contradicts what, where no policy keeps every promise."""

from collections.abc import Sequence

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.facts import heading
from servicepolicy_models.policy import Conflict

LIST = Markup('<ul class="sp-findings" lang="en">{}</ul>')
ONE = Markup('<li class="error">{}</li>')


def draw_conflicts(here: Here, conflicts: Sequence[Conflict]) -> None:
    """Draw the contradiction, a line for each thing that takes part."""
    if not conflicts:
        return
    heading(here.words.solve.conflicts)
    lines = Markup("").join(ONE.format(one.sentence) for one in conflicts)
    ui.html(LIST.format(lines), sanitize=False)
