"""Searching and commanding: the line that is typed behind `/` or `:`, checked and completed as one types."""

from collections.abc import Mapping, Sequence
from typing import ClassVar
from uuid import uuid4

from textual.binding import Binding, BindingType
from textual.content import Content

from deskterm.desk.receipt import Receipt
from deskterm.i18n import N_, _
from deskterm.rules.facts import EMPTY, Book
from deskterm.rules.problems import Problem
from deskterm.rules.query.context import Vocabulary
from deskterm.rules.terms import CATEGORY, DEFAULT_TERMS, Terms
from deskterm.rules.upkeep import SetPresence
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
        self.query_one(Prompt).ask(":", "", self._check_command, self._complete_command)

    def ask_query(self, query: str) -> None:
        """Let a query be typed, beginning with the one in force."""
        self._learn()
        self._show_line_keys(_("search"))
        hold_keys(self, "entry")
        start = f"{query} " if query else ""
        self.query_one(Prompt).ask("/", start, self._check_query, self._complete_query)

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
        words = self._words({"assignee": agents, "group": groups, "queue": queues})
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
        values = {"assign": agents, "group": groups, "view": self.view_names()}
        return commands.complete(text, values, self.terms or DEFAULT_TERMS)

    def _check_command(self, text: str) -> None:
        commands.check(text, self.terms)

    def _check_query(self, text: str) -> None:
        from deskterm.rules.query import parse

        parse(text, vocabulary=self._words())

    @property
    def terms(self) -> Terms | None:
        """The desk's own words, once they were read."""
        return self._book.terms if self._book is not None else None

    def _words(self, values: Mapping[str, tuple[str, ...]] = EMPTY) -> Vocabulary:
        """What a query may say, as far as it is known by now."""
        terms = self.terms
        if terms is None:
            return Vocabulary(priorities=(), values=values)
        return Vocabulary(terms.priorities, terms.statuses, values)

    def status_named(self, word: str) -> str:
        """The status that was typed as `on-hold`."""
        statuses = self.terms.statuses if self.terms else CATEGORY
        return next((each for each in statuses if each.replace("_", "-") == word.replace("_", "-")), word)

    def action_set_presence(self, presence: str) -> None:
        self.set_presence(presence)

    def set_presence(self, presence: str) -> None:
        """Say for oneself whether one can be given work."""
        desk, actor, login = self.context.desk, self.context.actor, self.context.login
        action, key = SetPresence(login, presence), uuid4().hex

        def done(_receipt: Receipt) -> None:
            self.say(_("You are %s now.") % _(commands.PRESENCE_WORDS[presence]))

        self.fetch("presence", lambda: desk.perform(action, actor, key=key), done, again=False)

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
