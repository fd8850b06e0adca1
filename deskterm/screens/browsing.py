"""Browsing: which view or search is shown, and how one comes from one to the other."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from deskterm.i18n import N_, _
from deskterm.rules.views import View
from deskterm.screens.context import Context
from deskterm.screens.present import count_word
from deskterm.screens.searching import SearchScreen
from deskterm.screens.widgets.prompt import Prompt
from deskterm.screens.widgets.view_tabs import ViewTabs

__all__ = ["BrowsingScreen"]


class BrowsingScreen(SearchScreen):
    """A screen that shows one query at a time: that of a view, or one of the viewer's own."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("backslash", "unfilter", N_("back to the view's own query"), id="queue.unfilter"),
        Binding("minus", "last_view", N_("the view before"), id="queue.last_view"),
        Binding("tab", "turn_view(1)", N_("next view"), id="queue.next_view", show=False),
        Binding("shift+tab", "turn_view(-1)", N_("previous view"), id="queue.previous_view", show=False),
        *(
            Binding(
                str(number), f"view({number})", N_("view by number"), id=f"queue.view_{number}", show=False
            )
            for number in range(1, 10)
        ),
    ]

    def __init__(self, context: Context, views: Sequence[View]) -> None:
        super().__init__(context)
        self.views = tuple(views)
        self.query_text = self.views[0].query
        self.view_place: int | None = 0
        self.total: int | None = None
        self._before: str | None = None

    @property
    def rank(self) -> int | None:
        """How many tickets of the view stand before the cursor; None when that is not known."""
        raise NotImplementedError

    def changed_view(self) -> None:
        """Another query is in force: read it."""
        raise NotImplementedError

    def open_query(self, query: str, place: int | None = None) -> None:
        """Show another query, that of a view (`place`) or one of the viewer's own."""
        if query != self.query_text:
            self._before = self.query_text
        self.query_text, self.view_place, self.total = query, place, None
        self.query_one(ViewTabs).show(place)
        self.query_one(Prompt).show(query)
        self.changed_view()

    def show_query(self, query: str) -> None:
        self.open_query(query, self._view_of(query))

    def show_view(self, name: str) -> None:
        for place, view in enumerate(self.views):
            if name.casefold() in (view.name.casefold(), _(view.title).casefold()):
                self.open_query(view.query, place)
                return
        self.say(_("There is no view %s.") % name, "$error")

    def _view_of(self, query: str) -> int | None:
        return next((place for place, view in enumerate(self.views) if view.query == query), None)

    def action_view(self, number: int) -> None:
        if number <= len(self.views):
            self.open_query(self.views[number - 1].query, number - 1)

    def action_turn_view(self, by: int) -> None:
        place = (self.view_place if self.view_place is not None else -by) + by
        self.action_view(place % len(self.views) + 1)

    def on_view_tabs_chosen(self, message: ViewTabs.Chosen) -> None:
        self.action_view(message.place + 1)

    def action_last_view(self) -> None:
        if self._before is not None:
            self.show_query(self._before)

    def action_unfilter(self) -> None:
        place = self.view_place or 0
        self.open_query(self.views[place].query, place)

    @property
    def standing(self) -> str:
        """Where the cursor stands: `Network 4/41`."""
        title = _(self.views[self.view_place].title) if self.view_place is not None else _("Search")
        rank = self.rank
        if rank is None or self.total is None:
            return title
        return f"{title} {rank + 1}/{count_word(self.total)}"
