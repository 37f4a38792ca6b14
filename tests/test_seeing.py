"""Rewriters that see: real vision models at tiny sizes, and servers that take pictures or do not."""

from __future__ import annotations

import base64
import io
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers as t
from PIL import Image
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from assistant.errors import BlobError, ModelError
from assistant.llm.chat import ChatMessage, FakeChatModel
from assistant.llm.local import LocalChatModel, _read_by
from assistant.llm.openai import OpenAIChatModel
from assistant.llm.seeing import SIDE, shown
from assistant.messages import ConversationPath, PathVersion
from assistant.rewriter import ModelRewriter, instructed
from tests import pictures
from ui.settings import Settings
from ui.wiring import load_rewriter

PLAN = '{"act":"create","prompt":"A cat is asleep here."}'
TEXT = {
    "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2,
    "num_key_value_heads": 2,
}  # fmt: skip
SIGHT = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "image_size": 28, "patch_size": 14}
PATH = ConversationPath(
    "the left one", current="v2",
    versions=(PathVersion("v1", (), "Two cats.", "", "first"), PathVersion("v2", (), "A cat.", "", "now")),
)  # fmt: skip


def png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    return pictures.png(Image.new("RGB", (width, height), colour))


def tokenizer(marks: list[str], shows: str, **named: str) -> Any:
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    core = Tokenizer(models.BPE({piece: at for at, piece in enumerate(["<end>", *marks, *letters])}, []))
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    special: dict[str, Any] = {"extra_special_tokens": named} if named else {"additional_special_tokens": marks}
    made = t.PreTrainedTokenizerFast(tokenizer_object=core, eos_token="<end>", pad_token="<end>", **special)
    made.chat_template = (
        "{% for m in messages %}<{{ m.role }}>{% for part in m.content %}{% if part.type == 'image' %}" + shows
        + "{% else %}{{ part.text }}{% endif %}{% endfor %}{% endfor %}<plan>"
    )  # fmt: skip
    return made


def llava() -> tuple[Any, ...]:
    words = tokenizer(["<image>"], "<image>")
    config = t.LlavaConfig(
        text_config=t.LlamaConfig(vocab_size=len(words), **TEXT), image_token_index=1, vision_feature_layer=-1,
        vision_config=t.CLIPVisionConfig(**SIGHT, intermediate_size=64, projection_dim=16),
    )  # fmt: skip
    eyes = t.LlavaImageProcessorPil(size={"shortest_edge": 28}, crop_size={"height": 28, "width": 28})
    rest = {"patch_size": 14, "vision_feature_select_strategy": "default", "num_additional_image_tokens": 1}
    return t.LlavaForConditionalGeneration(config), words, eyes, {"processor_class": "LlavaProcessor", **rest}


def qwen() -> tuple[Any, ...]:
    marks = ["<|image_pad|>", "<|video_pad|>", "<|vision_start|>", "<|vision_end|>"]
    words = tokenizer(marks, "<|vision_start|><|image_pad|><|vision_end|>")
    rope = {"rope_type": "default", "mrope_section": [2, 3, 3], "rope_theta": 1e4}
    config = t.Qwen2_5_VLConfig(
        text_config={"vocab_size": len(words), **TEXT, "rope_parameters": rope},
        vision_config={
            "depth": 1, "hidden_size": 32, "out_hidden_size": 32, "intermediate_size": 64, "num_heads": 2,
            "patch_size": 14, "fullatt_block_indexes": [0],
        },
        image_token_id=1, video_token_id=2, vision_start_token_id=3, vision_end_token_id=4,
    )  # fmt: skip
    eyes = t.Qwen2VLImageProcessorPil(min_pixels=28 * 28, max_pixels=28 * 28 * 4)
    return t.Qwen2_5_VLForConditionalGeneration(config), words, eyes, {"processor_class": "Qwen2_5_VLProcessor"}


def smolvlm() -> tuple[Any, ...]:
    tiles = [f"<row_{row}_col_{column}>" for row in range(1, 7) for column in range(1, 7)]
    marks = ["<image>", "<fake_token_around_image>", "<global-img>", "<end_of_utterance>", *tiles]
    words = tokenizer(marks, "<image>")
    config = t.SmolVLMConfig(
        image_token_id=1, text_config=t.LlamaConfig(vocab_size=len(words), **TEXT).to_dict(),
        vision_config={**SIGHT, "intermediate_size": 64}, scale_factor=2,
    )  # fmt: skip
    eyes = t.SmolVLMImageProcessorPil(size={"longest_edge": 28}, max_image_size={"longest_edge": 28})
    rest = {"processor_class": "SmolVLMProcessor", "image_seq_len": 1}
    return t.SmolVLMForConditionalGeneration(config), words, eyes, rest


def gemma() -> tuple[Any, ...]:
    marks = ["<image_soft_token>", "<start_of_image>", "<end_of_image>"]
    named = dict(zip(("image_token", "boi_token", "eoi_token"), marks, strict=True))
    words = tokenizer(marks, "<start_of_image>", **named)
    config = t.Gemma3Config(
        text_config={"vocab_size": len(words), **TEXT, "head_dim": 16}, mm_tokens_per_image=4,
        vision_config={**SIGHT, "intermediate_size": 64}, image_token_index=1, boi_token_index=2, eoi_token_index=3,
    )  # fmt: skip
    eyes = t.Gemma3ImageProcessorPil(size={"height": 28, "width": 28})
    rest = {"processor_class": "Gemma3Processor", "image_seq_length": 4}
    model = t.Gemma3ForConditionalGeneration(config)
    torch.nn.init.normal_(model.model.multi_modal_projector.mm_input_projection_weight)  # else it begins blind
    return model, words, eyes, rest


def saved(build: Callable[[], tuple[Any, ...]], folder: Path) -> str:
    torch.manual_seed(0)
    model, words, eyes, rest = build()
    for part in (model, words, eyes):
        part.save_pretrained(folder)
    (folder / "processor_config.json").write_text(json.dumps(rest))
    return str(folder)


@pytest.mark.parametrize("build", [llava, qwen, smolvlm, gemma])
def test_a_vision_model_of_transformers_reads_the_picture_beside_the_words(
    build: Callable[[], tuple[Any, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.llm.local.ANSWER_TOKENS", 3)
    model = LocalChatModel(saved(build, tmp_path), device="cpu")
    assert model.sees()
    red, blue = (
        [ChatMessage("system", "Be brief."), ChatMessage("user", "say: hi", (png(40, 30, colour),))]
        for colour in ((250, 0, 0), (0, 0, 250))
    )
    assert "".join(model.stream(red)) == "".join(model.stream(red))
    list(model.stream([ChatMessage("user", "no picture")]))
    loaded = model._ready()
    with torch.no_grad():
        says = [loaded.model(**_read_by(loaded.reader, told, True)).logits[0, -1] for told in (red, blue)]
    assert not torch.allclose(says[0], says[1]), "what the picture shows makes no difference"


def test_a_vision_model_without_what_prepares_pictures_is_not_shown_any(tmp_path: Path) -> None:
    saved(llava, tmp_path)
    for name in ("processor_config.json", "preprocessor_config.json"):
        (tmp_path / name).unlink()
    with pytest.raises(ModelError, match="could not be loaded"):  # transformers has it as no model of words alone
        LocalChatModel(str(tmp_path), device="cpu").sees()


def test_the_current_picture_alone_is_shown_and_only_to_models_that_see() -> None:
    read: list[str] = []

    def look(digest: str) -> bytes:
        read.append(digest)
        return b"the picture"

    seeing = FakeChatModel([PLAN], sees=True)
    instructed(seeing, look).plan(PATH)
    assert seeing.asked[0][-1].pictures == (b"the picture",) and read == ["now"]
    for rewriter in (
        instructed(blind := FakeChatModel([PLAN]), look), instructed(unasked := FakeChatModel([PLAN], sees=True)),
    ):  # fmt: skip
        rewriter.plan(PATH)
    assert blind.asked[0][-1].pictures == unasked.asked[0][-1].pictures == ()
    instructed(first := FakeChatModel([PLAN], sees=True), look).plan(ConversationPath("a cat"))
    assert first.asked[0][-1].pictures == () and read == ["now"]


def test_a_picture_that_is_lost_leaves_the_words(caplog: pytest.LogCaptureFixture) -> None:
    def lost(digest: str) -> bytes:
        raise BlobError("gone")

    model = FakeChatModel([PLAN], sees=True)
    assert ModelRewriter(model, look=lost).plan(PATH).act == "create"
    assert model.asked[0][0].pictures == () and "gone" in caplog.text


def test_what_is_shown_is_no_larger_than_it_is_looked_at() -> None:
    with Image.open(io.BytesIO(shown(png(2000, 1000, (1, 2, 3))))) as seen:
        assert seen.format == "PNG" and seen.size == (SIDE, SIDE // 2)
    with Image.open(io.BytesIO(shown(png(64, 32, (1, 2, 3))))) as small:
        assert small.size == (64, 32)


class Server:
    """A server that answers a plan, and refuses pictures as `refusal` says: a status and its words."""

    def __init__(self, refusal: tuple[int, str] | None = None, takes_schema: bool = True):
        self.refusal, self.takes_schema = refusal, takes_schema
        self.asked: list[dict[str, Any]] = []
        self.status, self.said = 200, ""

    def answer(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.asked.append(body)
        if self.status != 200:
            return self.status, {"error": {"message": self.said}}
        if self.refusal and any(isinstance(message["content"], list) for message in body["messages"]):
            return self.refusal[0], {"error": {"message": self.refusal[1]}}
        if not self.takes_schema and "response_format" in body:
            return 400, {"error": {"message": "response_format is not supported"}}
        return 200, {"choices": [{"message": {"content": PLAN}}]}


@pytest.fixture
def listening() -> Iterator[Callable[[Server], OpenAIChatModel]]:
    running: list[ThreadingHTTPServer] = []

    def listen(server: Server) -> OpenAIChatModel:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                status, answer = server.answer(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        running.append(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=running[-1].serve_forever, daemon=True).start()
        return OpenAIChatModel(f"http://127.0.0.1:{running[-1].server_port}/v1", "some-model")

    yield listen
    for server in running:
        server.shutdown()
        server.server_close()


def test_a_server_gets_the_picture_as_a_data_uri(listening: Callable[[Server], OpenAIChatModel]) -> None:
    server = Server()
    instructed(listening(server), lambda digest: b"the picture").plan(PATH)
    system, user = server.asked[0]["messages"]
    assert isinstance(system["content"], str)
    picture, words = user["content"]
    data = picture["image_url"]["url"].removeprefix("data:image/png;base64,")
    assert picture["type"] == "image_url" and base64.b64decode(data) == b"the picture"
    assert words["type"] == "text" and words["text"].endswith("say: the left one")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (500, "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"),
        (400, "some-model is not a multimodal model"),
        (400, "Invalid content type. image_url is only supported by certain models."),
        (404, "No endpoints found that support image input"),
        (422, "messages.1.content: Input should be a valid string"),
        (400, "bad request"),
        (413, "too large"),
    ],
)
def test_a_server_that_takes_no_pictures_plans_by_words_and_is_not_shown_another(
    listening: Callable[[Server], OpenAIChatModel], status: int, said: str
) -> None:
    server = Server((status, said))
    model = listening(server)
    rewriter = instructed(model, lambda digest: b"the picture")
    assert rewriter.plan(PATH).act == "create" and not model.sees()
    asked = len(server.asked)
    rewriter.plan(PATH)
    assert len(server.asked) == asked + 1 and isinstance(server.asked[-1]["messages"][-1]["content"], str)
    assert "response_format" in server.asked[-1], "a refused picture is no reason to ask for less of a shape"


def test_a_server_that_takes_pictures_and_no_schema_keeps_its_sight(
    listening: Callable[[Server], OpenAIChatModel],
) -> None:
    server = Server(takes_schema=False)
    model = listening(server)
    instructed(model, lambda digest: b"the picture").plan(PATH)
    content = server.asked[-1]["messages"][-1]["content"]
    assert model.sees() and "tools" in server.asked[-1] and isinstance(content, list)


def test_a_wrong_key_says_nothing_about_sight(listening: Callable[[Server], OpenAIChatModel]) -> None:
    server = Server()
    server.status, server.said = 401, "no key for image models"
    model = listening(server)
    with pytest.raises(ModelError, match="LIMNER_REWRITER_KEY"):
        instructed(model, lambda digest: b"the picture").plan(PATH)
    assert model.sees()


def test_pictures_can_be_kept_from_a_rewriter_by_its_setting() -> None:
    address = "qwen@http://127.0.0.1:1/v1"
    for sees, is_shown in (("auto", True), ("off", False)):
        rewriter, _ = load_rewriter(Settings(rewriter=address, rewriter_sees=sees), lambda digest: b"")  # type: ignore[arg-type]
        assert isinstance(rewriter, ModelRewriter) and (rewriter.look is not None) == is_shown
