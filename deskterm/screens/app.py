"""The app: opens the queue, keeps an ear on the desk, and lets nothing unclean through to the terminal."""

import gc
import os
import signal
from asyncio import get_running_loop
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual._compositor import CompositorUpdate
from textual.binding import ActiveBinding, Binding, BindingType
from textual.filter import Monochrome, NoColor
from textual.message import Message

from deskterm.config import Settings
from deskterm.i18n import N_, _, say
from deskterm.rules.facts import Actor
from deskterm.rules.problems import Problem
from deskterm.screens.backstop import AsciiTwins, Backstop
from deskterm.screens.context import Context
from deskterm.screens.dialogs.dialog import Dialog
from deskterm.screens.drafts import Drafts
from deskterm.screens.paint import Painter
from deskterm.screens.queue import QueueScreen
from deskterm.screens.searching import SearchScreen
from deskterm.screens.theme import choose_theme, register_themes
from deskterm.screens.ticking import Looked, Ticking
from deskterm.screens.type_ahead import TypeAhead
from deskterm.screens.work import WorkScreen

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.screen import Screen

    from deskterm.desk import Desk

__all__ = ["DesktermApp", "run"]

PULSE = 1.0  # seconds between two looks at the feed
MINUTE = 60.0  # seconds without a key after which the times are painted again


@dataclass
class Heard(Message):
    """A look at the feed is done: whether somebody wrote, or why that cannot be known."""

    changed: bool
    problem: Problem | None = None


@dataclass
class Ticked(Message):
    """The timer looked at what is due."""

    looked: Looked


class DesktermApp(TypeAhead):
    """deskterm in the terminal."""

    TITLE = "deskterm"
    CSS_PATH = "desk.tcss"
    ENABLE_COMMAND_PALETTE = False  # ours looks like the rest and has no emoji
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "keys", N_("keys that work here"), id="app.keys"),
        Binding("ctrl+p", "palette", N_("palette: all that can be done"), id="app.palette"),
        Binding("ctrl+l", "repaint", N_("paint the screen again"), id="app.repaint", show=False),
        Binding("q", "quit", N_("leave deskterm"), id="app.quit"),
        Binding("ctrl+q", "quit", N_("leave deskterm"), id="app.quit_anywhere", show=False, priority=True),
    ]

    def __init__(self, context: Context) -> None:
        color = context.settings.color
        super().__init__(ansi_color=None if color else True)
        self.context = context
        self.feed = context.desk.feed()
        self.no_color = not color  # Textual takes an empty NO_COLOR for a wish, and greys for no colour
        kept = [each for each in self._filters if not isinstance(each, Monochrome | NoColor)]
        self._filters[:] = [*kept, Backstop()] if color else [*kept, NoColor(), Backstop()]
        if context.settings.ascii:
            self._filters.append(AsciiTwins())
        register_themes(self)
        self.theme = choose_theme(context.settings.theme, color=color)
        if os.environ.get("SSH_CONNECTION"):
            self.animation_level = "none"
        self.painter = Painter(os.environ.get("TERM", ""))
        self.ticking = Ticking(context.desk, lambda looked: self._hear_of(looked))
        self._told: set[str] = set()
        self._lost = False
        self._listening = False

    def get_default_screen(self) -> QueueScreen:
        """The queue."""
        return QueueScreen(self.context, self.context.desk.views())

    def on_mount(self) -> None:
        self.app_resume_signal.subscribe(self, lambda _app: self.painter.forget(), immediate=True)
        self.set_interval(PULSE, self.listen)
        self._idle = self.set_interval(MINUTE, self._minute)
        self.ticking.start()
        with suppress(NotImplementedError, RuntimeError):  # no signals outside the main thread
            for each in (signal.SIGHUP, signal.SIGTERM):
                get_running_loop().add_signal_handler(each, self.leave)

    # -- painting

    def _display(self, screen: "Screen[Any]", renderable: "RenderableType | None") -> None:
        """Write only what looks different; see `paint`."""
        if isinstance(renderable, CompositorUpdate) and not self.is_headless:
            width, height = screen.outer_size
            renderable = self.painter.lessen(renderable, self.console, width, height)
        super()._display(screen, renderable)

    def action_repaint(self) -> None:
        self.painter.forget()
        self.screen.refresh(layout=True)

    def on_resize(self) -> None:
        self.painter.forget()

    # -- what others do

    def listen(self) -> None:
        """Ask the feed, in a thread, whether anybody wrote; leave when the terminal has gone."""
        if not self.is_headless and not os.isatty(0):  # without a controlling terminal no hang-up tells
            self.leave()
            return
        if not self._listening:
            self._listening = True
            self.run_worker(self._poll, group="pulse", thread=True, exit_on_error=False)

    def _poll(self) -> None:
        """In a thread: has anybody written? Is the store there at all?"""
        try:
            heard = Heard(self.feed.changed())
        except Problem as problem:
            heard = Heard(changed=False, problem=problem)
        self.post_message(heard)

    def on_heard(self, message: Heard) -> None:
        self._listening = False
        came_back = self._lost and message.problem is None
        self._lost = message.problem is not None
        for screen in self.screen_stack:
            if not isinstance(screen, WorkScreen) or not screen.is_mounted:
                continue
            if message.problem is not None:
                screen.lost(message.problem)
            elif came_back or screen.interrupted:
                screen.found()
            if came_back or message.changed:
                screen.pulse()

    # -- what falls due

    def _hear_of(self, looked: Looked) -> None:
        """In the ticking thread: only what went wrong is worth a word; what was done the feed tells."""
        if looked.problems:
            self.post_message(Ticked(looked))

    def on_ticked(self, message: Ticked) -> None:
        """Say, once each, what could not be done; a store that is away has its line."""
        top = next((each for each in reversed(self.screen_stack) if isinstance(each, WorkScreen)), None)
        for problem in message.looked.problems:
            if problem.kind == "store":
                self._lost = True  # until the feed reaches it again
                continue
            told = say(problem)
            if top is not None and told not in self._told:
                self._told.add(told)
                top.complain(problem)

    def _minute(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, WorkScreen):
                screen.minute()

    def on_key(self) -> None:
        self._idle.reset()

    # -- keys that work everywhere

    def action_keys(self) -> None:
        from deskterm.screens.dialogs.keys import KeysDialog

        if not isinstance(self.screen, WorkScreen):
            return

        def press(active: ActiveBinding | None) -> None:
            if active is not None:
                self.call_later(self.run_action, active.binding.action, active.node)

        self.hold("dialog")
        self.push_screen(KeysDialog(self.context, self.screen), press)

    def action_palette(self) -> None:
        from deskterm.screens.palette import open_palette

        if isinstance(self.screen, SearchScreen):
            open_palette(self.screen)

    def action_turn_theme(self, name: str) -> None:
        self.theme = name

    async def action_quit(self) -> None:
        self.leave()

    def action_help_quit(self) -> None:
        if isinstance(self.screen, WorkScreen):
            self.screen.say(_("q leaves deskterm."))

    # -- the end

    def keep_drafts(self) -> None:
        """Save what is being typed, wherever."""
        for screen in self.screen_stack:
            if isinstance(screen, WorkScreen | Dialog):
                screen.keep_draft()

    def leave(self) -> None:
        """Keep what was typed and go; also when the terminal went away."""
        self.keep_drafts()
        self.exit(0)

    def on_unmount(self) -> None:
        self.ticking.stop()

    def _fatal_error(self) -> None:
        """Leave without Textual's report, which shows the values of variables; `run` raises the error."""
        self.keep_drafts()
        self._close_messages_no_wait()


def run(desk: "Desk", actor: Actor, settings: Settings) -> int:
    """Show the screens to `actor` until he leaves; the exit code. Raises what no screen could handle."""
    agent = desk.book().agents.get(actor.id or 0)
    login, name = (agent.login, agent.name) if agent else ("", "")
    drafts = Drafts(settings.state_folder, settings.shown_database, login)
    app = DesktermApp(Context(desk, actor, settings, drafts, login, name))
    gc.freeze()  # what is imported by now stays: no pause for collecting walks through it again
    gc.set_threshold(100_000, 50, 100)  # and none is longer than a person bears
    try:
        app.run(mouse=settings.mouse)
    finally:
        app.ticking.end()
    if app._exception is not None:
        raise app._exception
    return app.return_value or 0
