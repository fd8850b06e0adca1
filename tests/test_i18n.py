"""Words: complete in every language, in the one that was asked for, clean of what strangers wrote."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from hypothesis import given, strategies as st

from deskterm import i18n
from deskterm.i18n import _, ago, best_language, duration, moment, ngettext, say, spelled, words
from deskterm.locales import catalogue
from deskterm.rules.clean import has_control
from deskterm.rules.problems import Problem

OTHERS = [name for name in i18n.LANGUAGES if name != "en"]
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """English before and after each test."""
    i18n.use("en")
    yield
    i18n.use("en")


def test_the_template_holds_exactly_the_messages_of_the_sources() -> None:
    wanted = {message.id for message in catalogue.extracted() if message.id}
    assert {message.id for message in catalogue.read(catalogue.POT) if message.id} == wanted


def hidden_words(source: str) -> list[str]:
    """Messages inside f-strings, which the extraction of some Python versions does not see."""
    return [
        str(call.args[0].value)
        for text in ast.walk(ast.parse(source))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if call.func.id in ("_", "N_", "ngettext") and call.args and isinstance(call.args[0], ast.Constant)
    ]


def test_no_message_hides_in_an_f_string() -> None:
    files = sorted(catalogue.FOLDER.parent.rglob("*.py"))
    assert {each.name: found for each in files if (found := hidden_words(each.read_text("utf-8")))} == {}


def test_a_message_in_an_f_string_is_found() -> None:
    assert hidden_words("told = f\"{sign} {_('at risk')}\"") == ["at risk"]


@pytest.mark.parametrize("name", OTHERS)
def test_no_translation_is_missing_fuzzy_stale_or_short_of_a_value(name: str) -> None:
    found = catalogue.read(catalogue.po_of(name), name)
    assert list(catalogue.faults(found, catalogue.extracted())) == []


@pytest.mark.parametrize("name", OTHERS)
def test_the_compiled_catalogue_is_the_one_in_the_source(name: str) -> None:
    source = catalogue.po_of(name)
    with source.with_suffix(".mo").open("rb") as file:
        compiled = _texts(read_mo(file))
    assert compiled == _texts(catalogue.read(source, name))


def _texts(found: Catalog) -> dict[object, object]:
    return {_plain(each.id): _plain(each.string) for each in found if each.id}


def _plain(text: object) -> object:
    return tuple(text) if isinstance(text, list | tuple) else text


@pytest.mark.parametrize("name", OTHERS)
def test_chinese_sentences_end_in_chinese_punctuation(name: str) -> None:
    found = catalogue.read(catalogue.po_of(name), name)
    wrong = [
        each.id for each in found if each.id and str(each.id).endswith(".") and not _ends_well(each.string)
    ]
    assert wrong == []


def _ends_well(text: object) -> bool:
    return str(text).endswith(("。", "？", "！", "…")) or str(text)[-1:].isascii()


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_Hans_SG"}, "zh_CN"),
        ({"LANG": "zh_TW.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "fr:zh_CN:en"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "C", "LANGUAGE": "zh_CN"}, "en"),
    ],
)
def test_the_language_is_that_of_the_locale(environment: dict[str, str], wanted: str) -> None:
    assert best_language("", environment) == wanted


def test_a_wish_beats_the_locale() -> None:
    assert best_language("zh", {"LC_ALL": "en_US.UTF-8"}) == "zh_CN"


def test_a_language_that_is_not_spoken_is_refused_with_those_that_are() -> None:
    with pytest.raises(Problem) as refused:
        i18n.use("klingon")
    assert (refused.value.kind, refused.value.choices) == ("usage", i18n.LANGUAGES)


def test_messages_follow_the_language_in_use() -> None:
    first = _("requester")
    i18n.use("zh_CN")
    assert (first, _("requester")) == ("requester", "请求人")


def test_a_language_without_plural_forms_has_one_for_all_numbers() -> None:
    assert [ngettext("%d byte", "%d bytes", n) % n for n in (1, 2)] == ["1 byte", "2 bytes"]


def test_nothing_is_translated_to_the_header_of_the_catalogue() -> None:
    i18n.use("zh_CN")
    assert _("") == ""


HOSTILE = st.text(st.characters() | st.sampled_from("\x1b\x07\x9b\u202e\u2066\x00\ud800[]%"), max_size=300)


@given(HOSTILE, st.sampled_from(i18n.LANGUAGES))
def test_what_a_stranger_wrote_acts_on_no_terminal_from_within_a_sentence(text: str, language: str) -> None:
    i18n.use(language)
    problem = Problem("x", '"%(text)s" is not a time.', choices=[text], text=text)
    said = say(problem)
    assert not has_control(said)
    assert "\n" not in said


def test_a_megabyte_in_a_sentence_is_cut() -> None:
    assert len(say(Problem("x", "%(text)s", text="a" * 1_000_000))) < 300


def test_a_sentence_inside_a_sentence_keeps_all_its_words() -> None:
    inner = Problem("x", "%(text)s" + "b" * 300, text="a")
    assert words(Problem("y", "%(problem)s!", problem=words(inner))) == "a" + "b" * 300 + "!"


def test_words_of_the_desk_are_translated_inside_a_sentence_but_names_are_not() -> None:
    i18n.use("zh_CN")
    problem = Problem("name.unknown", "%(name)s %(field)s", field="queue", name="queue")
    assert words(problem) == "queue 队列"


def test_valid_values_follow_the_sentence() -> None:
    assert say(Problem("x", "No.", choices=["a", "b"])) == "No. Valid: a, b."


@pytest.mark.parametrize(
    ("seconds", "wanted"),
    [
        (0, "0s"),
        (59, "59s"),
        (60, "1m"),
        (3599, "59m"),
        (3600, "1h"),
        (86399, "23h"),
        (172800, "2d"),
        (-720, "-12m"),
    ],
)
def test_a_duration_is_shown_in_its_largest_unit(seconds: int, wanted: str) -> None:
    assert duration(seconds) == wanted


def test_times_are_shown_in_the_viewers_zone() -> None:
    assert (moment(1772445600, BERLIN), moment(1772445600, ZoneInfo("Asia/Shanghai"))) == (
        "2026-03-02 11:00",
        "2026-03-02 18:00",
    )


@given(st.integers(-(2**63), 2**63), st.sampled_from(["Asia/Shanghai", "America/New_York", "Pacific/Apia"]))
def test_any_instant_can_be_shown(at: int, zone: str) -> None:
    assert len(moment(at, ZoneInfo(zone))) >= 12


def test_spelled_times_follow_zone_and_language() -> None:
    english = spelled(1772445600, BERLIN).replace("\u202f", " ")
    i18n.use("zh_CN")
    assert (english, spelled(1772445600, BERLIN)) == ("Mar 2, 2026, 11:00:00 AM", "2026年3月2日 11:00:00")


def test_relative_times_look_back_and_ahead_in_the_language() -> None:
    english = (ago(0, 7200), ago(7200, 0))
    i18n.use("zh_CN")
    assert (*english, ago(0, 7200), ago(7200, 0)) == ("2h ago", "in 2h", "2小时前", "2小时后")


def test_speaking_english_opens_no_catalogue_and_imports_no_babel() -> None:
    code = (
        "import sys; from deskterm import i18n; i18n.use('en'); i18n._('x'); sys.exit('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
