"""Builds every object there is, once, into one `App`; only this place knows which classes stand behind the protocols.

Importing this is light; torch comes in when a model is first needed, or when `App.warm_up` loads it in the background.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import logging
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from captioner.places import WEIGHTS
from captioner.request import (
    Captioner,
    CaptionerAbilities,
    CaptionKind,
    Checker,
    Checklist,
    Decoding,
    Picture,
)
from generation.request import BlobReader, Capabilities, Painter, Region, RegionFinder, RenderEvent, RenderRequest
from ui.errors import SettingsError
from ui.settings import Settings, load_settings, prepare_environment

if TYPE_CHECKING:
    from assistant.images import BlobStore
    from assistant.policy import Policy
    from assistant.policy_pictures import SafetyModel
    from assistant.rewriter import Rewriter
    from assistant.store.keys import KeyStore
    from assistant.store.sent import SentStore
    from assistant.store.store import ConversationStore
    from assistant.store.users import UserStore
    from assistant.telling import Teller
    from assistant.turns import Turns
    from captioner.embedded import EmbeddedCaptioner
    from generation.placement import Wishes
    from generation.sharing import SharedDevice

PROGRAM = "Limner"
Builder = Callable[[Settings], "App"]


@dataclass(frozen=True)
class App:
    """Everything that a face needs. `owner` is who is sitting there, where nobody has to sign in."""

    settings: Settings
    store: ConversationStore
    blobs: BlobStore
    turns: Turns
    owner: str
    keys: KeyStore
    sent: SentStore
    users: UserStore
    teller: Teller
    captioner: LazyCaptioner | None = None
    loaders: tuple[Callable[[], object], ...] = ()
    seen: threading.Event = field(default_factory=threading.Event)
    """That somebody has the page before them."""

    def start(self, looks: bool = True) -> None:
        """Begin to run turns, those that a killed process left behind first, and to look at what they paint.

        Whoever ends with the turn does without `looks`: a server puts the pictures into words some other time.
        """
        self.turns.start(looks)

    def warm_up(self, *loaders: Callable[[], object], unseen: float = 0.0) -> threading.Thread:
        """Load the models (or only what is given) in the background, so that whoever needs them finds them ready.

        Args:
            unseen: for how many seconds, at most, to wait until somebody has the page before them.
        """
        given = (loaders or self.loaders, unseen)
        thread = threading.Thread(target=self._load, args=given, name="warm-up", daemon=True)
        thread.start()
        return thread

    def _load(self, loaders: Sequence[Callable[[], object]], unseen: float) -> None:
        from assistant.errors import AssistantError
        from captioner.errors import CaptionerError
        from generation.errors import GenerationError

        self.seen.wait(unseen)
        for load in loaders:
            with contextlib.suppress(
                AssistantError, CaptionerError, GenerationError
            ):  # whoever needs it meets the same error
                load()

    def close(self) -> None:
        self.turns.close()
        self.store.close()


class LazyPainter:
    """A painter that is loaded when first asked anything, by whichever thread asks first."""

    def __init__(self, loader: Callable[[], Painter]):
        self._loader = loader
        self._lock = threading.Lock()
        self._painter: Painter | None = None

    def load(self) -> Painter:
        """Load it now. Raises: GenerationError: its weights cannot be used."""
        with self._lock:
            if self._painter is None:
                self._painter = self._loader()
            return self._painter

    def load_finder(self) -> None:
        """Load what finds regions now, where that is a model of its own. Raises: GenerationError: it cannot be used."""
        from generation.embedded import EmbeddedPainter
        from generation.enlarge import EnlargedPainter

        painter = self.load()
        painter = painter.painter if isinstance(painter, EnlargedPainter) else painter
        if isinstance(painter, EmbeddedPainter):
            painter.finder  # noqa: B018  (kept once it is asked for)

    def capabilities(self) -> Capabilities:
        return self.load().capabilities()

    def paint(
        self, requests: Sequence[RenderRequest], blobs: BlobReader, stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[RenderEvent]:
        yield from self.load().paint(requests, blobs, stopped)

    def find_region(self, request: RenderRequest, blobs: BlobReader) -> Region | None:
        painter = self.load()
        return painter.find_region(request, blobs) if isinstance(painter, RegionFinder) else None


class LazyCaptioner:
    """A captioner that is loaded when first asked to look, by whichever thread asks first.

    The policy, the check of what was painted, search and the page ask about the same pictures; each is captioned once.
    """

    def __init__(self, loader: Callable[[], Captioner]):
        self._loader = loader
        self._lock = threading.Lock()
        self._captioner: Captioner | None = None

    def load(self) -> Captioner:
        """Load it now. Raises: CaptionerError: its weights cannot be used."""
        with self._lock:
            if self._captioner is None:
                from captioner.remembering import RememberingCaptioner

                self._captioner = RememberingCaptioner(self._loader())
            return self._captioner

    def describe(self, data: bytes, kind: CaptionKind = "descriptive") -> str:
        """Say what a picture shows, from the bytes of its file. Raises: CaptionerError."""
        return self.captions([data], kind)[0]

    def captions(self, images: Sequence[bytes], kind: CaptionKind = "descriptive") -> list[str]:
        """Say what pictures show, from the bytes of their files. Raises: CaptionerError."""
        from captioner.pictures import read_picture

        return self.caption([read_picture(image, self.abilities().side) for image in images], kind)

    def abilities(self) -> CaptionerAbilities:
        return self.load().abilities()

    def caption(
        self, pictures: Sequence[Picture], kind: CaptionKind, decoding: Decoding = Decoding(), seed: int = 0
    ) -> list[str]:
        """Return a caption of each picture, as `Captioner.caption`."""
        return self.load().caption(pictures, kind, decoding, seed)

    def check(self, images: Sequence[bytes], prompt: str, removed: Sequence[str] = ()) -> list[Checklist]:
        """Say which of the things that a prompt demands pictures show, as `Checker.check`."""
        from captioner.checking import CaptionChecker

        return CaptionChecker(self).check(images, prompt, removed)


def build(
    settings: Settings, painter: Painter | None = None, rewriter: Rewriter | None = None,
    captioner: Captioner | None = None, checker: Checker | None = None,
) -> App:  # fmt: skip
    """Open the data folder and put everything together; a model that is given replaces the settings'.

    Raises:
        StoreError: the data folder or its database cannot be used.
        SettingsError: no such painter, rewriter or captioner.
        PolicyError, CaptionerError: a file of words or pictures to refuse cannot be read.
        CredentialError: pictures cannot be signed with the person's own certificate.
    """
    prepare_environment(settings.threads)
    from assistant.checking import Tries
    from assistant.credentials import Credentials
    from assistant.images import BlobStore
    from assistant.store.folder import open_data_folder
    from assistant.store.keys import KeyStore
    from assistant.store.sent import SentStore
    from assistant.store.store import ConversationStore
    from assistant.store.users import UserStore
    from assistant.telling import Teller
    from assistant.turns import YOU, Turns

    loaders: list[Callable[[], object]] = []
    folder = open_data_folder(settings.data)
    blobs, shared = BlobStore(folder.blobs), shared_device(settings)
    if rewriter is None:
        rewriter, load = load_rewriter(settings, blobs.read, shared)
        loaders.append(load)
    others: dict[str, LazyPainter] = {}
    if painter is None:
        painter, *more = (lazy_painter(settings, name, shared) for name in settings.painter_names)
        others = dict(zip(settings.painter_names[1:], more, strict=True))
        loaders += [painter.load, painter.load_finder]
    looking = LazyCaptioner(lambda: captioner) if captioner else embedded_captioner(settings)
    if looking:
        loaders.append(looking.load)
    store = ConversationStore(folder.url)
    regions = painter if isinstance(painter, RegionFinder) else None
    describe = looking.describe if looking else None
    if checker is None and settings.painter == "embedded":
        checker = looking  # another painter's pictures are not of the captioner's world
    safety = load_safety(settings)
    if safety:
        loaders.append(safety.load)
    tries, policy = Tries(settings.tries, settings.try_seconds), load_policy(settings, looking, safety)
    turns = Turns(
        store,
        blobs,
        painter,
        rewriter,
        policy,
        regions=regions,
        describe=describe,
        checker=checker,
        tries=tries,
        fold_beyond=settings.fold_beyond,
        looks=describe,
        others={name: (each, looking if name == "embedded" else None) for name, each in others.items()},
        name=settings.painter,
    )
    keys, sent = KeyStore(store.database), SentStore(store.database)
    version = importlib.metadata.version("limner")
    credentials = Credentials(folder.path, PROGRAM, version, settings.certificate, settings.certificate_key)
    if settings.certificate or settings.certificate_key:
        credentials.check()
    teller = Teller(blobs.read, credentials, f"{PROGRAM} {version}")
    loaders.append(teller.load)
    users = UserStore(store.database)
    return App(settings, store, blobs, turns, YOU, keys, sent, users, teller, looking, tuple(loaders))


def shared_device(settings: Settings) -> SharedDevice | None:
    """Return what lets pipelines and a language model take turns on a GPU; None unless several are loaded here.

    Raises:
        RequestError: the setting `sharing` cannot be used.
    """
    pipelines = len([name for name in settings.painter_names if name != "embedded"])
    if pipelines + is_local_model(settings.rewriter) < 2 or not pipelines:
        return None
    from generation.placement import give_back, this_machine
    from generation.sharing import SharedDevice

    return SharedDevice(this_machine, settings.sharing, give_back)


def lazy_painter(settings: Settings, name: str, shared: SharedDevice | None) -> LazyPainter:
    """Return one of the painters that are set, which loads when it is first asked anything."""
    own = settings.model_copy(update={"painter": name})
    return LazyPainter(lambda: enlarged(load_painter(own, shared), own))


def tell_of_models() -> None:
    """Have it said on the terminal how large a download is and how a pipeline is placed, where nobody keeps logs."""
    log = logging.getLogger("generation")
    if not log.handlers and not logging.getLogger().handlers:
        log.addHandler(logging.StreamHandler())
        log.setLevel(logging.INFO)


def load_painter(settings: Settings, shared: SharedDevice | None = None) -> Painter:
    _use_threads(settings.threads)
    from generation.loras import find_loras
    from generation.registry import load_painter

    tell_of_models()
    loras = find_loras(settings.painter_loras, settings.loras or settings.data / "loras")
    return load_painter(settings.painter, wishes=painter_wishes(settings), loras=loras, shared=shared)


def enlarged(painter: Painter, settings: Settings) -> Painter:
    """Return a painter whose pictures are as large as people see them.

    Raises:
        WeightsError: the enlarger's weights cannot be used.
    """
    if not settings.enlarge or settings.painter != "embedded":
        return painter
    from generation.enlarge import EnlargedPainter, Enlarger

    return EnlargedPainter(painter, Enlarger())


def painter_wishes(settings: Settings) -> Wishes:
    """Return how a pipeline shall be put on the device.

    Raises:
        RequestError: a value is none that there is.
    """
    from generation.placement import Wishes

    return Wishes(settings.painter_dtype, settings.painter_offload, settings.painter_attention, settings.painter_tiling)


def load_policy(
    settings: Settings, captioner: LazyCaptioner | None = None, safety: SafetyModel | None = None
) -> Policy:
    """Return what says whether words and pictures may be drawn, kept and shown; who is None does not look.

    What another painter than the embedded one paints is not of the captioner's world; people's own pictures it
    describes anyway.

    Raises:
        PolicyError, CaptionerError: a file of words or pictures to refuse cannot be read.
    """
    from assistant.moderation import ServicePolicy
    from assistant.policy import WordPolicy
    from assistant.policy_model import SmallModel
    from assistant.policy_own import read_own_words
    from assistant.policy_pictures import STAGES, Captioned, Looker, LookingPolicy, PictureList

    own = read_own_words(settings.policy_words) if settings.policy_words else None
    words = WordPolicy(SmallModel() if settings.policy_model == "embedded" else None, own)
    policy: Policy = words
    if settings.moderation != "none":
        policy = ServicePolicy(settings.moderation, settings.moderation_key.get_secret_value(), words=words)
    lookers: list[Looker] = []
    if settings.policy_pictures:
        from captioner.known import read_known

        lookers.append(PictureList(read_known(settings.policy_pictures).name_of))
    if captioner:
        of_its_world = set(settings.painter_names) == {"embedded"}
        lookers.append(Captioned(captioner.captions, words, STAGES if of_its_world else ("upload",)))
    if safety:
        lookers.append(safety)
    return LookingPolicy(policy, lookers) if lookers else policy


def load_safety(settings: Settings) -> SafetyModel | None:
    """Return the image classifier that is set, which loads when it first looks; None where none is."""
    if settings.safety_model == "none":
        return None
    from assistant.policy_pictures import SafetyModel
    from generation.safety import ImageClassifier

    tell_of_models()
    classifier = ImageClassifier(settings.safety_model, settings.safety_device)
    return SafetyModel(
        classifier, settings.safety_labels.split(","), settings.safety_threshold, settings.safety_threshold_low
    )


def load_rewriter(
    settings: Settings, read: Callable[[str], bytes] | None = None, shared: SharedDevice | None = None
) -> tuple[Rewriter, Callable[[], object]]:
    """Return the rewriter that is set, and what loads it now.

    Args:
        read: returns a picture's file by its digest, for rewriters that see.
        shared: the device, where a painter works on it, too.

    Raises:
        SettingsError: what is set is none.
    """
    if settings.rewriter == "embedded":
        return embedded_rewriter(settings)
    from assistant.llm.seeing import shown
    from assistant.rewriter import instructed

    look = None if read is None or settings.rewriter_sees == "off" else lambda digest: shown(read(digest))
    if is_local_model(settings.rewriter):
        from assistant.llm.local import LocalChatModel

        tell_of_models()
        local = LocalChatModel(settings.rewriter, sharing=shared)
        return instructed(local, look), local.load
    model, _, address = settings.rewriter.rpartition("@")
    if not model or not address.startswith(("http://", "https://")):
        raise SettingsError(
            f"There is no rewriter {settings.rewriter!r}; give MODEL@URL of a chat model behind OpenAI's protocol, "
            "such as qwen3@http://127.0.0.1:11434/v1, a chat model's folder or OWNER/NAME on the hub, or leave "
            "--rewriter and LIMNER_REWRITER out for the embedded one."
        )
    from assistant.llm.openai import OpenAIChatModel

    key = settings.rewriter_key.get_secret_value()
    return instructed(OpenAIChatModel(address, model, key, settings.rewriter_timeout), look), lambda: None


def is_local_model(name: str) -> bool:
    """Say whether a rewriter's name may be a model to load here: a folder, or OWNER/NAME on the hub."""
    return Path(name).is_dir() or re.fullmatch(r"[\w.-]+/[\w.-]+", name) is not None


def embedded_rewriter(settings: Settings) -> tuple[Rewriter, Callable[[], object]]:
    """Return the embedded rewriter, whose weights load when first needed, and what loads them now."""
    from assistant.llm.embedded import EmbeddedChatModel
    from assistant.rewriter import ModelRewriter

    model = EmbeddedChatModel()

    def load() -> None:
        _use_threads(settings.threads)
        model.load()

    return ModelRewriter(model), load


def embedded_captioner(settings: Settings) -> LazyCaptioner | None:
    """Return the captioner, which loads when first needed; None where none is wanted or there.

    Raises:
        SettingsError: another captioner is set.
    """
    if settings.captioner not in ("embedded", "none"):
        raise SettingsError(
            f"There is no captioner {settings.captioner!r} in this version, only 'embedded' and 'none'; leave "
            "LIMNER_CAPTIONER unset."
        )
    if settings.captioner == "none" or not WEIGHTS.exists():
        return None
    return LazyCaptioner(lambda: load_embedded_captioner(settings=settings))


def load_embedded_captioner(weights: Path | None = None, settings: Settings | None = None) -> EmbeddedCaptioner:
    """Load the captioner whose weights are in a folder; None takes Limner's own."""
    settings = settings or load_settings()
    prepare_environment(settings.threads)
    _use_threads(settings.threads)
    from captioner.embedded import EmbeddedCaptioner

    return EmbeddedCaptioner(weights or WEIGHTS)


def _use_threads(threads: int) -> None:
    if threads:
        import torch

        torch.set_num_threads(threads)
