"""Pictures as they leave: with their story, and signed. Every face hands pictures out through here."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping

from assistant.credentials import Credentials, Ingredient
from assistant.errors import BlobError
from assistant.messages import Version
from assistant.story import Story, holds_parents, in_photo, story_of, told

KEPT_BYTES = 64 * 2**20
"""How much of what was signed last is kept, so that whoever asks again gets the same file."""
MEDIA_TYPES = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp"}


class Teller:
    """Gives pictures their story on the way out. A person's own pictures leave as they came.

    A signature is salted, so that signing twice gives two files. The last ones are kept: a request that is sent again
    is answered byte for byte as before, until the program ends or much else was asked for. The pixels are always equal.
    """

    def __init__(self, read: Callable[[str], bytes], credentials: Credentials, program: str):
        """`read` gives the bytes with a SHA-256; `program` is what stands as the maker in every file."""
        self._read = read
        self._credentials = credentials
        self._program = program
        self._signed: OrderedDict[str, bytes] = OrderedDict()
        self._signed_bytes = 0
        self._lock = threading.Lock()

    def load(self) -> None:
        """Get ready to sign, before the first picture leaves. Raises: CredentialError."""
        self._credentials.load()

    def picture(self, version: Version, versions: Mapping[str, Version]) -> bytes:
        """Return a version's PNG with its story; `versions` are its conversation's, by label.

        Raises:
            BlobError: its bytes cannot be read.
            CredentialError: it cannot be signed.
        """
        return self.tell(self._read(version.image), "png", version, versions)

    def tell(self, data: bytes, kind: str, version: Version, versions: Mapping[str, Version]) -> bytes:
        """Return a version's picture, as it was encoded for somebody, with its story.

        Args:
            kind: "png", "jpeg" or "webp"; the latter two were saved with `saved_with`.

        Raises:
            CredentialError: it cannot be signed.
        """
        story = story_of(version, versions)
        if story is None:
            return data
        if kind == "png":
            data = told(data, story, self._program)
        if story.source is None:  # painted elsewhere, or said to be: not for us to sign
            return data
        title, parents = f"{version.label}.{kind}", self._parents(story, versions)
        told_of = repr((kind, title, story, [(parent.label, _digest(parent.png)) for parent in parents]))
        key = _digest(data + told_of.encode())
        with self._lock:
            if key in self._signed:
                self._signed.move_to_end(key)
                return self._signed[key]
        return self._kept(key, self._credentials.sign(data, MEDIA_TYPES[kind], title, story, parents))

    def _kept(self, key: str, signed: bytes) -> bytes:
        """Keep a signed file, if nobody else signed the same one meanwhile; return the one that is kept."""
        with self._lock:
            if key in self._signed:
                return self._signed[key]
            self._signed[key] = signed
            self._signed_bytes += len(signed)
            while self._signed_bytes > KEPT_BYTES and len(self._signed) > 1:
                self._signed_bytes -= len(self._signed.popitem(last=False)[1])
            return signed

    def saved_with(self, kind: str, version: Version, versions: Mapping[str, Version]) -> dict[str, bytes]:
        """Return what Pillow is to save beside the pixels of a JPEG or WebP."""
        story = story_of(version, versions)
        return in_photo(story, self._program) if story and kind != "png" else {}

    def _parents(self, story: Story, versions: Mapping[str, Version]) -> list[Ingredient]:
        """Return the pictures that a picture holds something of, those of them that are still there."""
        if story.recipe is None or not holds_parents(story.recipe):
            return []
        found = []
        for label in story.parents:
            if parent := versions.get(label):
                try:
                    found.append(Ingredient(label, self._read(parent.image)))
                except BlobError:
                    continue  # lost since; the picture made from it can still leave
        return found


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
