"""Any chat model behind OpenAI's protocol: Ollama, llama.cpp, vLLM, LM Studio, or a service of one's own choice.

Knows `/chat/completions` with streaming and JSON schemas, and nothing of plans.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import httpx

from assistant.errors import ModelError
from assistant.llm.chat import ChatMessage

PATIENCE = httpx.Timeout(10, read=120)
"""Seconds: a model that must first be loaded keeps its first word back for long."""


class OpenAIChatModel:
    """A `ChatModel` at an address such as http://127.0.0.1:11434/v1.

    Args:
        address: what stands before `/chat/completions`.
        model: the model's name there.
        key: what the service wants to be sent as a bearer token; "" for none.
    """

    def __init__(self, address: str, model: str, key: str = ""):
        self.address = address.rstrip("/")
        self.model = model
        self.name = model
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    def stream(
        self, messages: Sequence[ChatMessage], schema: dict[str, Any] | None = None, seed: int | None = None
    ) -> Iterator[str]:
        body: dict[str, Any] = {
            "model": self.model,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "stream": True,
            "temperature": 0 if seed is None else 0.7,
        }
        if seed is not None:
            body["seed"] = seed
        if schema is not None:
            body["response_format"] = {"type": "json_schema", "json_schema": {"name": "plan", "schema": schema}}
        try:
            address = f"{self.address}/chat/completions"
            with httpx.stream("POST", address, json=body, headers=self._headers, timeout=PATIENCE) as answer:
                if answer.status_code != 200:
                    answer.read()
                    raise ModelError(
                        f"The rewriter {self.model} at {self.address} answered {answer.status_code} "
                        f"({answer.text.strip()[:200]}); check its name and its key."
                    )
                yield from _pieces(answer.iter_lines())
        except httpx.HTTPError as error:
            raise ModelError(
                f"The rewriter {self.model} at {self.address} cannot be reached ({type(error).__name__}: "
                f"{str(error)[:150]}); start it, or leave --rewriter out for the embedded one."
            ) from error


def _pieces(lines: Iterator[str]) -> Iterator[str]:
    """Return the texts in a stream of server-sent events. Raises: ModelError: one of them is no answer."""
    for line in lines:
        data = line.removeprefix("data:").strip()
        if not line.startswith("data:") or data == "[DONE]":
            continue
        try:
            choices = json.loads(data)["choices"]
            text = choices[0]["delta"].get("content") if choices else None
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise ModelError(f"The rewriter sent what is no answer ({data[:100]}); send the message again.") from error
        if text:
            yield text
