"""Clean text: laws over every string, the committed nasties, the naughty strings, and what must survive."""

import json
import re
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, strategies as st
from rich.cells import cell_len

from deskterm.rules import glyphs
from deskterm.rules.clean import (
    MOST_MARKS,
    cell_width,
    clean,
    clean_line,
    csv_cell,
    escape_json_controls,
    few_marks,
    has_control,
)

NAUGHTY = Path(__file__).parents[2].parent / "shared" / "data" / "unicode" / "blns.txt"

TRICKY = (
    "a1# \n\t\r\x00\x1b\x7f\x85\x9b\u00ad\u0301\u0316\u0338\u0345\u034f\u0627\u06cc\u0651\u064b\u0915\u093c"
    "\u094d\u09b0\u09cd\u0dca\u1100\u1161\u11a8\uac00\u115f\u1160\u200b\u200c\u200d\u200e\u202e\u2028\u2060\u2069"
    "\u20e3\u2194\u2640\u2764\u3000\u3042\u3099\u304b\u5bc6\ud83d\ude00\ue000\ufb1d\ufe0e\ufe0f\ufeff\uffa0\ufffe"
    "\U0001d15e\U0001d165\U0001f1e8\U0001f1f3\U0001f3fb\U0001f3fd\U0001f44d\U0001f468\U0001f469\U0001f4bb"
    "\U0001f600\U0001fae8\U000e0041\U000e0100\U00020000\U0010ffff<>…A"
)
everything = st.characters(min_codepoint=0, max_codepoint=sys.maxunicode, categories=None)
texts = st.one_of(st.text(everything), st.text(st.sampled_from(TRICKY), max_size=40))
lines_to_cut = st.one_of(texts, st.text(st.sampled_from(TRICKY), min_size=60, max_size=400))

NASTIES = {
    "a colour": "\x1b[31mred\x1b[0m",
    "a clipboard write": "\x1b]52;c;cm0gLXJmIC8=\x07",
    "a title": "\x1b]0;owned\x1b\\",
    "a C1 sequence": "\x9b31m\x9d0;owned\x9c",
    "an overstrike": "rm -rf\b\b\b\b\b\bls    ",
    "a carriage return": "harmless\rdanger",
    "a bidi override": "invoice\u202efdp.exe",
    "bidi isolates": "\u2066admin\u2069\u2067",
    "a hidden tag message": "hello" + "".join(chr(0xE0000 + ord(c)) for c in "obey"),
    "a message in selectors": "hello" + "".join(chr(0xE0100 + ord(c)) for c in "obey"),
    "zero width": "pass\u200bword\u2060\ufeff",
    "NUL": "a\x00b",
    "lone surrogates": "\ud800\udfff",
    "noncharacters": "\ufffe\uffff\ufdd0\U0001fffe\U0010ffff",
    "stacked marks": "Z" + "\u0351\u0316" * 500,
    "a mark at the start": "\u0301\u20dd",
    "blank letters": "\u3164\uffa0\u115f\u1160",
    "line separators": "a\u2028b\u2029c\x0b\x0c\x85d",
    "a chain of joined pictures": "\U0001f469\u200d" * 400,
    "private use": "\ue000\U000f0000",
    "markup": '[/x] [@click=app.quit]x[/] [link="x',
}


def of_every_kind() -> str:
    """A line for each code point, and one for each behind an `x`; of the empty planes only the ends."""
    codes = [*range(0x40000), *range(0xE0000, 0xE0200), *range(0xF0000, 0xF0100), *range(0x10FF00, 0x110000)]
    return "\n".join(f"{chr(code)}\nx{chr(code)}" for code in codes)


@pytest.fixture(scope="module")
def cleaned() -> str:
    return clean(of_every_kind())


@given(texts)
@example("\u2194\ufe0e\u0338")
@example("\U0001f469\u200d\u2194\ufe0e\u0338")
@example("a\ufe0f\u0301")
@example("\u0915\u094d\u0301\u200d")
@example("x" + "\u0344" * 9)
@example("a\ufe0f\u200d\U0001f4bb")
@example("\u1100\ufe00\u1161")
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_cleaning_twice_is_cleaning_once_for_every_character(cleaned: str) -> None:
    assert clean(cleaned) == cleaned


@given(texts)
def test_clean_text_has_no_control(text: str) -> None:
    assert not has_control(clean(text))


def test_no_character_is_left_that_acts_hides_or_does_not_exist(cleaned: str) -> None:
    left = {
        c for c in cleaned if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    } - set("\n\t")
    assert {c for c in left if not re.match(glyphs.NEWER, c)} == set()


@given(texts)
def test_clean_text_is_composed(text: str) -> None:
    assert unicodedata.is_normalized("NFC", clean(text))


@given(texts)
def test_at_most_eight_marks_sit_on_a_character(text: str) -> None:
    kinds = "".join("m" if unicodedata.category(c)[0] == "M" else "." for c in clean(text))
    assert "m" * (MOST_MARKS + 1) not in kinds


@given(texts)
def test_no_line_begins_with_a_mark(text: str) -> None:
    starts = [line[0] for line in re.split("[\n\t]", clean(text)) if line]
    assert not any(unicodedata.category(c)[0] == "M" for c in starts)


@given(texts)
def test_a_zero_width_joiner_stands_only_between_pictures_or_before_a_virama(text: str) -> None:
    shown = clean(text)
    after = {shown[at + 1] for at, char in enumerate(shown) if char == "\u200d"}
    assert after <= glyphs.PICTURES | glyphs.VIRAMAS


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S", "Zs"])))
def test_printable_ascii_is_left_as_it_is(text: str) -> None:
    assert clean(text) is text


@pytest.mark.parametrize("text", NASTIES.values(), ids=NASTIES.keys())
def test_a_nasty_is_printable_and_fits(text: str) -> None:
    line = clean_line(text, 40)
    assert (has_control(line), cell_len(line) <= 40) == (False, True)


def test_every_naughty_string_is_printable_and_fits() -> None:
    if not NAUGHTY.exists():
        pytest.skip(f"the Big List of Naughty Strings is not at {NAUGHTY}")
    lines = NAUGHTY.read_text(encoding="utf-8").split("\n")
    spoilt = [line for line in lines if has_control(clean(line)) or cell_len(clean_line(line, 40)) > 40]
    assert (len(lines) > 700, spoilt) == (True, [])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb\rc\n", "a\nb\nc\n"),
        ("\x1b[2J\x00\x9b\x7f", "\ufffd[2J\ufffd\ufffd\ufffd"),
        ("exe\u202etxt", "exe<U+202E>txt"),
        ("\ufeffhi\u200b\u00ad", "<U+FEFF>hi<U+200B><U+00AD>"),
        ("\ud800", "<U+D800>"),
        ("\U000e0041\U0010ffff", "<U+E0041><U+10FFFF>"),
        ("e\u0301", "\u00e9"),
        ("\u0301", "\u25cc\u0301"),
        ("wo\u200drd", "wo<U+200D>rd"),
        ("wo\u200crd", "wo<U+200C>rd"),
        ("a\U0001f3fd", "a<U+1F3FD>"),
        ("\u8fbb\U000e0100", "\u8fbb"),
        ("\u8fbb\U000e0100\U000e0101", "\u8fbb<U+E0101>"),
        ("a\ufe0f", "a"),
        ("\u260e\ufe0e", "\u260e"),
        ("\u3164", "<U+3164>"),
        ("\u1161", "<U+1161>"),
        ("\u0dc1\u0dca\u200d\u0dbb\u0dd3", "\u0dc1\u0dca\u0dbb\u0dd3"),
    ],
)
def test_what_a_stranger_sends_is_shown_like_this(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f469\u200d\U0001f4bb",
        "\u2764\ufe0f",
        "1\ufe0f\u20e3",
        "\U0001f44d\U0001f3fd",
        "\U0001f3f3\ufe0f\u200d\U0001f308",
        "\U0001f468\U0001f3fb\u200d\u2764\ufe0f\u200d\U0001f48b\u200d\U0001f468\U0001f3fc",
        "\U0001f642\u200d\u2194\ufe0f",
        "\U0001fae8",
        "\U0001f1e8\U0001f1f3",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0915\u094d\u200c\u0937",
        "\u09b0\u200d\u09cd\u09af\u09be\u09ae",
        "\u0f67\u0fb5\u0fa8\u0fb3\u0fba\u0fbc\u0fbb\u0f42",
        "密码 パスワード 비밀번호 Ünïcödé \u00a0 ｗ　ｗ",
        "a\tb\n\nc",
    ],
)
def test_legitimate_writing_survives(text: str) -> None:
    assert clean(text) == text


@given(texts)
def test_a_line_is_one_line(text: str) -> None:
    line = clean_line(text)
    assert (line.split(" "), line.strip()) == (re.split("[ \n\t\r]+", line), line)


@given(lines_to_cut, st.integers(-1, 60))
def test_a_cut_line_fits_its_cells_as_the_screen_counts_them(text: str, cells: int) -> None:
    assert cell_len(clean_line(text, cells)) <= max(cells, 0)


@given(lines_to_cut, st.integers(0, 60))
def test_a_line_that_was_cut_stays_as_it_is(text: str, cells: int) -> None:
    line = clean_line(text, cells)
    assert clean_line(line, cells) == line == clean(line)


@given(texts, st.integers(0, 60))
def test_a_line_that_fits_is_not_cut(text: str, spare: int) -> None:
    line = clean_line(text)
    assert clean_line(line, cell_width(line) + spare) == line


@given(lines_to_cut, st.integers(1, 60))
def test_a_cut_line_is_a_beginning_and_an_ellipsis(text: str, cells: int) -> None:
    line = clean_line(text)
    short = clean_line(line, cells)
    assert short == line or (short.endswith("…") and line.startswith(short[:-1]))


@given(lines_to_cut, st.integers(3, 60))
def test_a_cut_wastes_no_room_but_for_blanks_and_the_half_of_a_wide_character(text: str, cells: int) -> None:
    line = clean_line(text)
    short = clean_line(line, cells)
    rest = line[len(short) - 1 :]
    blanks = len(rest) - len(rest.lstrip("\u3000\u00a0 \u200c\u200d"))
    assert short == line or cell_width(short) + 2 * blanks >= cells - 1


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("printer on fire", 20, "printer on fire"),
        ("printer on fire", 9, "printer…"),
        ("忘记密码了", 10, "忘记密码了"),
        ("忘记密码了", 9, "忘记密码…"),
        ("忘记密码了", 8, "忘记密…"),
        ("\U0001f1e8\U0001f1f3\U0001f1e8\U0001f1f3", 3, "\U0001f1e8\U0001f1f3…"),
        ("x\U0001f469\u200d\U0001f4bby", 3, "x…"),
        ("  two\r\n\tlines ", 20, "two lines"),
        ("anything", 1, "…"),
        ("anything", 0, ""),
    ],
)
def test_a_line_is_cut_like_this(text: str, cells: int, shown: str) -> None:
    assert clean_line(text, cells) == shown


@given(st.text(st.sampled_from(TRICKY), min_size=1, max_size=9), texts)
def test_what_comes_a_thousand_characters_later_is_not_even_looked_at(text: str, later: str) -> None:
    start = "x" + text * 1000
    assert clean_line(start, 40) == clean_line(start[:1000] + later, 40)


@given(texts)
def test_width_is_what_the_screens_library_counts(text: str) -> None:
    line = clean_line(text)
    assert cell_width(line) == cell_len(line)


def test_width_is_what_the_screens_library_counts_for_every_character(cleaned: str) -> None:
    lines = cleaned.replace("\t", "\n").split("\n")
    different = [line for line in lines if cell_width(line) != cell_len(line)]
    assert different == []


def test_the_signs_that_become_pictures_are_those_of_the_screens_library() -> None:
    theirs = {c for c in map(chr, range(0x20000)) if cell_len(f"{c}\ufe0f") > cell_len(c)}
    assert theirs == glyphs.SIGNS | glyphs.KEYS


def test_no_letter_digit_blank_or_usual_sign_is_a_mark() -> None:
    markish = re.compile(glyphs.MARKISH)
    marks = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c)[0] == "M"]
    assert [hex(ord(c)) for c in marks if not markish.match(c)] == []


def test_controls_are_every_control_format_separator_surrogate_and_noncharacter() -> None:
    apart = set("\n\t\u200c\u200d")
    kinds = ("Cc", "Cf", "Zl", "Zp", "Cs")
    known = {c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) in kinds}
    none = {chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF)}
    missed = {
        hex(ord(c))
        for c in (known | none | set(map(chr, range(0xFDD0, 0xFDF0)))) - apart
        if not has_control(c)
    }
    assert missed == set()


@given(texts)
def test_few_marks_keeps_all_but_the_surplus_marks(text: str) -> None:
    letters = "".join(c for c in text if unicodedata.category(c)[0] != "M")
    assert "".join(c for c in few_marks(text) if unicodedata.category(c)[0] != "M") == letters


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


def pairs_joined(value: object) -> object:
    """The value as JSON can mean it: two surrogates that form a pair are one character."""
    return json.loads(json.dumps(value))


@given(json_values, st.sampled_from([None, 2, "\t"]))
def test_escaped_json_loads_the_same(value: object, indent: int | str | None) -> None:
    dumped = json.dumps(value, ensure_ascii=False, indent=indent)
    assert json.loads(escape_json_controls(dumped)) == pairs_joined(value)


@given(texts)
def test_escaped_json_holds_no_control_and_is_utf8(text: str) -> None:
    escaped = escape_json_controls(json.dumps(text, ensure_ascii=False))
    assert not has_control(re.sub("[\u200c\u200d\n\t]", "\x00", escaped.encode().decode()))


def test_escaped_json_stays_readable() -> None:
    dumped = json.dumps({"密码": "\U0001f600 \u202e \x7f \U000e0041"}, ensure_ascii=False)
    assert escape_json_controls(dumped) == '{"密码": "\U0001f600 \\u202e \\u007f \\udb40\\udc41"}'


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+8613800000000", "'+8613800000000"),
        ("-1.5", "'-1.5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'=1+1"),
        ("\r\n=1+1", "'=1+1"),
        ("＝1+1", "'＝1+1"),
        ("a=1", "a=1"),
        ("", ""),
        ("two\nlines", "two lines"),
    ],
)
def test_a_spreadsheet_computes_nothing_of_a_cell(text: str, cell: str) -> None:
    assert csv_cell(text) == cell


@given(texts)
def test_a_cell_made_twice_is_a_cell_made_once(text: str) -> None:
    assert csv_cell(csv_cell(text)) == csv_cell(text)


@given(texts)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert unicodedata.normalize("NFKC", csv_cell(text))[:1] not in set("=+-@\t\r\n")
