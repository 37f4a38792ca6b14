"""What the addresses take, each parameter named: honoured, narrowed to what can be honoured, or refused by name.

Reads bodies; knows no turns. A parameter that is null counts as left out, as OpenAI has it.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException

from assistant.policy import Level
from ui.api.errors import ApiError, from_validation, not_taken
from ui.api.models import PainterModel

SIZE = re.compile(r"([1-9][0-9]{1,3})x([1-9][0-9]{1,3})")
NESTED = re.compile(r"([a-z_]{1,40})\[([a-z_]{1,40})\]")
MAX_PROMPT = 32_000
MAX_PICTURES = 16
MAX_FILE_BYTES = 50_000_000
SIZE_MULTIPLE, LONGEST_SIDE, MOST_PIXELS, STRETCH = 16, 3840, 3840 * 2160, 3

Quality = Literal["low", "medium", "high", "xhigh", "max", "auto", "standard", "hd"]
EffectiveQuality = Literal["low", "medium", "high", "xhigh", "max"]
QUALITIES: dict[str, tuple[EffectiveQuality, float]] = {
    "low": ("low", 0.5), "medium": ("medium", 1), "auto": ("medium", 1), "standard": ("medium", 1),
    "high": ("high", 2), "hd": ("high", 2), "xhigh": ("xhigh", 3), "max": ("max", 4),
}  # fmt: skip
"""What a quality comes to, and how many times the painter's own steps it takes."""
GUIDANCES = {"vivid": 1.0, "natural": 0.6}
"""How strongly the words are followed, as a share of the painter's own: `natural` holds back."""


def size_of(size: str | None) -> tuple[int, int] | None:
    """Return (width, height); None for "auto" or nothing.

    Raises:
        ValueError: no picture can have that size; the sentence says which can.
    """
    if size is None or size == "auto":
        return None
    found = SIZE.fullmatch(size)
    width, height = (int(found[1]), int(found[2])) if found else (0, 0)
    if (
        not found
        or width % SIZE_MULTIPLE
        or height % SIZE_MULTIPLE
        or max(width, height) > min(LONGEST_SIDE, STRETCH * min(width, height))
        or width * height > MOST_PIXELS
    ):
        raise ValueError(
            f"Invalid value: '{size[:40]}'. Supported values are: 'auto', and 'WIDTHxHEIGHT' such as '1024x1024', "
            f"'1536x1024' or '1024x1792': multiples of {SIZE_MULTIPLE}, at most {LONGEST_SIDE}x2160, no side more "
            f"than {STRETCH} times the other."
        )
    return width, height


def _possible(size: str) -> str:
    size_of(size)
    return size


Size = Annotated[
    str, AfterValidator(_possible), WithJsonSchema({"type": "string", "pattern": f"^(auto|{SIZE.pattern})$"})
]
Seed = Annotated[int, Field(ge=0, le=2**63 - 1)]


class Parameters(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PaintingParameters(Parameters):
    """What all requests for pictures share.

    `seed`, `steps` and `exact_prompt` (paint these words as they are, without the rewriter) are ours.
    """

    model: PainterModel | None = None
    n: int | None = Field(None, ge=1, le=10)
    size: Size | None = None
    response_format: Literal["url", "b64_json"] | None = None
    user: str | None = Field(None, max_length=512)
    seed: Seed | None = None
    steps: int | None = Field(None, ge=1, le=1000)


class RenderedParameters(PaintingParameters):
    """What new pictures and edits share."""

    prompt: str = Field(max_length=MAX_PROMPT, min_length=1)
    quality: Quality | None = None
    background: Literal["opaque", "auto"] | None = None
    output_format: Literal["png", "jpeg", "webp"] | None = None
    output_compression: int | None = Field(None, ge=0, le=100)
    moderation: Level | None = None
    stream: bool | None = None
    partial_images: int | None = Field(None, ge=0, le=3)
    safety_identifier: str | None = Field(None, max_length=512)
    exact_prompt: bool | None = None


class GenerationParameters(RenderedParameters):
    style: Literal["vivid", "natural"] | None = None


class EditParameters(RenderedParameters):
    """`input_fidelity` "low" lets an edit change the whole picture; otherwise it keeps to a region."""

    input_fidelity: Literal["high", "low"] | None = None


class VariationParameters(PaintingParameters):
    pass


Given = TypeVar("Given", bound=Parameters)


@dataclass(frozen=True)
class Part:
    """A file in a multipart body."""

    filename: str
    data: bytes


@dataclass(frozen=True)
class Form:
    """A multipart body and its SHA-256. Files are named without brackets; `a[b]` is "b" in the value of "a"."""

    values: dict[str, Any]
    files: dict[str, list[Part]]
    digest: str


def checked(kind: type[Given], values: dict[str, Any], strict: bool = True) -> Given:
    """Return the parameters.

    Raises:
        ApiError: one is missing, unknown or cannot be honoured; it is named.
    """
    try:
        return kind.model_validate({k: v for k, v in values.items() if v is not None}, strict=strict)
    except ValidationError as error:
        raise from_validation(error) from error


async def read_json(request: Request) -> tuple[dict[str, Any], str]:
    """Return a JSON body, and the SHA-256 of what it says.

    Raises:
        ApiError: it is no JSON object.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json":
        raise ApiError(
            f"Unsupported content type: '{kind[:80]}'. This API method only accepts 'application/json' requests.",
            code="unsupported_content_type",
        )
    try:
        body = json.loads(await request.body(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ApiError(
            "We could not parse the JSON body of your request; send one JSON object, in UTF-8.", code="invalid_json"
        ) from error
    if not isinstance(body, dict):
        raise ApiError("The body of your request must be a JSON object.", code="invalid_json")
    told = json.dumps(body, sort_keys=True, ensure_ascii=True)
    return body, _digest(request, told.encode())


async def read_form(request: Request) -> Form:
    """Return a multipart body. A field may be called `image`, `image[]` or `svg[model]`.

    Raises:
        ApiError: it is none, or too large.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise ApiError(
            f"Unsupported content type: '{kind[:80]}'. This API method only accepts 'multipart/form-data' requests.",
            code="unsupported_content_type",
        )
    values: dict[str, Any] = {}
    files: dict[str, list[Part]] = {}
    told: list[str] = []
    try:
        async with request.form(max_files=2 * MAX_PICTURES, max_fields=100, max_part_size=1_000_000) as form:
            for field, value in form.multi_items():
                name = field.split("[")[0] if isinstance(value, UploadFile) or NESTED.fullmatch(field) else field
                if isinstance(value, UploadFile):
                    data = await value.read(MAX_FILE_BYTES + 1)
                    if len(data) > MAX_FILE_BYTES:
                        raise ApiError(
                            f"The file in '{name[:80]}' is larger than {MAX_FILE_BYTES:,} bytes; send a smaller one.",
                            status=413, param=name[:80], code="image_too_large",
                        )  # fmt: skip
                    files.setdefault(name, []).append(Part(value.filename or name, data))
                    told.append(f"{name}={hashlib.sha256(data).hexdigest()}")
                elif (inner := NESTED.fullmatch(field)) and _has_room(values.setdefault(name, {}), inner[2]):
                    values[name][inner[2]] = value
                    told.append(f"{field}={value}")
                elif name in values:
                    raise ApiError(f"Duplicate parameter: '{name[:80]}'.", param=name[:80], code="invalid_value")
                else:
                    values[name] = value
                    told.append(f"{name}={value}")
    except (MultiPartException, UnicodeDecodeError, KeyError, ValueError, AssertionError) as error:
        raise ApiError(
            "We could not parse the multipart body of your request; send fields and files as form data.",
            code="invalid_multipart",
        ) from error
    return Form(values, files, _digest(request, json.dumps(sorted(told)).encode()))


def checked_form(kind: type[Given], form: Form, files: tuple[str, ...]) -> Given:
    """Return the fields of a multipart body beside its files.

    Raises:
        ApiError: one does not do, or text came where a file belongs.
    """
    for name in files:
        if name in form.values:
            raise ApiError(f"Invalid type for '{name}': expected a file, but got text instead.", param=name,
                           code="invalid_type")  # fmt: skip
    return checked(kind, form.values, strict=False)


def refuse_other_files(form: Form, kind: type[Parameters], known: tuple[str, ...]) -> None:
    """Let pass the files that an address takes.

    Raises:
        ApiError: one came under another name; it is named.
    """
    for name in form.files:
        if name in kind.model_fields:
            raise ApiError(f"Invalid type for '{name}': expected a field, but got a file instead.", param=name,
                           code="invalid_type")  # fmt: skip
        if name not in known:
            raise not_taken("", name)


def _has_room(value: Any, name: str) -> bool:
    """Say whether a value of a form is an object that has nothing by this name yet."""
    return isinstance(value, dict) and name not in value


def _digest(request: Request, body: bytes) -> str:
    return hashlib.sha256(request.url.path.encode() + b"\n" + body).hexdigest()


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
