"""Typing ahead: keys that come in a burst, as over a slow line, wait until the screen they mean is there.

Textual hands every key to whatever has the focus when it arrives. A burst such as `rHello` would give the
reply box its focus too late, and `H`, `e`, `l` would act as keys of the queue. Here a key is handed on when
the one before it is done with, and not while something that was asked for (`hold`) is still on its way.
"""

from collections import deque
from collections.abc import Sequence
from time import monotonic
from typing import Final, Literal

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.timer import Timer
from textual.widgets import Input, TextArea

__all__ = ["TypeAhead", "hold_keys", "release_keys"]

PATIENCE: Final = 0.5  # seconds for one key to be done with
HOLD: Final = 2.0  # seconds for a screen to come up

TURNING: Final = ("enter", "escape", "ctrl+s", "tab", "shift+tab")
"""Keys after which another widget may have the focus: messages must have gone round before the next."""

Typed = events.Key | events.Paste


Awaited = Literal["dialog", "entry", "page", "sent", "submitted", "ticket"]
"""What keys can wait for: each is held and released by its own name."""


def hold_keys(node: DOMNode, what: Awaited) -> None:
    """Keys that come now are meant for what was asked for, which is on its way."""
    if isinstance(node.app, TypeAhead):
        node.app.hold(what)


def release_keys(node: DOMNode, *what: Awaited) -> None:
    """What was asked for is there; without a name nothing will come any more."""
    if isinstance(node.app, TypeAhead):
        node.app.release(*what)


class TypeAhead(App[int]):
    """An app that loses and misplaces no key of a burst."""

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self._waiting: deque[Typed] = deque()
        self._busy_until = 0.0
        self._holds: dict[Awaited, float] = {}
        self._letters = False
        self._watch: Timer | None = None

    def hold(self, what: Awaited) -> None:
        """Keep keys back until `release`: something was asked for that takes them."""
        self._holds[what] = monotonic() + HOLD

    def release(self, *what: Awaited) -> None:
        """What was asked for is there (or, without a name, will never be): hand the keys on."""
        for each in what or tuple(self._holds):
            self._holds.pop(each, None)
        self.call_later(self._hand_on)

    @property
    def _held_until(self) -> float:
        return max(self._holds.values(), default=0.0)

    @property
    def waiting(self) -> bool:
        """Whether a key is under way or kept back."""
        return bool(self._waiting) or max(self._busy_until, self._held_until) > monotonic()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, Typed) and not event.is_forwarded:
            self._waiting.append(event)
            await self._hand_on()
        else:
            await super().on_event(event)

    async def _hand_on(self) -> None:
        """Hand on the next key, unless the one before or a screen is still on its way."""
        if not self._waiting:
            return
        patience = max(self._busy_until, self._held_until) - monotonic()
        if patience > 0:
            if self._watch is not None:
                self._watch.stop()
            self._watch = self.set_timer(patience + 0.01, self._hand_on)
            return
        event = self._waiting[0]
        target = self.focused or self.screen
        if _is_letter(event, target):
            self._letters = True
            await super().on_event(self._waiting.popleft())
            await self._hand_on()
            return
        self._busy_until = monotonic() + PATIENCE
        if self._letters:  # bindings with priority would overtake them
            self._letters = False
            self._follow(target.ancestors_with_self, turns=True)
            return
        self._waiting.popleft()
        turns = isinstance(event, events.Key) and event.key in TURNING
        await super().on_event(event)
        self._follow(target.ancestors_with_self, turns)

    def _follow(self, path: Sequence[DOMNode], turns: bool) -> None:
        """Walk behind the key: each of `path` calls on the next when it has done with what came before."""
        for place, node in enumerate(path):
            if node.call_later(self._follow, path[place + 1 :], turns):
                return
        if turns:
            self.screen.call_after_refresh(self._done)
        else:
            self.call_later(self._done)

    async def _done(self) -> None:
        self._busy_until = 0.0
        await self._hand_on()


def _is_letter(event: Typed, target: DOMNode) -> bool:
    """Whether it is only one more letter of a text: nothing to wait for."""
    return isinstance(target, Input | TextArea) and isinstance(event, events.Key) and event.is_printable
