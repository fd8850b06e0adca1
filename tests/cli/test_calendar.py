"""deskterm calendar: a week drawn, a due with its ledger, and holidays brought in."""

from pathlib import Path

import pytest

from deskterm.rules.clean import cell_width
from tests.cli.conftest import Cli
from tests.cli.rulebench import in_force

RULES = """
[calendar.cn]
tz = "Asia/Shanghai"
week = { mon-fri = ["09:00-12:00", "13:30-18:00"] }
day = "7h30m"
covers = "2026-12-31"
[calendar.cn.holidays]
"2026-02-15..2026-02-23" = "春节"
[calendar.cn.workdays]
"2026-02-14" = "mon"

[calendar.night]
tz = "America/New_York"
week = { mon-sun = ["22:00-06:00"] }
[calendar.night.hours]
"2026-11-27" = ["23:00-24:00"]
[calendar.night.holidays]
"2026-11-26" = "Thanksgiving"
"""


@pytest.fixture
def rules(empty: Cli) -> Cli:
    """A command line beside a rule file with a Chinese calendar and a night shift."""
    (empty.home / "rules.toml").write_text(RULES, encoding="utf-8")
    return empty


def answer(cli: Cli, *words: str) -> str:
    """What a calendar command answers with the rule file."""
    return cli.ok("calendar", *words, "--file", "rules.toml").text


def test_a_week_shows_spans_make_up_days_and_holidays(rules: Cli) -> None:
    assert answer(rules, "show", "cn", "--week", "2026-02-11") == (
        "cn  Asia/Shanghai  2026-02-09 – 2026-02-15\n"
        "\n"
        "           0  3  6  9  12 15 18 21 24\n"
        "Mon 02-09  ·········███·▐████······  09:00-12:00  13:30-18:00   7h30m\n"
        "Tue 02-10  ·········███·▐████······  09:00-12:00  13:30-18:00   7h30m\n"
        "Wed 02-11  ·········███·▐████······  09:00-12:00  13:30-18:00   7h30m\n"
        "Thu 02-12  ·········███·▐████······  09:00-12:00  13:30-18:00   7h30m\n"
        "Fri 02-13  ·········███·▐████······  09:00-12:00  13:30-18:00   7h30m\n"
        "Sat 02-14  ·········███·▐████······  09:00-12:00  13:30-18:00   7h30m\n"
        "                                     make-up day, open like Mon\n"
        "Sun 02-15  ························  春节                           –\n"
        "                                               open this week     45h\n"
    )


def test_a_week_of_nights_shows_the_hour_that_was_left_out(rules: Cli) -> None:
    lines = answer(rules, "show", "night", "--week", "2026-03-08", "--ascii").splitlines()
    assert lines[-4:] == [
        "Sat 03-07  ######................##  22:00-06:00                   8h",
        "Sun 03-08  ## ###................##  22:00-06:00                   7h",
        "                                     clocks go forward by 1h",
        "                                               open this week     55h",
    ]


def test_a_week_names_short_days_and_closed_nights(rules: Cli) -> None:
    lines = answer(rules, "show", "night", "--week", "2026-11-27", "--ascii").splitlines()
    assert lines[6:9] == [
        "Thu 11-26  ######..................  Thanksgiving                  6h",
        "Fri 11-27  .......................#  23:00-24:00                   1h",
        "                                     hours of this date only",
    ]


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_a_week_fits_a_small_terminal(rules: Cli, lang: str) -> None:
    for name in ("cn", "night", "always"):
        lines = answer(rules, "show", name, "--lang", lang).splitlines()
        assert max(map(cell_width, lines)) <= 80


def test_a_due_comes_with_the_stretches_that_lead_to_it(rules: Cli) -> None:
    assert answer(rules, "due", "8h", "--calendar", "cn", "--from", "2026-02-14T16:00") == (
        "Tue 2026-02-24 16:30  Asia/Shanghai\n"
        "day             from   to     time open  total  note\n"
        "Sat 2026-02-14  16:00  18:00         2h     2h  make-up day\n"
        "Tue 2026-02-24  09:00  12:00         3h     5h  after 春节\n"
        "Tue 2026-02-24  13:30  16:30         3h     8h\n"
        "that is 2026-02-24 08:30 where you are\n"
    )


@pytest.mark.parametrize(
    ("words", "due"),
    [
        (["due", "3bd", "-c", "cn", "--from", "2026-02-12T15:00"], "2026-02-24T10:00:00Z"),
        (["due", "1wd", "-c", "cn", "--from", "2026-02-13T09:00"], "2026-02-13T10:00:00Z"),
        (["due", "4h", "-c", "night", "--from", "2026-03-08T01:00"], "2026-03-08T10:00:00Z"),
        (["due", "90m", "-c", "always"], "2026-03-02T11:30:00Z"),
        (["due", "4h", "-c", "cn", "--from", "2026-03-02T01:00:00Z"], "2026-03-02T06:30:00Z"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_due_is_an_instant(rules: Cli, words: list[str], due: str) -> None:
    assert rules.ok("calendar", *words, "-f", "rules.toml", "--json").json["to"] == due


def test_the_stretches_add_up_to_the_time_between(rules: Cli) -> None:
    words = ("calendar", "elapsed", "2026-02-13T16:00", "2026-02-25T10:00:30", "-c", "cn", "-f", "rules.toml")
    found = rules.ok(*words, "--json").json
    assert found["open_seconds"] == sum(each["open_seconds"] for each in found["stretches"]) == 64_830
    assert rules.ok(*words).lines[0] == "18h30s  Asia/Shanghai"


def test_a_due_past_the_known_holidays_is_marked(rules: Cli) -> None:
    lines = answer(rules, "due", "8h", "-c", "cn", "--from", "2026-12-31T16:00").splitlines()
    assert lines[0] == "~ Fri 2027-01-01 16:30  Asia/Shanghai"
    assert "~ not all holidays until then are known yet" in lines


def test_a_long_ledger_is_shortened_for_people_only(rules: Cli) -> None:
    words = ("calendar", "due", "100wd", "-c", "cn", "-f", "rules.toml")
    assert "stretches before the last are not shown)" in rules.ok(*words).text
    assert len(rules.ok(*words, "--json").json["stretches"]) > 190


def test_the_calendars_are_listed(rules: Cli) -> None:
    assert answer(rules, "list") == (
        "name    time zone         open a week  working day  holidays  known until\n"
        "always  UTC                      168h          24h         0\n"
        "cn      Asia/Shanghai          37h30m        7h30m         1  2026-12-31\n"
        "night   America/New_York          56h           8h         1\n"
    )


def test_the_list_says_from_when_on_a_region_is_unsure(empty: Cli) -> None:
    text = '[calendar.cn]\ntz = "Asia/Shanghai"\nweek = { mon-fri = ["09:00-18:00"] }\nholidays = ["CN"]\n'
    (empty.home / "rules.toml").write_text(text, encoding="utf-8")
    found = empty.ok("calendar", "list", "-f", "rules.toml", "--json").json["calendars"][1]
    assert (found["known_until"], found["covers"]) == ("2026-12-31", "2036-12-31")
    assert empty.ok("calendar", "list", "-f", "rules.toml").lines[2].endswith("  2026-12-31")


def test_without_a_rule_file_there_is_the_one_that_never_closes(empty: Cli) -> None:
    assert empty.ok("calendar", "list", "--plain").lines == ["always\tUTC\t604800\t86400\t0\t"]
    assert empty.ok("calendar", "due", "1h").lines[0] == "Mon 2026-03-02 11:00  UTC"


def test_public_holidays_of_a_region_are_written_out(empty: Cli) -> None:
    text = '[calendar.cn]\ntz = "Asia/Shanghai"\nweek = { mon-fri = ["09:00-18:00"] }\nholidays = ["CN"]\n'
    (empty.home / "rules.toml").write_text(text, encoding="utf-8")
    days = empty.ok("calendar", "show", "--week", "2026-10-08", "-f", "rules.toml", "--json").json["days"]
    assert [each["reason"] for each in days] == [*["holiday"] * 3, "week", "week", "workday", "week"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["show"], 2, "There are several calendars: name one. Valid: always, cn, night."),
        (["show", "us"], 3, 'There is no calendar "us". Valid: always, cn, night.'),
        (
            ["show", "cn", "--week", "soon"],
            2,
            '"soon" is not a date between 1900 and 2200: write 2026-12-24.',
        ),
        (["due", "8hh", "-c", "cn"], 2, '"8hh" is not a duration (30m, 4h, 1h30m, 3wd).'),
        (
            ["due", "1d", "-c", "cn"],
            2,
            '"1d" may mean working days or days of 24 hours: use wd for working days, or h.',
        ),
        (["due", "1h", "-c", "cn", "--from", "x"], 2, '"x" is not a time.'),
        (["due", "80000h", "-c", "cn"], 1, "The calendar cn finds no such time"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_answered_is_refused(rules: Cli, words: list[str], code: int, said: str) -> None:
    ran = rules("calendar", *words, "--file", "rules.toml")
    assert ran.code == code
    assert ran.said.startswith(f"deskterm: {said}")


def test_every_fault_of_a_rule_file_is_told_with_its_calendar(empty: Cli) -> None:
    text = '[calendar.a]\ntz="X"\nweek={mon=["x"]}\n[calendar.b]\ntz="UTC"\nweek={}\n'
    (empty.home / "bad.toml").write_text(text, encoding="utf-8")
    ran = empty("calendar", "list", "--file", "bad.toml")
    assert ran.code == 2
    assert [line.split(":")[2] for line in ran.said.splitlines()] == [
        " calendar 'a'",
        " calendar 'a'",
        " calendar 'b'",
    ]


@pytest.mark.parametrize("text", ["[calendar", "calendar = 1", "[calendar]\na = 1", "\xff"])
def test_a_file_that_is_no_rule_file_is_refused(empty: Cli, text: str) -> None:
    (empty.home / "bad.toml").write_bytes(text.encode("latin-1"))
    assert empty("calendar", "list", "--file", "bad.toml").code == 2


ICS = b"""BEGIN:VCALENDAR\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20260403\r
DTEND;VALUE=DATE:20260407\r
SUMMARY:Easter \x1b[31m"red"\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20201225\r
RRULE:FREQ=YEARLY\r
SUMMARY:Christmas\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART:20260301T100000Z\r
SUMMARY:Meeting\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_icalendar_becomes_lines_that_a_rule_file_takes(empty: Cli) -> None:
    ran = empty.ok("calendar", "import", "-", "--calendar", "cn", stdin=ICS)
    assert ran.said == '"Meeting" on 2026-03-01 has a time of day: only whole days are holidays.\n'
    assert "\x1b" not in ran.text
    rules = Path(empty.home / "new.toml")
    rules.write_text(
        f'[calendar.cn]\ntz="UTC"\nweek={{mon-sun=["00:00-24:00"]}}\n{ran.text}', encoding="utf-8"
    )
    days = empty.ok("calendar", "show", "cn", "--week", "2026-04-06", "-f", "new.toml", "--json").json["days"]
    assert [each["reason"] for each in days[:2]] == ["holiday", "week"]


def test_a_file_without_events_is_refused(empty: Cli) -> None:
    ran = empty("calendar", "import", "-", stdin=b"hello")
    assert (ran.code, ran.said) == (
        2,
        "deskterm: This is no iCalendar text with events (BEGIN:VEVENT).\n",
    )


def test_without_a_file_the_calendars_are_those_of_the_rules_in_force(cli: Cli) -> None:
    in_force(cli)
    assert cli.ok("calendar", "due", "4h", "--from", "2026-03-02T15:00", "--plain").text.split("\t")[4] == (
        "2026-03-03T11:00:00Z"
    )
