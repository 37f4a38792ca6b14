"""Prompt files as the field's benchmarks have them, read by what is in them. Knows no pictures.

GenEval's `evaluation_metadata.jsonl` (`prompt`, `tag`, `include`, `exclude`), PartiPrompts' `.tsv` (`Prompt`,
`Category`, `Challenge`), DrawBench's `.csv` (`Prompts`, `Category`), DPG-Bench's `dpg_bench.csv` (`item_id`, `text`, a
row for each of its questions) or folder of `.txt`, one prompt in each, and any `.txt` of one prompt a line, as
T2I-CompBench's are.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generation.errors import RequestError
from generation.evaluation.clauses import Asked, asked_of

LARGEST_FILE = 64 * 2**20
LONGEST = 10_000
"""Letters of a prompt."""
PROMPT_COLUMNS = ("prompt", "prompts", "text")


@dataclass(frozen=True)
class OutsidePrompt:
    """A prompt of somebody else's; `asked` where its file says in clauses what must be in the picture."""

    id: str
    text: str
    category: str = ""
    asked: Asked | None = None


@dataclass(frozen=True)
class PromptFile:
    """All prompts of a file or folder, and in which form it was."""

    form: str
    prompts: tuple[OutsidePrompt, ...]


def read_prompts(path: Path) -> PromptFile:
    """Return the prompts of a file, or of a folder of `.txt` files.

    Raises:
        RequestError: it cannot be read, is in none of the forms above, or holds no prompt.
    """
    if path.is_dir():
        form, prompts = "DPG-Bench's folder", _folder(path)
    else:
        text, suffix = _text(path), path.suffix.lower()
        if suffix in (".jsonl", ".json"):
            form, prompts = "GenEval's metadata", _geneval(path, text)
        elif suffix == ".tsv":
            form, prompts = "PartiPrompts' table", _table(path, text, "\t")
        elif suffix == ".csv":
            form, prompts = "a table", _table(path, text, ",")
        elif suffix == ".txt":
            form, prompts = "one prompt a line", _lines(text)
        else:
            raise RequestError(
                f"{path.name} is no prompt file that is read here; give .jsonl as GenEval has it, .tsv as "
                "PartiPrompts, .csv as DrawBench or DPG-Bench, .txt with one prompt a line, or a folder of .txt files."
            )
    found = list(prompts)
    if not found:
        raise RequestError(f"{path} holds no prompt; give a file with at least one.")
    for prompt in found:
        if len(prompt.text) > LONGEST:
            raise RequestError(f"prompt {prompt.id} of {path} has {len(prompt.text)} letters; {LONGEST} are the most.")
    return PromptFile(form, tuple(found))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise RequestError(f"{path} has {path.stat().st_size >> 20} MiB; a prompt file has 64 at most.")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RequestError(f"{path} is not text in UTF-8 (byte {error.start}); save it as UTF-8.") from error
    except OSError as error:
        raise RequestError(f"{path} cannot be read ({error.strerror}); check the path.") from error


def _geneval(path: Path, text: str) -> Iterator[OutsidePrompt]:
    for number, line in enumerate(text.splitlines()):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict) or not isinstance(row.get("prompt"), str) or not row["prompt"].strip():
                raise ValueError("it has no prompt")
            asked = asked_of(row) if "include" in row or "exclude" in row else None
        except ValueError as error:
            raise RequestError(
                f"line {number + 1} of {path} is not in GenEval's form ({error}); each line is a JSON object with "
                "prompt, tag, include and exclude."
            ) from error
        yield OutsidePrompt(f"{number:05}", row["prompt"].strip(), str(row.get("tag", "")), asked)


def _table(path: Path, text: str, between: str) -> Iterator[OutsidePrompt]:
    # PartiPrompts' cells hold bare quotation marks; in a .csv they are what quotes a cell.
    table = io.StringIO(text)
    if between == "\t":
        reader = csv.DictReader(table, delimiter=between, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.DictReader(table, delimiter=between)
    columns = {name.strip().lower(): name for name in reader.fieldnames or () if name}
    column = next((columns[name] for name in PROMPT_COLUMNS if name in columns), None)
    if column is None:
        raise RequestError(
            f"{path} has no column of prompts; it has {', '.join(columns) or 'no header'}, and one named Prompt, "
            "Prompts or text is needed."
        )
    category, key = columns.get("category", ""), columns.get("item_id", "")
    seen: set[str] = set()
    try:
        for number, row in enumerate(reader):
            prompt, name = (row.get(column) or "").strip(), (row.get(key) or "").strip() if key else f"{number:05}"
            if prompt and name not in seen:  # DPG-Bench has a row for each question of a prompt
                seen.add(name)
                yield OutsidePrompt(name, prompt, (row.get(category) or "").strip())
    except csv.Error as error:
        raise RequestError(f"line {reader.line_num} of {path} is no row of a table ({error}).") from error


def _lines(text: str) -> Iterator[OutsidePrompt]:
    for number, line in enumerate(text.splitlines()):
        if line.strip():
            yield OutsidePrompt(f"{number:05}", line.strip())


def _folder(path: Path) -> Iterator[OutsidePrompt]:
    for file in sorted(path.glob("*.txt")):
        if text := " ".join(_text(file).split()):
            yield OutsidePrompt(file.stem, text)
