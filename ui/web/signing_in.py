"""Who is at the page. Nothing of it answers before that is known: not gradio's own addresses, nor any picture.

On this machine alone it is the one person there is. Otherwise people sign in with a name and a password, or a proxy
before us, which they signed in to by OpenID Connect, names them in a header.
"""

from __future__ import annotations

import html
import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Form, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.errors import AssistantError
from assistant.turns import YOU
from ui.web.retelling import known
from ui.web.texts import N_, _, now
from ui.wiring import App

COOKIE = "limner"
FORM = ("/sign-in", "/sign-out")
MCP, API = "/mcp", "/v1/"
"""What programs use, which asks for keys of its own."""
MAX_TRIES, TRY_SECONDS = 10, 300
"""Wrong passwords for one name in this time; then nobody can try that name until it is over."""
MAX_NAMES = 10_000
"""How many names that were tried, and tabs that were opened, are remembered."""
FORM_LETTERS = 1000
"""What nobody can have as a name or a password: it is longer."""
SHEET = Path(__file__).with_name("sign-in.css")
WRONG = N_("That name and password do not go together; try again.")


class Door:
    """Finds out who is asking."""

    def __init__(self, app: App):
        settings = app.settings
        self.app = app
        self.has_form = settings.needs_sign_in and not settings.proxy_header
        self._header = settings.proxy_header.lower()
        self._proxies = [ipaddress.ip_network(one.strip(), strict=False) for one in settings.proxies.split(",")]

    def who(self, connection: HTTPConnection) -> str | None:
        """Return whose pictures this request may see; None for nobody's."""
        if not self.app.settings.needs_sign_in:
            return self.app.owner
        if self._header:
            return self._named_by_proxy(connection)
        token = connection.cookies.get(COOKIE)
        user = self.app.users.signed_in(token, self.app.turns.clock()) if token else None
        return user.owner if user else None

    def _named_by_proxy(self, connection: HTTPConnection) -> str | None:
        """Return the name in the proxy's header, if the proxy itself sent it, once, and it is a name."""
        try:
            address = ipaddress.ip_address(connection.client.host if connection.client else "")
        except ValueError:
            return None
        names = connection.headers.getlist(self._header)
        if len(names) != 1 or not any(address in proxy for proxy in self._proxies):
            return None
        name = names[0].strip()
        return name if 0 < len(name) <= 200 and name.isprintable() and name != YOU else None


class Guarded:
    """Lets nobody past who has not signed in; who has is in `request.state.owner` from here on."""

    def __init__(self, app: ASGIApp, door: Door):
        self.app = app
        self.door = door
        self._tabs: OrderedDict[str, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_open(scope["path"]):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        try:
            owner = await run_in_threadpool(self.door.who, connection)
        except AssistantError as error:
            await PlainTextResponse(str(error), 503)(scope, receive, send)
            return
        if owner is None or not self._is_own_tab(connection, owner):
            await self._turned_away(scope)(scope, receive, send)
            return
        scope.setdefault("state", {})["owner"] = owner
        await self.app(scope, receive, send)

    def _is_open(self, path: str) -> bool:
        """Say whether a path answers by itself. Exactly so: what no route of ours takes is gradio's."""
        return path == MCP or path.startswith(API) or (path in FORM and self.door.has_form)

    def _is_own_tab(self, connection: HTTPConnection, owner: str) -> bool:
        """Say whether what gradio streams to a tab is asked for by who opened it: gradio asks only for its name."""
        tab = connection.query_params.get("session_hash")
        if tab is None:
            return True
        whose = self._tabs.setdefault(tab, owner)
        while len(self._tabs) > MAX_NAMES:
            self._tabs.popitem(last=False)
        return whose == owner

    def _turned_away(self, scope: Scope) -> Response:
        headers = {"Cache-Control": "no-store"}
        if not self.door.has_form:
            return PlainTextResponse("Sign in at the address of the proxy before this server.", 401, headers=headers)
        if scope["path"] == "/" and scope["method"] == "GET":
            here = "/" + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
            return RedirectResponse(f"/sign-in?to={quote(here, safe='')}", 303, headers=headers)
        return PlainTextResponse("Sign in first: open the page again.", 401, headers=headers)


def owner_of(request: Request) -> str:
    """Return whose request this is, as `Guarded` found."""
    owner: str = request.state.owner
    return owner


class Tries:
    """Counts wrong passwords by name, so that nobody can try many."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._lock = threading.Lock()
        self._made: dict[str, list[float]] = {}

    def may_try(self, name: str) -> bool:
        """Say whether a password may be tried, and count it as wrong until `forget`: many may come at once."""
        with self._lock:
            now = self._clock()
            since = now - TRY_SECONDS
            if len(self._made) >= MAX_NAMES:
                self._made = {one: when for one, when in self._made.items() if when[-1] > since}
            recent = [moment for moment in self._made.get(name, ()) if moment > since]
            if len(recent) >= MAX_TRIES:
                return False
            self._made[name] = [*recent, now]
            return True

    def forget(self, name: str) -> None:
        with self._lock:
            self._made.pop(name, None)


def add_signing_in(server: FastAPI, app: App) -> None:
    """Put the guard before everything, and add `/sign-in` and `/sign-out` where people have passwords."""
    door = Door(app)
    server.add_middleware(Guarded, door=door)
    if not door.has_form:
        return
    tries = Tries()

    @server.get("/sign-in")
    def form(to: str = "/") -> Response:
        return _form(to)

    @server.post("/sign-in")
    def sign_in(
        request: Request, name: Annotated[str, Form()] = "", password: Annotated[str, Form()] = "",
        to: Annotated[str, Form()] = "/",
    ) -> Response:  # fmt: skip
        if not is_from_here(request):
            return PlainTextResponse("Pages of other addresses cannot sign in here.", 403)
        name = name.strip()
        if max(len(name), len(password)) > FORM_LETTERS:
            return _form(to, "", _(WRONG), 401)
        if not tries.may_try(name):
            return _form(to, name, _("Too many wrong passwords for this name; wait five minutes and try again."), 429)
        try:
            token = app.users.sign_in(name, password, app.turns.clock())
        except AssistantError as error:
            return _form(to, name, known(str(error)) or str(error), 503)
        if token is None:
            return _form(to, name, _(WRONG), 401)
        tries.forget(name)
        answer = RedirectResponse(_inside(to), 303, headers={"Cache-Control": "no-store"})
        is_secure = request.url.scheme == "https"
        # A session's cookie: the browser forgets it when it ends, and the server after a month.
        answer.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=is_secure)
        return answer

    @server.post("/sign-out")
    def sign_out(request: Request) -> Response:
        if not is_from_here(request):
            return PlainTextResponse("Pages of other addresses cannot sign out here.", 403)
        if token := request.cookies.get(COOKIE):
            app.users.sign_out(token)
        answer = RedirectResponse("/sign-in", 303, headers={"Clear-Site-Data": '"cache", "storage"'})
        answer.delete_cookie(COOKIE)
        return answer


def is_from_here(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _inside(to: str) -> str:
    """Return an address of this server's; any other becomes the page."""
    return to if to.startswith("/?") or to == "/" else "/"


def _form(to: str, name: str = "", trouble: str = "", status: int = 200) -> HTMLResponse:
    wrong = f'<p class="trouble" role="alert">{html.escape(trouble)}</p>' if trouble else ""
    focus = ("", " autofocus") if name else (" autofocus", "")
    spoken = now()
    page = (
        f'<!doctype html><html lang="{spoken.code}" dir="{spoken.direction}"><head><meta charset="utf-8">'
        f"<title>{_('Sign in to Limner')}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" '
        f'content="light dark"><style>{SHEET.read_text("utf-8")}</style></head><body><main>'
        f'<h1 translate="no">Limner</h1><p>{_("Say it, see it, change it.")}</p><form method="post" action="/sign-in">'
        f'<input type="hidden" name="to" value="{html.escape(to)}"><label>{_("Name")} '
        f'<input name="name" dir="auto" '
        f'value="{html.escape(name)}" autocomplete="username" required{focus[0]}></label><label>{_("Password")} '
        f'<input name="password" type="password" autocomplete="current-password" required{focus[1]}></label>{wrong}'
        f"<button>{_('Sign in')}</button></form></main></body></html>"
    )
    policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    return HTMLResponse(page, status, headers={"Cache-Control": "no-store", "Content-Security-Policy": policy})
