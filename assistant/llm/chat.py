"""The one interface to language models, and a public fake of it. Torch-free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable


@dataclass(frozen=True)
class ChatMessage:
    """One message; `pictures` are files' bytes, given only to models that say they can see."""

    role: Literal["system", "user", "assistant"]
    content: str
    pictures: tuple[bytes, ...] = ()


class ChatModel(Protocol):
    """Answers a conversation with text."""

    name: str

    def stream(
        self, messages: Sequence[ChatMessage], schema: dict[str, Any] | None = None, seed: int | None = None
    ) -> Iterator[str]:
        """Yield the answer in pieces, as they come.

        `schema` is a JSON schema that the answer should follow, for models that can be held to one. `seed` None
        decodes greedily; a number samples with it.

        Raises:
            ModelError: the model cannot answer.
        """
        ...


@runtime_checkable
class SeeingChatModel(ChatModel, Protocol):
    """A chat model that may be able to see the pictures of its messages."""

    def sees(self) -> bool:
        """Say whether pictures may be given to it. Raises: ModelError: it cannot be loaded to find out."""
        ...


class FakeChatModel:
    """A chat model for tests that gives prepared answers in turn, the last one for ever after."""

    name = "fake"

    def __init__(self, answers: Sequence[str], sees: bool = False):
        self.answers = list(answers)
        self.asked: list[tuple[ChatMessage, ...]] = []
        self._sees = sees

    def sees(self) -> bool:
        return self._sees

    def stream(
        self, messages: Sequence[ChatMessage], schema: dict[str, Any] | None = None, seed: int | None = None
    ) -> Iterator[str]:
        self.asked.append(tuple(messages))
        yield self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
