"""Completion for the search bar and the shell: what could stand at the cursor, and what it would replace."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from deskterm.rules.problems import N_
from deskterm.rules.query.context import DESK, Vocabulary
from deskterm.rules.query.fields import FIELDS, ORDER, SORTABLE, Field, choices, find, searchable
from deskterm.rules.query.moments import read_span
from deskterm.rules.query.render import written
from deskterm.rules.query.tokens import BARE, FIELD, QUOTED, SPACE, WORD, negates, unquoted

__all__ = ["Completion", "Suggestion", "complete"]

_REST_OF_NAME = re.compile(r"[\w.-]*(?:!=|>=|<=|[:=><~])?")
_LEADING_ORDER = re.compile(r"[<>]=?")
_FIRST_OPERATOR: Final = {"text": "~", "age": ">"}


class Suggestion(NamedTuple):
    """A text to put in, and a sentence (untranslated, perhaps empty) on what it means."""

    text: str
    about: str = ""


class Completion(NamedTuple):
    """Suggestions, best first, each to replace text[start:end]."""

    start: int
    end: int
    suggestions: tuple[Suggestion, ...] = ()


class _Spot(NamedTuple):
    """What is being typed from `start` on: a name when `field` is "", else one of its values."""

    start: int
    typed: str
    field: str = ""
    op: str = ""
    used: tuple[str, ...] = ()


def complete(
    text: str, cursor: int, *, rules: bool = False, vocabulary: Vocabulary = DESK, limit: int = 50
) -> Completion:
    """What could stand at `cursor` (0 is before the first character). Never raises for what is typed."""
    cursor = max(0, min(cursor, len(text)))
    spot = _spot(text[:cursor])
    if spot is None:
        return Completion(cursor, cursor)
    if not spot.field:
        offered = _matching(spot.typed, _names(rules, vocabulary))
        rest = _REST_OF_NAME.match(text, cursor)
    else:
        offered = _matching(spot.typed, _values(spot, rules, vocabulary))
        rest = BARE.match(text, cursor)
        if text[spot.start : spot.start + 1] == '"':
            rest = QUOTED.match(text, spot.start)
    return Completion(spot.start, rest.end() if rest else cursor, tuple(offered)[:limit])


def _spot(before: str) -> _Spot | None:
    """Where the cursor stands at the end of `before`; None in a phrase or right behind a value in quotes."""
    place, end = 0, len(before)
    while place < end:
        space = SPACE.match(before, place)
        if space or before[place] in "()":
            place = space.end() if space else place + 1
            continue
        if before[place] == "-" and (place + 1 == end or negates(before, place + 1)):
            place += 1
            continue
        if before[place] == '"':
            phrase = QUOTED.match(before, place)
            if phrase is None or phrase.end() == end:
                return None
            place = phrase.end()
            continue
        term = FIELD.match(before, place)
        if term and (find(term[1]) or term[1].lower() == "sort"):
            found = _in_values(before, term)
            if not isinstance(found, int):
                return found
            place = found
            if place == end:
                return None
            continue
        word = WORD.match(before, place)
        place, start = (word.end() if word else place + 1), place
        if place == end:
            return _Spot(start, before[start:])
    return _Spot(end, "")


def _in_values(before: str, term: re.Match[str]) -> _Spot | int:
    """The spot in the list of values behind a field, or where that list ends."""
    name, op, place = term[1], term[2], term.end()
    used: list[str] = []
    while True:
        if before[place : place + 1] == '"':
            quoted = QUOTED.match(before, place)
            if quoted is None:
                return _Spot(place, unquoted(before[place + 1 :]), name, op, tuple(used))
            value, place = unquoted(quoted[1]), quoted.end()
        else:
            bare = BARE.match(before, place)
            start, place = place, bare.end() if bare else place
            value = before[start:place]
            if place == len(before):
                return _bare_spot(start, value, name, op, tuple(used))
        used.append(value)
        if before[place : place + 1] != ",":
            return place
        place += 1


def _bare_spot(start: int, value: str, name: str, op: str, used: tuple[str, ...]) -> _Spot:
    field = find(name)
    lead = _LEADING_ORDER.match(value)
    if op == ":" and lead and field and "<" in field.operators:
        return _Spot(start + lead.end(), value[lead.end() :], name, lead[0], used)
    return _Spot(start, value, name, op, used)


def _names(rules: bool, vocabulary: Vocabulary) -> Iterator[Suggestion]:
    for name in searchable(rules):
        field = FIELDS[name]
        op = "<" if name == "due" else _FIRST_OPERATOR.get(field.kind, ":")
        yield Suggestion(f"{name}{op}", field.about)
    for name in vocabulary.values:
        if name.startswith("cf."):
            yield Suggestion(f"{name}:", N_("a field of your own"))
    yield Suggestion("sort:", N_("the order of the list"))


def _values(spot: _Spot, rules: bool, vocabulary: Vocabulary) -> Iterator[Suggestion]:
    if spot.field.lower() == "sort":
        used = {each.removeprefix("-") for each in spot.used}
        for name in SORTABLE:
            if name not in used:
                yield from (Suggestion(name, FIELDS[name].about), Suggestion(f"-{name}", FIELDS[name].about))
        return
    field = find(spot.field)
    if field is None or spot.op not in (*field.operators, "："):
        return
    for value in _known(field, vocabulary):
        fits = field.kind != "instant" or spot.op in ORDER or not read_span(value)
        if rules and field.kind == "is" and value == "mine":
            continue
        if fits and value not in spot.used:
            yield Suggestion(value if field.kind in ("instant", "age") else written(value))
    if spot.op not in ORDER:
        yield from _pronouns(field, rules, spot.used)


def _known(field: Field, vocabulary: Vocabulary) -> tuple[str, ...]:
    plain = field.key if field.attribute == "was" else field.name
    return choices(field, vocabulary) or vocabulary.values.get(plain, ()) or field.suggestions


def _pronouns(field: Field, rules: bool, used: tuple[str, ...]) -> Iterator[Suggestion]:
    if field.me and not rules and "me" not in used:
        yield Suggestion("me", N_("you"))
    if field.optional and field.kind != "text" and not used:
        yield Suggestion("none", N_("no value"))
        yield Suggestion("any", N_("any value"))


def _matching(typed: str, offered: Iterable[Suggestion]) -> list[Suggestion]:
    """Those that begin with what is typed, then those that contain it."""
    folded = typed.casefold()
    found = [each for each in offered if folded in each.text.casefold()]
    return sorted(found, key=lambda each: not each.text.casefold().strip('"').startswith(folded))
