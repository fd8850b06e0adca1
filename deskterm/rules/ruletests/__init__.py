"""Rule tests: the [[test]] blocks of a rule file, run by the rules themselves, without a database.

A test opens one ticket at an instant, lets time pass and people act, and compares. Times are local to the
`timezone` of the file unless a zone stands behind them ("2026-03-06T19:00 America/New_York").

    name      what the test is called
    at        when the ticket is opened
    ticket    subject ("") body type category impact urgency priority lang region channel vendor queue
              group assignee tags cf.NAME · requester: a name or an address ("" for nobody), with domain, org,
              tier and vip = true for who he is · by: "requester" (the default), "system", "agent" or a
              login: what an agent gives as priority, queue, group and assignee is his choice, rules keep it
    agents    who is at work: id (his login) name groups skills = { NAME = 2 } presence load cap last_seq
              shift (a calendar) out = true lang substitute role. Whoever the file names besides is offline
    then      what happens afterwards, in order, each with at, event, by (who acts: "requester", "agent" for
              the assignee or the first of the agents, "lead" for the one of the group, "system", or a
              login) and refused = "CODE" where the rules have to refuse it:
                message  body                            the requester writes
                reply    body · note  body               an agent writes
                status   to (a status, or a stage of a blueprint), reason, vendor, until, cause, solution, set
                pend     reason, until · hold  reason, vendor, until
                resolve  cause, solution, reply          confirm  comment · reject  reason
                close, cancel, reopen  reason            exempt  reason (by a lead)
                field    name, value, or set = { NAME = "..." }
                tags     add, remove                     assign  agent, group
                macro    macro, answers = { NAME = "..." }
                due      metric, due ("" takes it back)  reroute
                presence agent, presence
    expect    any of these, as it stands at expect.at (default: when the last thing happened):
                status priority type category region lang impact urgency vendor channel queue group assignee
                sla route stage cf.NAME                  as it is, "" for nobody and nothing
                state                                    ok, warn, overdue, paused, breached, met or none
                due = { METRIC = "..." }                 "" where no such clock has a due
                tags breached met                        all of them, in any order
                fired failed                             levels, automations and triggers (ids) that acted,
                                                         that could not do something: in the order of time
                replies                                  templates that rules sent, in the order of time
                notified webhooks children               whom rules told, what they called, subjects of
                                                         tickets they opened: all of them, in any order
                why                                      rules that matched: these among others

Between those instants the timer looks at the ticket whenever something is due, as on a real desk.
"""

from collections.abc import Iterator

from deskterm.rules.problems import Problem
from deskterm.rules.rulebook import RuleBook, RuleTest
from deskterm.rules.ruletests.result import Failure, TestResult

__all__ = ["Failure", "TestResult", "run_tests"]


def run_tests(book: RuleBook) -> tuple[TestResult, ...]:
    """Every test of the book, in the order of the file; a test that says nonsense fails and says why."""
    rules = book._replace(rev=1)  # revision 0 is a desk without rules of its own
    return tuple(TestResult(test.name, test.line, tuple(_failures(test, rules))) for test in book.tests)


def _failures(test: RuleTest, rules: RuleBook) -> Iterator[Failure]:
    from deskterm.rules.ruletests.judging import judge
    from deskterm.rules.ruletests.playing import Play
    from deskterm.rules.ruletests.reading import read_case

    case, faults = read_case(test, rules)
    if case is None:
        yield from faults
        return
    play = Play(case, rules)
    try:
        yield from play.run()
    except Problem as problem:
        yield Failure(play.doing, problem=problem)
        return
    yield from judge(case.expect, play, rules)
