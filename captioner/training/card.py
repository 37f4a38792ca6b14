"""The model card of a trained run: what it is, what it learned from and what was skipped, how it was made.

Says nothing that the run's account does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from huggingface_hub import ModelCardData

KINDS = {
    "captioner": ("image-to-text", "Says in words what is in a picture (CoCa, arXiv:2205.01917)."),
    "painter": ("text-to-image", "Paints a picture from words (rectified flow on latents, arXiv:2209.03003)."),
    "autoencoder": ("image-to-image", "Turns pictures into latents and back."),
    "judge": ("image-classification", "Reads what a picture of Limner's world shows; for evaluation alone."),
    "rewriter": ("text-generation", "Turns a conversation about pictures into plans."),
    "enlarger": ("image-to-image", "Enlarges pictures."),
    "finder": ("image-segmentation", "Finds what an instruction changes in a picture."),
}
CARD = "README.md"
FIGURES = ("psnr", "last_loss")


def model_card(account: Mapping[str, Any], command: str) -> str:
    """Return a card in the hub's form.

    Args:
        account: as `captioner.training.loop.train` returns it.
        command: what was run, without the folders of whoever ran it.
    """
    name = str(account.get("model", "model"))
    pipeline, about = KINDS.get(name, ("other", "A model of Limner's."))
    head = ModelCardData(tags=["limner", name], pipeline_tag=pipeline).to_yaml()
    lines = [
        f"---\n{head}\n---\n",
        f"# {name.capitalize()}\n",
        f"{about} Trained with Limner.\n",
        "## What it learned from\n",
    ]
    lines += _data(account)
    lines += ["## How it was made\n", f"`{command}`\n"]
    settings = account.get("settings", {})
    rows = {
        "steps": account.get("steps"), "minutes": account.get("minutes"), "parameters": account.get("parameters"),
        "pictures a loss": (account.get("data") or {}).get("batch"), "losses a step": settings.get("accumulate"),
        "processes": account.get("processes"), "learning rate": settings.get("learning_rate"),
        "stage": account.get("stage"), "image tower": _named(account.get("image_tower")),
        "text decoder": _named(account.get("text_decoder")), "seed": settings.get("seed"),
        "commit": account.get("commit"), "hardware": account.get("hardware"), "torch": account.get("torch"),
    }  # fmt: skip
    lines += _table("", {row: value for row, value in rows.items() if value is not None})
    figures = {key: value for key, value in account.items() if key in FIGURES or key.startswith("held_out_")}
    lines += ["## What it reached\n", *_table("Measured by the run itself:", figures)]
    lines += ["Nothing else has been measured; `limner eval` measures more on the picture world.\n"]
    return "\n".join(lines)


def write_card(folder: Path, account: Mapping[str, Any], command: str) -> None:
    (folder / CARD).write_text(model_card(account, command), "utf-8")


def _data(account: Mapping[str, Any]) -> list[str]:
    sources = account.get("sources")
    if not sources:
        version = account.get("world_version")
        world = f"version {version}, setting {account.get('world_setting')}" if version else "as this Limner draws it"
        what = "drawn scenes with exact captions, no photographs"
        if account.get("model") == "rewriter":
            what = "conversations simulated over it, with the plan of every turn"
        return [f"Limner's picture world ({world}): {what}.\n"]
    lines = ["| set | weight | pictures | skipped | odd texts | learned, with repeats |", "|---|---|---|---|---|---|"]
    for row in sources:
        name = str(row["source"]).replace("|", "\\|")
        counts = " | ".join(f"{row[key]:,}" for key in ("pictures", "skipped", "odd", "used"))
        lines.append(f"| {name} | {row['weight']:g} | {counts} |")
    lines.append("\nPictures and skipped ones are counted in the first pass over a set, as far as the run came.")
    if account.get("synthetic") is not None:
        lines.append(
            f"\n{float(account['synthetic']):.0%} of the words are a captioner's ({account.get('captions')}), the "
            "others came with the pictures."
        )
    elif account.get("captions"):
        lines.append(f"\nThe captions are those in {account['captions']}.")
    return [*lines, ""]


def _table(before: str, rows: Mapping[str, Any]) -> list[str]:
    if not rows:
        return []
    told = [f"| {name} | {f'{value:,.6g}' if isinstance(value, float) else value} |" for name, value in rows.items()]
    return [*([before + "\n"] if before else []), "| | |", "|---|---|", *told, ""]


def _named(place: Any) -> str | None:
    """Return a model's name: as on the hub, or the last part of a folder's."""
    return None if place is None else str(place) if str(place).count("/") == 1 else Path(str(place)).name
