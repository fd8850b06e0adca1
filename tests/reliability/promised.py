"""What a timer has promised: which acts the stored timelines ask for, said once more and without a timer.

Levels come from the fold of each whole timeline; automations, wakings and recurring tickets from a plain
walk. `broken` compares all that with the ledger and with what the acts left behind.
"""

import json
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from deskterm.rules.calendar import ALWAYS, Calendar
from deskterm.rules.facts import Actor, Event
from deskterm.rules.rulebook import RuleBook
from deskterm.rules.sla import fold
from deskterm.store.engine import Store
from deskterm.store.library import Library
from tests.builders import HOUR
from tests.reliability.stored import Dump, Row, dump

__all__ = ["Found", "broken"]

_SKIPPED: Final = ("skipped_late", "skipped_new", "skipped_done", "skipped_open")


class Found(NamedTuple):
    """What is wrong, a sentence each, and how many acts of each kind were looked at."""

    wrong: list[str]
    kinds: Counter[str]
    outcomes: Counter[str]


class _Kept(NamedTuple):
    """What the store holds: the timelines by ticket, the ledger by ticket, the rules by revision."""

    held: Dump
    timelines: Mapping[int, list[Event]]
    rows: Mapping[int, dict[str, Row]]
    editions: Mapping[int, RuleBook]
    rounds: list[int]  # in which the clock showed more than ever before
    last: int


def broken(store: Store, rounds: list[int], last: int) -> Found:
    """Hold the ledger of `store` against its timelines as of `last`; `rounds` are when all was looked at."""
    kept = _kept(store, rounds, last)
    wrong: list[str] = []
    for ticket, events in kept.timelines.items():
        rows = kept.rows.get(ticket, {})
        wrong += [f"ticket {ticket}: {each}" for each in _of_ticket(ticket, events, rows, kept)]
    wrong += _of_effects(kept)
    wrong += _of_recurring(kept)
    fired = kept.held["firings"]
    kinds = Counter(row["key"].split("/")[0] for row in fired)
    return Found(wrong, kinds, Counter(row["outcome"] for row in fired))


def _kept(store: Store, rounds: list[int], last: int) -> _Kept:
    held = dump(store)
    library = Library()
    with store.read() as connection:
        book = library.ruled(connection)
        book = library.edited(connection, book, book.activated)
    timelines: dict[int, list[Event]] = {}
    for row in held["events"]:
        if row["ticket_id"] is not None:
            actor = Actor(row["actor_kind"], row["actor_id"])
            data = json.loads(row["data"])
            event = Event(row["id"], row["at"], row["kind"], actor, data, row["because"], row["version"])
            timelines.setdefault(row["ticket_id"], []).append(event)
    for events in timelines.values():
        later = [each for each in book.activated if each.seq > events[0].seq]
        events[:] = sorted((*events, *later), key=lambda each: (each.at, each.seq))
    rows: dict[int, dict[str, Row]] = {}
    for row in held["firings"]:
        rows.setdefault(row["ticket_id"] or 0, {})[row["key"]] = row
    records = [at for place, at in enumerate(rounds) if at > max(rounds[:place], default=0)]
    return _Kept(held, timelines, rows, book.editions, records, last)


def _of_ticket(ticket: int, events: list[Event], rows: Mapping[str, Row], kept: _Kept) -> Iterator[str]:
    yield from _of_levels(ticket, events, rows, kept)
    yield from _of_wakes(ticket, events, rows, kept)
    for name, wanted, first, every in _automations(kept.editions[max(kept.editions)]):
        spells = list(_spells(events, wanted))
        mine = {key: row for key, row in rows.items() if key.startswith(f"auto/{ticket}/{name}/")}
        for seq, begin, end in spells:
            prefix = f"auto/{ticket}/{name}/{seq}/"
            steps = {
                int(key.removeprefix(prefix)): mine.pop(key) for key in list(mine) if key.startswith(prefix)
            }
            yield from _of_spell(prefix, _Steps(first(begin), every, end), steps, kept.rounds)
        yield from (f"{key} belongs to nothing" for key in mine)


# -- levels


def _of_levels(ticket: int, events: list[Event], rows: Mapping[str, Row], kept: _Kept) -> Iterator[str]:
    """Each crossing of the whole timeline has a row; each row is what a look at its instant had to see."""
    report = fold(events, kept.editions, kept.last)
    promised = {each.key_of(ticket) for each in report.crossings if each.level.do}
    mine = {key: row for key, row in rows.items() if key.split("/")[0] in ("sla", "ola", "uc")}
    yield from (f"{key} is missing" for key in promised - mine.keys())
    for key, row in mine.items():
        seen = _seen_at(row["fired_at"], events, kept.editions, key.replace(f"/{ticket}/", "/", 1))
        if (row["nominal_at"], row["outcome"] == "skipped_done") not in seen:
            yield f"{key} is {row['outcome']} of {row['nominal_at']}, but it was {seen}"


def _seen_at(
    at: int, events: list[Event], editions: Mapping[int, RuleBook], key: str
) -> set[tuple[int, bool]]:
    """When a level was crossed and whether all is over, by looks at `at`: between any events then."""
    first, last = (cut(events, at, key=lambda event: event.at) for cut in (bisect_left, bisect_right))
    reports = [fold(events[:place], editions, at) for place in range(max(first, 1), last + 1)]
    return {
        (each.nominal_at, each.stopped) for report in reports for each in report.crossings if each.key == key
    }


# -- automations


class _Steps(NamedTuple):
    """What is due in a spell: `first`, then `every` so many open seconds; nothing after `end`."""

    first: int
    every: tuple[int, Calendar]
    end: float

    def latest(self, at: int) -> int:
        """The last step that is due at `at`; -1 for none."""
        seconds, calendar = self.every
        if at < self.first:
            return -1
        step = 0
        while seconds and calendar.add(self.first, (step + 1) * seconds) <= at:
            step += 1
        return step


def _automations(
    rules: RuleBook,
) -> tuple[tuple[str, Callable[[str, str], bool], Callable[[int], int], tuple[int, Calendar]], ...]:
    """Of each automation of `month.RULES`: what it waits for, when it is due, how often again."""
    office, berlin = rules.calendars["office"], rules.calendars["berlin"]
    half = 12 * HOUR
    return (
        ("nudge", lambda status, _: status == "pending", lambda at: berlin.add(at, half), (half, berlin)),
        (
            "auto-close",
            lambda status, _: status == "resolved",
            lambda at: office.end_of_business_day(at, 2),
            (0, ALWAYS),
        ),
        (
            "forgotten",
            lambda status, priority: (status, priority) == ("open", "P4"),
            lambda at: at + 30 * HOUR,
            (0, ALWAYS),
        ),
    )


def _spells(events: list[Event], wanted: Callable[[str, str], bool]) -> Iterator[tuple[int, int, float]]:
    """Number and instant of each anchor, and until when it was one."""
    status, priority = "new", ""
    anchor: tuple[int, int] | None = None
    for event in events:
        data = event.data
        if event.kind == "created":
            status, priority = data.get("status", "new"), data["priority"]
        elif event.kind == "status":
            status = data["new"]
        elif event.kind == "field" and data["name"] == "priority":
            priority = data["new"]
        said = event.kind == "message" and data["public"] and not data.get("auto")
        answered = said and data["side"] == "agent"
        if anchor is not None and (answered or not wanted(status, priority)):
            yield (*anchor, event.at)
            anchor = None
        if anchor is None and wanted(status, priority):
            anchor = event.seq, event.at
    if anchor is not None:
        yield (*anchor, float("inf"))


def _of_spell(prefix: str, due: _Steps, steps: Mapping[int, Row], rounds: list[int]) -> Iterator[str]:
    """Of the steps that were missed the last is done, at the first look; each look finds nothing left."""
    for step, row in steps.items():
        if due.latest(row["fired_at"]) != step or row["fired_at"] > due.end:
            yield f"{prefix}{step} was done at {row['fired_at']}"
    for at in rounds[bisect_right(rounds, due.first - 1) :]:
        if at >= due.end:
            break
        done = [step for step, row in steps.items() if row["fired_at"] <= at]
        if max(done, default=-1) < due.latest(at):
            yield f"{prefix}{due.latest(at)} is missing at {at}"
            break


# -- waking up, recurring tickets


def _of_wakes(ticket: int, events: list[Event], rows: Mapping[str, Row], kept: _Kept) -> Iterator[str]:
    """A ticket that waits until some time wakes at the first look from then on, or was woken before."""
    waits: tuple[int, int] | None = None
    woken = {key for key in rows if key.startswith("wake/")}
    for event in (*events, None):
        until = event.data.get("until") if event is not None and event.kind == "status" else None
        if event is not None and event.kind == "field" and event.data["name"] == "wake_at":
            until = int(event.data["new"])
        if event is not None and event.kind != "status" and until is None:
            continue
        if waits is not None:
            key, end = f"wake/{ticket}/{waits[0]}", event.at if event is not None else float("inf")
            asleep = any(waits[1] <= at < end for at in kept.rounds)
            if key in woken:
                woken.discard(key)
                if event is None or event.at != rows[key]["fired_at"] or event.because != "lifecycle":
                    yield f"{key} woke nothing"
            elif asleep:
                yield f"{key} is missing"
        waits = (event.seq, until) if event is not None and until else None
    yield from (f"{key} belongs to nothing" for key in woken)


def _of_recurring(kept: _Kept) -> Iterator[str]:
    """One row for each morning at seven since the rules are in force, one ticket for each look after it."""
    zone = ZoneInfo("America/New_York")
    since = min(event.at for event in kept.timelines[1] if event.kind == "created")
    morning = datetime.fromtimestamp(since, zone).replace(hour=7, minute=0, second=0)
    mornings: list[int] = []
    while morning.timestamp() <= kept.last:
        mornings += [int(morning.timestamp())]
        morning += timedelta(days=1)  # the same wall time
    rows = {row["nominal_at"]: row for each in kept.rows.values() for row in each.values() if _recurs(row)}
    yield from (f"recurring of {at} is missing" for at in mornings if at > kept.rounds[0] and at not in rows)
    yield from (f"recurring of {at} was never due" for at in rows.keys() - set(mornings))
    for at in rows:
        seen = next((each for each in kept.rounds if each >= at), kept.last)
        last = [each for each in mornings if each <= seen][-1]
        if (rows[at]["outcome"] == "done") != (at == last):
            yield f"recurring of {at}: {rows[at]['outcome']}"


def _recurs(row: Row) -> bool:
    return bool(row["key"].startswith("recur/"))


# -- what the acts left behind


def _of_effects(kept: _Kept) -> Iterator[str]:
    """Each act wrote its note once, told its person once and opened its ticket once; no other was made."""
    acted = [row for each in kept.rows.values() for row in each.values() if row["outcome"] not in _SKIPPED]
    noted = Counter(
        (row["ticket_id"], row["rule"]) for row in acted if row["rule"].split()[0] in ("level", "automation")
    )
    notes = Counter(
        (row["ticket_id"], row["because"])
        for row in kept.held["events"]
        if row["kind"] == "message" and row["because"].split()[0] in ("level", "automation")
    )
    for who in noted.keys() | notes.keys():
        if noted[who] != notes[who]:
            yield f"{who}: {noted[who]} acts, {notes[who]} notes"
    yield from _of_notices(kept, acted)
    opened = Counter(
        row["ticket_id"]
        for row in kept.held["events"]
        if row["kind"] == "created" and row["because"].startswith("recurring ")
    )
    tickets = Counter(row["ticket_id"] for row in acted if _recurs(row))
    if opened != tickets or any(count > 1 for count in opened.values()):
        yield f"recurring tickets {opened} for {tickets}"


def _of_notices(kept: _Kept, acted: list[Row]) -> Iterator[str]:
    """What several levels tell one person at once is one notice that says how many they were."""
    told: Counter[Any] = Counter()
    for row in kept.held["outbox"]:
        word = row["because"].split()[0]
        if row["kind"] == "notify":
            told[row["ticket_id"], word, row["to"]] += json.loads(row["payload"]).get("levels", 1)
    asked = Counter(
        (row["ticket_id"], row["rule"].split()[0], to) for row in acted if (to := _told_by(row["rule"]))
    )
    for who in told.keys() | asked.keys():
        if told[who] != asked[who]:
            yield f"{who}: {asked[who]} acts, {told[who]} notices"


def _told_by(rule: str) -> str:
    kind, _, name = rule.partition("@")[0].partition(" ")
    if kind == "level":
        return "omar" if name.startswith("apps-own/") else "lee"
    return "kim" if name == "nudge" else ""
