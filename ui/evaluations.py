"""`limner eval`: a command with options of its own for each thing that is measured. Knows no models.

What a command does is in `ui.commands.evaluate` and `ui.commands.blends`, imported only when it runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ui.errors import SettingsError

Count = Annotated[int | None, typer.Option("--count", help="How many held-out scenes or conversations.")]
Seed = Annotated[int, typer.Option("--seed", help="Decides wording and noise.")]
Out = Annotated[
    Path | None, typer.Option("--out", "-o", metavar="DIR", help="A folder for the report and its pictures.")
]


class _Evaluations(TyperGroup):
    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is named first, as click does. Raises: SettingsError: there is none of that name."""
        if args and args[0] not in self.commands:
            names = ", ".join(self.commands)
            raise SettingsError(f"There is no evaluation of {args[0][:40]!r}; choose one of {names}.")
        return super().resolve_command(ctx, args)


def evaluations() -> typer.Typer:
    """Return the commands under `limner eval`."""
    app = typer.Typer(
        cls=_Evaluations,
        help="Measure a model on what it was never trained on.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    _add_painting(app)
    _add_edits(app)
    _add_words(app)
    _add_blends(app)
    return app


def _add_painting(app: typer.Typer) -> None:
    @app.command()
    def painter(
        count: Annotated[
            int | None, typer.Option("--count", help="How many held-out scenes, or prompts of the file.")
        ] = None,
        seed: Seed = 0,
        out: Out = None,
        groups: Annotated[
            int | None, typer.Option("--groups", help="Prompts of each group; 100 as a rule, 0 for none.")
        ] = None,
        prompts: Annotated[
            Path | None,
            typer.Option(
                "--prompts",
                metavar="FILE",
                help="Paint other prompts: GenEval's .jsonl, PartiPrompts' .tsv, DrawBench's or DPG-Bench's .csv, a "
                ".txt of one a line such as T2I-CompBench's, or a folder of .txt.",
            ),
        ] = None,
        pictures: Annotated[
            Path | None,
            typer.Option("--pictures", metavar="DIR", help="Score pictures that are there, of --prompts or their own."),
        ] = None,
        reference: Annotated[
            Path | None,
            typer.Option("--reference", metavar="DIR", help="Pictures to hold those of --pictures against."),
        ] = None,
        encoder: Annotated[
            str | None,
            typer.Option(
                "--encoder",
                metavar="NAME",
                help="A CLIP, SigLIP or DINO of transformers, its folder or OWNER/NAME, in place of our captioner.",
            ),
        ] = None,
    ) -> None:
        """How well the painter follows its prompts, on held-out scenes, beside the judge's ceilings."""
        from ui.commands.evaluate import PainterOptions, evaluate_painter

        evaluate_painter(count, seed, out, PainterOptions(groups, prompts, pictures, reference, encoder))

    @app.command(name="by-eye")
    def by_eye(
        out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="The folder of the pictures.")],
        count: Count = None,
        readings: Annotated[
            Path | None, typer.Option("--readings", metavar="FILE", help="What was read off them, one JSON a line.")
        ] = None,
    ) -> None:
        """Sheets of painted pictures to read by eye, and then how often the judge reads the same."""
        from ui.commands.evaluate import evaluate_by_eye

        evaluate_by_eye(count, out, readings)

    @app.command()
    def enlarger(count: Count = None, out: Out = None) -> None:
        """How near enlarged pictures come to true ones of that size, beside plain filters."""
        from ui.commands.evaluate import evaluate_enlarger

        evaluate_enlarger(count, out)

    @app.command()
    def checks(count: Count = None, seed: Seed = 0, out: Out = None) -> None:
        """How often the check of a picture against its prompt is right, and what more tries gain."""
        from ui.commands.evaluate import evaluate_checks

        evaluate_checks(count, seed, out)


def _add_edits(app: typer.Typer) -> None:
    @app.command()
    def edits(
        count: Count = None,
        seed: Seed = 0,
        out: Out = None,
        turns: Annotated[
            int | None, typer.Option("--turns", help="How many turns a conversation has; 10 as a rule.")
        ] = None,
        development: Annotated[
            bool, typer.Option("--development", help="On scenes for choosing settings, not the held-out ones.")
        ] = False,
        json_file: Annotated[
            Path | None, typer.Option("--json", metavar="FILE", help="Write every figure there.")
        ] = None,
        sheet: Annotated[
            Path | None, typer.Option("--sheet", metavar="FILE", help="A picture of a few conversations.")
        ] = None,
        rewriter: Annotated[
            str | None,
            typer.Option("--rewriter", help='Also paint what this rewriter ("embedded") plans of the messages.'),
        ] = None,
        tries: Annotated[
            int | None,
            typer.Option("--tries", help="How often a turn is painted where something is missing; as turns do it, 4."),
        ] = None,
    ) -> None:
        """What edits do over many turns, beside four other ways to make them."""
        from ui.commands.evaluate import EditOptions, evaluate_edits

        evaluate_edits(count, seed, out, EditOptions(turns, development, json_file, sheet, rewriter, tries))

    @app.command(name="single-edits")
    def single_edits(count: Count = None, seed: Seed = 0, out: Out = None) -> None:
        """What one edit does to a picture, by the kind of change, and to the other thing where there are two."""
        from ui.commands.evaluate import evaluate_single_edits

        evaluate_single_edits(count, seed, out)


def _add_words(app: typer.Typer) -> None:
    @app.command()
    def captioner(
        count: Count = None,
        seed: Seed = 0,
        out: Out = None,
        weights: Annotated[
            Path | None, typer.Option("--weights", metavar="DIR", help="A trained captioner in place of Limner's own.")
        ] = None,
        speed: Annotated[
            bool, typer.Option("--speed", help="How many a second, beside transformers' generate, and nothing else.")
        ] = False,
    ) -> None:
        """How true and complete captions are, and how well pictures and texts find each other."""
        from ui.commands.evaluate import evaluate_captioner

        evaluate_captioner(count, seed, out, weights, speed)

    @app.command()
    def rewriter(
        out: Out = None,
        edits: Annotated[
            int | None,
            typer.Option("--edits", help="In place of the messages, so many edits of one thing: are facts lost?"),
        ] = None,
    ) -> None:
        """How many plans are right on all the held-out messages."""
        from ui.commands.evaluate import evaluate_descriptions, evaluate_rewriter

        if edits is None:
            evaluate_rewriter(out)
        else:
            evaluate_descriptions(edits, out)

    @app.command()
    def policy() -> None:
        """What the policy refuses and alters of prompts whose verdict is known."""
        from ui.commands.evaluate import evaluate_policy

        evaluate_policy()


def _add_blends(app: typer.Typer) -> None:
    @app.command()
    def blends(
        count: Annotated[int | None, typer.Option("--count", help="Held-out scenes for each kind of prompt.")] = None,
        out: Annotated[
            Path | None,
            typer.Option("--out", "-o", metavar="DIR", help="The experiment's folder; it goes on where it stopped."),
        ] = None,
        captioner: Annotated[
            Path | None, typer.Option("--captioner", metavar="DIR", help="Who says the descriptive captions.")
        ] = None,
        ssc: Annotated[Path | None, typer.Option("--ssc", metavar="DIR", help="Who says the short captions.")] = None,
        seeds: Annotated[int | None, typer.Option("--seeds", help="Runs of each; 5 as a rule.")] = None,
        levels: Annotated[
            str | None, typer.Option("--levels", metavar="low,medium,high", help="How noisy the alt text is.")
        ] = None,
        shares: Annotated[
            str | None,
            typer.Option(
                "--shares", metavar="65,95", help="Blends to hold against alt text: descriptive captions, in percent."
            ),
        ] = None,
        curve: Annotated[bool, typer.Option("--curve", help="All seven blends; for a large GPU.")] = False,
        steps: Annotated[int | None, typer.Option("--steps", help="How long each painter trains.")] = None,
        workers: Annotated[int | None, typer.Option("--workers", help="How many train at once.")] = None,
        compiled: Annotated[bool, typer.Option("--compiled", help="Fuse the steps of training.")] = False,
    ) -> None:
        """Whether better captions make better painters: DALL·E 3's experiment, on small painters."""
        from ui.commands.blends import BlendOptions, evaluate_blends

        options = BlendOptions(captioner, ssc, seeds, levels, shares, curve, steps, workers, compiled)
        evaluate_blends(count, out, options)
