"""From the text of a query to its tokens: one pass in linear time, each pattern tried at one place only."""

import re
from typing import Final, NamedTuple

from deskterm.rules.query.fields import find
from deskterm.rules.query.refusals import empty_value, missing_quote, missing_value

__all__ = ["BARE", "FIELD", "QUOTED", "SPACE", "WORD", "Given", "Token", "negates", "scan", "unquoted"]

SPACE: Final = re.compile(r"\s+")
FIELD: Final = re.compile(r"([^\W\d](?:[\w.-]*\w)?)(!=|>=|<=|[:=><~：])")
WORD: Final = re.compile(r'[^\s()"]+')
BARE: Final = re.compile(r'[^\s(),"]+')
QUOTED: Final = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)

_WIDE_COLON = "："  # what a Chinese input method types for :
_CONNECTORS = ("OR", "AND", "NOT")


class Given(NamedTuple):
    """A value as it was typed; quotes make it mean itself."""

    text: str
    column: int
    quoted: bool = False


class Token(NamedTuple):
    """`kind` is ( ) OR AND NOT WORD PHRASE TERM or END; a TERM has field (text), operator and values."""

    kind: str
    text: str
    column: int
    op: str = ""
    values: tuple[Given, ...] = ()


def scan(text: str) -> list[Token]:
    """The tokens of `text`, END last. Raises Problem for an open quote and for a missing or empty value."""
    tokens: list[Token] = []
    place, end = 0, len(text)
    while place < end:
        space = SPACE.match(text, place)
        if space:
            place = space.end()
            continue
        token, place = _next(text, place)
        tokens.append(token)
    tokens.append(Token("END", "", end + 1))
    return tokens


def _next(text: str, place: int) -> tuple[Token, int]:
    char, column = text[place], place + 1
    if char in "()":
        return Token(char, char, column), column
    if char == '"':
        phrase, place = _quoted(text, place)
        return Token("PHRASE", phrase, column), place
    if char == "-" and negates(text, column):
        return Token("NOT", char, column), column
    term = FIELD.match(text, place)
    if term and (term[2] != _WIDE_COLON or find(term[1])):
        return _term(text, term, column)
    run = WORD.match(text, place)
    word = run[0] if run else char
    return Token(word if word in _CONNECTORS else "WORD", word, column), place + len(word)


def negates(text: str, place: int) -> bool:
    """True when a - right before `place` denies what follows; before a space it is only a dash."""
    following = text[place : place + 1]
    return bool(following) and not following.isspace() and following not in "),"


def _term(text: str, term: re.Match[str], column: int) -> tuple[Token, int]:
    op = ":" if term[2] == _WIDE_COLON else term[2]
    values: list[Given] = []
    before, place = term[0], term.end()
    while True:
        value, place = _value(text, place, before)
        values.append(value)
        if text[place : place + 1] != ",":
            return Token("TERM", term[1], column, op, tuple(values)), place
        before, place = ",", place + 1


def _value(text: str, place: int, before: str) -> tuple[Given, int]:
    if text[place : place + 1] == '"':
        value, after = _quoted(text, place)
        if not value:
            raise empty_value(place + 1)
        return Given(value, place + 1, quoted=True), after
    bare = BARE.match(text, place)
    if bare is None:
        raise missing_value(before, place + 1)
    return Given(bare[0], place + 1), bare.end()


def _quoted(text: str, place: int) -> tuple[str, int]:
    match = QUOTED.match(text, place)
    if match is None:
        raise missing_quote(place + 1)
    return unquoted(match[1]), match.end()


def unquoted(inner: str) -> str:
    r"""The text between two quotes: \" is a quote, \\ a backslash, any other backslash itself."""
    return re.sub(r'\\(["\\])', r"\1", inner) if "\\" in inner else inner
