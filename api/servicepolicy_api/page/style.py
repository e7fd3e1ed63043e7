"""How the page looks: one stylesheet, written into the head so that nothing jumps when it arrives."""

from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

FOLDER = Path(__file__).parent


def _read(name: str) -> Markup:
    return Markup((FOLDER / name).read_text(encoding="utf-8"))


HEAD = Markup("<style>{}</style>").format(_read("style.css"))
UPLOAD = Markup("<script>{}</script>").format(_read("upload.js"))
"""For the screen where a file is chosen."""
SHEET = Markup("<script>{}</script>").format(_read("editing/sheet.js"))
"""For screens with sheets."""
FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" '
    'fill="#1f4e79"/><path d="M7 22h5v4H7zm7-7h5v11h-5zm7-9h5v20h-5z" fill="#fff"/></svg>'
)
ICON = Markup('<link rel="icon" href="data:image/svg+xml,{}">').format(quote(FAVICON))
