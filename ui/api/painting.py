"""A request for pictures taken as a turn, followed, and read back. The one place where the API meets `assistant.turns`.

Everything here blocks and is called from threads; nothing here knows HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from assistant import direct
from assistant.errors import AssistantError
from assistant.messages import EditPlan, Event, Plan, TurnOptions, TurnResult, TurnStatus, Version
from assistant.policy import check_storable
from assistant.uploads import Upload
from captioner.errors import CaptionerError
from generation.errors import GenerationError
from generation.request import nearest_size
from ui.api.access import Shown
from ui.api.errors import USER_ERROR, ApiError, server_error
from ui.api.parameters import GUIDANCES, QUALITIES
from ui.api.pictures import encoded, fitted, full_size
from ui.wiring import App

MOST_PICTURES = 2
"""That one message brings: the first is what is edited, the second what an edit takes something from."""
PATCH = 16
"""Pixels of the side of a square that counts as one token of a picture, as the answers' usage has it."""


@dataclass(frozen=True)
class Ask:
    """A turn to take.

    Attributes:
        plan: what the request itself already decides; the rewriter is then not asked.
        conversation, parent: where it goes on; None for a conversation of its own.
        version: the label that it starts from, where that is not what its parent ends on.
        picture: a person's own picture that it starts from.
        other: a second one, from which an edit takes what its words say.
        beside: the label of one that is in the conversation already, in its place.
        mask: a PNG, white where an edit may change that picture.
        key, body: an idempotency key and the SHA-256 of the request it came with.
    """

    owner: str
    message: str
    options: TurnOptions = TurnOptions()  # noqa: RUF009 - a frozen value
    plan: Plan | None = None
    conversation: str | None = None
    parent: str | None = None
    version: str | None = None
    picture: Upload | None = None
    other: Upload | None = None
    beside: str | None = None
    mask: bytes | None = None
    key: str | None = None
    body: str = ""


@dataclass(frozen=True)
class Begun:
    """A turn under way; `created` is when it was first asked, in seconds since 1970."""

    owner: str
    turn: str
    created: int


@dataclass(frozen=True)
class Look:
    """How pictures are answered."""

    format: str = "png"
    compression: int = 100
    size: tuple[int, int] | None = None


def begin(app: App, ask: Ask) -> Begun:
    """Store the turn, which then runs by itself; the same key and body give the same turn.

    Raises:
        KeyReused: the key came before with another body.
        AssistantError: it cannot be stored. Of a message that is refused nothing is left behind.
    """
    check_storable(ask.message)
    if ask.conversation and ask.version:
        app.store.version(ask.conversation, ask.version, ask.owner)
    now = app.turns.clock()
    conversation, created, parent = ask.conversation, now, ask.parent
    if ask.key is not None:
        claimed = app.sent.claim(ask.owner, ask.key, ask.body, now, conversation)
        conversation, created = claimed.conversation_id, datetime.fromisoformat(claimed.created)
    conversation = conversation or app.turns.new_conversation(ask.owner).id
    key = None if ask.key is None else f"api:{ask.key}"
    if ask.version is not None:
        message, plan = direct.going_back(ask.version)
        parent = app.turns.submit(conversation, message, key and f"{key}:back", parent, plan, owner=ask.owner)
    first, beside = ask.version, ask.beside

    def bring(picture: Upload, name: str) -> tuple[str, str | None]:
        bring_key, level = key and f"{key}:{name}", ask.options.moderation
        turn = app.turns.bring(conversation, picture, bring_key, parent, owner=ask.owner, moderation=level)
        return turn, app.store.turn(turn, ask.owner).ends_on

    try:
        if ask.picture is not None:
            parent, first = bring(ask.picture, "picture")
        if ask.other is not None:
            first = first or (app.store.turn(parent, ask.owner).ends_on if parent else None)
            parent, beside = bring(ask.other, "other")
            message, plan = direct.going_back(first or "")
            parent = app.turns.submit(conversation, message, key and f"{key}:first", parent, plan, owner=ask.owner)
    except (AssistantError, CaptionerError, GenerationError):
        if ask.conversation is None and not app.turns.history(conversation, ask.owner):
            app.turns.delete_conversation(conversation, ask.owner)  # an empty one is nothing to find
        raise
    mask = app.turns.keep_mask(ask.mask) if ask.mask else ask.options.mask
    options = replace(ask.options, beside=beside or ask.options.beside, mask=mask)
    turn = app.turns.submit(conversation, ask.message, key, parent, ask.plan, options, owner=ask.owner)
    return Begun(ask.owner, turn, int(created.timestamp()))


def check_pictures(came: int, param: str, has_mask: bool, most: int = MOST_PICTURES, mask: str = "mask") -> None:
    """Let pass as many pictures as one message brings.

    Raises:
        ApiError: there are too many, or a mask came with two; `param` and `mask` name where.
    """
    if came > most:
        taken = "One picture is" if most == 1 else f"At most {most} pictures are"
        raise ApiError(
            f"{taken} taken here, and {came} came in '{param}'; send fewer.", param=param, code="unsupported_value"
        )
    if came > 1 and has_mask:
        raise ApiError(
            f"A '{mask}' can be kept to in one picture, and {came} came in '{param}'; leave the mask out, or send one "
            "picture.",
            param=mask, code="unsupported_parameter",
        )  # fmt: skip


def follow(app: App, begun: Begun, stopped: Callable[[], bool] = lambda: False) -> Iterator[Event]:
    """Yield the turn's events until it has ended.

    Raises:
        StoreError: turns cannot go on at present.
    """
    yield from app.turns.events(
        begun.turn, owner=begun.owner, stopped=lambda: stopped() or app.turns.trouble is not None
    )
    if not stopped() and (trouble := app.turns.trouble) and not app.turns.result(begun.turn, begun.owner).status.ended:
        raise trouble


def result_of(app: App, begun: Begun, legacy: bool = False) -> TurnResult:
    """Return what became of an ended turn that was to paint.

    Raises:
        ApiError: it painted nothing; the error says why. `legacy` names a refusal as in the DALL·E years.
    """
    result = app.turns.result(begun.turn, begun.owner)
    if result.status is TurnStatus.DONE and result.versions:
        return result
    raise failure_of(app, begun, result, legacy)


def failure_of(app: App, begun: Begun, result: TurnResult, legacy: bool = False) -> ApiError:
    """Return why a turn painted nothing."""
    if result.status is TurnStatus.FAILED:
        events, _ = app.store.events(begun.turn, begun.owner)
        if events[-1].data.get("by_request"):
            return ApiError(result.error, type=USER_ERROR, param="prompt", code="invalid_prompt")
        return server_error(result.error)
    if not result.status.ended:
        return server_error("Limner is being stopped; the picture is painted when it starts again.", 503)
    if result.status is TurnStatus.CANCELLED:
        return ApiError("The turn was stopped before its picture was finished.", type=USER_ERROR, code="cancelled")
    if result.act == "refuse" and _is_no_text(app, begun):
        return ApiError(result.reply, type=USER_ERROR, param="prompt", code="invalid_prompt")
    if result.act == "refuse" and legacy:
        return ApiError(result.reply, code="content_policy_violation")
    if result.act == "refuse":
        return ApiError(result.reply, type=USER_ERROR, code="moderation_blocked")
    return ApiError(f"No picture was painted: {result.reply}", type=USER_ERROR, param="prompt", code="invalid_prompt")


def _is_no_text(app: App, begun: Begun) -> bool:
    """Tell whether a turn was refused for words that are none, which is no matter of moderation."""
    decisions = app.turns.decisions.of_turn(begun.turn, begun.owner)
    return bool(decisions) and decisions[-1].rule == "text"


def versions_of(app: App, conversation: str, owner: str) -> dict[str, Version]:
    """Return a conversation's versions by label. Raises: UnknownTurn: this person has no such conversation."""
    return {version.label: version for version in app.turns.versions(conversation, owner)}


def made(result: TurnResult, versions: Mapping[str, Version]) -> tuple[Version, ...]:
    """Return those of the conversation's versions that a turn made.

    Raises:
        ApiError: it made some, and they were deleted since.
    """
    found = tuple(versions[label] for label in result.versions if label in versions)
    if result.versions and not found:
        raise ApiError(
            f"The picture of this request was deleted ({', '.join(result.versions)}); send it anew, with another "
            "idempotency key if it had one.",
            status=404, code="not_found",
        )  # fmt: skip
    return found


def picture_of(
    app: App, version: Version, versions: Mapping[str, Version], look: Look
) -> tuple[bytes, tuple[int, int]]:
    """Return a version's picture as it is answered, with its story, and its (width, height).

    `versions` are its conversation's.
    """
    picture = fitted(full_size(version, versions, app.turns.blobs.read), look.size)
    beside = app.teller.saved_with(look.format, version, versions)
    data = encoded(picture, look.format, look.compression, **beside)
    return app.teller.tell(data, look.format, version, versions), picture.size


def shown(version: Version, owner: str, look: Look) -> Shown:
    return Shown(owner, version.conversation_id, version.label, look.format, look.compression, look.size)


def options_of(
    app: App, size: tuple[int, int] | None, quality: str | None = None, style: str | None = None,
    steps: int | None = None, seed: int | None = None, count: int | None = None, painter: str = "",
) -> TurnOptions:  # fmt: skip
    """Return a turn's options for what the API calls size, quality and style; `painter` "" is the usual one.

    Raises:
        GenerationError: the painter cannot be loaded.
        ApiError: the steps are more than the painter takes.
    """
    can = (app.turns.painters[painter] if painter else app.turns.painter).capabilities()
    if steps is not None and steps > can.max_steps:
        raise ApiError(
            f"Invalid 'steps': integer above maximum value. Expected a value <= {can.max_steps}, but got {steps} "
            "instead.",
            param="steps", code="integer_above_max_value",
        )  # fmt: skip
    if steps is None and QUALITIES[quality or "auto"][1] != 1:
        steps = min(max(1, round(can.default_steps * QUALITIES[quality or "auto"][1])), can.max_steps)
    guidance = None if style is None or GUIDANCES[style] == 1 else GUIDANCES[style] * can.default_guidance
    return TurnOptions(
        size=nearest_size(size, can) if size else None, steps=steps, guidance=guidance, seed=seed, count=count,
        painter=painter or None, fold=False,
    )  # fmt: skip


def edit_of_unseen(app: App, words: str) -> EditPlan | None:
    """Return the plan of an edit of a person's own picture where nothing can describe it; None where something can.

    Of a picture that it knows nothing about a rewriter cannot say what shall stay: the words are the change.

    Raises:
        MessageError: they are too long for that.
    """
    return direct.exact_edit(words) if app.turns.describe is None and words.strip() else None


def usage_of(words: str, painted: list[tuple[int, int]], given: list[tuple[int, int]]) -> dict[str, object]:
    """Return an answer's usage: words and marks read, squares of 16 pixels painted and looked at. Nothing is billed."""
    text = len(re.findall(r"\w+|[^\w\s]", words))
    looked_at, made_of = (sum(-(-w // PATCH) * -(-h // PATCH) for w, h in sizes) for sizes in (given, painted))
    return {
        "input_tokens": text + looked_at,
        "input_tokens_details": {"text_tokens": text, "image_tokens": looked_at},
        "output_tokens": made_of,
        "output_tokens_details": {"text_tokens": 0, "image_tokens": made_of},
        "total_tokens": text + looked_at + made_of,
    }
