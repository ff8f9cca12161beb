"""What a task's plan is: its steps, the numbered lines of its goal, or the goal itself."""

import re

from ..tools import Task

_NUMBERED = re.compile(r"\s{0,20}([0-9]{1,3})[.)]\s+(\S.*)")


def plan_of(task: Task) -> tuple[str, ...]:
    """The ordered steps of a task; a task that is one goal has a plan of one."""
    return task.steps or numbered_lines(task.goal) or (task.goal,)


def numbered_lines(text: str) -> tuple[str, ...]:
    """The lines numbered 1, 2, 3 ..., each with the unnumbered lines after it; nothing unless there are two or more.

    What stands before the first number is an introduction and belongs to no step.
    """
    steps: list[str] = []
    for line in text.splitlines():
        found = _NUMBERED.fullmatch(line.rstrip())
        if found and int(found[1]) == len(steps) + 1:
            steps.append(found[2])
        elif found and int(found[1]) == 1:
            return ()
        elif steps and line.strip():
            steps[-1] += f"\n{line.strip()}"
    return tuple(steps) if len(steps) > 1 else ()


def task_of(task: Task, plan: tuple[str, ...], position: int) -> Task:
    """The task that the policy is given for one step of the plan."""
    if plan == (task.goal,):
        return task
    return task.model_copy(update={"goal": plan[position], "steps": ()})
