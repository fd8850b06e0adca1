"""Casting: which story, told by whom, each ticket is."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from deskterm.demo.course import Cast
from deskterm.demo.festivals import calendar_day
from deskterm.demo.hours import DAY, local
from deskterm.demo.house import Caller, House
from deskterm.demo.stories import Story, Talk, stories
from deskterm.demo.traffic import Stream
from deskterm.demo.words import Pools, Words, pools

__all__ = ["Casting", "Wish"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a ticket must offer: signs in its talk, a channel, a refused solution, a story."""

    signs: str = ""
    channels: tuple[str, ...] = ()
    again: str = ""
    story: str = ""


ANY = Wish()


class Casting:
    """Chooses story, talk, caller and channel for one ticket after another."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._pools: Pools = pools()
        self._stories = {story.id: story for story in stories()}
        self._repertoire: dict[tuple[str, str], tuple[list[Story], list[int]]] = {}

    def cast(self, number: int, rng: Random, stream: Stream, at: int, wish: Wish = ANY) -> Cast:
        """A ticket that comes at that instant and fits the wish."""
        while True:
            story = self._stories[wish.story] if wish.story else self._story(rng, stream, at)
            talk = _talk(story.tellings[stream.lang].talks, wish.signs, rng)
            channel = _channel(story, wish, rng)
            if talk is not None and channel and (story.again or not wish.again):
                break
        caller = None if channel in ("alert", "junk") else self._caller(rng, stream, wish)
        words = Words(rng, stream.lang, self._pools, caller)
        return Cast(
            number=number,
            house=self._house,
            rng=rng,
            words=words,
            desk=stream.desk,
            lang=stream.lang,
            story=story,
            talk=talk,
            channel=channel,
            caller=caller,
            again=wish.again,
        )

    def _story(self, rng: Random, stream: Stream, at: int) -> Story:
        key = (stream.desk, stream.lang)
        if key not in self._repertoire:
            told = [
                story
                for story in self._stories.values()
                if stream.desk in story.desks and stream.lang in story.tellings
            ]
            self._repertoire[key] = told, [story.weight for story in told]
        told, weights = self._repertoire[key]
        story = rng.choices(told, weights)[0]
        if story.season and not _month_end(at, stream.zone) and rng.random() < 0.6:
            return self._story(rng, stream, at)
        return story

    def _caller(self, rng: Random, stream: Stream, wish: Wish) -> Caller:
        callers = self._house.of(stream.desk, stream.lang)
        if wish.story:
            callers = [each for each in callers if each.site in ("Berlin", "Hamburg")]
        return rng.choices(callers, [1 + each.contact.id * 7 % 4 for each in callers])[0]


def _talk(talks: Sequence[Talk], signs: str, rng: Random) -> int | None:
    fitting = [place for place, talk in enumerate(talks) if _has(talk, signs)]
    return rng.choice(fitting) if fitting else None


def _has(talk: Talk, signs: str) -> bool:
    """True when the talk holds the signs in that order."""
    rest = iter(step.sign for step in talk)
    return all(any(sign == each for each in rest) for sign in signs)


def _channel(story: Story, wish: Wish, rng: Random) -> str:
    fitting = [each for each in story.channels if not wish.channels or each in wish.channels]
    return rng.choice(fitting) if fitting else ""


def _month_end(at: int, zone: str) -> bool:
    day = calendar_day(local(at, zone) // DAY).day
    return day <= 3 or day >= 26
