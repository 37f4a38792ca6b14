"""From a conversation to a plan, by a language model: the one way in which words become plans.

Knows how a conversation reads as text and what a plan looks like, not which model answers and nothing of painting or
storage. What a model answers is validated, asked for once more, or reported; it is never guessed at or repaired.
No torch, no gradio, no web.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError
from pydantic_core import from_json

from assistant.errors import BlobError, PlanError
from assistant.llm.chat import ChatMessage, ChatModel, SeeingChatModel
from assistant.messages import (
    MOST_PICTURES,
    PLAN,
    ConversationPath,
    PathTurn,
    PathVersion,
    Plan,
)
from assistant.references import meant

LOG = logging.getLogger(__name__)
SYSTEM_PROMPT_VERSION = 7
"""Named in every recipe that was planned with it; a changed text is another version."""
SYSTEM_PROMPT_FILE = Path(__file__).parent / "prompts" / f"rewriter-{SYSTEM_PROMPT_VERSION}.md"
"""For chat models that were not trained on these conversations: see `instructed`."""
THOUGHT = "</think>"
"""What ends the thoughts of models that think aloud before they answer."""

PLAN_KEYS = (
    "act",
    "targets",
    "change",
    "region",
    "strength",
    "direction",
    "shape",
    "removed",
    "reply",
    "prompt",
    "title",
)
"""The order in which the system prompt asks for them; what decides comes before what is long."""

MESSAGE_BYTES = 900
PROMPT_BYTES = 1_200
EARLIER_BYTES = 1_500
"""Together about 900 tokens of the embedded rewriter, whose context is 1,024."""
LINE_WORDS = 24
LATEST_TURNS = 2
CUT = " [...] "
RETRY_SEED = 1

OnStatement = Callable[[str], None]


def _ignore(statement: str) -> None:
    pass


class Rewriter(Protocol):
    """Turns a conversation into a plan. `weights` names what answers, for recipes and reports."""

    name: str
    weights: str

    def plan(self, path: ConversationPath, on_statement: OnStatement = _ignore) -> Plan:
        """Return one validated plan for the path's message.

        Args:
            path: the conversation so far and the new message.
            on_statement: called as early as can be with one line that states the plan; again, should the plan's end
                tell otherwise.

        Raises:
            PlanError: the model gave no valid plan.
            ModelError: the model cannot answer.
        """
        ...


class ModelRewriter:
    """A rewriter over any chat model.

    Args:
        look: returns a picture's bytes by its digest, to be shown to a model that can see; None shows nothing.
    """

    def __init__(
        self, model: ChatModel, system_prompt: str = "", weights: str = "", look: Callable[[str], bytes] | None = None
    ):
        self.model = model
        self.name = model.name
        self.system_prompt = system_prompt
        self.weights = weights
        self.look = look

    def plan(self, path: ConversationPath, on_statement: OnStatement = _ignore) -> Plan:
        messages = [ChatMessage("system", self.system_prompt)] if self.system_prompt else []
        # What the embedded rewriter reads is what it was trained on, and it has no system prompt.
        words = render_path(path, instructed=bool(self.system_prompt))
        messages.append(ChatMessage("user", words, self._seen(path)))
        announce = _Announcer(on_statement)
        answer = self._answer(messages, None, path, announce)
        try:
            return _validated(answer, announce, path)
        except ValidationError as error:
            messages.append(ChatMessage("assistant", answer))
            messages.append(
                ChatMessage("user", f"That was not a valid plan: {_why(error)}. Answer with the plan alone.")
            )
        answer = self._answer(messages, RETRY_SEED, path, announce)
        try:
            return _validated(answer, announce, path)
        except ValidationError as error:
            raise PlanError(
                f"The rewriter {self.name} gave no valid plan in two tries ({_why(error)}); say it in other words."
            ) from error

    def _seen(self, path: ConversationPath) -> tuple[bytes, ...]:
        """Return the current picture for a model that can see; nothing where the words must do."""
        current = path.version(path.current) if path.current else None
        if self.look is None or current is None or not current.image:
            return ()
        if not isinstance(self.model, SeeingChatModel) or not self.model.sees():
            return ()
        try:
            return (self.look(current.image),)
        except BlobError as error:  # its description is still there
            LOG.warning("the rewriter sees no picture: %s", error)
            return ()

    def _answer(
        self, messages: list[ChatMessage], seed: int | None, path: ConversationPath, announce: _Announcer
    ) -> str:
        text = ""
        for piece in self.model.stream(messages, schema=plan_schema(), seed=seed):
            text += piece
            if not announce.said and (statement := partial_statement(text, path)):
                announce(statement)
        return text


def plan_schema() -> dict[str, Any]:
    """Return the JSON schema of a plan as models are asked for it.

    Most servers that hold a model to a schema have it write the keys in the schema's order, so they stand in ours
    (Ollama's runner takes them by the alphabet, and a plan is stated again where its end tells otherwise). Long
    bounds are left out: llama.cpp makes a rule of each letter that may come. What comes is validated with all bounds.
    """
    schema = PLAN.json_schema()
    for plan in schema["$defs"].values():
        keys = plan["properties"]
        del keys["schema_version"]
        ordered = [key for key in PLAN_KEYS if key in keys] + [key for key in keys if key not in PLAN_KEYS]
        plan["properties"] = {key: {k: v for k, v in keys[key].items() if k != "maxLength"} for key in ordered}
        plan["required"] = ["act", *(key for key in ordered if key in plan.get("required", ()) and key != "act")]
    return schema


def instructed(model: ChatModel, look: Callable[[str], bytes] | None = None) -> ModelRewriter:
    """Return a rewriter over a chat model that was not trained on these conversations: it is told what a plan is."""
    rewriter = ModelRewriter(model, SYSTEM_PROMPT_FILE.read_text("utf-8"), look=look)
    rewriter.name = f"{model.name} (system prompt {SYSTEM_PROMPT_VERSION})"
    return rewriter


class FakeRewriter:
    """A rewriter for tests: a plain function gives the plans."""

    name = "fake"
    weights = "fake"

    def __init__(self, plans: Callable[[ConversationPath], Plan]):
        self.plans = plans
        self.asked: list[ConversationPath] = []

    def plan(self, path: ConversationPath, on_statement: OnStatement = _ignore) -> Plan:
        self.asked.append(path)
        plan = self.plans(path)
        on_statement(statement_of(plan, path))
        return plan


def render_path(path: ConversationPath, instructed: bool = False) -> str:
    """Return the path as compact text: a line for each older version and late turn, the current prompt, the message.

    The oldest lines are left out first when there is no room. Versions that the message may mean
    (`assistant.references`) are shown whole, like the current one. A model that is `instructed` knows lines that the
    embedded one was not trained on: what pictures are called, and the phrases that are locked, in quotation marks.
    """
    named = meant(path)
    whole = [version for version in path.versions if version.label in named]
    lines = [_version_line(v) for v in path.versions if v.label != path.current]
    lines += [_turn_line(t) for t in path.turns[-LATEST_TURNS:]]
    shown: list[str] = []
    room = EARLIER_BYTES
    for line in reversed(lines):
        room -= len(line.encode()) + 1
        if room < 0:
            break
        shown.insert(0, line)
    shown += [f"whole {v.label}: {_clipped(v.prompt, PROMPT_BYTES // 2)}" for v in whole]
    current = path.version(path.current) if path.current else None
    shown.append(f"now {_heading(current)}: {_clipped(current.prompt, PROMPT_BYTES)}" if current else "now nothing")
    if instructed and (called := [f"{v.label} “{_one_line(v.name)}”" for v in path.versions if v.name]):
        shown.append(f"called: {_clipped('; '.join(called), EARLIER_BYTES)}")
    if instructed and path.locked:
        shown.append(f"locked: {'; '.join(f'“{_one_line(phrase)}”' for phrase in path.locked)}")
    shown.append(f"say: {_clipped(path.message, MESSAGE_BYTES)}")
    return "\n".join(shown)


def partial_statement(text: str, path: ConversationPath) -> str:
    """Return the line that states the plan whose JSON has begun, or "" while it cannot be told."""
    text = text.rpartition(THOUGHT)[2]
    start = text.find("{")
    if start < 0 or text.lstrip().startswith("<think>"):
        return ""
    try:
        fields = from_json(text[start:], allow_partial=True)
    except ValueError:
        return ""
    act = fields.get("act") if isinstance(fields, dict) else None
    later = any(f'"{key}"' in text for key in ("removed", "reply", "prompt")) or text.rstrip().endswith("}")
    if act in ("create", "edit", "vary") and not ("count" in fields or later):
        return ""  # how many pictures it is may come yet
    if act in ("return", "describe", "extend", "merge", "upscale") and not (fields.get("targets") or later):
        return ""
    return _statement(fields, path) if isinstance(act, str) else ""


def statement_of(plan: Plan, path: ConversationPath) -> str:
    """Return one line that states a plan: "Editing v1: the bunny's face"."""
    return _statement(plan.model_dump(), path)


def _statement(fields: dict[str, Any], path: ConversationPath) -> str:
    targets = " and ".join(fields.get("targets") or ()) or path.current or "the picture"
    number = fields.get("count")  # of a plan that is not yet known to be one
    count = number if isinstance(number, int) and 1 < number <= MOST_PICTURES else 1
    match fields["act"]:
        case "create":
            return f"Painting {count} new pictures" if count > 1 else "Painting a new picture"
        case "edit":
            what = fields.get("region") or fields.get("change") or "the picture"
            return f"Editing {targets} in {count} ways: {what}" if count > 1 else f"Editing {targets}: {what}"
        case "vary":
            how = "nearly the same" if fields.get("strength") == "subtle" else "another way"
            return f"Painting {targets} {count} times more, {how}" if count > 1 else f"Painting {targets} again, {how}"
        case "return":
            return f"Going back to {targets}"
        case "describe":
            return f"Describing {targets}"
        case "extend":
            return f"Extending {targets}{_whither(fields)}"
        case "merge":
            return f"Merging {targets}{': ' if fields.get('region') else ''}{fields.get('region') or ''}"
        case "upscale":
            return f"Enlarging {targets}"
        case "ask":
            return "Asking back"
        case _:
            return "Answering"


def _whither(fields: dict[str, Any]) -> str:
    if fields.get("shape"):
        return f" to {fields['shape']}"
    return {"left": " to the left", "right": " to the right", "up": " upwards", "down": " downwards"}.get(
        fields.get("direction") or "", ""
    )


class _Announcer:
    """Passes a statement on, and another only where that one was wrong."""

    def __init__(self, on_statement: OnStatement):
        self.on_statement = on_statement
        self.said = ""

    def __call__(self, statement: str) -> None:
        if statement != self.said:
            self.said = statement
            self.on_statement(statement)


def _validated(answer: str, announce: _Announcer, path: ConversationPath) -> Plan:
    """Return the plan in an answer; thoughts before it and words round it are let pass, nothing inside is."""
    answer = answer.rpartition(THOUGHT)[2]
    start, end = answer.find("{"), answer.rfind("}")
    plan = PLAN.validate_json(answer[start : end + 1] if 0 <= start < end else answer)
    announce(statement_of(plan, path))
    return plan


def _why(error: ValidationError) -> str:
    problems = []
    for problem in error.errors(include_url=False)[:3]:
        where = ".".join(str(part) for part in problem["loc"])
        problems.append(f"{where}: {problem['msg']}" if where else str(problem["msg"]))
    return "; ".join(problems)


def _version_line(version: PathVersion) -> str:
    return f"{_heading(version)}: {_first_words(version.change or version.prompt, LINE_WORDS)}"


def _heading(version: PathVersion) -> str:
    return f"{version.label} < {' '.join(version.parents)}" if version.parents else version.label


def _turn_line(turn: PathTurn) -> str:
    return f"said: {_first_words(turn.message, LINE_WORDS)} > {turn.act} {turn.ended_on or 'nothing'}"


def _first_words(text: str, limit: int) -> str:
    found = _one_line(text).split()
    return _clipped(" ".join(found[:limit]) + (" ..." if len(found) > limit else ""), 240)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _clipped(text: str, limit: int) -> str:
    """Return the text on one line; where it is longer than `limit` bytes, its middle gives way to a visible cut."""
    text = _one_line(text)
    raw = text.encode()
    if len(raw) <= limit:
        return text
    head = raw[: limit * 2 // 3].decode(errors="ignore").rstrip()
    tail = raw[-(limit // 4) :].decode(errors="ignore").lstrip()
    return head + CUT + tail
