"""Raw text: a column that keeps every Python string, also those that no database takes as they are.

Postgres refuses NUL, neither UTF-8 nor a driver knows lone surrogates. They are stored behind U+10FFFF, a
noncharacter that nobody writes; every other text is stored as it is and sorts and compares as it is.
"""

import re

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

__all__ = ["RawText", "decode_raw", "encode_raw"]

ESCAPE = "\U0010ffff"

_UNSTORABLE = re.compile(f"[\x00\ud800-\udfff{ESCAPE}]")
_ESCAPED = re.compile(f"{ESCAPE}({ESCAPE}|[0-9a-f]{{4}})")


def encode_raw(text: str) -> str:
    """What a database takes: NUL and lone surrogates become U+10FFFF and four digits, U+10FFFF is doubled."""
    if text.isascii() and "\x00" not in text:
        return text
    return _UNSTORABLE.sub(_escape, text)


def decode_raw(stored: str) -> str:
    """The text that `encode_raw` made this of."""
    if ESCAPE not in stored:
        return stored
    return _ESCAPED.sub(_unescape, stored)


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    return ESCAPE + (char if char == ESCAPE else f"{ord(char):04x}")


def _unescape(found: re.Match[str]) -> str:
    code = found[1]
    return code if code == ESCAPE else chr(int(code, 16))


class RawText(TypeDecorator[str]):
    """A text column for what strangers write: `Field(sa_type=RawText)`; comparisons escape their side too."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """What the database gets."""
        return None if value is None else encode_raw(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        """What was once given."""
        return None if value is None else decode_raw(value)
