"""Pictures as they leave: with their story, and signed. Every face hands pictures out through here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assistant.credentials import Credentials, Ingredient
from assistant.errors import BlobError
from assistant.messages import Version
from assistant.story import Story, holds_parents, in_photo, story_of, told

MEDIA_TYPES = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp"}


class Teller:
    """Gives pictures their story on the way out. A person's own pictures leave as they came."""

    def __init__(self, read: Callable[[str], bytes], credentials: Credentials, program: str):
        """`read` gives the bytes with a SHA-256; `program` is what stands as the maker in every file."""
        self._read = read
        self._credentials = credentials
        self._program = program

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
        title = f"{version.label}.{kind}"
        return self._credentials.sign(data, MEDIA_TYPES[kind], title, story, self._parents(story, versions))

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
