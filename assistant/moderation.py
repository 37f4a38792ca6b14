"""A policy that asks a moderation service as well: words and pictures, by OpenAI's `/moderations`, wherever it is.

Words go through the lists first and are not sent where those refuse. Pictures are sent no larger than they need be
seen, and nothing of them is shown before they are finished and have been let pass. Nothing is sent anywhere unless a
person has set an address; what cannot be asked is not let pass.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import httpx

from assistant.errors import ModelError
from assistant.llm.seeing import shown
from assistant.policy import Allowed, Decision, Level, PictureStage, Refused, WordPolicy
from assistant.policy_pictures import refused_by

PATIENCE = httpx.Timeout(10, read=30)
MODEL = "omni-moderation-latest"
UNNAMED = "something that it does not name"
NEVER = frozenset(
    {
        "sexual/minors", "hate", "hate/threatening", "harassment/threatening", "self-harm/intent",
        "self-harm/instructions", "illicit/violent", UNNAMED,
    }
)  # fmt: skip
"""What is refused at the level `low`, too."""


class ServicePolicy:
    """A `Policy` of lists and a service at an address such as https://api.openai.com/v1.

    Args:
        address: what stands before `/moderations`.
        key: what the service wants to be sent as a bearer token; "" for none.
        model: the model's name there.
        words: what reads words before they are sent; None takes the lists alone.
    """

    def __init__(self, address: str, key: str = "", model: str = MODEL, words: WordPolicy | None = None):
        self.address = address.rstrip("/")
        self.model = model
        self._words = words or WordPolicy()
        self.name = f"{self._words.name} and {model}"
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    def check_message(self, message: str, level: Level = "auto") -> Decision:
        """Say whether the message may go to the rewriter. Raises: ModelError: the service cannot be asked."""
        return self._with_service(self._words.check_message(message, level), message, level)

    def check_prompt(self, prompt: str, level: Level = "auto") -> Decision:
        """Say whether the prompt may go to the painter. Raises: ModelError: the service cannot be asked."""
        return self._with_service(self._words.check_prompt(prompt, level), prompt, level)

    def check_pictures(
        self, pictures: Sequence[bytes], stage: PictureStage, level: Level = "auto"
    ) -> Sequence[Decision]:
        """Say of each picture whether it may be kept. Raises: ModelError: the service cannot be asked."""
        return [self._of_picture(picture, stage, level) for picture in pictures]

    def may_show(self, preview: bytes, level: Level = "auto") -> bool:
        """No: asking of every preview would take longer than painting it."""
        return False

    def _of_picture(self, picture: bytes, stage: PictureStage, level: Level) -> Decision:
        url = f"data:image/png;base64,{base64.b64encode(shown(picture)).decode()}"
        found = self._flagged({"type": "image_url", "image_url": {"url": url}}, level)
        if not found:
            return Allowed(self.model)
        return Refused(refused_by(self.model, _named(found), stage), found[0], self.model)

    def _with_service(self, decision: Decision, words: str, level: Level) -> Decision:
        if isinstance(decision, Refused):
            return decision
        found = self._flagged({"type": "text", "text": words}, level)
        if found:
            reason = f"The message was refused by {self.model} ({_named(found)}); ask for another picture."
            return Refused(reason, found[0], self.model)
        return replace(decision, by=self.name) if isinstance(decision, Allowed) else decision

    def _flagged(self, item: dict[str, Any], level: Level) -> list[str]:
        """Return the categories that the service finds and that count at a level. Raises: ModelError."""
        return [name for name in self._found(item) if level != "low" or name in NEVER]

    def _found(self, item: dict[str, Any]) -> list[str]:
        """Return the categories that the service finds, none where it flags nothing. Raises: ModelError."""
        try:
            answer = httpx.post(
                f"{self.address}/moderations", json={"model": self.model, "input": [item]}, headers=self._headers,
                timeout=PATIENCE,
            )  # fmt: skip
            if answer.status_code != 200:
                raise ModelError(
                    f"The moderation service {self.address} answered {answer.status_code} "
                    f"({answer.text.strip()[:200]}); check its address and its key, or leave LIMNER_MODERATION out."
                )
            result = answer.json()["results"][0]
            found = [str(name) for name, is_so in result["categories"].items() if is_so]
            return (found or [UNNAMED]) if result["flagged"] else []
        except httpx.HTTPError as error:
            raise ModelError(
                f"The moderation service {self.address} cannot be reached ({type(error).__name__}); start it, or leave "
                "LIMNER_MODERATION out."
            ) from error
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise ModelError(
                f"The moderation service {self.address} sent what is no answer; check its address."
            ) from error


def _named(categories: Sequence[str]) -> str:
    return ", ".join(name.replace("/", ": ") for name in categories)
