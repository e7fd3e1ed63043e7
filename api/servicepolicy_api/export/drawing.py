"""Shapes and words of a picture (SVG). Lengths are in pixels; colour only repeats what words say."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

INK, FAINT, RULE, OWN, OTHER = "#14202b", "#55606b", "#d0d7de", "#1f5f99", "#b5651d"
FONTS = "system-ui, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif"


def card(width: float, height: float, title: str, parts: Sequence[str], told: str = "") -> str:
    """A white card of that size with everything on it. told: what the picture says, for who cannot see it."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'role="img" font-family="{FONTS}">'
    )
    back = (
        f'<rect x="0.5" y="0.5" width="{width - 1:g}" height="{height - 1:g}" rx="10" fill="#ffffff" '
        f'stroke="{RULE}"/>'
    )
    described = [f"<desc>{escape(told)}</desc>"] if told else []
    return "\n".join([head, f"<title>{escape(title)}</title>", *described, back, *parts, "</svg>"]) + "\n"


def line(x0: float, y0: float, x1: float, y1: float, colour: str = RULE, dashes: str = "") -> str:
    """A straight line."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}" stroke="{colour}" fill="none"{dashed}/>'


def bar(x: float, y: float, width: float, height: float, colour: str) -> str:
    """A pale bar."""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2" fill="{colour}" '
        'fill-opacity="0.35"/>'
    )


def box(x: float, y: float, width: float, height: float, fill: str, edge: str = "none") -> str:
    """A full rectangle."""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}" '
        f'stroke="{edge}"/>'
    )


def dot(x: float, y: float, radius: float, colour: str, filled: bool = True) -> str:
    """A circle, full or hollow."""
    fill = colour if filled else "#ffffff"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{fill}" stroke="{colour}"/>'


def words(
    x: float, y: float, said: str, size: float, fill: str = INK, anchor: str = "start", bold: bool = False
) -> str:
    """Words, escaped."""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{fill}" text-anchor="{anchor}"{weight}>'
        f"{escape(said)}</text>"
    )
