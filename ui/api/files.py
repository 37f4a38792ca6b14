"""/v1/files: pictures that are sent once and named afterwards."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import FastAPI, Request, Response
from pydantic import Field

from assistant.store.sent import SentFile
from ui.api import describing
from ui.api.errors import ApiError
from ui.api.parameters import Parameters, checked, checked_form, read_form, refuse_other_files
from ui.api.serving import Service

MAX_NAME_LETTERS = 200


class Expiry(Parameters):
    anchor: Literal["created_at"]
    seconds: int = Field(ge=3600, le=2_592_000)


class FileParameters(Parameters):
    purpose: Literal["vision", "user_data"]
    expires_after: Expiry | None = None


class ListParameters(Parameters):
    purpose: str | None = Field(None, max_length=40)
    limit: int = Field(10_000, ge=1, le=10_000)
    order: Literal["asc", "desc"] = "desc"
    after: str | None = Field(None, max_length=100)


def add_files(api: FastAPI, service: Service) -> None:
    """Add the addresses under /files."""
    app = service.app

    @api.post("/files", **describing.form_body(FileParameters, ("file",), describing.FILE, once=False))
    async def send(request: Request) -> dict[str, Any]:
        """Keep a file."""
        owner = await service.owner_of(request.headers)
        form = await read_form(request)
        given = checked_form(FileParameters, form, ("file",))
        refuse_other_files(form, FileParameters, ("file",))
        parts = form.files.get("file", [])
        if len(parts) != 1:
            raise ApiError(
                "Missing required parameter: 'file'. Send one.", param="file", code="missing_required_parameter"
            )
        if not parts[0].data:
            raise ApiError("Invalid file: it is empty.", param="file", code="invalid_value")
        name = "".join(letter for letter in parts[0].filename if letter.isprintable())[:MAX_NAME_LETTERS] or "file"

        def keep() -> SentFile:
            now = app.turns.clock()
            expires = int(now.timestamp()) + given.expires_after.seconds if given.expires_after else None
            digest = app.blobs.put(parts[0].data)
            return app.sent.add_file(owner, digest, len(parts[0].data), name, given.purpose, expires, now)

        return _told(await service.in_thread(keep))

    @api.get("/files", **describing.answers(describing.FILES, ListParameters))
    async def files(request: Request) -> dict[str, Any]:
        """List one's files, the newest first."""
        owner = await service.owner_of(request.headers)
        given = checked(ListParameters, dict(request.query_params), strict=False)
        found = list(await service.in_thread(lambda: app.sent.files(owner, app.turns.clock())))
        if given.order == "asc":
            found.reverse()
        ids = [file.id for file in found]
        if given.after is not None and given.after not in ids:
            raise ApiError(f"There is no file '{given.after}' of yours.", param="after", code="invalid_value")
        found = found[ids.index(given.after) + 1 :] if given.after is not None else found
        kept = [_told(file) for file in found if given.purpose in (None, file.purpose)]
        return {"object": "list", "data": kept[: given.limit], "has_more": len(kept) > given.limit}

    @api.get("/files/{file}", **describing.answers(describing.FILE))
    async def file(request: Request, file: str) -> dict[str, Any]:
        """Describe a file."""
        owner = await service.owner_of(request.headers)
        return _told(await service.in_thread(lambda: app.sent.file(file, owner, app.turns.clock())))

    @api.get("/files/{file}/content", responses=describing.BYTES)
    async def content(request: Request, file: str) -> Response:
        """Read a file back; browsers may only save it, whatever is in it."""
        owner = await service.owner_of(request.headers)
        data = await service.in_thread(lambda: app.blobs.read(app.sent.file(file, owner, app.turns.clock()).digest))
        headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
        return Response(data, media_type="application/octet-stream", headers=headers)

    @api.delete("/files/{file}", **describing.answers(describing.DELETED))
    async def delete(request: Request, file: str) -> dict[str, Any]:
        """Forget a file."""
        owner = await service.owner_of(request.headers)
        await service.in_thread(lambda: app.sent.delete_file(file, owner, app.turns.clock()))
        return {"id": file, "object": "file", "deleted": True}


def _told(file: SentFile) -> dict[str, Any]:
    told = {
        "id": file.id, "object": "file", "bytes": file.bytes, "created_at": file.created, "filename": file.filename,
        "purpose": file.purpose, "status": "processed",
    }  # fmt: skip
    return told if file.expires is None else {**told, "expires_at": file.expires}
