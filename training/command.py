"""The commands `clickwright train ...`."""

import typer

from .tuning.command import tune

train = typer.Typer(
    name="train",
    help="Train a checkpoint of the Qwen2-VL family.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@train.callback()
def top() -> None:
    """Train a checkpoint of the Qwen2-VL family."""


train.command("sft")(tune)
