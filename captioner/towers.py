"""Captioners that start from what others have trained: an image encoder of CLIP or SigLIP, any causal language model.

Folders in the layout of the hub, or names there; safetensors only, and no code that comes with the weights. Pictures
are squeezed into the encoder's square as everywhere here (`captioner.pictures`), then centred and scaled as its own
processor does it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    CLIPVisionModel,
    PreTrainedTokenizerBase,
    SiglipVisionModel,
)

from captioner.errors import WeightsError, first_line
from captioner.models.coca import MAX_TOKENS, CocaConfig, CocaModel
from captioner.models.prefix import AnyCoca, PrefixCaptioner, PrefixConfig
from captioner.tokenizer import PAD, TASKS

VISION: dict[str, Any] = {
    "clip": CLIPVisionModel, "clip_vision_model": CLIPVisionModel,
    "siglip": SiglipVisionModel, "siglip_vision_model": SiglipVisionModel,
}  # fmt: skip
FILES = ("*.safetensors", "*.safetensors.index.json", "*.json", "*.txt", "*.model")
NOTED = ("_name_or_path", "architectures", "transformers_version", "dtype", "torch_dtype")
"""What configurations note of where they came from; the saved captioner says nothing of it."""
LEAST_ROOM = 16
CLOSE = 1e-3


def load_image_tower(name: str) -> tuple[torch.nn.Module, dict[str, Any]]:
    """Return the vision model of a folder or of the hub, and what `CocaConfig.image_tower` says of it.

    Raises:
        WeightsError: it is none of CLIP's or SigLIP's, brings code of its own, has no safetensors, or is damaged.
    """
    folder = folder_of(name, "--image-tower")
    about = _config(folder, name)
    kind = VISION.get(str(about.get("model_type")))
    if kind is None:
        raise WeightsError(
            f"{name} is a {about.get('model_type')} model; --image-tower takes CLIP's and SigLIP's image encoders."
        )
    options = {"vision_use_head": False} if kind is SiglipVisionModel else {}
    model = _loaded(kind, folder, name, **options)
    try:
        processor = json.loads((folder / "preprocessor_config.json").read_text())
        mean, std = processor["image_mean"], processor["image_std"]
    except (OSError, ValueError, KeyError) as error:
        raise WeightsError(
            f"{name} has no preprocessor_config.json that says how pictures are scaled; download it whole."
        ) from error
    return model, {"config": _noted(model.config.to_dict()), "mean": mean, "std": std}


def load_text_decoder(name: str) -> tuple[Any, PreTrainedTokenizerBase]:
    """Return the language model of a folder or of the hub, and its tokenizer.

    Raises:
        WeightsError: it is no causal language model, brings code of its own, has no safetensors, or is damaged.
    """
    folder = folder_of(name, "--text-decoder")
    about = _config(folder, name)
    try:
        model = _loaded(AutoModelForCausalLM, folder, name)
    except ValueError as error:
        raise _not_causal(name, about) from error
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, ImportError) as error:
        raise WeightsError(f"{name} has no tokenizer that can be read ({first_line(error)}).") from error
    if tokenizer.eos_token_id is None:
        raise WeightsError(f"{name} has no token that ends a text, and captions must end; choose another.")
    if len(tokenizer) > model.get_input_embeddings().weight.shape[0]:
        raise WeightsError(
            f"the tokenizer of {name} has {len(tokenizer)} tokens and its weights fewer: they are of two models."
        )
    return model, tokenizer


def build(
    image_tower: str | None, text_decoder: str | None, tokenizer: PreTrainedTokenizerBase | None, **shape: Any
) -> tuple[AnyCoca, PreTrainedTokenizerBase]:
    """Return a captioner round pretrained parts, and its tokenizer.

    Args:
        tokenizer: of our own text halves, where there is no `text_decoder`.
        shape: for the configuration.

    Raises:
        WeightsError: as `load_image_tower` and `load_text_decoder`.
    """
    tower = None
    if image_tower:
        tower, about = load_image_tower(image_tower)
        shape |= {
            "image_tower": about, "image_size": about["config"]["image_size"],
            "image_width": about["config"]["hidden_size"],
        }  # fmt: skip
    model: AnyCoca
    if text_decoder:
        decoder, tokenizer = load_text_decoder(text_decoder)
        own = len(tokenizer)
        special: dict[str, Any] = {"additional_special_tokens": list(TASKS.values())}
        if tokenizer.pad_token_id in (None, tokenizer.eos_token_id):  # padding is never told, the end is
            special["pad_token"] = PAD
        tokenizer.add_special_tokens(special)
        prefix = int(shape.get("prefix_tokens", PrefixConfig().prefix_tokens))
        places = int(getattr(decoder.config, "max_position_embeddings", None) or MAX_TOKENS + prefix + 1)
        room = min(MAX_TOKENS, places - prefix - 1)
        if room < LEAST_ROOM:
            raise WeightsError(f"{text_decoder} reads {places} tokens, too few for a picture and a caption.")
        config = PrefixConfig(
            text_decoder=_noted(decoder.config.to_dict()), own_tokens=own, vocab_size=len(tokenizer), max_tokens=room,
            **shape,
        )  # fmt: skip
        model = PrefixCaptioner(config)
        model.decoder = decoder
        model.fit_scale()
        _check_decoder(model.eval(), text_decoder)
    else:
        assert tokenizer is not None
        model = CocaModel(CocaConfig(-(-len(tokenizer) // 64) * 64, **shape))
    if tower is not None:
        model.image_tower.model = tower
    tokenizer.model_max_length = model.config.max_tokens
    return model, tokenizer


def folder_of(name: str, option: str) -> Path:
    """Return a folder, or what the hub has under a name, downloaded if it is not there yet.

    Raises:
        WeightsError: there is neither, or the hub cannot be reached.
    """
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import GatedRepoError

    try:
        return Path(snapshot_download(name, allow_patterns=list(FILES)))
    except GatedRepoError as error:
        raise WeightsError(
            f"{name} wants its terms accepted first: do so on https://huggingface.co/{name}, then set HF_TOKEN."
        ) from error
    except Exception as error:  # of the name, the network, the disk: a dozen types
        raise WeightsError(
            f"{name} is no folder here, and cannot be had from the hub ({type(error).__name__}: "
            f"{first_line(error, 120)}); check the name, or give {option} a folder."
        ) from error


def _config(folder: Path, name: str) -> dict[str, Any]:
    try:
        about: dict[str, Any] = json.loads((folder / "config.json").read_text())
    except (OSError, ValueError) as error:
        raise WeightsError(f"{name} has no config.json that can be read, so it is no model of transformers.") from error
    if "auto_map" in about:
        raise WeightsError(f"{name} brings code of its own, which Limner does not run; choose another.")
    if not any(folder.glob("*.safetensors")):
        raise WeightsError(
            f"{name} has no weights in safetensors; pickled ones may run programs and are not loaded. Choose another."
        )
    return about


def _loaded(kind: Any, folder: Path, name: str, **options: Any) -> Any:
    try:
        model, found = kind.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, output_loading_info=True, dtype=torch.float32,
            **options,
        )  # fmt: skip
    except ValueError:
        raise
    except Exception as error:  # the loaders raise a dozen types; each means the same to a person
        raise WeightsError(f"the weights of {name} are damaged ({first_line(error)}); download them again.") from error
    if found["missing_keys"] or found.get("mismatched_keys"):
        lacking = sorted(map(str, (*found["missing_keys"], *found.get("mismatched_keys", ()))))
        raise WeightsError(f"the weights of {name} lack {', '.join(lacking[:3])}: they are of another architecture.")
    return model


def _noted(config: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in config.items() if key not in NOTED}


@torch.no_grad()
def _check_decoder(model: PrefixCaptioner, name: str) -> None:
    """Hold what we compute against the language model's own answer, and see that no token looks ahead."""
    tokens = torch.arange(1, 7)[None] % model.config.own_tokens
    other = tokens.clone()
    other[0, -1] = 0
    theirs = model.decoder(input_ids=tokens).logits[..., : model.config.own_tokens].float()
    states = [
        model.decoder.base_model(inputs_embeds=model.embedded(each)).last_hidden_state for each in (tokens, other)
    ]
    if not torch.allclose(states[0][:, :-1], states[1][:, :-1], atol=CLOSE, rtol=CLOSE):
        raise _not_causal(name, {"model_type": model.decoder.config.model_type})
    ours = model.logits(states[0])[..., : model.config.own_tokens].float()
    if not torch.allclose(ours, theirs, atol=CLOSE, rtol=CLOSE):
        raise WeightsError(
            f"{name} tells its words in a way of its own ({model.decoder.config.model_type}); choose another decoder."
        )


def _not_causal(name: str, about: dict[str, Any]) -> WeightsError:
    return WeightsError(
        f"{name} is a {about.get('model_type')} model and no causal language model, which --text-decoder needs; "
        "choose one such as GPT-2, Llama or Qwen."
    )
