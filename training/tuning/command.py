"""The command `clickwright train sft`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ...errors import UsageError
from ...exits import INTERRUPTED, complain
from ...options.model import MINI


class StageName(StrEnum):
    """What learns."""

    TOWER = "tower"
    ALL = "all"
    INSTRUCTIONS = "instructions"


def tune(
    data: Annotated[Path, typer.Option(help="A folder of recorded runs, of records, or of lessons as they are.")],
    out: Annotated[Path, typer.Option(help="A folder for the run and what comes of it.")],
    model: Annotated[str, typer.Option(help="The checkpoint to begin from: a name on the hub, or a folder.")] = MINI,
    profile: Annotated[
        str | None,
        typer.Option(help="How it is asked, where its name does not say so: `clickwright models` lists all."),
    ] = None,
    held_out: Annotated[Path | None, typer.Option(help="A folder of lessons to be examined on, never learned.")] = None,
    failed: Annotated[
        bool, typer.Option("--failed", help="Learn from runs that are known to have missed their goal, too.")
    ] = False,
    stage: Annotated[
        StageName, typer.Option(help="What learns: the tower that sees, all, or what stands behind the tower.")
    ] = StageName.INSTRUCTIONS,
    lora: Annotated[bool, typer.Option("--lora", help="Learn small matrices beside the weights, which stand.")] = False,
    rank: Annotated[int | None, typer.Option(min=1, help="Of these matrices; 16 unless told.")] = None,
    alpha: Annotated[int | None, typer.Option(min=1, help="What they count; twice their rank unless told.")] = None,
    dropout: Annotated[float, typer.Option(min=0, max=0.99, help="Before them.")] = 0.0,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="How often each lesson is learned; once unless told.")
    ] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="So many steps, in the place of --epochs.")] = None,
    lr: Annotated[float | None, typer.Option(help="The highest rate; 1e-5 unless told, and 1e-4 with --lora.")] = None,
    warmup: Annotated[float, typer.Option(min=0, max=1, help="The share of steps in which the rate rises.")] = 0.03,
    weight_decay: Annotated[float, typer.Option(min=0, help="How much matrices shrink by themselves.")] = 0.0,
    clip: Annotated[float, typer.Option(help="The largest norm of a step's gradients.")] = 1.0,
    batch_tokens: Annotated[int, typer.Option(min=1, help="The most tokens of a row, pictures included.")] = 8192,
    rows: Annotated[int | None, typer.Option(min=1, help="Rows of a step; one for each process unless told.")] = None,
    average: Annotated[float, typer.Option(min=0, help="The decay of a mean of weights, as .999; 0 keeps none.")] = 0.0,
    select: Annotated[
        float, typer.Option(help="The share that is read of each surface of one colour; all unless told.")
    ] = 1.0,
    forget_between: Annotated[
        bool, typer.Option("--forget-between", help="Less memory, more time: layers are computed once more.")
    ] = False,
    evaluate_every: Annotated[
        int, typer.Option(min=0, help="Steps between examinations on --held-out; at the end only: 0.")
    ] = 0,
    save_every: Annotated[int, typer.Option(min=1, help="Steps between states that a run can go on from.")] = 100,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in --out.")] = False,
    shard: Annotated[str, typer.Option(help="The most that a file of weights holds, as 500MB.")] = "5GB",
    min_pixels: Annotated[int | None, typer.Option(help="A picture is enlarged to these; the profile's own.")] = None,
    max_pixels: Annotated[int | None, typer.Option(help="A picture is reduced to these; the profile's own.")] = None,
    seed: Annotated[int, typer.Option(help="Of the order of lessons and of dropout.")] = 0,
    device: Annotated[str | None, typer.Option(help="cpu, cuda, cuda:1 ...; the fastest unless told.")] = None,
) -> None:
    """Tune a checkpoint on lessons: conversations whose answers it is to give.

    With several GPUs: torchrun --no-python --nproc-per-node 4 clickwright train sft ...
    """
    if epochs is not None and steps is not None:
        raise UsageError("give --epochs or --steps, not both")
    if not lora and (rank is not None or alpha is not None or dropout):
        raise UsageError("--rank, --alpha and --dropout are those of LoRA: give --lora too, or leave them out")
    if evaluate_every and held_out is None:
        raise UsageError("--evaluate-every examines on what is held out: give --held-out too, or leave it out")
    from ...policies.profiles import find_profile
    from .run import Wanted, tune_checkpoint
    from .settings import Lora, Settings
    from .sharded import processes
    from .stages import Stage

    rank = rank or Lora().rank
    settings = Settings(
        stage=Stage(stage),
        lora=Lora(rank=rank, alpha=alpha or 2 * rank, dropout=dropout) if lora else None,
        epochs=epochs or 1,
        steps=steps,
        batch_tokens=batch_tokens,
        rows=rows or processes(),
        rate=lr if lr is not None else 1e-4 if lora else 1e-5,
        warmup=warmup,
        weight_decay=weight_decay,
        clip=clip,
        average=average,
        select=select,
        forgets_between=forget_between,
        evaluate_every=evaluate_every,
        save_every=save_every,
        seed=seed,
    )
    wanted = Wanted(
        model=model,
        profile=find_profile(model, name=profile),
        device=device,
        data=data,
        held_out=held_out,
        out=out,
        resume=resume,
        failed=failed,
        shard=shard,
        min_pixels=min_pixels,
        max_pixels=max_pixels,
    )
    try:
        tune_checkpoint(wanted, settings)
    except KeyboardInterrupt:
        from .saved import has_state

        goes_on = (
            "the same command with --resume goes on from its last state" if has_state(out) else "nothing is kept yet"
        )
        complain(f"interrupted; {goes_on}")
        raise typer.Exit(INTERRUPTED) from None
