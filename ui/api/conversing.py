"""What a client says in a conversation: words, pictures, and what they go on from; common to responses and chat.

A client sends its history along, or the id of what it goes on from. Pictures of ours in that history name the turn that
painted them, so "make it happier" is an edit in the conversation that the page shows.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.errors import UnknownTurn, UnknownVersion, UploadError
from assistant.messages import TurnOptions, TurnResult, TurnStatus, Version
from assistant.uploads import Upload, read_upload
from ui.api.errors import ApiError
from ui.api.painting import Ask, Begun, check_pictures, edit_of_unseen, failure_of, made, usage_of, versions_of
from ui.api.parameters import MAX_PROMPT
from ui.api.serving import Service
from ui.wiring import App

OUR_PICTURE = re.compile(r"/v1/pictures/([A-Za-z0-9_-]{20,2000})\.[A-Za-z0-9_-]{20,100}")
CALL = re.compile(r"ig_([0-9a-f]{16})_([0-9]{1,2})")
DATA_ADDRESS = re.compile(r"data:image/[a-z0-9.+-]{1,40};base64,", re.IGNORECASE)
NEUTRAL: dict[str, tuple[object, ...]] = {
    "background": (False,), "frequency_penalty": (0,), "include": ([],), "logprobs": (False,), "n": (1,),
    "parallel_tool_calls": (True, False), "presence_penalty": (0,), "service_tier": ("auto", "default"),
    "temperature": (1,), "text": ({"format": {"type": "text"}},), "response_format": ({"type": "text"},),
    "top_p": (1,), "truncation": ("auto", "disabled"), "modalities": (["text"], ["text", "image"], ["image", "text"]),
}  # fmt: skip
"""Values that ask for nothing beyond what happens anyway; programs send them by default. Others are refused by name."""


@dataclass(frozen=True)
class Place:
    """Where a conversation goes on: its id, the turn that the next one follows, and the version that it starts from.

    `turn` is None for the conversation's newest; `version` for what the turn ends on.
    """

    conversation: str
    turn: str | None = None
    version: str | None = None


@dataclass(frozen=True)
class Sent:
    """A picture of a person's own, and the parameter that it came in."""

    data: bytes
    param: str


@dataclass(frozen=True)
class Said:
    """What a client says now: its words, its pictures, and where that goes on, if the history tells.

    `picture` is its own that is changed, if not one of the conversation. Of a second one, `other` is its own, `beside`
    the label of one that is in the conversation.
    """

    words: str
    picture: Upload | None
    place: Place | None
    other: Upload | None = None
    beside: str | None = None

    @property
    def pictures(self) -> int:
        """How many pictures came with the words or before them."""
        return sum(one is not None for one in (self.picture or self.place, self.other or self.beside))


def without_neutral(body: dict[str, Any]) -> dict[str, Any]:
    """Return the body without parameters that ask for nothing.

    Raises:
        ApiError: one of them asks for something that cannot be honoured.
    """
    kept = {}
    for name, value in body.items():
        if name not in NEUTRAL or value is None:
            kept[name] = value
        elif not any(value == neutral and type(value) in _kinds(neutral) for neutral in NEUTRAL[name]):
            allowed = " or ".join(json.dumps(neutral) for neutral in NEUTRAL[name])
            raise ApiError(
                f"Unsupported value: '{name}' does not support {json.dumps(value)[:80]} here. Only {allowed} is "
                "supported.",
                param=name, code="unsupported_value",
            )  # fmt: skip
    return kept


def _kinds(neutral: object) -> tuple[type, ...]:
    """Return the types that a value may have that means the same; True is no 1 here."""
    return (int, float) if type(neutral) is int else (type(neutral),)


class Listener:
    """Reads items and messages one by one, for an owner."""

    def __init__(self, service: Service, owner: str, place: Place | None = None):
        self.service = service
        self.owner = owner
        self.place = place
        self.words: list[str] = []
        self.pictures: list[Sent | Place] = []
        self._heard = self._seen = 0

    def said(self, param: str, mask: str = "") -> Said:
        """Return what was said since the last picture of ours. `mask` names the parameter of one that came, if any did.

        Raises:
            ApiError: nothing was said, too much, or too many pictures came.
        """
        words = "\n".join(text for text in self.words if text.strip())
        if not words:
            raise ApiError(
                f"Invalid '{param}': there are no words in it; say what you would like to see.", param=param,
                code="invalid_value",
            )  # fmt: skip
        if len(words) > MAX_PROMPT:
            raise ApiError(
                f"Invalid '{param}': string too long. Expected a string with maximum length {MAX_PROMPT}, but got a "
                f"string with length {len(words)} instead.",
                param=param, code="string_above_max_length",
            )  # fmt: skip
        check_pictures(len(self.pictures), param, bool(mask), mask=mask)
        first, second = (*self.pictures, None, None)[:2]
        return Said(
            words, _upload(first) if isinstance(first, Sent) else None, self.place,
            _upload(second) if isinstance(second, Sent) else None,
            self._label_of(second) if isinstance(second, Place) else None,
        )  # fmt: skip

    def message(self, role: str, content: Any, where: str) -> None:
        """Take a message of a person's or the assistant's; `content` is words or parts.

        Raises:
            ApiError: it cannot be taken; the part is named.
        """
        if role not in ("user", "assistant"):
            raise ApiError(
                f"Unsupported value: '{where}.role' does not support '{str(role)[:40]}'. The rewriter has a prompt of "
                "its own; only 'user' and 'assistant' are supported.",
                param=f"{where}.role", code="unsupported_value",
            )  # fmt: skip
        self._heard, self._seen = len(self.words), len(self.pictures)
        if not isinstance(content, list):
            content = [{"type": "text", "text": content}]
        for number, part in enumerate(content):
            self._part(role, part, f"{where}.content[{number}]")

    def call(self, call_id: Any, where: str) -> None:
        """Take a reference to a picture that an earlier response painted."""
        place = self._place_of_call(call_id) if isinstance(call_id, str) else None
        if place is None:
            raise ApiError(
                f"Item with id '{str(call_id)[:80]}' not found.", status=404, param=f"{where}.id", code="not_found"
            )
        self._heard, self._seen = len(self.words), len(self.pictures)
        self._go_on(place)

    def _part(self, role: str, part: Any, where: str) -> None:
        kind = part.get("type") if isinstance(part, dict) else None
        match kind:
            case "text" | "input_text" | "output_text" if isinstance(part.get("text"), str):
                if role == "user":
                    self.words.append(part["text"])
                else:
                    self._look_for_pictures(part["text"])
            case "refusal" if role == "assistant":
                pass
            case "input_image" | "image_url":
                address = part.get("image_url")
                detail = (address if isinstance(address, dict) else part).get("detail")
                if detail not in (None, "auto", "high", "original"):
                    raise ApiError(
                        f"Unsupported value: '{where}.detail' does not support '{str(detail)[:40]}': pictures are "
                        "looked at whole.",
                        param=f"{where}.detail", code="unsupported_value",
                    )  # fmt: skip
                address = address.get("url") if isinstance(address, dict) else address
                self._picture(address, part.get("file_id"), where)
            case _:
                raise ApiError(
                    f"Invalid value: '{str(kind)[:40]}'. Supported values are: 'input_text', 'input_image', 'text' and "
                    "'image_url', with their fields.",
                    param=f"{where}.type", code="invalid_value",
                )  # fmt: skip

    def _picture(self, address: Any, file_id: Any, where: str) -> None:
        """Take a picture: one of ours, which goes on from itself, or a person's own."""
        found = OUR_PICTURE.search(address) if isinstance(address, str) else None
        if found and (place := self._place_of(found[1])):
            shown = self.pictures[self._seen :]
            if any(isinstance(one, Place) for one in shown):
                if self.place is None or place.conversation != self.place.conversation:
                    raise ApiError(
                        f"Invalid '{where}.image_url': the pictures of one message are of two conversations; send the "
                        "second as a data address.",
                        param=f"{where}.image_url", code="invalid_value",
                    )  # fmt: skip
                self.pictures.append(place)
                return
            self._go_on(place)
            self.pictures = [*shown, place]
            return
        data = picture_bytes(self.service, self.owner, address, file_id, where)
        self.pictures.append(Sent(data, where))

    def _look_for_pictures(self, text: str) -> None:
        for found in OUR_PICTURE.finditer(text):
            if place := self._place_of(found[1]):
                self._go_on(place)

    def _go_on(self, place: Place) -> None:
        """Forget what was said before this message: it is in the picture's conversation already."""
        self.place = place
        del self.words[: self._heard]
        self._heard = self._seen = 0
        self.pictures.clear()

    def _label_of(self, place: Place) -> str | None:
        """Return the label of the version at a place."""
        return place.version or (self.service.app.store.turn(place.turn, self.owner).ends_on if place.turn else None)

    def _place_of_call(self, call_id: str) -> Place | None:
        """Return where an earlier call's picture is, if there is one and it is this person's."""
        found = CALL.fullmatch(call_id)
        try:
            turn = self.service.app.store.turn(found[1], self.owner) if found else None
        except UnknownTurn:
            return None
        labels = turn.made or (turn.ends_on,) if turn else ()
        if not found or not turn or int(found[2]) >= len(labels):
            return None
        label = labels[int(found[2])]
        return Place(turn.conversation_id, turn.id, label if label != turn.ends_on else None)

    def _place_of(self, token: str) -> Place | None:
        """Return where the picture of an address is, if it is this person's; the address's signature may be old."""
        try:
            told = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
            version = self.service.app.store.version(told["conversation"], told["label"], self.owner)
        except (ValueError, KeyError, TypeError, RecursionError, UnknownTurn, UnknownVersion):
            return None
        turns = self.service.app.turns.history(version.conversation_id, self.owner)
        if ends := [turn.id for turn in turns if turn.ends_on == version.label]:
            return Place(version.conversation_id, ends[-1])
        maker = next(turn.id for turn in turns if version.label in turn.made)
        return Place(version.conversation_id, maker, version.label)


def ask_of(
    app: App, owner: str, said: Said, options: TurnOptions, key: str | None, body: str, mask: bytes | None = None
) -> Ask:
    """Return the turn that takes what was said, where it goes on."""
    place = said.place or Place("")
    own = said.picture is not None and options.act != "create"
    return Ask(
        owner, said.words, options, edit_of_unseen(app, said.words) if own else None,
        conversation=place.conversation or None, parent=place.turn, version=place.version, picture=said.picture,
        other=said.other, beside=said.beside, mask=mask, key=key, body=body,
    )  # fmt: skip


def answered(app: App, turn: Begun) -> tuple[TurnResult, dict[str, Version]]:
    """Return what became of a turn, and its conversation's versions by label.

    Raises:
        ApiError: the turn failed or was refused.
    """
    result = app.turns.result(turn.turn, turn.owner)
    if result.status is not TurnStatus.DONE or result.act == "refuse":
        raise failure_of(app, turn, result)
    return result, versions_of(app, result.conversation, turn.owner)


def shown_by(result: TurnResult, versions: Mapping[str, Version]) -> tuple[Version, ...]:
    """Return the versions that a turn made, or the one that it went back to."""
    if result.act == "return" and result.version:
        return (versions[result.version],)
    return made(result, versions)


def read_and_written(result: TurnResult, versions: Mapping[str, Version]) -> tuple[int, int]:
    """Return how many tokens a turn read and wrote, as the answers' usage has it."""
    painted = [(version.width, version.height) for version in made(result, versions)]
    counted: dict[str, Any] = usage_of(result.message, painted, [])
    replied: dict[str, Any] = usage_of(result.reply, [], [])
    return counted["input_tokens"], counted["output_tokens"] + replied["input_tokens"]


def _upload(sent: Sent) -> Upload:
    """Raises: ApiError: it is no picture that can be taken; the parameter is named."""
    try:
        return read_upload(sent.data)
    except UploadError as error:
        raise ApiError(str(error), param=sent.param, code="invalid_image_format") from error


def picture_bytes(service: Service, owner: str, address: Any, file_id: Any, where: str) -> bytes:
    """Return a picture that came as a data address or as the id of a file that was sent. Nothing is ever fetched.

    Raises:
        ApiError: it is neither.
    """
    app = service.app
    if isinstance(file_id, str):
        return app.blobs.read(app.sent.file(file_id, owner, app.turns.clock()).digest)
    if isinstance(address, str) and (head := DATA_ADDRESS.match(address)):
        try:
            return base64.b64decode(address[head.end() :], validate=True)
        except (binascii.Error, ValueError) as error:
            raise ApiError(
                f"Invalid '{where}.image_url': it is no base64.", param=f"{where}.image_url",
                code="invalid_base64_image",
            ) from error  # fmt: skip
    raise ApiError(
        f"Invalid '{where}.image_url': pictures are not fetched from addresses; send a data address "
        "(data:image/png;base64,…) or a file_id.",
        param=f"{where}.image_url", code="invalid_image_url",
    )  # fmt: skip
