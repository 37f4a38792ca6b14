"""A captioner that says again what it has said: of a picture that several ask about, only the first one waits."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from captioner.request import Captioner, CaptionerAbilities, CaptionKind, Decoding, Picture

Asked = tuple[str, CaptionKind, Decoding, int]
REMEMBERED = 256


class RememberingCaptioner:
    """A `Captioner` round another; what it said of the last pictures is kept in memory, by the digests of their files.

    Attributes:
        captioner: the other one.
    """

    def __init__(self, captioner: Captioner, most: int = REMEMBERED):
        self.captioner = captioner
        self._most = most
        self._said: OrderedDict[Asked, str] = OrderedDict()
        self._lock = threading.Lock()

    def abilities(self) -> CaptionerAbilities:
        return self.captioner.abilities()

    def caption(
        self, pictures: Sequence[Picture], kind: CaptionKind, decoding: Decoding = Decoding(), seed: int = 0
    ) -> list[str]:
        """Return a caption of each picture, as `Captioner.caption`; those not yet known are asked for together."""
        asked: list[Asked] = [(picture.sha256, kind, decoding, seed) for picture in pictures]
        with self._lock:
            known = {key: self._said[key] for key in asked if key in self._said}
        fresh = {key: picture for key, picture in zip(asked, pictures, strict=True) if key not in known}
        if fresh:
            said = self.captioner.caption([*fresh.values()], kind, decoding, seed)
            known |= dict(zip(fresh, said, strict=True))
        with self._lock:
            for key in asked:
                self._said[key] = known[key]
                self._said.move_to_end(key)
            while len(self._said) > self._most:
                self._said.popitem(last=False)
        return [known[key] for key in asked]
