"""What /v1/openapi.json says of bodies and answers that are read and written by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict

from ui.api.models import CHAT_SUFFIX, OWN

Schema = dict[str, Any]
METHODS = ("get", "post", "delete")


class ErrorDetail(BaseModel):
    model_config = ConfigDict(extra="forbid")

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

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
TEXT_PART: Schema = {
    "type": "object",
    "required": ["type", "text"],
    "properties": {"type": {"enum": ["text", "input_text", "output_text"]}, "text": {"type": "string"}},
}
IMAGE_PART: Schema = {
    "type": "object",
    "required": ["type"],
    "description": "A data address, a picture of ours, or the id of a file that was sent; nothing is ever fetched.",
    "properties": {
        "type": {"enum": ["input_image", "image_url"]}, "file_id": {"type": "string"},
        "image_url": {"anyOf": [{"type": "string"}, {
            "type": "object", "required": ["url"], "properties": {"url": {"type": "string"}},
        }]},
    },
}  # fmt: skip
REFUSAL_PART: Schema = {"type": "object", "required": ["type"], "properties": {"type": {"const": "refusal"}}}


def _content(*parts: Schema) -> Schema:
    return {"anyOf": [{"type": "string"}, {"type": "array", "items": {"anyOf": list(parts)}}]}


USER_CONTENT, ASSISTANT_CONTENT = _content(TEXT_PART, IMAGE_PART), _content(TEXT_PART, IMAGE_PART, REFUSAL_PART)
MESSAGES: Schema = {
    "type": "array",
    "minItems": 1,
    "items": {
        "anyOf": [
            {
                "type": "object",
                "required": ["role", "content"],
                "properties": {"role": {"const": "user"}, "content": USER_CONTENT},
            },
            {
                "type": "object",
                "required": ["role"],
                "properties": {
                    "role": {"const": "assistant"}, "content": {"anyOf": [ASSISTANT_CONTENT, {"type": "null"}]},
                },
            },
        ]
    },
}  # fmt: skip
"""What /chat/completions hears; other keys of a message are not read."""
INPUT: Schema = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "array",
            "minItems": 1,
            "items": {
                "anyOf": [
                    {
                        "type": "object",
                        "required": ["role", "content"],
                        "properties": {
                            "type": {"const": "message"}, "role": {"const": "user"}, "content": USER_CONTENT,
                        },
                    },
                    {
                        "type": "object",
                        "required": ["role", "content"],
                        "properties": {
                            "type": {"const": "message"}, "role": {"const": "assistant"},
                            "content": ASSISTANT_CONTENT,
                        },
                    },
                    {
                        "type": "object",
                        "required": ["type", "id"],
                        "properties": {
                            "type": {"enum": ["image_generation_call", "item_reference"]}, "id": {"type": "string"},
                        },
                    },
                ]
            },
        },
    ]
}  # fmt: skip
"""What /responses hears."""
CALL: Schema = {
    "type": "object",
    "required": [
        "id", "type", "status", "result", "revised_prompt", "size", "action", "background", "output_format", "quality",
    ],
    "properties": {
        "id": {"type": "string", "pattern": "^ig_"}, "type": {"const": "image_generation_call"},
        "status": {"const": "completed"}, "result": {"type": "string"}, "revised_prompt": {"type": "string"},
        "size": {"type": "string", "pattern": "^[0-9]+x[0-9]+$"}, "action": {"enum": ["generate", "edit"]},
        "background": {"const": "opaque"}, "output_format": {"enum": ["png", "jpeg", "webp"]},
        "quality": {"enum": ["low", "medium", "high", "xhigh", "max"]},
    },
}  # fmt: skip
SAID: Schema = {
    "type": "object",
    "required": ["id", "type", "role", "status", "content"],
    "properties": {
        "id": {"type": "string", "pattern": "^msg_"}, "type": {"const": "message"}, "role": {"const": "assistant"},
        "status": {"const": "completed"},
        "content": {"type": "array", "items": {
            "type": "object", "required": ["type", "text"],
            "properties": {"type": {"const": "output_text"}, "text": {"type": "string"}},
        }},
    },
}  # fmt: skip
RESPONSE: Schema = {
    "type": "object",
    "required": ["id", "object", "created_at", "status", "model", "output", "tools", "usage", "conversation"],
    "properties": {
        "id": {"type": "string", "pattern": "^resp_"}, "object": {"const": "response"},
        "created_at": {"type": "integer"}, "status": {"const": "completed"}, "model": {"type": "string"},
        "output": {"type": "array", "items": {"anyOf": [CALL, SAID]}},
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
        "choices": {"type": "array", "minItems": 1, "maxItems": 1, "items": {
            "type": "object",
            "required": ["index", "message", "finish_reason"],
            "properties": {
                "index": {"const": 0}, "finish_reason": {"const": "stop"},
                "message": {
                    "type": "object",
                    "required": ["role", "content"],
                    "properties": {
                        "role": {"const": "assistant"}, "content": {"type": "string"}, "images": {"type": "array"},
                    },
                },
            },
        }},
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
CAPTIONS: Schema = {
    "type": "object",
    "required": ["object", "model", "kind", "data"],
    "properties": {
        "object": {"const": "list"}, "model": {"type": "string"}, "kind": {"enum": ["short", "descriptive"]},
        "data": {"type": "array", "minItems": 1, "items": {
            "type": "object",
            "required": ["index", "caption", "width", "height"],
            "properties": {
                "index": {"type": "integer", "minimum": 0}, "caption": {"type": "string"},
                "width": {"type": "integer", "minimum": 1}, "height": {"type": "integer", "minimum": 1},
            },
        }},
    },
}  # fmt: skip
PICTURE: dict[int | str, Schema] = {
    200: {"description": "The picture.", "content": {kind: {} for kind in ("image/png", "image/jpeg", "image/webp")}}
}
BYTES: dict[int | str, Schema] = {200: {"description": "The file.", "content": {"application/octet-stream": {}}}}
ERROR_STATUSES: dict[int | str, Schema] = {
    status: {"model": ErrorBody, "description": what}
    for status, what in (
        (400, "The request is wrong."), (401, "An API key is needed."), (403, "It may not be read."),
        (404, "There is no such thing."), (413, "It is too large."),
        (429, "Too many requests are waiting."), (500, "Limner failed."), (503, "Limner cannot work at present."),
    )
}  # fmt: skip


SECONDS: Schema = {"description": "Seconds after which to try again.", "schema": {"type": "string"}}
HEADERS: dict[str, Schema] = {"401": {"www-authenticate": {"schema": {"type": "string"}}},
                              "429": {"retry-after": SECONDS}}  # fmt: skip
IDEMPOTENCY: Schema = {
    "name": "Idempotency-Key", "in": "header", "required": False,
    "description": "The same key with the same body gives the same answer, painted once; another body is refused.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 190, "pattern": "^[ -~]+$"},
}  # fmt: skip
NULL: Schema = {"type": "null"}


def events(*names: str) -> Schema:
    """Return the schema of one event of a stream: its name and its data, which is JSON; an error is its last one."""
    data = {
        "type": "string", "contentMediaType": "application/json",
        "contentSchema": {"type": "object", "required": ["type"], "properties": {"type": {"enum": [*names, "error"]}}},
    }  # fmt: skip
    return {
        "type": "object", "required": ["event", "data"],
        "properties": {"event": {"enum": [*names, "error"]}, "data": data},
    }  # fmt: skip


CALL_EVENTS = ("in_progress", "generating", "partial_image", "completed")
RESPONSE_EVENTS = events(
    "response.created", "response.in_progress", "response.output_item.added",
    *(f"response.image_generation_call.{name}" for name in CALL_EVENTS), "response.content_part.added",
    "response.output_text.delta", "response.output_text.done", "response.content_part.done",
    "response.output_item.done", "response.completed",
)  # fmt: skip
CHUNKS: Schema = {
    "type": "object",
    "required": ["data"],
    "properties": {
        "event": {"enum": ["message", "error"]},
        "data": {"type": "string", "description": "A chat.completion.chunk, an error, or [DONE] at the end."},
    },
}


def json_body(
    model: type[BaseModel], answer: Schema, stream: Schema | None = None, once: bool = True,
    neutral: Mapping[str, tuple[object, ...]] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return a route's description whose body is JSON.

    Args:
        stream: one event, where `stream` in the body asks for a stream of them.
        once: whether an idempotency key is taken.
        neutral: parameters that may only have these values, which ask for nothing.
    """
    schema = _schema_of(model)
    schema["additionalProperties"] = NULL  # a parameter that is null counts as left out, whatever it is called
    for name, values in (neutral or {}).items():
        schema["properties"].setdefault(name, {"enum": [*values]})
    for name in set(schema["properties"]) - set(schema.get("required", ())):
        one = schema["properties"][name]
        if NULL not in one.get("anyOf", ()):
            schema["properties"][name] = {"anyOf": [one, NULL]}
    return _route("application/json", schema, answer, stream, once)


def form_body(model: type[BaseModel], files: tuple[str, ...], answer: Schema, stream: Schema | None = None,
              once: bool = True) -> dict[str, Any]:  # fmt: skip
    """Return a route's description whose body is a form with files, the first of which must be there."""
    schema = _schema_of(model)
    for name, one in schema["properties"].items():
        schema["properties"][name] = _not_null(one)
    for name in files:
        schema["properties"][name] = {"type": "string", "format": "binary"}
    schema["required"] = [*schema.get("required", []), files[0]]
    return _route("multipart/form-data", schema, answer, stream, once)


def answers(schema: Schema, query: type[BaseModel] | None = None) -> dict[str, Any]:
    """Return a route's description that takes no body; `query` has the parameters of its address."""
    properties = _schema_of(query)["properties"] if query else {}
    parameters = [{"name": name, "in": "query", "schema": _not_null(one)} for name, one in properties.items()]
    return {
        "responses": {200: {"description": "The answer.", "content": {"application/json": {"schema": schema}}}},
        "openapi_extra": {"parameters": parameters},
    }


def document(api: FastAPI, models: Sequence[str] = ()) -> Callable[[], Schema]:
    """Return what makes the document: what FastAPI finds, and what it cannot know of keys, headers and errors.

    `models` are names of models that only this server has.
    """
    made = api.openapi

    def whole() -> Schema:
        if api.openapi_schema is None:
            found = made()
            key = {"type": "http", "scheme": "bearer", "description": "On this machine, once there is a key at all."}
            found["components"]["securitySchemes"] = {"key": key}
            found["security"] = [{}, {"key": []}]
            for path, operations in found["paths"].items():
                for method in METHODS:
                    if operation := operations.get(method):
                        _complete(operation, is_open=path.startswith("/pictures/"))
            _name_models(found, [name for model in models for name in (model, model + CHAT_SUFFIX)])
        return api.openapi_schema or {}

    return whole


def _name_models(schema: Any, more: Sequence[str]) -> None:
    """Add names to every list of models in a document."""
    if isinstance(schema, dict):
        if isinstance(names := schema.get("enum"), list) and OWN in names:
            names += [name for name in more if name not in names]
        for value in schema.values():
            _name_models(value, more)
    elif isinstance(schema, list):
        for value in schema:
            _name_models(value, more)


def _complete(operation: Schema, is_open: bool) -> None:
    if is_open:
        operation["security"] = []
    operation["responses"].pop("422", None)  # FastAPI's own shape, which nothing here answers in
    for status, response in operation["responses"].items():
        response["headers"] = {
            "x-request-id": {"required": True, "schema": {"type": "string", "pattern": "^req_[0-9a-f]{32}$"}},
            **HEADERS.get(status, {}), **response.get("headers", {}),
        }  # fmt: skip


def _not_null(schema: Schema) -> Schema:
    """Return a field's schema without null, which a form cannot say."""
    others = [one for one in schema.get("anyOf", ()) if one != NULL]
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    return schema if not others else {**others[0], **rest} if len(others) == 1 else {**rest, "anyOf": others}


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


def _route(kind: str, schema: Schema, answer: Schema, stream: Schema | None, once: bool) -> dict[str, Any]:
    content: Schema = {"application/json": {"schema": answer}}
    if stream:
        content["text/event-stream"] = {"schema": stream}
    extra: Schema = {"requestBody": {"required": True, "content": {kind: {"schema": schema}}}}
    if once:
        extra["parameters"] = [IDEMPOTENCY]
    return {
        "openapi_extra": extra,
        "responses": {200: {"description": "The answer.", "content": content}},
    }
