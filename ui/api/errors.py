"""Errors as OpenAI's clients know them: one shape, its types and codes, whatever went wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from assistant.errors import (
    AssistantError,
    BlobError,
    KeyReused,
    MessageError,
    RefusedUpload,
    StoreError,
    UnknownFile,
    UnknownTurn,
    UnknownVersion,
    UploadError,
)
from captioner.errors import CaptionerError
from generation.errors import GenerationError
from ui.errors import UiError

INVALID = "invalid_request_error"
USER_ERROR = "image_generation_user_error"
UNSUPPORTED = frozenset(
    {
        "access_programs", "audio", "background", "background_options", "complexity", "context_management",
        "frame_count", "frame_duration_ms", "frequency_penalty", "function_call", "functions", "image", "include",
        "input_fidelity", "instructions", "items", "logit_bias", "logprobs", "markup", "mask",
        "max_completion_tokens", "max_output_tokens", "max_tokens", "max_tool_calls", "metadata", "modalities",
        "moderation", "n", "output_compression", "output_format", "parallel_tool_calls", "partial_images",
        "prediction", "presence_penalty", "prompt", "prompt_cache_key", "prompt_cache_options",
        "prompt_cache_retention", "quality", "reasoning", "reasoning_effort", "response_format", "service_tier",
        "stop", "stream_options", "style", "svg", "temperature", "text", "tool_choice", "tools", "top_logprobs",
        "top_p", "truncation", "verbosity", "web_search_options",
    }
)  # fmt: skip
"""What OpenAI's clients can send and an address of ours cannot honour is refused as known; the rest as unknown."""

BRANCH = re.compile(r"(str|int|[A-Z].*|(function-|constrained-|list\[|literal\[).*)$")
"""What pydantic calls the branches of a union, which are no part of a parameter's name."""


class ApiError(UiError):
    """An answer other than a good one; `headers` go with it."""

    def __init__(
        self, message: str, *, status: int = 400, type: str = INVALID, param: str | None = None,
        code: str | None = None, headers: Mapping[str, str] | None = None,
    ):  # fmt: skip
        super().__init__(_sendable(message))
        self.status = status
        self.type = type
        self.param = None if param is None else _sendable(param)
        self.code = code
        self.headers = dict(headers or {})

    @property
    def body(self) -> dict[str, Any]:
        return {"error": {"message": str(self), "type": self.type, "param": self.param, "code": self.code}}


def from_validation(error: ValidationError) -> ApiError:
    """Return the first thing that is wrong with a request's parameters, in OpenAI's words."""
    first = error.errors(include_url=False)[0]
    kind, context, given = first["type"], first.get("ctx", {}), first.get("input")
    name = _name_of(first["loc"])

    def made(message: str, code: str) -> ApiError:
        return ApiError(message, param=name or None, code=code)

    match kind:
        case "missing":
            return made(f"Missing required parameter: '{name}'.", "missing_required_parameter")
        case "extra_forbidden":
            # What a client made up is always the last part, and may look like a branch.
            return not_taken(_name_of(first["loc"][:-1]), str(first["loc"][-1]))
        case "literal_error":
            supported = str(context.get("expected", "")).replace(" or ", " and ")
            return made(f"Invalid value: {_quoted(given)}. Supported values are: {supported}.", "invalid_value")
        case "greater_than_equal" | "greater_than":
            bound = context.get("ge", context.get("gt"))
            return made(
                f"Invalid '{name}': integer below minimum value. Expected a value >= {bound}, but got {given} instead.",
                "integer_below_min_value",
            )
        case "less_than_equal" | "less_than":
            bound = context.get("le", context.get("lt"))
            return made(
                f"Invalid '{name}': integer above maximum value. Expected a value <= {bound}, but got {given} instead.",
                "integer_above_max_value",
            )
        case "string_too_long":
            return made(
                f"Invalid '{name}': string too long. Expected a string with maximum length {context['max_length']}, "
                f"but got a string with length {len(str(given))} instead.",
                "string_above_max_length",
            )
        case "string_too_short":
            return made(
                f"Invalid '{name}': empty string. Expected a string with minimum length {context['min_length']}, but "
                "got an empty string instead.",
                "empty_string",
            )
        case "string_unicode":
            return made(f"Invalid '{name}': it holds half of a letter; send plain text.", "invalid_value")
        case "value_error":
            return made(str(context.get("error", first["msg"])), "invalid_value")
        case _ if kind.endswith(("_type", "_parsing")):
            wanted = kind.rsplit("_", 1)[0].replace("dict", "object").replace("list", "array").replace("int", "integer")
            wanted = "object" if wanted == "model" else wanted
            return made(
                f"Invalid type for '{name}': expected {_article(wanted)}, but got {_type_of(given)} instead.",
                "invalid_type",
            )
        case _:
            return made(f"Invalid '{name}': {first['msg']}.", "invalid_value")


def not_taken(where: str, last: str) -> ApiError:
    """Return the refusal of a parameter that an address does not take; `where` it stands is "" at the top."""
    name = f"{where}.{last[:80]}" if where else last[:80]
    if last in UNSUPPORTED:
        message = f"Unsupported parameter: '{name}' is not supported here; leave it out."
        return ApiError(message, param=name, code="unsupported_parameter")
    return ApiError(f"Unknown parameter: '{name}'.", param=name, code="unknown_parameter")


def from_failure(error: Exception) -> ApiError | None:
    """Return what an error of the packages below means to a caller; None for what should not have happened."""
    message = str(error)
    match error:
        case ApiError():
            return error
        case UnknownTurn() | UnknownVersion() | UnknownFile() | BlobError():
            return ApiError(message, status=404, code="not_found")
        case KeyReused():
            return ApiError(message, code="idempotency_key_reused", param="Idempotency-Key")
        case RefusedUpload():
            return ApiError(message, type=USER_ERROR, param="image", code="moderation_blocked")
        case UploadError():
            return ApiError(message, param="image", code="invalid_image_format")
        case MessageError():
            return ApiError(message, param="prompt", code="invalid_prompt")
        case StoreError():
            return ApiError(message, status=503, type="server_error", code="server_error", headers={"retry-after": "5"})
        case AssistantError() | CaptionerError() | GenerationError() | UiError():
            return server_error(message)
        case _:
            return None


def server_error(message: str, status: int = 500) -> ApiError:
    """Return a failure that trying again by itself will not mend."""
    return ApiError(
        message, status=status, type="server_error", code="server_error", headers={"x-should-retry": "false"}
    )


def rendered(error: ApiError) -> JSONResponse:
    return JSONResponse(error.body, error.status, error.headers)


def add_handlers(api: FastAPI) -> None:
    """Let every error of the application come out in one shape."""

    def known(request: Request, error: Exception) -> JSONResponse:
        return rendered(from_failure(error) or server_error(str(error)))

    def http(request: Request, error: Exception) -> JSONResponse:
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = dict(getattr(error, "headers", None) or {})
        where = f"{request.method} {request.scope.get('root_path', '')}{request.url.path.removeprefix('/v1')}"
        if status == 404:
            return rendered(ApiError(f"Invalid URL ({where})", status=404, headers=headers))
        if status == 405:
            headers["Allow"] = ", ".join(sorted(_methods_at(api, request)))
            message = f"Not allowed to {request.method} on {request.url.path}; see /v1/openapi.json."
            return rendered(ApiError(message, status=405, code="method_not_allowed", headers=headers))
        return rendered(ApiError(str(getattr(error, "detail", error)), status=status, headers=headers))

    def invalid(request: Request, error: Exception) -> JSONResponse:
        first = error.errors()[0] if isinstance(error, RequestValidationError) else {"loc": (), "msg": str(error)}
        name = str(first["loc"][-1]) if first["loc"] else None
        return rendered(ApiError(f"Invalid '{name}': {first['msg']}.", param=name, code="invalid_value"))

    for kind in (AssistantError, CaptionerError, GenerationError, UiError):
        api.add_exception_handler(kind, known)
    api.add_exception_handler(HTTPException, http)
    api.add_exception_handler(RequestValidationError, invalid)


def _methods_at(api: FastAPI, request: Request) -> set[str]:
    """Return the methods that an address takes; it may have a route for each."""
    return {
        method
        for route in api.routes
        if route.matches(request.scope)[0] is not Match.NONE
        for method in getattr(route, "methods", None) or ()
    }


def _name_of(where: tuple[int | str, ...]) -> str:
    name = ""
    for part in where:
        if isinstance(part, int):
            name += f"[{part}]"
        elif not BRANCH.match(part):
            name += f".{part}" if name else part
    return name


def _sendable(text: str) -> str:
    """Return words that may quote a client's as an answer can hold them: half letters become question marks."""
    return text.encode("utf-8", "replace").decode()


def _quoted(given: object) -> str:
    return f"'{given[:200]}'" if isinstance(given, str) else str(given)[:200]


def _article(wanted: str) -> str:
    return f"{'an' if wanted[0] in 'aeiou' else 'a'} {wanted}"


def _type_of(given: object) -> str:
    names = {str: "a string", bool: "a boolean", int: "an integer", float: "a number", list: "an array"}
    return names.get(type(given), "an object" if isinstance(given, dict) else "null" if given is None else "a file")
