"""/v1/responses with the `image_generation` tool, and /v1/conversations: several turns in one version tree."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field, WithJsonSchema

from assistant.errors import UnknownTurn, UploadError
from assistant.messages import TurnOptions, TurnResult, Version
from assistant.policy import Level
from assistant.uploads import Upload, read_mask
from ui.api import describing
from ui.api.conversing import (
    NEUTRAL,
    Listener,
    Place,
    answered,
    ask_of,
    picture_bytes,
    read_and_written,
    shown_by,
    without_neutral,
)
from ui.api.errors import ApiError, from_failure
from ui.api.models import Model
from ui.api.painting import Ask, Begun, Look, failure_of, follow, options_of, picture_of
from ui.api.parameters import QUALITIES, Parameters, Quality, Size, checked, read_json, size_of
from ui.api.pictures import decoded, encoded, fitted
from ui.api.serving import Service, idempotency_key, turn_response

Item = dict[str, Any]
MASK = "tools[0].input_image_mask"
CHANGES = ("edit", "extend", "merge", "upscale")
"""Acts that start from a picture: OpenAI knows them all as "edit"."""


class Mask(Parameters):
    file_id: str | None = None
    image_url: str | None = None


class ImageTool(Parameters):
    """The `image_generation` tool."""

    type: Literal["image_generation"]
    action: Literal["generate", "edit", "auto"] | None = None
    model: Model | None = None
    size: Size | None = None
    quality: Quality | None = None
    background: Literal["opaque", "auto"] | None = None
    output_format: Literal["png", "jpeg", "webp"] | None = None
    output_compression: int | None = Field(None, ge=0, le=100)
    moderation: Level | None = None
    partial_images: int | None = Field(None, ge=0, le=3)
    input_fidelity: Literal["high", "low"] | None = None
    input_image_mask: Mask | None = None


class Choice(Parameters):
    type: Literal["image_generation"]


class ConversationName(Parameters):
    id: str = Field(max_length=100)


class ResponseParameters(Parameters):
    """Without tools, the `image_generation` tool is there all the same: it is what this model is for."""

    model: Model
    input: Annotated[str | list[dict[str, Any]], WithJsonSchema(describing.INPUT)]
    tools: list[ImageTool] = Field(default=[], max_length=1)
    tool_choice: Literal["auto", "required"] | Choice = "auto"
    previous_response_id: str | None = Field(None, max_length=100)
    conversation: str | ConversationName | None = None
    stream: bool | None = None
    store: bool | None = None
    metadata: dict[str, str] = Field(default={}, max_length=16)
    user: str | None = Field(None, max_length=512)
    safety_identifier: str | None = Field(None, max_length=512)

    @property
    def tool(self) -> ImageTool:
        return self.tools[0] if self.tools else ImageTool(type="image_generation")


class ConversationParameters(Parameters):
    """Nothing: what a conversation is called, its first message says. Empty lists and objects ask for nothing."""


def add_responses(api: FastAPI, service: Service) -> None:
    """Add the addresses under /responses and /conversations."""

    @api.post(
        "/responses",
        **describing.json_body(ResponseParameters, describing.RESPONSE, describing.RESPONSE_EVENTS, neutral=NEUTRAL),
    )
    async def respond(request: Request) -> Response:
        """Take a turn: paint, change, go back or answer, as the words say."""
        owner = await service.owner_of(request.headers)
        body, digest = await read_json(request)
        given = checked(ResponseParameters, without_neutral(body))
        _painter(service, given)  # what cannot be is refused before anything is kept
        look = _look(given.tool)
        key = idempotency_key(request)

        def answer(turn: Begun) -> Response:
            try:
                return JSONResponse(_Writer(service, turn, given, look).whole())
            finally:
                _forget(service, turn, given)

        ask, events = partial(_ask, service, owner, given, key, digest), partial(_events, service, given, look)
        return await turn_response(service, owner, ask, answer, events if given.stream else None)

    neutral: dict[str, tuple[object, ...]] = {"items": ([],), "metadata": ({},)}
    body = describing.json_body(ConversationParameters, describing.CONVERSATION, once=False, neutral=neutral)

    @api.post("/conversations", **body)
    async def converse(request: Request) -> Item:
        """Begin a conversation, for responses to go on in."""
        owner = await service.owner_of(request.headers)
        given, _ = await read_json(request)
        checked(
            ConversationParameters,
            {name: value for name, value in given.items() if value not in neutral.get(name, ())},
        )
        talk = await service.in_thread(lambda: service.app.turns.new_conversation(owner))
        return _conversation(talk.id, talk.created)

    @api.get("/conversations/{conversation}", **describing.answers(describing.CONVERSATION))
    async def conversation(request: Request, conversation: str) -> Item:
        """Describe a conversation."""
        owner = await service.owner_of(request.headers)
        name = conversation.removeprefix("conv_")
        talk = await service.in_thread(lambda: service.app.turns.conversation(name, owner))
        return _conversation(talk.id, talk.created)


def _ask(service: Service, owner: str, given: ResponseParameters, key: str | None, digest: str) -> Ask:
    """Return the turn that a request asks for.

    Raises:
        ApiError: what it goes on from is not there, or an item cannot be taken.
    """
    place = _place(service, owner, given)
    listener = Listener(service, owner, place)
    items = [{"role": "user", "content": given.input}] if isinstance(given.input, str) else given.input
    for number, item in enumerate(items):
        where = f"input[{number}]"
        kind = item.get("type", "message")
        if kind == "message":
            listener.message(item.get("role", ""), item.get("content"), where)
        elif kind in ("image_generation_call", "item_reference"):
            if not str(item.get("id")).startswith("msg_"):
                listener.call(item.get("id"), where)
        else:
            raise ApiError(
                f"Invalid value: '{str(kind)[:40]}'. Supported values are: 'message', 'image_generation_call' and "
                "'item_reference'.",
                param=f"{where}.type", code="invalid_value",
            )  # fmt: skip
    said = listener.said("input", MASK if given.tool.input_image_mask else "")
    if said.pictures > 1 and given.tool.action == "generate":
        raise ApiError(
            "Invalid 'tools[0].action': a new picture takes nothing from the two that came; leave the action out, or "
            "send the words alone.",
            param="tools[0].action", code="invalid_value",
        )  # fmt: skip
    if place and said.place and said.place.conversation != place.conversation:
        raise ApiError(
            "Invalid 'input': it names a picture of another conversation than the one that shall go on; leave one of "
            "them out.",
            param="input", code="invalid_value",
        )  # fmt: skip
    goes_on = said.place is not None or key is not None
    if given.store is False and goes_on:
        raise ApiError(
            "Invalid 'store': a turn of a conversation that goes on, or one with an idempotency key, is kept; leave "
            "'store' out.",
            param="store", code="unsupported_value",
        )  # fmt: skip
    options = _options(service, given, said.picture is not None or said.place is not None)
    mask = _mask(service, owner, given.tool, said.picture)
    return ask_of(service.app, owner, said, options, key, digest, mask)


def _options(service: Service, given: ResponseParameters, has_picture: bool) -> TurnOptions:
    tool = given.tool
    acts: dict[str | None, Literal["create", "edit"]] = {"generate": "create", "edit": "edit"}
    act = acts.get(tool.action)
    if act == "edit" and not has_picture:
        raise ApiError(
            "Invalid 'tools[0].action': there is no picture to edit; send one, or go on from a response.",
            param="tools[0].action", code="invalid_value",
        )  # fmt: skip
    if tool.input_image_mask is not None:
        if act == "create":
            raise ApiError(
                "Invalid 'tools[0].input_image_mask': a mask is for an edit; leave it out, or ask for the action "
                "'edit'.",
                param=MASK, code="invalid_value",
            )  # fmt: skip
        act = "edit"
    size = None if has_picture and act != "create" else size_of(tool.size)
    options = options_of(service.app, size, tool.quality, painter=_painter(service, given))
    return replace(options, act=act, whole=tool.input_fidelity == "low", moderation=tool.moderation or "auto")


def _painter(service: Service, given: ResponseParameters) -> str:
    """Return who is to paint: whom the tool names, else the model. Raises: ApiError: there is no such model."""
    model = service.models.named(given.model)
    tool = service.models.painter(given.tool.model, "tools[0].model")
    return tool.painter or model.painter


def _mask(service: Service, owner: str, tool: ImageTool, picture: Upload | None) -> bytes | None:
    if tool.input_image_mask is None:
        return None
    if picture is None:
        raise ApiError(f"Invalid '{MASK}': a mask needs a picture in the input.", param=MASK, code="invalid_value")
    data = picture_bytes(service, owner, tool.input_image_mask.image_url, tool.input_image_mask.file_id, MASK)
    try:
        return read_mask(data, (picture.width, picture.height))
    except UploadError as error:
        raise ApiError(str(error), param=MASK, code="invalid_image_format") from error


def _place(service: Service, owner: str, given: ResponseParameters) -> Place | None:
    """Return where a response goes on. Raises: ApiError: there is no such response or conversation."""
    if given.previous_response_id is not None and given.conversation is not None:
        raise ApiError(
            "Mutually exclusive parameters: 'previous_response_id' and 'conversation'. Send one of them.",
            param="conversation", code="mutually_exclusive_parameters",
        )  # fmt: skip
    if given.previous_response_id is not None:
        try:
            turn = service.app.store.turn(given.previous_response_id.removeprefix("resp_"), owner)
        except UnknownTurn as error:
            raise ApiError(
                f"Previous response with id '{given.previous_response_id}' not found.",
                param="previous_response_id", code="previous_response_not_found",
            ) from error  # fmt: skip
        return Place(turn.conversation_id, turn.id)
    if given.conversation is not None:
        name = given.conversation if isinstance(given.conversation, str) else given.conversation.id
        return Place(service.app.turns.conversation(name.removeprefix("conv_"), owner).id)
    return None


def _look(tool: ImageTool) -> Look:
    kind = tool.output_format or "png"
    if kind == "png" and tool.output_compression not in (None, 100):
        raise ApiError(
            "Invalid 'tools[0].output_compression': PNG loses nothing; ask for 'jpeg' or 'webp', or leave it out.",
            param="tools[0].output_compression", code="invalid_value",
        )  # fmt: skip
    return Look(kind, 100 if tool.output_compression is None else tool.output_compression, size_of(tool.size))


def _forget(service: Service, turn: Begun, given: ResponseParameters) -> None:
    """Remove a conversation of one turn that shall not be stored, whatever became of it."""
    if given.store is False:
        conversation = service.app.turns.result(turn.turn, turn.owner).conversation
        service.app.turns.delete_conversation(conversation, turn.owner)


class _Writer:
    """Writes a turn as a response."""

    def __init__(self, service: Service, turn: Begun, given: ResponseParameters, look: Look):
        self.service = service
        self.turn = turn
        self.given = given
        self.look = look
        self.conversation = service.app.store.turn(turn.turn, turn.owner).conversation_id

    def body(self, status: str, output: list[Item], usage: Item | None = None) -> Item:
        given = self.given
        choice = given.tool_choice
        return {
            "id": f"resp_{self.turn.turn}", "object": "response", "created_at": self.turn.created, "status": status,
            "error": None, "incomplete_details": None, "instructions": None, "metadata": given.metadata,
            "model": given.model, "output": output, "parallel_tool_calls": True, "temperature": None, "top_p": None,
            "previous_response_id": given.previous_response_id, "store": given.store is not False,
            "conversation": None if given.store is False else {"id": f"conv_{self.conversation}"},
            "tool_choice": choice if isinstance(choice, str) else choice.model_dump(),
            "tools": [given.tool.model_dump(exclude_none=True)], "usage": usage, "user": given.user,
            "safety_identifier": given.safety_identifier,
        }  # fmt: skip

    def whole(self) -> Item:
        """Return the finished response. Raises: ApiError: the turn failed, was refused, or had to paint and did not."""
        result, versions = self.result()
        shown = shown_by(result, versions)
        output = [self.call(version, versions, result, number) for number, version in enumerate(shown)]
        if result.reply:
            output.append(self.message(result.reply))
        return self.body("completed", output, self.usage(result, versions))

    def result(self) -> tuple[TurnResult, dict[str, Version]]:
        """Return what became of the turn, and its conversation's versions. Raises: ApiError, as `whole` does."""
        result, versions = answered(self.service.app, self.turn)
        if self.given.tool_choice != "auto" and not shown_by(result, versions):
            raise failure_of(self.service.app, self.turn, result)
        return result, versions

    def call(self, version: Version, versions: Mapping[str, Version], result: TurnResult, number: int) -> Item:
        data, size = picture_of(self.service.app, version, versions, self.look)
        return {
            **self.begun_call(number), "status": "completed", "result": base64.b64encode(data).decode(),
            "revised_prompt": version.prompt, "size": f"{size[0]}x{size[1]}",
            "action": "edit" if result.act in CHANGES else "generate",
        }  # fmt: skip

    def begun_call(self, number: int) -> Item:
        return {
            "id": f"ig_{self.turn.turn}_{number}", "type": "image_generation_call", "status": "in_progress",
            "result": None, "background": "opaque", "output_format": self.look.format,
            "quality": QUALITIES[self.given.tool.quality or "auto"][0],
        }  # fmt: skip

    def message(self, text: str, status: str = "completed") -> Item:
        parts = [{"type": "output_text", "text": text, "annotations": [], "logprobs": []}] if text else []
        return {
            "id": f"msg_{self.turn.turn}", "type": "message", "role": "assistant", "status": status, "content": parts,
        }  # fmt: skip

    def usage(self, result: TurnResult, versions: Mapping[str, Version]) -> Item:
        read, written = read_and_written(result, versions)
        return {
            "input_tokens": read, "output_tokens": written, "total_tokens": read + written,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens_details": {"reasoning_tokens": 0},
        }  # fmt: skip


def _events(
    service: Service, given: ResponseParameters, look: Look, turn: Begun, gone: Callable[[], bool]
) -> Iterator[Item]:
    """Yield the events of a response in OpenAI's order, numbered; what fails is the last one."""
    writer, number, failure = _Writer(service, turn, given, look), 0, None
    try:
        for event in _told(service, writer, gone):
            yield {**event, "sequence_number": number}
            number += 1
    except Exception as error:
        failure = from_failure(error)
        if failure is None:
            raise
    finally:
        _forget(service, turn, given)
    if failure is not None:
        # The protocol has the error's fields in the event itself; OpenAI's package looks for them in "error".
        told = {"code": failure.code, "message": str(failure), "param": failure.param, **failure.body}
        yield {"type": "error", "sequence_number": number, **told}


def _told(service: Service, writer: _Writer, gone: Callable[[], bool]) -> Iterator[Item]:
    yield {"type": "response.created", "response": writer.body("in_progress", [])}
    yield {"type": "response.in_progress", "response": writer.body("in_progress", [])}
    sent, begun, first = 0, False, writer.begun_call(0)
    where = {"output_index": 0, "item_id": first["id"]}
    for event in follow(service.app, writer.turn, gone):
        # Not before something is painted: a plan to edit may yet find that there is no picture to change.
        if event.kind in ("progress", "preview") and not begun:
            begun = True
            yield {"type": "response.output_item.added", "output_index": 0, "item": first}
            yield {"type": "response.image_generation_call.in_progress", **where}
            yield {"type": "response.image_generation_call.generating", **where}
        if event.kind == "preview" and event.image and sent < (writer.given.tool.partial_images or 0):
            picture = fitted(decoded(event.image), writer.look.size)
            data = encoded(picture, writer.look.format, writer.look.compression)
            yield {
                "type": "response.image_generation_call.partial_image", "partial_image_index": sent, **where,
                "partial_image_b64": base64.b64encode(data).decode(), "size": f"{picture.width}x{picture.height}",
                "background": "opaque", "output_format": writer.look.format,
                "quality": first["quality"],
            }  # fmt: skip
            sent += 1
    if gone():
        return
    result, versions = writer.result()
    output: list[Item] = []
    for number, version in enumerate(shown_by(result, versions)):
        item = writer.call(version, versions, result, number)
        if not begun or number:
            begun_item = writer.begun_call(number)
            yield {"type": "response.output_item.added", "output_index": number, "item": begun_item}
        yield {"type": "response.image_generation_call.completed", "output_index": number, "item_id": item["id"]}
        yield {"type": "response.output_item.done", "output_index": number, "item": item}
        output.append(item)
    if result.reply:
        yield from _text_events(writer, result.reply, len(output))
        output.append(writer.message(result.reply))
    yield {"type": "response.completed", "response": writer.body("completed", output, writer.usage(result, versions))}


def _text_events(writer: _Writer, text: str, index: int) -> Iterator[Item]:
    item = writer.message(text)
    at = {"output_index": index, "item_id": item["id"], "content_index": 0}
    empty = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
    yield {"type": "response.output_item.added", "output_index": index, "item": writer.message("", "in_progress")}
    yield {"type": "response.content_part.added", "part": empty, **at}
    yield {"type": "response.output_text.delta", "delta": text, "logprobs": [], **at}
    yield {"type": "response.output_text.done", "text": text, "logprobs": [], **at}
    yield {"type": "response.content_part.done", "part": item["content"][0], **at}
    yield {"type": "response.output_item.done", "output_index": index, "item": item}


def _conversation(name: str, created: str) -> Item:
    seconds = int(datetime.fromisoformat(created).timestamp())
    return {"id": f"conv_{name}", "object": "conversation", "created_at": seconds, "metadata": {}}
