"""What captioners say of the drawn pictures of a cache, found once and kept beside them.

Dimensions: P pairs; N = 2P pictures.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from tqdm import tqdm

from captioner.blend import Told
from captioner.request import Captioner, CaptionKind, Picture
from captioner.training.pictures import PictureCache

SAVED_EVERY = 1_024


def told_by(cache: PictureCache, captioners: Mapping[CaptionKind, Captioner], folder: Path) -> Told:
    """Return what the captioners say of each picture of a cache, greedily.

    What is found is kept in `folder`, a file for each captioner's weights and kind, and a run that was broken off goes
    on where it stopped.
    """
    said = {kind: _captions(cache, captioner, kind, folder) for kind, captioner in captioners.items()}
    return Told(said.get("short"), said.get("descriptive"))


def picture_for(pixels: np.ndarray) -> Picture:
    """Return (H, W, 3) uint8 as captioners take it; H = W."""
    data = np.ascontiguousarray(pixels).tobytes()
    side = len(pixels)
    return Picture(hashlib.sha256(data).hexdigest(), data, side, side, side)


def _captions(cache: PictureCache, captioner: Captioner, kind: CaptionKind, folder: Path) -> tuple[str, ...]:
    path = folder / f"told-{kind}-{captioner.abilities().weights[:12]}.jsonl"
    number = 2 * len(cache)
    # A line that was cut off by a kill has no end and does not count.
    lines = path.read_text().split("\n")[:-1] if path.exists() else []
    if len(lines) == number:  # left alone, since other runs may read it now
        return tuple(json.loads(line) for line in lines)
    with path.open("w") as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        bar = tqdm(total=number, initial=len(lines), desc=f"{kind} captions", unit="picture", mininterval=5)
        for start in range(len(lines), number, SAVED_EVERY):
            pictures = [picture_for(cache.pictures[i]) for i in range(start, min(start + SAVED_EVERY, number))]
            lines += [json.dumps(text) for text in captioner.caption(pictures, kind)]
            file.writelines(f"{line}\n" for line in lines[start:])
            file.flush()
            bar.update(len(pictures))
        bar.close()
    return tuple(json.loads(line) for line in lines)
