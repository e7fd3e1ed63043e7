"""What stands where there is nothing to show: why, and what to do next."""

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.page.here import Here

WAY = Markup('<a class="sp-button{}" href="{}">{}</a> ')
STATE = Markup('<div class="sp-state"><p>{}</p>{}</div>')


def said(here: Here, why: str, *ways: tuple[str, str]) -> None:
    """Say why there is nothing to show. ways: words and address of what to do instead, the best first."""
    links = Markup("").join(
        WAY.format("" if at else " sp-primary", address, words) for at, (words, address) in enumerate(ways)
    )
    ui.html(STATE.format(why, links), sanitize=False)


def way(words: str, address: str, is_primary: bool = False) -> ui.html:
    """A link that looks like a button: it leads somewhere, and changes nothing."""
    return ui.html(WAY.format(" sp-primary" if is_primary else "", address, words), sanitize=False)
