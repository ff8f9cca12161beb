"""Data to train on: converted, looked at, kept apart from what is tested, and stored.

python -m clickwright.training.data convert --from showui --to records metadata.json data/
python -m clickwright.training.data show data/
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ...errors import UsageError
from ...exits import in_one_sentence
from .convert import NAMES, RECORDS, convert
from .folder import RECORDS as RECORDS_FILE
from .folder import RecordFolder
from .formats import FORMATS
from .held_out import HeldOut, Removal
from .overview import SHOWN, count, write_overview
from .store import write_store

app = typer.Typer(help="Data to train on.", no_args_is_help=True, add_completion=False, rich_markup_mode=None)
MAX_TOLD = 5
"""Reasons that are told of what was left out."""


@app.command("formats")
def list_formats() -> None:
    """The formats, and what each can hold."""
    width = max(map(len, NAMES))
    typer.echo(f"{RECORDS:{width}}  everything: a folder of records.jsonl and pictures/")
    for name, one in FORMATS.items():
        typer.echo(f"{name:{width}}  {one.holds} ({one.suffix})")


@app.command("convert")
def convert_files(
    source: Annotated[Path, typer.Argument(help="A file in the format, or a folder of records.")],
    out: Annotated[Path, typer.Argument(help="A file, pictures beside it; or a folder of records, which is added to.")],
    read_as: Annotated[str, typer.Option("--from", help=", ".join(NAMES))] = RECORDS,
    write_as: Annotated[str, typer.Option("--to", help="The same.")] = RECORDS,
    pictures: Annotated[
        Path | None, typer.Option(help="The folder that names of pictures are below; that of the file unless told.")
    ] = None,
) -> None:
    """Read one format and write another."""
    made = convert(source, out, read_as=read_as, write_as=write_as, pictures=pictures)
    typer.echo(f"{made.path}: {made.written} records")
    for what in made.lost:
        typer.echo(f"lost: {what}")
    for reason in made.left_out[:MAX_TOLD]:
        typer.echo(f"left out: {reason}")
    if len(made.left_out) > MAX_TOLD:
        typer.echo(f"left out: {len(made.left_out) - MAX_TOLD} more")


@app.command()
def show(
    folder: Annotated[Path, typer.Argument(help="A folder of records.")],
    out: Annotated[Path | None, typer.Option(help="Where the page goes; into the folder unless told.")] = None,
    shown: Annotated[int, typer.Option("--records", min=1, help="How many stand on the page.")] = SHOWN,
) -> None:
    """A table of what a folder holds, and a page of some records with their places drawn."""
    records = RecordFolder(folder)
    table = Table("kind", "records", "pictures", "usual size", "answers", "places", "failed")
    for kind, one in count(records.read()).items():
        numbers = (one.answers, one.places, one.failed)
        table.add_row(kind, str(one.records), str(len(one.pictures)), one.usual_size, *map(str, numbers))
    Console(highlight=False).print(table)
    typer.echo(write_overview(records, out, shown=shown))


@app.command("hold-out")
def hold_out(
    training: Annotated[Path, typer.Argument(help="A folder of records to train on.")],
    tested: Annotated[Path, typer.Argument(help="A folder of records that are only tested.")],
    out: Annotated[Path, typer.Argument(help="A new folder for the records that share nothing with them.")],
) -> None:
    """Leave out what shares a picture, or task, words and target, with the test data."""
    if out.joinpath(RECORDS_FILE).exists():
        raise UsageError(f"{out} holds records already, and what is tested may be among them: give another folder")
    removal = Removal(HeldOut.of(RecordFolder(tested).read(checks_files=False)))
    source, into = RecordFolder(training), RecordFolder(out)
    kept = removal.of(source.read())
    into.put(
        record.model_copy(update={"pictures": tuple(into.adopt(source.file_of(one)) for one in record.pictures)})
        for record in kept
    )
    typer.echo(removal.told)


@app.command()
def store(
    folder: Annotated[Path, typer.Argument(help="A folder of records.")],
    shards: Annotated[int, typer.Option(min=1, help="Arrow files.")] = 1,
) -> None:
    """Write the records of a folder as Arrow files beside their pictures."""
    typer.echo(f"{folder}: {write_store(RecordFolder(folder), shards=shards)} records in {shards} files")


def main() -> None:
    """Run a command. What goes wrong is told in one sentence."""
    with in_one_sentence():
        app()


if __name__ == "__main__":
    main()
