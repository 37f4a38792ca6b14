"""Trained runs on the Hugging Face hub: private unless asked otherwise, with their cards. Reads no environment itself;
`huggingface_hub` takes HF_TOKEN and HF_ENDPOINT from there.
"""

from __future__ import annotations

from pathlib import Path

from captioner.errors import TrainingError, first_line

SENT = ("README.md", "training.json", "skipped.log", "*/README.md", "*.safetensors", "*.json", "sheet-*.png")
KEPT_BACK = ("pictures/*", "lessons/*", "tensorboard/*", "wandb/*", ".cache/*")
"""What a run's folder holds beside its models."""


def prepare_repo(repo: str, public: bool = False, endpoint: str | None = None, token: str | None = None) -> str:
    """Make a repository, private unless `public`, if it is not there yet; returns its whole name.

    Done before a training, so that hours of it do not end at a wrong token.

    Raises:
        TrainingError: the name is none, nobody is signed in, they may not write there, or the hub cannot be reached.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HFValidationError

    try:
        made = HfApi(endpoint, token).create_repo(repo, private=not public, exist_ok=True)
    except HFValidationError as error:
        raise TrainingError(
            f"{repo[:80]!r} is no name of a repository on the hub; give --push-to-hub OWNER/NAME."
        ) from error
    except Exception as error:  # of the token, the network, the hub: a dozen types
        raise TrainingError(
            f"{repo} cannot be made or written on the hub ({_why(error)}); set HF_TOKEN to a token that may write "
            "there, or leave out --push-to-hub."
        ) from error
    return made.repo_id


def push_run(
    folder: Path, model: str, repo: str, message: str, endpoint: str | None = None, token: str | None = None
) -> str:
    """Send a run's model, card and account to a repository; returns the commit's address.

    Args:
        folder: the run's.
        model: its name; a model that lies in a folder of that name, or in `weights`, goes to the repository's root,
            from where `from_pretrained` loads it.

    Raises:
        TrainingError: it could not be sent; the run is as it was.
    """
    from huggingface_hub import HfApi

    homes = (place for place in (folder / model, folder / "weights") if (place / "config.json").exists())
    root = next(homes, folder)
    try:
        sent = HfApi(endpoint, token).upload_folder(
            repo_id=repo, folder_path=root, commit_message=message, allow_patterns=list(SENT),
            ignore_patterns=list(KEPT_BACK),
        )  # fmt: skip
    except Exception as error:
        raise TrainingError(
            f"the run is whole in {folder}, but was not sent to {repo} ({_why(error)}); send it with `hf upload {repo} "
            f"{root}`."
        ) from error
    return str(sent.commit_url)


def _why(error: Exception) -> str:
    return f"{type(error).__name__}: {first_line(error, 160)}"
