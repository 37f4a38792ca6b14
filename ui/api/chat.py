"""/v1/chat/completions: for programs that only talk. Pictures come as markdown and in `message.images`."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field, WithJsonSchema

from assistant.messages import TurnResult, Version
from ui.api import describing
from ui.api.conversing import NEUTRAL, Listener, answered, ask_of, read_and_written, shown_by, without_neutral
from ui.api.errors import ApiError
from ui.api.models import Model
from ui.api.painting import Ask, Begun, Look, follow, options_of, picture_of, shown
from ui.api.parameters import Parameters, Seed, checked, read_json
from ui.api.serving import Service, idempotency_key, turn_response

MARKDOWN = re.compile(r"[\[\]()<>*_`\\\n]")
Item = dict[str, Any]


class StreamOptions(Parameters):
    include_usage: bool | None = None


class ChatParameters(Parameters):
    model: Model
    messages: Annotated[list[dict[str, Any]], WithJsonSchema(describing.MESSAGES)] = Field(min_length=1)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    seed: Seed | None = None
    store: bool | None = None
    user: str | None = Field(None, max_length=512)
    safety_identifier: str | None = Field(None, max_length=512)


def add_chat(api: FastAPI, service: Service) -> None:
    """Add /chat/completions."""

    @api.post(
        "/chat/completions",
        **describing.json_body(ChatParameters, describing.COMPLETION, describing.CHUNKS, neutral=NEUTRAL),
    )
    async def complete(request: Request) -> Response:
        """Take a turn. Pictures of ours in the messages say which conversation goes on."""
        owner = await service.owner_of(request.headers)
        body, digest = await read_json(request)
        given = checked(ChatParameters, without_neutral(body))
        service.models.named(given.model)
        if given.store is False:
            raise ApiError(
                "Unsupported value: 'store' does not support false here: the next message goes on from what is kept.",
                param="store", code="unsupported_value",
            )  # fmt: skip
        key = idempotency_key(request)
        address = f"{request.base_url}v1/pictures/"

        def answer(turn: Begun) -> Response:
            result, versions = answered(service.app, turn)
            message = {"role": "assistant", **_said(service, turn, result, versions, address), "refusal": None}
            choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
            usage = _usage(result, versions)
            return JSONResponse({**_head(turn, given, "chat.completion"), "choices": [choice], "usage": usage})

        ask, chunks = partial(_ask, service, owner, given, key, digest), partial(_chunks, service, given, address)
        return await turn_response(service, owner, ask, answer, chunks if given.stream else None, last="[DONE]")


def _ask(service: Service, owner: str, given: ChatParameters, key: str | None, digest: str) -> Ask:
    listener = Listener(service, owner)
    for number, message in enumerate(given.messages):
        where = f"messages[{number}]"
        if message.get("role") == "assistant" and message.get("content") is None:
            continue
        listener.message(message.get("role", ""), message.get("content"), where)
    said = listener.said("messages")
    options = options_of(service.app, None, seed=given.seed, painter=service.models.named(given.model).painter)
    return ask_of(service.app, owner, said, options, key, digest)


def _said(service: Service, turn: Begun, result: TurnResult, versions: Mapping[str, Version], address: str) -> Item:
    """Return the words, in markdown, and the pictures."""
    look, lines = Look(), [result.reply] if result.reply else []
    images: list[Item] = []
    for number, version in enumerate(shown_by(result, versions)):
        alt = MARKDOWN.sub(" ", f"{version.label}: {version.prompt}")[:300]
        lines.append(f"![{alt}]({address}{service.signer.sign(shown(version, turn.owner, look))})")
        data, _ = picture_of(service.app, version, versions, look)
        data_address = f"data:image/png;base64,{base64.b64encode(data).decode()}"
        images.append({"type": "image_url", "index": number, "image_url": {"url": data_address}})
    content = "\n\n".join(lines)
    return {"content": content, "images": images} if images else {"content": content}


def _chunks(
    service: Service, given: ChatParameters, address: str, turn: Begun, gone: Callable[[], bool]
) -> Iterator[Item]:
    head = _head(turn, given, "chat.completion.chunk")

    def chunk(delta: Item, reason: str | None = None) -> Item:
        return {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}]}

    yield chunk({"role": "assistant", "content": ""})
    for _ in follow(service.app, turn, gone):
        pass
    if gone():
        return
    result, versions = answered(service.app, turn)
    yield chunk(_said(service, turn, result, versions, address))
    yield chunk({}, "stop")
    if given.stream_options and given.stream_options.include_usage:
        yield {**head, "choices": [], "usage": _usage(result, versions)}


def _head(turn: Begun, given: ChatParameters, kind: str) -> Item:
    return {"id": f"chatcmpl-{turn.turn}", "object": kind, "created": turn.created, "model": given.model}


def _usage(result: TurnResult, versions: Mapping[str, Version]) -> Item:
    read, written = read_and_written(result, versions)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
