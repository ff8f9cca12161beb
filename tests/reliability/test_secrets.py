"""A secret in some of its encodings, from every place that can be written to; all of them by the command.

`python -m clickwright.reliability secrets`
"""

import asyncio

import pytest
from clickwright.environments import Chromium
from clickwright.reliability.secrets import ENCODINGS, LEAST_PLACES, WRITERS, Found, control, leaks

ODD = ["as it is", "twice in a URL", "in JSON, by numbers", "in base64, one byte later", "with what nobody sees"]


@pytest.mark.slow
def test_a_secret_that_everybody_writes_everywhere_is_kept_nowhere() -> None:
    async def found() -> tuple[list[Found], tuple[frozenset[str], frozenset[str]]]:
        async with Chromium() as chromium:
            return await leaks(chromium, ODD), await control(chromium)

    leaked, (places, writers) = asyncio.run(found())
    assert leaked == []
    # Otherwise this would prove nothing.
    assert len(places) >= LEAST_PLACES
    assert set(WRITERS) - writers == set()
    assert len(ENCODINGS) >= 12
