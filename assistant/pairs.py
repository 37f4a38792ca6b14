"""What a person kept of a conversation and what not, as pairs to train on; exported only where asked for.

Kept is what they said they like, what they went on from, what they named, and where they are. Not kept is what they
said they do not like, and what they left: of pictures painted together, or changed from the same one, those of which
another was kept. Of the rest nobody can tell, and nothing is said. Values alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

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
    if turns and turns[-1].ends_on and len(turns[-1].made) < 2:  # of several nobody has taken one yet
        kept.add(turns[-1].ends_on)
    kept |= {label for version in versions if act_of.get(version.turn_id) in GOES_ON for label in version.parents}
    kept = {label for label in kept if liked.get(label, True)} | {label for label, like in liked.items() if like}
    left = {version.label for version in versions if any(other.label in kept for other in _beside(version, versions))}
    here = [version.label for version in versions]
    return {label: label in kept for label in here if label in kept or label in left or label in liked}


def _beside(version: Version, versions: Sequence[Version]) -> Iterator[Version]:
    """Yield what was painted by the same message, to choose from, and what was made later from the same picture.

    What a chain of edits came to, painted at once beside its end, is no other try of that.
    """
    for other in versions:
        together = other.turn_id == version.turn_id and (other.parents, other.change) == (
            version.parents,
            version.change,
        )
        later = other.number > version.number and other.turn_id != version.turn_id
        if other is not version and (together or (later and other.parents == version.parents != ())):
            yield other


def pair_files(
    versions: Sequence[Version], judged: Mapping[str, bool], exported: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Return the files of the pairs, by their names in an export; of pictures that it lacks nothing is said.

    `captions` is an image folder as `limner train` and `datasets` read it, of what was kept alone. Each row of `edits`
    has a source, an instruction and a target, as InstructPix2Pix (arXiv:2211.09800) is trained on; of `preferences` a
    text, a chosen and a rejected picture, as Diffusion-DPO (arXiv:2311.12908) is.

    Args:
        exported: the files of the export, its pictures among them.
    """
    here = [version for version in versions if version.label in judged and _name(version) in exported]
    names = {version.label: _name(version) for version in versions if _name(version) in exported}
    files: dict[str, bytes] = {}
    captions, edits, preferences = [], [], []
    for version in here:
        label, is_kept = version.label, judged[version.label]
        if is_kept and version.origin == "painted":
            files[CAPTIONED.format(label)] = exported[names[label]]
            captions.append({"file_name": f"{label}.png", "text": version.prompt})
        if version.change and len(version.parents) == 1 and version.parents[0] in names:
            pair = {"source": names[version.parents[0]], "instruction": version.change, "target": names[label]}
            edits.append({**pair, "text": version.prompt, "accepted": is_kept})
        for other in () if is_kept else _beside(version, here):
            if judged[other.label] and (other.prompt, other.change) == (version.prompt, version.change):
                pair = {"chosen": names[other.label], "rejected": names[label]}
                preferences.append({"text": version.prompt, **pair})
    for name, rows in ((CAPTIONS, captions), (EDITS, edits), (PREFERENCES, preferences)):
        files[name] = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    return files


def _name(version: Version) -> str:
    """Return the name of a version's picture in an export."""
    return PICTURE.format(version.label)
