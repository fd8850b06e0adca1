"""Searching and commanding: the line that is typed behind `/` or `:`, checked and completed as one types."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from deskterm.i18n import N_, _
from deskterm.rules.facts import Book
from deskterm.rules.problems import Problem
from deskterm.rules.query.context import Vocabulary
from deskterm.screens import commands
from deskterm.screens.context import Context
from deskterm.screens.present import user_text
from deskterm.screens.tasks import TaskScreen
from deskterm.screens.type_ahead import hold_keys, release_keys
from deskterm.screens.widgets.choice_list import Choice
from deskterm.screens.widgets.prompt import Prompt, underlined
from deskterm.screens.widgets.status import StatusLine
from deskterm.screens.widgets.text import Line

__all__ = ["SearchScreen"]


class SearchScreen(TaskScreen):
    """A screen with a line for queries and commands."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("colon", "command", N_("command line"), id="line.command"),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._book: Book | None = None

    def show_query(self, query: str) -> None:
        """Show what a query finds in the queue."""
        raise NotImplementedError

    def show_view(self, name: str) -> None:
        """Show a view in the queue, by name or title."""
        raise NotImplementedError

    def go_to(self, number: int) -> None:
        """Open a ticket by its number."""
        raise NotImplementedError

    def action_show_view(self, name: str) -> None:
        self.show_view(name)

    def leave_line(self) -> None:
        """The line was left: where the keys go then."""
        raise NotImplementedError

    def show_keys(self) -> None:
        """The keys of the lowest line."""
        raise NotImplementedError

    def _show_line_keys(self, enter: str) -> None:
        keys = [("enter", enter), ("tab", _("complete")), ("esc", _("leave the line"))]
        self.query_one(StatusLine).set_keys(keys)

    def action_command(self) -> None:
        self._learn()
        self._show_line_keys(_("do it"))
        hold_keys(self, "entry")
        self.query_one(Prompt).ask(":", "", commands.check, self._complete_command)

    def ask_query(self, query: str) -> None:
        """Let a query be typed, beginning with the one in force."""
        self._learn()
        self._show_line_keys(_("search"))
        hold_keys(self, "entry")
        start = f"{query} " if query else ""
        self.query_one(Prompt).ask("/", start, _check_query, self._complete_query)

    def _learn(self) -> None:
        """Get the names of people, groups and queues for the completions."""

        def know(book: Book) -> None:
            self._book = book

        self.fetch("book", self.context.desk.book, know)

    def _names(self) -> tuple[list[str], list[str], list[str]]:
        book = self._book
        if book is None:
            return [], [], []
        agents = sorted(agent.login for agent in book.agents.values() if agent.active)
        groups = sorted(group.name for group in book.groups.values() if group.active)
        return agents, groups, sorted(queue.name for queue in book.queues.values() if queue.active)

    def _complete_query(self, text: str, place: int) -> Sequence[Choice]:
        from deskterm.rules.query.complete import complete

        agents, groups, queues = (tuple(names) for names in self._names())
        words = Vocabulary(values={"assignee": agents, "group": groups, "queue": queues})
        found = complete(text, place, vocabulary=words, limit=30)
        return [
            Choice(text[: found.start] + each.text + text[found.end :], each.text, _(each.about))
            for each in found.suggestions
            if each.text != text[found.start : found.end]
        ]

    def _complete_command(self, text: str, place: int) -> Sequence[Choice]:
        verb, _space, rest = text.partition(" ")
        if verb == "queue" and _space:
            found = self._complete_query(rest, place - len(verb) - 1)
            return [Choice(f"{verb} {each.value}", each.label, each.hint) for each in found]
        agents, groups, _queues = self._names()
        return commands.complete(text, {"assign": agents, "group": groups, "view": self.view_names()})

    def view_names(self) -> Sequence[str]:
        """The names of the views."""
        return [view.name for view in self.context.desk.views()]

    def on_choice_list_chosen(self) -> None:
        self.query_one(Prompt).action_complete()

    def on_prompt_checked(self, message: Prompt.Checked) -> None:
        self.show_flaw(message.problem)

    def show_flaw(self, problem: Problem | None) -> None:
        """Show what is wrong with the line below the place where it is, or the ruler."""
        ruler = self.query_one("#ruler", Line)
        ruler.show(underlined(problem, self.context.glyphs, 3, self.size.width) if problem else self.ruler())

    def ruler(self) -> Content:
        """The line between what is asked and what is shown."""
        return user_text(self.context.glyphs.rule * self.size.width, "$line")

    def on_prompt_entered(self, message: Prompt.Entered) -> None:
        self._leave()
        if message.sign == "/":
            self.show_query(message.text.strip())
        else:
            commands.run(self, message.text)

    def on_prompt_left(self) -> None:
        self._leave()

    def _leave(self) -> None:
        self.show_keys()
        self.leave_line()
        self.call_after_refresh(release_keys, self, "submitted")


def _check_query(text: str) -> None:
    from deskterm.rules.query import parse

    parse(text)
