"""/v1/openapi.json: a document of its own, which says of bodies what the server then takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from tests.serving import Site
from tests.test_api_images import posted

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def document(site: Site) -> dict[str, Any]:
    return dict(httpx.get(f"{site.address}/v1/openapi.json").json())


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for one in part.values():
            yield from references(one)
    elif isinstance(part, list):
        for one in part:
            yield from references(one)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = set(references(document))
    assert "#/components/schemas/ErrorBody" in found
    for reference in found:
        place: Any = document
        assert reference.startswith("#/"), reference
        for step in reference[2:].split("/"):
            assert step in place, reference
            place = place[step]


@pytest.mark.parametrize(
    ("path", "body", "taken"),
    [
        ("/responses", {"model": "limner", "input": "draw a cat"}, True),
        (
            "/responses",
            {"model": "limner", "input": "draw a cat", "tools": [{"type": "image_generation", "quality": "low"}]},
            True,
        ),
        ("/responses", {"model": "limner", "input": "x", "tools": [{"type": "web_search"}]}, False),
        ("/responses", {"model": "limner", "input": "x", "conversation": {"id": 5}}, False),
        ("/chat/completions", {"model": "limner", "messages": [{"role": "user", "content": "draw a cat"}]}, True),
        ("/chat/completions", {"model": "limner", "messages": [], "stream_options": {"colour": 1}}, False),
        ("/images/generations", {"prompt": "a cat", "n": 11}, False),
    ],
)
def test_bodies_are_taken_as_described(
    site: Site, document: dict[str, Any], path: str, body: dict[str, Any], taken: bool
) -> None:
    described = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert Draft202012Validator(described).is_valid(body) == taken
    answer = posted(site, path, **body)
    assert (answer.status_code == 200) == taken, answer.text


def test_answers_are_as_described(site: Site, document: dict[str, Any]) -> None:
    for path, body in (
        ("/images/generations", {"prompt": "a cat"}),
        ("/responses", {"model": "limner", "input": "draw a cat"}),
        ("/chat/completions", {"model": "limner", "messages": [{"role": "user", "content": "draw a cat"}]}),
        ("/conversations", {}),
    ):
        described = document["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
        Draft202012Validator(described).validate(posted(site, path, **body).json())


def test_a_form_says_its_file(document: dict[str, Any]) -> None:
    for path, name in (("/files", "file"), ("/images/edits", "image"), ("/images/variations", "image")):
        schema = document["paths"][path]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
        assert name in schema["required"]
        assert schema["properties"][name]["format"] == "binary"
