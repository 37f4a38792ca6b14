"""Every parameter that the installed openai package knows is taken, or refused by its name; so are its values."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any

import pytest
from openai import BadRequestError, OpenAI
from openai.types import (
    ImageModel,
    file_create_params,
    image_create_variation_params,
    image_edit_params,
    image_generate_params,
)
from openai.types.chat import completion_create_params
from openai.types.responses import response_create_params, tool_param
from openai.types.shared import ChatModel

from captioner.request import FakeCaptioner
from tests.fakes import build_with_fakes
from tests.serving import serving
from tests.test_api_images import png
from ui.api.models import NAMES
from ui.settings import Settings
from ui.wiring import App

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

NO_SUCH_VALUE = {"no": ["such value"]}
ELSEWHERE = ("audio", "search", "codex", "preview", "gpt-4-", "gpt-3.5", "o1", "o3-mini")
"""What names models of the package that never had the `image_generation` tool."""
TALK = {"model": "limner", "messages": [{"role": "user", "content": "draw a cat"}]}
RESPONSE = {"model": "limner", "input": "draw a cat"}
CALLS: dict[str, tuple[type, str, dict[str, Any], tuple[str, ...]]] = {
    "generations": (image_generate_params.ImageGenerateParamsBase, "/images/generations", {"prompt": "a cat"}, ()),
    "edits": (image_edit_params.ImageEditParamsBase, "/images/edits", {"prompt": "bluer"}, ("image",)),
    "variations": (image_create_variation_params.ImageCreateVariationParams, "/images/variations", {}, ("image",)),
    "files": (file_create_params.FileCreateParams, "/files", {"purpose": "vision"}, ("file",)),
    "chat": (completion_create_params.CompletionCreateParamsBase, "/chat/completions", TALK, ()),
    "responses": (response_create_params.ResponseCreateParamsBase, "/responses", RESPONSE, ()),
    "the tool": (tool_param.ImageGeneration, "/responses", RESPONSE, ()),
}
"""What the package sends where, with the least that is to be sent and what is sent as a file."""


def values_of(kind: Any) -> Iterator[str]:
    """Yield the words that a parameter's type lists."""
    if typing.get_origin(kind) is typing.Literal:
        yield from typing.get_args(kind)
    for inner in typing.get_args(kind) if typing.get_origin(kind) is not typing.Literal else ():
        yield from values_of(inner)


def send(client: OpenAI, call: str, name: str, value: Any) -> BadRequestError | None:
    """Send a request with one parameter set; return how it was refused, None if it was taken."""
    _, address, least, files = CALLS[call]
    body = {**least, name: value}
    if call == "the tool":
        body = {**least, "tools": [{"type": "image_generation", name: value}]}
    sent: dict[str, Any] = {"body": body}
    if files or (name in ("image", "mask", "markup") and call in ("edits", "variations")):
        body = {key: one for key, one in body.items() if key not in files}
        sent = {"body": body, "files": {file: ("a.png", png()) for file in files}}
        sent["options"] = {"headers": {"Content-Type": "multipart/form-data"}}
    try:
        client.post(address, cast_to=object, **sent)
    except BadRequestError as error:
        return error
    return None


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenAI]:
    def build(settings: Settings) -> App:
        return build_with_fakes(settings, captioner=FakeCaptioner())

    with serving(tmp_path_factory.mktemp("data"), build) as site, site.client() as client:
        yield client


@pytest.mark.parametrize("call", CALLS)
def test_no_parameter_of_the_package_is_unknown_and_what_is_refused_is_named(client: OpenAI, call: str) -> None:
    hints = typing.get_type_hints(CALLS[call][0])
    assert len(hints) > 2
    for name in hints:
        if name in CALLS[call][3]:
            continue
        refused = send(client, call, name, NO_SUCH_VALUE)
        assert refused is not None, f"{name}: no address takes {NO_SUCH_VALUE}, and nothing may be dropped in silence"
        what = (refused.param or "").removeprefix("tools[0].")
        assert what == name or what.startswith((f"{name}.", f"{name}[")), f"{name}: {refused.message}"
        assert what != name or refused.code != "unknown_parameter", f"{name}: {refused.message}"


@pytest.mark.parametrize("call", ["generations", "edits", "variations", "the tool"])
def test_every_value_that_the_package_lists_is_taken_or_refused_by_name(client: OpenAI, call: str) -> None:
    taken, refused = set(), set()
    for name, kind in typing.get_type_hints(CALLS[call][0]).items():
        for value in values_of(kind):
            error = send(client, call, name, value)
            if error is None:
                taken.add((name, value))
            else:
                assert name in (error.param or "") and error.code in ("invalid_value", "unsupported_parameter"), value
                refused.add((name, value))
    cannot = {("background", "transparent"), ("output_format", "gif"), ("output_format", "svg")}
    cannot |= {("complexity", how_far) for how_far in ("low", "medium", "high")}
    no_picture = {("action", "edit")} if call == "the tool" else set()
    assert refused == (set() if call == "variations" else cannot | no_picture)
    assert len(taken) > 15


def test_the_names_that_the_package_has_for_models_are_ours() -> None:
    assert set(values_of(ImageModel)) <= set(NAMES)
    talkers = {name for name in values_of(ChatModel) if not any(word in name for word in ELSEWHERE)} - {"gpt-4"}
    assert "gpt-6.2-astra" in talkers and talkers <= set(NAMES), sorted(talkers - set(NAMES))
