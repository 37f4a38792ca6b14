"""Several painters in one Limner: turns ask for one by its name, and what one painted another goes on from."""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from assistant.messages import EditPlan, TurnOptions, TurnStatus
from tests.browsing import Visit, browsing
from tests.serving import serving
from tests.tiny_pipelines import saved
from ui.settings import Settings
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser
    gc.collect()


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
