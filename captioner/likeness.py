"""Which pictures look alike: a perceptual hash, and an index that finds near-duplicates of what came before.

Written out here, as it is a dozen lines: imagehash, which does the same, brings SciPy and PyWavelets along.
A hash is 40 hexadecimal digits: 64 bits of the light and dark, then the mean colours of the four quarters.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

GRID, KEPT = 32, 8
BITS = KEPT**2
FAR = 4
"""Near-duplicates differ in so many bits at most: another size or compression changes none to four."""
COLOURS_FAR = 12
"""And in so much of 255 in the colour of any quarter: a red bunny is no duplicate of a blue one."""
FLAT = 2.0
"""Pictures whose strongest pattern is weaker than this, in grey levels, have none: their bits would be chance."""
_BANDS = np.array_split(np.arange(BITS), FAR + 1)
_MASKS = [sum(1 << int(bit) for bit in band) for band in _BANDS]


def look_of(image: Image.Image) -> str:
    """Return the perceptual hash of an RGB picture.

    Source: DCT hash, Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010, section 3.2.
    """
    small = image.reduce(max(1, min(image.size) // (4 * GRID))) if min(image.size) >= 8 * GRID else image
    grey = np.asarray(small.convert("L").resize((GRID, GRID), Image.Resampling.BICUBIC), dtype=np.float64)
    places = np.arange(GRID)
    waves = np.cos(np.pi / GRID * (places[None] + 0.5) * places[:KEPT, None]) * np.sqrt(2 / GRID)
    waves[0] /= np.sqrt(2)
    strengths = (waves @ grey @ waves.T / GRID).ravel()
    strengths[0] = 0.0  # the mean light is told by the colours
    bits = 0
    if np.abs(strengths).max() >= FLAT / 4:
        for index in np.flatnonzero(strengths > np.median(strengths)):
            bits |= 1 << int(index)
    quarters = small.convert("RGB").resize((2, 2), Image.Resampling.BOX).tobytes()
    return f"{bits:0{BITS // 4}x}{quarters.hex()}"


class Likeness:
    """Finds whether a picture looks like an earlier one, without comparing it with all of them.

    Two hashes that differ in at most `FAR` bits agree in one of `FAR` + 1 bands (the pigeonhole principle), so only
    those that share a band are compared.
    """

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}
        self._bands: dict[tuple[int, int], list[tuple[int, np.ndarray, str]]] = {}

    def like(self, look: str, name: str) -> str | None:
        """Return the name of the first picture that this one nearly equals; None if it is the first of its kind."""
        found = self.found(look)
        self._seen[look] = found or name
        if found is None:
            bits, colours = _read(look)
            for key in _keys(bits):
                self._bands.setdefault(key, []).append((bits, colours, name))
        return found

    def found(self, look: str) -> str | None:
        """Return the name of the first picture that this one nearly equals, or None; it is not remembered itself."""
        if look in self._seen:
            return self._seen[look]
        bits, colours = _read(look)
        for key in _keys(bits):
            for other_bits, other_colours, other in self._bands.get(key, ()):
                if (bits ^ other_bits).bit_count() <= FAR and np.abs(colours - other_colours).max() <= COLOURS_FAR:
                    return other
        return None


def is_flat(look: str) -> bool:
    """Tell whether a look is that of a picture without a pattern, which many others look like."""
    return _read(look)[0] == 0


def _read(look: str) -> tuple[int, np.ndarray]:
    """Return the bits of a look, and its colours as (12) int16."""
    return int(look[: BITS // 4], 16), np.frombuffer(bytes.fromhex(look[BITS // 4 :]), np.uint8).astype(np.int16)


def _keys(bits: int) -> list[tuple[int, int]]:
    return [(band, bits & mask) for band, mask in enumerate(_MASKS)]
