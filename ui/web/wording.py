"""Which language a request is answered in, and the words on the page as it is first sent.

gradio describes its components once, for everybody, before anybody asked: their texts are marked there and replaced
here, as the page goes out. So it comes in one's own language from its first byte on, `lang` and `dir` included.
gradio's own `I18n` knows labels alone, and the browser's language alone; most of this page is HTML of ours.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import FastAPI, Form, Request, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.web import texts
from ui.web.signing_in import is_from_here, owner_of

COOKIE = "limner-language"
YEAR_SECONDS = 365 * 86_400
MARK = re.compile(f"{texts.MARKS[0]}(.*?){texts.MARKS[1]}")
HTML = re.compile(r'<html\s+lang="en"')
STAYS = """
(() => {
  const page = document.documentElement, spoken = page.lang;
  const restore = () => { if (page.lang !== spoken) page.lang = spoken; };
  new MutationObserver(restore).observe(page, { attributeFilter: ["lang"] });
})();
"""
"""gradio's own texts come in the browser's language, and it would name that as the language of the page."""
IN_SCRIPTS = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&'"})


def language_of(headers: Mapping[str, str], cookies: Mapping[str, str], owner: str) -> str:
    """Return the code of the language that a person chose in this browser, else of what the browser asks for."""
    code, _, whose = cookies.get(COOKIE, "").partition(".")
    if code in texts.languages() and whose == _mark_of(owner):
        return code
    return texts.wanted(headers.get("accept-language"))


def has_chosen(cookies: Mapping[str, str], owner: str) -> bool:
    return cookies.get(COOKIE, "").endswith(f".{_mark_of(owner)}")


def _mark_of(owner: str) -> str:
    """Return what tells people's choices apart in a browser that several use."""
    return hashlib.sha256(owner.encode()).hexdigest()[:12]


def worded(page: str) -> str:
    """Return gradio's page in the language that is spoken: no marks left, and the scripts' texts in its head."""
    spoken = texts.now()

    def in_words(mark: re.Match[str]) -> str:
        return _in_script(spoken.look_up(json.loads(f'"{mark.group(1)}"')))[1:-1]

    page = HTML.sub(f'<html lang="{spoken.code}" dir="{spoken.direction}"', page, count=1)
    known = _in_script(dict(texts.script_texts()))
    scripts = f"<head><script>window.limnerTexts = {known};{STAYS}</script>"
    return MARK.sub(in_words, page).replace("<head>", scripts, 1)


def _in_script(value: object) -> str:
    return json.dumps(value).translate(IN_SCRIPTS)


class Worded:
    """Has every request answered in its language, and puts the page's marks into words. Stands inside `Guarded`."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        owner = scope.get("state", {}).get("owner", "")
        with texts.spoken(language_of(connection.headers, connection.cookies, owner)):
            if scope["path"] == "/":
                send = _Rewriting(send)
            await self.app(scope, receive, send)


class _Rewriting:
    """Holds a page of HTML back until all of it is there, and sends it in words."""

    def __init__(self, send: Send):
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and "html" in Headers(raw=message["headers"]).get(
            "content-type", ""
        ):
            self._start = message
        elif message["type"] == "http.response.body" and self._start is not None:
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            body = worded(self._body.decode()).encode()
            headers = MutableHeaders(raw=self._start["headers"])
            headers["content-length"] = str(len(body))
            headers["vary"] = "Accept-Language, Cookie"
            await self._send(self._start)
            await self._send({"type": "http.response.body", "body": body})
        else:
            await self._send(message)


def add_wording(server: FastAPI) -> None:
    """Answer every request in its language, and add `/language`, by which a person chooses one."""
    server.add_middleware(Worded)

    @server.post("/language")
    def choose(request: Request, code: Annotated[str, Form(max_length=20)] = "") -> Response:
        """Remember a language for this person in this browser; with none, go by the browser again."""
        if not is_from_here(request):
            return Response("Pages of other addresses cannot choose a language here.", 403)
        answer = Response(status_code=204)
        if code in texts.languages():
            value = f"{code}.{_mark_of(owner_of(request))}"
            answer.set_cookie(COOKIE, value, max_age=YEAR_SECONDS, httponly=True, samesite="lax")
        else:
            answer.delete_cookie(COOKIE)
        return answer
