"""What a person kept of a conversation and what not, as pairs to train on; exported only where asked for.

Kept is what they said they like, what they went on from, what they named, and where they are. Not kept is what they
said they do not like, and what they left: of pictures painted together, or changed from the same one, those of which
another was kept. Of the rest nobody can tell, and nothing is said. Values alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from assistant.errors import BlobError
from assistant.messages import Turn, Version

GOES_ON = ("edit", "extend", "merge", "upscale")
"""Acts by which somebody goes on from a picture; to paint it once more is none."""
CAPTIONS, EDITS, PREFERENCES = "pairs/captions/metadata.jsonl", "pairs/edits.jsonl", "pairs/preferences.jsonl"
CAPTIONED, PICTURE = "pairs/captions/{}.png", "pictures/{}.png"


def verdicts(turns: Sequence[Turn], versions: Sequence[Version], liked: Mapping[str, bool]) -> dict[str, bool]:
    """Return which versions were kept (True) and which were not (False), by label.

    Args:
        liked: what the person said themselves, which goes first.
    """
    act_of = {turn.id: turn.plan.act for turn in turns if turn.plan is not None}
    kept = {version.label for version in versions if version.name}
    kept |= {turns[-1].ends_on} if turns and turns[-1].ends_on else set()
    kept |= {label for version in versions if act_of.get(version.turn_id) in GOES_ON for label in version.parents}
    kept = {label for label in kept if liked.get(label, True)} | {label for label, like in liked.items() if like}
    left = {version.label for version in versions if any(other.label in kept for other in _beside(version, versions))}
    here = [version.label for version in versions]
    return {label: label in kept for label in here if label in kept or label in left or label in liked}


def _beside(version: Version, versions: Sequence[Version]) -> Iterator[Version]:
    """Yield what was painted together with a version, and what was made later from the same one."""
    for other in versions:
        together = other.turn_id == version.turn_id
        if other is not version and (
            together or (other.parents == version.parents != () and other.number > version.number)
        ):
            yield other


def pair_files(
    versions: Sequence[Version], judged: Mapping[str, bool], picture: Callable[[Version], bytes]
) -> dict[str, bytes]:
    """Return the files of the pairs, by their names in an export.

    `captions` is an image folder as `limner train` and `datasets` read it, of what was kept alone. Each row of `edits`
    has a source, an instruction and a target, as InstructPix2Pix (arXiv:2211.09800) is trained on; of `preferences` a
    text, a chosen and a rejected picture, as Diffusion-DPO (arXiv:2311.12908) is.

    Args:
        picture: gives a version's PNG; a BlobError leaves it out.
    """
    by_label = {version.label: version for version in versions}
    files: dict[str, bytes] = {}
    captions, edits, preferences = [], [], []
    for label, is_kept in judged.items():
        version = by_label[label]
        if is_kept and version.origin == "painted":
            try:
                files[CAPTIONED.format(label)] = picture(version)
            except BlobError:
                continue  # which the export names
            captions.append({"file_name": f"{label}.png", "text": version.prompt})
        source = version.parents[0] if version.parents else ""
        if version.change and source in by_label:
            edits.append(
                {
                    "source": PICTURE.format(source), "instruction": version.change, "target": PICTURE.format(label),
                    "text": version.prompt, "accepted": is_kept,
                }
            )  # fmt: skip
        if not is_kept:
            for other in _beside(version, versions):
                if judged.get(other.label) and (other.prompt, other.change) == (version.prompt, version.change):
                    chosen, rejected = (PICTURE.format(each.label) for each in (other, version))
                    preferences.append({"text": version.prompt, "chosen": chosen, "rejected": rejected})
    for name, rows in ((CAPTIONS, captions), (EDITS, edits), (PREFERENCES, preferences)):
        files[name] = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    return files
