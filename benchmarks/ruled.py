"""Ruled: what the rules add to opening, answering and looking at a ticket, under examples/it.toml."""

import compileall
import statistics
from collections.abc import Iterator
from pathlib import Path

import deskterm
from benchmarks.big import FOLDER, LOGIN, open_url
from benchmarks.measure import PYTHON, Figure, pair_commands, timed
from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.rules.facts import Actor
from deskterm.rules.upkeep import ActivateRules, Tick

__all__ = ["ruled_desk", "run"]

_RULES = Path(__file__).resolve().parent.parent / "examples" / "it.toml"
_GROUPS = {"network": ("lee", "kim"), "apps": ("omar",)}
_FIELDS = {"type": "incident", "impact": "medium", "urgency": "high", "requester": "ann@acme.example"}


def ruled_desk(name: str) -> tuple[Desk, Actor]:
    """A fresh desk whose people, groups and queues are those that examples/it.toml speaks of."""
    for each in FOLDER.glob(f"{name}*"):
        each.unlink()
    desk, admin = open_url(f"sqlite:///{FOLDER / name}")
    for group, logins in _GROUPS.items():
        desk.perform(a.AddGroup(group), admin)
        for login in logins:
            desk.perform(a.AddAgent(login, groups=(group,)), admin)
    desk.perform(a.AddAgent("dana", groups=("service-desk",)), admin)
    for queue in ("network", "major"):
        desk.perform(a.AddQueue(queue, group="network"), admin)
    desk.perform(ActivateRules(_RULES.name, _RULES.read_text("utf-8")), admin)
    return desk, admin


def run(quick: bool) -> Iterator[Figure]:
    """In process, and from process start to exit."""
    desk, admin = ruled_desk("ruled.db")
    rounds = 100 if quick else 300
    subject = "Printer jams and the network is slow"
    opened = [
        timed(lambda: desk.perform(a.OpenTicket(subject, "body " * 40, **_FIELDS), admin))  # type: ignore[arg-type]
        for _ in range(rounds)
    ]
    yield Figure("rules: open a ticket under it.toml", statistics.median(opened) * 1e3, "ms", 3)
    replied = [timed(lambda n=n: desk.perform(a.Reply(n, "body " * 40), admin)) for n in range(1, rounds)]  # type: ignore[misc]
    yield Figure("rules: reply", statistics.median(replied) * 1e3, "ms", 3)
    looked = [timed(lambda n=n: desk.perform(Tick(n), Actor("system"))) for n in range(1, rounds)]  # type: ignore[misc]
    yield Figure(
        "rules: a look at a ticket on which nothing is due", statistics.median(looked) * 1e3, "ms", 1
    )
    desk.close()
    compileall.compile_dir(str(Path(deskterm.__file__).parent), quiet=2)
    place = f"sqlite:///{FOLDER / 'ruled.db'}"
    env = {"DESKTERM_DB": place, "DESKTERM_AS": LOGIN, "DESKTERM_CONFIG": "/dev/null"}
    floor = [PYTHON, "-c", "import sqlmodel"]
    for words in (["new", subject, "-r", "ann@acme.example"], ["list"], ["show", "1"]):
        ratio = pair_commands([PYTHON, "-m", "deskterm", *words], floor, env)[2]
        yield Figure(f"rules: {words[0]} / import sqlmodel", ratio, "x", 1.5)
