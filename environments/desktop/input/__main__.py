"""Answer requests until the standard input closes."""

import argparse
import sys
from typing import TextIO

from ....errors import ActionFailed, Denied, EnvironmentLost
from ..requests import REQUEST, Answer
from .desk import Desk
from .inbox import Inbox, Stopped
from .open import DISPLAY_ERRORS, open_desk

_SERVES_EVERY_S = 0.02


def main() -> None:
    """Open the desktop at the first request, so that what is missing is an answer."""
    parser = argparse.ArgumentParser(prog="clickwright.environments.desktop.input", description="Act on this desktop.")
    parser.add_argument("--failsafe", action="store_true", help="let a person stop it from a corner of the screen")
    parser.add_argument("--let-go", action="store_true", help="release all keys and buttons first")
    given = parser.parse_args()
    answers, sys.stdout = sys.stdout, sys.stderr  # python-xlib prints warnings
    inbox = Inbox()
    desk: Desk | None = None
    try:
        while True:
            is_serving = desk is not None and desk.clipboard.is_serving
            line = inbox.next(_SERVES_EVERY_S if is_serving else None)
            if line is None:
                if desk is not None:
                    desk.clipboard.serve()
                continue
            try:
                desk = desk or open_desk(failsafe=given.failsafe, lets_go=given.let_go, pause=inbox.pause)
                answer = Answer(value=desk.do(REQUEST.validate_json(line)))
            except ActionFailed as error:
                answer = Answer(failed=str(error))
            except Denied as error:
                answer = Answer(stopped=str(error))
            except EnvironmentLost as error:
                answer = Answer(lost=str(error))
            _say(answers, answer)
    except Stopped:
        return
    except DISPLAY_ERRORS as error:
        _say(answers, Answer(lost=f"the display is gone: {error or type(error).__name__}"))


def _say(answers: TextIO, answer: Answer) -> None:
    answers.write(answer.model_dump_json() + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
