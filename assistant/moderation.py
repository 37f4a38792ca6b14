"""A policy that asks a moderation service as well: words and pictures, by OpenAI's `/moderations`, wherever it is.

Words go through the lists first and are not sent where those refuse. Nothing is sent anywhere unless a person has set
an address; what cannot be asked is not let pass.
"""

from __future__ import annotations

import base64
from typing import Any

import httpx

from assistant.errors import ModelError
from assistant.policy import Allowed, Decision, Level, Refused, WordPolicy

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

    looks_at_pictures = True

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

    def check_picture(self, png: bytes, level: Level = "auto") -> Decision | None:
        """Say whether a picture may be kept. Raises: ModelError: the service cannot be asked."""
        url = f"data:image/png;base64,{base64.b64encode(png).decode()}"
        return self._asked({"type": "image_url", "image_url": {"url": url}}, "picture", level)

    def _with_service(self, decision: Decision, words: str, level: Level) -> Decision:
        if isinstance(decision, Refused):
            return decision
        asked = self._asked({"type": "text", "text": words}, "message", level)
        return asked if isinstance(asked, Refused) else decision

    def _asked(self, item: dict[str, Any], what: str, level: Level) -> Decision:
        categories = self._flagged(item)
        if level == "low":
            categories = [name for name in categories if name in NEVER]
        if not categories:
            return Allowed()
        named = ", ".join(name.replace("/", ": ") for name in categories)
        return Refused(f"The {what} was refused by {self.model} ({named}); ask for another picture.", categories[0])

    def _flagged(self, item: dict[str, Any]) -> list[str]:
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
