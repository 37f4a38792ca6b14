"""The `limner` command: what the commands and their options are called, and the one way errors reach a person.

What a command does is in `ui.commands`, imported only when it runs, so that `limner --help` is quick. Knows no models.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.evaluations import evaluations
from ui.training import add_training

if TYPE_CHECKING:
    from ui.wiring import Builder

Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Where conversations and pictures are kept.")]
PainterName = Annotated[
    str | None,
    typer.Option(
        "--painter",
        metavar="NAME",
        help="A diffusers pipeline's folder, or OWNER/NAME on the hub, in place of our own.",
    ),
]
RewriterName = Annotated[
    str | None,
    typer.Option(
        "--rewriter",
        metavar="NAME",
        help="A chat model: its folder, OWNER/NAME on the hub, or MODEL@URL such as qwen3@http://127.0.0.1:11434/v1.",
    ),
]
Enlarge = Annotated[
    bool | None,
    typer.Option("--enlarge/--no-enlarge", help="Enlarge what our own painter paints to 512 pixels; so as a rule."),
]
Out = Annotated[Path, typer.Option("--out", "-o", metavar="FILE")]
Seed = Annotated[int | None, typer.Option("--seed", help="The same seed paints the same picture.")]
Exact = Annotated[bool, typer.Option("--exact", help="Paint a new picture from just these words; nothing is added.")]
Tries = Annotated[
    int | None,
    typer.Option("--tries", metavar="0..8", help="Pictures painted to get one with nothing missing; 0 does not look."),
]
Setting = Annotated[str, typer.Option("--setting", metavar="core|related|full", help="How much of the picture world.")]
Way = Annotated[str, typer.Option("--decoding", metavar="greedy|nucleus|beam", help="How words are chosen.")]
Beams = Annotated[int | None, typer.Option("--beams", help="How many beginnings a beam search keeps.")]
Weights = Annotated[
    Path | None, typer.Option("--weights", metavar="DIR", help="A trained captioner in place of Limner's own.")
]

INTERRUPTED = 130


def make_app(builder: Builder | None = None) -> typer.Typer:
    """Return the command line; `builder` makes the `App` that commands use (tests pass one with the public fakes)."""
    app = typer.Typer(
        name="limner",
        help="A chat you make pictures with, on your own machine.",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    _add_settings(app)
    _add_faces(app, builder)
    _add_models(app)
    _add_captioning(app)
    _add_training(app)
    app.add_typer(evaluations(), name="eval")
    return app


def _add_settings(app: typer.Typer) -> None:
    @app.callback()
    def _given(
        settings: Annotated[
            list[str] | None,
            typer.Option("--set", metavar="NAME=VALUE", help="Any of the settings, for this run; may come again."),
        ] = None,
        config: Annotated[
            Path | None, typer.Option("--config", metavar="FILE", help="Settings, in place of the usual limner.toml.")
        ] = None,
    ) -> None:
        from ui.settings import take_flags

        take_flags(settings or (), config)

    @app.command()
    def settings() -> None:
        """Show every setting, what it is and where that comes from."""
        from ui.commands.settings import show_settings

        show_settings()


def _add_faces(app: typer.Typer, builder: Builder | None) -> None:
    @app.command()
    def draw(
        message: Annotated[str, typer.Argument(help="What to draw, in your own words.")],
        out: Out = Path("picture.png"),
        seed: Seed = None,
        size: Annotated[
            str | None, typer.Option("--size", metavar="N|WxH", help="Pixels, such as 512 or 512x512.")
        ] = None,
        steps: Annotated[int | None, typer.Option("--steps", help="How many steps to paint in.")] = None,
        exact: Exact = False,
        tries: Tries = None,
        data: Data = None,
        painter: PainterName = None,
        rewriter: RewriterName = None,
        enlarge: Enlarge = None,
    ) -> None:
        """Draw one picture into a PNG file."""
        from ui.commands.draw import draw

        draw(_builder(builder, painter, rewriter, enlarge), message, out, seed, size, steps, data, exact, tries)

    @app.command()
    def chat(
        as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object for each turn.")] = False,
        new: Annotated[bool, typer.Option("--new", help="Begin another conversation.")] = False,
        conversation: Annotated[
            str | None, typer.Option("--conversation", metavar="ID", help="Go on with this one.")
        ] = None,
        exact: Exact = False,
        tries: Tries = None,
        at_once: Annotated[
            bool, typer.Option("--at-once", help="Paint what the last edits came to anew, all at once, beside it.")
        ] = False,
        lock: Annotated[
            str | None, typer.Option("--lock", metavar="WORDS", help="Keep these words of the present prompt for good.")
        ] = None,
        unlock: Annotated[str | None, typer.Option("--unlock", metavar="WORDS", help="Let locked words go.")] = None,
        rename: Annotated[
            tuple[str, str] | None,
            typer.Option("--rename", metavar="VERSION NAME", help='Call a version by a name: v2 "by the sea".'),
        ] = None,
        like: Annotated[
            str | None, typer.Option("--like", metavar="VERSION", help="Say that a version is as you like it.")
        ] = None,
        dislike: Annotated[
            str | None, typer.Option("--dislike", metavar="VERSION", help="Say that a version is not.")
        ] = None,
        delete: Annotated[
            str | None, typer.Option("--delete", metavar="VERSION", help="Delete a version for good, such as v2.")
        ] = None,
        yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False,
        data: Data = None,
        painter: PainterName = None,
        rewriter: RewriterName = None,
        enlarge: Enlarge = None,
    ) -> None:
        """Talk and see pictures; goes on where you were. Takes one message a line when its input is not a terminal."""
        from ui.commands.chat import chat

        chat(
            _builder(builder, painter, rewriter, enlarge),
            as_json,
            new,
            conversation,
            data,
            exact,
            tries,
            at_once,
            lock,
            unlock,
            rename,
            delete,
            yes,
            like,
            dislike,
        )

    @app.command()
    def serve(
        host: Annotated[str | None, typer.Option("--host", help="The address to listen on.")] = None,
        port: Annotated[int | None, typer.Option("--port", help="The port; 0 takes any that is free.")] = None,
        data: Data = None,
        browse: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
        api_only: Annotated[bool, typer.Option("--api-only", help="Serve programs, without the page.")] = False,
        auth: Annotated[
            bool, typer.Option("--auth", help="Ask people to sign in; always so where other machines can reach it.")
        ] = False,
        painter: PainterName = None,
        rewriter: RewriterName = None,
        enlarge: Enlarge = None,
    ) -> None:
        """Serve the page to browsers, and the API to programs: this machine's, unless --host lets others in."""
        from ui.commands.serve import serve

        serve(_builder(builder, painter, rewriter, enlarge), host, port, data, browse, api_only, auth or None)

    @app.command()
    def mcp(
        data: Data = None, painter: PainterName = None, rewriter: RewriterName = None, enlarge: Enlarge = None
    ) -> None:  # fmt: skip
        """Serve tools over stdin and stdout to an MCP client, which starts this command itself."""
        from ui.commands.mcp import mcp

        mcp(_builder(builder, painter, rewriter, enlarge), data)

    _add_keys(app, builder)
    _add_users(app, builder)


def _add_users(app: typer.Typer, builder: Builder | None) -> None:
    users = typer.Typer(help="The people who may sign in to the page.", no_args_is_help=True)
    app.add_typer(users, name="users")

    @users.command(name="add")
    def add(
        name: Annotated[str, typer.Argument(help="The name to sign in with.")],
        person: Annotated[
            str | None,
            typer.Option("--person", help="Whose pictures they see, if not their own; 'you' made those before."),
        ] = None,
        data: Data = None,
    ) -> None:
        """Let somebody sign in, with a password that is asked for; or give them another."""
        from ui.commands.users import add_user

        add_user(_builder(builder), name, person, data)

    @users.command(name="list")
    def list_(data: Data = None) -> None:
        """List who may sign in."""
        from ui.commands.users import list_users

        list_users(_builder(builder), data)

    @users.command(name="remove")
    def remove(name: Annotated[str, typer.Argument()], data: Data = None) -> None:
        """Let somebody sign in no more; what is theirs stays."""
        from ui.commands.users import remove_user

        remove_user(_builder(builder), name, data)


def _add_keys(app: typer.Typer, builder: Builder | None) -> None:
    keys = typer.Typer(help="The keys that programs need to use the API.", no_args_is_help=True)
    app.add_typer(keys, name="keys")

    @keys.command(name="add")
    def add(
        name: Annotated[str, typer.Argument(help="What the key is for, such as open-webui.")],
        person: Annotated[
            str | None, typer.Option("--person", help="Whose pictures it sees; yours, if nobody is named.")
        ] = None,
        data: Data = None,
    ) -> None:
        """Make a key and print it; it cannot be shown again. From then on the API needs one."""
        from ui.commands.keys import add_key

        add_key(_builder(builder), name, person, data)

    @keys.command(name="list")
    def list_(data: Data = None) -> None:
        """List the keys, without their secrets."""
        from ui.commands.keys import list_keys

        list_keys(_builder(builder), data)

    @keys.command(name="revoke")
    def revoke(
        key: Annotated[str, typer.Argument(metavar="ID", help="The id that `limner keys list` shows.")],
        data: Data = None,
    ) -> None:
        """Make a key useless for good."""
        from ui.commands.keys import revoke_key

        revoke_key(_builder(builder), key, data)

    policy = typer.Typer(help="What is refused, and what was.", no_args_is_help=True)
    app.add_typer(policy, name="policy")

    @policy.command(name="look")
    def look(
        pictures: Annotated[list[Path], typer.Argument(metavar="PICTURE…")],
    ) -> None:
        """Print lines for LIMNER_POLICY_PICTURES by which pictures are known again, and nothing else of them."""
        from ui.commands.policy import print_looks

        print_looks(pictures)

    @policy.command(name="decisions")
    def decisions(
        every: Annotated[bool, typer.Option("--all", help="Also what was let pass.")] = False,
        number: Annotated[int, typer.Option("--number", "-n", min=1, max=1_000_000, help="How many.")] = 50,
        as_json: Annotated[bool, typer.Option("--json", help="A line of JSON for each.")] = False,
        data: Data = None,
    ) -> None:
        """Show what was last refused or altered of everybody's words and pictures, by whom, and why."""
        from ui.commands.policy import print_decisions

        print_decisions(_builder(builder), every, number, as_json, data)

    @app.command()
    def export(
        conversation: Annotated[
            str | None, typer.Argument(metavar="[CONVERSATION]", help="Its id; the one used last without.")
        ] = None,
        out: Annotated[
            Path | None, typer.Option("--out", "-o", metavar="PATH", help="A new folder, or a file that ends in .zip.")
        ] = None,
        pairs: Annotated[
            bool, typer.Option("--pairs", help="Also what you kept and what not, as pairs to train on.")
        ] = False,
        data: Data = None,
    ) -> None:
        """Write a conversation's pictures, prompts, recipes and tree to a folder or zip."""
        from ui.commands.export import export_conversation

        export_conversation(_builder(builder), conversation, out, data, pairs)

    @app.command()
    def replay(
        source: Annotated[Path, typer.Argument(metavar="EXPORT", help="What `limner export` wrote.")],
        out: Annotated[
            Path | None, typer.Option("--out", "-o", metavar="DIR", help="A new folder for the pictures.")
        ] = None,
    ) -> None:
        """Paint an exported conversation again, and say which pictures came out identical."""
        from ui.commands.export import replay_export

        replay_export(source, out)


def _add_models(app: typer.Typer) -> None:
    @app.command()
    def models(
        folder: Annotated[
            Path | None, typer.Argument(metavar="[DIR]", help="A pipeline's folder, to be told of it alone.")
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object for each model.")] = False,
    ) -> None:
        """List the models that can paint: which are here, what memory they need, what each can do."""
        from ui.commands.models import models

        models(folder, as_json)


def _add_captioning(app: typer.Typer) -> None:
    @app.command()
    def caption(
        pictures: Annotated[list[Path], typer.Argument(metavar="PICTURE…", help="What to say in words.")],
        kind: Annotated[
            str, typer.Option("--kind", metavar="short|descriptive", help="The main subject, or everything.")
        ] = "descriptive",
        as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object for each picture.")] = False,
        decoding: Way = "greedy",
        beams: Beams = None,
        weights: Weights = None,
    ) -> None:
        """Say what is in pictures."""
        from ui.commands.caption import caption, decoding_named
        from ui.wiring import load_embedded_captioner

        way = decoding_named(decoding, beams)
        caption(lambda: load_embedded_captioner(weights), pictures, kind, as_json, way)

    @app.command()
    def recaption(
        source: Annotated[
            Path, typer.Argument(metavar="SOURCE", help="A folder, a WebDataset tar, a parquet file or a picture.")
        ],
        out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The parquet file to write.")],
        workers: Annotated[int, typer.Option("--workers", help="Threads that decode pictures.")] = 2,
        as_json: Annotated[bool, typer.Option("--json", help="Print the summary as a JSON object.")] = False,
        decoding: Way = "greedy",
        beams: Beams = None,
        weights: Weights = None,
    ) -> None:
        """Caption a whole picture set, short and descriptive, beside what its captions were; goes on after a stop."""
        from ui.commands.caption import decoding_named, recaption
        from ui.wiring import load_embedded_captioner

        way = decoding_named(decoding, beams)
        recaption(lambda: load_embedded_captioner(weights), source, out, way, workers, as_json)


def _add_training(app: typer.Typer) -> None:
    @app.command()
    def world(
        sheet: Annotated[Path, typer.Option("--sheet", metavar="FILE", help="The PNG to write.")],
        setting: Setting = "full",
        seed: Annotated[
            int | None, typer.Option("--seed", help="Random scenes of this seed, not the usual sheet.")
        ] = None,
    ) -> None:
        """Draw a contact sheet of the picture world, which the models learn from."""
        from ui.commands.world import world

        world(sheet, setting, seed)

    add_training(app)
    weights = typer.Typer(help="The embedded models' weights.", no_args_is_help=True, rich_markup_mode=None)
    app.add_typer(weights, name="weights")

    @weights.callback()
    def _weights() -> None:
        pass

    @weights.command()
    def export(folder: Annotated[Path, typer.Argument(metavar="DIR")]) -> None:
        """Write the embedded models as ordinary diffusers and transformers folders."""
        from ui.commands.weights import export_weights

        export_weights(folder)

    @weights.command()
    def publish(
        painter: Annotated[Path | None, typer.Option("--painter", metavar="DIR", help="The painter's run.")] = None,
        autoencoder: Annotated[
            Path | None,
            typer.Option("--autoencoder", metavar="DIR", help="The autoencoder's run; the present one stays without."),
        ] = None,
        rewriter: Annotated[Path | None, typer.Option("--rewriter", metavar="DIR", help="The rewriter's run.")] = None,
        captioner: Annotated[
            Path | None, typer.Option("--captioner", metavar="DIR", help="The captioner's run.")
        ] = None,
        enlarger: Annotated[Path | None, typer.Option("--enlarger", metavar="DIR", help="The enlarger's run.")] = None,
        finder: Annotated[Path | None, typer.Option("--finder", metavar="DIR", help="The finder's run.")] = None,
        policy: Annotated[Path | None, typer.Option("--policy", metavar="DIR", help="The policy model's run.")] = None,
    ) -> None:
        """Put trained runs where the embedded models are looked for."""
        from ui.commands.weights import publish_weights

        publish_weights(painter, autoencoder, rewriter, captioner, enlarger, finder, policy)


def _builder(
    builder: Builder | None, painter: str | None = None, rewriter: str | None = None, enlarge: bool | None = None
) -> Builder:
    """Return what builds the app, with what was said of models on the command line in place of the settings'."""
    if builder is None:
        from ui.wiring import build

        builder = build
    said = {"painter": painter, "rewriter": rewriter, "enlarge": enlarge}
    named = {name: value for name, value in said.items() if value is not None}
    given = builder
    return (lambda settings: given(settings.model_copy(update=named))) if named else given


def main(arguments: Sequence[str] | None = None, builder: Builder | None = None) -> None:
    """Run the command line and exit; whatever went wrong is said in one sentence on stderr."""
    from assistant.errors import AssistantError
    from captioner.errors import CaptionerError
    from generation.errors import GenerationError
    from ui.errors import UiError

    try:
        make_app(builder)(args=None if arguments is None else list(arguments))
    except (AssistantError, GenerationError, CaptionerError, UiError) as error:
        _fail(str(error))
    except KeyboardInterrupt:
        _fail("Stopped.", INTERRUPTED)
    except Exception:
        _fail(f"Something went wrong that should not have; {_kept_traceback()}.")


def _fail(sentence: str, status: int = 1) -> None:
    with contextlib.suppress(OSError):
        print(f"limner: {' '.join(sentence.split())}", file=sys.stderr)
    sys.exit(status)


def _kept_traceback() -> str:
    """Write the traceback of the exception at hand to a file and say where it is."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix=time.strftime("limner-%Y%m%d-%H%M%S-"), suffix=".log", delete=False, encoding="utf-8"
        ) as file:
            traceback.print_exc(file=file)
    except OSError:
        return "no record of it could be written either, as the temporary folder is full or read-only"
    return f"what happened is written in {file.name}"
