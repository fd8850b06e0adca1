"""People: every agent whom the rows name, gathered before the first of them is made."""

from typing import Final

from deskterm.desk.importing.mapping import ImportMapping, Person
from deskterm.desk.importing.states import Message, State, Who
from deskterm.rules.facts import Agent

__all__ = ["Staff", "said_by"]

_NEVER: Final = 99


class Staff:
    """Every agent that the rows name, as the section says in which he matters most."""

    def __init__(self, mapping: ImportMapping) -> None:
        chosen = (mapping.assignee, mapping.actor, mapping.submitter)
        names = ("assignee", "actor", "submitter")
        self._roles = [(name, each) for name, each in zip(names, chosen, strict=True) if each and each.agent]
        self._found: dict[str, tuple[int, Who, Person]] = {}
        self._author = Person(agent=True)

    def see(self, state: State) -> None:
        """Note who is named in a row."""
        for rank, (role, person) in enumerate(self._roles):
            login = state.known_as(role)
            if login and 2 * rank < self._rank(login) and (who := state.who(role)):
                self._found[login] = (2 * rank, who, person)
        for each in state.messages:
            message = Message._make(each)
            login = message.login
            if login and self._rank(login) > 1 and not said_by(message, state.who("requester")):
                self._found[login] = (1, Who(login, login), self._author)

    def agent(self, login: str, number: int) -> Agent:
        """The agent called `login`, who gets the id `number`."""
        _, who, person = self._found[login]
        return Agent(number, login, who.name, person.role, who.address, person.active)

    def _rank(self, login: str) -> int:
        """How much he matters so far; small numbers matter most."""
        found = self._found.get(login)
        return found[0] if found else _NEVER


def said_by(message: Message, who: Who | None) -> bool:
    """Whether `who` wrote the message."""
    return (
        who is not None
        and bool(message.author)
        and (message.author == who.identity or message.author.lower() == who.address)
    )
