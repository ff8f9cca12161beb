"""What an action may be done without."""

from ..tools import Action, Ask, CallTool, Hover, Reload, Wait


def needs_no_screen(action: Action) -> bool:
    """Whether an action is done elsewhere than on the screen."""
    return isinstance(action, CallTool | Ask)


def needs_no_change(action: Action) -> bool:
    """Whether an action may be done and leave the screen as it is."""
    return isinstance(action, Wait | Hover | Reload | CallTool | Ask)
