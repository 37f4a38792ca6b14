"""The page in a real Chromium: single versions renamed and deleted, titles that come by themselves, search by sight."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pytest

from captioner.request import CaptionKind, Decoding, FakeCaptioner, FakeChecker, Picture
from tests.browsing import Visit, axe_source, findings
from tests.fakes import SlowPainter, build_with_fakes
from tests.serving import Site, serving
from tests.test_browser import CACHE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# gradio and playwright leave sockets and event loops of their own open; that is nothing of ours.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
SCRIPT = "<img src=x onerror=alert(1)>"


class DogSpotter(FakeCaptioner):
    """Sees a dog in whatever is painted; `may_look` lets it say so in short, which nobody who paints waits for."""

    def __init__(self) -> None:
        super().__init__()
        self.may_look = threading.Event()
        self.may_look.set()

    def caption(
        self, pictures: Sequence[Picture], kind: CaptionKind, decoding: Decoding = Decoding(), seed: int = 0
    ) -> list[str]:
        assert kind != "short" or self.may_look.wait(60)
        return ["a brown dog in a meadow" if kind == "short" else "A brown dog. The meadow is wide."] * len(pictures)


EYES = DogSpotter()


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    from ui.web.server import make_server

    build = functools.partial(build_with_fakes, painter=SlowPainter(0.2), captioner=EYES, checker=FakeChecker())
    with serving(tmp_path_factory.mktemp("data"), build, make_server) as site:
        yield site


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    visit = Visit(browser, site)
    yield visit
    EYES.may_look.set()
    visit.close()


def three_versions(visit: Visit) -> None:
    visit.open()
    visit.say("draw a bunny", "v1")
    visit.say("make it happier", "v2")
    visit.say("give it a hat", "v3")


def names(visit: Visit) -> list[tuple[str, str]]:
    return [(version.label, version.name) for version in visit.site.app.turns.versions(visit.conversation)]


def test_a_version_is_renamed_and_deleted_from_its_menu(visit: Visit) -> None:
    three_versions(visit)
    page, turns = visit.page, visit.site.app.turns
    image = turns.versions(visit.conversation)[1].image
    page.click("[popovertarget=row-v2]")
    page.click("#row-v2 [data-do=rename-version]")
    page.fill("#tree .lm-editor input", SCRIPT)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#desk .lm-name >> text={SCRIPT}")  # it is looked at
    page.wait_for_selector('#tree [data-version=v2][aria-pressed="true"] .lm-name')
    assert names(visit) == [("v1", ""), ("v2", SCRIPT), ("v3", "")]
    assert page.text_content("#chat figcaption .lm-name") == SCRIPT
    page.click("#desk >> text=Compare")
    assert page.locator(f'#lm-compare option[value=v2] >> text="v2 – {SCRIPT}"').count() == 2
    page.keyboard.press("Escape")

    page.click("[popovertarget=row-v2]")
    page.click("#row-v2 [data-do=delete-version]")
    assert page.text_content("#tree .lm-ask span") == "Delete v2 for good? What was made from it stays."
    page.click("#tree .lm-ask >> text=Keep")
    assert len(names(visit)) == 3
    page.click("[popovertarget=row-v2]")
    page.click("#row-v2 [data-do=delete-version]")
    page.click("#tree .lm-ask .lm-danger")
    page.wait_for_selector("#tree [data-version=v2]", state="detached")
    page.wait_for_selector("#chat >> text=v2 was deleted.")
    page.wait_for_selector(
        "#tree [data-version=v3][aria-current] .lm-unseen >> text=from v2 (deleted)", state="attached"
    )
    page.wait_for_selector("#desk >> text=from v2 (deleted)")
    for query in ("", "?w=112", "?w=448", "?save=v2"):
        assert page.request.get(f"{visit.site.address}/pictures/{image}{query}").status == 404
    visit.say("go back to v2", "v3")
    page.wait_for_selector("#chat .lm-trouble >> text=v2 was deleted; this conversation has v1, v3.")


def test_deleting_the_current_version_moves_to_another_and_the_last_one_to_none(visit: Visit) -> None:
    three_versions(visit)
    page = visit.page
    for label, current in (("v3", "v2"), ("v1", "v2")):
        page.click(f"[popovertarget=row-{label}]")
        page.click(f"#row-{label} [data-do=delete-version]")
        page.click("#tree .lm-ask .lm-danger")
        page.wait_for_selector(f"#tree [data-version={label}]", state="detached")
        page.wait_for_selector(f"#tree [data-version={current}][aria-current]")
    page.click("[popovertarget=row-v2]")
    page.click("#row-v2 [data-do=delete-version]")
    page.click("#tree .lm-ask .lm-danger")
    page.wait_for_selector("#desk >> text=Your picture will stand here.")
    assert page.locator("#tree .lm-row").count() == 0
    visit.say("draw a fox", "v4")
    visit.rest()
    page.reload()
    visit.wait_for_version("v4")
    assert page.locator("#chat >> text=was deleted.").count() == 3


def test_versions_are_renamed_and_deleted_with_the_keyboard_alone(visit: Visit) -> None:
    three_versions(visit)
    page, keys = visit.page, visit.page.keyboard
    page.focus("#tree [data-version=v2]")
    keys.press("F2")
    page.wait_for_selector("#tree .lm-editor input:focus")
    keys.type("Happy one")
    keys.press("Enter")
    page.wait_for_selector("#tree [data-version=v2] .lm-name")
    page.wait_for_selector("#tree [data-version=v2]:focus")
    keys.press("Tab")
    page.wait_for_selector("[popovertarget=row-v2]:focus")
    keys.press("Enter")
    page.wait_for_selector("#row-v2 [data-do=rename-version]:focus")
    keys.press("ArrowDown")
    page.wait_for_selector("#row-v2 [data-do=delete-version]:focus")
    keys.press("Enter")
    page.wait_for_selector("#tree .lm-ask button:focus >> text=Keep")
    keys.press("Escape")
    page.wait_for_selector("#tree [data-version=v2]:focus")
    keys.press("Delete")
    page.wait_for_selector("#tree .lm-ask button:focus >> text=Keep")
    keys.press("Shift+Tab")
    keys.press("Enter")
    page.wait_for_selector("#tree [data-version=v2]", state="detached")
    page.wait_for_selector("#tree [data-version=v3]:focus")
    keys.press("F2")
    keys.type("x")
    keys.press("Enter")
    page.wait_for_selector("#tree [data-version=v3] .lm-name")
    keys.press("F2")
    page.wait_for_selector("#tree .lm-editor input:focus")
    keys.press("Backspace")
    keys.press("Enter")
    page.wait_for_selector("#tree [data-version=v3] .lm-name", state="detached")  # and without a name again
    assert names(visit) == [("v1", ""), ("v3", "")]


def test_on_a_phone_versions_are_tended_in_their_drawer(browser: Browser, site: Site) -> None:
    visit = Visit(browser, site, 390, has_touch=True, is_mobile=True)
    three_versions(visit)
    page = visit.page
    page.tap("[data-drawer=side]")
    page.tap("[popovertarget=row-v1]")
    page.wait_for_selector("#row-v1:popover-open")
    assert findings(page, axe_source(CACHE)) == []
    box = page.locator("#row-v1").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.tap("#row-v1 [data-do=rename-version]")
    page.fill("#tree .lm-editor input", "The first")
    page.keyboard.press("Enter")
    page.wait_for_selector("#side.lm-open #tree [data-version=v1] .lm-name")
    page.tap("[popovertarget=row-v1]")
    page.tap("#row-v1 [data-do=delete-version]")
    page.wait_for_selector("#tree .lm-ask")
    assert findings(page, axe_source(CACHE)) == []
    page.tap("#tree .lm-ask .lm-danger")
    page.wait_for_selector("#tree [data-version=v1]", state="detached")
    assert names(visit) == [("v2", ""), ("v3", "")]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    visit.close()


def test_a_title_comes_by_itself_and_one_that_a_person_gave_stays(visit: Visit) -> None:
    page = visit.open()
    EYES.may_look.clear()
    visit.say("draw a robot, please", "v1")
    here = f'#shelf a[data-conversation="{visit.conversation}"]'
    page.wait_for_selector(f"{here} >> text=draw a robot, please")
    EYES.may_look.set()
    page.wait_for_selector(f"{here} >> text=A brown dog in a meadow")
    page.click(f'#shelf [data-do=rename][data-conversation="{visit.conversation}"]')
    page.fill("#shelf .lm-editor input", "My robot")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{here} >> text=My robot")
    visit.say("make it happier", "v2")
    visit.site.app.turns.wait_for_words(visit.conversation, timeout=30)
    visit.rest()
    page.reload()
    page.wait_for_selector(f"{here} >> text=My robot")


def test_history_is_searched_by_what_is_in_the_pictures(visit: Visit) -> None:
    page, turns = visit.open(), visit.site.app.turns
    EYES.may_look.clear()
    visit.say("draw my barking friend", "v1")
    mine = visit.conversation
    turns.rename_conversation(mine, "Unlike the others")
    found = f'#shelf a[data-conversation="{mine}"]'
    page.fill("#search input", "hound friend")
    page.wait_for_selector("#shelf >> text=No conversation has these words.")
    EYES.may_look.set()  # what comes now to a page that looks for something changes nothing that it does not look for
    page.wait_for_selector(found)
    assert page.locator("#shelf li").count() == 1
    page.fill("#search input", "friend in snow")
    page.wait_for_selector("#shelf >> text=No conversation has these words.")
    page.fill("#search input", "dog meadow barking")
    page.wait_for_selector(found)
    page.click("[popovertarget=row-v1]")
    page.click("#row-v1 [data-do=delete-version]")
    page.click("#tree .lm-ask .lm-danger")
    page.wait_for_selector("#shelf >> text=No conversation has these words.")
    page.fill("#search input", "")
    page.wait_for_selector(found)
