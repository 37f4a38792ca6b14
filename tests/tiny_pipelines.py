"""Real pipelines of every family at tiny sizes with random weights, saved as the hub has them. Made without a network.

Each builder returns a pipeline; `saved` writes it. Sizes are the smallest that a class accepts, so that a step takes
milliseconds; what they paint is noise.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

import diffusers as d
import torch
import transformers as t
from transformers.convert_slow_tokenizer import bytes_to_unicode

from generation.processors import PictureProcessor

SIDE = 64
LETTERS = [*bytes_to_unicode().values()]
WIDTH = 32


def clip_tokenizer() -> Any:
    entries = [*LETTERS, *(letter + "</w>" for letter in LETTERS), "<|startoftext|>", "<|endoftext|>"]
    vocab = {entry: place for place, entry in enumerate(entries)}
    return t.CLIPTokenizer(vocab=vocab, merges=[], model_max_length=77)


def clip_config(projection: int = WIDTH, **given: Any) -> Any:
    size = 2 * len(LETTERS) + 2
    return t.CLIPTextConfig(
        vocab_size=size, hidden_size=WIDTH, intermediate_size=WIDTH, num_hidden_layers=2, num_attention_heads=2,
        max_position_embeddings=77, bos_token_id=size - 2, eos_token_id=size - 1, pad_token_id=size - 1,
        projection_dim=projection, **given,
    )  # fmt: skip


def t5_tokenizer() -> Any:
    pieces = ["<pad>", "</s>", "<unk>", "▁", *"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,'!-"]
    return t.T5Tokenizer(vocab=[(piece, 0.0 if at < 3 else -3.0) for at, piece in enumerate(pieces)], extra_ids=0)


def t5() -> Any:
    return t.T5EncoderModel(
        t.T5Config(vocab_size=128, d_model=WIDTH, d_kv=8, d_ff=WIDTH, num_layers=1, num_heads=2)
    ).eval()


QWEN_SPECIAL = [
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|image_pad|>",
    "<|video_pad|>",
]
QWEN_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{% if message.content is string %}"
    "{{ message.content }}{% else %}{% for part in message.content %}{{ part.text }}{% endfor %}{% endif %}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def qwen_tokenizer() -> Any:
    entries = [*LETTERS, *QWEN_SPECIAL]
    found = t.Qwen2Tokenizer(vocab={entry: place for place, entry in enumerate(entries)}, merges=[])
    found.add_special_tokens({"additional_special_tokens": QWEN_SPECIAL[1:]})
    found.chat_template = QWEN_TEMPLATE
    return found


def qwen_vl(hidden: int = 16) -> Any:
    first = len(LETTERS)
    config = t.Qwen2_5_VLConfig(
        text_config={
            "vocab_size": first + len(QWEN_SPECIAL), "hidden_size": hidden, "intermediate_size": hidden,
            "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 2,
            "rope_scaling": {"mrope_section": [1, 1, 2] if hidden == 16 else [2, 2, 4], "rope_type": "default"},
        },
        vision_config={
            "depth": 1, "hidden_size": 16, "intermediate_size": 16, "num_heads": 2, "out_hidden_size": hidden,
        },
        vision_start_token_id=first + 3, vision_end_token_id=first + 4, image_token_id=first + 5,
        video_token_id=first + 6,
    )  # fmt: skip
    return t.Qwen2_5_VLForConditionalGeneration(config).eval()


def kl(channels: int = 4, blocks: int = 2, **given: Any) -> Any:
    return d.AutoencoderKL(
        block_out_channels=(8,) * blocks, norm_num_groups=4, latent_channels=channels, layers_per_block=1,
        down_block_types=("DownEncoderBlock2D",) * blocks, up_block_types=("UpDecoderBlock2D",) * blocks, **given,
    )  # fmt: skip


def unet(channels: int = 4, **given: Any) -> Any:
    fields: dict[str, Any] = {
        "sample_size": SIDE // 2, "in_channels": channels, "block_out_channels": (8, 8), "layers_per_block": 1,
        "norm_num_groups": 4, "cross_attention_dim": WIDTH, "attention_head_dim": 4,
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
    }  # fmt: skip
    return d.UNet2DConditionModel(**{**fields, **given})


def _sd(kind: Any = d.StableDiffusionPipeline, channels: int = 4, scheduler: Any = None, **given: Any) -> Any:
    parts = {
        "vae": kl(), "text_encoder": t.CLIPTextModel(clip_config()), "tokenizer": clip_tokenizer(),
        "unet": unet(channels, **given), "scheduler": scheduler or d.DDIMScheduler(), "safety_checker": None,
        "feature_extractor": None, "requires_safety_checker": False,
    }  # fmt: skip
    return kind(**parts)


def _sdxl(kind: Any = d.StableDiffusionXLPipeline, channels: int = 4) -> Any:
    model = unet(
        channels, cross_attention_dim=2 * WIDTH, addition_embed_type="text_time", addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=6 * 8 + WIDTH, transformer_layers_per_block=1,
        use_linear_projection=True,
    )  # fmt: skip
    return kind(
        vae=kl(), text_encoder=t.CLIPTextModel(clip_config()), tokenizer=clip_tokenizer(), unet=model,
        text_encoder_2=t.CLIPTextModelWithProjection(clip_config()), tokenizer_2=clip_tokenizer(),
        scheduler=d.EulerDiscreteScheduler(),
    )  # fmt: skip


def _sd3() -> Any:
    transformer = d.SD3Transformer2DModel(
        sample_size=SIDE // 2, patch_size=2, in_channels=16, out_channels=16, num_layers=1, attention_head_dim=8,
        num_attention_heads=2, caption_projection_dim=16, joint_attention_dim=WIDTH, pooled_projection_dim=2 * WIDTH,
    )  # fmt: skip
    return d.StableDiffusion3Pipeline(
        transformer=transformer, scheduler=d.FlowMatchEulerDiscreteScheduler(),
        vae=kl(16, shift_factor=0.06, scaling_factor=1.5),
        text_encoder=t.CLIPTextModelWithProjection(clip_config()), tokenizer=clip_tokenizer(),
        text_encoder_2=t.CLIPTextModelWithProjection(clip_config()), tokenizer_2=clip_tokenizer(),
        text_encoder_3=t5(), tokenizer_3=t5_tokenizer(),
    )  # fmt: skip


def _flux(kind: Any = d.FluxPipeline, guided: bool = True, fills: bool = False) -> Any:
    # Fill sees the noisy latent (4 x 4), the masked picture (the same) and the mask (pixels of a cell).
    transformer = d.FluxTransformer2DModel(
        patch_size=1, in_channels=16 + (16 + 16 if fills else 0), out_channels=16, num_layers=1, num_single_layers=1,
        attention_head_dim=16, num_attention_heads=2, joint_attention_dim=WIDTH, pooled_projection_dim=WIDTH,
        axes_dims_rope=(4, 4, 8), guidance_embeds=guided,
    )  # fmt: skip
    return kind(
        transformer=transformer, scheduler=d.FlowMatchEulerDiscreteScheduler(), vae=kl(shift_factor=0.1),
        text_encoder=t.CLIPTextModel(clip_config()), tokenizer=clip_tokenizer(), text_encoder_2=t5(),
        tokenizer_2=t5_tokenizer(),
    )  # fmt: skip


def _flux2(kind: Any, text_encoder: Any, tokenizer: Any, guided: bool, layers: int, **given: Any) -> Any:
    transformer = d.Flux2Transformer2DModel(
        patch_size=1, in_channels=16, num_layers=1, num_single_layers=1, attention_head_dim=16, num_attention_heads=2,
        joint_attention_dim=16 * layers, timestep_guidance_channels=256, axes_dims_rope=(4, 4, 4, 4),
        guidance_embeds=guided,
    )  # fmt: skip
    vae = d.AutoencoderKLFlux2(
        block_out_channels=(4, 4), down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2, layers_per_block=1, latent_channels=4, norm_num_groups=1,
        use_quant_conv=False, use_post_quant_conv=False,
    )  # fmt: skip
    return kind(
        transformer=transformer, scheduler=d.FlowMatchEulerDiscreteScheduler(), vae=vae, text_encoder=text_encoder,
        tokenizer=tokenizer, **given,
    )  # fmt: skip


def _flux2_klein(distilled: bool) -> Any:
    config = t.Qwen3Config(
        vocab_size=len(LETTERS) + len(QWEN_SPECIAL), hidden_size=16, intermediate_size=16, num_hidden_layers=28,
        num_attention_heads=1, num_key_value_heads=1, head_dim=16,
    )  # fmt: skip
    return _flux2(d.Flux2KleinPipeline, t.Qwen3ForCausalLM(config), qwen_tokenizer(), False, 3, is_distilled=distilled)


def _flux2_dev() -> Any:
    entries = [*LETTERS, "<s>", "</s>", "<pad>", "[IMG]", "[IMG_BREAK]", "[IMG_END]"]
    config = t.Mistral3Config(
        text_config={
            "model_type": "mistral", "vocab_size": len(entries), "hidden_size": 16, "intermediate_size": 16,
            "num_hidden_layers": 30, "num_attention_heads": 2, "num_key_value_heads": 2, "head_dim": 8,
            "max_position_embeddings": 1024,
        },
        vision_config={
            "model_type": "pixtral", "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
            "num_attention_heads": 2, "image_size": 28, "patch_size": 14,
        },
        image_token_index=entries.index("[IMG]"),
    )  # fmt: skip
    tokenizer = t.Qwen2Tokenizer(
        vocab={entry: place for place, entry in enumerate(entries)}, merges=[], unk_token="<pad>", eos_token="</s>",
        pad_token="<pad>",
    )  # fmt: skip
    tokenizer.add_special_tokens({"additional_special_tokens": entries[-3:]})
    tokenizer.chat_template = QWEN_TEMPLATE
    return _flux2(d.Flux2Pipeline, t.Mistral3ForConditionalGeneration(config).eval(), tokenizer, True, 3)


def _qwen(kind: Any = d.QwenImagePipeline) -> Any:
    transformer = d.QwenImageTransformer2DModel(
        patch_size=2, in_channels=16, out_channels=4, num_layers=1, attention_head_dim=16, num_attention_heads=2,
        joint_attention_dim=16, axes_dims_rope=(8, 4, 4),
    )  # fmt: skip
    vae = d.AutoencoderKLQwenImage(
        base_dim=8, z_dim=4, dim_mult=[1, 2, 4], num_res_blocks=1, temperal_downsample=[False, True],
        latents_mean=[0.0] * 4, latents_std=[1.0] * 4,
    )  # fmt: skip
    given: dict[str, Any] = {}
    if kind is not d.QwenImagePipeline:
        image_processor = t.Qwen2VLImageProcessorPil(min_pixels=28 * 28, max_pixels=56 * 56)
        given["processor"] = PictureProcessor(image_processor, qwen_tokenizer())
    return kind(
        transformer=transformer, vae=vae, scheduler=d.FlowMatchEulerDiscreteScheduler(), text_encoder=qwen_vl(),
        tokenizer=qwen_tokenizer(), **given,
    )  # fmt: skip


def _sana(kind: Any = d.SanaPipeline) -> Any:
    sprint = kind is not d.SanaPipeline
    transformer = d.SanaTransformer2DModel(
        patch_size=1, in_channels=4, out_channels=4, num_layers=1, num_attention_heads=2, attention_head_dim=4,
        num_cross_attention_heads=2, cross_attention_head_dim=4, cross_attention_dim=8, caption_channels=8,
        sample_size=SIDE // 2, guidance_embeds=sprint, qk_norm="rms_norm_across_heads" if sprint else None,
    )  # fmt: skip
    blocks: dict[str, Any] = {}
    for half in ("encoder", "decoder"):
        blocks |= {
            f"{half}_block_types": ("ResBlock", "EfficientViTBlock"), f"{half}_block_out_channels": (8, 8),
            f"{half}_qkv_multiscales": ((), (5,)), f"{half}_layers_per_block": (1, 1),
        }  # fmt: skip
    vae = d.AutoencoderDC(
        in_channels=3, latent_channels=4, attention_head_dim=2, downsample_block_type="conv",
        upsample_block_type="interpolate", decoder_norm_types="rms_norm", decoder_act_fns="silu", **blocks,
    )  # fmt: skip
    vocab = {piece: at for at, piece in enumerate(["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "▁", *LETTERS])}
    config = t.Gemma2Config(
        vocab_size=len(vocab), hidden_size=8, head_dim=8, intermediate_size=8, num_hidden_layers=1,
        num_attention_heads=2, num_key_value_heads=2,
    )  # fmt: skip
    scheduler = (
        d.SCMScheduler()
        if sprint
        else d.DPMSolverMultistepScheduler(use_flow_sigmas=True, prediction_type="flow_prediction", flow_shift=3.0)
    )
    return kind(
        transformer=transformer, vae=vae, scheduler=scheduler, text_encoder=t.Gemma2Model(config),
        tokenizer=t.GemmaTokenizer(vocab=vocab, merges=[]),
    )  # fmt: skip


def _pixart(kind: Any) -> Any:
    transformer = d.PixArtTransformer2DModel(
        sample_size=SIDE // 2, num_layers=1, patch_size=2, attention_head_dim=8, num_attention_heads=2,
        caption_channels=WIDTH, in_channels=4, cross_attention_dim=16, out_channels=8, num_embeds_ada_norm=1000,
        norm_type="ada_norm_single", norm_elementwise_affine=False,
    )  # fmt: skip
    return kind(
        transformer=transformer, vae=kl(), scheduler=d.DPMSolverMultistepScheduler(), text_encoder=t5(),
        tokenizer=t5_tokenizer(),
    )  # fmt: skip


def _pixel_unet(channels: int, **given: Any) -> Any:
    return d.UNet2DConditionModel(
        in_channels=channels, out_channels=2 * (3 if channels == 3 else 4), layers_per_block=1,
        block_out_channels=(8, 8), norm_num_groups=4, attention_head_dim=4, resnet_time_scale_shift="scale_shift",
        down_block_types=("ResnetDownsampleBlock2D", "SimpleCrossAttnDownBlock2D"),
        up_block_types=("SimpleCrossAttnUpBlock2D", "ResnetUpsampleBlock2D"),
        mid_block_type="UNetMidBlock2DSimpleCrossAttn", cross_attention_dim=WIDTH, **given,
    )  # fmt: skip


def _movq() -> Any:
    return d.VQModel(
        block_out_channels=(32, 32), down_block_types=("DownEncoderBlock2D", "AttnDownEncoderBlock2D"),
        up_block_types=("AttnUpDecoderBlock2D", "UpDecoderBlock2D"), layers_per_block=1, latent_channels=4,
        norm_num_groups=8, norm_type="spatial", num_vq_embeddings=12, vq_embed_dim=4,
    )  # fmt: skip


def _prior() -> Any:
    prior = d.PriorTransformer(num_attention_heads=2, attention_head_dim=8, embedding_dim=WIDTH, num_layers=1)
    prior.clip_std = torch.nn.Parameter(torch.ones_like(prior.clip_std))
    return prior


def _unclip_scheduler(**given: Any) -> Any:
    return d.UnCLIPScheduler(variance_type="fixed_small_log", prediction_type="sample", **given)


def _clip_vision() -> tuple[Any, Any]:
    config = t.CLIPVisionConfig(
        hidden_size=WIDTH, projection_dim=WIDTH, intermediate_size=WIDTH, num_hidden_layers=1, num_attention_heads=2,
        image_size=32, patch_size=16,
    )  # fmt: skip
    return t.CLIPVisionModelWithProjection(config), t.CLIPImageProcessorPil(
        crop_size={"height": 32, "width": 32}, size={"shortest_edge": 32}
    )


def _kandinsky22(kind: Any = d.KandinskyV22CombinedPipeline, channels: int = 4) -> Any:
    vision, processor = _clip_vision()
    return kind(
        unet=_pixel_unet(
            channels, addition_embed_type="image", encoder_hid_dim=WIDTH, encoder_hid_dim_type="image_proj",
            sample_size=SIDE // 2,
        ),
        scheduler=d.DDPMScheduler(variance_type="learned_range"), movq=_movq(), prior_prior=_prior(),
        prior_image_encoder=vision, prior_text_encoder=t.CLIPTextModelWithProjection(clip_config()),
        prior_tokenizer=clip_tokenizer(), prior_scheduler=_unclip_scheduler(clip_sample_range=10.0),
        prior_image_processor=processor,
    )  # fmt: skip


def _kandinsky21() -> Any:
    from diffusers.pipelines.kandinsky.text_encoder import MCLIPConfig, MultilingualCLIP

    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", *string.ascii_letters, *".,'!-", "<mask>"]
    config = MCLIPConfig(
        transformerDimSize=WIDTH, imageDimSize=WIDTH, hidden_size=WIDTH, intermediate_size=WIDTH,
        num_hidden_layers=1, num_attention_heads=2, vocab_size=len(pieces) + 1, max_position_embeddings=514,
    )  # fmt: skip
    vision, processor = _clip_vision()
    return d.KandinskyCombinedPipeline(
        text_encoder=MultilingualCLIP(config).eval(),
        tokenizer=t.XLMRobertaTokenizer(vocab=[(piece, 0.0 if at < 4 else -3.0) for at, piece in enumerate(pieces)]),
        unet=_pixel_unet(
            4, addition_embed_type="text_image", encoder_hid_dim=WIDTH, encoder_hid_dim_type="text_image_proj",
            sample_size=SIDE // 2,
        ),
        scheduler=d.DDIMScheduler(clip_sample=False, steps_offset=1), movq=_movq(), prior_prior=_prior(),
        prior_image_encoder=vision, prior_text_encoder=t.CLIPTextModelWithProjection(clip_config()),
        prior_tokenizer=clip_tokenizer(), prior_scheduler=_unclip_scheduler(clip_sample_range=10.0),
        prior_image_processor=processor,
    )  # fmt: skip


def _kandinsky5(kind: Any = d.Kandinsky5T2IPipeline) -> Any:
    transformer = d.Kandinsky5Transformer3DModel(
        in_visual_dim=4, out_visual_dim=4, in_text_dim=16, in_text_dim2=WIDTH, time_dim=16, model_dim=16, ff_dim=16,
        num_text_blocks=1, num_visual_blocks=1, axes_dims=(4, 6, 6), visual_cond=kind is d.Kandinsky5I2IPipeline,
    )  # fmt: skip
    return kind(
        transformer=transformer, vae=kl(4, 4), text_encoder=qwen_vl(),
        tokenizer=PictureProcessor(t.Qwen2VLImageProcessorPil(), qwen_tokenizer()),
        text_encoder_2=t.CLIPTextModel(clip_config()), tokenizer_2=clip_tokenizer(),
        scheduler=d.FlowMatchEulerDiscreteScheduler(),
    )  # fmt: skip


def _kandinsky3() -> Any:
    model = d.Kandinsky3UNet(
        in_channels=4, time_embedding_dim=4, groups=2, attention_head_dim=4, layers_per_block=3,
        block_out_channels=(32, 64), cross_attention_dim=4, encoder_hid_dim=WIDTH,
    )  # fmt: skip
    return d.Kandinsky3Pipeline(
        unet=model, scheduler=d.DDPMScheduler(), movq=_movq(), text_encoder=t5(), tokenizer=t5_tokenizer()
    )


def _if() -> Any:
    model = _pixel_unet(
        3, sample_size=SIDE, encoder_hid_dim=WIDTH, addition_embed_type="text", addition_embed_type_num_heads=2,
        cross_attention_norm="group_norm", act_fn="gelu",
    )  # fmt: skip
    return d.IFPipeline(
        unet=model, scheduler=d.DDPMScheduler(variance_type="learned_range"), text_encoder=t5(),
        tokenizer=t5_tokenizer(), safety_checker=None, feature_extractor=None, watermarker=None,
        requires_safety_checker=False,
    )  # fmt: skip


def _unclip() -> Any:
    from diffusers.pipelines.deprecated.unclip.text_proj import UnCLIPTextProjModel

    def enlarger() -> Any:
        return d.UNet2DModel(
            sample_size=SIDE, in_channels=6, out_channels=3, layers_per_block=1, block_out_channels=(8, 8),
            norm_num_groups=4, attention_head_dim=4, down_block_types=("ResnetDownsampleBlock2D",) * 2,
            up_block_types=("ResnetUpsampleBlock2D",) * 2,
        )  # fmt: skip

    return d.UnCLIPPipeline(
        prior=_prior(), text_encoder=t.CLIPTextModelWithProjection(clip_config()), tokenizer=clip_tokenizer(),
        text_proj=UnCLIPTextProjModel(
            clip_embeddings_dim=WIDTH, time_embed_dim=4 * 8, cross_attention_dim=WIDTH, clip_extra_context_tokens=4
        ),
        decoder=_pixel_unet(3, sample_size=SIDE // 2, class_embed_type="identity"),
        super_res_first=enlarger(), super_res_last=enlarger(),
        prior_scheduler=_unclip_scheduler(clip_sample_range=5.0),
        decoder_scheduler=d.UnCLIPScheduler(variance_type="learned_range", prediction_type="epsilon"),
        super_res_scheduler=d.UnCLIPScheduler(variance_type="fixed_small_log", prediction_type="epsilon"),
    )  # fmt: skip


BUILDERS: dict[str, Callable[[], Any]] = {
    "sd15": _sd,
    "sd-lcm": lambda: _sd(d.LatentConsistencyModelPipeline, scheduler=d.LCMScheduler(), time_cond_proj_dim=16),
    "sd15-inpaint": lambda: _sd(d.StableDiffusionInpaintPipeline, 9),
    "instruct-pix2pix": lambda: _sd(d.StableDiffusionInstructPix2PixPipeline, 8),
    "sdxl": _sdxl,
    "sdxl-turbo": _sdxl,
    "sdxl-lightning": _sdxl,
    "sdxl-lcm": _sdxl,
    "sdxl-inpaint": lambda: _sdxl(d.StableDiffusionXLInpaintPipeline, 9),
    "sdxl-instruct-pix2pix": lambda: _sdxl(d.StableDiffusionXLInstructPix2PixPipeline, 8),
    "sd35-large": _sd3,
    "flux1-dev": _flux,
    "flux1-schnell": lambda: _flux(guided=False),
    "flux1-kontext": lambda: _flux(d.FluxKontextPipeline),
    "flux1-fill": lambda: _flux(d.FluxFillPipeline, fills=True),
    "flux2-dev": _flux2_dev,
    "flux2-klein": lambda: _flux2_klein(True),
    "flux2-klein-base": lambda: _flux2_klein(False),
    "qwen-image": _qwen,
    "qwen-image-edit": lambda: _qwen(d.QwenImageEditPipeline),
    "qwen-image-edit-plus": lambda: _qwen(d.QwenImageEditPlusPipeline),
    "sana": _sana,
    "sana-sprint": lambda: _sana(d.SanaSprintPipeline),
    "pixart-alpha": lambda: _pixart(d.PixArtAlphaPipeline),
    "pixart-sigma": lambda: _pixart(d.PixArtSigmaPipeline),
    "kandinsky21": _kandinsky21,
    "kandinsky22": _kandinsky22,
    "kandinsky22-inpaint": lambda: _kandinsky22(d.KandinskyV22InpaintCombinedPipeline, 9),
    "kandinsky3": _kandinsky3,
    "kandinsky5": _kandinsky5,
    "kandinsky5-edit": lambda: _kandinsky5(d.Kandinsky5I2IPipeline),
    "deepfloyd-if": _if,
    "unclip": _unclip,
}
"""By the name of the preset that each is recognised as, which is also the folder's name."""


def saved(name: str, folder: Path) -> Path:
    """Build the tiny pipeline of a preset and save it in a folder of that name."""
    torch.manual_seed(0)
    BUILDERS[name]().save_pretrained(folder / name)
    index = folder / name / "model_index.json"
    text = index.read_text()
    for ours, theirs in (
        (("generation.processors", "PictureProcessor"), ("transformers", "Qwen2VLProcessor")),
        (("diffusers", "UnCLIPTextProjModel"), ("unclip", "UnCLIPTextProjModel")),
    ):  # as the hub names them; what it has instead of ours wants torchvision
        text = text.replace('"{}",\n    "{}"'.format(*ours), '"{}",\n    "{}"'.format(*theirs))
    if name == "flux2-dev":
        text = text.replace('"Qwen2Tokenizer"', '"PixtralProcessor"')
    index.write_text(text)
    return folder / name
