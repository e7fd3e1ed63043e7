"""The door of the page: once there is an API key, it is asked for, and kept in a cookie."""

from urllib.parse import parse_qs

import anyio
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servicepolicy_api.access import Keyring
from servicepolicy_api.memory import Memory
from servicepolicy_api.page import addresses
from servicepolicy_api.page.reader import Reader, reader_of
from servicepolicy_api.page.style import HEAD, ICON
from servicepolicy_store import keys
from servicepolicy_store.errors import StoreUnavailable

COOKIE = "servicepolicy_key"
LONGEST_FORM_BYTES = 10_000
router = APIRouter(include_in_schema=False)
OPEN = ("/sign-in", "/look", "/_nicegui/")
"""What everybody may have: the sign-in itself, and files that are the same for all."""
CLOSED = ("/_nicegui_ws", "/_nicegui/client")


class Door:
    """ASGI middleware: let in whom the cookie's key names, or everybody while there is no key."""

    def __init__(self, app: ASGIApp, memory: Memory, keyring: Keyring | None = None) -> None:
        """Wrap the page."""
        self.app, self._memory, self._keyring = app, memory, keyring or Keyring()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or lead it to the sign-in."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        asking = HTTPConnection(scope)
        path = scope["path"].removeprefix(addresses.ROOT)
        is_open = path.startswith(OPEN) and not path.startswith(CLOSED)
        try:
            may_enter = is_open or _is_let_in(await self._keyring.locks(self._memory), asking)
        except StoreUnavailable:
            # The screen itself says so, in words.
            may_enter = scope["type"] == "http" and scope["method"] == "GET"
        if may_enter:
            await self.app(scope, receive, _in_no_frame(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            address = scope["path"] + (f"?{asking.url.query}" if asking.url.query else "")
            await RedirectResponse(_sign_in_and_to(address), 303)(scope, receive, send)


def _in_no_frame(send: Send) -> Send:
    """No other page may show this one inside itself, or hear where its reader came from."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Content-Security-Policy"] = "frame-ancestors 'none'"
            headers["Referrer-Policy"] = "same-origin"
        await send(message)

    return sent


def _is_let_in(locks: tuple[keys.Lock, ...], asking: HTTPConnection) -> bool:
    if not locks:
        return True
    key = keys.who(locks, asking.cookies.get(COOKIE, ""))
    if key is not None:
        asking.state.api_key = key.id
    return key is not None


@router.get("/sign-in")
def sign_in(request: Request) -> Response:
    """Ask for a key."""
    return _form(reader_of(request), _wanted(request.query_params.get("to", "")), is_wrong=False)


@router.post("/sign-in")
async def signed_in(request: Request) -> Response:
    """Keep the key in a cookie that scripts cannot read, and lead to where it was asked for."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM_BYTES:
            return Response(status_code=413)
    said = parse_qs(body.decode("utf-8", "replace"))
    text, to = said.get("key", [""])[0].strip(), _wanted(said.get("to", [""])[0])
    memory: Memory = request.app.state.memory

    def is_known() -> bool:
        with memory.database.reading() as tx:
            return keys.who(keys.valid(tx), text) is not None

    if not await anyio.to_thread.run_sync(is_known):
        return _form(reader_of(request), to, is_wrong=True)
    answer = RedirectResponse(to, 303)
    safely = request.url.scheme == "https"
    answer.set_cookie(COOKIE, text, path=addresses.ROOT, httponly=True, samesite="lax", secure=safely)
    return answer


@router.get("/sign-out")
def sign_out() -> Response:
    """Forget the key."""
    answer = RedirectResponse(addresses.SIGN_IN, 303)
    answer.delete_cookie(COOKIE, path=addresses.ROOT, httponly=True, samesite="lax")
    return answer


def _wanted(address: str) -> str:
    return address if addresses.is_ours(address) else addresses.SCENARIOS


def _sign_in_and_to(address: str) -> str:
    return addresses.asking(addresses.SIGN_IN, to=address)


FORM = Markup(
    """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{icon}{head}</head>
<body class="{body}"><main class="sp-sign-in"><h1>{title}</h1><p>{lead}</p>{wrong}
<form method="post" action="{action}"><label for="key">{label}</label>
<input id="key" name="key" type="password" autocomplete="current-password" required autofocus>
<input type="hidden" name="to" value="{to}"><button class="sp-button sp-primary">{go}</button></form>
</main></body></html>"""
)


def _form(reader: Reader, to: str, is_wrong: bool) -> Response:
    words = reader.words.sign_in
    wrong = Markup('<p class="sp-wrong" role="alert">{}</p>').format(words.wrong) if is_wrong else ""
    body = {True: "body--dark", False: "body--light", None: ""}[reader.is_dark]
    form = FORM.format(
        lang=reader.html_lang, title=words.title, icon=ICON, head=HEAD, body=body, lead=words.lead,
        wrong=wrong, action=addresses.SIGN_IN, label=words.key, to=to, go=words.go,
    )  # fmt: skip
    return HTMLResponse(form, 401 if is_wrong else 200)
