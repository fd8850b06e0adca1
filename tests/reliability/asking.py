"""Everything that one asks a desk, and what a person is told when the desk is not there."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.rules.facts import Actor
from deskterm.rules.problems import Problem

__all__ = ["questions", "refusals", "sentence_of"]


@contextmanager
def questions(desk: Desk, number: int, ada: Actor) -> Iterator[Mapping[str, Callable[[], object]]]:
    """What a screen or a command asks, by name; some of it is about the ticket `number`."""
    feed = desk.feed()
    yield {
        "perform": lambda: desk.perform(a.Note(number, "lost?"), ada),
        "dry run": lambda: desk.perform(a.Note(number, "lost?"), ada, dry_run=True),
        "agent": lambda: desk.agent("ada"),
        "requester": lambda: desk.requester("ann@acme.example"),
        "page": lambda: desk.page(viewer=ada),
        "count": lambda: desk.count("is:open", viewer=ada),
        "each": lambda: list(desk.each(viewer=ada)),
        "rank": lambda: desk.rank("", number, viewer=ada),
        "ticket": lambda: desk.ticket(number, viewer=ada),
        "groups": desk.groups,
        "contacts": lambda: desk.contacts(viewer=ada),
        "organizations": desk.organizations,
        "feed": feed.changed,
        "feed again": feed.changed,
        "new feed": lambda: desk.feed().close(),
    }
    feed.close()


def refusals(asked: Mapping[str, Callable[[], object]]) -> dict[str, str]:
    """The code of the Problem that each question raises, "" when there is an answer."""
    return {name: sentence_of(ask)[0] for name, ask in asked.items()}


def sentence_of(ask: Callable[[], object]) -> tuple[str, str]:
    """Code and sentence of the Problem that `ask` raises: one line that shows no password."""
    try:
        ask()
    except Problem as problem:
        sentence = str(problem)
        assert problem.kind == "store", sentence
        assert "\n" not in sentence
        assert "%(" not in sentence
        assert "tiger" not in sentence + repr(problem.values)
        return problem.code, sentence
    return "", ""
