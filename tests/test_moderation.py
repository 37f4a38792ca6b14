"""Where the policy stands in a turn: what it alters, refuses and writes down; and a service that looks as well."""

from __future__ import annotations

import base64
import io
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from assistant.errors import ModelError, RefusedUpload
from assistant.messages import ConversationPath, CreatePlan, Plan, TurnOptions, TurnStatus
from assistant.moderation import ServicePolicy
from assistant.policy import Allowed, Altered, Decision, Level, PictureStage, Refused, WordPolicy
from assistant.rewriter import FakeRewriter
from assistant.uploads import read_upload
from tests.conversing import said, talking
from tests.fakes import SlowPainter
from tests.test_api_images import png
from ui.web.pictures import brought

Answers = list[tuple[int, Any]]


@contextmanager
def service(answers: Answers) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Run a moderation service that gives these answers in turn; yield its address and what it was asked."""
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            asked.append({"path": self.path, "key": self.headers["authorization"], **body})
            status, answer = answers.pop(0)
            data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def flagged(*categories: str) -> dict[str, Any]:
    found = {name: name in categories for name in ("violence", "sexual", "sexual/minors")}
    return {"id": "modr-1", "model": "x", "results": [{"flagged": bool(categories), "categories": found}]}


def test_words_and_pictures_are_sent_as_the_protocol_has_it():
    with service([(200, flagged()), (200, flagged("sexual")), (200, flagged())]) as (address, asked):
        policy = ServicePolicy(address, "secret")
        assert policy.check_message("a cat") == Allowed()
        refused, passed = policy.check_pictures([png((2000, 1000)), png()], "upload")
        assert not policy.may_show(png())
    assert isinstance(refused, Refused) and (refused.rule, refused.by) == ("sexual", "omni-moderation-latest")
    assert refused.reason == "Your picture was refused by omni-moderation-latest (sexual); bring another one."
    assert isinstance(passed, Allowed) and passed.by == "omni-moderation-latest"
    assert [(one["path"], one["key"]) for one in asked] == [("/v1/moderations", "Bearer secret")] * 3
    assert asked[0]["input"] == [{"type": "text", "text": "a cat"}]
    head, _, sent = asked[1]["input"][0]["image_url"]["url"].partition(",")
    assert head == "data:image/png;base64"
    assert Image.open(io.BytesIO(base64.b64decode(sent))).size == (768, 384), "no larger than it need be seen"


def test_people_bring_and_get_pictures_only_as_a_service_lets_them_pass(tmp_path: Path):
    answers: Answers = [
        (200, flagged("sexual")), (200, flagged()), (200, flagged()), (200, flagged()), (200, flagged("violence")),
    ]  # fmt: skip
    with service(answers) as (address, asked), talking(tmp_path, policy=ServicePolicy(address)) as turns:
        talk = turns.new_conversation().id
        with pytest.raises(RefusedUpload, match="by omni-moderation-latest"):
            turns.bring(talk, read_upload(png()))
        turns.bring(talk, read_upload(png()))
        refused = said(turns, talk, "a cat")
        rows = [(one.stage, one.verdict, one.policy) for one in turns.decisions.of_turn(refused.turn, "you")]
        assert len(turns.versions(talk)) == 1
    assert (refused.act, refused.reply) == (
        "refuse", "What was painted was refused by omni-moderation-latest (violence); ask for another picture."
    )  # fmt: skip
    kinds = [one["input"][0]["type"] for one in asked]
    assert kinds == ["image_url", "image_url", "text", "text", "image_url"]
    words = "words and omni-moderation-latest"
    assert rows == [
        ("message", "allowed", words), ("prompt", "allowed", words), ("result", "refused", "omni-moderation-latest"),
    ]  # fmt: skip


def test_what_a_service_flags_without_saying_why_does_not_pass_at_any_level():
    unnamed = {"results": [{"flagged": True, "categories": {}}]}
    with service([(200, unnamed), (200, unnamed)]) as (address, _):
        policy = ServicePolicy(address)
        assert isinstance(policy.check_message("a cat"), Refused)
        assert isinstance(policy.check_message("a cat", "low"), Refused)


def test_a_service_is_not_asked_of_what_the_lists_refuse_and_not_overruled_by_what_they_alter():
    with service([(200, flagged()), (200, flagged("violence"))]) as (address, asked):
        policy = ServicePolicy(address)
        assert isinstance(policy.check_message("a swastika"), Refused) and not asked
        assert isinstance(policy.check_message("a rat by Banksy"), Altered)
        assert isinstance(policy.check_message("a rat by Banksy"), Refused)


def test_the_low_level_hears_only_of_what_is_never_drawn():
    with service([(200, flagged("violence")), (200, flagged("violence", "sexual/minors"))]) as (address, _):
        policy = ServicePolicy(address)
        assert policy.check_message("a fight", "low") == Allowed()
        assert isinstance(policy.check_message("a fight", "low"), Refused)


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [
        (500, b"broken", "answered 500"), (401, {"error": "no"}, "answered 401"), (200, b"{", "is no answer"),
        (200, {"results": []}, "is no answer"), (200, {"results": [{"flagged": True}]}, "is no answer"),
    ],
)  # fmt: skip
def test_a_service_that_cannot_be_asked_lets_nothing_pass(status: int, answer: Any, words: str):
    with service([(status, answer)]) as (address, _), pytest.raises(ModelError, match=words):
        ServicePolicy(address).check_message("a cat")


def test_a_service_that_is_not_there_fails_the_turn_and_says_so(tmp_path: Path):
    with talking(tmp_path, policy=ServicePolicy("http://127.0.0.1:9/v1")) as turns:
        result = said(turns, turns.new_conversation().id, "a cat")
    assert result.status is TurnStatus.FAILED
    assert "cannot be reached" in result.error and "LIMNER_MODERATION" in result.error


def test_a_name_goes_to_neither_the_rewriter_nor_the_painter_and_the_answer_says_why(tmp_path: Path):
    def brings_another(path: ConversationPath) -> Plan:
        return CreatePlan(prompt=f"{path.message}, by Banksy", reply="Here it is.")

    rewriter = FakeRewriter(brings_another)
    with talking(tmp_path, rewriter=rewriter) as turns:
        result = said(turns, turns.new_conversation().id, "Donald Trump on a horse")
        decided = turns.decisions.of_turn(result.turn, "you")
    assert rewriter.asked[0].message == "a politician on a horse"
    assert result.message == "Donald Trump on a horse"
    assert result.prompt.startswith("a politician on a horse in a style of black stencils")
    assert result.reply.startswith("Here it is. Limner does not draw the likeness") and "Banksy" in result.reply
    rows = [(one.stage, one.verdict, one.rule, one.level, one.policy) for one in decided]
    assert rows == [
        ("message", "altered", "likeness", "auto", "words"), ("prompt", "altered", "artist", "auto", "words"),
    ]  # fmt: skip


def test_each_decision_leaves_a_row_and_goes_with_its_conversation(tmp_path: Path):
    with talking(tmp_path) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny")
        said(turns, talk, "a gory bunny")
        said(turns, talk, "a gory bunny", options=TurnOptions(moderation="low"))
        rows = [(one.stage, one.verdict, one.rule, one.level) for one in reversed(turns.decisions.of_person("you"))]
        assert rows == [
            ("message", "allowed", "", "auto"), ("prompt", "allowed", "", "auto"),
            ("message", "refused", "gore", "auto"),
            ("message", "allowed", "", "low"), ("prompt", "allowed", "", "low"),
        ]  # fmt: skip
        assert turns.decisions.of_person("another") == ()
        turns.delete_conversation(talk)
        assert turns.decisions.of_person("you") == ()


class SeesRed(WordPolicy):
    """Refuses every picture and shows nothing of it before."""

    def check_pictures(
        self, pictures: Sequence[bytes], stage: PictureStage, level: Level = "auto"
    ) -> Sequence[Decision]:
        return [Refused("The picture was refused; ask for another.", "red") for _ in pictures]

    def may_show(self, preview: bytes, level: Level = "auto") -> bool:
        return False


def test_a_result_that_is_refused_is_not_kept_and_the_reason_is_said(tmp_path: Path):
    with talking(tmp_path, policy=SeesRed()) as turns:
        talk = turns.new_conversation().id
        result = said(turns, talk, "a bunny")
        assert (result.status, result.act, result.reply) == (
            TurnStatus.DONE, "refuse", "The picture was refused; ask for another."
        )  # fmt: skip
        assert turns.versions(talk) == ()
        assert turns.decisions.of_turn(result.turn, "you")[-1].stage == "result"


@pytest.mark.parametrize(("policy", "shown"), [(WordPolicy(), True), (SeesRed(), False)])
def test_nothing_of_an_unfinished_picture_is_shown_where_results_are_looked_at(
    tmp_path: Path, policy: WordPolicy, shown: bool
):
    with talking(tmp_path, painter=SlowPainter(0.2), policy=policy) as turns:
        turns.start()
        turn = turns.submit(turns.new_conversation().id, "a bunny")
        assert any(event.image for event in turns.events(turn)) == shown


def test_a_picture_of_ones_own_that_is_refused_is_not_kept(tmp_path: Path):
    with talking(tmp_path, policy=SeesRed()) as turns:
        talk = turns.new_conversation().id
        with pytest.raises(RefusedUpload, match="was refused"):
            turns.bring(talk, read_upload(png()))
        assert turns.history(talk) == ()
        assert [(one.stage, one.turn) for one in turns.decisions.of_person("you")] == [("upload", None)]
        for into in ("", talk):
            with pytest.raises(RefusedUpload):
                brought(SimpleNamespace(turns=turns), png(), into, "you")  # type: ignore[arg-type]
        assert [one.id for one in turns.list_conversations()] == [talk]
