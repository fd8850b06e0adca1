"""Screens on a real desk: a small company with a queue worth looking at, at a time that stands still."""

import shutil
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.pilot import Pilot

from deskterm import i18n
from deskterm.clock import ManualClock
from deskterm.config import Settings
from deskterm.desk import Desk
from deskterm.desk.founding import found
from deskterm.rules import actions as a
from deskterm.rules.facts import Actor
from deskterm.screens import app as app_module, queue as queue_module, ticking
from deskterm.screens.app import DesktermApp
from deskterm.screens.context import Context
from deskterm.screens.drafts import Drafts
from deskterm.screens.ticking import Looked
from deskterm.store.engine import open_store
from deskterm.store.schema import ensure
from tests.builders import DAY, HOUR, T0

NEVER = 1e6  # seconds: tests listen and wait by hand

PEOPLE = (
    ("Ann Li", "ann@acme.example"),
    ("王芳", "wangfang@beichen.example"),
    ("Bo Hart", "bo@acme.example"),
    ("Cy Doe", "cy@globex.example"),
    ("李强", "liqiang@beichen.example"),
    ("Dora Klein", "dora@acme.example"),
)
SUBJECTS = (
    "Site down for everyone in Berlin",
    "VPN 每小时断线一次",
    "Outlook asks for the password again and again",
    "New laptop for the Hamburg office",
    "打印机无法连接",
    "[EXTERNAL] invoice [/x] [@click=app.quit]open[/]",
    "Cannot open the shared drive",
    "会议室投影仪没有信号",
    "Teams call drops after ten minutes",
)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The screens speak English, whatever the machine does; timers wait for the test."""
    i18n.use("en")
    monkeypatch.setattr(app_module, "PULSE", NEVER)
    monkeypatch.setattr(app_module, "MINUTE", NEVER)
    monkeypatch.setattr(ticking, "FIRST", NEVER)
    monkeypatch.setattr(queue_module, "PREVIEW_DELAY", 0.001)
    monkeypatch.delenv("NO_COLOR", raising=False)


def open_at(path: Path, clock: ManualClock) -> Desk:
    """The desk in a file, at a clock."""
    store = open_store(f"sqlite:///{path}", folders=True)
    ensure(store)
    return Desk(store, clock)


def settle_in(desk: Desk) -> Actor:
    """lee, kim and omar, two groups, three customers."""
    found(desk, "lee")
    lee = desk.agent("lee")
    for action in (
        a.SetAgent("lee", name="Lee Chen"),
        a.AddAgent("kim", "Kim Berg"),
        a.AddAgent("omar", "Omar Haddad"),
        a.SetGroup("service-desk", add_members=("kim", "omar")),
        a.AddGroup("network", "Network", members=("lee", "kim"), leads=("lee",)),
        a.AddQueue("network", "Network", group="network"),
        a.AddOrganization("ACME", tier="gold", domains=("acme.example",)),
        a.AddOrganization("Globex", tier="silver", domains=("globex.example",)),
        a.AddOrganization("北辰科技", tier="gold", domains=("beichen.example",)),
    ):
        desk.perform(action, lee)
    return lee


def _fill(desk: Desk, clock: ManualClock, lee: Actor, tickets: int) -> None:
    for number in range(tickets):
        name, address = PEOPLE[number % len(PEOPLE)]
        clock.at = T0 - (number * 7919) % (2 * DAY) - HOUR
        subject = SUBJECTS[number % len(SUBJECTS)]
        opened = a.OpenTicket(
            subject if number < len(SUBJECTS) else f"{subject} ({number})",
            f"Nothing works since nine.\n\nPlease help, {name}\n\n看不到网络,请尽快处理。",
            requester=address,
            requester_name=name,
            queue=("network", None)[number % 2],
            priority=("P1", "P2", "P3", "P3", "P4")[number % 5],
            channel="mail",
            type="incident",
            tags=("vpn",) if number % 4 == 0 else (),
        )
        ticket = desk.perform(opened, lee).ticket
        assert ticket is not None
        clock.advance(600)
        if number % 3 == 0:
            desk.perform(a.Assign(ticket, agent=("lee", "kim")[number % 2]), lee)
            desk.perform(a.Reply(ticket, "We see it: the carrier's line is down. More at ten."), lee)
        if number % 4 == 0:
            desk.perform(a.Note(ticket, "Carrier ticket NL-883, they say two hours."), lee)
        if number % 7 == 3:
            desk.perform(a.Pend(ticket, "waiting for the log"), lee)
    clock.at = T0


@pytest.fixture(scope="session")
def desks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Files to copy from: an empty desk and a busy one of 60 tickets."""
    folder = tmp_path_factory.mktemp("desks")
    files = {}
    for name, tickets in (("empty", 0), ("busy", 60)):
        clock = ManualClock(T0)
        files[name] = folder / f"{name}.db"
        desk = open_at(files[name], clock)
        lee = settle_in(desk)
        _fill(desk, clock, lee, tickets)
        desk.close()
    return files


@pytest.fixture
def clock() -> ManualClock:
    """A Monday morning."""
    return ManualClock(T0)


@pytest.fixture
def busy(desks: dict[str, Path], tmp_path: Path, clock: ManualClock) -> Iterator[Desk]:
    """A desk with 60 tickets."""
    shutil.copyfile(desks["busy"], tmp_path / "desk.db")
    desk = open_at(tmp_path / "desk.db", clock)
    yield desk
    desk.close()


@pytest.fixture
def empty(desks: dict[str, Path], tmp_path: Path, clock: ManualClock) -> Iterator[Desk]:
    """A desk without a ticket."""
    shutil.copyfile(desks["empty"], tmp_path / "desk.db")
    desk = open_at(tmp_path / "desk.db", clock)
    yield desk
    desk.close()


class Session:
    """An agent before the screens: presses keys, waits until nothing moves, reads what is there."""

    def __init__(self, app: DesktermApp, pilot: Pilot[int], desk: Desk) -> None:
        self.app = app
        self.pilot = pilot
        self.desk = desk
        self.me = app.context.actor

    async def settle(self) -> None:
        """Wait until keys, threads and messages are done with and everything is painted."""
        still = 0
        while still < 4 and self.app.is_running:
            await self.pilot.pause(0.003)
            busy = self.app.waiting or any(not worker.is_finished for worker in self.app.workers)
            still = 0 if busy else still + 1

    def send(self, *keys: str) -> None:
        """Press keys as fast as a line delivers them."""
        driver = self.app._driver
        assert driver is not None
        for key in keys:
            name = _character_to_key(key) if len(key) == 1 else key
            spelled = _get_unicode_name_from_key(REPLACED_KEYS.get(name, name))
            try:
                char: str | None = unicodedata.lookup(spelled)
            except KeyError:
                char = name if len(name) == 1 else None
            driver.send_message(events.Key(name, char))

    async def press(self, *keys: str) -> None:
        """Press keys, each after the last one was answered."""
        for key in keys:
            self.send(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Type a text."""
        self.send(*text)
        await self.settle()

    async def tick(self) -> Looked:
        """Let the timer look, and hear what it did."""
        looked = self.app.ticking.look()
        self.app._hear_of(looked)
        await self.listen()
        return looked

    async def listen(self) -> None:
        """Hear what others did."""
        self.app.listen()
        await self.settle()

    @property
    def screen_text(self) -> str:
        """What is seen."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def status(self) -> str:
        """The lowest line."""
        return self.screen_text.splitlines()[-1].strip()


Sit = Callable[..., AbstractAsyncContextManager[Session]]


@pytest.fixture
def sit(tmp_path: Path) -> Sit:
    """Sit down at a desk: `async with sit(desk, size=(120, 40)) as session`."""

    @asynccontextmanager
    async def sit_down(
        desk: Desk, size: tuple[int, int] = (120, 40), login: str = "lee", **options: Any
    ) -> AsyncIterator[Session]:
        settings = Settings(
            database="sqlite:///x", timezone="UTC", state_folder=tmp_path / "state", **options
        )
        drafts = Drafts(settings.state_folder, settings.database, login)
        context = Context(desk, desk.agent(login), settings, drafts, login, login)
        app = DesktermApp(context)
        async with app.run_test(size=size, notifications=True) as pilot:
            session = Session(app, pilot, desk)
            await session.settle()
            yield session

    return sit_down
