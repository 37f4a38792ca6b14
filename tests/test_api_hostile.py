"""Bodies that nobody means: whatever comes, the answer is a good one or an error in OpenAI's shape that is not ours."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.serving import Site
from tests.test_api_images import error_of

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
WORDS = st.sampled_from(
    [
        "", "a\0b", "half \ud800", "draw a cat", "make it red", "auto", "user", "assistant", "text", "input_text",
        "input_image", "image_url", "message", "image_generation", "image_generation_call", "item_reference", "vision",
        "resp_\0", "conv_0", "file-0", "file-\ud800", "ig_0123456789abcdef_0", "ig_0", "1024x1024", "9" * 5000,
        "limner", "data:image/png;base64,AAAA", "data:image/png;base64,\ud800",
        f"http://x/v1/pictures/{'W' * 400}.{'x' * 40}",
    ]
)  # fmt: skip
NAMES = st.sampled_from(
    [
        "model", "prompt", "input", "messages", "role", "content", "type", "text", "image_url", "url", "file_id", "id",
        "tools", "size", "n", "stream", "previous_response_id", "conversation", "metadata", "store", "temperature",
        "action", "input_image_mask", "Prompt", "str", "", "half \ud800",
    ]
)  # fmt: skip
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
GOOD: dict[str, dict[str, Any]] = {
    "/images/generations": {"prompt": "draw a cat"},
    "/responses": {"model": "limner", "input": "draw a cat"},
    "/chat/completions": {"model": "limner", "messages": [{"role": "user", "content": "draw a cat"}]},
    "/conversations": {},
}
PART = st.dictionaries(st.sampled_from(["type", "text", "image_url", "file_id", "detail"]), VALUES, max_size=4)
ITEM = st.fixed_dictionaries({"role": st.just("user"), "content": st.lists(PART, min_size=1, max_size=2)}) | (
    st.fixed_dictionaries({"type": WORDS, "id": VALUES})
)


BODIES: dict[str, st.SearchStrategy[Any]] = {
    "path": st.sampled_from(sorted(GOOD)), "odd": st.dictionaries(NAMES, VALUES, max_size=3),
    "items": st.none() | st.lists(ITEM, min_size=1, max_size=3),
}  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True)
@given(**BODIES)
def test_no_body_breaks_the_server(site: Site, path: str, odd: dict[str, Any], items: list[Any] | None) -> None:
    try_body(site, path, odd, items)


@pytest.mark.long
@settings(max_examples=3_000, deadline=None)
@given(**BODIES)
def test_no_body_breaks_the_server_in_3000_tries(
    site: Site, path: str, odd: dict[str, Any], items: list[Any] | None
) -> None:
    try_body(site, path, odd, items)


def try_body(site: Site, path: str, odd: dict[str, Any], items: list[Any] | None) -> None:
    body = {**GOOD[path], **odd}
    if items is not None:
        body["messages" if "chat" in path else "input"] = items
    answer = httpx.post(
        f"{site.address}/v1{path}", content=json.dumps(body), headers={"content-type": "application/json"}, timeout=60
    )
    assert answer.status_code in (200, 400, 404), (body, answer.text)
    if answer.status_code != 200:
        assert error_of(answer)["message"]


@pytest.mark.parametrize("path", ["/files/file-%00", "/files/%ED%A0%80", "/conversations/conv_%00", "/models/%00"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_no_name_breaks_the_server(site: Site, method: str, path: str) -> None:
    answer = httpx.request(method, f"{site.address}/v1{path}")
    assert answer.status_code in (404, 405)
    assert error_of(answer)["message"]
