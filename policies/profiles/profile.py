"""Profiles: what a family of checkpoints was trained to be told, and how it answers. Data only."""

from dataclasses import dataclass, field

from ...tools import ELEMENTS, Naming
from ..grammars import Calibration, Language, PlaceLanguage
from ..grammars.canvas import THOUSANDTHS, Space


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """What came before is told turn by turn: each screenshot, then the answer to it. The prompt only grows at its end.

    The screenshots grow to `images` and are then cut to `images_after_cut`, at least 1. `removed` stands in the place
    of one that is no longer shown; without it the whole turn of the user goes. `is_told` what did not work, where the
    browser is and what happened there, beside each screenshot. `restored` is a pattern of what servers leave out of
    answers, and what stands in its place when the model is told of them again.
    """

    images: int = 8
    images_after_cut: int = 4
    removed: str = ""
    is_told: bool = False
    restored: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What came before is told in words, a line for each turn, beside the screen now. So the prompt is always new.

    A `line` has places for {n}, from 1 on, {action}, as the language writes it, {thought}, {step}: what was done in the
    model's own words, else its thought, else the action; and {said}: what the thought has behind `Action:`, else the
    action. Only the `last` so many are told, all of them unless given; where there is none, `none` is told. With a
    `first`, the turns that are told are counted from it on. Actions are written in the language in which the checkpoint
    acts unless one is given.
    """

    line: str
    none: str
    separator: str = "\n"
    last: int | None = None
    first: int | None = None
    language: Language | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interleaved:
    """What came before is told within the one question, where {image} stands in it: the screenshots of the `last` so
    many turns, each with the answer to it behind, then the screen now. So the prompt is always new.
    """

    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """What came before is told as answers, a `line` for each as in `Listed`, and the goal beside the screen now.

    The screenshots of the last turns stand before their answers, `images` with the one now; what was answered before
    them is one message.
    """

    line: str
    images: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """What came before is not told: the screen now, and the goal."""


History = Dialogue | Listed | Stepped | Interleaved | Alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """How a checkpoint is asked what to do next.

    `prompt` is the user's message, or several in a row, with places for {image}, {goal}, {history} of `Listed`, and
    the {width} and {height} of the picture as it is read. `system` is the system text, with the same places and
    {tools}, one JSON schema a line, or {described_tools} and {tool_names}, in plain words, or {own_tools}, the user's
    own alone; without it the chat template says what stands there. `prefill` begins the answer. `second` begins a
    second turn of the answer, after a first that only says what will be done.
    `is_single_step`: one answer does the whole step that it was asked for. `avoids_tried`: its grammar takes away the
    places that were tried in vain. `naming`: the language names places in this way, and the functions are told so.
    `says_targets`: an answer says in words, too, what it points at.
    """

    language: Language
    history: History
    prompt: tuple[str, ...]
    system: str | None = None
    prefill: str = ""
    second: str = ""
    is_single_step: bool = False
    avoids_tried: bool = False
    naming: Naming | None = None
    says_targets: bool = False

    @property
    def is_looked_at_again(self) -> bool:
        """Whether an answer says by which words its place can be looked for again."""
        return self.says_targets or self.naming == ELEMENTS

    @property
    def is_told_of_tools(self) -> bool:
        """Whether there is a place for the user's own functions."""
        return any(place in (self.system or "") for place in ("{tools}", "{own_tools}", "{described_tools}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointing:
    """How a checkpoint is asked where something is. `prompt` has places for {image} and {description}.

    The {width} and {height} of the picture as it is read may stand in it and in `system`. `has_head`: places come from
    a pointer head, behind `prefill`, and `places` is only how they would be written. `thinks`: answers begin with a
    thought.
    """

    places: PlaceLanguage
    prompt: str
    system: str | None = None
    prefill: str = ""
    has_head: bool = False
    thinks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """When a place is looked at again: where its confidence is `below` this, until `looks` in all were taken.

    What is below `asks_below` after that is asked of the user; 0 asks never. `scans`: a screen larger than the
    model sees at once is searched window by window, in doubt or not.
    """

    below: float
    looks: int = 3
    asks_below: float = 0.0
    scans: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A published figure in per cent. `source` says who published it, `note` what is particular about it."""

    benchmark: str
    value: float
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A published checkpoint: its name on the hub, its parameters in billions, and what was measured with it."""

    name: str
    parameters_b: float
    scores: tuple[Score, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How a family of checkpoints is asked, what it answers, and by what it is known.

    `architectures` are the model types that its configuration may have; the own engine runs qwen2_vl. `names` are
    patterns of its name, in lower case; `marks` tokens that its tokenizer has and others have not. `act`, `ground` and
    `asks` are None and False for what it was not trained for. The pixel budget is the checkpoint's own unless given;
    sides of its pictures are multiples of `factor`. `stop` strings end an answer. `calibration` says what the
    probabilities of its places are worth, and `doubt` from where on second looks pay: both where it was measured.
    `checked` says what of all this was tried here, and with what.
    """

    name: str
    title: str
    architectures: tuple[str, ...] = ("qwen2_vl",)
    names: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    space: Space = THOUSANDTHS
    act: Acting | None = None
    ground: Pointing | None = None
    asks: bool = False
    min_pixels: int | None = None
    max_pixels: int | None = None
    factor: int = 28
    max_new_tokens: int = 512
    stop: tuple[str, ...] = ()
    calibration: Calibration | None = None
    doubt: Doubt | None = None
    checked: str = "only by doubles with random weights"
    checkpoints: tuple[Checkpoint, ...] = field(default=(), repr=False)
