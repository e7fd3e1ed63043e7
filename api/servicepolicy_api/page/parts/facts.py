"""A few figures side by side, each with its name."""

from markupsafe import Markup
from nicegui import ui

FACT = Markup("<div><dt>{}</dt><dd>{}</dd></div>")


def facts(*named: tuple[str, str | Markup]) -> ui.html:
    """Draw figures: name and value of each, the unit in the value."""
    inside = Markup("").join(FACT.format(name, value) for name, value in named)
    return ui.html(Markup('<dl class="sp-facts">{}</dl>').format(inside), sanitize=False)


def heading(words: str, level: int = 2) -> ui.html:
    """Begin a section; level 3: a part of one."""
    return ui.html(Markup("{}").format(words), tag=f"h{level}", sanitize=False)
