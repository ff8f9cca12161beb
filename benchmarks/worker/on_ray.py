"""Workers that are actors of Ray, on this machine and on others. Nothing else of the package imports ray, which is an
extra.

A request and its answer cross as the bytes that `wire` makes, and Ray carries bytes as they are. Ray itself pickles the
class below when it makes an actor of it, and the errors that it raises. Whoever reaches the ports of a cluster, and has
its token, can run any code on it: that is how Ray is made, so a cluster belongs into a network of its own.
"""

import asyncio
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import ExitStack, chdir, contextmanager, suppress
from functools import partial
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import ray
from pydantic import ValidationError
from ray.exceptions import GetTimeoutError, RayError

from ... import __version__
from ...errors import ModelUnavailable, UsageError
from ...model import Model
from ...screen.screenshot import pixel_bytes
from ..models.remote import RemoteModel
from ..models.served import ServedModel
from ..models.wire import About, Asked, Checkpoint, asked_bytes, read_told
from .link import Link, NoPlace, WorkerGone
from .served import Served
from .wire import Answer, Request, packed, parted

LOOK_S = 5.0
"""How often somebody who waits for a worker looks whether it can still come."""
ANSWERS_S = 10.0
"""For the machine of a cluster to answer at all."""
OPEN_S = 1800.0
"""For a checkpoint to be loaded, on a machine that may have to fetch it first."""
_OURS = {
    "RAY_USAGE_STATS_ENABLED": "0",  # nothing is told to anybody
    "RAY_process_group_cleanup_enabled": "1",  # a browser ends with the worker that started it
}
"""What a cluster that we start is told."""

_QUIET: dict[str, Any] = {"log_to_driver": False, "configure_logging": False}

_FOR_A_MODEL: dict[str, object] = {
    "num_cpus": 0,
    "max_restarts": 0,
    "max_concurrency": 256,  # questions that wait there for their turn
    "scheduling_strategy": "SPREAD",
}

_ray = cast(Any, ray)  # its decorators are typed for functions alone


class Actor:
    """What an actor does: it answers with the stage that it holds."""

    def __init__(self) -> None:
        self._served = Served()

    async def version(self) -> str:
        """Of the package on its machine."""
        return __version__

    async def answer(self, message: bytes) -> bytes:
        """The answer to a request, with the pixels behind it."""
        body, _ = parted(message)
        answer, pixels = await self._served.do(Request.model_validate_json(body))
        return packed(answer) + pixels


class ModelActor:
    """What an actor with a model does. Several questions at once are its threads' affair."""

    def __init__(self) -> None:
        self._served = ServedModel()

    def answer(self, message: bytes) -> bytes:
        """The answer to a question about the model."""
        return self._served.answer(message)


class Places:
    """How many workers a cluster has processors for, and who has one."""

    def __init__(self, cpus: float) -> None:
        self.cpus = cpus
        self._taken: set[RayLink] = set()

    def count(self) -> int:
        """For so many workers at once there are processors, on all machines together, whoever uses them now."""
        alive = [node["Resources"] for node in _ray.nodes() if node["Alive"]]
        return sum(int(has.get("CPU", 0.0) / self.cpus + 1e-6) for has in alive)

    def take(self, link: "RayLink") -> None:
        """Raises NoPlace where the machines that are left have no processor for it."""
        self.require_here()
        if len(self._taken - {link}) >= self.count():
            raise NoPlace("the machines that are left in the cluster have no processor for another worker")
        self._taken.add(link)

    def leave(self, link: "RayLink") -> None:
        self._taken.discard(link)

    def require_here(self) -> None:
        """Raises NoPlace where Ray has ended on this machine, and with it all that we began."""
        here = _ray.get_runtime_context().get_node_id()
        if not any(node["Alive"] for node in _ray.nodes() if node["NodeID"] == here):
            raise NoPlace("Ray has ended on this machine; what is finished is kept, and --resume goes on with the rest")


class RayLink:
    """Implements `Link` with an actor. Made with the first request, and again after it died or was killed."""

    def __init__(self, opening: Request, *, places: Places) -> None:
        """`opening` is the first thing that every new actor is told."""
        self._opening, self._places = opening, places
        self._actor: Any = None

    async def ask(self, request: Request, within_s: float) -> tuple[Answer, bytes]:
        """As `Link.ask`. Raises NoPlace where the cluster has no processor left for the actor."""
        try:
            async with asyncio.timeout(within_s):
                if self._actor is None:
                    await self._start()
                answer, pixels = await self._exchange(request)
        except TimeoutError:
            await self.kill()
            raise WorkerGone(f"the worker did not {request.do} within {within_s:g} s, and was killed") from None
        except (asyncio.CancelledError, NoPlace):
            await self.kill()
            raise
        answer.require()
        return answer, pixels

    async def kill(self) -> None:
        actor, self._actor = self._actor, None
        self._places.leave(self)
        if actor is not None:
            with suppress(RayError):
                await asyncio.to_thread(_ray.kill, actor)

    async def close(self, within_s: float) -> None:
        """As `Link.close`."""
        try:
            if self._actor is not None:
                with suppress(TimeoutError, WorkerGone, NoPlace):
                    async with asyncio.timeout(within_s):
                        await self._exchange(Request(do="close"))
        finally:
            await self.kill()

    async def _start(self) -> None:
        self._places.take(self)
        options: dict[str, object] = {"num_cpus": self._places.cpus, "max_restarts": 0, "scheduling_strategy": "SPREAD"}
        self._actor = _ray.remote(Actor).options(**options).remote()
        version = await self._said(self._actor.version.remote())
        if version != __version__:
            raise UsageError(f"this is clickwright {__version__}, and a machine of the cluster has {version}")
        answer, _ = await self._exchange(self._opening)
        answer.require()

    async def _exchange(self, request: Request) -> tuple[Answer, bytes]:
        told = await self._said(self._actor.answer.remote(packed(request)))
        try:
            body, pixels = parted(told)
            answer = Answer.model_validate_json(body)
            if answer.picture is not None and pixel_bytes(answer.picture.shape) != len(pixels):
                raise ValueError("the picture is not whole")
        except (ValidationError, ValueError) as error:
            await self.kill()
            raise WorkerGone(f"the worker's answer cannot be read: {error}") from None
        return answer, pixels

    async def _said(self, reference: Any) -> Any:
        """What an actor says, as soon as it does. Raises WorkerGone where it ended, NoPlace where it cannot come."""
        waiting = asyncio.wrap_future(reference.future())
        try:
            while not (await asyncio.wait((waiting,), timeout=LOOK_S))[0]:
                self._places.require_here()
            return waiting.result()
        except RayError as error:
            await self.kill()
            raise WorkerGone(f"the worker ended: {_line(error)}") from None
        finally:
            waiting.cancel()


class RayModelLine:
    """Implements `ModelLine` with an actor, which may have a GPU of its own."""

    def __init__(self, checkpoint: Checkpoint, *, on_gpu: bool) -> None:
        self._opening = asked_bytes(Asked(do="open", checkpoint=checkpoint))
        self._on_gpu = on_gpu
        self._lock = threading.Lock()
        self._open: tuple[Any, About] | None = None

    def ask(self, message: bytes, within_s: float) -> bytes:
        actor, _ = self._opened()
        return self._said(actor, message, within_s)

    def about(self) -> About:
        return self._opened()[1]

    def _opened(self) -> tuple[Any, About]:
        """The actor and what it says it is, together: another thread may find it dead meanwhile."""
        with self._lock:
            if self._open is None:
                options = _FOR_A_MODEL | {"num_gpus": int(self._on_gpu)}
                actor = _ray.remote(ModelActor).options(**options).remote()
                told, _ = read_told(self._said(actor, self._opening, OPEN_S))
                if told.about is None:
                    raise ModelUnavailable("the model elsewhere did not say what it is")
                self._open = actor, told.about
            return self._open

    def _said(self, actor: Any, message: bytes, within_s: float) -> bytes:
        try:
            return cast(bytes, _ray.get(actor.answer.remote(message), timeout=within_s))
        except GetTimeoutError:
            self._end(actor)
            raise ModelUnavailable(f"the model gave no answer within {within_s:g} s, and was killed") from None
        except RayError as error:
            self._end(actor)
            raise ModelUnavailable(f"the process with the model ended: {_line(error)}") from None

    def _end(self, actor: Any) -> None:
        """The next question begins another; once, whoever of those that wait comes first."""
        found = self._open
        if found is not None and found[0] is actor:
            self._open = None
        with suppress(RayError):
            _ray.kill(actor)


def model_opener(count: int) -> Callable[..., Model]:
    """What opens a model in so many actors of the cluster that the program is in: each of them has one GPU, or shares
    the processors where the cluster has no GPU at all. Raises UsageError for more than there are."""
    gpus = int(_ray.cluster_resources().get("GPU", 0))
    if gpus and gpus < count:
        raise UsageError(f"the cluster has {gpus} GPUs, one for a model each, and not {count}")

    def opened(name: str | Path, *, base_url: str | None = None, device_map: object = None, **told: Any) -> Model:
        if base_url is not None or told.get("backend") == "openai":
            raise UsageError("a model behind a server is shared as it is: leave out --ray-models")
        if device_map is not None:
            raise UsageError("each model in Ray has one GPU: leave out --device auto")
        checkpoint = Checkpoint(name=str(name), **told)
        return RemoteModel([RayModelLine(checkpoint, on_gpu=gpus > 0) for _ in range(count)])

    return opened


@contextmanager
def cluster(address: str, *, workers: int, cpus: float) -> Generator[Callable[[Request], Link]]:
    """Lines to workers in the cluster at this address, for as long as it lasts; each has `cpus` processors.

    "auto": the one that runs on this machine or that RAY_ADDRESS names, else one that is started for this; "local":
    one that is started for this in any case. Where the program is in a cluster already, it stays in that one. Raises
    UsageError for a cluster that cannot be reached, or has not the processors for so many workers.
    """
    with ExitStack() as stack:
        if not ray.is_initialized():
            empty = stack.enter_context(TemporaryDirectory())
            with chdir(empty):  # Ray has its workers import from the folder that we are in
                _join(address or "auto", cpus=workers * cpus)
            stack.callback(_ray.shutdown)
        places = Places(cpus)
        count = places.count()
        if count < workers:
            raise UsageError(f"the cluster has processors for {count} workers with {cpus:g} each, not for {workers}")
        yield partial(RayLink, places=places)


def _join(address: str, *, cpus: float) -> None:
    if address.startswith("ray://"):
        raise UsageError("ray:// is Ray's client, which cannot do this: run the command on a machine of the cluster")
    logging.getLogger("ray").setLevel(logging.ERROR)
    if address != "local":
        if address != "auto":
            _require_answer(address)
        try:
            _ray.init(address=address, **_QUIET)
            return
        except (ConnectionError, RuntimeError, ValueError) as error:
            if address != "auto":
                raise UsageError(f"there is no cluster of Ray at {address}: {_line(error)}") from None
    with _environment(_OURS | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}):
        whole = max(os.cpu_count() or 1, ceil(cpus))  # a worker waits for its screen most of the time
        _ray.init(address="local", num_cpus=whole, include_dashboard=False, **_QUIET)


def _require_answer(address: str) -> None:
    """Raises UsageError where nothing listens: Ray itself would try for more than ten minutes."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise UsageError(f"a cluster of Ray is at HOST:PORT, auto or local, not at {address!r}")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=ANSWERS_S).close()
    except (OSError, OverflowError) as error:
        raise UsageError(f"there is no cluster of Ray at {address}: {error}") from None


@contextmanager
def _environment(told: dict[str, str]) -> Generator[None]:
    """These variables, for the processes that are started meanwhile."""
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _line(error: BaseException) -> str:
    """What an error says in its last line."""
    lines = str(error).strip().splitlines()
    return lines[-1].strip()[:300] if lines else type(error).__name__
