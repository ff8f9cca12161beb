"""Answers that are values: how a policy is told of the form that the answer must have, and how one is read."""

import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from ..errors import BadModelOutput
from ..policies.reading.limits import quoted, require_short
from ..policies.reading.values import read_object
from ..tools import Task

Form = type[BaseModel]
_Value = TypeVar("_Value", bound=BaseModel)
_MAX_FAULTS = 5


def task_with_form(task: Task, form: Form) -> Task:
    """The task with a sentence behind its goal that says what its answer must look like."""
    schema = json.dumps(form.model_json_schema(), ensure_ascii=False)
    told = f"When it is done, finish with an answer that is one JSON object of this schema and nothing else: {schema}"
    return task.model_copy(update={"goal": f"{task.goal}\n{told}"})


def read_answer(text: str, form: type[_Value]) -> _Value:
    """The value in an answer, whatever words and fences stand around it. Raises BadModelOutput with each fault."""
    require_short(text)
    opening = text.find("{")
    if opening < 0:
        raise BadModelOutput(f"the answer must be a JSON object, but is {quoted(text)}")
    found, _ = read_object(text, opening)
    try:
        return form.model_validate_json(json.dumps(found))
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, fault['loc'])) or 'the object'}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False)[:_MAX_FAULTS]
        ]
        raise BadModelOutput(f"the answer is not of the form that was asked for: {'; '.join(faults)}") from None
