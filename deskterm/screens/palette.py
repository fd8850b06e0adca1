"""The palette (ctrl+p): everything that can be done here, the views and the themes, found by typing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deskterm.i18n import _
from deskterm.screens.commands import PRESENCE_WORDS
from deskterm.screens.dialogs.keys import active_keys
from deskterm.screens.theme import THEMES
from deskterm.screens.type_ahead import hold_keys
from deskterm.screens.widgets.choice_list import Choice

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from deskterm.screens.searching import SearchScreen

__all__ = ["Entry", "entries", "open_palette"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: what it is called, what is said beside it, the action it runs and on what."""

    name: str
    about: str
    action: str
    node: "DOMNode"


def entries(screen: "SearchScreen") -> Iterator[Entry]:
    """All lines, those of the keys first."""
    for keys, active in active_keys(screen):
        if active.binding.action != "palette":
            yield Entry(_(active.binding.description), keys, active.binding.action, active.node)
    for view in screen.context.desk.views():
        yield Entry(_("view: %s") % _(view.title), view.query, f"screen.show_view({view.name!r})", screen)
    for name, word in PRESENCE_WORDS.items():
        yield Entry(_("presence: %s") % _(word), "", f"screen.set_presence({name!r})", screen)
    for name in THEMES:
        yield Entry(_("theme: %s") % name, "", f"app.turn_theme({name!r})", screen)


def open_palette(screen: "SearchScreen") -> None:
    """Let a line be found, and run it on `screen`."""
    from deskterm.screens.dialogs.pick import Pick

    found = list(entries(screen))
    choices = [Choice(str(place), each.name, each.about) for place, each in enumerate(found)]

    def run(place: str | None) -> None:
        if place is not None:
            entry = found[int(place)]
            screen.app.call_later(screen.app.run_action, entry.action, entry.node)

    hold_keys(screen, "dialog")
    screen.app.push_screen(Pick(screen.context, _("What shall be done?"), choices), run)
