"""What must hold of the repository as a whole: what it imports, what it weighs, what its README says."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("assistant", "generation", "captioner", "ui")
LARGEST_FILE = 15_000_000
LARGEST_TREE = 52_000_000
HEAVY = ("torch", "gradio", "transformers", "diffusers", "fastapi")


def tracked() -> list[Path]:
    """Return the files that git tracks or would, or every file of an unpacked archive."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def in_a_fresh_process(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_torchvision_is_absent() -> None:
    assert importlib.util.find_spec("torchvision") is None, "it breaks at import beside a CPU build of torch"


def test_importing_the_assistant_brings_in_neither_torch_nor_gradio() -> None:
    modules = ("assistant", *(f"assistant.{path.stem}" for path in (ROOT / "assistant").glob("[a-z]*.py")))
    imports = "\n".join(f"import {module}" for module in (*modules, "assistant.store.store", "assistant.llm.chat"))
    loaded = in_a_fresh_process(f"{imports}\nimport sys; print(*sys.modules)").split()
    assert not set(HEAVY) & set(loaded)


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_a_package_is_instant_and_loads_nothing_else(package: str) -> None:
    code = f"import sys; before = set(sys.modules); import {package}; print(*(set(sys.modules) - before))"
    assert in_a_fresh_process(code).split() == [package]


def test_the_command_line_imports_no_models() -> None:
    code = "import ui.cli, ui.settings, ui.wiring, sys; ui.cli.make_app(); print(*sys.modules)"
    assert not {*HEAVY, "sqlalchemy", "rich", "numpy"} & set(in_a_fresh_process(code).split())


def test_every_init_file_is_empty() -> None:
    own = [path for path in tracked() if path.name == "__init__.py" and path.relative_to(ROOT).parts[0] in PACKAGES]
    assert [path for path in own if "import" in path.read_text()] == []


def test_only_the_settings_read_the_environment() -> None:
    """Tests and benchmarks may; so may a training that reports what it ran on."""
    readers = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES
        if re.search(r"os\.environ|os\.getenv|environ\[", path.read_text())
    ]
    assert readers == ["ui/settings.py"]


def test_the_tree_is_small_enough() -> None:
    sizes = {path: path.stat().st_size for path in tracked()}
    assert [path for path, size in sizes.items() if size > LARGEST_FILE] == []
    assert sum(sizes.values()) <= LARGEST_TREE


def test_no_file_names_a_machine() -> None:
    machine = re.compile(
        r"/(?:work|root)/[a-z]|/(?:home|Users)/(?!me/|you/)[a-z]|file:/{2}/|/opt/[a-z]|extra-index-url", re.IGNORECASE
    )
    readable = {".py", ".md", ".toml", ".txt", ".json", ".yml", ".css", ".js", ".cfg", ".ini", ""}
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked()
        if path.suffix in readable and path != Path(__file__) and path.stat().st_size < 1_000_000
        if (match := machine.search(path.read_text("utf-8", "replace")))
    ]
    assert found == []


def test_the_readme_names_only_commands_and_options_that_exist() -> None:
    import typer.main

    from ui.cli import make_app

    group = typer.main.get_command(make_app())
    readme = (ROOT / "README.md").read_text()
    used = re.findall(r"(?:^|\| )limner ([a-z]+)([^\n#|`]*)", readme, re.MULTILINE)
    assert len(used) >= 12
    for name, rest in used:
        command = group.commands[name]  # type: ignore[attr-defined]
        options = {option for part in command.params for option in part.opts} | {"--help"}
        if hasattr(command, "commands"):
            assert rest.split()[0] in command.commands
            continue
        assert set(re.findall(r"(?<=\s)--?[a-z-]+", rest)) <= options, (name, rest)
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", readme, re.MULTILINE)) <= targets


def test_the_pinned_versions_name_no_local_build() -> None:
    pins = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and not line.startswith("#")]
    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", pin)] == []
    assert not any(pin.startswith("torchvision") for pin in pins)


def test_ci_runs_make_test() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "make test" in script.read_text()
