"""Several painters in one Limner: turns ask for one by its name, and what one painted another goes on from."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from openai import NotFoundError
from PIL import Image

from assistant.messages import EditPlan, TurnOptions, TurnStatus
from tests.browsing import Visit
from tests.serving import serving
from tests.test_mcp import talk as speak
from tests.test_mcp import told
from tests.tiny_pipelines import saved
from ui.settings import Settings, short_names
from ui.web.touching import Parts
from ui.wiring import App, build

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# gradio and playwright leave sockets and event loops of their own open; that is nothing of ours.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
TINY = "sdxl-turbo"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(TINY, tmp_path_factory.mktemp("painters"))


@pytest.fixture
def app(tiny: Path, tmp_path: Path) -> Iterator[App]:
    app = build(Settings(data=tmp_path, painters=f"{tiny}, embedded", threads=1, tries=0))
    with app.turns:
        yield app


def painted(app: App, talk: str, message: str, **options: Any) -> Any:
    turn = app.turns.submit(talk, message, options=TurnOptions(**options))
    app.turns.run_pending()
    return next(each for each in app.turns.history(talk) if each.id == turn)


def test_the_usual_painter_comes_first_and_none_twice(tiny: Path) -> None:
    assert Settings(painters=f"{tiny},, embedded ,").painter_names == ("embedded", str(tiny))
    assert Settings().painter_names == ("embedded",)


def test_each_turn_is_painted_by_whom_it_asks_for_on_top_of_what_another_painted(app: App, tiny: Path) -> None:
    talk = app.turns.new_conversation().id
    painted(app, talk, "draw a red cat in the snow")
    painted(app, talk, "make it night", painter=str(tiny))
    turn = painted(app, talk, "make it day", painter="embedded")
    assert turn.status is TurnStatus.DONE, turn.error
    first, second, third = app.turns.versions(talk)
    assert [version.recipe.painter for version in (first, second, third) if version.recipe] == [
        "embedded", str(tiny), "embedded",
    ]  # fmt: skip
    assert (second.parents, third.parents) == (("v1",), ("v2",))
    # The other's latents are none of its own: what it starts from are the pixels.
    assert third.recipe is not None and third.recipe.start == f"pixels:{second.image}"
    assert (third.width, third.height) == (512, 512)
    with Image.open(io.BytesIO(app.blobs.read(third.image))) as picture:
        assert picture.size == (512, 512)


def test_a_painter_that_is_not_there_is_named_and_nothing_is_painted(app: App) -> None:
    talk = app.turns.new_conversation().id
    plan = EditPlan(prompt="a cat", change="bluer", targets=["v1"])
    painted(app, talk, "draw a cat")
    turn = app.turns.submit(talk, "bluer", plan=plan, options=TurnOptions(painter="gone"))
    app.turns.run_pending()
    ended = next(each for each in app.turns.history(talk) if each.id == turn)
    assert (ended.status, ended.error) == (TurnStatus.FAILED, "There is no painter gone here; choose another one.")
    assert len(app.turns.versions(talk)) == 1


def test_parts_of_a_picture_are_found_by_who_painted_it_where_the_usual_painter_finds_none(
    tiny: Path, tmp_path: Path
) -> None:
    app = build(Settings(data=tmp_path, painter=str(tiny), painters="embedded", threads=1, tries=0))
    with app.turns:
        talk = app.turns.new_conversation().id
        painted(app, talk, "draw a red cat in the snow", painter="embedded")
        (version,) = app.turns.versions(talk)
        assert "cat" in " ".join(part.name for part in Parts(app).of(version))


def test_what_painters_are_called_is_the_end_of_their_names_and_never_the_same_for_two() -> None:
    names = ("embedded", "stabilityai/sdxl-turbo", "/models/a/sdxl-turbo", "b/sdxl-turbo", "sdxl-turbo-2")
    assert [*short_names(names).values()] == [
        "embedded",
        "sdxl-turbo",
        "sdxl-turbo-2",
        "sdxl-turbo-3",
        "sdxl-turbo-2-2",
    ]


def test_programs_choose_a_painter_by_the_model_that_they_ask_for(tiny: Path, tmp_path: Path) -> None:
    def both(settings: Settings) -> App:
        return build(settings.model_copy(update={"threads": 1, "painters": str(tiny), "tries": 0}))

    def painter_of(talk: str) -> list[str]:
        return [version.recipe.painter for version in site.app.turns.versions(talk) if version.recipe]

    with serving(tmp_path, both) as site, site.client() as client:
        listed = [model.id for model in client.models.list()]
        assert listed[0] == "limner" and listed[-2:] == ["embedded", tiny.name]
        assert client.models.retrieve(tiny.name).id == tiny.name
        assert {tiny.name, f"{tiny.name}:image"} <= set(named_in(client.get("/openapi.json", cast_to=object)))
        made = client.images.with_raw_response.generate(prompt="a red cat", model=tiny.name)
        assert painter_of(made.headers["x-limner-conversation"]) == [str(tiny)]
        made = client.images.with_raw_response.generate(prompt="a red cat", model="gpt-image-1")
        assert painter_of(made.headers["x-limner-conversation"]) == ["embedded"]
        tool = {"type": "image_generation", "model": tiny.name}
        first = client.responses.create(model="gpt-5", input="draw a blue dog", tools=[tool])
        second = client.responses.create(model="gpt-5", input="make it night", previous_response_id=first.id)
        talk = site.app.turns.list_conversations()[0].id
        assert second.status == "completed" and painter_of(talk) == [str(tiny), "embedded"]
        with pytest.raises(NotFoundError, match="does not exist"):
            client.images.generate(prompt="a red cat", model="sdxl-gone")

        async def by_mcp(client: Client) -> None:
            made = await told(client, "create_picture", prompt="a red cat")
            here = {"conversation": made["conversation"], "model": tiny.name}
            assert (await told(client, "vary_picture", **here))["version"] == "v2"
            assert painter_of(made["conversation"]) == ["embedded", str(tiny)]

        speak(streamable_http_client(f"{site.address}/mcp"), by_mcp)


def named_in(schema: Any) -> Iterator[str]:
    """Yield all values that a document lists."""
    if isinstance(schema, dict):
        yield from (value for value in schema.get("enum", ()) if isinstance(value, str))
        for value in schema.values():
            yield from named_in(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from named_in(value)


def test_a_painter_is_chosen_on_the_page_and_remembered(browser: Browser, tmp_path: Path) -> None:
    from generation.embedded import WEIGHTS
    from ui.web.server import make_server

    def both(settings: Settings) -> App:
        return build(settings.model_copy(update={"threads": 1, "painters": str(WEIGHTS)}))

    with serving(tmp_path, both, make_server) as site:
        visit = Visit(browser, site)
        page = visit.open()
        page.wait_for_selector(".lm-model >> text=512 × 512 pixels")
        visit.say("draw a bunny", "v1")
        page.click("[data-options]")
        page.click("#painter input")
        page.click(f"[role=option] >> text={WEIGHTS.name}")
        page.wait_for_selector(".lm-model >> text=128 × 128 pixels")
        page.wait_for_selector(f"#options-set >> text={WEIGHTS.name}")
        page.click("[data-options]")
        for _ in range(2):  # as it was chosen, and as the browser remembers it
            page.click("#new")
            page.wait_for_selector(".lm-welcome")
            visit.say("draw a bear", "v1")
            version = site.app.turns.versions(visit.conversation)[0]
            assert (version.width, version.height) == (128, 128)
            visit.open()
            page.wait_for_selector(".lm-model >> text=128 × 128 pixels")
        visit.close()
