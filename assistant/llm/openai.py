"""Any chat model behind OpenAI's protocol: Ollama, vLLM, llama.cpp, LM Studio, or a service of one's own choice.

Knows `/chat/completions` with streaming, and three ways of getting an answer of a given shape: a JSON schema where the
server takes one, a tool call where it takes that, plain text otherwise. Pictures go as data URIs to servers that take
them. Knows nothing of plans: `assistant.rewriter` validates what comes, and asks for it once more.
"""

from __future__ import annotations

import base64
import contextlib
import json
import logging
import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import httpx
import tenacity

from assistant.errors import ModelError
from assistant.llm.chat import ChatMessage

LOG = logging.getLogger(__name__)
Way = Literal["schema", "tool", "text"]
WAYS: tuple[Way, ...] = ("schema", "tool", "text")
TOOL = "plan"
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 120.0
"""How long a server may be silent: a model that must first be loaded keeps its first word back for long."""
MOST_LETTERS = 100_000
"""Of an answer, thoughts spoken aloud included: a model that has lost its way never ends, and is never silent."""
TRIES = 3
LONGEST_WAIT = 10.0
"""Seconds between two tries, whatever the server asks for: a person is waiting."""
BUSY = (408, 429, 500, 502, 503, 504)
NOT_TAKEN = (400, 415, 422, 501)
SHAPES = re.compile(r"schema|grammar|response_format|structured|guided|tool|template", re.IGNORECASE)
SPOILED = re.compile(r"does not match the expected|failed to parse", re.IGNORECASE)
"""What llama.cpp's server says where the answer is not what its parser expected; it has sent the answer by then."""
TOO_LONG = re.compile(r"context (?:size|length|window)|exceed_context", re.IGNORECASE)
NO_SUCH_MODEL = re.compile(r"invalid model name|unknown model", re.IGNORECASE)
"""What no other way of asking would mend."""
PICTURES = re.compile(
    r"\bimages?\b|image_url|\bvision\b|multi-?modal|mmproj|content\b.{0,40}\b(?:string|str)\b|valid string",
    re.IGNORECASE | re.DOTALL,
)
"""What servers say who take words alone: llama.cpp, vLLM, Ollama, LM Studio, OpenAI, others that validate `content`."""


class _Busy(Exception):
    """The server may answer if it is asked again."""

    def __init__(self, told: ModelError, after: float = 0.0):
        self.told = told
        self.after = after


class _NotTaken(Exception):
    """The server does not take this way of asking for a shape."""


class _Shapeless(ModelError):
    """The server itself says, after it has begun to answer, that what its model wrote has not the shape asked for."""


class _Blind(Exception):
    """The server, or the model behind it, takes no pictures."""


class OpenAIChatModel:
    """A `ChatModel` at an address such as http://127.0.0.1:11434/v1.

    Args:
        address: what stands before `/chat/completions`.
        model: the model's name there.
        key: what the service wants to be sent as a bearer token; "" for none.
        patience: seconds that the server may be silent.
    """

    def __init__(self, address: str, model: str, key: str = "", patience: float = ANSWER_SECONDS):
        self.address = address.rstrip("/")
        self.model = model
        self.name = model
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._timeout = httpx.Timeout(min(CONNECT_SECONDS, patience), read=patience)
        self._patience = patience
        self._way: Way = "schema"
        self._sees = True

    def sees(self) -> bool:
        """Say whether pictures may be sent: yes, until the server has refused one."""
        return self._sees

    def stream(
        self, messages: Sequence[ChatMessage], schema: dict[str, Any] | None = None, seed: int | None = None
    ) -> Iterator[str]:
        """Yield the answer in pieces. What a server was found to refuse is not asked of it again.

        Raises:
            ModelError: it is down, busy beyond three tries, silent for too long, does not end, or answers what is no
                answer.
        """
        body: dict[str, Any] = {"model": self.model, "stream": True, "temperature": 0 if seed is None else 0.7}
        if seed is not None:
            body["seed"] = seed
        with httpx.Client(headers=self._headers, timeout=self._timeout) as client:
            while True:
                answer, spoke = self._begun(client, body, messages, schema), 0
                try:
                    for piece in self._pieces(answer):
                        spoke += len(piece)
                        if spoke > MOST_LETTERS:
                            raise ModelError(
                                f"The rewriter {self.model} at {self.address} wrote more than {MOST_LETTERS:,} letters "
                                "and had not ended; say it in other words, or take another model."
                            )
                        yield piece
                    return
                except _Shapeless:
                    if schema is None or not spoke:
                        raise
                    return  # no plan, as the reader will find, who asks once more
                except httpx.HTTPError as error:
                    cut = isinstance(error, httpx.RemoteProtocolError) and not spoke
                    if not cut or schema is None or self._way == WAYS[-1]:
                        raise self._broken(error) from error
                    # llama-cpp-python hangs up where it cannot make a grammar of the schema.
                    self._way = WAYS[WAYS.index(self._way) + 1]
                finally:
                    answer.close()

    def _begun(
        self, client: httpx.Client, body: dict[str, Any], messages: Sequence[ChatMessage],
        schema: dict[str, Any] | None,
    ) -> httpx.Response:  # fmt: skip
        """Return an answer that has begun: to words and pictures if they are taken, or else to the words alone."""
        if self._sees and any(message.pictures for message in messages):
            try:
                pictured = [_shown(message) for message in messages]
                return self._shaped(client, {**body, "messages": pictured}, schema, True)
            except _Blind:
                self._sees = False
                LOG.warning("%s at %s takes no pictures; it plans by their descriptions.", self.model, self.address)
        words = [{"role": message.role, "content": message.content} for message in messages]
        return self._shaped(client, {**body, "messages": words}, schema, False)

    def _shaped(
        self, client: httpx.Client, body: dict[str, Any], schema: dict[str, Any] | None, shows: bool
    ) -> httpx.Response:
        """Return an answer in the first of the ways that the server takes, the last of which asks for no shape."""
        ways: tuple[Way, ...] = WAYS[WAYS.index(self._way) :] if schema is not None else ("text",)
        for way in ways[:-1]:
            with contextlib.suppress(_NotTaken):
                answer = self._open(client, {**body, **_shape(way, schema)}, False, shows)
                self._way = way
                return answer
        answer = self._open(client, body, True, shows)
        if schema is not None:
            self._way = "text"
        return answer

    def _open(self, client: httpx.Client, body: dict[str, Any], last: bool, shows: bool) -> httpx.Response:
        """Return an answer that has begun, after as many tries as it takes.

        Raises:
            _NotTaken: the server takes no such shape.
            _Blind: it takes no pictures.
            ModelError: it cannot answer.
        """
        tries = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(TRIES), retry=tenacity.retry_if_exception_type(_Busy), wait=_wait,
            reraise=True,
        )  # fmt: skip
        try:
            return tries(self._ask, client, body, last, shows)
        except _Busy as busy:
            raise busy.told from busy

    def _ask(self, client: httpx.Client, body: dict[str, Any], last: bool, shows: bool) -> httpx.Response:
        try:
            answer = client.send(
                client.build_request("POST", f"{self.address}/chat/completions", json=body), stream=True
            )
            if answer.status_code == 200:
                return answer
            answer.read()
        except httpx.ReadTimeout as error:  # asking again would take as long again
            raise self._broken(error) from error
        except httpx.HTTPError as error:
            raise _Busy(self._broken(error)) from error
        said = _said(answer)
        if shows and answer.status_code not in (401, 403, 429) and PICTURES.search(said):
            raise _Blind
        refused = answer.status_code in NOT_TAKEN or (answer.status_code >= 500 and SHAPES.search(said))
        hopeless = TOO_LONG.search(said) or NO_SUCH_MODEL.search(said)
        if refused and not hopeless and not last:
            raise _NotTaken
        if shows and answer.status_code in (*NOT_TAKEN, 413):  # it does not say why: the words alone may pass
            raise _Blind
        told = ModelError(
            f"The rewriter {self.model} at {self.address} answered {answer.status_code} ({said}); "
            f"{_advice(answer.status_code, said)}."
        )
        if answer.status_code in BUSY:
            raise _Busy(told, _seconds(answer.headers.get("retry-after", "")))
        raise told

    def _pieces(self, answer: httpx.Response) -> Iterator[str]:
        """Yield the texts in a stream of server-sent events, or in one JSON answer from a server that streams none.

        Raises:
            ModelError: one of them is no answer, or the stream ends before the answer does (Ollama says no more where
                what runs the model has died).
        """
        if "event-stream" not in answer.headers.get("content-type", "event-stream"):
            yield from _text_of(answer.read().decode(errors="replace"), "message")
            return
        ended, last = False, ""
        for line in answer.iter_lines():
            data = line.removeprefix("data:").strip()
            if line.startswith("data:") and data != "[DONE]":
                for last in _text_of(data, "delta"):
                    yield last
            ended = ended or (line.startswith("data:") and (data == "[DONE]" or _is_last(data)))
        if not ended and not last.rstrip().endswith("}"):  # there are servers that never say when they have done
            raise ModelError(
                f"The rewriter {self.model} at {self.address} broke off in the middle of its answer; see what its own "
                "log says, and send the message again."
            )

    def _broken(self, error: httpx.HTTPError) -> ModelError:
        if isinstance(error, httpx.ReadTimeout):
            return ModelError(
                f"The rewriter {self.model} at {self.address} was silent for {self._patience:g} s; see whether it "
                "hangs or is still loading, or set LIMNER_REWRITER_TIMEOUT higher."
            )
        return ModelError(
            f"The rewriter {self.model} at {self.address} cannot be reached ({type(error).__name__}: "
            f"{str(error)[:150]}); start it, or leave --rewriter out for the embedded one."
        )


def _shown(message: ChatMessage) -> dict[str, Any]:
    """Return a message with its pictures as parts of its content."""
    if not message.pictures:
        return {"role": message.role, "content": message.content}
    urls = (f"data:image/png;base64,{base64.b64encode(picture).decode()}" for picture in message.pictures)
    parts: list[dict[str, Any]] = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    return {"role": message.role, "content": [*parts, {"type": "text", "text": message.content}]}


def _shape(way: Way, schema: dict[str, Any] | None) -> dict[str, Any]:
    """Return what a request holds so that its answer has the schema's shape."""
    if way == "schema":
        return {"response_format": {"type": "json_schema", "json_schema": {"name": TOOL, "schema": schema}}}
    if way == "tool":
        function = {"name": TOOL, "description": "Hand in the plan.", "parameters": schema}
        return {
            "tools": [{"type": "function", "function": function}],
            "tool_choice": {"type": "function", "function": {"name": TOOL}},
        }
    return {}


def _text_of(data: str, part: Literal["delta", "message"]) -> Iterator[str]:
    """Yield the texts of one chunk or answer: its words, and what the plan's tool was called with.

    Another tool's call says nothing, so that the answer is asked for once more.
    """
    try:
        found = json.loads(data)
        if error := found.get("error"):
            kind = _Shapeless if SPOILED.search(_words(error)) else ModelError
            raise kind(f"The rewriter broke off ({_words(error)}); send the message again.")
        for choice in found["choices"][:1]:
            spoken = choice.get(part) or {}
            if text := spoken.get("content"):
                yield str(text)
            for call in spoken.get("tool_calls") or ():
                function = call.get("function") or {}
                if function.get("name", TOOL) in (TOOL, None, "") and (text := function.get("arguments")):
                    yield str(text)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ModelError(f"The rewriter sent what is no answer ({data[:100]}); send the message again.") from error


def _is_last(data: str) -> bool:
    """Tell whether a chunk says that the answer ends with it."""
    return any(choice.get("finish_reason") for choice in json.loads(data).get("choices") or ())


def _said(answer: httpx.Response) -> str:
    """Return what an error's body says; servers wrap it in three ways."""
    try:
        found = answer.json()
        return _words(found.get("error") or found.get("message") or found.get("detail") or found)
    except (ValueError, AttributeError):
        return " ".join(answer.text.split())[:200]


def _words(error: object) -> str:
    said = error.get("message", error) if isinstance(error, dict) else error
    if isinstance(said, str) and said.startswith("{"):  # Ollama hands on whole what the one behind it says
        with contextlib.suppress(ValueError, AttributeError):
            inner = json.loads(said)
            return _words(inner.get("error", {"message": " ".join(said.split())}))
    return " ".join(str(said).split())[:200]


def _advice(status: int, said: str) -> str:
    if TOO_LONG.search(said):
        return "let it read more at once (num_ctx, OLLAMA_CONTEXT_LENGTH, --ctx-size or --max-model-len: 8192 will do)"
    if status in (401, 403):
        return "set LIMNER_REWRITER_KEY to a key that it takes"
    if status == 404:
        return "check the model's name, and that its address ends as its documentation says, such as in /v1"
    if status == 429:
        return "wait a little, and send the message again"
    if status >= 500:
        return "see what its own log says, and send the message again"
    return "check its name and its key"


def _seconds(text: str) -> float:
    return float(text) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]+)?", text) else 0.0


_BACKOFF = tenacity.wait_random_exponential(multiplier=0.5, max=4)


def _wait(state: tenacity.RetryCallState) -> float:
    """Return how long to wait: longer each time, at random, and as long as the server asks within reason."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.after if isinstance(error, _Busy) else 0.0
    return max(_BACKOFF(state), min(asked, LONGEST_WAIT))
