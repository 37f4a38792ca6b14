"""`limner train`: its options, each of which stands here once. Knows no models.

What the command does is in `ui.commands.train`, imported only when it runs.
"""

from __future__ import annotations

import inspect
from dataclasses import MISSING, dataclass
from dataclasses import fields as fields_of
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

MODELS = ("autoencoder", "painter", "distillation", "enlarger", "finder", "judge", "rewriter", "captioner", "policy")
Model = Annotated[str, typer.Argument(metavar="|".join(MODELS))]


@dataclass(frozen=True)
class TrainOptions:
    """What was asked on the command line; None leaves it to the training itself."""

    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where the run and its weights go.")]
    minutes: Annotated[float | None, typer.Option("--minutes", help="The budget, turned into steps at the start.")] = (
        None
    )
    steps: Annotated[int | None, typer.Option("--steps", help="The budget in steps, instead of minutes.")] = None
    seed: Annotated[int | None, typer.Option("--seed", help="The same seed trains the same model.")] = None
    threads: Annotated[int | None, typer.Option("--threads", help="CPU threads.")] = None
    setting: Annotated[
        str | None, typer.Option("--setting", metavar="core|related|full", help="How much of the picture world; core.")
    ] = None
    resume: Annotated[bool, typer.Option("--resume", help="Go on exactly where the run in --out stopped.")] = False
    warm_start: Annotated[
        Path | None, typer.Option("--warm-start", metavar="DIR", help="Start from the weights of another run.")
    ] = None
    pictures: Annotated[
        Path | None,
        typer.Option("--pictures", metavar="DIR", help="Pictures drawn by an earlier run, to use again."),
    ] = None
    autoencoder: Annotated[
        Path | None,
        typer.Option(
            "--autoencoder", metavar="DIR", help="The autoencoder that a painter, enlarger or finder learns with."
        ),
    ] = None
    compiled: Annotated[
        bool, typer.Option("--compiled", help="Fuse the steps (not the judge's); needs a C++ compiler.")
    ] = False
    stage: Annotated[
        str | None, typer.Option("--stage", metavar="base|ssc|dsc|both", help="Which captions a captioner learns.")
    ] = None
    truth: Annotated[
        float | None,
        typer.Option("--truth", help="How much a captioner also learns from the world's masks; none unless given."),
    ] = None
    batch: Annotated[int | None, typer.Option("--batch", help="Pictures a step (not the rewriter's).")] = None
    lessons: Annotated[
        int | None,
        typer.Option("--lessons", help="Steps that a painter's text encoder first learns from words alone."),
    ] = None
    width: Annotated[
        int | None, typer.Option("--width", help="Of a painter, enlarger or finder, a multiple of 64.")
    ] = None
    layers: Annotated[int | None, typer.Option("--layers", help="Of a painter, an enlarger or a finder.")] = None
    synthetic: Annotated[
        float | None,
        typer.Option("--synthetic", help="Share of a captioner's words in a painter's prompts, else alt text."),
    ] = None
    captioner: Annotated[
        Path | None,
        typer.Option("--captioner", metavar="DIR", help="Who says them, if not the embedded one."),
    ] = None
    data: Annotated[
        list[str] | None,
        typer.Option(
            "--data",
            metavar="SOURCE[=WEIGHT]",
            help="Pictures of your own, in place of the world: a folder, tar or parquet file; may come again.",
        ),
    ] = None
    captions: Annotated[
        Path | None,
        typer.Option("--captions", metavar="FILE", help="What `limner recaption` wrote for the pictures in --data."),
    ] = None
    size: Annotated[int | None, typer.Option("--size", help="Pixels a side that pictures are learned at.")] = None
    image_tower: Annotated[
        str | None,
        typer.Option("--image-tower", metavar="NAME", help="A captioner's image encoder: a CLIP or SigLIP."),
    ] = None
    text_decoder: Annotated[
        str | None,
        typer.Option("--text-decoder", metavar="NAME", help="A captioner's words: any causal language model."),
    ] = None
    tower_rate: Annotated[
        float | None,
        typer.Option("--tower-rate", help="Share of the rate at which these learn; 0 freezes them, 0.01 is usual."),
    ] = None
    accumulate: Annotated[
        int | None, typer.Option("--accumulate", help="Batches whose gradients are added up for a step.")
    ] = None
    clip: Annotated[float | None, typer.Option("--clip", help="The length that gradients are cut to; 0 for none.")] = (
        None
    )
    log_with: Annotated[
        str | None,
        typer.Option("--log-with", metavar="NAME", help="tensorboard as a rule; wandb, or what else there is."),
    ] = None
    commit: Annotated[
        str | None, typer.Option("--commit", help="The code's commit, for the account, where it cannot be found.")
    ] = None
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Take a few steps, write nothing, and say what a run would need.")
    ] = False
    push_to_hub: Annotated[
        str | None,
        typer.Option("--push-to-hub", metavar="OWNER/NAME", help="Send the result to the hub; private. HF_TOKEN."),
    ] = None
    public: Annotated[bool, typer.Option("--public", help="With --push-to-hub: let everybody see it.")] = False


def add_training(app: typer.Typer) -> None:
    """Add `limner train` to a command line, with an option for each of `TrainOptions`."""

    def train(model: Model, **given: Any) -> None:
        """Train one of the models, on the picture world or on pictures of your own."""
        from ui.commands.train import train

        train(model, TrainOptions(**given))

    hints = get_type_hints(TrainOptions, include_extras=True)
    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [inspect.Parameter("model", keyword, annotation=Model)]
    for field in fields_of(TrainOptions):
        default = inspect.Parameter.empty if field.default is MISSING else field.default
        parameters.append(inspect.Parameter(field.name, keyword, default=default, annotation=hints[field.name]))
    # Typer reads a command's options off its signature and its annotations.
    train.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    train.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    app.command()(train)
