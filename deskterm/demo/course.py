"""Course: from a story to the beats of one ticket, from its arrival to its end."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from deskterm.demo.house import Caller, House, Member
from deskterm.demo.play import Beat
from deskterm.demo.stories import Step, Story, Talk
from deskterm.demo.words import Words
from deskterm.rules import actions as a
from deskterm.rules.facts import SYSTEM, Actor

__all__ = ["Cast", "beats"]

DAY = 86400


@dataclass(slots=True)
class Cast:
    """What one ticket is about and who takes part; `again` is how a solution is refused, if it is."""

    number: int
    house: House
    rng: Random
    words: Words
    desk: str
    lang: str
    story: Story
    talk: int
    channel: str
    caller: Caller | None
    again: str = ""
    withdrawn: bool = False
    agent: Member = field(init=False)
    triager: Member = field(init=False)
    queue: str = field(init=False)

    def __post_init__(self) -> None:
        self.queue = self.story.queue if self.desk != "care" or self.story.queue == "refunds" else self.entry
        self.agent = self.rng.choice(self.house.members(self.group, self.lang))
        self.triager = self.rng.choice(self.house.members(self.front, self.lang))

    @property
    def front(self) -> str:
        """The group that sees everything first."""
        return "care" if self.desk == "care" else "service-desk"

    @property
    def group(self) -> str:
        """The group that works its queue."""
        return self.house.group_of(self.queue)

    @property
    def entry(self) -> str:
        """The queue into which mail and chat come."""
        return ("care-cn" if self.lang == "zh" else "care-us") if self.desk == "care" else "triage"

    @property
    def lines(self) -> Talk:
        """The steps of its talk."""
        return self.story.tellings[self.lang].talks[self.talk]

    def letter(self, text: str, *, by: str) -> str:
        """`text` as a letter by "agent" or "caller" where the channel has room for one."""
        greeted = text.startswith(("您好", "Dear "))
        if greeted or self.channel not in ("mail", "web") or self.rng.random() < 0.25:
            return text
        head, foot = ("hello", "regards") if by == "agent" else ("dear", "yours")
        self.words["agent"] = self.agent.sign[self.lang]
        return f"{self.words.any(head)}\n\n{text}\n\n{self.words.any(foot)}"


def beats(cast: Cast) -> list[Beat]:
    """Everything that happens to the ticket unless somebody stops looking."""
    steps = [_opened(cast), *_repeated(cast), *_sorted(cast)]
    if cast.withdrawn and cast.caller is not None:
        return [*steps, *_withdrawn(cast)]
    if cast.lines[0].sign != "x":
        steps.append(_claimed(cast))
        if cast.rng.random() < 0.04:
            steps += _moved(cast)
    for step in cast.lines:
        steps += _played(step, cast)
    if cast.lines[-1].sign == "=":
        steps += [*_refused(cast), *_ended(cast)]
    return _after_vendor(steps)


_CHOOSING = ("web", "api")  # ways in that ask for the queue


def _opened(cast: Cast) -> Beat:
    telling, words, rng = cast.story.tellings[cast.lang], cast.words, cast.rng
    subject = words.fill(telling.subject(cast.talk, rng))
    body = words.fill(telling.body(cast.talk, rng))
    by_hand = cast.channel in ("phone", "walk-in")
    known = by_hand or cast.channel == "alert"  # requesters file nothing themselves
    filing = _filing(cast) if known else {}
    action = a.OpenTicket(
        subject=subject,
        body=body if by_hand or cast.caller is None else cast.letter(body, by="caller"),
        requester=cast.caller.address if cast.caller else "",
        queue=cast.queue if known or cast.channel in _CHOOSING else cast.entry,
        channel="mail" if cast.channel == "junk" else cast.channel,
        tags=cast.story.tags if known else (),
        custom=_custom(cast) if known else {},
        dedupe_key=f"{cast.story.id}/{cast.number}" if cast.channel == "alert" else "",
        type=filing.get("type"),
        category=filing.get("category"),
        impact=filing.get("impact"),
        urgency=filing.get("urgency"),
    )
    if cast.caller is None:
        return Beat(SYSTEM, action, "arrive")
    return Beat(cast.triager.actor if by_hand else cast.caller.actor, action, "arrive")


def _filing(cast: Cast) -> dict[str, str]:
    """Type, category, impact and urgency; important people are in a hurry."""
    impact, urgency = cast.rng.choice(cast.story.levels)
    if cast.caller is not None and cast.caller.contact.vip and cast.rng.random() < 0.5:
        urgency = "medium" if urgency == "low" else "high"
    if urgency == "high" and cast.queue != "major" and any(step.sign == "~" for step in cast.lines):
        urgency = "medium"  # what can wait for a vendor is not that urgent
    if cast.rng.random() < 0.35:
        impact, urgency = impact.replace("low", "medium"), urgency.replace("low", "medium")
    return {
        "type": cast.story.type,
        "category": cast.story.category,
        "impact": impact,
        "urgency": urgency,
    }


def _custom(cast: Cast) -> dict[str, str]:
    return {name: cast.words[name] for name in cast.story.custom}


def _repeated(cast: Cast) -> Iterator[Beat]:
    """The same alert once more, while the first one is still open."""
    if cast.channel == "alert":
        for _ in range(cast.rng.choice((0, 0, 1, 2))):
            text = cast.words.fill(cast.story.tellings[cast.lang].body(cast.talk, cast.rng))
            again = a.OpenTicket(text, channel="alert", dedupe_key=f"{cast.story.id}/{cast.number}")
            yield Beat(SYSTEM, again, "repeat")


def _sorted(cast: Cast) -> Iterator[Beat]:
    """Requesters tell nothing but words: somebody reads them and files the ticket."""
    if cast.channel not in ("mail", "chat", "junk", *_CHOOSING) or cast.lines[0].sign == "x":
        return
    fields = {"queue": cast.queue} if cast.queue != cast.entry else {}
    fields |= _filing(cast)
    if cast.lang == "zh" and cast.rng.random() < 0.4:
        fields["lang"] = "zh"
    fields |= {f"cf.{name}": value for name, value in _custom(cast).items()}
    yield Beat(cast.triager.actor, a.SetFields(cast.number, fields), "triage")
    if cast.story.tags and cast.rng.random() < 0.5:
        yield Beat(cast.triager.actor, a.Tag(cast.number, add=cast.story.tags), "soon")


def _claimed(cast: Cast) -> Beat:
    """Somebody takes it, or the lead hands it out."""
    by = cast.house.lead(cast.group, cast.lang) if cast.rng.random() < 0.25 else cast.agent
    return Beat(by.actor, a.Assign(cast.number, agent=cast.agent.agent.login), "claim")


def _moved(cast: Cast) -> Iterator[Beat]:
    others = [each for each in cast.house.members(cast.group, cast.lang) if each is not cast.agent]
    if others:
        before, cast.agent = cast.agent, cast.rng.choice(others)
        yield Beat(before.actor, a.Note(cast.number, cast.words.any("handover"), channel="tui"), "work")
        yield Beat(before.actor, a.Assign(cast.number, agent=cast.agent.agent.login), "soon")


def _played(step: Step, cast: Cast) -> Iterator[Beat]:
    number, text, actor = cast.number, cast.words.fill(step.text), cast.agent.actor
    match step.sign:
        case ">" | "?":
            yield Beat(actor, a.Reply(number, cast.letter(text, by="agent"), channel="tui"), "answer")
            if step.sign == "?":
                yield _pending(cast, actor)
        case "<" if cast.caller is not None:
            channel = cast.channel if cast.channel in ("web", "chat", "api") else "mail"
            yield Beat(cast.caller.actor, a.Reply(number, text, channel=channel), "requester")
        case "#":
            yield Beat(actor, a.Note(number, text, channel="tui"), "work")
        case "@":
            yield Beat(cast.house.crew["ida"].actor, a.Note(number, text, channel="tui"), "work")
        case "~":
            wake = cast.rng.choice((0, 6 * DAY, 8 * DAY))
            yield Beat(actor, a.Hold(number, text, cast.story.vendor), "work", wake)
        case "!":
            yield from _handed_over(text, cast)
        case "*":
            name, _, value = text.partition("=")
            yield Beat(actor, a.SetFields(number, {name: value}), "soon")
        case "=":
            yield _resolved(text, cast)
        case "x":
            lead = cast.house.lead(cast.front, cast.lang)
            yield Beat(lead.actor, a.Cancel(number, text), "triage")


def _pending(cast: Cast, actor: Actor) -> Beat:
    wake = cast.rng.choice((0, 5 * DAY, 7 * DAY))
    return Beat(actor, a.Pend(cast.number, cast.words.any("asked")), "soon", wake)


def _handed_over(text: str, cast: Cast) -> Iterator[Beat]:
    group, _, words = text.partition(": ")
    before = cast.agent.actor
    if group == cast.desk:
        cast.agent = cast.house.lead(group, cast.lang)
    else:
        cast.agent = cast.rng.choice(cast.house.members(group, cast.lang))
    yield Beat(before, a.Note(cast.number, words, channel="tui"), "work")
    yield Beat(before, a.Assign(cast.number, cast.agent.agent.login, group), "soon")


def _resolved(text: str, cast: Cast) -> Beat:
    cause, solution, *reply = (part.strip() for part in text.split("|"))
    letter = cast.letter(reply[0], by="agent") if reply and cast.caller else ""
    return Beat(cast.agent.actor, a.Resolve(cast.number, cause, solution, letter), "solve")


def _refused(cast: Cast) -> Iterator[Beat]:
    """The solution did not hold: said at once, or days after it was confirmed."""
    if not cast.again or not cast.story.again or cast.caller is None:
        return
    number, requester = cast.number, cast.caller.actor
    complaint, answer, cause, solution, reply = cast.words.again(cast.story.again)
    if cast.again == "closed":
        yield Beat(requester, a.Confirm(number, cast.words.any("thanks")), "verify")
        back = f"{cast.words.any('back')} {complaint}"
        yield Beat(requester, a.Reply(number, back, channel="mail"), "return")
    elif cast.again == "reply":
        yield Beat(requester, a.Reply(number, complaint, channel="mail"), "verify")
    else:
        yield Beat(requester, a.Reject(number, complaint), "verify")
    yield Beat(cast.agent.actor, a.Reply(number, cast.letter(answer, by="agent"), channel="tui"), "answer")
    yield _resolved(f"{cause} | {solution} | {reply}", cast)


def _ended(cast: Cast) -> Iterator[Beat]:
    """The requester confirms, or three business days pass."""
    if cast.caller is not None and cast.rng.random() < 0.5:
        comment = cast.words.any("thanks") if cast.rng.random() < 0.7 else ""
        yield Beat(cast.caller.actor, a.Confirm(cast.number, comment), "verify")
    else:
        yield Beat(
            SYSTEM, a.Close(cast.number, cast.words.any("silence" if cast.caller else "settled")), "timer"
        )


def _withdrawn(cast: Cast) -> Iterator[Beat]:
    if cast.caller is not None:
        words = cast.words.any("withdrawn")
        yield Beat(cast.caller.actor, a.Reply(cast.number, words, channel="mail"), "requester")
        lead = cast.house.lead(cast.front, cast.lang)
        yield Beat(lead.actor, a.Cancel(cast.number, cast.words.any("withdrawn_reason")), "claim")


def _after_vendor(steps: list[Beat]) -> list[Beat]:
    """What follows a hold takes as long as the vendor does."""
    for place, step in enumerate(steps[:-1]):
        if isinstance(step.action, a.Hold):
            after = steps[place + 1]
            steps[place + 1] = Beat(after.actor, after.action, "vendor", after.wake)
    return steps
