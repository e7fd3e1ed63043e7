"""The page joins the service: NiceGUI in the same process, below one path, on the same store."""

from fastapi import FastAPI, Response
from fastapi.responses import RedirectResponse
from nicegui import app as pages
from nicegui import ui

from servicepolicy_api.memory import Memory
from servicepolicy_api.page import addresses, door, downloads, looking, screens, uploads
from servicepolicy_api.page.screen import lost, shown
from servicepolicy_api.page.style import FAVICON
from servicepolicy_api.settings import Settings


def open_page(app: FastAPI, memory: Memory, settings: Settings) -> None:
    """Show the page below /page, and lead / there. Once a process: NiceGUI is one for all of it."""
    pages.state.memory, pages.state.settings = memory, settings
    pages.include_router(door.router)
    pages.include_router(looking.router)
    pages.include_router(uploads.router)
    pages.include_router(downloads.router)
    screens.ready()

    @app.get("/", include_in_schema=False)
    @pages.get("/", include_in_schema=False)
    def home() -> Response:
        return RedirectResponse(addresses.SCENARIOS)

    ui.run_with(
        app,
        root=shown(lost),
        mount_path=addresses.ROOT,
        title="servicepolicy",
        favicon=FAVICON,
        dark=None,
        tailwind=False,
        show_welcome_message=False,
        reconnect_timeout=20.0,
    )
    # The last middleware is the outermost: nothing of the page is reached around the door.
    pages.add_middleware(door.Door, memory=memory)
