"""FullCalendar, a week whose events are dragged with the mouse. Judged by the events that it saved."""

import json
from collections.abc import Sequence
from random import Random
from typing import Any

from ....tools import Finish
from .moves import Move, Thing, drag
from .packages import CALENDAR
from .page import Page
from .saved import Saved
from .web import WebEpisode, WebTask
from .words import PEOPLE, some

Event = dict[str, Any]

_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_DAYS = {name: f"2026-03-{2 + n:02}" for n, name in enumerate(_NAMES)}


def _page(events: Sequence[Event]) -> str:
    stored = json.dumps(list(events)).replace("<", "\\u003C")
    return f"""<!doctype html><html><head><meta charset="utf-8"><title>Appointments</title>
<style>body {{ margin: 14px; font: 15px sans-serif }}</style></head><body><div id="calendar"></div>
<script src="apps/{CALENDAR.folder}/index.global.min.js"></script><script>
const saved = (event) => ({{ id: event.id, title: event.title, start: event.startStr.slice(0, 16),
  end: event.endStr.slice(0, 16) }});
const save = () => fetch("saved", {{ method: "PUT", body: JSON.stringify(calendar.getEvents().map(saved)) }});
const calendar = new FullCalendar.Calendar(document.getElementById("calendar"), {{
  initialView: "timeGridWeek", initialDate: "2026-03-02", firstDay: 1, weekends: false, allDaySlot: false,
  slotMinTime: "08:00", slotMaxTime: "18:00", height: 690, timeZone: "UTC", editable: true, expandRows: true,
  headerToolbar: {{ left: "title", right: "today prev,next" }},
  slotLabelFormat: {{ hour: "2-digit", minute: "2-digit", hour12: false }},
  eventTimeFormat: {{ hour: "2-digit", minute: "2-digit", hour12: false }},
  eventDidMount: (shown) => shown.el.setAttribute("data-title", shown.event.title),
  events: {stored}, eventDrop: save, eventResize: save }});
calendar.render();
</script></body></html>"""


def _week(chance: Random) -> list[Event]:
    """Six appointments of an hour, no two at the same time."""
    places = chance.sample([(day, hour) for day in _DAYS.values() for hour in range(8, 17)], 6)
    return [
        _event(str(n), name, day, hour)
        for n, (name, (day, hour)) in enumerate(zip(some(chance, PEOPLE, 6), places, strict=True))
    ]


def _event(number: str, title: str, day: str, hour: int) -> Event:
    return {"id": number, "title": title, "start": f"{day}T{hour:02}:00", "end": f"{day}T{hour + 1:02}:00"}


def _begin(chance: Random, lured: bool) -> WebEpisode:
    """Three appointments to other days and hours."""
    before = _week(chance)
    taken = {event["start"] for event in before}
    free = [(day, hour) for day in _DAYS for hour in range(8, 17) if f"{_DAYS[day]}T{hour:02}:00" not in taken]
    mine, places = sorted(chance.sample(range(6), 3)), chance.sample(free, 3)
    told = [f"{before[n]['title']} to {day} at {hour}:00" for n, (day, hour) in zip(mine, places, strict=True)]
    after, moves = [*before], list[Move]()
    for n, (day, hour) in zip(mine, places, strict=True):
        after[n] = _event(str(n), before[n]["title"], _DAYS[day], hour)
        moves.append(drag(*_way(before[n]["title"], day, hour)))
    goals = (
        f"Move three appointments: {told[0]}, {told[1]} and {told[2]}. Each keeps its length.",
        f"Reschedule, by dragging: {told[0]}, {told[1]}, {told[2]}.",
    )
    saved = Saved(before)

    async def check(page: Page, finish: Finish | None) -> str:
        return saved.amiss(after, by="id")

    pages = {"week.html": _page(before)}
    goal = chance.choice(goals)
    return WebEpisode(goal=goal, path="week.html", pages=pages, answers=saved, moves=moves, check=check)


def _way(title: str, day: str, hour: int) -> tuple[Thing, Thing]:
    """From the top of an appointment to the same place in its new hour."""
    start = Thing(selector=f".fc-timegrid-event[data-title='{title}']", down=0.0, below_px=8)
    across = (_NAMES.index(day) + 0.5) / len(_DAYS)
    return start, Thing(selector=f".fc-timegrid-slot-lane[data-time='{hour:02}:00:00']", across=across)


TASKS = (
    WebTask(name="calendar-move", application="FullCalendar", packages=(CALENDAR,), begin=_begin, twins=("scale2",)),
)
