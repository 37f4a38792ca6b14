"""The API as an application of its own, to be mounted at /v1."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from starlette.middleware import Middleware

from ui.api import describing
from ui.api.captions import add_captions
from ui.api.chat import add_chat
from ui.api.errors import add_handlers
from ui.api.files import add_files
from ui.api.images import add_images
from ui.api.models import described
from ui.api.responses import add_responses
from ui.api.serving import Service, Wrapped

MODEL = {
    "type": "object",
    "required": ["id", "object", "created", "owned_by"],
    "properties": {
        "id": {"type": "string"}, "object": {"const": "model"}, "created": {"type": "integer"},
        "owned_by": {"type": "string"},
    },
}  # fmt: skip
MODELS = {
    "type": "object",
    "required": ["object", "data"],
    "properties": {"object": {"const": "list"}, "data": {"type": "array", "items": MODEL}},
}


def make_api(service: Service) -> FastAPI:
    """Return the API."""
    api = FastAPI(
        title="Limner", description="Pictures by OpenAI's protocol, painted on this machine.", docs_url=None,
        redoc_url=None, openapi_url="/openapi.json", middleware=[Middleware(Wrapped)],
        responses=describing.ERROR_STATUSES, redirect_slashes=False,
    )  # fmt: skip
    add_handlers(api)
    _add_models(api, service)
    add_images(api, service)
    add_responses(api, service)
    add_chat(api, service)
    add_files(api, service)
    add_captions(api, service)
    api.openapi = describing.document(api, service.models.own)  # type: ignore[method-assign]
    return api


def _add_models(api: FastAPI, service: Service) -> None:
    @api.get("/models", **describing.answers(MODELS))
    async def models(request: Request) -> dict[str, Any]:
        """List the names that models are called by: those that tools send by themselves, and painters' own."""
        await service.owner_of(request.headers)
        return {"object": "list", "data": [described(name) for name in service.models.names.values()]}

    @api.get("/models/{model}", **describing.answers(MODEL))
    async def model(request: Request, model: str) -> dict[str, Any]:
        """Describe one of them."""
        await service.owner_of(request.headers)
        return dict(described(service.models.named(model)))
