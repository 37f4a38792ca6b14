"""What /v1/openapi.json says of bodies and answers that are read and written by hand."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

Schema = dict[str, Any]


class ErrorDetail(BaseModel):
    message: str
    type: str
    param: str | None
    code: str | None


class ErrorBody(BaseModel):
    error: ErrorDetail


TOKENS: Schema = {"type": "integer", "minimum": 0}
DETAILS: Schema = {
    "type": "object",
    "required": ["text_tokens", "image_tokens"],
    "properties": {"text_tokens": TOKENS, "image_tokens": TOKENS},
}
USAGE: Schema = {
    "type": "object",
    "required": ["input_tokens", "input_tokens_details", "output_tokens", "total_tokens"],
    "properties": {
        "input_tokens": TOKENS, "input_tokens_details": DETAILS, "output_tokens": TOKENS,
        "output_tokens_details": DETAILS, "total_tokens": TOKENS,
    },
}  # fmt: skip
IMAGES: Schema = {
    "type": "object",
    "required": ["created", "data", "background", "output_format", "quality", "size", "usage"],
    "additionalProperties": False,
    "properties": {
        "created": {"type": "integer"},
        "data": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["revised_prompt"],
                "additionalProperties": False,
                "properties": {
                    "b64_json": {"type": "string"}, "url": {"type": "string"}, "revised_prompt": {"type": "string"},
                },
            },
        },
        "background": {"const": "opaque"},
        "output_format": {"enum": ["png", "jpeg", "webp"]},
        "quality": {"enum": ["low", "medium", "high", "xhigh", "max"]},
        "size": {"type": "string", "pattern": "^[0-9]+x[0-9]+$"},
        "usage": USAGE,
        "safety_identifier": {"type": "string"},
    },
}  # fmt: skip
RESPONSE: Schema = {
    "type": "object",
    "required": ["id", "object", "created_at", "status", "model", "output", "tools", "usage", "conversation"],
    "properties": {
        "id": {"type": "string", "pattern": "^resp_"}, "object": {"const": "response"},
        "created_at": {"type": "integer"}, "status": {"const": "completed"}, "model": {"type": "string"},
        "output": {
            "type": "array",
            "items": {"type": "object", "properties": {"type": {"enum": ["image_generation_call", "message"]}}},
        },
        "tools": {"type": "array"}, "usage": {"type": "object"}, "conversation": {"type": ["object", "null"]},
    },
}  # fmt: skip
CONVERSATION: Schema = {
    "type": "object",
    "required": ["id", "object", "created_at", "metadata"],
    "properties": {
        "id": {"type": "string", "pattern": "^conv_"}, "object": {"const": "conversation"},
        "created_at": {"type": "integer"}, "metadata": {"type": "object"},
    },
}  # fmt: skip
COMPLETION: Schema = {
    "type": "object",
    "required": ["id", "object", "created", "model", "choices", "usage"],
    "properties": {
        "id": {"type": "string", "pattern": "^chatcmpl-"}, "object": {"const": "chat.completion"},
        "created": {"type": "integer"}, "model": {"type": "string"}, "usage": {"type": "object"},
        "choices": {"type": "array", "minItems": 1, "maxItems": 1, "items": {"type": "object"}},
    },
}  # fmt: skip
FILE: Schema = {
    "type": "object",
    "required": ["id", "object", "bytes", "created_at", "filename", "purpose", "status"],
    "properties": {
        "id": {"type": "string"}, "object": {"const": "file"}, "bytes": {"type": "integer"},
        "created_at": {"type": "integer"}, "expires_at": {"type": "integer"}, "filename": {"type": "string"},
        "purpose": {"type": "string"}, "status": {"const": "processed"},
    },
}  # fmt: skip
FILES: Schema = {
    "type": "object",
    "required": ["object", "data", "has_more"],
    "properties": {
        "object": {"const": "list"}, "data": {"type": "array", "items": FILE}, "has_more": {"type": "boolean"},
    },
}  # fmt: skip
DELETED: Schema = {
    "type": "object",
    "required": ["id", "object", "deleted"],
    "properties": {"id": {"type": "string"}, "object": {"const": "file"}, "deleted": {"const": True}},
}
PICTURE: dict[int | str, Schema] = {
    200: {"description": "The picture.", "content": {kind: {} for kind in ("image/png", "image/jpeg", "image/webp")}}
}
BYTES: dict[int | str, Schema] = {200: {"description": "The file.", "content": {"application/octet-stream": {}}}}
ERROR_STATUSES: dict[int | str, Schema] = {
    status: {"model": ErrorBody, "description": what}
    for status, what in (
        (400, "The request is wrong."), (401, "An API key is needed."), (403, "It may not be read."),
        (404, "There is no such thing."), (405, "Not this method."), (413, "It is too large."), (422, "It is wrong."),
        (429, "Too many requests are waiting."), (500, "Limner failed."), (503, "Limner cannot work at present."),
    )
}  # fmt: skip


def json_body(model: type[BaseModel], answer: Schema, stream: bool = False) -> dict[str, Any]:
    """Return a route's description whose body is JSON."""
    return _route("application/json", _schema_of(model), answer, stream)


def form_body(model: type[BaseModel], files: tuple[str, ...], answer: Schema, stream: bool = False) -> dict[str, Any]:
    """Return a route's description whose body is a form with files, the first of which must be there."""
    schema = _schema_of(model)
    for name in files:
        schema["properties"][name] = {"type": "string", "format": "binary"}
    schema["required"] = [*schema.get("required", []), files[0]]
    return _route("multipart/form-data", schema, answer, stream)


def answers(schema: Schema) -> dict[str, Any]:
    """Return a route's description that takes no body."""
    return {"responses": {200: {"description": "The answer.", "content": {"application/json": {"schema": schema}}}}}


def _schema_of(model: type[BaseModel]) -> Schema:
    """Return a body's schema, its definitions written out: "#/$defs" leads nowhere inside a larger document."""
    schema = model.model_json_schema()
    definitions = schema.pop("$defs", {})

    def written_out(part: Any) -> Any:
        if isinstance(part, list):
            return [written_out(one) for one in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            return written_out(definitions[part["$ref"].rsplit("/", 1)[1]])
        return {name: written_out(one) for name, one in part.items()}

    return dict(written_out(schema))


def _route(kind: str, schema: Schema, answer: Schema, stream: bool) -> dict[str, Any]:
    content: Schema = {"application/json": {"schema": answer}}
    if stream:
        content["text/event-stream"] = {"schema": {"type": "string"}}
    return {
        "openapi_extra": {"requestBody": {"required": True, "content": {kind: {"schema": schema}}}},
        "responses": {200: {"description": "The answer.", "content": content}},
    }
