"""The texts of the page: every one is in the file, and every language has them all, whole and in its own forms."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from ui.web import retelling, sentences, texts, wishes
from ui.web.gathering import gathered
from ui.web.texts import FOLDER, PSEUDO, _, _n, catalogue, language, languages, speaking, spoken, wanted
from ui.web.wishes import STYLES
from ui.web.wording import COOKIE, language_of, worded

OTHERS = languages()[1:]
ROOT = Path(__file__).parent.parent
IN_HTML = set('<>&"')
SOURCES = ("assistant", "assistant/store", "assistant/llm", "generation")
COMPOSED = {
    "Extending {targets}", "Merging {targets}", "Merging {targets}: {what}", "Paint {label} again, four ways",
    "Something in Limner broke ({error}); send the message again.", "half of a letter ({code})",
    "a control character ({code})",
}  # fmt: skip
"""Sentences that are put together of more than one text where they are written."""
MET_ON_THE_PAGE = (
    "assistant/direct.py", "assistant/extents.py", "assistant/flow.py", "assistant/images.py", "assistant/locks.py",
    "assistant/moderation.py", "assistant/policy.py", "assistant/policy_model.py", "assistant/rendering.py",
    "assistant/rewriter.py", "assistant/turns.py", "assistant/uploads.py", "assistant/store/locks.py",
    "assistant/store/store.py", "assistant/llm/openai.py", "generation/diffusers_painter.py", "generation/request.py",
    "generation/routing.py", "generation/enlarge.py", "ui/web/buttons.py",
)  # fmt: skip
NOT_MET = {
    "{} needs the picture that it starts from; none was given.",
    "an extension needs the place of its picture on the canvas; none was given.",
    "a picture of {}x{} pixels at {}, {} is not on a canvas of {}x{}; ask for a larger one.",
    "enlarging needs the picture that it enlarges; none was given.",
    "the enlarger's weights in {} are missing or damaged ({}); reinstall Limner, train them with `limner train "
    "enlarger`, or go on with --no-enlarge.",
    "{} is no SHA-256, 64 hexadecimal digits; give the digest of a picture.",
}
"""What only a program can meet that asks the painter wrongly, or whoever starts this server with broken weights."""


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def texts_of(code: str) -> list[Message]:
    return [message for message in catalogue(code) if message.id]


def test_the_file_of_texts_holds_what_the_sources_say() -> None:
    with (FOLDER / "messages.pot").open("rb") as file:
        listed = {forms(message.id): message for message in texts.read_po(file) if message.id}
    found = {forms(message.id): message for message in gathered() if message.id}
    assert len(found) > 200 and set(listed) == set(found), "run make texts"
    with spoken("de"):
        assert {"Send", "Cancel"} <= set(texts.script_texts()) and "Compare" not in texts.script_texts()
    assert texts.script_texts() == {}


def test_one_language_is_written_from_the_right() -> None:
    assert {language(code).direction for code in OTHERS} == {"ltr", "rtl"}


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_has_every_text_with_the_same_placeholders(code: str) -> None:
    assert {forms(message.id) for message in texts_of(code)} == {forms(m.id) for m in gathered() if m.id}
    for message in texts_of(code):
        given = forms(message.string)
        assert all(given) and not message.fuzzy, message.id
        count = catalogue(code).num_plurals if message.pluralizable else 1
        assert len(given) == count, message.id
        for text in given:
            asked = placeholders(forms(message.id)[0])
            # Forms for none, one or two may say so in words.
            assert placeholders(text) in (asked, asked - {"count"} if message.pluralizable else asked), message.id
            assert text[:1].isspace() == forms(message.id)[0][:1].isspace(), message.id


@pytest.mark.parametrize("code", ["en", *OTHERS])
def test_no_text_holds_what_html_would_read(code: str) -> None:
    said = [text for m in gathered() if m.id for text in forms(m.id)] if code == "en" else []
    said += [text for message in texts_of(code) for text in forms(message.string)] if code != "en" else []
    quoting = {one for one in sentences.SENTENCES if '"' in one}  # these are escaped where they are shown
    assert [text for text in said if IN_HTML & set(text) and text not in quoting] == []


def test_plural_forms_are_those_of_the_language() -> None:
    def say(code: str, count: int) -> str:
        with spoken(code):
            return _n("Nothing missing ({count} detail)", "Nothing missing ({count} details)", count)

    assert [say("en", count) for count in (1, 2)] == ["Nothing missing (1 detail)", "Nothing missing (2 details)"]
    assert say("de", 1) == "Nichts fehlt (1 Einzelheit)" and say("de", 0) == "Nichts fehlt (0 Einzelheiten)"
    details = {1: "تفصيل واحد", 2: "تفصيلان", 3: "3 تفاصيل", 11: "11 تفصيلًا", 100: "100 تفصيل"}  # CLDR's rules
    assert {count: say("ar", count) for count in details} == {
        count: f"لا شيء ناقص ({words})" for count, words in details.items()
    }


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"), ("fr, ar;q=0.5, de;q=0.7", "de"), ("ar-EG", "ar"), ("tlh", "en"), ("", "en"),
        (None, "en"), ("de;q=0, en", "en"), ("en-XA,de", PSEUDO), ("x" * 9999 + ";q=?", "en"), ("*", "en"),
    ],
)  # fmt: skip
def test_a_browsers_wish_finds_the_nearest_language(asked: str | None, code: str) -> None:
    assert wanted(asked) == code


def test_what_somebody_chose_goes_before_the_browser_and_is_theirs_alone() -> None:
    adas = {COOKIE: "ar.94db1eb9d8c9"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ui.web.wording._mark_of", lambda owner: "94db1eb9d8c9" if owner == "ada" else "other")
        assert language_of({"accept-language": "de"}, adas, "ada") == "ar"
        assert language_of({"accept-language": "de"}, adas, "bob") == "de"
        assert language_of({}, {COOKIE: "../../x.94db1eb9d8c9"}, "ada") == "en"


def test_each_step_of_a_handler_speaks_the_language_and_nothing_else_does() -> None:
    def steps():
        yield _("Send")
        yield _("Send")

    german = speaking("de", steps())
    assert (next(german), _("Send"), next(german), _("Send")) == ("Senden", "Send", "Senden", "Send")
    assert list(german) == []


def test_marks_on_gradios_page_are_put_into_words_that_break_out_of_nothing() -> None:
    page = '<html\n\tlang="en"><head></head><script>config = {"label": "⟦The painter\\u0027s own⟧"}</script>'
    with spoken("ar"):
        said = worded(page)
    assert said.startswith('<html lang="ar" dir="rtl"') and "⟦" not in said
    with spoken("en"):
        assert '"label": "The painter\\u0027s own"' in worded(page)


@pytest.mark.parametrize("code", OTHERS)
def test_sentences_of_other_parts_are_known_by_their_words(code: str) -> None:
    with spoken(code):
        known = retelling.known(
            "The picture has 9000x9000 pixels and at most 40 megapixels can be taken; send a smaller one."
        )
        assert known and "9000" in known and "40" in known and "picture" not in known
        assert retelling.known("Editing v1: the bunny's face") and retelling.known("Nobody wrote this.") is None
        assert retelling.told("Nobody wrote this.") == '<bdi lang="en">Nobody wrote this.</bdi>'
        assert retelling.known("A bunny with a hat.") is None  # a model's words, not "v1 with {named}."
    assert retelling.told("Nobody wrote this.") == "Nobody wrote this."


def test_what_a_model_or_a_person_wrote_stays_within_a_sentence_and_breaks_out_of_nothing() -> None:
    with spoken("de"):
        said = retelling.told("Editing v1 and v2: <b>the bunny</b> {what}")
        assert said == 'Ändert v1 und v2: <bdi dir="auto">&lt;b&gt;the bunny&lt;/b&gt; {what}</bdi>'
        assert retelling.told("Extending v1 to 16:9") == "Erweitert v1 auf 16:9"
        pressed = {
            "Paint on to the left and to the right and above of v1": "Male v1 weiter: "
            "nach links und nach rechts und nach oben",
            "Vary v1 a little": "Wandle v1 ab: ein wenig",
            "Combine v1 with the hat of v2": 'Verbinde v1 mit <bdi dir="auto">the hat</bdi> aus v2',
            "make the fox happier": 'mach „<bdi dir="auto">fox</bdi>“ fröhlicher',
            "let it snow, as a watercolour": "lass es schneien, Aquarell",
            "let it rain": '<bdi lang="en">let it rain</bdi>',
        }  # fmt: skip
        assert {message: wishes.called(message) for message in pressed} == pressed
    assert wishes.called("Vary v1 a little") == "Vary v1 a little"


def written(path: Path) -> set[str]:
    """Return the texts in a source, with {} for each placeholder."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr | ast.Constant) and (text := text_of(node)):
            found.add(text)
    return found


def text_of(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def unnamed(text: str) -> str:
    return re.sub(r"\{\w+\}", "{}", text)


def test_every_sentence_of_another_part_is_one_that_it_writes() -> None:
    sources = [path for folder in SOURCES for path in (ROOT / folder).glob("*.py")]
    sources += [ROOT / "ui" / "web" / name for name in ("buttons.py", "pictures.py")]
    there = set().union(*map(written, sources))
    listed = {
        *sentences.SENTENCES,
        *sentences.MESSAGES,
        *(part for parts in sentences.PARTS.values() for part in parts),
    }
    assert {one for one in listed if unnamed(one) not in there} == COMPOSED


@pytest.mark.parametrize("module", MET_ON_THE_PAGE)
def test_every_error_that_the_page_can_meet_is_said_in_every_language(module: str) -> None:
    """Every class named so is an error of ours; what only a program can meet that calls wrongly is in `NOT_MET`."""
    said = set()
    for node in ast.walk(ast.parse((ROOT / module).read_text("utf-8"))):
        name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if re.search("Error$|^Unknown|^Refused", name) and name != "ValueError" and node.args:
            said.add(text_of(node.args[0]))
    known = {*map(unnamed, sentences.SENTENCES), *NOT_MET, ""}
    assert said - {""}, "nothing is raised here any more"
    assert sorted(said - known) == []


def test_styles_are_asked_for_in_the_painters_words_whatever_they_are_called() -> None:
    from ui.web.wishes import styles

    with spoken("de"):
        assert dict(styles(STYLES))["Aquarell"] == "as a watercolour"
