"""The store: every record once, apart for each rank, and resumed at the very sample."""

from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path

import pytest
from clickwright.errors import UsageError
from clickwright.training.data.folder import RecordFolder
from clickwright.training.data.record import Kind, Record
from clickwright.training.data.store import Samples, Store, write_store

from .made import pointing

COUNT = 23


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two shards of unequal length."""
    folder = RecordFolder(tmp_path_factory.mktemp("store"))
    folder.write(pointing(folder, f"thing {n}", name=f"r{n}", shade=n % 5) for n in range(COUNT))
    return written(folder, 2)


def written(folder: RecordFolder, shards: int) -> Store:
    assert write_store(folder, shards=shards) == COUNT
    return Store(folder.path)


def name_of(record: Record, folder: RecordFolder) -> str:
    """What is made of a record here; the picture is read in the worker."""
    assert folder.load(record.pictures[0]).size == record.pictures[0].size
    return record.id


def names(samples: Samples[str], count: int | None = None) -> list[str]:
    """The next so many, over the ends of epochs; the rest of this one unless told."""
    found: list[str] = []
    while count is None or len(found) < count:
        for name in samples:
            found.append(name)
            if len(found) == count:
                return found
        if count is None:
            return found
    return found


def test_records_come_back_as_they_were(store: Store) -> None:
    assert len(store) == COUNT
    assert [store[n] for n in range(COUNT)] == list(store.folder.read())
    assert store.column("kind") == ["pointing"] * COUNT
    assert store.column("pictures")[0] == [store[0].pictures[0].frame]


def test_texts_are_mapped_and_hold_no_pictures(store: Store) -> None:
    files = sorted(store.folder.path.joinpath("arrow").iterdir())
    assert [file.name for file in files] == ["records-00000-of-00002.arrow", "records-00001-of-00002.arrow"]
    assert all(b"PNG" not in file.read_bytes() for file in files)
    rows = store._rows
    assert {Path(file["filename"]) for file in rows.cache_files} == set(files)


def test_an_epoch_has_every_record_once_and_the_next_another_order(store: Store) -> None:
    samples = Samples(store, name_of, seed=3)
    first, second = names(samples), names(samples)
    assert sorted(first) == sorted(second) == sorted(f"r{n}" for n in range(COUNT))
    assert first != second
    assert names(Samples(store, name_of, seed=3)) == first
    assert names(Samples(store, name_of, seed=4)) != first
    assert names(Samples(store, name_of, shuffles=False)) == [f"r{n}" for n in range(COUNT)]


@pytest.mark.slow
@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("stop", [1, 9, COUNT, COUNT + 4])
def test_what_is_resumed_goes_on_at_the_very_sample(store: Store, workers: int, stop: int) -> None:
    """With two shards, and with two workers, which read ahead."""
    whole = names(Samples(store, name_of, seed=1), COUNT * 2)
    stopped = Samples(store, name_of, seed=1, workers=workers)
    assert names(stopped, stop) == whole[:stop]
    place = stopped.state_dict()
    resumed = Samples(store, name_of, seed=99, workers=workers)
    resumed.load_state_dict(place)
    assert names(resumed, COUNT * 2 - stop) == whole[stop:]


def test_a_run_goes_on_with_other_workers_and_other_shards(store: Store, tmp_path: Path) -> None:
    whole = names(Samples(store, name_of, seed=1))
    samples = Samples(store, name_of, seed=1, workers=2)
    assert names(samples, 5) == whole[:5]
    other = Samples(store, name_of)
    other.load_state_dict(samples.state_dict())
    assert names(other) == whole[5:]


@pytest.mark.parametrize("workers", [0, 2])
def test_ranks_see_records_of_their_own(store: Store, workers: int) -> None:
    halves = [names(Samples(store, name_of, seed=2, rank=rank, ranks=2, workers=workers)) for rank in range(2)]
    assert [len(half) for half in halves] == [COUNT // 2] * 2
    assert not set(halves[0]) & set(halves[1])
    assert len(set(halves[0]) | set(halves[1])) == COUNT - 1


def test_a_store_can_be_handed_to_another_process(store: Store) -> None:
    """As workers that are started anew are given it."""
    again = deepcopy(store)
    assert again[3] == store[3]
    assert again.folder.load(again[3].pictures[0]).frame == store[3].pictures[0].frame
    assert [record.id for record in store[1:3]] == ["r1", "r2"]


def test_a_store_that_cannot_be_written_leaves_the_one_that_was_there(tmp_path: Path) -> None:
    folder = RecordFolder(tmp_path)
    records = [pointing(folder, f"thing {n}", name=f"r{n}") for n in range(4)]
    folder.write(records)
    write_store(folder, shards=2)
    with (tmp_path / "records.jsonl").open("a") as lines:
        lines.write(lines_without_pictures(records[0]))
    with pytest.raises(UsageError, match=r"line 5: the picture 'pictures/gone\.png' is missing"):
        write_store(folder)
    assert [record.id for record in Store(tmp_path)] == ["r0", "r1", "r2", "r3"]
    assert {path.name for path in tmp_path.iterdir()} == {"arrow", "pictures", "records.jsonl"}


class Odd(Record):
    """A record with a label that no text column takes."""

    @property
    def kind(self) -> Kind:
        return 5  # type: ignore[return-value]


def test_what_arrow_does_not_take_is_told(tmp_path: Path) -> None:
    folder = RecordFolder(tmp_path)
    record = pointing(folder)
    write_store(folder, [record])
    with pytest.raises(UsageError, match="arrow cannot be written"):
        write_store(folder, [Odd.model_validate(record.model_dump())])
    assert Store(tmp_path)[0] == record


def lines_without_pictures(record: Record) -> str:
    file = record.pictures[0].file
    return f"{record.model_dump_json().replace(file, 'pictures/gone.png')}\n"


def test_a_store_of_which_a_file_is_gone_is_not_opened(tmp_path: Path) -> None:
    folder = RecordFolder(tmp_path)
    folder.write(pointing(folder, name=f"r{n}") for n in range(6))
    write_store(folder, shards=3)
    (tmp_path / "arrow" / "records-00002-of-00003.arrow").unlink()
    with pytest.raises(UsageError, match="does not hold all files of one store"):
        Store(tmp_path)
    write_store(folder, shards=2)
    assert len(Store(tmp_path)) == 6


def test_what_is_wrong_is_told(store: Store, tmp_path: Path) -> None:
    def sentences(*wrong: object) -> Sequence[str]:
        found: list[str] = []
        for call in wrong:
            with pytest.raises(UsageError) as caught:
                call()  # type: ignore[operator]
            found.append(str(caught.value))
        return found

    assert sentences(
        lambda: Store(tmp_path),
        lambda: Samples(store, name_of, rank=2, ranks=2),
        lambda: Samples(store, name_of, ranks=COUNT + 1),
        lambda: Samples(store, name_of).load_state_dict({"seed": 0, "epoch": 0, "taken": COUNT + 1}),
    ) == [
        f"{tmp_path} holds no store of records: write one first",
        "a rank is one of 0 to 1, not 2",
        f"{COUNT} records are too few for {COUNT + 1} ranks",
        f"sample {COUNT + 1} of epoch 0 is not in {COUNT} samples",
    ]
