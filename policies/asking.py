"""Questions about pictures and videos, to any checkpoint that was trained to answer them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..errors import BadModelOutput, UsageError
from ..model import Decoding, Generation, Model, Picture, Video
from ..screen import Screenshot
from .grammars import Canvas, Reference
from .grammars.captions import parse_caption
from .profiles import PROFILES, Profile
from .prompts import asking_conversation, question_of_places
from .understood import understood

Seen = Sequence[Screenshot | Video | str] | Video
"""Pictures, videos and the words between them, in their order; or one video."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer in words, and what it refers to, in pixels of the screenshot.

    `[1]` in the text is the first shape of all references, and so on. The text as it was written is that of the
    generation.
    """

    text: str
    references: tuple[Reference, ...] = ()
    generation: Generation


def ask(
    model: Model,
    profile: Profile,
    question: str,
    seen: Seen,
    *,
    max_new_tokens: int | None = None,
    on_text: Callable[[str], None] | None = None,
) -> Reply:
    """What a model says about what it has seen; `on_text` is called with each new piece.

    The question comes last. Where pictures belong into the middle of it, what comes before is part of what is seen.
    Raises UsageError for a profile that was not trained to answer, and as `Model.generate` does.
    """
    require_asks(profile)
    parts = (seen,) if isinstance(seen, Video) else seen
    shown = [Picture.of(part) if isinstance(part, Screenshot) else part for part in parts]
    conversation = asking_conversation(question, shown)
    generation = model.generate(conversation, _decoding(profile, max_new_tokens), on_text=on_text)
    return Reply(text=generation.text, generation=generation)


def ask_places(
    model: Model, profile: Profile, question: str, screenshot: Screenshot, *, max_new_tokens: int | None = None
) -> Reply:
    """What a model says about a picture and where it sees what it names; a caption, where nothing is asked.

    Raises UsageError for a profile that was not trained to do so, and BadModelOutput for an answer that names no
    place or one that cannot be read, with the text as its `raw`.
    """
    require_asks(profile, places=True)
    conversation = asking_conversation(question_of_places(profile, question), [Picture.of(screenshot)])
    generation = model.generate(conversation, _decoding(profile, max_new_tokens))
    canvas = Canvas(size=screenshot.size, space=profile.space, seen=model.seen_size(screenshot.size))
    caption = understood(generation, lambda text: parse_caption(text, canvas))
    if not caption.references:
        raise BadModelOutput("the answer names no place", raw=generation.text)
    return Reply(text=caption.words, references=caption.references, generation=generation)


def require_asks(profile: Profile, *, places: bool = False) -> None:
    """Raises UsageError for a profile that cannot be asked, and says which can; with `places`, for a caption."""
    if _can(profile, places=places):
        return
    able = [other for other in PROFILES.values() if _can(other, places=places)]
    names = [f"{other.name} ({other.checkpoints[0].name})" if other.checkpoints else other.name for other in able]
    what = "say where it sees what it describes" if places else "answer questions"
    raise UsageError(f"{profile.title} was not trained to {what}: choose a model that was: {', '.join(names)}")


def _can(profile: Profile, *, places: bool) -> bool:
    return profile.asks and (profile.ground is not None or not places)


def _decoding(profile: Profile, max_new_tokens: int | None) -> Decoding:
    return Decoding(max_new_tokens=max_new_tokens or profile.max_new_tokens, stop=profile.stop)
