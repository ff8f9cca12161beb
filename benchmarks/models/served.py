"""A model that answers questions from elsewhere: each trajectory in a session of its own."""

import threading

from ...errors import ClickwrightError, ModelUnavailable, UsageError
from ...model import Conversation, Model, Pointer, Sessions, open_model
from ...screen import Size
from ..worker.wire import packed
from .wire import About, Asked, Told, pointed_bytes, read_asked


class ServedModel:
    """Holds one model. Several threads may ask at once: on a GPU they are answered in batches."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: Model | None = None
        self._sessions: dict[int, Model] = {}

    def answer(self, message: bytes) -> bytes:
        """The answer to a question; what the model raises on purpose is told in it."""
        try:
            return self._answered(*read_asked(message))
        except ClickwrightError as error:
            return packed(Told(raised=type(error).__name__, reason=str(error)))

    def _answered(self, asked: Asked, conversation: Conversation) -> bytes:
        match asked.do:
            case "open":
                return packed(Told(about=self._open(asked)))
            case "size":
                seen = self._session(asked.session).seen_size(Size(*(asked.size or (0, 0))))
                return packed(Told(size=(seen.width, seen.height)))
            case "generate":
                return packed(Told(generation=self._session(asked.session).generate(conversation, asked.decoding)))
            case "point":
                session = self._session(asked.session)
                if not isinstance(session, Pointer):
                    raise UsageError(f"{session.name} has no head that points")
                return pointed_bytes(session.point(conversation))

    def _open(self, asked: Asked) -> About:
        from ...model.together import together

        if asked.checkpoint is None:
            raise UsageError("the question lacks the checkpoint that it is about")
        model = open_model(**asked.checkpoint.model_dump())
        device = str(getattr(model, "device", ""))
        with self._lock:
            self._model, self._sessions = together(model) if device.startswith("cuda") else model, {}
        budget = getattr(getattr(getattr(model, "processor", None), "look", None), "budget", None)
        return About(
            name=model.name,
            backend=type(model).__name__,
            device=device,
            dtype=str(getattr(model, "dtype", "")).removeprefix("torch."),
            can_point=isinstance(model, Pointer) and model.can_point,
            min_pixels=getattr(budget, "min_pixels", None),
            max_pixels=getattr(budget, "max_pixels", None),
        )

    def _session(self, number: int) -> Model:
        with self._lock:
            if self._model is None:
                raise ModelUnavailable("no model was opened")
            if number not in self._sessions:
                model = self._model
                self._sessions[number] = model.session() if isinstance(model, Sessions) else model
            return self._sessions[number]
