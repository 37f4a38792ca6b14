"""What one thing is to another in a relation beyond sides, as a picture can tell it. Pure; knows no drawing."""

from __future__ import annotations

from captioner.world.scene import Scene, Thing, WorldSetting

SIDES_ALONE = ("left of", "right of")
"""The relations that the things' sides tell."""
ALIKE = ("near", "tied to")
"""The relations in which neither thing comes first."""
NO_ROLE = "none"


def beyond_sides(setting: WorldSetting) -> tuple[str, ...]:
    """Return the relations of a setting that its sides do not tell."""
    return tuple(kind for kind in setting.relations if kind not in SIDES_ALONE)


def as_seen(relation: str, subject: str, obj: str) -> tuple[str, str, str]:
    """Return a relation and its two kinds as a picture can tell them: what is under another has that one on it, and of
    two that are near or tied neither comes first.
    """
    if relation == "under":
        return "on", obj, subject
    if relation in ALIKE:
        subject, obj = sorted((subject, obj))
    return relation, subject, obj


def roles_of(setting: WorldSetting) -> tuple[str, ...]:
    """Return the roles that a thing can have, `NO_ROLE` first; none at all where nothing is told but by sides."""
    beyond = beyond_sides(setting)
    return (NO_ROLE, *(f"{kind} {part}" for kind in beyond for part in ("subject", "object"))) if beyond else ()


def role_of(thing: Thing, scene: Scene) -> str:
    """Return a thing's role in the first relation that it has, as a picture tells it: "on object", for one that has
    another on it or is under it.
    """
    for relation in scene.relations:
        if relation.kind in SIDES_ALONE or thing.id not in (relation.subject, relation.obj):
            continue
        # Of two of one kind the kinds say nothing, so the ids stand for them.
        kind, subject, _ = as_seen(relation.kind, str(relation.subject), str(relation.obj))
        return f"{kind} {'subject' if kind in ALIKE or str(thing.id) == subject else 'object'}"
    return NO_ROLE
