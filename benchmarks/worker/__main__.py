"""A worker: reads requests from standard input and answers them on standard output, until the input ends."""

import asyncio
import os
import sys
import traceback
from contextlib import suppress

from .served import Served
from .wire import Request, packed, read_body


def main() -> None:
    """Whatever else is printed goes to standard error: the line is for answers alone."""
    out = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    asyncio.run(_serve(out))


async def _serve(out: int) -> None:
    loop, reader = asyncio.get_running_loop(), asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    served = Served()
    code = 1
    try:
        await _answer_all(served, reader, out)
        code = 0
    except (asyncio.IncompleteReadError, BrokenPipeError):
        code = 0  # the driver has gone
    finally:
        with suppress(TimeoutError):
            async with asyncio.timeout(served.end_s):
                await served.close()
        if code != 0:
            traceback.print_exc()  # its last line is what the driver tells
        sys.stderr.flush()
        os._exit(code)  # what a library still waits for in a thread is not waited for


async def _answer_all(served: Served, reader: asyncio.StreamReader, out: int) -> None:
    """Raises IncompleteReadError when the driver is gone, in the middle of a request too."""
    body = await read_body(reader)
    while True:
        work = asyncio.ensure_future(served.do(Request.model_validate_json(body)))
        following = asyncio.ensure_future(read_body(reader))
        await asyncio.wait((work, following), return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            work.cancel()
            following.result()
        answer, pixels = await work
        _write(out, packed(answer) + pixels)
        body = await following


def _write(out: int, message: bytes) -> None:
    left = memoryview(message)
    while left:
        left = left[os.write(out, left) :]


if __name__ == "__main__":
    main()
