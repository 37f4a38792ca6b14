"""/v1/captions: what is in pictures, in the captioner's words. Ours alone: OpenAI has no such address."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request

from assistant.uploads import read_upload
from captioner.request import CaptionKind
from ui.api import describing
from ui.api.errors import ApiError
from ui.api.models import OWN, Model
from ui.api.parameters import MAX_PICTURES, Parameters, checked_form, read_form, refuse_other_files
from ui.api.serving import Service

NO_CAPTIONER = "There is no captioner here to look at pictures; leave LIMNER_CAPTIONER unset to have one."


class CaptionParameters(Parameters):
    """`kind` is the main subject in few words, or everything that is to be seen."""

    model: Model | None = None
    kind: CaptionKind | None = None


def add_captions(api: FastAPI, service: Service) -> None:
    """Add /captions."""

    @api.post("/captions", **describing.form_body(CaptionParameters, ("image",), describing.CAPTIONS, once=False))
    async def captions(request: Request) -> dict[str, Any]:
        """Say what is in pictures, one caption for each, in the order in which they came; nothing is kept."""
        owner = await service.owner_of(request.headers)
        form = await read_form(request)
        given = checked_form(CaptionParameters, form, ("image",))
        name = service.models.named(given.model or OWN)
        refuse_other_files(form, CaptionParameters, ("image",))
        pictures = form.files.get("image", [])
        if not pictures:
            raise ApiError("Missing required parameter: 'image'.", param="image", code="missing_required_parameter")
        if len(pictures) > MAX_PICTURES:
            raise ApiError(
                f"At most {MAX_PICTURES} pictures are captioned at once, and {len(pictures)} came in 'image'.",
                param="image", code="invalid_value",
            )  # fmt: skip
        captioner, kind = service.app.captioner, given.kind or "descriptive"
        if captioner is None:
            raise ApiError(NO_CAPTIONER, param="image", code="unsupported_operation")

        def looked() -> list[dict[str, Any]]:
            uploads = service.app.turns.check_uploads([read_upload(picture.data) for picture in pictures], owner)
            return [
                {
                    "index": number, "caption": captioner.describe(upload.png, kind), "width": upload.width,
                    "height": upload.height,
                }
                for number, upload in enumerate(uploads)
            ]  # fmt: skip

        data = await service.waiting(owner, looked)
        return {"object": "list", "model": name.id, "kind": kind, "data": data}
