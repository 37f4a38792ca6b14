"""The data folder: where conversations and pictures lie, and whether they can really be written there."""

from __future__ import annotations

import errno
import os
import uuid
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import StoreError

REASONS = {
    errno.ENOTDIR: "a file is in its way",
    errno.EEXIST: "a file is in its way",
    errno.EACCES: "there is no permission to write there",
    errno.EPERM: "there is no permission to write there",
    errno.EROFS: "the disk is mounted read-only",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.ENOENT: "nothing can be made there",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ELOOP: "its links go in a circle",
}


@dataclass(frozen=True)
class DataFolder:
    """A folder that exists and can be written."""

    path: Path

    @property
    def url(self) -> str:
        """The address of the SQLite database in it."""
        return f"sqlite:///{self.path / 'limner.db'}"

    @property
    def blobs(self) -> Path:
        """Where picture and latent files lie."""
        return self.path / "blobs"


def open_data_folder(path: str | Path) -> DataFolder:
    """Return the folder, made where it is missing, after really writing a file into it.

    Raises:
        StoreError: it cannot be used; the sentence names the path, why, and what to do.
    """
    try:
        folder = Path(os.path.abspath(Path(path).expanduser()))  # links stay as they were given
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "blobs").mkdir(exist_ok=True)
        probe = folder / f".probe-{uuid.uuid4().hex}"
        try:
            with probe.open("xb") as file:
                file.write(b"Limner looks whether it can write here.\n")
                file.flush()
                os.fsync(file.fileno())
        finally:
            probe.unlink(missing_ok=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise StoreError(
            f"The data folder {str(path)!r} cannot be used: {_reason(error)}; give a folder that can be written "
            "(--data FOLDER)."
        ) from error
    return DataFolder(folder)


def _reason(error: OSError | ValueError | RuntimeError) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        return REASONS.get(error.errno) or os.strerror(error.errno).lower()
    return str(error)
