"""Commands of the `:` line: a verb with its argument, checked and completed while one types."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from deskterm.i18n import N_, _
from deskterm.rules.problems import Problem
from deskterm.rules.terms import DEFAULT_TERMS, Terms
from deskterm.screens import deeds
from deskterm.screens.theme import THEMES
from deskterm.screens.widgets.choice_list import Choice

if TYPE_CHECKING:
    from deskterm.screens.searching import SearchScreen

__all__ = ["COMMANDS", "PRESENCE_WORDS", "Command", "check", "complete", "run"]

PRESENCE_WORDS: Final = {"online": N_("online"), "away": N_("away"), "offline": N_("offline")}
PRESENCES: Final = tuple(PRESENCE_WORDS)

Run = Callable[["SearchScreen", str], None]


@dataclass(frozen=True, slots=True)
class Command:
    """A verb: what it wants (`argument`, "" for nothing), what it does in words, and the doing."""

    name: str
    argument: str
    about: str
    run: Run
    optional: bool = False


def _open(screen: "SearchScreen", text: str) -> None:
    screen.go_to(int(text.strip().lstrip("#")))


def _move(screen: "SearchScreen", text: str) -> None:
    status, _space, reason = text.partition(" ")
    status = screen.status_named(status)
    if status == "resolved" or not reason.strip():
        screen.move_to(status)
    else:
        screen.carry(deeds.move(status, reason.strip()))


def _write(kind: str) -> Run:
    def run(screen: "SearchScreen", text: str) -> None:
        if text.strip():
            screen.carry(deeds.message(kind, text))
        else:
            screen.action_write(kind)

    return run


def _set(screen: "SearchScreen", text: str) -> None:
    name, _sign, value = text.partition("=")
    screen.carry(deeds.set_field(name.strip(), value.strip()))


def _theme(screen: "SearchScreen", text: str) -> None:
    screen.app.theme = text.strip()


def _presence(screen: "SearchScreen", text: str) -> None:
    screen.set_presence(text.strip())


def _carry(make: Callable[[str], deeds.Deed]) -> Run:
    return lambda screen, text: screen.carry(make(text.strip()))


def _press(action: str) -> Run:
    return lambda screen, _text: screen.press(action)


_ALL: Final = (
    Command("queue", N_("query"), N_("show what a query finds"), lambda at, text: at.show_query(text)),
    Command("view", N_("name"), N_("show a view"), lambda at, text: at.show_view(text.strip())),
    Command("open", N_("number"), N_("open a ticket"), _open),
    Command("assign", N_("agent"), N_("assign to an agent"), _carry(deeds.assign)),
    Command("claim", "", N_("claim: assign to yourself"), _press("screen.claim")),
    Command("group", N_("group"), N_("hand to a group"), _carry(deeds.regroup)),
    Command("priority", N_("level"), N_("set the priority"), _carry(deeds.set_priority)),
    Command("set", N_("field=value"), N_("set a field"), _set),
    Command("status", N_("status [reason]"), N_("change the status"), _move),
    Command("tag", "+vpn -old", N_("add or remove tags"), _carry(deeds.retag)),
    Command("reply", N_("text"), N_("reply to the requester"), _write("reply"), optional=True),
    Command("note", N_("text"), N_("write an internal note"), _write("note"), optional=True),
    Command("resolve", "", N_("resolve with cause and solution"), _press("screen.resolve")),
    Command("presence", "online|away|offline", N_("say whether you can be given work"), _presence),
    Command("why", "", N_("why it is where it is, and due when it is"), _press("screen.why")),
    Command("new", "", N_("open a new ticket"), _press("screen.new")),
    Command("theme", N_("name"), N_("change the colours"), _theme),
    Command("keys", "", N_("keys that work here"), _press("app.keys")),
    Command("quit", "", N_("leave deskterm"), _press("app.quit")),
)
COMMANDS: Final = {command.name: command for command in _ALL}


def _parts(text: str) -> tuple[str, str]:
    verb, _space, rest = text.strip().partition(" ")
    return verb, rest.strip()


def check(text: str, terms: Terms | None = DEFAULT_TERMS) -> None:
    """Raise the Problem (usage) that a command line has in the words of the desk (None: not known yet)."""
    verb, rest = _parts(text)
    command = COMMANDS.get(verb)
    if command is None:
        near = get_close_matches(verb, COMMANDS, n=1, cutoff=0.5) or tuple(COMMANDS)
        raise Problem(
            "command.unknown",
            N_('There is no command "%(verb)s"; there is %(near)s.'),
            kind="usage",
            choices=near,
            column=1,
            verb=verb,
            near=", ".join(near),
        )
    column = len(verb) + 2
    if command.argument and not rest and not command.optional:
        raise Problem(
            "command.argument",
            N_("%(verb)s needs: %(argument)s."),
            kind="usage",
            column=column,
            verb=verb,
            argument=_(command.argument) if command.argument[0].islower() else command.argument,
        )
    _check_argument(verb, rest, column)
    if terms is not None:
        _check_word(verb, rest, column, terms)


def _check_argument(verb: str, rest: str, column: int) -> None:
    if verb == "queue":
        from deskterm.rules.query import parse

        try:
            parse(rest)
        except Problem as problem:
            problem.column += column - 1
            raise
    if verb == "open" and not rest.lstrip("#").isdecimal():
        raise _not_one_of(rest, (_("a number"),), column)
    if verb == "theme" and rest not in THEMES:
        raise _not_one_of(rest, THEMES, column)
    if verb == "set" and "=" not in rest:
        raise _not_one_of(rest, ("priority=P2", "type=incident", "cf.name=value"), column)
    if verb == "presence" and rest not in PRESENCES:
        raise _not_one_of(rest, PRESENCES, column)


def _check_word(verb: str, rest: str, column: int, terms: Terms) -> None:
    if verb == "priority" and rest not in terms.priorities:
        raise _not_one_of(rest, tuple(reversed(terms.priorities)), column)
    moves, status = _moves(terms), rest.partition(" ")[0]
    if verb == "status" and status.replace("_", "-") not in moves:
        raise _not_one_of(status, moves, column)


def _moves(terms: Terms) -> tuple[str, ...]:
    """The statuses that one can move a ticket to, as they are typed."""
    return tuple(each.replace("_", "-") for each in terms.statuses if each not in ("new", "merged"))


def _not_one_of(value: str, choices: Sequence[str], column: int) -> Problem:
    return Problem(
        "command.value",
        N_('"%(value)s" does not fit here: use %(valid)s.'),
        kind="usage",
        choices=choices,
        column=column,
        value=value,
        valid=", ".join(choices),
    )


def run(screen: "SearchScreen", text: str) -> None:
    """Do what a checked line says."""
    verb, rest = _parts(text)
    COMMANDS[verb].run(screen, rest)


def complete(text: str, values: dict[str, Sequence[str]], terms: Terms = DEFAULT_TERMS) -> list[Choice]:
    """What could follow: verbs, then the values of the verb (`values` by verb)."""
    verb, space, rest = text.partition(" ")
    if not space:
        return [
            Choice(f"{name} ", f"{name} {_(each.argument) if each.argument else ''}", _(each.about))
            for name, each in COMMANDS.items()
            if name.startswith(verb)
        ]
    fixed: dict[str, Sequence[str]] = {
        "priority": tuple(reversed(terms.priorities)),
        "theme": THEMES,
        "status": _moves(terms),
        "presence": PRESENCES,
    }
    offered = {**fixed, **values}.get(verb, ())
    return [Choice(f"{verb} {value}", value) for value in offered if value.startswith(rest) and value != rest]
