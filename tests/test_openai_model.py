"""A chat model behind OpenAI's protocol as the rewriter, against a real server that speaks it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

from assistant.errors import ModelError
from assistant.llm.openai import OpenAIChatModel
from assistant.messages import ConversationPath, CreatePlan
from assistant.rewriter import SYSTEM_PROMPT_FILE, SYSTEM_PROMPT_VERSION, ModelRewriter
from ui.errors import SettingsError
from ui.settings import Settings
from ui.wiring import load_rewriter

PLAN = {"act": "create", "prompt": "A cat sits in a café.", "reply": "Here is a cat."}


class Service:
    """What the server was asked, and what it shall answer with: texts in pieces, or a status."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.answers: list[str] = [json.dumps(PLAN)]
        self.status = 200
        self.raw = ""
        self.address = ""


@pytest.fixture
def service() -> Iterator[Service]:
    service, app = Service(), FastAPI()

    @app.post("/v1/chat/completions")
    async def complete(request: Request) -> Response:
        service.asked.append((request.headers.get("authorization", ""), await request.json()))
        if service.status != 200:
            return Response("no such model", service.status)
        text = service.answers.pop(0) if len(service.answers) > 1 else service.answers[0]

        def pieces() -> Iterator[str]:
            yield ": a comment\n\n"
            for start in range(0, len(text), 7):
                chunk = {"choices": [{"index": 0, "delta": {"content": text[start : start + 7]}}]}
                yield f"data: {json.dumps(chunk)}\n\n"
            yield service.raw + 'data: {"choices": []}\n\ndata: [DONE]\n\n'

        return StreamingResponse(pieces(), media_type="text/event-stream")

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="none", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    service.address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/v1"
    yield service
    server.should_exit = True
    thread.join(10)


def test_words_become_a_plan_by_the_model_and_the_line_comes_early(service: Service) -> None:
    settings = Settings(rewriter=f"some-model@{service.address}", rewriter_key="secret")  # type: ignore[arg-type]
    rewriter, load = load_rewriter(settings)
    load()
    lines: list[str] = []
    plan = rewriter.plan(ConversationPath("draw a cat"), lines.append)
    assert isinstance(plan, CreatePlan) and plan.prompt == "A cat sits in a café."
    assert lines == ["Painting a new picture"]
    authorization, body = service.asked[0]
    assert authorization == "Bearer secret" and body["model"] == "some-model" and body["temperature"] == 0
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert body["messages"][0]["content"] == SYSTEM_PROMPT_FILE.read_text("utf-8")
    assert rewriter.name == f"some-model (system prompt {SYSTEM_PROMPT_VERSION})"
    assert "say: draw a cat" in body["messages"][1]["content"]
    assert body["response_format"]["json_schema"]["schema"]["discriminator"]["propertyName"] == "act"


def test_an_answer_that_is_no_plan_is_asked_for_once_more(service: Service) -> None:
    service.answers = ["I would love to!", json.dumps(PLAN)]
    rewriter = ModelRewriter(OpenAIChatModel(service.address, "m"))
    assert rewriter.plan(ConversationPath("draw a cat")).act == "create"
    assert [body.get("seed") for _, body in service.asked] == [None, 1]
    assert "not a valid plan" in service.asked[1][1]["messages"][-1]["content"]


def test_what_goes_wrong_is_said_in_a_sentence(service: Service) -> None:
    model = OpenAIChatModel(service.address, "m")
    service.raw = "data: {}\n\n"
    with pytest.raises(ModelError, match="what is no answer"):
        list(model.stream([]))
    service.status = 404
    with pytest.raises(ModelError, match="answered 404"):
        list(model.stream([]))
    with pytest.raises(ModelError, match="cannot be reached"):
        list(OpenAIChatModel("http://127.0.0.1:9/v1", "m").stream([]))


@pytest.mark.parametrize("name", ["gpt", "@http://x/v1", "model@ftp://x", "a/b/c"])
def test_a_rewriter_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="MODEL@URL"):
        load_rewriter(Settings(rewriter=name))
