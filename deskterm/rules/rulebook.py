"""The rule book: what a rule file says, as frozen values; `rulefile.load` builds it, all others read it.

Every rule keeps the line it starts on, so that whoever asks "why?" is shown the place. Conditions are trees
of the query language; instants and durations are seconds, days of a calendar are ISO dates.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from deskterm.rules.facts import EMPTY
from deskterm.rules.query.ast import EVERYTHING, Node
from deskterm.rules.terms import DEFAULT_TERMS, Terms

if TYPE_CHECKING:
    from deskterm.rules.calendar import Calendar

__all__ = [
    "Act",
    "Assign",
    "Automation",
    "Blueprint",
    "Capacity",
    "Classify",
    "GroupRule",
    "Level",
    "Lifecycle",
    "Macro",
    "Ola",
    "Policy",
    "Recurring",
    "Route",
    "RuleBook",
    "RuleTest",
    "Stage",
    "Status",
    "Template",
    "Trigger",
    "Uc",
    "Wait",
]


class Act(NamedTuple):
    """One entry of a `do`: a verb of rules.md 1.4 with its value, e.g. Act("add_tags", ("vpn",)).

    notify: a tuple of recipients (assignee, lead, requester, group:NAME, agent:LOGIN, a login)
    · set: a mapping field -> value ("+1"/"-1" moves a priority)
    · reassign: "lead", "person:LOGIN", "group:NAME" or "route" · add_tags, remove_tags: a tuple of tags
    · note: text with placeholders · reply: the id of a template · webhook: a name
    · create_child: a mapping of fields of the new ticket.
    `auto` marks a message as automatic, `force` lets it override what a person chose.
    """

    verb: str
    value: Any
    auto: bool = False
    force: bool = False
    line: int = 0


class Level(NamedTuple):
    """A position on the elapsed axis of a metric and what to do there.

    `basis` "percent": `amount` per cent of the target, rounded up · "offset": target + `amount` seconds,
    not below 0 · "wall": due + `amount` seconds of wall time. `late`: what to do after an outage.
    """

    id: str
    metric: str
    basis: str
    amount: int
    do: tuple[Act, ...] = ()
    late: str = "collapse"
    line: int = 0

    @property
    def warns(self) -> bool:
        """True for a level in front of the breach."""
        return self.amount < {"percent": 100, "offset": 0}.get(self.basis, self.amount)

    def position(self, target: int) -> int:
        """Where it lies on the elapsed axis, in seconds; of a wall level: where the wait for it begins."""
        if self.basis == "percent":
            return -(-target * self.amount // 100)
        return max(0, target + self.amount) if self.basis == "offset" else target


class Policy(NamedTuple):
    """An SLA policy: targets[priority][metric] in open seconds of `calendar`, and the pauses per metric.

    It applies from `valid_from` until before `valid_until` (instants; None: no limit).
    """

    id: str
    when: Node = EVERYTHING
    calendar: str = "always"
    targets: Mapping[str, Mapping[str, int]] = EMPTY
    pause: Mapping[str, frozenset[str]] = EMPTY
    reopen: str = "new_cycle"  # or "resume", "ignore"
    on_resolve: str = "stop"  # or "cancel": what resolving does to an open first or next response
    levels: tuple[Level, ...] = ()
    valid_from: int | None = None
    valid_until: int | None = None
    line: int = 0


class Ola(NamedTuple):
    """An internal target per stay in `group`: "own" (entered -> taken up), "work" (entered -> left)."""

    id: str
    group: str
    calendar: str
    targets: Mapping[str, int]
    levels: tuple[Level, ...] = ()
    line: int = 0


class Uc(NamedTuple):
    """A vendor's contract: its clocks run while `when` holds."""

    id: str
    when: Node
    calendar: str
    targets: Mapping[str, int]
    levels: tuple[Level, ...] = ()
    line: int = 0


class GroupRule(NamedTuple):
    """What a rule file says of a group: its lead (a login) and the skills its work needs."""

    name: str
    lead: str = ""
    skills: tuple[str, ...] = ()
    line: int = 0


class Classify(NamedTuple):
    """All matching ones run. `set` overrides what was submitted, `fill` only what is empty."""

    id: str
    when: Node
    set: Mapping[str, str] = EMPTY
    fill: Mapping[str, str] = EMPTY
    add_tags: tuple[str, ...] = ()
    override: bool = False
    line: int = 0


class Assign(NamedTuple):
    """How a route chooses: `need` and `prefer` are skill -> level, `sticky` is wall seconds (0: not)."""

    by: str = "none"  # person, round_robin, least_loaded, best_skill
    person: str = ""
    need: Mapping[str, int] = EMPTY
    prefer: Mapping[str, int] = EMPTY
    relax: tuple[str, ...] = ()
    sticky: int = 0


class Route(NamedTuple):
    """The first matching one decides; one that continues only sets fields."""

    id: str
    when: Node
    queue: str = ""
    group: str = ""
    assign: Assign = Assign()
    set: Mapping[str, str] = EMPTY
    add_tags: tuple[str, ...] = ()
    goes_on: bool = False
    line: int = 0


class Capacity(NamedTuple):
    """How much work an agent may have: `cap` unless his own is set, weights by priority and channel."""

    cap: int = 0  # 0: no limit
    priority: Mapping[str, int] = EMPTY
    channel: Mapping[str, int] = EMPTY

    def weight(self, priority: str, channel: str) -> int:
        """The weight of a ticket: the greater of both, 1 where nothing is said."""
        return max(self.priority.get(priority, 1), self.channel.get(channel, 1))


class Trigger(NamedTuple):
    """Acts on events of the kinds `on` (created, updated, message, children_done) when `when` holds."""

    id: str
    on: tuple[str, ...]
    when: Node
    do: tuple[Act, ...]
    line: int = 0


class Wait(NamedTuple):
    """A wait of open seconds, or of business days (until the closing of the n-th one); of wall seconds."""

    seconds: int = 0
    business_days: int = 0
    wall: bool = False


class Automation(NamedTuple):
    """Acts `after` a wait since `anchor` became true, then again `every` so many open seconds (0: once)."""

    id: str
    anchor: Node
    after: Wait
    calendar: str
    do: tuple[Act, ...]
    when: Node = EVERYTHING
    every: int = 0
    line: int = 0


class Macro(NamedTuple):
    """What a person presses: offered where `when` holds, asks for `ask` (names of placeholders) first."""

    id: str
    name: str
    when: Node
    do: tuple[Act, ...]
    ask: tuple[str, ...] = ()
    line: int = 0


class Template(NamedTuple):
    """A canned response: text per language ("" is the one for every other), with {{placeholders}}."""

    id: str
    name: str
    texts: Mapping[str, str]
    queue: str = ""
    line: int = 0


class Recurring(NamedTuple):
    """Opens a ticket per occurrence of `schedule` ("2nd mon 09:00") in the zone `tz`."""

    id: str
    schedule: str
    tz: str
    ticket: Mapping[str, Any]
    skip_if_open: bool = False
    line: int = 0


class Status(NamedTuple):
    """An extra status in a category with the moves into and out of it and the roles that may make them."""

    id: str
    category: str
    comes_from: tuple[str, ...]
    goes_to: tuple[str, ...]
    who: tuple[str, ...] = ("agent", "lead")
    line: int = 0


class Lifecycle(NamedTuple):
    """What moves need; `reopen_window` in wall seconds, `reopen_ignore` a condition on a reply that reopens
    nothing."""

    resolve_needs: tuple[str, ...] = ("cause", "solution")
    verify: bool = True
    reopen_window: int = 7 * 86400
    reopen_ignore: Node | None = None
    statuses: tuple[Status, ...] = ()


class Stage(NamedTuple):
    """A stage of a blueprint: the status it stands for, where it leads, who may move there, what that needs.

    `limit` is open seconds of `calendar` that a ticket may stay in it (0: no limit), `do` what happens then.
    """

    id: str
    status: str
    goes_to: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    limit: int = 0
    calendar: str = "always"
    do: tuple[Act, ...] = ()
    line: int = 0


class Blueprint(NamedTuple):
    """The guided process of one ticket type; the first stage is where a ticket begins."""

    id: str
    type: str
    stages: tuple[Stage, ...]
    line: int = 0


class RuleTest(NamedTuple):
    """A [[test]] block as it stands in the file; `rulefile.tests` runs it."""

    name: str
    table: Mapping[str, Any]
    line: int = 0


class RuleBook(NamedTuple):
    """Everything a rule file says. `rev` 0 is the book of a desk that never had rules of its own."""

    name: str = ""
    rev: int = 0
    desk: str = ""
    timezone: str = "UTC"
    terms: Terms = DEFAULT_TERMS
    calendars: "Mapping[str, Calendar]" = EMPTY
    groups: Mapping[str, GroupRule] = EMPTY
    capacity: Capacity = Capacity()
    classify: tuple[Classify, ...] = ()
    routes: tuple[Route, ...] = ()
    policies: tuple[Policy, ...] = ()
    olas: tuple[Ola, ...] = ()
    ucs: tuple[Uc, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    automations: tuple[Automation, ...] = ()
    macros: tuple[Macro, ...] = ()
    templates: Mapping[str, Template] = EMPTY
    recurring: tuple[Recurring, ...] = ()
    lifecycle: Lifecycle = Lifecycle()
    blueprints: tuple[Blueprint, ...] = ()
    tests: tuple[RuleTest, ...] = ()
    lines: Mapping[str, int] = EMPTY  # of what has none of its own, by name: office/holidays/12-25

    def policy(self, name: str) -> Policy | None:
        """The SLA policy with that id, None when this book has none."""
        return next((each for each in self.policies if each.id == name), None)

    def place(self, line: int) -> str:
        """FILE:LINE of a rule, as errors and explanations name it."""
        return f"{self.name}:{line}" if line else self.name
