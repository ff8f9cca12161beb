"""`mobile_use`, the function that Qwen published for phones, to actions and back."""

from collections.abc import Mapping

from pydantic import JsonValue

from ..errors import BadModelOutput
from .actions import Action, Ask, Click, Drag, Finish, LongPress, Press, TypeText, Wait
from .asked import Asked
from .encode import Arguments, ToSpace, plain
from .keys import split_chord

_BUTTONS: Mapping[str, str] = {"Back": "GoBack", "Home": "GoHome", "Menu": "ContextMenu", "Enter": "Enter"}
_EVENTS: Mapping[str, str] = {"volume_up": "AudioVolumeUp", "volume_down": "AudioVolumeDown", "power": "Power"}
"""Key events of adb that have no button. Others are read as keys of a keyboard."""

_KEYS = {name.lower(): key for name, key in (_BUTTONS | _EVENTS).items()}
_NAMES = {key: name for name, key in (_BUTTONS | _EVENTS).items()}


def mobile_use(call: Asked) -> Action:
    """The action that one call of `mobile_use` asks for. Raises BadModelOutput for `open`, which nothing can do."""
    match call.name:
        case "click":
            return call.build(Click, point=call.place())
        case "long_press":
            return call.build(LongPress, point=call.place(), duration_s=call.number("time", 0.8))
        case "swipe":
            return call.build(Drag, path=(call.point("coordinate"), call.point("coordinate2")))
        case "type":
            return call.build(TypeText, text=call.text("text"))
        case "key":
            return call.build(Press, keys=_event(call.text("text")))
        case "system_button":
            return call.build(Press, keys=(_button(call),))
        case "wait":
            return call.build(Wait, seconds=call.number("time", 1.0))
        case "open":
            raise BadModelOutput("opening an app is not possible here: go to its icon or its page, and click there")
        case "interact":
            return call.build(Ask, question=call.text("text"))
        case "answer":
            return call.build(Finish, answer=call.text("text"))
        case _:
            return call.build(Finish, status=call.text("status", "success"), answer=call.text("text", ""))


def action_to_mobile_use(action: Action, to_space: ToSpace) -> Arguments | None:
    """The arguments of the one call that stands for an action; None where the function has no word for it."""

    def said(word: str, **arguments: JsonValue) -> Arguments:
        return {"action": word, **arguments}

    match action:
        case Click(button="left", count=1, modifiers=()):
            return said("click", coordinate=list(to_space(action.point)))
        case LongPress():
            return said("long_press", coordinate=list(to_space(action.point)), time=plain(action.duration_s))
        case Drag(path=(start, end), modifiers=()):
            return said("swipe", coordinate=list(to_space(start)), coordinate2=list(to_space(end)))
        case TypeText(text=str(text)):
            return said("type", text=text)
        case Press(keys=(key,)) if key in _NAMES:
            name = _NAMES[key]
            return said("system_button", button=name) if name in _BUTTONS else said("key", text=name)
        case Wait():
            return said("wait", time=plain(action.seconds))
        case Ask():
            return said("interact", text=action.question)
        case Finish(status="success", answer=answer) if answer:
            return said("answer", text=answer)
        case Finish(answer=""):
            return said("terminate", status=action.status)
        case _:
            return None


def _button(call: Asked) -> str:
    button = call.text("button").strip().lower()
    known = {name.lower(): key for name, key in _BUTTONS.items()}
    if button not in known:
        raise call.fault("button", f"one of {', '.join(_BUTTONS)}")
    return known[button]


def _event(text: str) -> tuple[str, ...]:
    """The keys of an event: `KEYCODE_HOME` and `home` are the phone's, not the keyboard's."""
    word = text.strip().lower().removeprefix("keycode_")
    return (_KEYS[word],) if word in _KEYS else split_chord(text)
