"""A small conversation partner for tests: fakes wired into Turns, and a rewriter that reads simple words."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from assistant.images import BlobStore
from assistant.messages import (
    ConversationPath,
    CreatePlan,
    EditPlan,
    ExtendPlan,
    MergePlan,
    Plan,
    ReturnPlan,
    TurnResult,
    UpscalePlan,
    VaryPlan,
    WordsPlan,
)
from assistant.rewriter import FakeRewriter, Rewriter
from assistant.store.folder import open_data_folder
from assistant.store.store import ConversationStore
from assistant.turns import Turns
from generation.request import FakePainter, Painter


def plan_of(path: ConversationPath) -> Plan:
    """Read "back to v1", "again", "near", "edit v2: bluer", "extend left", "extend 3:2", "upscale", "say hello" and
    "merge v1 v2: the hat"; the rest is a new picture.
    """
    first, _, rest = path.message.partition(" ")
    if first == "back":
        return ReturnPlan(targets=(rest.removeprefix("to "),), reply="Here it is again.")
    if first == "extend":
        return ExtendPlan(shape=rest) if ":" in rest else ExtendPlan(direction=rest or "out")  # type: ignore[arg-type]
    if first == "upscale":
        return UpscalePlan()
    if first == "merge":
        labels, _, region = rest.partition(": ")
        one, two = labels.split() or ("v1", "v1")
        return MergePlan(targets=(one, two), prompt=f"{one} and {two}", change=f"take {region or two}", region=region)
    if first in ("say", "describe"):
        labels = tuple(rest.split()) if first == "describe" else ()
        return WordsPlan(act="reply" if first == "say" else "describe", reply=rest or "Something.", targets=labels)
    now = path.version(path.current or "")
    if first in ("again", "near"):
        strength = "subtle" if first == "near" else "strong"
        return VaryPlan(prompt=now.prompt if now else "nothing", strength=strength)  # type: ignore[arg-type]
    if first in ("edit", "edit:"):
        target, _, change = rest.partition(": ") if ": " in rest else ("", "", rest)
        prompt = f"{now.prompt if now else 'nothing'}, {change}"
        return EditPlan(targets=(target,) if target else (), change=change, region="the face", prompt=prompt)
    return CreatePlan(prompt=path.message, reply="There you are.")


@contextmanager
def talking(
    folder: Path, painter: Painter | None = None, rewriter: Rewriter | None = None,
    blobs: Callable[[Path], BlobStore] = BlobStore, seeds: Callable[[], int] = lambda: 7,
    ready_made: bool = True, describe: Callable[[bytes], str] | None = None,
    **more: Any,
) -> Iterator[Turns]:  # fmt: skip
    """Open the folder as a process would; several at once stand for several processes.

    A new folder gets a copy of a `ready_made` database, which is quicker than the migrations.
    """
    data = open_data_folder(folder)
    if ready_made and not (folder / "limner.db").exists():
        (folder / "limner.db").write_bytes(_new_database())
    painter, rewriter = painter or FakePainter(steps=2), rewriter or FakeRewriter(plan_of)
    store = ConversationStore(data.url)
    try:
        with Turns(store, blobs(data.blobs), painter, rewriter, seeds=seeds, describe=describe, **more) as turns:
            yield turns
    finally:
        store.close()


@cache
def _new_database() -> bytes:
    """Return an empty database at the newest schema, for tests of other things than migrations."""
    with tempfile.TemporaryDirectory() as folder:
        ConversationStore(f"sqlite:///{folder}/limner.db").close()
        return (Path(folder) / "limner.db").read_bytes()


def said(turns: Turns, conversation_id: str, message: str, **more: Any) -> TurnResult:
    """Say it, run it, and return what became of it."""
    turn = turns.submit(conversation_id, message, **more)
    turns.run_pending()
    return turns.result(turn)


def decoded(png: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(png), formats=["PNG"])
    picture.load()
    return picture
