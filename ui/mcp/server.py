"""Tools for MCP clients: create, edit, undo, look at and export versions, over streamable HTTP or stdio.

Each tool takes turns by `ui.api.painting`, as the API does; conversations and versions are those that the page shows.
"""

from __future__ import annotations

import base64
import importlib.metadata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated, Literal

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import BlobResourceContents, CallToolResult, ContentBlock, EmbeddedResource, ImageContent, TextContent
from pydantic import BaseModel, Field
from starlette.datastructures import Headers

from assistant import direct
from assistant.errors import AssistantError
from assistant.messages import TurnOptions, TurnResult, TurnStatus, Version
from assistant.telling import MEDIA_TYPES
from captioner.errors import CaptionerError
from generation.errors import GenerationError
from ui.api.errors import ApiError
from ui.api.models import OWN
from ui.api.painting import Ask, Look, begin, failure_of, follow, options_of, picture_of, versions_of
from ui.api.parameters import size_of
from ui.api.serving import Service

INSTRUCTIONS = (
    "Limner paints pictures and keeps every version. create_picture begins a conversation; edit_picture changes its "
    "current picture and leaves the rest alone; vary_picture, extend_picture, upscale_picture and merge_pictures make "
    "versions of versions; undo goes back; look_at shows a version; export_version gives its file."
)
LABEL = r"^v[1-9][0-9]{0,5}$"
SHAPE = r"^([1-9][0-9]?:[1-9][0-9]?)?$"
Conversation = Annotated[str, Field(description="The id that create_picture gave.", max_length=64)]
Label = Annotated[str | None, Field(description='Such as "v2"; without it, the current one.', pattern=LABEL)]
Words = Annotated[str, Field(min_length=1, max_length=8000)]
Size = Annotated[str | None, Field(description='Such as "1024x1024"; without it, as large as it was painted.')]
Model = Annotated[
    str | None,
    Field(description="Who paints, where this server has several painters; list_models names them.", max_length=100),
]
Seed = Annotated[int | None, Field(description="The same seed paints the same picture.", ge=0, lt=2**63)]


class Picture(BaseModel):
    """A version, and what was said about it."""

    conversation: str
    version: str
    parents: list[str]
    prompt: str
    change: str
    width: int
    height: int
    reply: str = ""


class Versions(BaseModel):
    conversation: str
    current: str | None
    versions: list[Picture]


class Models(BaseModel):
    models: list[str]


def make_mcp(service: Service, owner: str | None = None) -> MCPServer[None]:
    """Return the server. Its tools work for `owner`, or else for whomever a request's key names."""
    server: MCPServer[None] = MCPServer(
        "limner", title="Limner", instructions=INSTRUCTIONS, version=importlib.metadata.version("limner"),
        log_level="ERROR",
    )  # fmt: skip
    tools = _Tools(service, owner)

    @server.tool(title="Paint a new picture", structured_output=False)
    async def create_picture(
        prompt: Annotated[Words, Field(description="What to paint, in any words.")],
        context: Context[None, object],
        size: Size = None,
        seed: Seed = None,
        model: Model = None,
    ) -> CallToolResult:
        """Paint a new picture in a conversation of its own, and return it with the prompt that painted it."""
        return await tools.take(context, lambda owner: tools.create(owner, prompt, size, seed, model))

    @server.tool(title="Change a picture", structured_output=False)
    async def edit_picture(
        conversation: Conversation,
        change: Annotated[Words, Field(description='What shall be different, such as "make it happier".')],
        context: Context[None, object],
        version: Label = None,
        seed: Seed = None,
        model: Model = None,
    ) -> CallToolResult:
        """Change the current picture of a conversation, or an older version of it, into a new version."""
        return await tools.take(context, lambda owner: tools.edit(owner, conversation, change, version, seed, model))

    @server.tool(title="Paint it another way", structured_output=False)
    async def vary_picture(
        conversation: Conversation,
        context: Context[None, object],
        version: Label = None,
        strength: Annotated[
            Literal["subtle", "strong"], Field(description="subtle: nearly the same; strong: all anew.")
        ] = "strong",
        seed: Seed = None,
        model: Model = None,
    ) -> CallToolResult:
        """Paint the description of a version again, another way."""
        return await tools.take(context, lambda owner: tools.vary(owner, conversation, version, strength, seed, model))

    @server.tool(title="Show more round a picture", structured_output=False)
    async def extend_picture(
        conversation: Conversation,
        context: Context[None, object],
        direction: Annotated[direct.Direction, Field(description="out: all round.")] = "out",
        shape: Annotated[str, Field(description='Width to height, such as "16:9".', pattern=SHAPE)] = "",
        version: Label = None,
        model: Model = None,
    ) -> CallToolResult:
        """Paint more past the edges of a version, which itself stays as it is: to a side, all round, or to a shape."""
        return await tools.take(
            context, lambda owner: tools.extend(owner, conversation, version, direction, shape, model)
        )

    @server.tool(title="Enlarge a picture", structured_output=False)
    async def upscale_picture(
        conversation: Conversation, context: Context[None, object], version: Label = None
    ) -> CallToolResult:
        """Make a version larger; nothing else about it changes."""
        return await tools.take(context, lambda owner: tools.upscale(owner, conversation, version))

    @server.tool(title="Merge two pictures", structured_output=False)
    async def merge_pictures(
        conversation: Conversation,
        keep: Annotated[str, Field(description='The version that is kept, such as "v1".', pattern=LABEL)],
        take_from: Annotated[str, Field(description="The version that something is taken from.", pattern=LABEL)],
        change: Annotated[Words, Field(description='What shall be so, such as "the bunny wears the hat".')],
        context: Context[None, object],
        region: Annotated[
            str, Field(description='What is taken, such as "the hat"; without it, all.', max_length=200)
        ] = "",
        model: Model = None,
    ) -> CallToolResult:
        """Make one picture of two versions of a conversation: the first, with something of the second."""
        return await tools.take(
            context, lambda owner: tools.merge(owner, conversation, keep, take_from, change, region, model)
        )

    @server.tool(title="Go back", structured_output=False)
    async def undo(conversation: Conversation, context: Context[None, object], to: Label = None) -> CallToolResult:
        """Go back to the version that the current one was made from, or to the one named; nothing is lost."""
        return await tools.take(context, lambda owner: tools.undo(owner, conversation, to))

    @server.tool(title="Look at a version", structured_output=False)
    async def look_at(
        conversation: Conversation, context: Context[None, object], version: Label = None
    ) -> CallToolResult:
        """Show a version: the picture, its prompt, and what it was made from."""
        return await tools.read(context, lambda owner: tools.look_at(owner, conversation, version))

    @server.tool(title="List all versions", structured_output=False)
    async def list_versions(conversation: Conversation, context: Context[None, object]) -> CallToolResult:
        """List all versions of a conversation, and say which is the current one."""
        return await tools.read(context, lambda owner: tools.versions(owner, conversation))

    @server.tool(title="List the painters", structured_output=False)
    async def list_models(context: Context[None, object]) -> CallToolResult:
        """List the painters that create_picture and edit_picture can be given, the usual one first."""
        return await tools.read(context, lambda owner: tools.models())

    @server.tool(title="Export a version", structured_output=False)
    async def export_version(
        conversation: Conversation,
        context: Context[None, object],
        version: Label = None,
        format: Literal["png", "jpeg", "webp"] = "png",
        size: Size = None,
    ) -> CallToolResult:
        """Return the file of a version, in a format and size."""
        return await tools.read(context, lambda owner: tools.export(owner, conversation, version, format, size))

    return server


class _Tools:
    """What the tools do, for an owner, in threads."""

    def __init__(self, service: Service, owner: str | None):
        self.service = service
        self.app = service.app
        self.owner = owner

    async def read(self, context: Context[None, object], work: Callable[[str], CallToolResult]) -> CallToolResult:
        """Return what work returns for whoever is asking. Raises: ToolError: it cannot be done, and why."""
        with _told_to_the_model():
            owner = await self._asking(context)
            return await self.service.in_thread(lambda: work(owner))

    async def take(self, context: Context[None, object], work: Callable[[str], CallToolResult]) -> CallToolResult:
        """Return what work returns that waits for a turn. Raises: ToolError, also where too many of a person's wait."""
        with _told_to_the_model():
            owner = await self._asking(context)
            return await self.service.waiting(owner, lambda: work(owner))

    async def _asking(self, context: Context[None, object]) -> str:
        return self.owner or await self.service.owner_of(Headers(dict(context.headers or {})))

    def create(self, owner: str, prompt: str, size: str | None, seed: int | None, model: str | None) -> CallToolResult:
        asked, painter = size_of(size), self.service.models.painter(model).painter
        options = replace(options_of(self.app, asked, seed=seed, painter=painter), act="create")
        return self._painted(Ask(owner, prompt, options), Look(size=asked))

    def edit(
        self, owner: str, conversation: str, change: str, label: str | None, seed: int | None, model: str | None
    ) -> CallToolResult:
        options = TurnOptions(act="edit", seed=seed, painter=self._painter(model), fold=False)
        return self._painted(Ask(owner, change, options, conversation=conversation, version=label), Look())

    def vary(
        self, owner: str, conversation: str, label: str | None, strength: Literal["subtle", "strong"], seed: int | None,
        model: str | None,
    ) -> CallToolResult:  # fmt: skip
        version = self._version(owner, conversation, versions_of(self.app, conversation, owner), label)
        message, plan = direct.varying(version, strength)
        ask = Ask(owner, message, TurnOptions(seed=seed, painter=self._painter(model)), plan, conversation)
        return self._painted(ask, Look())

    def _painter(self, model: str | None) -> str | None:
        """Return the painter that goes by a name; None: whoever paints as a rule."""
        return self.service.models.painter(model).painter or None

    def extend(
        self, owner: str, conversation: str, label: str | None, direction: direct.Direction, shape: str,
        model: str | None,
    ) -> CallToolResult:  # fmt: skip
        version = self._version(owner, conversation, versions_of(self.app, conversation, owner), label)
        message, plan = direct.extending(version.label, direction, shape)
        options = TurnOptions(painter=self._painter(model))
        return self._painted(Ask(owner, message, options, plan, conversation), Look())

    def upscale(self, owner: str, conversation: str, label: str | None) -> CallToolResult:
        version = self._version(owner, conversation, versions_of(self.app, conversation, owner), label)
        message, plan = direct.enlarging(version.label)
        return self._painted(Ask(owner, message, plan=plan, conversation=conversation), Look())

    def merge(
        self, owner: str, conversation: str, keep: str, take_from: str, change: str, region: str, model: str | None
    ) -> CallToolResult:
        plan = direct.merging(keep, take_from, change, region)
        options = TurnOptions(painter=self._painter(model))
        return self._painted(Ask(owner, change, options, plan, conversation), Look())

    def undo(self, owner: str, conversation: str, label: str | None) -> CallToolResult:
        versions = versions_of(self.app, conversation, owner)
        current = self._version(owner, conversation, versions, None)
        if label is None and not current.line:
            raise ToolError(
                f"{current.label} was made from nothing, so there is nothing to go back to; name a version."
            )
        older = self._version(owner, conversation, versions, label or current.line)
        message, plan = direct.going_back(older.label)
        result = self._taken(Ask(owner, message, plan=plan, conversation=conversation))
        return self._shown(older, versions, Look(), result.reply)

    def look_at(self, owner: str, conversation: str, label: str | None) -> CallToolResult:
        versions = versions_of(self.app, conversation, owner)
        return self._shown(self._version(owner, conversation, versions, label), versions, Look())

    def versions(self, owner: str, conversation: str) -> CallToolResult:
        found = self.app.turns.versions(conversation, owner)
        told = Versions(
            conversation=conversation, current=self._current(owner, conversation),
            versions=[_told(version) for version in found],
        )  # fmt: skip
        return _result(told, [])

    def models(self) -> CallToolResult:
        return _result(Models(models=list(self.service.models.own or (OWN,))), [])

    def export(self, owner: str, conversation: str, label: str | None, kind: str, size: str | None) -> CallToolResult:
        versions = versions_of(self.app, conversation, owner)
        version = self._version(owner, conversation, versions, label)
        data, _ = picture_of(self.app, version, versions, Look(kind, size=size_of(size)))
        name = f"limner://{conversation}/{version.label}.{kind}"
        blob = base64.b64encode(data).decode()
        contents = BlobResourceContents(uri=name, mime_type=MEDIA_TYPES[kind], blob=blob)
        return _result(_told(version), [EmbeddedResource(type="resource", resource=contents)])

    def _painted(self, ask: Ask, look: Look) -> CallToolResult:
        result = self._taken(ask)
        if not result.versions:
            raise ToolError(result.reply)
        versions = versions_of(self.app, result.conversation, ask.owner)
        return self._shown(versions[result.versions[0]], versions, look, result.reply)

    def _taken(self, ask: Ask) -> TurnResult:
        begun = begin(self.app, ask)
        for _ in follow(self.app, begun):
            pass
        result = self.app.turns.result(begun.turn, ask.owner)
        if result.status is not TurnStatus.DONE or result.act == "refuse":
            raise failure_of(self.app, begun, result)
        return result

    def _current(self, owner: str, conversation: str) -> str | None:
        return next(
            (turn.ends_on for turn in reversed(self.app.turns.history(conversation, owner)) if turn.ends_on), None
        )

    def _version(self, owner: str, conversation: str, versions: Mapping[str, Version], label: str | None) -> Version:
        label = label or self._current(owner, conversation)
        if label is None:
            raise ToolError("There is no picture in this conversation yet; create one first.")
        return versions.get(label) or self.app.store.version(conversation, label, owner)  # which says what is amiss

    def _shown(self, version: Version, versions: Mapping[str, Version], look: Look, reply: str = "") -> CallToolResult:
        data, size = picture_of(self.app, version, versions, look)
        told = _told(version, reply).model_copy(update={"width": size[0], "height": size[1]})
        image = ImageContent(type="image", data=base64.b64encode(data).decode(), mime_type=MEDIA_TYPES[look.format])
        return _result(told, [image])


@contextmanager
def _told_to_the_model() -> Iterator[None]:
    """Turn what a caller can mend into the tool's answer, which its model reads."""
    try:
        yield
    except (AssistantError, CaptionerError, GenerationError, ApiError, ValueError) as error:
        raise ToolError(str(error)) from error


def _told(version: Version, reply: str = "") -> Picture:
    return Picture(
        conversation=version.conversation_id, version=version.label, parents=list(version.parents),
        prompt=version.prompt, change=version.change, width=version.width, height=version.height, reply=reply,
    )  # fmt: skip


def _result(told: BaseModel, more: list[ContentBlock]) -> CallToolResult:
    """Return an answer whose words are JSON, for clients that read text and for those that read structure."""
    words = TextContent(type="text", text=told.model_dump_json())
    return CallToolResult(content=[words, *more], structured_content=told.model_dump())
