"""A paragraph."""

from markupsafe import Markup
from nicegui import ui


def prose(
    words: str, is_soft: bool = False, is_strong: bool = False, role: str = "", language: str = ""
) -> ui.html:
    """Draw a paragraph. language: of words that are not in the reader's, as an attribute lang."""
    drawn = ui.html(Markup("{}").format(words), tag="p", sanitize=False)
    if is_soft:
        drawn.classes("sp-soft")
    if is_strong:
        drawn.classes("sp-strong")
    if role:
        drawn.props(f'role="{role}"')
    if language:
        drawn.props(f'lang="{language}"')
    return drawn
