"""/v1/images: new pictures, edits and variations, and the addresses at which they can be read."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from assistant import direct
from assistant.messages import TurnResult, VaryPlan, Version
from assistant.telling import MEDIA_TYPES
from assistant.uploads import Upload, read_mask, read_upload
from ui.api import describing
from ui.api.errors import ApiError
from ui.api.models import ModelName
from ui.api.painting import (
    MOST_PICTURES,
    Ask,
    Begun,
    Look,
    check_pictures,
    edit_of_unseen,
    follow,
    made,
    options_of,
    picture_of,
    result_of,
    shown,
    usage_of,
    versions_of,
)
from ui.api.parameters import (
    QUALITIES,
    EditParameters,
    Form,
    GenerationParameters,
    PaintingParameters,
    RenderedParameters,
    VariationParameters,
    checked,
    checked_form,
    read_form,
    read_json,
    refuse_other_files,
    size_of,
)
from ui.api.pictures import decoded, encoded, fitted
from ui.api.serving import Service, idempotency_key, turn_response

Answer = TypeVar("Answer")
NO_CAPTIONER = (
    "A variation of a picture needs a captioner to say what is in it, and this Limner has none yet; use "
    "/v1/images/edits, or /v1/images/generations with a description."
)


def add_images(api: FastAPI, service: Service) -> None:
    """Add the addresses under /images and /pictures."""

    painted, changed = (
        describing.events(f"{kind}.partial_image", f"{kind}.completed") for kind in ("image_generation", "image_edit")
    )

    @api.post("/images/generations", **describing.json_body(GenerationParameters, describing.IMAGES, painted))
    async def generations(request: Request) -> Response:
        """Paint new pictures."""
        owner = await service.owner_of(request.headers)
        body, digest = await read_json(request)
        given = checked(GenerationParameters, body)
        return await _answered(service, request, given, lambda: _create(service, request, owner, given, digest), owner)

    @api.post("/images/edits", **describing.form_body(EditParameters, ("image", "mask"), describing.IMAGES, changed))
    async def edits(request: Request) -> Response:
        """Change a picture: all of it, where the words say, or where a mask is transparent."""
        owner = await service.owner_of(request.headers)
        form = await read_form(request)
        given = checked_form(EditParameters, form, ("image", "mask"))
        return await _answered(service, request, given, lambda: _edit(service, request, owner, given, form), owner)

    @api.post("/images/variations", **describing.form_body(VariationParameters, ("image",), describing.IMAGES))
    async def variations(request: Request) -> Response:
        """Paint what is in a picture again."""
        owner = await service.owner_of(request.headers)
        form = await read_form(request)
        given = checked_form(VariationParameters, form, ("image",))
        return await _answered(service, request, given, lambda: _vary(service, request, owner, given, form), owner)

    @api.get("/pictures/{token}", responses=describing.PICTURE)
    async def picture(token: str) -> Response:
        """Read a picture at the address that an answer gave."""
        place = service.signer.read(token)

        def read() -> bytes:
            versions = versions_of(service.app, place.conversation, place.owner)
            if place.label not in versions:
                raise ApiError("There is no such picture.", status=404, code="not_found")
            look = Look(place.format, place.compression, place.size)
            return picture_of(service.app, versions[place.label], versions, look)[0]

        headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
        return Response(await service.in_thread(read), media_type=MEDIA_TYPES[place.format], headers=headers)


def _create(service: Service, request: Request, owner: str, given: GenerationParameters, digest: str) -> Ask:
    asked = size_of(given.size)
    painter = service.models.painter(given.model).painter
    options = options_of(service.app, asked, given.quality, given.style, given.steps, given.seed, given.n or 1, painter)
    plan = direct.exactly(given.prompt) if given.exact_prompt and given.prompt.strip() else None
    options = replace(options, act="create", moderation=given.moderation or "auto")
    return Ask(owner, given.prompt, options, plan, key=idempotency_key(request), body=digest)


def _edit(service: Service, request: Request, owner: str, given: EditParameters, form: Form) -> Ask:
    first, *more = (read_upload(data) for data in _pictures(form, EditParameters, ("image", "mask"), MOST_PICTURES))
    painter = service.models.painter(given.model).painter
    options = options_of(service.app, None, given.quality, None, given.steps, given.seed, given.n or 1, painter)
    options = replace(options, act="edit", whole=given.input_fidelity == "low", moderation=given.moderation or "auto")
    is_exact = given.exact_prompt and given.prompt.strip()
    plan = direct.exact_edit(given.prompt) if is_exact else edit_of_unseen(service.app, given.prompt)
    return Ask(
        owner, given.prompt, options, plan, picture=first, other=more[0] if more else None,
        mask=None if more else _mask(form, first), key=idempotency_key(request), body=form.digest,
    )  # fmt: skip


def _vary(service: Service, request: Request, owner: str, given: VariationParameters, form: Form) -> Ask:
    upload = read_upload(_pictures(form, VariationParameters, ("image",), 1)[0])
    describe = service.app.turns.describe
    if describe is None:
        raise ApiError(NO_CAPTIONER, param="image", code="unsupported_operation")
    asked = size_of(given.size)
    painter = service.models.painter(given.model).painter
    options = options_of(service.app, asked, steps=given.steps, seed=given.seed, count=given.n or 1, painter=painter)
    plan = VaryPlan(prompt=describe(upload.png))
    return Ask(owner, "", options, plan, picture=upload, key=idempotency_key(request), body=form.digest)


def _mask(form: Form, upload: Upload) -> bytes | None:
    """Return the mask that was sent; without one, what is transparent in the picture is the mask, as in DALL·E 2."""
    masks = form.files.get("mask", [])
    if len(masks) > 1:
        raise ApiError("Only one 'mask' can be sent.", param="mask", code="invalid_value")
    if not masks:
        return upload.hole
    try:
        return read_mask(masks[0].data, (upload.width, upload.height))
    except Exception as error:
        raise ApiError(str(error), param="mask", code="invalid_image_format") from error


def _pictures(form: Form, kind: type[PaintingParameters], known: tuple[str, ...], most: int) -> list[bytes]:
    """Return the pictures to work on.

    Raises:
        ApiError: there is none, there are too many, or a file came under another name.
    """
    refuse_other_files(form, kind, known)
    pictures = form.files.get("image", [])
    if not pictures:
        raise ApiError("Missing required parameter: 'image'.", param="image", code="missing_required_parameter")
    check_pictures(len(pictures), "image", bool(form.files.get("mask")), most)
    return [picture.data for picture in pictures]


async def _answered(
    service: Service, request: Request, given: PaintingParameters, ask: Callable[[], Ask], owner: str
) -> Response:
    """Take the turn that was asked for and return its pictures, at the end or as they come."""
    name = service.models.painter(given.model)
    look = _look(given)
    by_url = (given.response_format or ("url" if name.legacy else "b64_json")) == "url"
    streamed = isinstance(given, RenderedParameters) and bool(given.stream)
    _check_stream(given, streamed)

    def answer(turn: Begun) -> Response:
        address = f"{request.base_url}v1/pictures/" if by_url else None
        body, conversation = _body(service, turn, given, look, name, address)
        return JSONResponse(body, headers={"x-limner-conversation": conversation})

    events = None
    if isinstance(given, RenderedParameters) and streamed:
        kind = "image_generation" if isinstance(given, GenerationParameters) else "image_edit"
        events = partial(_events, service, given, look, name, kind)
    return await turn_response(service, owner, ask, answer, events)


def _check_stream(given: PaintingParameters, streamed: bool) -> None:
    if not streamed and getattr(given, "partial_images", None):
        raise ApiError(
            "Invalid 'partial_images': partial images come only with 'stream'; set it to true.",
            param="partial_images", code="invalid_value",
        )  # fmt: skip
    if streamed and given.response_format == "url":
        raise ApiError(
            "Invalid 'response_format': streamed pictures come as base64 only; leave it out.",
            param="response_format", code="invalid_value",
        )  # fmt: skip


def _look(given: PaintingParameters) -> Look:
    kind = getattr(given, "output_format", None) or "png"
    compression = getattr(given, "output_compression", None)
    if kind == "png" and compression not in (None, 100):
        raise ApiError(
            "Invalid 'output_compression': PNG loses nothing; ask for 'jpeg' or 'webp', or leave it out.",
            param="output_compression", code="invalid_value",
        )  # fmt: skip
    return Look(kind, 100 if compression is None else compression, size_of(given.size))


def _body(
    service: Service, turn: Begun, given: PaintingParameters, look: Look, name: ModelName, address: str | None
) -> tuple[dict[str, Any], str]:
    """Return the whole answer, and the conversation that it belongs to."""
    result = result_of(service.app, turn, name.legacy)
    data: list[dict[str, str]] = []
    versions, size = versions_of(service.app, result.conversation, turn.owner), (0, 0)
    for version in made(result, versions):
        image, size = picture_of(service.app, version, versions, look)
        place = (
            {"url": address + service.signer.sign(shown(version, turn.owner, look))}
            if address
            else {"b64_json": base64.b64encode(image).decode()}
        )
        data.append({**place, "revised_prompt": version.prompt})
    body: dict[str, Any] = {
        "created": turn.created, "background": "opaque", "data": data, "output_format": look.format,
        "quality": _quality(given), "size": f"{size[0]}x{size[1]}",
        "usage": _usage(result, versions),
    }  # fmt: skip
    if identifier := _identifier(given):
        body["safety_identifier"] = identifier
    return body, result.conversation


def _events(
    service: Service, given: RenderedParameters, look: Look, name: ModelName, kind: str, turn: Begun,
    gone: Callable[[], bool],
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Yield the partial pictures as they are painted, then each finished one."""
    sent = 0
    about = {
        "background": "opaque", "created_at": turn.created, "output_format": look.format, "quality": _quality(given),
    }  # fmt: skip
    for event in follow(service.app, turn, gone):
        if event.kind == "preview" and event.image and sent < (given.partial_images or 0):
            picture = fitted(decoded(event.image), look.size)
            image = base64.b64encode(encoded(picture, look.format, look.compression)).decode()
            yield {
                "type": f"{kind}.partial_image", "b64_json": image, "partial_image_index": sent,
                "size": f"{picture.width}x{picture.height}", **about,
            }  # fmt: skip
            sent += 1
    if gone():
        return
    result = result_of(service.app, turn, name.legacy)
    extra = {"safety_identifier": identifier} if (identifier := _identifier(given)) else {}
    versions = versions_of(service.app, result.conversation, turn.owner)
    usage = _usage(result, versions)
    for version in made(result, versions):
        data, size = picture_of(service.app, version, versions, look)
        yield {
            "type": f"{kind}.completed", "b64_json": base64.b64encode(data).decode(), "size": f"{size[0]}x{size[1]}",
            "revised_prompt": version.prompt, "usage": usage, **about, **extra,
        }  # fmt: skip


def _usage(result: TurnResult, versions: Mapping[str, Version]) -> dict[str, object]:
    painted = made(result, versions)
    given = {parent for version in painted for parent in version.parents if parent in versions}
    return usage_of(
        result.message,
        [(version.width, version.height) for version in painted],
        [(versions[label].width, versions[label].height) for label in given],
    )


def _quality(given: PaintingParameters) -> str:
    return QUALITIES[getattr(given, "quality", None) or "auto"][0]


def _identifier(given: PaintingParameters) -> str | None:
    return getattr(given, "safety_identifier", None) or given.user
