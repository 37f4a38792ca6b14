"""Gathers the texts of the page from its sources into `languages/messages.pot`, and brings every language in step.

For whoever changes a text: `make texts`. What a language lacks afterwards is empty in its file, and a test names it.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_javascript
from babel.messages.pofile import write_po

from ui.web.texts import FOLDER, catalogue, languages

UNWANTED = (b'"Project-Id', b'"Report-', b'"POT-', b'"PO-', b'"Last-', b'"Language-Team', b'"Generated-By')
SOURCES = Path(__file__).parent
Text = str | tuple[str, str]
"""A text, or its forms for one and for several."""


def texts_of(path: Path) -> Iterator[Text]:
    """Return the texts of a source, in their order."""
    if path.suffix == ".js":
        with path.open("rb") as file:
            for _line, _name, words, _comments in extract_javascript(file, {"_": None}, [], {}):
                yield str(words if isinstance(words, str) else words[0])
        return
    # Babel's own reader of Python sees what stands in f-strings from Python 3.12 on alone.
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            words = [str(one.value) for one in node.args if isinstance(one, ast.Constant)]
            if node.func.id in ("_", "N_") and words:
                yield words[0]
            elif node.func.id == "_n" and len(words) >= 2:
                yield words[0], words[1]


def gathered() -> Catalog:
    """Return all texts with the sources that they stand in."""
    catalog = Catalog(project="Limner", charset="utf-8", fuzzy=False)
    for path in sorted([*SOURCES.glob("*.py"), *SOURCES.glob("*.js")]):
        for text in texts_of(path):
            catalog.add(text, locations=[(f"ui/web/{path.name}", 0)])
    return catalog


def write(catalog: Catalog, path: Path) -> None:
    """Write a file of texts. Its header says what is needed to read it, and no dates: what did not change stays so."""
    catalog.header_comment = f"# The texts of Limner's page: {path.name}"
    written = io.BytesIO()
    write_po(written, catalog, width=110, omit_header=catalog.locale is None, include_lineno=False)
    lines = written.getvalue().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if not line.startswith(UNWANTED)))


def main() -> None:
    source = gathered()
    write(source, FOLDER / "messages.pot")
    for code in languages()[1:]:
        catalog = catalogue(code)
        catalog.update(source, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        write(catalog, FOLDER / f"{code}.po")


if __name__ == "__main__":
    main()
