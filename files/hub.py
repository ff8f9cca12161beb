"""Data sets by their name on the hub."""

from pathlib import Path
from typing import Any, cast

from ..errors import ModelUnavailable, UsageError

PREFIX = "hub:"


def is_hub_name(data: str) -> bool:
    return data.startswith(PREFIX)


def downloaded(data: str) -> Path:
    """The local copy of `hub:OWNER/NAME`, downloaded where it is not there yet.

    Raises UsageError for a name that is none or that the hub does not have, ModelUnavailable where it is out of reach.
    """
    import huggingface_hub
    from huggingface_hub.errors import (
        HFValidationError,
        HTTPError,  # pyright: ignore[reportPrivateImportUsage]
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
    )

    name = data.removeprefix(PREFIX)
    try:
        return Path(cast(Any, huggingface_hub).snapshot_download(name, repo_type="dataset"))
    except HFValidationError:
        raise UsageError(f"{name!r} is no name of a data set, such as OWNER/NAME") from None
    except RepositoryNotFoundError:
        raise UsageError(f"the hub has no data set {name}, or it is one that asks you to log in") from None
    except LocalEntryNotFoundError:
        raise ModelUnavailable(f"the data set {name} is not on this machine, and the hub cannot be reached") from None
    except (HTTPError, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ModelUnavailable(f"the data set {name} cannot be downloaded: {reason}", is_passing=True) from None
