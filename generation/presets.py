"""What is known of each family of pipelines: which of its siblings serves which act, and with what numbers. Data alone.

Knows no torch and no diffusers: pipelines are named by their class in diffusers. The numbers are those of the model's
own card or code, named in `source`; where a card says nothing, the pipeline's defaults. `FOUND` says where
steps and guidance were read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Start = Literal["noise", "picture", "latent", "blank"]
Words = Literal["prompt", "change"]


@dataclass(frozen=True)
class Route:
    """How one act is painted.

    Attributes:
        pipeline: the class in diffusers.
        start: "noise"; "picture", the parent handed to the pipeline; "latent", the parent encoded and noised by us for
            a pipeline that takes no pictures (SDEdit, arXiv:2108.01073); "blank", a grey picture with a mask all white,
            for a pipeline that only paints inside masks.
        words: what the pipeline is told: the whole description, or the change alone.
        strength: how far toward noise a full-strength edit goes, 0 to 1; None where the pipeline has no such thing.

    An edit that starts from "noise" is told the new description and given its parent's seed: what the words do not
    touch then tends to stay, and nothing more can be promised.
    """

    pipeline: str
    start: Start = "noise"
    words: Words = "prompt"
    strength: float | None = None

    @property
    def says(self) -> str:
        """Return the route in a few words, for people."""
        if self.words == "change":
            return "by instruction"
        return {
            "noise": "the same noise, new words", "picture": "from the picture", "latent": "from the noised picture",
            "blank": "a mask all over",
        }[self.start]  # fmt: skip


@dataclass(frozen=True)
class Preset:
    """One family, or one way of distilling it.

    Attributes:
        name: what it is called here.
        pipelines: the classes that a checkpoint of this family names in its model_index.json.
        create, edit, masked: the routes of a new picture, of an edit, and of an edit inside a mask. Where the masked
            route's pipeline takes no mask, the whole picture is painted and only the inside is kept.
        sizes: width and height in pixels that the model was trained on; the first is its own.
        multiple: both sides must be multiples of this many pixels.
        steps, guidance: the numbers of an ordinary picture, under the arguments `steps_as` and `guidance_as`.
        prompt_tokens: what the text encoder reads; what is longer is cut.
        parameters: billions in all parts together, as the source or its authors say.
        source: where the numbers come from.
        marks: a checkpoint is of this preset if its name holds one of these,
        facts: or if all of these hold of its configuration; with neither, it is the family's ordinary one.
        scheduler, scheduler_options: in place of the checkpoint's own; "" keeps that.
        given: further arguments of every call.
    """

    name: str
    pipelines: tuple[str, ...]
    create: Route | None
    edit: Route | None
    masked: Route | None
    sizes: tuple[tuple[int, int], ...]
    multiple: int
    steps: int
    guidance: float
    prompt_tokens: int
    source: str
    parameters: float
    marks: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    steps_as: str = "num_inference_steps"
    guidance_as: str = "guidance_scale"
    scheduler: str = ""
    scheduler_options: Mapping[str, object] = field(default_factory=dict)
    given: Mapping[str, object] = field(default_factory=dict)
    is_checkpoint: bool = True
    """Whether `source` is itself a pipeline that --painter takes, and not weights to be merged into one."""


Routes = tuple[tuple[str, ...], Route | None, Route | None, Route | None]
"""The fields `pipelines`, `create`, `edit` and `masked` of a preset."""

HUB = "https://huggingface.co/"
SD = "StableDiffusion"
XL = "StableDiffusionXL"

SQUARE_512 = ((512, 512), (640, 512), (512, 640), (768, 512), (512, 768))
SQUARE_1024 = (
    (1024, 1024), (1152, 896), (896, 1152), (1216, 832), (832, 1216), (1344, 768), (768, 1344),
    (1536, 640), (640, 1536),
)  # fmt: skip
"""SDXL's multi-aspect buckets (arXiv:2307.01952, appendix I), which serve later models of a megapixel too."""
KONTEXT = (
    (1024, 1024), (1088, 960), (960, 1088), (1184, 880), (880, 1184), (1248, 832), (832, 1248), (1392, 752),
    (752, 1392), (1568, 672), (672, 1568),
)  # fmt: skip
"""Of diffusers' PREFERRED_KONTEXT_RESOLUTIONS, those with both orientations."""
KANDINSKY5 = ((1024, 1024), (896, 1152), (1152, 896), (768, 1280), (1280, 768), (640, 1408), (1408, 640))
"""The only ones that its pipelines paint."""
QWEN = ((1328, 1328), (1472, 1104), (1104, 1472), (1584, 1056), (1056, 1584), (1664, 928), (928, 1664))

EDIT, MASKED = 0.6, 0.95
"""How far an edit goes where the model's card says nothing: far enough to change a face and near enough to keep the
layout; inside a mask nearly all the way, since outside of it nothing can be lost."""


SEVERAL = ("Flux2Pipeline", "Flux2KleinPipeline", "QwenImageEditPlusPipeline")
"""Pipelines that read several pictures together, so that one can be told to take something from another."""
PATTERNS = (
    "FluxKontextPipeline",
    "Flux2Pipeline",
    "Flux2KleinPipeline",
    "QwenImageEditPipeline",
    "QwenImageEditPlusPipeline",
)
"""Pipelines that read a picture beside the words, in whatever size and shape, and can paint a new one of what it shows
or in its style. Others that are told to change a picture (InstructPix2Pix) keep its layout.
"""
TAKING = {
    "subject": "A new picture of the very subject of the given picture, which stays as it looks there: {prompt}",
    "style": "A new picture in the style of the given picture, showing nothing else of it: {prompt}",
}
"""What such a pipeline is told, by what the new picture takes of its pattern."""


def _siblings(family: str, edit: float = EDIT, masked: float = MASKED) -> tuple[tuple[str, ...], Route, Route, Route]:
    """Return the pipelines and routes of a family that has all three siblings under diffusers' usual names."""
    create, image, inpaint = f"{family}Pipeline", f"{family}Img2ImgPipeline", f"{family}InpaintPipeline"
    return (
        (create, image),
        Route(create), Route(image, "picture", strength=EDIT), Route(inpaint, "picture", strength=MASKED),
    )  # fmt: skip


def _inpainter(pipelines: tuple[str, ...], strength: float | None = 1.0) -> Routes:
    """Return those of a checkpoint that only paints inside masks."""
    first = pipelines[0]
    return pipelines, Route(first, "blank"), None, Route(first, "picture", strength=strength)


def _pictures(pipelines: tuple[str, ...], image: str, start: Start = "picture") -> Routes:
    """Return those of a family that paints edits from the picture, and has nothing of its own for masks."""
    edit, masked = (Route(image, start, strength=strength) for strength in (EDIT, MASKED))
    return pipelines, Route(pipelines[0]), edit, masked


def _instructed(pipelines: tuple[str, ...], create: str | None, masked: Route | None = None) -> Routes:
    """Return those of a family that follows instructions, and of which some keep to masks as well."""
    edit = Route(pipelines[0], "picture", "change")
    return pipelines, Route(create) if create else None, edit, masked or edit


def _words_alone(pipeline: str) -> Routes:
    """Return those of a pipeline that takes neither pictures nor latents of our making."""
    return (pipeline,), Route(pipeline), Route(pipeline), Route(pipeline)


def _inside(pipeline: str) -> Route:
    return Route(pipeline, "picture", "change", strength=1.0)


_SD, _XL, _SD3, _FLUX, _QWEN = (_siblings(name) for name in (SD, XL, f"{SD}3", "Flux", "QwenImage"))
_KLEIN = _instructed(("Flux2KleinPipeline",), "Flux2KleinPipeline", _inside("Flux2KleinInpaintPipeline"))

PRESETS: tuple[Preset, ...] = (
    # Stable Diffusion 1 and 2.
    Preset("sd-lcm",
        *_pictures(
            ("LatentConsistencyModelPipeline", "LatentConsistencyModelImg2ImgPipeline"),
            "LatentConsistencyModelImg2ImgPipeline",
        ), SQUARE_512, 8, 4, 8.0, 77, HUB + "SimianLuo/LCM_Dreamshaper_v7", 1.1),
    Preset(
        "sd-lcm-lora", *_SD, SQUARE_512, 8, 4, 1.0, 77, HUB + "latent-consistency/lcm-lora-sdv1-5", 1.1,
        facts={"scheduler": "LCMScheduler"}, is_checkpoint=False,
    ),
    Preset(
        "sd-turbo", *_SD, SQUARE_512[:1], 8, 4, 0.0, 77, HUB + "stabilityai/sd-turbo", 1.3, marks=("sd-turbo",),
        scheduler_options={"timestep_spacing": "trailing"},
    ),
    Preset("sd15", *_SD, SQUARE_512, 8, 50, 7.5, 77, HUB + "stable-diffusion-v1-5/stable-diffusion-v1-5", 1.1),
    Preset(
        "sd15-inpaint", *_inpainter((f"{SD}InpaintPipeline",)), SQUARE_512, 8, 50, 7.5, 77,
        HUB + "stable-diffusion-v1-5/stable-diffusion-inpainting", 1.1,
    ),
    Preset(
        "instruct-pix2pix", *_instructed((f"{SD}InstructPix2PixPipeline",), None), SQUARE_512, 8, 100, 7.5, 77,
        HUB + "timbrooks/instruct-pix2pix", 1.1, given={"image_guidance_scale": 1.5},
    ),
    # SDXL.
    Preset(
        "sdxl-turbo", *_XL, SQUARE_512[:1], 8, 4, 0.0, 77, HUB + "stabilityai/sdxl-turbo", 3.5, marks=("turbo",),
    ),
    Preset(
        "sdxl-lightning", *_XL, SQUARE_1024, 8, 4, 0.0, 77, HUB + "ByteDance/SDXL-Lightning", 3.5, marks=("lightning",),
        scheduler="EulerDiscreteScheduler", scheduler_options={"timestep_spacing": "trailing"}, is_checkpoint=False,
    ),
    Preset(
        "sdxl-lcm", *_XL, SQUARE_1024, 8, 4, 8.0, 77, HUB + "latent-consistency/lcm-sdxl", 3.5,
        marks=("lcm",), facts={"scheduler": "LCMScheduler"}, scheduler="LCMScheduler", is_checkpoint=False,
    ),
    Preset("sdxl", *_XL, SQUARE_1024, 8, 50, 5.0, 77, HUB + "stabilityai/stable-diffusion-xl-base-1.0", 3.5),
    Preset(
        "sdxl-inpaint", *_inpainter((f"{XL}InpaintPipeline",), 0.99), SQUARE_1024, 8, 20, 8.0, 77,
        HUB + "diffusers/stable-diffusion-xl-1.0-inpainting-0.1", 3.5,
    ),
    Preset(
        "sdxl-instruct-pix2pix", *_instructed((f"{XL}InstructPix2PixPipeline",), None), ((768, 768),), 8, 30, 3.0, 77,
        HUB + "diffusers/sdxl-instructpix2pix-768", 3.5, given={"image_guidance_scale": 1.5},
    ),
    # Stable Diffusion 3 and 3.5.
    Preset(
        "sd35-large-turbo", *_SD3, SQUARE_1024, 16, 4, 0.0, 512, HUB + "stabilityai/stable-diffusion-3.5-large-turbo",
        13.7, marks=("3.5-large-turbo", "3-5-large-turbo", "35-large-turbo"), given={"max_sequence_length": 512},
    ),
    Preset(
        "sd35-medium", *_SD3, SQUARE_1024, 16, 40, 4.5, 256, HUB + "stabilityai/stable-diffusion-3.5-medium", 8.1,
        marks=("3.5-medium", "3-5-medium", "35-medium"), given={"max_sequence_length": 256},
    ),
    Preset(
        "sd3-medium", *_SD3, SQUARE_1024, 16, 28, 7.0, 256, HUB + "stabilityai/stable-diffusion-3-medium-diffusers",
        7.7, marks=("3-medium",), given={"max_sequence_length": 256},
    ),
    Preset(
        "sd35-large", *_SD3, SQUARE_1024, 16, 28, 3.5, 512, HUB + "stabilityai/stable-diffusion-3.5-large", 13.7,
        given={"max_sequence_length": 512},
    ),
    # FLUX.1.
    Preset(
        "flux1-schnell", *_FLUX, SQUARE_1024, 16, 4, 0.0, 256, HUB + "black-forest-labs/FLUX.1-schnell", 16.9,
        marks=("schnell",), facts={"guidance_embeds": False}, given={"max_sequence_length": 256},
    ),
    Preset(
        "flux1-dev", *_FLUX, SQUARE_1024, 16, 50, 3.5, 512, HUB + "black-forest-labs/FLUX.1-dev", 16.9,
        given={"max_sequence_length": 512},
    ),
    Preset(
        "flux1-kontext",
        *_instructed(
            ("FluxKontextPipeline", "FluxKontextInpaintPipeline"), "FluxKontextPipeline",
            _inside("FluxKontextInpaintPipeline"),
        ), KONTEXT, 16, 28, 2.5, 512,
        HUB + "black-forest-labs/FLUX.1-Kontext-dev", 16.9, given={"max_sequence_length": 512, "_auto_resize": False},
    ),
    Preset(
        "flux1-fill", *_inpainter(("FluxFillPipeline",)), SQUARE_1024, 16, 50, 30.0, 512,
        HUB + "black-forest-labs/FLUX.1-Fill-dev", 16.9, given={"max_sequence_length": 512},
    ),
    # FLUX.2.
    Preset(
        "flux2-dev", *_instructed(("Flux2Pipeline",), "Flux2Pipeline"),
        SQUARE_1024, 16, 50, 4.0, 512, HUB + "black-forest-labs/FLUX.2-dev", 56.0,
        given={"max_sequence_length": 512},
    ),
    Preset(
        "flux2-klein", *_KLEIN, SQUARE_1024, 16, 4, 1.0, 512, HUB + "black-forest-labs/FLUX.2-klein-4B", 8.0,
        facts={"is_distilled": True}, given={"max_sequence_length": 512},
    ),
    Preset(
        "flux2-klein-base", *_KLEIN, SQUARE_1024, 16, 50, 4.0, 512, HUB + "black-forest-labs/FLUX.2-klein-base-4B",
        8.0, given={"max_sequence_length": 512},
    ),
    # Qwen-Image; its guidance works only beside a negative prompt.
    Preset(
        "qwen-image", *_QWEN, QWEN, 16, 50, 4.0, 512, HUB + "Qwen/Qwen-Image", 28.8, guidance_as="true_cfg_scale",
        given={"negative_prompt": " ", "max_sequence_length": 512},
    ),
    Preset(
        "qwen-image-edit",
        *_instructed(
            ("QwenImageEditPipeline", "QwenImageEditInpaintPipeline"), "QwenImagePipeline",
            _inside("QwenImageEditInpaintPipeline"),
        ), QWEN, 16, 50, 4.0, 512, HUB + "Qwen/Qwen-Image-Edit", 28.8,
        guidance_as="true_cfg_scale", given={"negative_prompt": " ", "max_sequence_length": 512},
    ),
    Preset(
        "qwen-image-edit-plus", *_instructed(("QwenImageEditPlusPipeline",), "QwenImagePipeline"),
        QWEN, 16, 40, 4.0, 512,
        HUB + "Qwen/Qwen-Image-Edit-2509", 28.8, guidance_as="true_cfg_scale",
        given={"negative_prompt": " ", "max_sequence_length": 512},
    ),
    # Sana and PixArt; no sibling of theirs takes a picture, so that the parent is noised here.
    Preset(
        "sana", *_pictures(("SanaPipeline",), "SanaPipeline", "latent"), SQUARE_1024, 32, 20, 4.5, 300,
        HUB + "Efficient-Large-Model/Sana_1600M_1024px_diffusers", 4.5,
        given={"use_resolution_binning": False, "max_sequence_length": 300},
    ),
    Preset(
        "sana-sprint",
        *_pictures(("SanaSprintPipeline", "SanaSprintImg2ImgPipeline"), "SanaSprintImg2ImgPipeline"),
        SQUARE_1024, 32, 2, 4.5,
        300, HUB + "Efficient-Large-Model/Sana_Sprint_1.6B_1024px_diffusers", 4.5,
        given={"use_resolution_binning": False, "max_sequence_length": 300},
    ),
    Preset(
        "pixart-alpha",
        *_pictures(("PixArtAlphaPipeline",), "PixArtAlphaPipeline", "latent"),
        SQUARE_1024, 8, 20, 4.5, 120,
        HUB + "PixArt-alpha/PixArt-XL-2-1024-MS", 5.4,
        given={"use_resolution_binning": False, "clean_caption": False, "max_sequence_length": 120},
    ),
    Preset(
        "pixart-sigma",
        *_pictures(("PixArtSigmaPipeline",), "PixArtSigmaPipeline", "latent"),
        SQUARE_1024, 8, 20, 4.5, 300,
        HUB + "PixArt-alpha/PixArt-Sigma-XL-2-1024-MS", 5.4,
        given={"use_resolution_binning": False, "clean_caption": False, "max_sequence_length": 300},
    ),
    # Kandinsky. A checkpoint of 2.1 or 2.2 is a decoder, which diffusers joins with its prior.
    Preset(
        "kandinsky21",
        *_pictures(("KandinskyCombinedPipeline", "KandinskyPipeline"), "KandinskyImg2ImgCombinedPipeline"),
        ((768, 768), (512, 512)), 64, 100, 4.0, 77, HUB + "kandinsky-community/kandinsky-2-1", 3.3,
    ),
    Preset(
        "kandinsky22",
        *_pictures(("KandinskyV22CombinedPipeline", "KandinskyV22Pipeline"), "KandinskyV22Img2ImgCombinedPipeline"),
        ((768, 768), (512, 512)), 64, 50, 4.0, 77, HUB + "kandinsky-community/kandinsky-2-2-decoder", 4.6,
    ),
    Preset(
        "kandinsky22-inpaint",
        *_inpainter(("KandinskyV22InpaintCombinedPipeline", "KandinskyV22InpaintPipeline"), None),
        ((768, 768), (512, 512)), 64, 50, 4.0, 77,
        HUB + "kandinsky-community/kandinsky-2-2-decoder-inpaint", 4.6,
    ),
    Preset(
        "kandinsky3",
        *_pictures(("Kandinsky3Pipeline", "Kandinsky3Img2ImgPipeline"), "Kandinsky3Img2ImgPipeline"),
        SQUARE_1024[:1], 64, 25,
        3.0, 128, HUB + "kandinsky-community/kandinsky-3", 11.9,
    ),
    Preset(
        "kandinsky5", *_words_alone("Kandinsky5T2IPipeline"),
        KANDINSKY5, 16, 50, 3.5, 512,
        HUB + "kandinskylab/Kandinsky-5.0-T2I-Lite-sft-Diffusers", 14.5, given={"max_sequence_length": 512},
    ),
    Preset(
        "kandinsky5-edit", *_instructed(("Kandinsky5I2IPipeline",), None),
        KANDINSKY5, 16, 50, 3.5, 1024,
        HUB + "kandinskylab/Kandinsky-5.0-I2I-Lite-sft-Diffusers", 14.5, given={"max_sequence_length": 1024},
    ),
    # Pixels without an autoencoder: the first stage of DeepFloyd IF, and DALL·E 2's design with its own enlargers.
    Preset(
        "deepfloyd-if", ("IFPipeline", "IFImg2ImgPipeline", "IFInpaintingPipeline"), Route("IFPipeline"),
        Route("IFImg2ImgPipeline", "picture", strength=0.7), Route("IFInpaintingPipeline", "picture", strength=1.0),
        ((64, 64),), 8, 100, 7.0, 77, HUB + "DeepFloyd/IF-I-XL-v1.0", 9.0, given={"clean_caption": False},
    ),
    Preset(
        "unclip", *_words_alone("UnCLIPPipeline"), ((256, 256),), 256, 25, 8.0, 77,
        HUB + "kakaobrain/karlo-v1-alpha", 3.7, steps_as="decoder_num_inference_steps",
        guidance_as="decoder_guidance_scale",
    ),
)  # fmt: skip


DEFAULTS, EXAMPLE = "defaults of the pipeline in diffusers", "example of the pipeline in diffusers"
DOCS = "documentation of diffusers, using-diffusers/"
QUOTED = "example of the model's card, as public programs quote it"
AUTHORS = "the authors' own repository: black-forest-labs/flux, QwenLM/Qwen-Image, ai-forever/Kandinsky-2"
FOUND: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "sd15", "sd15-inpaint", "instruct-pix2pix", "sdxl", "sd3-medium", "flux1-fill", "flux2-dev",
            "flux2-klein-base", "qwen-image", "qwen-image-edit", "sana", "sana-sprint", "pixart-alpha", "pixart-sigma",
            "kandinsky21", "kandinsky3", "kandinsky5", "kandinsky5-edit", "deepfloyd-if", "unclip",
        ),
        DEFAULTS,
    ),
    **dict.fromkeys(("sd-lcm", "sdxl-instruct-pix2pix", "flux1-schnell"), EXAMPLE),
    "flux1-kontext": f"guidance: {EXAMPLE}; steps: {DEFAULTS}",
    "sd-lcm-lora": f"{DOCS}inference_with_lcm", "sdxl-lcm": f"{DOCS}inference_with_lcm",
    "sdxl-turbo": f"{DOCS}sdxl_turbo (one step to four)",
    "sd35-large-turbo": "the demonstration on the hub by the model's authors",
    "sd-turbo": "copies of the model's card (one step to four)",
    **dict.fromkeys(("sdxl-lightning", "sdxl-inpaint", "sd35-large", "sd35-medium", "flux2-klein"), QUOTED),
    **dict.fromkeys(("flux1-dev", "qwen-image-edit-plus", "kandinsky22", "kandinsky22-inpaint"), AUTHORS),
}  # fmt: skip
"""Where the steps and the guidance of each preset were read again."""


def preset_of(pipeline: str, name: str, facts: Mapping[str, object]) -> Preset | None:
    """Return the preset of a checkpoint; None for a pipeline that is of no family known here.

    Args:
        pipeline: the class that its model_index.json names.
        name: the folder's or the hub's name, whose words tell a turbo from its teacher.
        facts: what its configuration says: "scheduler" (class), "guidance_embeds", "is_distilled".
    """
    ordinary = None
    for preset in PRESETS:
        if pipeline not in preset.pipelines:
            continue
        if any(mark in name.lower() for mark in preset.marks):
            return preset
        if preset.facts and all(facts.get(key) == value for key, value in preset.facts.items()):
            return preset
        if not preset.marks and not preset.facts:
            ordinary = ordinary or preset
    return ordinary
