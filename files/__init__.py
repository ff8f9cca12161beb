"""The files of a data set, read safely: rows of JSON, JSONL and parquet, and the pictures that they name."""

from .folder import DataFolder, open_data
from .parquet import Stored
from .records import Entry, Record, read_entries
from .row import Row
from .rows import read_rows

__all__ = ["DataFolder", "Entry", "Record", "Row", "Stored", "open_data", "read_entries", "read_rows"]
