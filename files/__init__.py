"""The files of a data set, read safely: rows of JSON, JSONL and parquet, and the pictures that they name."""

from .folder import DataFolder, open_data
from .records import Entry, Record, read_entries
from .rows import Row, Stored, read_rows

__all__ = ["DataFolder", "Entry", "Record", "Row", "Stored", "open_data", "read_entries", "read_rows"]
