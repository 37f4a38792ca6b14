"""What a person does with the openai package, one call after the other, with whichever version of it is installed.

    python tests/campaigns/client_calls.py OPEN KEYED BREAKING FOLDER

Run by `tests.campaigns.clients` in environments that have that package and nothing of ours, so it imports nothing else.
OPEN, KEYED and BREAKING are the addresses of three servers: one that paints, one that wants a key, one whose painter
breaks. FOLDER has in.png and mask.png. Prints what it watched, a line for each; ends at the first thing that is wrong.
"""

from __future__ import annotations

import base64
import struct
import sys
import threading
import warnings
from pathlib import Path
from typing import Any

import openai
from openai import OpenAI

TOOL: Any = {"type": "image_generation", "partial_images": 2}


def size_of(b64: str | None) -> tuple[int, ...]:
    data = base64.b64decode(b64 or "")
    assert data.startswith(b"\x89PNG"), data[:8]
    return struct.unpack(">II", data[16:24])


def as_said(call: Any) -> bool:
    """Say whether a picture has the size that its call names."""
    return "{}x{}".format(*size_of(call.result)) == call.size


def watched(what: str, is_so: bool, found: object = "") -> None:
    assert is_so, f"{what}: {found}"
    print(f"{what}: {found}" if found != "" else what)


def pictures(client: OpenAI, folder: Path) -> None:
    image, mask = folder / "in.png", folder / "mask.png"
    names = {model.id for model in client.models.list()}
    watched("models lists what tools call us by", {"gpt-image-1", "dall-e-3", "limner"} <= names, len(names))
    made = client.images.generate(model="gpt-image-1", prompt="draw a bunny", size="1024x1024", quality="low", n=2)
    watched("generations", [size_of(one.b64_json) for one in made.data or []] == [(1024, 1024)] * 2, made.usage)
    old = client.images.generate(
        model="dall-e-3", prompt="draw a fox", size="1792x1024", style="natural", quality="hd",
        response_format="b64_json",
    )  # fmt: skip
    watched("generations as of dall-e-3", size_of(old.data[0].b64_json) == (1792, 1024), old.data[0].revised_prompt)  # type: ignore[index]
    by_url = client.images.generate(model="dall-e-2", prompt="draw a fox", size="512x512")
    url = by_url.data[0].url or ""  # type: ignore[index]
    watched("an address that can be read", len(client._client.get(url).content) > 100, url.split("/v1/")[1][:9])
    edited = client.images.edit(image=image.open("rb"), mask=mask.open("rb"), prompt="make it happier")
    watched("an edit with a mask", size_of(edited.data[0].b64_json) == (96, 64))  # type: ignore[index]
    edited = client.images.edit(image=[image.open("rb")], prompt="bluer", model="gpt-image-1", input_fidelity="high")
    watched("an edit of a list of one", size_of(edited.data[0].b64_json) == (96, 64))  # type: ignore[index]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        varied = client.images.create_variation(image=image.open("rb"), n=2, size="256x256", response_format="b64_json")
    watched("variations", [size_of(one.b64_json) for one in varied.data or []] == [(256, 256)] * 2)
    kinds = [e.type for e in client.images.generate(prompt="draw a cat", stream=True, partial_images=2)]
    partial, whole = "image_generation.partial_image", "image_generation.completed"
    watched("partial pictures", kinds == [partial, partial, whole], kinds)
    kinds = [e.type for e in client.images.edit(image=image.open("rb"), prompt="red", stream=True, partial_images=1)]
    watched("partial pictures of an edit", kinds == ["image_edit.partial_image", "image_edit.completed"], kinds)


def conversation(client: OpenAI, folder: Path) -> None:
    previous, acts = None, []
    for words in ("draw a bunny", "make it happier", "give it a hat", "go back to v1", "make it bluer"):
        response = client.responses.create(model="gpt-4.1", input=words, tools=[TOOL], previous_response_id=previous)
        call: Any = next(item for item in response.output if item.type == "image_generation_call")
        assert response.status == "completed" and as_said(call), words
        previous, acts = response.id, [*acts, getattr(call, "action", None)]
    watched("five turns of responses", acts == ["generate", "edit", "edit", "generate", "edit"], acts)
    talk: Any = client.post("/conversations", body={}, cast_to=dict[str, Any])
    more: Any = {"extra_body": {"conversation": talk["id"]}}  # a parameter of its own only in later versions
    calls = []
    for words in ("draw a bunny", "make it happier"):
        response = client.responses.create(model="gpt-4.1", input=words, tools=[TOOL], **more)
        calls += [item for item in response.output if item.type == "image_generation_call"]
    acts = [getattr(call, "action", None) for call in calls]
    watched("two turns of a conversation", acts == ["generate", "edit"], acts)
    named: Any = [{"type": "image_generation_call", "id": calls[0].id}, {"role": "user", "content": "give it a hat"}]
    response = client.responses.create(model="gpt-4.1", input=named, tools=[TOOL])
    call = response.output[0]
    watched("a picture named by its call's id alone", getattr(call, "action", None) == "edit" and as_said(call))
    own, hole = (
        client.files.create(file=(folder / f"{name}.png").open("rb"), purpose="vision").id for name in ("in", "mask")
    )
    shown: Any = [{"role": "user", "content": [
        {"type": "input_text", "text": "make it bluer"},
        {"type": "input_image", "file_id": own, "detail": "auto"},
    ]}]  # fmt: skip
    tool: Any = {"type": "image_generation", "input_image_mask": {"file_id": hole}}
    call = client.responses.create(model="gpt-4.1", input=shown, tools=[tool]).output[0]
    watched("a picture of one's own and its mask, as files", size_of(getattr(call, "result", None)) == (96, 64))
    events = list(
        client.responses.create(
            model="gpt-4.1", input="make it red", tools=[TOOL], previous_response_id=previous, stream=True
        )
    )
    partial = [event for event in events if event.type == "response.image_generation_call.partial_image"]
    watched("a streamed response", events[-1].type == "response.completed", f"{len(events)} events")
    watched("its partial pictures", len(partial) == 2 and all(size_of(event.partial_image_b64) for event in partial))
    numbers = [event.sequence_number for event in events]
    watched("its numbers", numbers == list(range(len(events))))
    with client.responses.stream(model="gpt-4.1", input="draw a dog", tools=[TOOL]) as stream:
        for _ in stream:
            pass
        whole = stream.get_final_response()
    watched("the package's own stream of a response", whole.status == "completed", whole.output_text)
    chat = client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "draw a cat"}])
    watched("a chat", "![v1" in (chat.choices[0].message.content or ""), (chat.choices[0].message.content or "")[:11])


def refused(what: str, call: Any, kind: type[openai.APIError], code: str | None, param: str | None = None) -> None:
    try:
        call()
    except kind as error:
        is_so = (error.code, error.param) == (code, param)
        watched(f"error: {what}", is_so, f"{type(error).__name__} {error.code} {error.param}")
    else:
        raise AssertionError(f"{what} was not refused")


def errors(client: OpenAI, keyed: str, breaking: str, folder: Path) -> None:
    bad, lost, image = openai.BadRequestError, openai.NotFoundError, folder / "in.png"
    generate, respond = client.images.generate, client.responses.create
    cases: list[tuple[str, Any, type[openai.APIError], str | None, str | None]] = [
        ("unknown parameter", lambda: generate(prompt="a", extra_body={"colour": 1}), bad, "unknown_parameter",
         "colour"),
        ("unsupported parameter", lambda: generate(prompt="a", extra_body={"frame_count": 2}), bad,
         "unsupported_parameter", "frame_count"),
        ("size", lambda: generate(prompt="a", size="1000x1000"), bad, "invalid_value", "size"),
        ("background", lambda: generate(prompt="a", background="transparent"), bad, "invalid_value", "background"),
        ("type", lambda: generate(prompt=5), bad, "invalid_type", "prompt"),
        ("no prompt", lambda: client.post("/images/generations", body={}, cast_to=object), bad,
         "missing_required_parameter", "prompt"),
        ("too many", lambda: generate(prompt="a", n=11), bad, "integer_above_max_value", "n"),
        ("too few", lambda: generate(prompt="a", n=0), bad, "integer_below_min_value", "n"),
        ("too long", lambda: generate(prompt="a" * 32_001), bad, "string_above_max_length", "prompt"),
        ("empty", lambda: generate(prompt=""), bad, "empty_string", "prompt"),
        ("moderation", lambda: generate(prompt="draw a swastika"), bad, "moderation_blocked", None),
        ("moderation as of dall-e-3", lambda: generate(prompt="draw a swastika", model="dall-e-3"), bad,
         "content_policy_violation", None),
        ("moderation in a stream", lambda: list(generate(prompt="draw a swastika", stream=True)), openai.APIError,
         "moderation_blocked", None),
        ("what paints nothing", lambda: generate(prompt="go back to v1"), bad, "invalid_prompt", "prompt"),
        ("model", lambda: generate(prompt="a", model="sdxl"), lost, "model_not_found", "model"),
        ("no such model", lambda: client.models.retrieve("sdxl"), lost, "model_not_found", "model"),
        ("no such address", lambda: client.post("/nothing", body={}, cast_to=object), lost, None, None),
        ("no picture", lambda: client.images.edit(image=b"no picture", prompt="a"), bad, "invalid_image_format",
         "image"),
        ("a mask of another size", lambda: client.images.edit(
            image=image.open("rb"), mask=(folder / "small.png").open("rb"), prompt="a"), bad, "invalid_image_format",
         "mask"),
        ("three pictures", lambda: client.images.edit(image=[image.open("rb") for _ in range(3)], prompt="a"), bad,
         "unsupported_value", "image"),
        ("previous response", lambda: respond(model="gpt-5", input="a", previous_response_id="resp_0"), bad,
         "previous_response_not_found", "previous_response_id"),
        ("another tool", lambda: respond(model="gpt-5", input="a", tools=[{"type": "web_search"}]), bad,
         "invalid_value", "tools[0].type"),
        ("no such file", lambda: client.files.retrieve("file-0"), lost, "not_found", None),
        ("no words", lambda: client.chat.completions.create(model="gpt-5", messages=[]), bad, "invalid_value",
         "messages"),
        ("a wrong key", lambda: OpenAI(base_url=keyed, api_key="wrong").models.list(), openai.AuthenticationError,
         "invalid_api_key", None),
        ("a painter that breaks", lambda: OpenAI(base_url=breaking, api_key="none").images.generate(prompt="a"),
         openai.InternalServerError, "server_error", None),
    ]  # fmt: skip
    for case in cases:
        refused(*case)
    once = {"Idempotency-Key": f"once-{openai.__version__}"}
    first = generate(prompt="draw a bear", extra_headers=once)
    watched("the same key and body", first == generate(prompt="draw a bear", extra_headers=once))
    refused("the same key, another body", lambda: generate(prompt="a cat", extra_headers=once), bad,
            "idempotency_key_reused", "Idempotency-Key")  # fmt: skip


def rate_limit(client: OpenAI) -> None:
    """The server lets one request of a person wait: a second one is put off, and the package comes again by itself."""
    first = client.images.generate(prompt="draw a cat", n=4, stream=True)
    limited: openai.RateLimitError | None = None
    try:
        client.with_options(max_retries=0).images.generate(prompt="draw a cat")
    except openai.RateLimitError as error:
        limited = error
    assert limited is not None, "a second one was not put off"
    rest = threading.Thread(target=lambda: list(first))
    rest.start()
    after = limited.response.headers["retry-after"]
    watched("error: too many at once", limited.code == "rate_limit_exceeded", f"retry-after {after}")
    patient = client.with_options(max_retries=10).images.generate(prompt="draw a dog")
    rest.join()
    watched("and tried again by the package itself", bool(patient.data))


def main(address: str, keyed: str, breaking: str, folder: str) -> None:
    client = OpenAI(base_url=address, api_key="none", timeout=120)
    pictures(client, Path(folder))
    conversation(client, Path(folder))
    errors(client, keyed, breaking, Path(folder))
    rate_limit(client)
    print(f"openai {openai.__version__}: all well")


if __name__ == "__main__":
    main(*sys.argv[1:])
