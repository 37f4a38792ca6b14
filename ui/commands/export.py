"""`limner export` and `limner replay`: a conversation as a folder or zip, and its pictures painted again from it."""

from __future__ import annotations

import functools
import secrets
import shutil
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from assistant.errors import ExportError
from assistant.export import Replayed, export, read_export, replay
from generation.request import Painter, Recipe
from ui.commands.chat import choose
from ui.errors import InputError, SettingsError
from ui.settings import load_settings
from ui.wiring import Builder, enlarged, load_painter

MAX_MEMBER_BYTES = 256 * 2**20
"""No file of an export comes near this; a zip that says so is no export of ours."""


def export_conversation(
    builder: Builder, conversation: str | None, out: Path | None, data: Path | None, pairs: bool = False
) -> None:
    """Write a conversation (the one used last, unless another is named), with pairs to train on if so asked; say where.

    Raises:
        UnknownTurn: there is no such conversation.
        SettingsError: it cannot be written there.
        InputError: it was written, but some of its files could not be read.
    """
    app = builder(load_settings(data=data))
    try:
        if conversation is None and not app.turns.list_conversations(app.owner):
            raise SettingsError("There is no conversation to export yet; begin one with `limner chat`.")
        own = app.turns.conversation(choose(app, False, conversation), app.owner)
        out = out or Path(f"limner-{own.id}")
        _check_new(out)
        made = export(
            own, app.turns.history(own.id, app.owner), app.turns.versions(own.id, app.owner),
            app.blobs.read, app.teller.picture, app.turns.judged(own.id, app.owner) if pairs else None,
        )  # fmt: skip
        try:
            (_write_zip if out.suffix.lower() == ".zip" else _write_folder)(out, made.files)
        except OSError as error:
            raise SettingsError(f"{out} cannot be written ({error.strerror}); choose another -o.") from error
        pictures = sum(name.startswith("pictures/") for name in made.files)
        print(f"{out}  ({pictures} pictures, {sum(map(len, made.files.values())) / 1e6:.1f} MB)")
        if pairs:
            rows = {
                name.rpartition("/")[2]: data.count(b"\n")
                for name, data in made.files.items()
                if name.endswith(".jsonl")
            }
            kept, edits, preferences = rows["metadata.jsonl"], rows["edits.jsonl"], rows["preferences.jsonl"]
            print(f"pairs/: {kept} pictures that you kept with their prompts, {edits} edits, {preferences} preferences")
        if made.missing:
            raise InputError(f"{out} was written without {'; '.join(made.missing)}.")
    finally:
        app.close()


def replay_export(source: Path, out: Path | None) -> None:
    """Paint an export's versions again and say of each whether it came out identical.

    Raises:
        ExportError: it is no export.
        SettingsError: the pictures cannot be written.
    """
    exported = read_export(files_of(source))
    if not exported.versions:
        raise ExportError(f"{source} holds no pictures; export a conversation that has some.")
    if out is not None:
        _check_new(out)
    pictures: dict[str, bytes] = {}
    identical = painted = 0
    settings = load_settings()
    painter = load_painter(settings)

    @functools.cache
    def enlarging() -> Painter:
        return enlarged(painter, settings.model_copy(update={"enlarge": True}))

    def painter_of(recipe: Recipe) -> Painter:
        return enlarging() if recipe.enlarger else painter

    for result in replay(exported, painter_of):
        print(line_of(result))
        painted += bool(result.image)
        identical += result.identical
        if result.image:
            pictures[f"{result.label}.png"] = result.image
    print(f"{identical} of {len(exported.versions)} came out identical, {painted} were painted.")
    if out is not None:
        try:
            _write_folder(out, pictures)
        except OSError as error:
            raise SettingsError(f"{out} cannot be written ({error.strerror}); choose another -o.") from error


def line_of(result: Replayed) -> str:
    if result.problem:
        return f"{result.label}: not compared: {result.problem}"
    how = "identical" if result.identical else f"differs by {result.difference:.2f} of 255 on average"
    return f"{result.label}: {how}{f' ({result.note})' if result.note else ''}"


def files_of(source: Path) -> Callable[[str], bytes | None]:
    """Return what reads a file of a folder or zip by its name in the export.

    Raises:
        ExportError: it is neither.
    """
    if source.is_dir():

        def from_folder(name: str) -> bytes | None:
            place = source.joinpath(*PurePosixPath(name).parts)
            if not place.is_file() or not place.resolve().is_relative_to(source.resolve()):
                return None
            return place.read_bytes()

        return from_folder
    try:
        archive = zipfile.ZipFile(source)
    except (OSError, zipfile.BadZipFile) as error:
        raise ExportError(f"{source} is no folder or zip that `limner export` wrote ({error}).") from error

    def from_zip(name: str) -> bytes | None:
        try:
            if archive.getinfo(name).file_size > MAX_MEMBER_BYTES:
                return None
            return archive.read(name)
        except (KeyError, OSError, zipfile.BadZipFile, zlib.error):
            return None

    return from_zip


def _check_new(out: Path) -> None:
    if out.exists():
        raise SettingsError(f"{out} is there already and is not written over; choose another -o.")
    if not out.absolute().parent.is_dir():
        raise SettingsError(f"{out} cannot be written: there is no folder {out.parent}; make it, or choose another -o.")


def _write_folder(out: Path, files: dict[str, bytes]) -> None:
    """Write all files or nothing."""
    temporary = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        temporary.mkdir()
        for name, data in files.items():
            place = temporary.joinpath(*PurePosixPath(name).parts)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        temporary.rename(out)
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _write_zip(out: Path, files: dict[str, bytes]) -> None:
    temporary = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        temporary.rename(out)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
