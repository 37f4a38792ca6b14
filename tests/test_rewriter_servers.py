"""Each kind of server that people run chat models on, as it behaves: what it takes, how it streams, how it fails."""

from __future__ import annotations

import contextlib
import hashlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from assistant.errors import AssistantError, ModelError, PlanError
from assistant.llm import openai
from assistant.llm.openai import OpenAIChatModel
from assistant.messages import ConversationPath, PathVersion
from assistant.rewriter import SYSTEM_PROMPT_FILE, SYSTEM_PROMPT_VERSION, ModelRewriter, instructed

PLAN = json.dumps({"act": "create", "prompt": "A cat sits in a café.", "reply": "Here is a cat."})
PATIENCE, SHORT_PATIENCE = 30.0, 0.7
"""Seconds of silence that are borne: long for a busy machine, and short where a server is to hang."""
Asked = dict[str, Any]
Answer = tuple[int, str, str, dict[str, str]]
"""Status, kind of content, body, further headers."""


def streamed(pieces: list[Asked], ending: str = "data: [DONE]\n\n") -> Answer:
    lines = [f"data: {json.dumps({'choices': [{'index': 0, 'delta': piece}]})}\n\n" for piece in pieces]
    return 200, "text/event-stream", "".join(lines) + ending, {}


def spoken(text: str, ending: str = "data: [DONE]\n\n") -> Answer:
    pieces: list[Asked] = [{"role": "assistant", "content": ""}]
    return streamed([*pieces, *({"content": text[at : at + 9]} for at in range(0, len(text), 9))], ending)


def called(arguments: str, name: str = "plan") -> Answer:
    first = {"tool_calls": [{"index": 0, "id": "call_1", "function": {"name": name, "arguments": ""}}]}
    halves = (arguments[: len(arguments) // 2], arguments[len(arguments) // 2 :])
    rest = [{"tool_calls": [{"index": 0, "function": {"arguments": half}}]} for half in halves]
    if name != "plan":
        rest = []
    return streamed([first, *rest])


def failed(status: int, body: object, **headers: str) -> Answer:
    return status, "application/json", json.dumps(body), headers


def ollama(asked: Asked) -> Answer:
    """Takes a JSON schema. Chunks and errors as its own source writes them (openai/openai.go, August 2026)."""
    if asked["model"] != "m":
        message = f"model '{asked['model']}' not found"
        return failed(404, {"error": {"message": message, "type": "not_found_error", "param": None, "code": None}})
    assert asked["response_format"]["json_schema"]["schema"]["oneOf"]
    head = {"id": "chatcmpl-7", "object": "chat.completion.chunk", "created": 1, "system_fingerprint": "fp_ollama"}

    def chunk(delta: Asked, why: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": why}
        return f"data: {json.dumps({**head, 'model': 'm', 'choices': [choice]})}\n\n"

    thought = chunk({"role": "assistant", "content": "", "reasoning": "Let me see {braces}."})
    words = (chunk({"content": PLAN[at : at + 9]}) for at in range(0, len(PLAN), 9))
    return 200, "text/event-stream", thought + "".join(words) + chunk({}, "stop") + "data: [DONE]\n\n", {}


def vllm(asked: Asked) -> Answer:
    """Takes a JSON schema; sends thoughts apart, and a last chunk of usage without choices."""
    if asked["model"] != "m":
        return failed(404, {"object": "error", "message": "The model `x` does not exist.", "code": 404})
    thought = {"reasoning_content": "Let me see {braces}."}
    status, kind, body, headers = streamed([thought, {"content": PLAN}], "")
    return status, kind, body + 'data: {"choices": [], "usage": {}}\n\ndata: [DONE]\n\n', headers


def llama_cpp(asked: Asked) -> Answer:
    """Stumbles over the grammar of a large schema, and takes a tool call."""
    if asked["model"] != "m":
        return failed(400, {"error": {"code": 400, "message": "unknown model", "type": "invalid_request_error"}})
    if "response_format" in asked:
        return failed(500, {"error": {"code": 500, "message": "Failed to parse grammar", "type": "server_error"}})
    assert asked["tool_choice"]["function"]["name"] == asked["tools"][0]["function"]["name"] == "plan"
    return called(PLAN)


def lm_studio(asked: Asked) -> Answer:
    """Takes neither schema nor tools with this model; the model thinks aloud and wraps its answer."""
    if asked["model"] != "m":
        return failed(404, {"error": "Model not found"})
    if "response_format" in asked:
        return failed(400, {"error": "'response_format.type' must be 'text'"})
    if "tools" in asked:
        return failed(400, {"error": "Model does not support tools"})
    return spoken(f"<think>A plan like {{this}}?</think>\nHere it is:\n```json\n{PLAN}\n```")


DIALECTS = {"ollama": (ollama, 1), "vllm": (vllm, 1), "llama.cpp": (llama_cpp, 2), "lm-studio": (lm_studio, 3)}
"""Each server, and how many requests it takes until the first answer."""


class Server:
    def __init__(self, answers: Callable[[Asked], Answer]):
        self.answers = answers
        self.asked: list[Asked] = []
        mine = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                mine.asked.append(asked)
                status, kind, body, headers = mine.answers(asked)
                raw = body.encode()
                self.send_response(status)
                for name, value in {"Content-Type": kind, "Content-Length": str(len(raw)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                with contextlib.suppress(OSError):  # whoever asked may have gone
                    self.wfile.write(raw)

            def log_message(self, *given: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.http.server_port}/v1"


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[Asked], Answer]], Server]]:
    monkeypatch.setattr("assistant.llm.openai._BACKOFF", lambda state: 0.05)
    servers: list[Server] = []

    def start(answers: Callable[[Asked], Answer]) -> Server:
        servers.append(Server(answers))
        return servers[-1]

    yield start
    for server in servers:
        server.http.shutdown()
        server.http.server_close()


Serve = Callable[[Callable[[Asked], Answer]], Server]


def rewriter_at(server: Server, model: str = "m", patience: float = PATIENCE) -> ModelRewriter:
    return instructed(OpenAIChatModel(server.address, model, patience=patience))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_server_gives_a_plan_in_the_best_way_that_it_has(serve: Serve, dialect: str) -> None:
    answers, requests = DIALECTS[dialect]
    server = serve(answers)
    rewriter = rewriter_at(server)
    lines: list[str] = []
    plan = rewriter.plan(ConversationPath("draw a cat"), lines.append)
    assert plan.act == "create" and lines == ["Painting a new picture"]
    tries = len(server.asked)
    assert tries >= requests
    rewriter.plan(ConversationPath("draw a cat"))
    assert len(server.asked) == tries + 1, "what it refused is not asked of it again"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_model_that_a_server_does_not_have_is_said(serve: Serve, dialect: str) -> None:
    with pytest.raises(ModelError, match=r"The rewriter x at .* answered 40[04] \(.+\); check"):
        rewriter_at(serve(DIALECTS[dialect][0]), "x").plan(ConversationPath("draw a cat"))


def hang(asked: Asked) -> Answer:
    time.sleep(5 * SHORT_PATIENCE)
    return spoken(PLAN)


TOO_LONG = {
    "error": {
        "message": json.dumps(
            {
                "error": {
                    "code": 400,
                    "message": "request (5561 tokens) exceeds the available context size (4096 tokens)",
                    "type": "exceed_context_size_error",
                }
            }
        ),
        "type": "invalid_request_error",
    }
}
"""As Ollama 0.32 hands on what its runner says."""
FAULTS: dict[str, tuple[Callable[[Asked], Answer], type[AssistantError], str, int]] = {
    "hangs": (hang, ModelError, "was silent for 0.7 s", 1),
    "500": (lambda asked: failed(500, {"error": {"message": "CUDA error"}}), ModelError, "answered 500 .CUDA error", 3),
    "overloaded": (lambda asked: failed(429, {"error": "slow down"}, **{"Retry-After": "0"}), ModelError, "429", 3),
    "forbidden": (lambda asked: failed(401, {"error": "bad key"}), ModelError, "LIMNER_REWRITER_KEY", 1),
    "truncated JSON": (lambda asked: spoken(PLAN[:30]), PlanError, "gave no valid plan in two tries", 2),
    "truncated chunk": (lambda asked: (200, "text/event-stream", 'data: {"choi', {}), ModelError, "is no answer", 1),
    "wrong tool": (lambda asked: called("{}", "search_web"), PlanError, "gave no valid plan in two tries", 2),
    "empty": (lambda asked: spoken(""), PlanError, "gave no valid plan in two tries", 2),
    "an error midway": (
        lambda asked: (200, "text/event-stream", 'data: {"error": {"message": "out of memory"}}\n\n', {}),
        ModelError, "broke off .out of memory", 1,
    ),
    "broken off": (lambda asked: spoken(PLAN[:30], ""), ModelError, "broke off in the middle of its answer; see", 1),
    "too long": (lambda asked: failed(400, TOO_LONG), ModelError, r"400 \(request \(5561 .*; let it read more", 1),
    "no such name": (lambda asked: failed(400, {"error": "invalid model name"}), ModelError, "check its name", 1),
    "a web page": (lambda asked: (200, "text/html", "<html>", {}), ModelError, "is no answer", 1),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_ends_in_one_sentence_soon(serve: Serve, fault: str) -> None:
    answers, kind, said, requests = FAULTS[fault]
    server = serve(answers)
    patience = SHORT_PATIENCE if fault == "hangs" else PATIENCE
    begun = time.monotonic()
    with pytest.raises(kind, match=said):
        rewriter_at(server, patience=patience).plan(ConversationPath("draw a cat"))
    assert time.monotonic() - begun < PATIENCE and len(server.asked) == requests


def test_a_plan_whose_end_tells_otherwise_than_its_beginning_is_stated_again(serve: Serve) -> None:
    """Ollama's runner has its models write the keys by the alphabet: which version is meant comes last."""
    keys = {"act": "edit", "change": "make the cat happier", "prompt": "A happy cat.", "targets": ["v1"]}
    server = serve(lambda asked: spoken(json.dumps(keys)))
    lines: list[str] = []
    versions = (PathVersion("v1", (), "A cat.", ""), PathVersion("v2", (), "A dog.", ""))
    path = ConversationPath("make it happier", versions=versions, current="v2")
    plan = rewriter_at(server).plan(path, lines.append)
    assert plan.act == "edit" and plan.targets == ("v1",)
    assert lines == ["Editing v2: make the cat happier", "Editing v1: make the cat happier"]


def test_a_whole_plan_is_taken_from_a_server_that_never_says_when_it_has_done(serve: Serve) -> None:
    server = serve(lambda asked: spoken(PLAN, ""))
    assert rewriter_at(server).plan(ConversationPath("draw a cat")).act == "create" and len(server.asked) == 1


def test_a_server_that_comes_round_is_asked_again(serve: Serve) -> None:
    answers = iter([failed(503, {"error": {"message": "Loading model"}}), failed(502, {}), spoken(PLAN)])
    server = serve(lambda asked: next(answers))
    assert rewriter_at(server).plan(ConversationPath("draw a cat")).act == "create" and len(server.asked) == 3


def test_an_answer_that_is_no_plan_is_repaired_once(serve: Serve) -> None:
    answers = iter([spoken('{"act": "create"}'), spoken(PLAN)])
    server = serve(lambda asked: next(answers))
    assert rewriter_at(server).plan(ConversationPath("draw a cat")).act == "create"
    assert "not a valid plan" in server.asked[1]["messages"][-1]["content"]


def test_an_answer_that_the_server_itself_finds_spoiled_is_repaired_once(serve: Serve) -> None:
    error = {"code": 500, "message": "The model produced output that does not match the expected peg-native format"}
    spoiled = spoken(PLAN[:40], f"data: {json.dumps({'error': error})}\n\n")
    answers = iter([spoiled, spoken(PLAN)])
    server = serve(lambda asked: next(answers))
    assert ModelRewriter(OpenAIChatModel(server.address, "m")).plan(ConversationPath("a cat")).act == "create"
    assert "not a valid plan" in server.asked[1]["messages"][-1]["content"]
    server = serve(lambda asked: spoken("", f"data: {json.dumps({'error': error})}\n\n"))
    with pytest.raises(ModelError, match=r"broke off .*does not match the expected"):
        ModelRewriter(OpenAIChatModel(server.address, "m")).plan(ConversationPath("a cat"))


def test_a_server_that_is_down_is_said_within_seconds() -> None:
    with socket.socket() as taken:  # a port that nobody listens on
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        begun = time.monotonic()
        with pytest.raises(ModelError, match=r"cannot be reached.*start it, or leave --rewriter out"):
            instructed(OpenAIChatModel(address, "m")).plan(ConversationPath("draw a cat"))
        assert time.monotonic() - begun < 8


def test_a_model_that_never_ends_is_left(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai, "MOST_LETTERS", 1_000)
    server = serve(lambda asked: spoken("round and round " * 100))
    rewriter = instructed(OpenAIChatModel(server.address, "m", patience=30))
    with pytest.raises(ModelError, match="more than 1,000 letters and had not ended; say it in other words"):
        rewriter.plan(ConversationPath("draw a cat"))


def test_a_server_that_streams_nothing_is_understood(serve: Serve) -> None:
    whole = json.dumps({"choices": [{"message": {"content": PLAN}}]})
    server = serve(lambda asked: (200, "application/json", whole, {}))
    assert rewriter_at(server).plan(ConversationPath("draw a cat")).act == "create"


def test_a_changed_system_prompt_is_another_version() -> None:
    digests = {7: "691c768f19d93794"}
    assert hashlib.sha256(SYSTEM_PROMPT_FILE.read_bytes()).hexdigest()[:16] == digests[SYSTEM_PROMPT_VERSION], (
        "give the new text a new number (and file), so that recipes of pictures planned with the old one stay true"
    )
