"""What rules write on a real desk: the letter that answers a new ticket, and the tickets beside it."""

from deskterm.rules.upkeep import ActivateRules
from tests.desks import Bench

RULES = """
format = 1
desk = "it"
timezone = "UTC"

[calendar.always]
tz = "UTC"
week = { mon-sun = ["00:00-24:00"] }

[[route]]
id = "all"
when = ''
queue = "network"
group = "network"
assign = { by = "none" }

[[sla]]
id = "one"
when = ''
calendar = "always"
pause = { resolution = ["pending"] }
target.P1 = { resolution = "4h" }
target.P2 = { resolution = "8h" }
target.P3 = { resolution = "24h" }
target.P4 = { resolution = "40h" }

[[template]]
id = "hello"
name = "Hello"
text = "Your number is {{ticket.id}}, {{requester.first_name}}"

[[trigger]]
id = "ack"
on = ["created"]
when = 'parent:none'
do = [{ reply = "hello", auto = true }, { create_child = { subject = "Part of {{ticket.id}}" } }]
"""


def ruled(bench: Bench) -> Bench:
    bench.does(ActivateRules("letters.toml", RULES))
    return bench


def test_the_letter_that_answers_a_new_ticket_knows_its_number(bench: Bench) -> None:
    number = ruled(bench).opens()
    page = bench.desk.ticket(number, viewer=bench.actor("ada"))
    said = [event.message.body for event in page.timeline if event.message and event.message.auto]
    assert said == [f"Your number is {number}, Ann"]


def test_its_words_are_found_with_the_number(bench: Bench) -> None:
    number = ruled(bench).opens()
    assert bench.ids(f'"number is {number}"') == [number]


def test_a_ticket_that_is_opened_beside_it_knows_the_number_too(bench: Bench) -> None:
    number = ruled(bench).opens()
    rows = bench.desk.each(viewer=bench.actor("ada"))
    assert [row.subject for row in rows if row.id != number] == [f"Part of {number}"]
