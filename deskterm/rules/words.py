"""Words: the one form of a text that memory, SQLite and Postgres search alike.

`norm` folds a text to its words, ` wi fi 密 码 `; a phrase is found where ` phrase ` is a part of that.
"""

import unicodedata
from functools import lru_cache

from deskterm.rules.clean import few_marks
from deskterm.rules.glyphs import compiled, is_mark, span

__all__ = ["closed", "norm", "phrase", "prefix", "tokens"]

# Han, kana and Hangul syllables: each is a word of its own, for nobody puts blanks between them.
_ALONE = (
    "["
    + span(
        "2E80-2FDF 3005-3007 3021-3029 3031-3035 3038-303C 3041-3096 309D-309F 30A1-30FA 30FC-30FF 31F0-31FF "
        "3400-4DBF 4E00-9FFF AC00-D7A3 F900-FAFF 1AFF0-1B16F 20000-3FFFD"
    )
    + "]"
)
# Characters that show nothing: whoever reads `pass<U+200B>word` reads one word.
_UNSEEN = (
    "["
    + span(
        "00AD 034F 061C 115F-1160 17B4-17B5 180B-180F 200B-200F 202A-202E 2060-206F 3164 FE00-FE0F FEFF FFA0 "
        "1BCA0-1BCA3 1D173-1D17A E0000-E0FFF"
    )
    + "]+"
)
_BLANK_BETWEEN = f"(?<={_ALONE}) (?={_ALONE})"  # which nobody puts there
_LOOSE_MARKS = r"(?<![^ ])[^\w ]+"
_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}


def norm(text: str) -> str:
    """The words with a blank on both sides of each, ` wi fi 密 码 ` of `Wi-Fi密码`; empty without a word."""
    words = tokens(text)
    return f" {' '.join(words)} " if words else ""


def tokens(text: str) -> list[str]:
    """The words, folded in case and compatibility (NFKC); signs part words, `_` too, and are left out."""
    if text.isascii():
        return text.translate(_ASCII).split()
    return compiled(_LOOSE_MARKS).sub("", "".join(map(_part, _folded(text)))).split()


def phrase(text: str) -> str:
    """What `norm` of another text contains if these words stand in it one after another."""
    return norm(text)


def closed(words: str) -> str:
    """Folded words as people write them: `wi fi 密码` of `wi fi 密 码`, which folds to the same again."""
    return words if words.isascii() else compiled(_BLANK_BETWEEN).sub("", words)


def prefix(text: str) -> str:
    """What `norm` of another text contains if these words do, the last one perhaps as a beginning only."""
    return norm(text).rstrip(" ")


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", few_marks(compiled(_UNSEEN).sub("", text)))
    return few_marks(unicodedata.normalize("NFKC", text.casefold()))


@lru_cache(maxsize=8192)
def _part(char: str) -> str:
    if compiled(_ALONE).match(char):
        return f" {char} "
    return char if char.isalnum() or is_mark(char) else " "
