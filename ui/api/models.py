"""The names that tools call models by: the local painters, and the one local rewriter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, WithJsonSchema

from ui.api.errors import ApiError
from ui.settings import short_names

OWN = "limner"
CREATED = 1_763_510_400
"""When this list was begun, in seconds since 1970."""
CHAT_SUFFIX = ":image"
"""LobeChat asks a chat model for pictures by this ending."""


@dataclass(frozen=True)
class ModelName:
    """A name. `legacy` ones answer as in the DALL·E years: by URL, unless asked otherwise.

    `painter` is who paints for it, of those that can be chosen; "" for the usual one.
    """

    id: str
    paints: bool = True
    legacy: bool = False
    painter: str = ""


PAINTERS = (
    "gpt-image-1", "gpt-image-1-mini", "gpt-image-1.5", "gpt-image-2", "gpt-image-2-2026-04-21",
    "gpt-image-2.5-sunburst", "gpt-image-2.5-sunburst-2026-09-08", "gpt-image-2.5-flare",
    "gpt-image-2.5-flare-2026-09-08", "gpt-image-2.6-sunburst", "gpt-image-2.6-flare", "chatgpt-image-latest",
)  # fmt: skip
TALKERS = (
    "gpt-4o", "gpt-4o-2024-05-13", "gpt-4o-2024-08-06", "gpt-4o-2024-11-20", "gpt-4o-mini", "gpt-4o-mini-2024-07-18",
    "chatgpt-4o-latest", "gpt-4.1", "gpt-4.1-2025-04-14", "gpt-4.1-mini", "gpt-4.1-mini-2025-04-14", "gpt-4.1-nano",
    "gpt-4.1-nano-2025-04-14", "o3", "o3-2025-04-16", "o4-mini", "o4-mini-2025-04-16", "gpt-5", "gpt-5-2025-08-07",
    "gpt-5-mini", "gpt-5-mini-2025-08-07", "gpt-5-nano", "gpt-5-nano-2025-08-07", "gpt-5-chat-latest", "gpt-5.1",
    "gpt-5.1-2025-11-13", "gpt-5.1-mini", "gpt-5.1-chat-latest", "gpt-5.2", "gpt-5.2-2025-12-11",
    "gpt-5.2-chat-latest", "gpt-5.2-pro", "gpt-5.2-pro-2025-12-11", "gpt-5.3-chat-latest", "gpt-5.4", "gpt-5.4-mini",
    "gpt-5.4-mini-2026-03-17", "gpt-5.4-nano", "gpt-5.4-nano-2026-03-17", "gpt-5.5", "gpt-5.5-2026-04-23",
    "gpt-5.6-sol", "gpt-5.6-terra", "gpt-5.6-luna", "gpt-6-sol", "gpt-6-luna", "gpt-6-astra", "gpt-6.1-sol",
    "gpt-6.1-terra", "gpt-6.2-sol", "gpt-6.2-astra",
)  # fmt: skip
"""Those that OpenAI lets use the `image_generation` tool, or did."""
NAMES = {
    name.id: name
    for name in (
        ModelName(OWN),
        ModelName("dall-e-2", legacy=True),
        ModelName("dall-e-3", legacy=True),
        *(ModelName(name) for name in PAINTERS),
        *(ModelName(name, paints=False) for name in TALKERS),
    )
}


def _asked(names: list[str], *more: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": [*more, *names, *(f"{name}{CHAT_SUFFIX}" for name in names)]})


Model = Annotated[str, Field(max_length=100), _asked(list(NAMES))]
"""A parameter that names a model; which there are is looked up by `Models`, for an error of its own."""
PainterModel = Annotated[str, Field(max_length=100), _asked([name.id for name in NAMES.values() if name.paints], "")]


class Models:
    """The names that one server knows: those that tools send by themselves and, of several painters, each one's own."""

    def __init__(self, painters: Iterable[str]):
        own = {} if len(named := short_names(painters)) < 2 else {short: name for name, short in named.items()}
        self.own = tuple(short for short in own if short not in NAMES)
        """Those of painters, as `/v1/models` lists them."""
        self.names = NAMES | {short: ModelName(short, painter=own[short]) for short in self.own}

    def painter(self, asked: str | None, param: str = "model") -> ModelName:
        """Return the name for a picture; None means our own.

        Raises:
            ApiError: there is no such model, or it is one to talk with.
        """
        name = self.named(asked or OWN, param)
        if not name.paints:
            raise ApiError(
                f"The model '{name.id}' is one to talk with; ask '{OWN}' for pictures, or use /v1/responses.",
                param=param, code="invalid_value",
            )  # fmt: skip
        return name

    def named(self, asked: str, param: str = "model") -> ModelName:
        """Raises: ApiError: there is no such model."""
        found = self.names.get(asked.removesuffix(CHAT_SUFFIX))
        if found is None:
            raise ApiError(
                f"The model '{asked[:80]}' does not exist; /v1/models lists those that do.",
                status=404, param=param, code="model_not_found",
            )  # fmt: skip
        return found


def described(name: ModelName) -> dict[str, str | int]:
    """Return the name as /v1/models shows it."""
    return {"id": name.id, "object": "model", "created": CREATED, "owned_by": OWN}
