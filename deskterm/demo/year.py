"""The year: all plays of the demo desk, from a year ago until now."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from deskterm.demo.casting import Casting, Wish
from deskterm.demo.course import Cast, beats
from deskterm.demo.fates import Fate, each_fate
from deskterm.demo.festivals import follows
from deskterm.demo.hours import DAY, local
from deskterm.demo.house import House
from deskterm.demo.pace import Pace
from deskterm.demo.play import Beat, Play
from deskterm.demo.scenes import scenes
from deskterm.demo.traffic import STREAMS, YEAR, Stream, Traffic
from deskterm.rules import actions as a
from deskterm.rules.terms import DEFAULT_TERMS

__all__ = ["Year"]

TICKETS = 2000
OUTAGE_TICKETS = 26
OUTAGE_DAYS_AGO = 97
LATELY = 6 * DAY
HOUR = 3600
MINUTE = 60
SHARES = [stream.share for stream in STREAMS]


class Year:
    """Plays every ticket once; the same `now` (an instant) gives the same year."""

    def __init__(self, house: House, now: int) -> None:
        self._house = house
        self._now = now
        self._casting = Casting(house)
        self._traffic = {stream: Traffic(stream, now) for stream in STREAMS}

    def plays(self) -> list[Play]:
        """All tickets in the order in which they were opened."""
        plays = list(scenes(self._house, self._now, 1))
        plays += [self._fated(fate, number) for number, fate in enumerate(each_fate(), len(plays) + 1)]
        plays += [self._outage(number) for number in range(len(plays) + 1, len(plays) + 1 + OUTAGE_TICKETS)]
        plays += [self._over(number) for number in range(len(plays) + 1, TICKETS + 1)]
        return sorted(plays, key=lambda play: (play.opened_at, play.number))

    def _over(self, number: int) -> Play:
        """A ticket that is solved by now; one that came too late for that came earlier instead."""
        rng = Random(f"over/{number}")
        created = self._now - 3 * HOUR
        late = rng.choices(("", "answer", "solve"), (0.855, 0.045, 0.1))[0]
        again = rng.choice(("reject", "reject", "reply", "closed")) if rng.random() < 0.06 else ""
        withdrawn = rng.random() < 0.012
        while True:
            stream = rng.choices(STREAMS, SHARES)[0]
            created = self._arrival(rng, stream, created)
            for hurry in (1.0, 0.4, 0.1):
                cast = self._casting.cast(number, rng, stream, created, Wish(again=again))
                cast.withdrawn = withdrawn
                play = self._played(cast, beats(cast), created, stream, hurry, late)
                if play.ticket is not None and not DEFAULT_TERMS.is_open(play.ticket.status):
                    return play

    def _arrival(self, rng: Random, stream: Stream, before: int) -> int:
        """When a solved ticket came; much of what came lately is still open."""
        while True:
            created = self._traffic[stream].draw(rng, self._now - YEAR, before)
            if created < self._now - LATELY or rng.random() < 0.55:
                return created

    def _fated(self, fate: Fate, number: int) -> Play:
        """A ticket that is open right now, just so; tried until it is."""
        rng = Random(f"{fate.name}/{number}")
        while True:
            stream = rng.choices(STREAMS, SHARES)[0]
            oldest, newest = (self._now - int(fate.ages[place]) for place in (1, 0))
            created = self._traffic[stream].draw(rng, oldest, newest)
            wish = Wish(fate.signs, fate.channels, fate.again)
            cast = self._casting.cast(number, rng, stream, created, wish)
            steps = fate.cut(beats(cast), rng, self._now - created, self._now)
            play = self._played(cast, steps, created, stream, rng.choice((1.0, 0.5, 0.25)))
            if play.done == len(steps) > 0 and fate.accepts(play.past(self._now).ticket, self._now):
                return play

    def _outage(self, number: int) -> Play:
        """One of many who wrote the same on the day of the outage."""
        rng = Random(f"outage/{number}")
        stream = STREAMS[0]
        began = _morning(self._now - OUTAGE_DAYS_AGO * DAY, stream.zone)
        created = began + int(min(rng.expovariate(1 / (35 * MINUTE)), 3 * HOUR))
        cast = self._casting.cast(number, rng, stream, created, Wish(story="site-down"))
        cast.words["hour"] = "nine"
        end = began + 4 * HOUR + rng.randrange(10, 50) * MINUTE
        steps = [
            replace(step, at=end) if isinstance(step.action, a.Resolve) else step for step in beats(cast)
        ]
        return self._played(cast, steps, created, stream)

    def _played(
        self,
        cast: Cast,
        steps: Sequence[Beat],
        created: int,
        stream: Stream,
        hurry: float = 1.0,
        late: str = "",
    ) -> Play:
        """The play of these steps, up to the first one that would lie in the future."""
        zone = cast.caller.contact.tz if cast.caller else stream.zone
        pace = Pace(cast.rng, zone, hurry)
        play = Play(cast.number, self._house.book, cast.caller)
        for step in steps:
            ticket = play.ticket
            if ticket is None:
                at = created
            elif step.at is not None:
                at = max(step.at, play.at + MINUTE)
            else:
                missed = "" if late == "answer" and ticket.first_response_at else late
                at = pace.moment(step.pace, play.at, ticket, missed)
            if at > self._now:
                break
            play.perform(step, at)
        return play


def _morning(at: int, zone: str) -> int:
    """Two minutes past nine on the Tuesday to Thursday nearest before."""
    clock = local(at, zone)
    day = clock // DAY
    while not 1 <= follows(day, "en") <= 3:
        day -= 1
    return at + (day - clock // DAY) * DAY + 9 * HOUR + 2 * MINUTE - clock % DAY
