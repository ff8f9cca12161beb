"""Records as Arrow: texts mapped into memory, apart from their pictures; read in any order, by workers, and resumed.

A store lies in the folder of its records: `arrow/` beside `pictures/`. Nothing but the pages that are read takes
memory. The order of an epoch is a permutation that seed and epoch make, so that where a run stopped is three numbers,
whatever workers had read ahead. (`datasets.IterableDataset` resumes by itself only without a shuffle buffer, and with
workers only where torchdata is installed; here each record is reached directly, and neither is needed.)
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import file_digest, sha256
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, Generic, TypedDict, TypeVar, cast, overload

from ...errors import UsageError
from .folder import RecordFolder
from .record import Record, read_record, written_record

FOLDER = "arrow"
BATCH = 500
"""Records that are written at once."""
MISSING = "a store of records needs datasets: pip install 'clickwright[training]'"

T = TypeVar("T")


class Place(TypedDict):
    """Where a reader is: so many samples of this epoch were handed out to each rank."""

    seed: int
    epoch: int
    taken: int


def write_store(
    folder: RecordFolder, records: Sequence[Record] | None = None, *, shards: int = 1, home: Path | None = None
) -> int:
    """Write the records of a folder, or others whose pictures are in it, as Arrow files in their order; how many.

    They go into `home`, and unless told beside the pictures.
    A store that was there is replaced when the new one is whole. Raises UsageError where the disk does not take it, and
    as `RecordFolder.read` does.
    """
    count = sum(1 for _ in folder.read(checks_files=False)) if records is None else len(records)
    left = iter(folder.read() if records is None else records)
    home = home or folder.path / FOLDER
    part, old = home.with_name(f".{home.name}.part"), home.with_name(f".{home.name}.old")
    arrow = _imported("pyarrow")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        for n in range(shards):
            share = islice(left, (n + 1) * count // shards - n * count // shards)
            _write_shard(part / f"records-{n:05}-of-{shards:05}.arrow", share)
        if home.exists():
            shutil.rmtree(old, ignore_errors=True)
            home.rename(old)
        part.rename(home)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise UsageError(f"{home} cannot be written: {error.strerror or error}") from None
    except arrow.ArrowException as error:
        raise UsageError(f"{home} cannot be written: {str(error).splitlines()[0]}") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return count


def _write_shard(path: Path, records: Iterable[Record]) -> None:
    arrow, ipc = _imported("pyarrow"), _imported("pyarrow.ipc")
    fields = [(name, arrow.string()) for name in ("id", "source", "kind", "record")]
    schema = arrow.schema([*fields, ("pictures", arrow.list_(arrow.string()))])
    with ipc.new_stream(str(path), schema) as writer:
        for batch in _batches(records):
            writer.write_batch(arrow.RecordBatch.from_pylist(batch, schema=schema))


class Store(Sequence[Record]):
    """The records of a store, each reached by its number. Its files lie in `home`, and unless told in the folder.

    Raises UsageError where there is none.
    """

    def __init__(self, path: Path, *, home: Path | None = None) -> None:
        self.folder = RecordFolder(path)
        self._files = _shards(home or path / FOLDER)
        self._rows: Any = _opened(self._files)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        row = cast(dict[str, str], self._rows[index])
        return read_record(row["record"], f"{self.folder.path} record {index}")

    def digest(self) -> str:
        """Equal for equal records in equal files."""
        found = sha256()
        for path in self._files:
            with path.open("rb") as file:
                found.update(file_digest(file, "sha256").digest())
        return found.hexdigest()

    def column(self, name: str) -> list[Any]:
        """A label of all records, such as their kinds, without reading the records."""
        return list(self._rows[name])


class Samples(Generic[T]):
    """What is made of the records of a store, epoch after epoch, each in another order.

    `make` is called where the records are read, in one of the `workers`. Of `ranks` each sees its own records, as many
    as every other: what is left over is seen in another epoch. `state_dict` and `load_state_dict` go on at exactly the
    next sample, with other workers too.
    """

    def __init__(
        self,
        store: Store,
        make: Callable[[Record, RecordFolder], T],
        *,
        seed: int = 0,
        shuffles: bool = True,
        rank: int = 0,
        ranks: int = 1,
        workers: int = 0,
    ) -> None:
        if not 0 <= rank < ranks:
            raise UsageError(f"a rank is one of 0 to {ranks - 1}, not {rank}")
        if len(store) < ranks:
            raise UsageError(f"{len(store)} records are too few for {ranks} ranks")
        self._store, self._make, self._shuffles = store, make, shuffles
        self._rank, self._ranks, self._workers = rank, ranks, workers
        self._place = Place(seed=seed, epoch=0, taken=0)

    def __len__(self) -> int:
        """Of one epoch."""
        return len(self._store) // self._ranks

    def __iter__(self) -> Iterator[T]:
        """What is left of this epoch; then the next one has begun."""
        from torch.utils.data import DataLoader

        numbers = self._numbers()[self._place["taken"] :]
        read = _Read(self._store, self._make)
        loader = DataLoader(
            cast(Any, read),
            batch_size=None,
            sampler=cast(Any, numbers),
            num_workers=self._workers,
        )
        for sample in cast(Iterable[T], loader):
            self._place["taken"] += 1
            yield sample
        self._place.update(epoch=self._place["epoch"] + 1, taken=0)

    def state_dict(self) -> Place:
        """Where it is, as plain numbers."""
        return Place(**self._place)

    def load_state_dict(self, place: Place) -> None:
        """Go on where another one was. Raises UsageError where that is no place in these records."""
        if not 0 <= place["taken"] <= len(self) or place["epoch"] < 0:
            raise UsageError(f"sample {place['taken']} of epoch {place['epoch']} is not in {len(self)} samples")
        self._place = Place(seed=place["seed"], epoch=place["epoch"], taken=place["taken"])

    def _numbers(self) -> list[int]:
        """The records of this rank in the order of this epoch."""
        import numpy as np

        count = len(self._store)
        order = np.arange(count)
        if self._shuffles:
            order = np.random.default_rng((self._place["seed"], self._place["epoch"])).permutation(count)
        return order[self._rank :: self._ranks][: len(self)].tolist()


class _Read(Generic[T]):
    """A data set of torch, by what it needs: a length and an item for a number."""

    def __init__(self, store: Store, make: Callable[[Record, RecordFolder], T]) -> None:
        self._store, self._make = store, make

    def __len__(self) -> int:
        return len(self._store)

    def __getitem__(self, number: int) -> T:
        return self._make(self._store[number], self._store.folder)


def _batches(records: Iterable[Record]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for record in records:
        batch.append(
            {
                "id": record.id,
                "source": record.source,
                "kind": record.kind,
                "record": written_record(record),
                "pictures": [picture.frame for picture in record.pictures],
            }
        )
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _shards(home: Path) -> list[Path]:
    """The files of a store in their order. Raises UsageError where there is none, or one is missing."""
    files = sorted(home.glob("*.arrow"))
    if not files:
        raise UsageError(f"{home.parent} holds no store of records: write one first")
    if [file.name for file in files] != [f"records-{n:05}-of-{len(files):05}.arrow" for n in range(len(files))]:
        raise UsageError(f"{home} does not hold all files of one store: write it again")
    return files


def _opened(files: list[Path]) -> Any:
    """The rows of all files, mapped into memory."""
    datasets = _imported("datasets")
    try:
        return datasets.concatenate_datasets([datasets.Dataset.from_file(str(file)) for file in files])
    except (OSError, ValueError) as error:
        raise UsageError(f"{files[0].parent} cannot be read as a store: {error}") from None


def _imported(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise UsageError(MISSING) from None
