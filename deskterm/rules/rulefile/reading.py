"""Reading: a rule file being read; every key is asked for by name, what nobody asked for is a fault."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from deskterm.rules.problems import N_, Problem
from deskterm.rules.query.context import Vocabulary
from deskterm.rules.rulefile.faults import Fault
from deskterm.rules.rulefile.places import Path, Places
from deskterm.rules.terms import DEFAULT_TERMS, Terms

__all__ = ["MOST_FAULTS", "Names", "Reading", "Section", "short"]

MOST_FAULTS: Final = 100  # of one file; who has more does not read them
MOST_RULES: Final = 1_000  # of one kind
_ID: Final = re.compile(r"\w[\w.-]{0,63}")
_SHOWN: Final = 60  # characters of a value that a sentence repeats
_GUESSES: Final = 200  # names of one file that are looked at for a likeness, and to so many
_LISTED: Final = 12  # names that a sentence offers

Names = Mapping[str, Sequence[str] | None]
"""The names that exist, by kind; None where nobody can tell from here."""

_CODES: Final = {
    "group": "E201",
    "queue": "E202",
    "agent": "E203",
    "calendar": "E204",
    "skill": "E205",
    "status": "E206",
    "priority": "E207",
    "template": "E208",
    "sla": "E209",
    "route": "E209",
    "field": "E210",
    "stage": "E211",
    "macro": "E209",
}


class Form(NamedTuple):
    """The kind of a value: what Python makes of it, and how it is written."""

    type: type
    example: str


TEXT: Final = Form(str, '"..."')
TEXTS: Final = Form(list, '["...", "..."]')
FLAG: Final = Form(bool, "true")
TABLE: Final = Form(dict, '{ key = "..." }')
TABLES: Final = Form(list, "[[...]]")
NUMBER: Final = Form(int, "1")
NUMBERS: Final = Form(dict, "{ name = 1 }")


class Reading:
    """One file: its places, the words and names of the desk, and the faults found so far.

    Of the kinds in `partly` there may be more names than are known: only one that resembles a known name is
    a fault.
    """

    def __init__(self, top: Mapping[str, Any], places: Places, names: Names) -> None:
        self.top = top
        self.places = places
        self.names: dict[str, Sequence[str] | None] = dict(names)
        self.faults: list[Fault] = []
        self.partly: tuple[str, ...] = ()
        self._strange: dict[str, bool] = {}
        self.timezone = "UTC"
        self.days: dict[str, int | None] = {}
        self.use(DEFAULT_TERMS)

    def use(self, terms: Terms) -> None:
        """From here on statuses and priorities are those of `terms`."""
        self.terms = terms
        self.vocabulary = Vocabulary(terms.priorities, terms.statuses)
        self.names |= {"priority": terms.priorities, "status": tuple(terms.statuses)}

    def may_be(self, name: str, known: Sequence[str]) -> bool:
        """True when a name may exist besides the known ones, for it resembles none of them."""
        if name not in self._strange and len(self._strange) < _GUESSES:
            self._strange[name] = not _near(name, known[:_GUESSES])
        return self._strange.get(name, True)

    def add(self, code: str, path: Path, where: str, problem: Problem) -> None:
        """One fault more, at what stands at `path`."""
        line, column = self.places.of(path)
        self.faults.append(Fault(code, line, column, problem, "error", where))


class Section:
    """One table of the file; `rule` is how the rule is called that it is in, `trail` its keys in there."""

    def __init__(
        self, reading: Reading, table: Mapping[str, Any], path: Path, rule: str = "", trail: str = ""
    ) -> None:
        self.reading = reading
        self.table = table
        self.path = path
        self.rule = rule
        self.trail = trail
        self.asked: list[str] = []

    @property
    def where(self) -> str:
        """The words in front of its faults: sla 'it-standard': target.P2:"""
        return f"{self.rule}{self.trail}: " if self.trail else self.rule

    @property
    def line(self) -> int:
        """The line on which it starts."""
        return self.reading.places.line(self.path)

    def has(self, key: str) -> bool:
        """True when the key is there."""
        self.asked.append(key)
        return key in self.table

    def value(self, key: str, form: Form, default: Any, *, required: bool = False) -> Any:
        """The value of a key if it has the right form, else `default` and a fault."""
        if not self.has(key):
            if required:
                self.fault("E106", "", N_("%(key)s is missing"), key=key)
            return default
        value = self.table[key]
        if type(value) is form.type:
            return value
        self.malformed(key, form)
        return default

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        """A text."""
        found: str = self.value(key, TEXT, default, required=required)
        return found

    def flag(self, key: str, default: bool = False) -> bool:
        """true or false."""
        found: bool = self.value(key, FLAG, default)
        return found

    def texts(self, key: str, default: tuple[str, ...] = (), *, required: bool = False) -> tuple[str, ...]:
        """A list of texts."""
        found = self.value(key, TEXTS, None, required=required)
        if found is None:
            return default
        if all(type(each) is str for each in found):
            return tuple(found)
        self.malformed(key, TEXTS)
        return default

    def chosen(self, key: str, valid: Sequence[str], default: str) -> str:
        """One of the `valid` texts."""
        found = self.text(key, default)
        return found if found == default or self.check_choice(key, found, valid) else default

    def some(
        self, key: str, valid: Sequence[str], default: tuple[str, ...] = (), *, required: bool = False
    ) -> tuple[str, ...]:
        """Several of the `valid` texts."""
        found = self.texts(key, default, required=required)
        return tuple(each for each in found if self.check_choice(key, each, valid))

    def names(self, key: str, kind: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of names that have to exist."""
        return tuple(each for each in self.texts(key, default) if self.known(kind, each, key))

    def name(self, key: str, kind: str, default: str = "", *, required: bool = False) -> str:
        """A name that has to exist."""
        found = self.text(key, default, required=required)
        if not found and not (self.table.get(key) == "" and (required or default)):
            return found
        return found if self.known(kind, found, key) else default

    def numbers(self, key: str, kind: str = "", least: int = 0) -> dict[str, int]:
        """A table from names (of a `kind` that has to exist) to whole numbers from `least` on."""
        found: dict[str, int] = {}
        for name, value in self.value(key, NUMBERS, {}).items():
            if kind and not self.known(kind, name, key):
                continue
            if type(value) is int and least <= value <= 1_000_000:
                found[name] = value
            else:
                template = N_("%(key)s.%(name)s must be a whole number from %(least)d on")
                self.fault("E105", key, template, key=key, name=name, least=least)
        return found

    def read(
        self,
        key: str,
        reader: Callable[[str], Any],
        default: Any,
        code: str = "E109",
        *,
        required: bool = False,
    ) -> Any:
        """What `reader` makes of a text; what it refuses is a fault."""
        found = self.value(key, TEXT, None, required=required)
        if found is None:
            return default
        try:
            return reader(found)
        except Problem as problem:
            self.refuse(code, key, problem, f"{key} ")
            return default

    def inner(self, key: str, example: str = TABLE.example, *, required: bool = False) -> "Section | None":
        """The table under a key, None where there is none; `example` shows how it is written."""
        found = self.value(key, Form(dict, example), None, required=required)
        return None if found is None else self.within(found, key)

    def within(self, table: Mapping[str, Any], *keys: str | int) -> "Section":
        """A table deeper inside this one."""
        trail = ".".join(filter(None, (self.trail, *(each for each in keys if isinstance(each, str)))))
        return Section(self.reading, table, (*self.path, *keys), self.rule, short(trail))

    def entries(self, key: str) -> "Iterator[Section]":
        """The tables of a [[key]], each under its own name."""
        found = self.value(key, TABLES, [])
        if not all(type(each) is dict for each in found):
            self.malformed(key, Form(list, f"[[{'.'.join((*map(str, self.path[::2]), key))}]]"))
            return
        if len(found) > MOST_RULES:
            self.fault("E101", key, N_("there are more than %(most)d of %(key)s"), key=key, most=MOST_RULES)
        for number, table in enumerate(found[:MOST_RULES]):
            name = table.get("id", table.get("name", ""))
            title = f"{key} '{short(name)}': " if isinstance(name, str) and name else f"{key}: "
            yield Section(self.reading, table, (*self.path, key, number), self.where + title)

    def identity(self, taken: dict[str, int]) -> str:
        """The id of a rule, which no other of its kind (`taken`: id -> line) has."""
        found = self.text("id", required=True)
        if not found:
            return ""
        if not _ID.fullmatch(found):
            template = N_("id '%(name)s' must be letters, digits, - . or _, at most 64 of them")
            self.fault("E108", "id", template, name=found)
        elif found in taken:
            template = N_("the id stands on line %(line)d already")
            self.fault("E108", "id", template, line=taken[found])
        taken.setdefault(found, self.line)
        return found

    def known(self, kind: str, name: str, key: str = "") -> bool:
        """True when there is a `kind` of that name or nobody can tell; else a fault."""
        valid = self.reading.names.get(kind)
        if (
            valid is None
            or name in valid
            or (kind in self.reading.partly and self.reading.may_be(name, valid))
        ):
            return True
        self.unknown(_CODES[kind], kind, name, valid, key)
        return False

    def check_choice(self, key: str, name: str, valid: Sequence[str]) -> bool:
        """True when `name` is `valid`; else a fault."""
        if name in valid:
            return True
        self.unknown("E107", key, name, valid, key)
        return False

    def unknown(self, code: str, kind: str, name: str, valid: Sequence[str], key: str = "") -> None:
        """There is no `kind` called `name`; the nearest one is named, or a few of all."""
        if len(self.reading.faults) >= MOST_FAULTS:
            return
        near = _near(name, valid)
        values = {"noun": kind, "name": name, "near": near, "valid": _listed(valid)}
        if near:
            template = N_("unknown %(noun)s '%(name)s' (did you mean %(near)s?)")
        elif valid:
            template = N_("unknown %(noun)s '%(name)s' (one of %(valid)s)")
        else:
            template = N_("unknown %(noun)s '%(name)s' (there is none)")
        self.fault(code, key, template, choices=(near,) if near else valid, **values)

    def done(self) -> None:
        """Every key that nobody asked for is a fault."""
        for key in self.table.keys() - set(self.asked):
            self.unknown("E103", "key", key, tuple(dict.fromkeys(self.asked)), key)

    def malformed(self, key: str, form: Form) -> None:
        """The value of the key has another form."""
        self.fault("E105", key, N_("%(key)s must be written as %(what)s."), key=key, what=form.example)

    def fault(
        self, code: str, key: str, template: str, /, *, choices: Sequence[str] = (), **values: object
    ) -> None:
        """What is wrong at a key of this table; "" means the table as a whole."""
        short_values = {
            name: short(each) if isinstance(each, str) and name != "valid" else each
            for name, each in values.items()
        }
        self.refuse(code, key, Problem(code, template, "usage", choices, "", 0, **short_values))

    def refuse(self, code: str, key: str, problem: Problem, words: str = "") -> None:
        """A problem that somebody else found at the key."""
        path = (*self.path, key) if key else self.path
        self.reading.add(code, path, f"{self.where}{words}", problem)


def short(text: str) -> str:
    """A value as a sentence repeats it: on one line, and not all of a long one."""
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return shown if shown.isprintable() else "".join(each if each.isprintable() else "?" for each in shown)


def _listed(valid: Sequence[str]) -> str:
    return ", ".join([*map(short, valid[:_LISTED]), *(["…"] if len(valid) > _LISTED else [])])


def _near(name: str, valid: Sequence[str]) -> str:
    from difflib import get_close_matches

    return next(iter(get_close_matches(name[:_SHOWN], list(valid)[:1_000], n=1)), "")
