"""Picture and latent bytes by content hash: what is named by its SHA-256 cannot change unseen.

`BlobStore` keeps them as files in a local folder, `<folder>/ab/<sha256>.png`; another store (S3) offers the same
`put`, `read`, `path` and `sweep`. Knows nothing of conversations: what is named by a row is told by the caller.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import time
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assistant.errors import BlobError

SWEEP_AGE_SECONDS = 3600.0
PNG, LATENT, PLAIN = ".png", ".safetensors", ".bin"
SUFFIXES = (PNG, LATENT, PLAIN)
DIGEST = re.compile(r"[0-9a-f]{64}")


class BlobStore:
    """Bytes by their SHA-256, as files in a folder; safe for many processes at once."""

    def __init__(self, folder: Path):
        self.folder = Path(folder)

    def put(self, data: bytes, suffix: str = PLAIN) -> str:
        """Keep the bytes and return their digest; when this returns, they outlive a power cut.

        Raises:
            BlobError: they could not be written; nothing half-written can be read.
        """
        if suffix not in SUFFIXES:
            raise ValueError(f"put needs a suffix of {SUFFIXES}; got {suffix!r}")
        digest = hashlib.sha256(data).hexdigest()
        place = self._place(digest, suffix)
        try:
            with self._lock(fcntl.LOCK_SH):
                if _holds(place, data):
                    os.utime(place)  # young again, so that no sweep takes it before its row is written
                else:
                    self._write(place, data)
        except OSError as error:
            raise BlobError(_write_failure(self.folder, error)) from error
        return digest

    def read(self, digest: str) -> bytes:
        """Return the bytes with this SHA-256, having checked that they are.

        Raises:
            BlobError: the file is missing, damaged or cannot be read.
        """
        place = self.path(digest)
        try:
            data = place.read_bytes()
        except OSError as error:
            raise BlobError(f"The file {place} cannot be read ({_why(error)}); check the disk it lies on.") from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise BlobError(
                f"The file {place} is damaged: its bytes are not those that were written; put it back from a backup, "
                "or go on from another version."
            )
        return data

    def path(self, digest: str) -> Path:
        """Return where the bytes with this SHA-256 lie, for readers that need a file.

        Raises:
            BlobError: there is no such file.
        """
        if not DIGEST.fullmatch(digest):
            raise BlobError(f"{digest[:80]!r} is no SHA-256, 64 hexadecimal digits; give the digest of a picture.")
        for suffix in SUFFIXES:
            place = self._place(digest, suffix)
            if place.is_file():
                return place
        raise BlobError(
            f"The file {self._place(digest, '.*')} is missing from the data folder; put it back from a backup, or go "
            "on from another version."
        )

    def sweep(
        self, named: Callable[[], Collection[str]], age: float = SWEEP_AGE_SECONDS, only: Collection[str] | None = None
    ) -> int:
        """Remove the files that nothing names and that are older than `age` seconds; return how many.

        `named` is asked for the digests in use once the lock is held, so that none is missed. With `only`, files of
        other digests stay.
        """
        if not self.folder.is_dir():
            return 0
        removed = 0
        with self._lock(fcntl.LOCK_EX):
            keep = set(named())
            for place in self._places(only):
                if place.name.split(".")[0] in keep or time.time() - place.stat().st_mtime < age:
                    continue
                place.unlink()
                removed += 1
        return removed

    def _places(self, only: Collection[str] | None) -> list[Path]:
        if only is None:
            return list(self.folder.glob("[0-9a-f][0-9a-f]/*"))
        named = (self._place(digest, suffix) for digest in only for suffix in SUFFIXES)
        return [place for place in named if place.is_file()]

    def _place(self, digest: str, suffix: str) -> Path:
        return self.folder / digest[:2] / (digest + suffix)

    def _write(self, place: Path, data: bytes) -> None:
        if not place.parent.is_dir():
            place.parent.mkdir(parents=True, exist_ok=True)
            _sync_folder(self.folder)
        temporary = place.with_name(f"tmp-{uuid.uuid4().hex}.part")
        try:
            file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                _write_all(file, data)
                os.fsync(file)
            finally:
                os.close(file)
            os.rename(temporary, place)
        except OSError:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        _sync_folder(place.parent)

    @contextmanager
    def _lock(self, kind: int) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        file = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, kind)
            yield
        finally:
            os.close(file)


def _holds(place: Path, data: bytes) -> bool:
    try:
        return place.read_bytes() == data
    except OSError:
        return False


def _write_all(file: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]


def _sync_folder(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _why(error: OSError) -> str:
    return os.strerror(error.errno).lower() if error.errno is not None else str(error)


def _write_failure(folder: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"The disk under {folder} is full, so the picture could not be kept; make room and send the message again."
        )
    return (
        f"The picture could not be written under {folder} ({_why(error)}); check the disk and send the message again."
    )
