"""The report of a run: one HTML file that shows every step and asks nothing of the network."""

from pathlib import Path

from ...pages import EMBEDDED, page, write_page
from ..planning.facts import facts_of
from ..record.folder import RunFolder
from ..record.trace import Trajectory
from ..words import in_words
from .pictures import Embedded, Frames
from .steps import last_screen, shown_steps

REPORT = "report.html"
TEMPLATES = Path(__file__).parent / "templates"


def write_report(run_dir: Path | str, path: Path | None = None) -> Path:
    """Write the report of a run, finished or not, and say where it is. Raises UsageError where there is no run."""
    folder = RunFolder(Path(run_dir))
    return write_page(render(folder.read(), folder), folder.path / REPORT if path is None else path)


def render(
    run: Trajectory, folder: RunFolder, *, frames: Frames | None = None, policy: str = EMBEDDED, live: str = ""
) -> str:
    """The report as HTML. With `live` the page asks at that place whether there is more to show."""
    frames = Embedded() if frames is None else frames
    steps = shown_steps(run, folder, frames)
    return page(
        "report.html",
        folder=TEMPLATES,
        policy=policy,
        in_words=in_words,
        run=run,
        outcome=run.outcome,
        steps=steps,
        last=last_screen(run, folder, frames),
        spent=run.spent,
        facts=facts_of(did for step in run.steps for did in step.did),
        done=max((step.next_position for step in run.steps), default=0),
        live=live,
    )
