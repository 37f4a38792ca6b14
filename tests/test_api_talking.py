"""/v1/responses, /v1/chat/completions, /v1/conversations and /v1/files with the real openai package."""

from __future__ import annotations

import base64
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from openai import OpenAI
from PIL import Image

from assistant.errors import UnknownFile
from assistant.messages import ConversationPath, CreatePlan, EditPlan, Plan, Version
from assistant.rewriter import FakeRewriter
from generation.request import FakePainter
from tests.fakes import SlowPainter, build_with_fakes, fake_plan
from tests.serving import Site, serving
from tests.test_api_images import error_of, picture_of, png, posted, right_half_mask
from ui.settings import Settings
from ui.wiring import App, build

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
TOOL: dict[str, Any] = {"type": "image_generation"}


def calls(response: Any) -> list[Any]:
    return [item for item in response.output if item.type == "image_generation_call"]


def data_address(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode()


def test_five_turns_by_previous_response_id_are_one_version_tree(client: OpenAI, site: Site) -> None:
    previous, ids = None, []
    for words in ("draw a bunny", "make it happier", "give it a hat", "go back to v1", "make it bluer"):
        response = client.responses.create(
            model="gpt-5",
            input=words,
            tools=[TOOL],
            previous_response_id=previous,
            metadata={"a": "b"},
        )
        assert response.status == "completed"
        assert (response.previous_response_id, response.metadata) == (previous, {"a": "b"})
        assert picture_of(calls(response)[0].result).size == (64, 64)
        previous = response.id
        ids.append(response.id)
    assert response.output_text == "Changed it as you said."
    talk = site.app.turns.list_conversations(site.app.owner)[0]
    assert [v.parents for v in site.app.turns.versions(talk.id, site.app.owner)] == [(), ("v1",), ("v2",), ("v1",)]
    assert response.conversation
    assert response.conversation.id == f"conv_{talk.id}"
    fork = client.responses.create(model="limner", input="make it red", previous_response_id=ids[1])
    versions = site.app.turns.versions(talk.id, site.app.owner)
    assert versions[-1].parents == ("v2",)
    assert calls(fork)[0].revised_prompt == versions[-1].prompt
    assert fork.usage
    assert fork.usage.total_tokens == fork.usage.input_tokens + fork.usage.output_tokens


def test_a_call_that_is_named_by_its_id_alone_goes_on(client: OpenAI) -> None:
    first = client.responses.create(model="limner", input="draw a bunny", tools=[TOOL])
    second = client.responses.create(
        model="limner",
        input=[
            {"role": "user", "content": [{"type": "input_text", "text": "draw a bunny"}]},
            {"type": "image_generation_call", "id": calls(first)[0].id},
            {"role": "user", "content": [{"type": "input_text", "text": "make it happier"}]},
        ],
    )
    assert second.conversation == first.conversation
    assert calls(second)[0].action == "edit"
    assert calls(second)[0].revised_prompt == "A full description of this: draw a bunny. Now: make it happier."


def test_a_picture_of_another_conversation_than_the_one_that_goes_on_is_refused(client: OpenAI) -> None:
    one, other = (client.responses.create(model="limner", input="draw a cat") for _ in range(2))
    words: Any = {"role": "user", "content": "make it red"}
    item: Any = {"type": "image_generation_call", "id": calls(other)[0].id}
    with pytest.raises(openai.BadRequestError, match="another conversation"):
        client.responses.create(model="limner", input=[item, words], previous_response_id=one.id)


def test_a_conversation_goes_on_where_it_is(client: OpenAI) -> None:
    talk = client.conversations.create()
    client.responses.create(model="limner", input="draw a cat", conversation=talk.id)
    edited = client.responses.create(model="limner", input="make it red", conversation={"id": talk.id})
    assert calls(edited)[0].action == "edit"
    assert client.conversations.retrieve(talk.id).id == talk.id


def test_a_picture_is_extended_by_words_and_the_call_says_that_it_started_from_one(client: OpenAI) -> None:
    first = client.responses.create(model="limner", input="draw a cat", tools=[TOOL])
    wider = client.responses.create(model="limner", input="extend it all round", previous_response_id=first.id)
    (before,), (after,) = calls(first), calls(wider)
    assert after.action == "edit" and after.revised_prompt == before.revised_prompt
    assert decoded_size(after) > decoded_size(before)


def decoded_size(call: Any) -> tuple[int, int]:
    return Image.open(io.BytesIO(base64.b64decode(call.result))).size


def test_what_a_conversation_cannot_keep_is_refused_by_name(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.conversations.create(metadata={"for": "test"})
    assert (caught.value.param, caught.value.code) == ("metadata", "unsupported_parameter")
    with pytest.raises(openai.BadRequestError) as caught:
        client.conversations.create(items=[{"role": "user", "content": "draw a cat"}])
    assert (caught.value.param, caught.value.code) == ("items", "unsupported_parameter")
    assert client.conversations.create(metadata={}, items=[]).metadata == {}


def test_a_picture_of_ones_own_and_a_mask(client: OpenAI) -> None:
    sent = client.files.create(file=("mask.png", right_half_mask()), purpose="vision")
    words: dict[str, Any] = {"type": "input_text", "text": "make it happier"}
    image = {"type": "input_image", "detail": "auto", "image_url": data_address(png())}
    tool = {**TOOL, "action": "edit", "input_image_mask": {"file_id": sent.id}}
    response = client.responses.create(
        model="limner",
        input=[{"role": "user", "content": [words, image]}],
        tools=[tool],
    )
    left = (0, 0, 48, 64)
    edited = picture_of(calls(response)[0].result)
    assert edited.crop(left).tobytes() == Image.open(io.BytesIO(png())).crop(left).tobytes()
    picture = client.files.create(file=("in.png", png()), purpose="vision", expires_after={
        "anchor": "created_at", "seconds": 3600,
    })  # fmt: skip
    assert picture.expires_at == picture.created_at + 3600
    again = client.responses.create(model="limner", input=[
        {"role": "user", "content": [words, {"type": "input_image", "detail": "auto", "file_id": picture.id}]},
    ])  # fmt: skip
    assert calls(again)[0].size == "96x64"


def test_the_tools_settings(client: OpenAI) -> None:
    tool = {**TOOL, "size": "1024x1536", "quality": "low", "output_format": "webp", "output_compression": 50,
            "action": "generate", "background": "opaque", "moderation": "auto"}  # fmt: skip
    response = client.responses.create(
        model="limner",
        input="draw a hen",
        tools=[tool],
        tool_choice={"type": "image_generation"},
    )
    call = calls(response)[0]
    assert (call.size, call.quality, call.output_format, call.action) == ("1024x1536", "low", "webp", "generate")
    assert picture_of(call.result).format == "WEBP"


def test_the_events_of_a_streamed_response_come_in_order(tmp_path: Path) -> None:
    with serving(tmp_path, lambda s: build_with_fakes(s, SlowPainter(1.6))) as site, site.client() as client:
        tool = {**TOOL, "partial_images": 2}
        events = list(client.responses.create(model="limner", input="draw a bunny", tools=[tool], stream=True))
        assert [event.sequence_number for event in events] == list(range(len(events)))
        call = "response.image_generation_call"
        assert [event.type for event in events] == [
            "response.created", "response.in_progress", "response.output_item.added", f"{call}.in_progress",
            f"{call}.generating", f"{call}.partial_image", f"{call}.partial_image", f"{call}.completed",
            "response.output_item.done", "response.output_item.added", "response.content_part.added",
            "response.output_text.delta", "response.output_text.done", "response.content_part.done",
            "response.output_item.done", "response.completed",
        ]  # fmt: skip
        final = events[-1].response
        assert calls(final)[0].id == events[3].item_id
        assert final.output_text == "Here it is."
        with client.responses.stream(model="limner", input="make it red", previous_response_id=final.id) as stream:
            kinds = [event.type for event in stream]
            assert kinds[-1] == "response.completed"
            assert calls(stream.get_final_response())[0].action == "edit"
        with pytest.raises(openai.APIError, match="hateful"):
            list(client.responses.create(model="limner", input="draw a swastika", stream=True))


def test_what_shall_not_be_stored_is_not(client: OpenAI, site: Site) -> None:
    before = site.app.turns.list_conversations(site.app.owner)
    response = client.responses.create(model="limner", input="draw a cow", store=False)
    assert calls(response)
    assert site.app.turns.list_conversations(site.app.owner) == before
    assert response.conversation is None
    with pytest.raises(openai.BadRequestError) as caught:
        client.responses.create(model="limner", input="red", previous_response_id=response.id)
    assert caught.value.code == "previous_response_not_found"
    streamed = list(client.responses.create(model="limner", input="draw a cow", store=False, stream=True))
    assert streamed[-1].type == "response.completed"
    for stream in (False, True):
        with pytest.raises(openai.APIError, match="hateful"):
            list(client.responses.create(model="limner", input="draw a swastika", store=False, stream=stream))
    assert site.app.turns.list_conversations(site.app.owner) == before


def events_of(site: Site, **body: Any) -> list[dict[str, Any]]:
    """Return the events of a stream as they stand on the wire."""
    lines = posted(site, "/responses", model="limner", stream=True, **body).text.splitlines()
    events = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    assert [line.removeprefix("event: ") for line in lines if line.startswith("event: ")] == [e["type"] for e in events]
    return events


def test_what_fails_in_a_streamed_response_is_its_last_event_and_numbered(site: Site) -> None:
    *before, last = events_of(site, input="draw a swastika")
    assert [event["type"] for event in before] == ["response.created", "response.in_progress"]
    assert (last["type"], last["sequence_number"]) == ("error", 2)
    assert (last["code"], last["param"]) == ("moderation_blocked", None)
    assert last["message"] == last["error"]["message"]


def test_a_change_of_no_picture_is_answered_in_words_and_announces_no_call(site: Site) -> None:
    def changes_anything(path: ConversationPath) -> Plan:
        return EditPlan(prompt="a red thing", change=path.message)

    def built(settings: Settings) -> App:
        return build(settings, painter=FakePainter(), rewriter=FakeRewriter(changes_anything))

    with serving(site.app.settings.data / "other", built) as other:
        events = events_of(other, input="make it red")
    assert not [event for event in events if "image_generation_call" in json.dumps(event)]
    assert "There is no picture to change yet" in events[-1]["response"]["output"][0]["content"][0]["text"]


def test_the_second_of_two_pictures_goes_on_from_itself(tmp_path: Path) -> None:
    def two_or_one(path: ConversationPath) -> Plan:
        if path.message.startswith("draw two"):
            return CreatePlan(prompt="a bunny", count=2, reply="Here are two.")
        return fake_plan(path)

    def built(settings: Settings) -> App:
        return build(settings, painter=FakePainter(), rewriter=FakeRewriter(two_or_one))

    with serving(tmp_path, built) as site, site.client() as client:
        first = client.responses.create(model="limner", input="draw two bunnies")
        second: Any = {"type": "image_generation_call", "id": calls(first)[1].id}
        words: Any = {"role": "user", "content": "make it red"}
        for name in ("only-once", "only-once", "again"):
            client.responses.create(model="limner", input=[second, words], extra_headers={"Idempotency-Key": name})
        chat = client.chat.completions.create(model="limner", messages=[{"role": "user", "content": "draw two cats"}])
        history: list[Any] = [
            {"role": "user", "content": "draw two cats"},
            {"role": "assistant", "content": (chat.choices[0].message.content or "").split("\n\n")[2]},
            {"role": "user", "content": "make it red"},
        ]  # fmt: skip
        client.chat.completions.create(model="limner", messages=history)
        talks = site.app.turns.list_conversations(site.app.owner)
        trees = [[v.parents for v in site.app.turns.versions(talk.id, site.app.owner)] for talk in talks]
        assert sorted(trees, key=len) == [[(), (), ("v2",)], [(), (), ("v2",), ("v2",)]]
        with pytest.raises(openai.NotFoundError):
            client.responses.create(model="limner", input=[{**second, "id": second["id"][:-1] + "2"}, words])


def test_a_picture_with_clear_parts_may_be_changed_everywhere_unless_a_mask_came(client: OpenAI, site: Site) -> None:
    image = {"type": "input_image", "detail": "auto", "image_url": data_address(right_half_mask())}
    content: Any = [{"type": "input_text", "text": "make it red"}, image]
    edited = client.responses.create(model="limner", input=[{"role": "user", "content": content}])
    assert edited.conversation
    versions = site.app.turns.versions(edited.conversation.id.removeprefix("conv_"), site.app.owner)
    assert versions[-1].recipe
    assert versions[-1].recipe.mask is None
    assert (versions[-1].prompt, versions[-1].change) == ("make it red", "make it red")


def test_a_message_that_is_refused_leaves_nothing_behind(site: Site) -> None:
    before = site.app.turns.list_conversations(site.app.owner)
    blobs = sorted(site.app.blobs.folder.rglob("*"))
    words = "a\0b"
    picture = {"type": "input_image", "image_url": data_address(png((48, 48), "navy"))}
    for path, body in (
        ("/images/generations", {"prompt": words}),
        ("/responses", {"model": "limner", "input": words}),
        (
            "/responses",
            {"model": "limner", "input": [{"role": "user", "content": [picture, {"type": "text", "text": words}]}]},
        ),
        ("/chat/completions", {"model": "limner", "messages": [{"role": "user", "content": words}]}),
    ):
        answer = posted(site, path, **body)
        assert (answer.status_code, error_of(answer)["code"]) == (400, "invalid_prompt")
    files = {"image": ("a.png", png((48, 48), "navy"))}
    answer = httpx.post(f"{site.address}/v1/images/edits", data={"prompt": words}, files=files, timeout=30)
    assert (answer.status_code, error_of(answer)["code"]) == (400, "invalid_prompt")
    assert site.app.turns.list_conversations(site.app.owner) == before
    assert sorted(site.app.blobs.folder.rglob("*")) == blobs


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"colour": 1}, "colour", "unknown_parameter"),
        ({"instructions": "be brief"}, "instructions", "unsupported_parameter"),
        ({"temperature": 0.2}, "temperature", "unsupported_value"),
        ({"reasoning": {"effort": "low"}}, "reasoning", "unsupported_parameter"),
        ({"tools": [{"type": "web_search"}]}, "tools[0].type", "invalid_value"),
        ({"tools": [{**TOOL, "colour": 1}]}, "tools[0].colour", "unknown_parameter"),
        ({"tools": [{**TOOL, "svg": {"model": "x"}}]}, "tools[0].svg", "unsupported_parameter"),
        ({"tools": [{**TOOL, "background": "transparent"}]}, "tools[0].background", "invalid_value"),
        ({"tools": [{**TOOL, "size": "9x9"}]}, "tools[0].size", "invalid_value"),
        ({"tools": [{**TOOL, "model": "gpt-5"}]}, "tools[0].model", "invalid_value"),
        ({"tools": [{**TOOL, "moderation": "none"}]}, "tools[0].moderation", "invalid_value"),
        ({"input": "x" * 32_001}, "input", "string_above_max_length"),
        ({"tools": [{**TOOL, "action": "edit"}]}, "tools[0].action", "invalid_value"),
        ({"input": []}, "input", "invalid_value"),
        ({"input": 5}, "input", "invalid_type"),
        ({"input": [{"type": "function_call"}]}, "input[0].type", "invalid_value"),
        ({"input": [{"role": "system", "content": "x"}]}, "input[0].role", "unsupported_value"),
        (
            {"input": [{"role": "user", "content": [{"type": "input_file"}]}]}, "input[0].content[0].type",
            "invalid_value",
        ),
        (
            {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "http://127.0.0.1/a.png"}]}]},
            "input[0].content[0].image_url", "invalid_image_url",
        ),
        (
            {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "data:image/png;base64,AAAA"},
                                                    {"type": "input_text", "text": "red"}]}]},
            "input[0].content[0]", "invalid_image_format",
        ),
        ({"tools": [{**TOOL, "input_image_mask": {"file_id": "x"}}]}, "tools[0].input_image_mask", "invalid_value"),
        (
            {"tools": [{**TOOL, "action": "generate", "input_image_mask": {"file_id": "x"}}]},
            "tools[0].input_image_mask", "invalid_value",
        ),
        ({"previous_response_id": "resp_\0"}, "previous_response_id", "previous_response_not_found"),
        ({"previous_response_id": "resp_0"}, "previous_response_id", "previous_response_not_found"),
        ({"previous_response_id": "a", "conversation": "b"}, "conversation", "mutually_exclusive_parameters"),
        ({"model": None}, "model", "missing_required_parameter"),
    ],
)  # fmt: skip
def test_what_a_response_cannot_honour_is_refused_by_name(
    site: Site, change: dict[str, Any], param: str, code: str
) -> None:
    answer = posted(site, "/responses", **{"model": "limner", "input": "draw a bunny", **change})
    assert answer.status_code == 400
    error = error_of(answer)
    assert (error["param"], error["code"]) == (param, code), error


def test_chat_shows_pictures_and_goes_on_from_them(client: OpenAI, site: Site) -> None:
    messages: list[Any] = [{"role": "user", "content": "draw a bunny"}]
    first = client.chat.completions.create(model="limner:image", messages=messages, temperature=1, seed=4)
    message = first.choices[0].message
    assert first.choices[0].finish_reason == "stop"
    assert message.content
    address = message.content.split("](")[1].rstrip(")")
    assert httpx.get(address).headers["content-type"] == "image/png"
    images = message.model_extra["images"]
    assert picture_of(images[0]["image_url"]["url"].split(",")[1]).size == (64, 64)
    messages += [{"role": "assistant", "content": message.content}, {"role": "user", "content": "make it happier"}]
    second = client.chat.completions.create(model="limner", messages=messages)
    talk = site.app.turns.list_conversations(site.app.owner)[0]
    assert [v.parents for v in site.app.turns.versions(talk.id, site.app.owner)] == [(), ("v1",)]
    assert "v2" in (second.choices[0].message.content or "")
    options: Any = {"include_usage": True}
    chunks = list(
        client.chat.completions.create(model="limner", messages=messages, stream=True, stream_options=options)
    )
    assert "![v3" in "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert chunks[-1].usage
    picture: Any = {"type": "image_url", "image_url": {"url": data_address(png())}}
    own = client.chat.completions.create(
        model="limner", messages=[{"role": "user", "content": [picture, {"type": "text", "text": "make it red"}]}]
    )
    assert "v2: make it red" in (own.choices[0].message.content or "")


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"temperature": 0.7}, "temperature", "unsupported_value"), ({"n": 2}, "n", "unsupported_value"),
        ({"max_tokens": 10}, "max_tokens", "unsupported_parameter"),
        ({"messages": []}, "messages", "invalid_value"), ({"messages": None}, "messages", "missing_required_parameter"),
        ({"messages": [{"role": "system", "content": "x"}]}, "messages[0].role", "unsupported_value"),
        ({"messages": [{"role": "user", "content": 4}]}, "messages[0].content[0].type", "invalid_value"),
        ({"tools": []}, "tools", "unsupported_parameter"),
        ({"metadata": {"a": "b"}}, "metadata", "unsupported_parameter"),
        ({"store": False}, "store", "unsupported_value"),
    ],
)  # fmt: skip
def test_what_chat_cannot_honour_is_refused_by_name(site: Site, change: dict[str, Any], param: str, code: str) -> None:
    body = {"model": "limner", "messages": [{"role": "user", "content": "draw a bunny"}], **change}
    answer = posted(site, "/chat/completions", **body)
    assert answer.status_code == 400
    error = error_of(answer)
    assert (error["param"], error["code"]) == (param, code), error


def test_files_are_kept_listed_read_and_forgotten(client: OpenAI, site: Site) -> None:
    sent = client.files.create(file=("a <b>.png", png()), purpose="user_data")
    assert (sent.filename, sent.bytes, sent.status) == ("a <b>.png", len(png()), "processed")
    assert client.files.retrieve(sent.id) == sent
    assert sent.id in [file.id for file in client.files.list(purpose="user_data")]
    assert client.files.content(sent.id).read() == png()
    site.app.turns.sweep()
    assert client.files.content(sent.id).read() == png()
    assert client.files.delete(sent.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.files.retrieve(sent.id)


@pytest.mark.parametrize(
    ("files", "fields", "param"),
    [
        ({"file": b""}, {}, "file"), ({"picture": b"x"}, {}, "picture"), ({"purpose": b"x"}, {}, "purpose"),
        ({"file": b"x"}, {"purpose": "assistants"}, "purpose"), ({"file": b"x"}, {"colour": "red"}, "colour"),
        ({"file": b"x"}, {"expires_after": "tomorrow"}, "expires_after"),
        ({"file": b"x"}, {"expires_after[anchor]": "created_at"}, "expires_after.seconds"),
        (
            {"file": b"x"}, {"expires_after[anchor]": "created_at", "expires_after[seconds]": "5"},
            "expires_after.seconds",
        ),
    ],
)  # fmt: skip
def test_files_that_cannot_be_kept(site: Site, files: dict[str, bytes], fields: dict[str, str], param: str) -> None:
    answer = httpx.post(f"{site.address}/v1/files", files=files, data={"purpose": "vision", **fields})
    assert answer.status_code == 400
    assert error_of(answer)["param"] == param


def test_a_file_that_has_expired_is_gone_with_the_next_one(tmp_path: Path) -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    with serving(tmp_path) as site:
        sent, owner, digest = site.app.sent, site.app.owner, site.app.blobs.put(b"one")
        later = int(now.timestamp()) + 3600
        old = sent.add_file(owner, digest, 3, "a.png", "vision", later, now)
        assert sent.file(old.id, owner, now) == old
        hours = now + timedelta(hours=2)
        assert sent.files(owner, hours) == ()
        with pytest.raises(UnknownFile):
            sent.file(old.id, owner, hours)
        assert digest in site.app.store.named_digests()
        sent.add_file("someone else", site.app.blobs.put(b"two"), 3, "b.png", "vision", None, hours)
        assert digest not in site.app.store.named_digests()


def test_nobody_reaches_anothers_things(tmp_path: Path) -> None:
    with serving(tmp_path) as site:
        now = site.app.turns.clock()
        (_, mine), (_, theirs) = site.app.keys.make("ada", "a", now), site.app.keys.make("bob", "b", now)
        with site.client(mine) as ada, site.client(theirs) as bob:
            response = ada.responses.create(model="limner", input="draw a bunny")
            chat = ada.chat.completions.create(model="limner", messages=[{"role": "user", "content": "draw a bunny"}])
            file = ada.files.create(file=("a.png", png()), purpose="vision")
            talk = response.conversation
            assert talk
            with pytest.raises(openai.BadRequestError):
                bob.responses.create(model="limner", input="red", previous_response_id=response.id)
            call: Any = {"type": "item_reference", "id": calls(response)[0].id}
            for attempt in (
                lambda: bob.responses.create(model="limner", input="red", conversation=talk.id),
                lambda: bob.responses.create(model="limner", input=[call]),
                lambda: bob.conversations.retrieve(talk.id),
                lambda: bob.files.retrieve(file.id),
                lambda: bob.files.content(file.id),
                lambda: bob.files.delete(file.id),
            ):  # fmt: skip
                with pytest.raises(openai.NotFoundError):
                    attempt()
            history: list[Any] = [
                {"role": "assistant", "content": chat.choices[0].message.content},
                {"role": "user", "content": "make it red"},
            ]  # fmt: skip
            bob.chat.completions.create(model="limner", messages=history)
            assert [t.title for t in site.app.turns.list_conversations("bob")] == ["make it red"]
            assert len(site.app.turns.versions(talk.id.removeprefix("conv_"), "ada")) == 1


def of_pictures(words: str, *addresses: str) -> Any:
    """Return a person's message to `responses` with pictures in their order."""
    shown = [{"type": "input_image", "image_url": address} for address in addresses]
    return [{"role": "user", "content": [*shown, {"type": "input_text", "text": words}]}]


def latest_versions(site: Site) -> list[Version]:
    talk = site.app.turns.list_conversations(site.app.owner)[0]
    return list(site.app.turns.versions(talk.id, site.app.owner))


def painted(client: OpenAI, *history: Any) -> tuple[str, list[Any]]:
    """Return the address of a picture that a chat painted, and what was said until then."""
    said = [*history, {"role": "user", "content": "draw a cat"}]
    answer = client.chat.completions.create(model="limner", messages=said).choices[0].message.content or ""
    return answer.partition("](")[2].rstrip(")"), [*said, {"role": "assistant", "content": answer}]


def test_of_two_pictures_in_one_message_the_first_gets_what_the_words_say_of_the_second(
    client: OpenAI, site: Site
) -> None:
    cat, hat = data_address(png()), data_address(png(colour="blue"))
    response = client.responses.create(model="limner", input=of_pictures("the cat wears the hat", cat, hat))
    assert calls(response)[0].action == "edit"
    by_response = latest_versions(site)
    shown: Any = [{"type": "image_url", "image_url": {"url": address}} for address in (cat, hat)]
    words: Any = {"type": "text", "text": "the cat wears the hat"}
    client.chat.completions.create(model="limner", messages=[{"role": "user", "content": [words, *shown]}])
    for versions in (by_response, latest_versions(site)):
        assert [version.parents for version in versions] == [(), (), ("v1", "v2")]
        first, second, merged = versions
        assert merged.recipe is not None and merged.recipe.act == "merge"
        assert merged.recipe.parent_image == first.image and merged.recipe.source == f"pixels:{second.image}"
        assert merged.change == "the cat wears the hat"


@pytest.mark.parametrize("ours_first", [True, False])
def test_a_picture_of_ours_and_one_of_a_persons_own_are_taken_in_their_order(
    client: OpenAI, site: Site, ours_first: bool
) -> None:
    ours, _ = painted(client)
    own = data_address(png((64, 64), "blue"))
    both = (ours, own) if ours_first else (own, ours)
    client.responses.create(model="limner", input=of_pictures("with the blue of the other", *both))
    versions = latest_versions(site)
    assert [version.origin for version in versions] == ["painted", "uploaded", "painted"]
    assert versions[2].parents == (("v1", "v2") if ours_first else ("v2", "v1"))


def test_two_pictures_of_one_conversation_are_merged_and_of_two_refused(client: OpenAI, site: Site) -> None:
    first, history = painted(client)
    second, _ = painted(client, *history)
    client.responses.create(model="limner", input=of_pictures("with the hat of the other", first, second))
    assert latest_versions(site)[-1].parents == ("v1", "v2")
    elsewhere, _ = painted(client)
    with pytest.raises(openai.BadRequestError, match="of two conversations; send the second as a data address"):
        client.responses.create(model="limner", input=of_pictures("merge them", first, elsewhere))


@pytest.mark.parametrize(
    ("pictures", "tool", "param", "code"),
    [
        (3, {}, "input", "unsupported_value"),
        (2, {"action": "generate"}, "tools[0].action", "invalid_value"),
        (2, {"input_image_mask": {"image_url": data_address(right_half_mask())}}, "tools[0].input_image_mask",
         "unsupported_parameter"),
    ],
)  # fmt: skip
def test_pictures_that_cannot_be_heeded_together_are_refused_by_name(
    client: OpenAI, pictures: int, tool: Any, param: str, code: str
) -> None:
    sent = of_pictures("the cat wears the hat", *[data_address(png())] * pictures)
    with pytest.raises(openai.BadRequestError) as caught:
        client.responses.create(model="limner", input=sent, tools=[{**TOOL, **tool}])
    assert (caught.value.param, caught.value.code) == (param, code)
