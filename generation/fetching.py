"""Large files of the hub, fetched so that a download that broke off goes on where it was, in another run, too.

huggingface_hub goes on within one run, and throws away what has come of a file when that run ends. What is fetched here
is kept beside the cache's blobs and becomes one of them when it is whole and is what it should be; huggingface_hub then
finds it there. Knows nothing of models.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from urllib.parse import urlparse

CHUNK = 1 << 24
SHA256 = re.compile(r"[0-9a-f]{64}")


def fetch(name: str, file: str, revision: str) -> None:
    """Have a file of a repository in the hub's cache, with a bar that shows how far it is.

    Raises:
        OSError: it broke off, or what came is not what the hub names; a beginning is kept for the next time.
    """
    from huggingface_hub import constants, get_hf_file_metadata, hf_hub_url
    from huggingface_hub.file_download import http_get, repo_folder_name
    from huggingface_hub.utils import WeakFileLock, build_hf_headers

    url = hf_hub_url(name, file, revision=revision)
    found = get_hf_file_metadata(url)
    if not found.etag or found.size is None:
        return  # huggingface_hub says what is wrong with it
    blobs = Path(constants.HF_HUB_CACHE) / repo_folder_name(repo_id=name, repo_type="model") / "blobs"
    blobs.mkdir(parents=True, exist_ok=True)
    whole, part = blobs / found.etag, blobs / f"{found.etag}.part"
    headers = build_hf_headers()
    if urlparse(found.location).netloc != urlparse(url).netloc:
        headers.pop("authorization", None)  # a store's address is signed, and the key is none of its business
    with WeakFileLock(f"{part}.lock"):
        if whole.exists():
            return
        part.touch()
        with part.open("r+b") as out:
            come = out.seek(0, os.SEEK_END)
            if come > found.size:
                come = out.seek(out.truncate(0))
            if come < found.size:
                http_get(
                    found.location, out, resume_size=come, headers=headers, expected_size=found.size,
                    displayed_filename=file,
                )  # fmt: skip
            out.flush()
            os.fsync(out.fileno())
        if SHA256.fullmatch(found.etag) and _sha256(part) != found.etag:
            part.unlink()
            raise OSError(f"{file} came damaged")
        part.replace(whole)


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as data:
        while chunk := data.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
