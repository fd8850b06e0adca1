"""Every code has a file, as small as can be, that shows it; the line printed is the one a lead reads."""

import pytest

from deskterm.rules.lint import lint
from deskterm.rules.rulefile import Fault, RuleFaults, load
from deskterm.rules.rulefile.codes import CODES
from tests.builders import DAY, T0, a_book

OFFICE = '[calendar.office]\ntz = "UTC"\nweek = { mon-fri = ["09:00-17:00"] }\nday = "8h"\n'
ROUTE = '[[route]]\nid = "all"\nwhen = ""\nqueue = "q"\n'
SLA = '[[sla]]\nid = "s"\nwhen = ""\ntarget.P1 = { resolution = "1h" }\ntarget.P2 = { resolution = "1h" }\n'
SLA += 'target.P3 = { resolution = "1h" }\ntarget.P4 = { resolution = "1h" }\n'
TRIGGER = '[[trigger]]\nid = "t"\non = ["updated"]\n'
TELL = 'do = [{ notify = ["lead"] }]\n'
LEVEL = '[[sla.level]]\nid = "L"\n'

ERRORS = {
    "E101": ("a" + ".a" * 40 + " = 1", "1: tables or lists stand more than 32 levels inside each other"),
    "E102": ("desk = \n", "1:8: this is not a value: put text in quotes"),
    "E103": ('dsk = "it"', "1:7: unknown key 'dsk' (did you mean desk?)"),
    "E104": ("[rout]\n", "1: unknown table 'rout' (did you mean route?)"),
    "E105": ("desk = 1", '1:8: desk must be written as "..."'),
    "E106": ('[[route]]\nid = "r"\nqueue = "q"', "1: route 'r': when is missing"),
    "E107": (
        ROUTE + 'assign = { by = "chance" }',
        (
            "5: route 'all': assign: unknown by 'chance' "
            "(one of none, person, round_robin, least_loaded, best_skill)"
        ),
    ),
    "E108": (
        ROUTE + ROUTE.replace('""', '"tag:x"'),
        "6:6: route 'all': the id stands on line 1 already",
    ),
    "E109": ('[lifecycle]\nreopen_window = "7x"', None),
    "E110": ('[[route]]\nid = "r"\nwhen = "(tag:vpn"\nqueue = "q"', "3: route 'r': missing ) at column 9"),
    "E111": ("format = 9", "1:10: format 9 is not known here: this version reads format 1"),
    "E112": (
        '[[automation]]\nid = "a"\nanchor = "text~vpn"\nafter = "1h"\n' + TELL,
        None,
    ),
    "E201": (
        '[group.net]\n[[route]]\nid = "r"\nwhen = ""\ngroup = "nett"',
        "5:9: route 'r': unknown group 'nett' (did you mean net?)",
    ),
    "E202": (
        '[[route]]\nid = "r"\nwhen = ""\nqueue = "tirage"',
        "4:9: route 'r': unknown queue 'tirage' (did you mean triage?)",
    ),
    "E203": (
        '[group.network]\nlead = "leee"',
        "2:8: group 'network': unknown agent 'leee' (did you mean lee?)",
    ),
    "E204": (
        OFFICE + SLA + 'calendar = "ofice"',
        "12:12: sla 's': unknown calendar 'ofice' (did you mean office?)",
    ),
    "E205": (
        '[group.net]\nskills = ["cisco"]\n' + ROUTE + 'group = "net"\nassign = { need = { csco = 1 } }',
        "8: route 'all': assign: unknown skill 'csco' (did you mean cisco?)",
    ),
    "E206": (
        SLA + 'pause = { resolution = ["pendng"] }',
        "8: sla 's': pause: unknown status 'pendng' (did you mean pending?)",
    ),
    "E207": (
        SLA + 'target.P5 = { resolution = "1h" }',
        "8:13: sla 's': target: unknown priority 'P5' (one of P4, P3, P2, P1)",
    ),
    "E208": (
        TRIGGER + 'do = [{ reply = "akc" }]',
        "4: trigger 't': do: unknown template 'akc' (did you mean ack?)",
    ),
    "E209": (
        SLA + '[[test]]\nname = "x"\nat = 2026-03-02T10:00:00\nexpect = { sla = "t" }',
        "11: test 'x': expect: unknown sla 't' (one of s)",
    ),
    "E210": (
        '[[classify]]\nid = "c"\nwhen = ""\nset = { categry = "x" }',
        "4: classify 'c': set: unknown field 'categry' (did you mean category?)",
    ),
    "E211": (
        '[[blueprint]]\nid = "b"\ntype = "x"\n[[blueprint.stage]]\nid = "one"\nstatus = "open"\nto = ["two"]',
        "7:6: blueprint 'b': stage 'one': unknown stage 'two' (one of one)",
    ),
    "E212": ('timezone = "Mars/Base"', None),
    "E301": (
        OFFICE + "weak = 1",
        "5:8: calendar 'office': There is no key \"weak\" in a calendar (did you mean week?)",
    ),
    "E302": (OFFICE.replace("UTC", "Mars/Base"), None),
    "E303": (OFFICE.replace('"8h"', "8"), None),
    "E304": (OFFICE + 'workdays = { 2026-02-30 = "mon" }', None),
    "E305": (OFFICE + 'workdays = { 2026-02-14 = "mom" }', None),
    "E306": (OFFICE + 'holidays = ["XX"]', None),
    "E307": (OFFICE.replace("09:00", "9:00"), None),
    "E308": (OFFICE.replace("17:00", "09:00"), None),
    "E309": (
        OFFICE.replace('"09:00-17:00"', '"09:00-12:00", "11:00-13:00"'),
        "3: calendar 'office': mon-fri: 11:00-13:00 overlaps 09:00-12:00",
    ),
    "E310": (OFFICE.replace('"09:00-17:00"', ", ".join(['"09:00-10:00"'] * 99)), None),
    "E311": (
        OFFICE.replace('["09:00-17:00"]', "[]"),
        "3:8: calendar 'office': The calendar has no open time at all",
    ),
    "E312": (OFFICE.replace("8h", "30h"), None),
    "E401": (
        SLA.replace('target.P2 = { resolution = "1h" }', 'target.P2 = { resolution = "8hh" }'),
        "5: sla 's': target.P2: resolution \"8hh\" is not a duration (30m, 4h, 1h30m, 3wd)",
    ),
    "E402": (SLA + LEVEL + 'metric = "resolution"\nat = "soon"\n' + TELL, None),
    "E403": (
        SLA.replace('target.P1 = { resolution = "1h" }\n', ""),
        "1: sla 's': no target for P1 and an earlier policy does not always take P1",
    ),
    "E404": (
        SLA + LEVEL + 'metric = "resolutoin"\nat = "breach"\n' + TELL,
        "10:10: sla 's': level 'L': unknown metric 'resolutoin' (did you mean resolution?)",
    ),
    "E405": (
        SLA + 'from = "2026-03-01"\nuntil = "2026-02-01"',
        "9:9: sla 's': the policy ends before it begins",
    ),
}

CLASSES = '[[classify]]\nid = "%s"\nwhen = "%s"\nset = { region = "%s" }\n'
RING = TRIGGER + 'when = "changed:region"\ndo = [{ set = { lang = "zh" } }]\n'
RING += TRIGGER.replace('"t"', '"u"') + 'when = "changed:lang"\ndo = [{ set = { region = "cn" } }]'

WARNINGS = {
    "W501": (
        ROUTE + ROUTE.replace("all", "b"),
        "5: warning: route 'b' can never match: 'all' above it takes every ticket",
    ),
    "W502": (
        '[[route]]\nid = "r"\nwhen = "tag:x -tag:x"\nqueue = "q"\n' + ROUTE,
        "1: warning: route 'r' can never match: its condition contradicts itself",
    ),
    "W503": (
        CLASSES % ("a", "tag:x", "cn") + CLASSES % ("b", "lang:zh", "us"),
        (
            "5: warning: classify 'b' sets region to 'us', but 'a' above it sets 'cn' "
            "and both can match: the first keeps it"
        ),
    ),
    "W504": (
        ROUTE.replace('""', '"tag:x"'),
        "1: warning: the last route 'all' does not match every ticket: end with one that has when = ''",
    ),
    "W505": (
        '[[classify]]\nid = "c"\nwhen = ""\nset = { add_tags = ["breached"] }\n'
        + TRIGGER
        + 'when = "tag:brached"\n'
        + TELL,
        "5: warning: trigger 't' asks for the tag 'brached', which no rule sets (breached?)",
    ),
    "W506": (
        RING,
        (
            "1: warning: trigger 't' is part of a ring: 't' → 'u' → 't' "
            "each change what the next one waits for by changed:"
        ),
    ),
    "W507": (
        SLA.replace('P1 = { resolution = "1h"', 'P1 = { first_response = "2h", resolution = "1h"'),
        "1: warning: sla 's': target.P1 promises the first response (2h) later than the resolution (1h)",
    ),
    "W508": (
        SLA + '[[ola]]\nid = "o"\ngroup = "net"\ntarget = { work = "2h" }',
        "8: warning: ola 'o': work takes 2h, longer than any resolution that is promised (1h)",
    ),
    "W509": (
        SLA + LEVEL + 'metric = "resolution"\nat = "-90m"\n' + TELL,
        (
            "8: warning: sla 's': level 'L' (1h30m before) lies in front of the start of a target of 1h: "
            "it is reached at once"
        ),
    ),
    "W510": (
        OFFICE + '[calendar.office.holidays]\n"2026-08-01" = "Saturday"',
        "6: warning: 2026-08-01 is a holiday, but that day is not worked anyway",
    ),
    "W511": (
        OFFICE + '[calendar.office.workdays]\n"2026-03-02" = "mon"',
        "6: warning: 2026-03-02 is a make-up day and already open",
    ),
    "W512": (
        OFFICE + 'covers = "2026-04-01"',
        (
            "5: warning: calendar 'office' knows holidays until 2026-04-01 only: "
            "add the next ones and move covers"
        ),
    ),
    "W513": (
        '[group.network]\nskills = ["cisco"]\n'
        + ROUTE.replace('"q"', '"network"')
        + 'group = "network"\nassign = { by = "round_robin", need = { cisco = 2 } }',
        "3: warning: route 'all' needs cisco 2, which no member of the group network has",
    ),
    "W514": (
        ROUTE.replace('"q"', '"network"') + 'assign = { by = "person", person = "gus" }',
        "1: warning: route 'all' counts on gus, who is not active any more",
    ),
    "W515": (
        SLA + LEVEL + 'metric = "update"\nat = "breach"\n' + TELL,
        "8: warning: sla 's': level 'L' is about update, which has no target",
    ),
}
WITH_A_DESK = ("E202", "E203", "W513", "W514")


def faults_of(text: str, *, desk: bool = False) -> tuple[Fault, ...]:
    """What loading, or else lint, says of a file."""
    book = a_book() if desk else None
    try:
        rules = load(text, "x.toml", book=book)
    except RuleFaults as refusal:
        return refusal.faults
    return lint(rules, desk=book, now=T0)


@pytest.mark.parametrize("code", [*ERRORS, *WARNINGS])
def test_the_smallest_file_with_the_fault_shows_it_and_nothing_else(code: str) -> None:
    text, line = {**ERRORS, **WARNINGS}[code]
    found = faults_of(text, desk=code in WITH_A_DESK)
    assert [fault.code for fault in found] == [code]
    assert line is None or found[0].printed("x.toml") == f"x.toml:{line}"


def test_every_code_is_shown_by_a_file() -> None:
    assert sorted({**ERRORS, **WARNINGS}) == sorted(CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_code_says_by_its_letter_whether_it_refuses_the_file(code: str) -> None:
    severity = {
        fault.severity for fault in faults_of({**ERRORS, **WARNINGS}[code][0], desk=code in WITH_A_DESK)
    }
    assert severity == {"error" if code[0] == "E" else "warning"}


def test_a_calendar_is_said_to_end_where_the_first_unsure_year_begins() -> None:
    rules = load(OFFICE + 'covers = "2036-12-31"\nuncovered = { CN = [2025, 2027, 2028] }', "x.toml")
    (fault,) = lint(rules, now=T0 + 260 * DAY)
    assert "knows holidays until 2026-12-31 only" in fault.printed("x.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            OFFICE.replace('"UTC"', '"America/New York"'),
            (
                'There is no time zone "America/New York": use a name such as Europe/Berlin '
                "(did you mean America/New_York?)"
            ),
        ),
        (OFFICE + "hors = {}", 'There is no key "hors" in a calendar (did you mean hours?)'),
        (
            OFFICE.replace("mon-fri", "fry"),
            '"fry" is not a weekday (one of mon, tue, wed, thu, fri, sat, sun)',
        ),
    ],
)
def test_a_fault_of_a_calendar_names_what_was_probably_meant(text: str, said: str) -> None:
    assert said in [fault.printed("x.toml").partition("office': ")[2] for fault in faults_of(text)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[template]]\nid = "t"\ntext = "{{requester.nmae}}"', "(did you mean requester.name?)"),
        (
            '[[recurring]]\nid = "r"\non = "mon 09:00"\nticket = { subjet = "x" }',
            "unknown field 'subjet' (did you mean subject?)",
        ),
    ],
)
def test_a_placeholder_and_a_field_of_a_new_ticket_are_named_too(text: str, said: str) -> None:
    assert any(fault.printed("x.toml").endswith(said) for fault in faults_of(text))


def test_a_target_that_cannot_be_read_is_one_fault_that_shows_how() -> None:
    rows = "\n".join(f'target.{each} = "4h"' for each in ("P1", "P2", "P3", "P4"))
    found = faults_of(f'[[sla]]\nid = "s"\nwhen = ""\npause = ["pending"]\n{rows}')
    assert [fault.printed("x.toml") for fault in found] == [
        "x.toml:4:9: sla 's': pause must be written as { resolution = [\"pending\"] }",
        *(
            f"x.toml:{line}:13: sla 's': target: P{line - 4} must be written as {{ resolution = \"4h\" }}"
            for line in (5, 6, 7, 8)
        ),
    ]


def test_a_calendar_that_ends_in_more_than_sixty_days_is_not_spoken_of() -> None:
    rules = load(OFFICE + 'covers = "2026-06-01"', "x.toml")
    assert lint(rules, now=T0) == ()
    assert [fault.code for fault in lint(rules, now=T0 + 40 * DAY)] == ["W512"]
