"""Words: the laws that make a phrase mean the same in memory and in both databases."""

import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, strategies as st

from deskterm.rules.words import closed, norm, phrase, prefix, tokens

NAUGHTY = Path(__file__).parents[2].parent / "shared" / "data" / "unicode" / "blns.txt"

TRICKY = (
    "aA1ß_-. \n\x00\u00ad\u00b4\u00e9\u0130\u0131\u01c5\u0301\u0316\u0344\u0345\u03b1\u03c2\u0590"
    "\u0915\u094d\u0e01\u0e34\u1100\u1161\u11a8\uac00\u1160\u3042\u304b\u3099\u309a\u30ab\u30fb\u30fc\uff76\uff9e"
    "\u3164\u5bc6\u7801\uf900\uff36\u200b\u200d\ufe0f\ufdfa\ufb01\u2160\u00bd\u3231\ud83d"
    "\U0001f600\U00020000\U000e0100\U0010ffff"
)
everything = st.characters(min_codepoint=0, max_codepoint=sys.maxunicode, categories=None)
texts = st.one_of(st.text(everything), st.text(st.sampled_from(TRICKY), max_size=30))
speech = st.lists(st.sampled_from(["ab", "abc", "c", "a", "密", "码", "é"]), max_size=8)


def stands_in(part: list[str], whole: list[str]) -> bool:
    """Whether the words stand in the whole one after another."""
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))


@given(texts)
@example("\u00b4a")
@example("\u0344" * 8)
@example("a" + "\u0344" * 8)
def test_norm_of_a_norm_is_itself(text: str) -> None:
    assert norm(norm(text)) == norm(text)


@given(texts)
@example("密码 vpn 宕机")
def test_words_that_are_closed_up_fold_to_the_same_again(text: str) -> None:
    words = norm(text).strip(" ")
    assert norm(closed(words)).strip(" ") == words


def test_chinese_words_close_up_and_others_do_not() -> None:
    assert closed("wi fi 密 码 x") == "wi fi 密码 x"


def test_norm_of_a_norm_is_itself_for_every_character() -> None:
    every = norm(
        " ".join(f"{chr(code)} x{chr(code)}y" for code in range(0x110000 - 0x20000) if code < 0x40000)
    )
    assert norm(every) == every


@given(texts)
def test_norm_is_the_tokens_with_blanks_around(text: str) -> None:
    assert norm(text) == ("" if not tokens(text) else f" {' '.join(tokens(text))} ")


@given(texts)
def test_a_token_is_one_word(text: str) -> None:
    assert all(tokens(token) == [token] for token in tokens(text))


@given(texts, texts)
def test_texts_side_by_side_keep_their_words(left: str, right: str) -> None:
    assert tokens(f"{left} {right}") == tokens(left) + tokens(right)


@given(texts, st.data())
def test_words_that_follow_one_another_are_found(text: str, data: st.DataObject) -> None:
    words = tokens(text)
    start = data.draw(st.integers(0, len(words)))
    end = data.draw(st.integers(start, len(words)))
    assert phrase(" ".join(words[start:end])) in norm(text)


@given(speech, speech)
def test_a_phrase_is_found_only_where_its_words_follow_one_another(part: list[str], whole: list[str]) -> None:
    assert (phrase(" ".join(part)) in norm(" ".join(whole))) == stands_in(part, whole)


@given(speech, st.sampled_from(["a", "ab", "abc", "密"]), speech)
def test_a_prefix_is_found_only_where_a_word_begins_so(part: list[str], last: str, whole: list[str]) -> None:
    ends = {word for word in whole if word.startswith(last)}
    assert (prefix(" ".join([*part, last])) in norm(" ".join(whole))) == any(
        stands_in([*part, end], whole) for end in ends
    )


@given(texts)
def test_composed_and_decomposed_are_the_same_words(text: str) -> None:
    spelt = [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]
    assert norm(spelt[0]) == norm(spelt[1])


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E)))
def test_full_width_is_the_same_words(text: str) -> None:
    assert norm("".join(chr(ord(char) + 0xFEE0) for char in text)) == norm(text)


@given(st.text(st.characters(codec="ascii")))
def test_ascii_has_the_same_words_among_other_text(text: str) -> None:
    assert tokens(f"{text} é") == [*tokens(text), "é"]


@given(texts, st.sampled_from("\u200b\u00ad\u2060\ufeff\ufe0f\U000e0041"))
def test_what_cannot_be_seen_parts_no_word(text: str, unseen: str) -> None:
    assert norm(unseen.join(text)) == norm(text)


def test_every_naughty_string_is_found_by_itself() -> None:
    if not NAUGHTY.exists():
        pytest.skip(f"the Big List of Naughty Strings is not at {NAUGHTY}")
    lines = NAUGHTY.read_text(encoding="utf-8").split("\n")
    whole = norm("\n".join(lines))
    assert [line for line in lines if phrase(line) not in whole] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Printer JAMS!", ["the", "printer", "jams"]),
        ("Wi-Fi", ["wi", "fi"]),
        ("user_name@example.com", ["user", "name", "example", "com"]),
        ("忘记密码了", ["忘", "记", "密", "码", "了"]),
        ("2026年VPN断线", ["2026", "年", "vpn", "断", "线"]),
        ("ＶＰＮ", ["vpn"]),
        ("ﾊﾟｿｺﾝ", ["パ", "ソ", "コ", "ン"]),
        ("サーバー・ルーム", ["サ", "ー", "バ", "ー", "ル", "ー", "ム"]),
        ("비밀번호", ["비", "밀", "번", "호"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("cafe\u0301 CAFÉ", ["café", "café"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("می\u200cخواهم", ["میخواهم"]),
        ("\U00020bb7野家", ["\U00020bb7", "野", "家"]),
        ("!!! \U0001f600 …", []),
        ("", []),
    ],
)
def test_a_text_has_these_words(text: str, words: list[str]) -> None:
    assert tokens(text) == words


@pytest.mark.parametrize(
    ("searched", "text", "found"),
    [
        ("ram", "the program crashed", False),
        ("ram", "more RAM, please", True),
        ("wi-fi", "no Wi Fi here", True),
        ("Wi Fi", "no wi-fi here", True),
        ("wifi", "no wi-fi here", False),
        ("密码", "我忘记密码了", True),
        ("码密", "我忘记密码了", False),
        ("vpn", "ＶＰＮ 断线", True),
        ("ﬁle", "a FILE", True),
    ],
)
def test_a_phrase_is_found_like_this(searched: str, text: str, found: bool) -> None:
    assert (phrase(searched) in norm(text)) is found


@pytest.mark.parametrize(
    ("searched", "text", "found"),
    [
        ("pro", "the program crashed", True),
        ("gram", "the program crashed", False),
        ("the pro", "the program crashed", True),
        ("密", "我忘记密码了", True),
    ],
)
def test_a_prefix_is_found_like_this(searched: str, text: str, found: bool) -> None:
    assert (prefix(searched) in norm(text)) is found


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "text", ["\u0301\u0316", "\u0301\u200b\u0316", "\u1100\u1161", "-a", "\ufdfa", "\u0344"]
)
def test_a_long_text_takes_a_short_time(text: str) -> None:
    assert norm(text * 200_000).count("  ") == 0
