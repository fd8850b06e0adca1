"""Canned responses: text with {{placeholders}}, per language; values go in as they are and are read no more.

{{requester.first_name}}          a value; refused when the ticket has none
{{requester.first_name|there}}    a value, or what stands behind the bar
{note}                            in the texts of a macro: an answer of whoever pressed it
"""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from deskterm.rules.changes import NEW, NUMBER
from deskterm.rules.facts import EMPTY, Actor, Book, Facts, Ticket
from deskterm.rules.problems import N_, Problem
from deskterm.rules.rulebook import Template

if TYPE_CHECKING:
    from deskterm.rules.rulebook import RuleBook

__all__ = [
    "BUILT_IN",
    "PLACEHOLDERS",
    "Blank",
    "all_templates",
    "check_names",
    "check_text",
    "fill",
    "placeholder_values",
    "read_text",
    "render",
    "template_named",
    "variant",
]

PLACEHOLDERS: Final = (
    *("requester.name", "requester.first_name", "requester.email", "organization.name"),
    *("ticket.id", "ticket.subject", "ticket.status", "ticket.priority", "ticket.type", "ticket.category"),
    *("ticket.queue", "ticket.group", "ticket.vendor", "ticket.cause", "ticket.solution", "ticket.reason"),
    *("agent.name", "agent.first_name", "agent.login", "desk.name"),
)
"""What can be asked for, besides ticket.cf.NAME for the desk's own fields."""

_CUSTOM: Final = "ticket.cf."
_LONGEST: Final = 300  # characters of a value: a subject may be a whole mail by mistake


class Blank(NamedTuple):
    """A place to fill at `column` (from 1): a value by `name`, else `default` (None: it needs a value)."""

    name: str
    default: str | None
    column: int


Part = str | Blank


def read_text(text: str, asks: Collection[str] = ()) -> tuple[Part, ...]:
    """`text` as plain pieces and blanks; `{name}` is a blank for the names in `asks`.

    Raises Problem for a brace that never closes and for a name that nothing has, with its column.
    """
    parts: list[Part] = []
    place = 0
    while (brace := text.find("{", place)) >= 0:
        parts.append(text[place:brace])
        if text.startswith("{{", brace):
            place = _placeholder(text, brace, parts)
        else:
            place = _answer(text, brace, asks, parts)
    return (*(part for part in parts if part != ""), *filter(None, (text[place:],)))


def _placeholder(text: str, brace: int, parts: list[Part]) -> int:
    """Take up the blank that begins at `brace`; returns the place behind it."""
    end = text.find("}}", brace)
    inside = text[brace + 2 : end]
    if end < 0 or "{" in inside:
        template = N_('The placeholder "%(text)s" never ends: write {{name}} or {{name|other text}}.')
        raise _problem("template.open", template, brace, text=text[brace : brace + 40])
    name, bar, default = inside.partition("|")
    name = name.strip()
    if not known(name):
        raise _unknown(name, brace)
    parts.append(Blank(name, default.strip() if bar else None, brace + 1))
    return end + 2


def _answer(text: str, brace: int, asks: Collection[str], parts: list[Part]) -> int:
    end = text.find("}", brace)
    name = text[brace + 1 : end] if end > 0 else ""
    if name in asks:
        parts.append(Blank(f"{{{name}}}", None, brace + 1))
        return end + 1
    if asks and name.isidentifier():
        template = N_("The macro does not ask for {%(name)s}.")
        raise _problem("template.unknown", template, brace, tuple(sorted(asks)), name=name)
    parts.append("{")
    return brace + 1


def known(name: str) -> bool:
    """Whether a ticket can have a value of that name."""
    return name in PLACEHOLDERS or (name.startswith(_CUSTOM) and len(name) > len(_CUSTOM))


def check_text(text: str, asks: Collection[str] = ()) -> Problem | None:
    """What is wrong with the placeholders of `text`, None when nothing is."""
    try:
        read_text(text, asks)
    except Problem as problem:
        return problem
    return None


def check_names(names: Iterable[str]) -> None:
    """Refuse a name that no placeholder has. Raises Problem (usage) with the nearest ones."""
    for name in names:
        if not known(name):
            raise _unknown(name, -1)  # it stands in no text


def fill(
    text: str, values: Mapping[str, str], answers: Mapping[str, str] = EMPTY
) -> tuple[str, tuple[Blank, ...]]:
    """`text` with every blank filled, and the blanks that stayed empty. Raises Problem as `read_text`."""
    done: list[str] = []
    empty: list[Blank] = []
    for part in read_text(text, answers.keys()):
        if isinstance(part, str):
            done.append(part)
            continue
        value = answers[part.name[1:-1]] if part.name[0] == "{" else values.get(part.name, "")
        if not value and part.default is None:
            empty.append(part)
        done.append(value or part.default or "")
    return "".join(done), tuple(empty)


def render(template: Template, values: Mapping[str, str], *languages: str) -> str:
    """The text of `template` in the first of `languages` it has, filled.

    Raises Problem for a placeholder that does not exist, and for one that is empty and has no other text.
    """
    text, empty = fill(variant(template, languages), values)
    if empty:
        raise unfilled(template.id, empty[0])
    return text


def unfilled(name: str, blank: Blank) -> Problem:
    """That the ticket has nothing for `blank` in the text called `name`."""
    template = N_(
        "%(name)s needs %(blank)s, which this ticket does not have: write {{%(blank)s|other text}}."
    )
    return _problem("template.empty", template, blank.column - 1, name=name, blank=blank.name)


def variant(template: Template, languages: Iterable[str]) -> str:
    """The text in the first language there is one for (zh for zh_CN too), else the one for every other."""
    texts = template.texts
    for language in languages:
        whole = language.replace("-", "_").casefold()
        for wanted in filter(None, (whole, whole.partition("_")[0])):
            for name in texts:
                if name.replace("-", "_").casefold() == wanted:
                    return texts[name]
    return texts[""] if "" in texts else texts[min(texts)]


def all_templates(rules: "RuleBook | None") -> dict[str, Template]:
    """Every template by its id: those of the rules in their order, then the built-in ones they leave."""
    own = rules.templates if rules is not None else EMPTY
    return {**own, **{name: each for name, each in BUILT_IN.items() if name not in own}}


def template_named(name: str, rules: "RuleBook | None") -> Template:
    """The template of that id, from the rules or built in. Raises Problem with the nearest name."""
    every = all_templates(rules)
    found = every.get(name)
    if found is None:
        from deskterm.rules.names import nearest

        choices = nearest(name, sorted(every))
        template = N_("There is no template %(name)s.")
        raise Problem("template.missing", template, kind="missing", field="reply", choices=choices, name=name)
    return found


def placeholder_values(ticket: Ticket, book: Book, facts: Facts, actor: Actor) -> dict[str, str]:
    """What the placeholders of a text about `ticket` stand for; `agent` is who acts, else who has the ticket.

    Each value is one line, cut at 300 characters: a subject may not write paragraphs into our letters.
    """
    requester = facts.requester
    agent = book.agents.get((actor.id if actor.kind == "agent" else ticket.assignee_id) or 0)
    queue, group = book.queues.get(ticket.queue_id), book.groups.get(ticket.group_id or 0)
    values = {
        "requester.name": requester.name if requester else "",
        "requester.first_name": _first(requester.name) if requester else "",
        "requester.email": requester.addresses[0] if requester and requester.addresses else "",
        "organization.name": facts.organization.name if facts.organization else "",
        "ticket.queue": (queue.title or queue.name) if queue else "",
        "ticket.group": (group.title or group.name) if group else "",
        "ticket.reason": ticket.wait_reason,
        "agent.name": agent.name if agent else "",
        "agent.first_name": _first(agent.name) if agent else "",
        "agent.login": agent.login if agent else "",
        "desk.name": book.rules.desk if book.rules else "",
        **{f"{_CUSTOM}{name}": value for name, value in ticket.custom.items()},
    }
    for name in PLACEHOLDERS:
        head, _, attribute = name.partition(".")
        if head == "ticket" and name not in values and attribute != "id":
            values[name] = getattr(ticket, attribute)
    lines = {name: _line(value) for name, value in values.items()}
    return {**lines, "ticket.id": NUMBER if ticket.id == NEW else str(ticket.id)}


def _first(name: str) -> str:
    """The first word of a name; none of an address that stands in for one."""
    return "" if "@" in name else next(iter(name.split()), "")


def _line(value: str) -> str:
    text = " ".join(value[: 2 * _LONGEST].replace(NUMBER, "").split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _unknown(name: str, place: int) -> Problem:
    from deskterm.rules.names import nearest

    template = N_("There is no placeholder {{%(name)s}}.")
    return _problem("template.unknown", template, place, nearest(name, PLACEHOLDERS), name=name)


def _problem(
    code: str, template: str, place: int, choices: tuple[str, ...] = (), **values: object
) -> Problem:
    return Problem(code, template, kind="usage", field="text", column=place + 1, choices=choices, **values)


def _built_in(name: str, title: str, english: str, chinese: str) -> Template:
    return Template(name, title, MappingProxyType({"": english, "zh": chinese}))


BUILT_IN: Final[Mapping[str, Template]] = MappingProxyType(
    {
        each.id: each
        for each in (
            _built_in(
                "ack",
                N_("We have your request"),
                "Hello {{requester.first_name|there}},\n\n"
                "thank you for writing to us. Your request “{{ticket.subject}}” has the number "
                "{{ticket.id}}; please keep it in the subject when you add something.\n\n"
                "This is an automatic answer. A person will come back to you.",
                "尊敬的{{requester.first_name|客户}}，您好：\n\n"
                "我们已收到您的请求“{{ticket.subject}}”，工单编号为 {{ticket.id}}。"
                "补充信息时请在主题中保留该编号。\n\n"
                "本邮件为自动回复，稍后会有工作人员与您联系。",
            ),
            _built_in(
                "nudge",
                N_("We wait for your answer"),
                "Hello {{requester.first_name|there}},\n\n"
                "we still wait for your answer about “{{ticket.subject}}” (number {{ticket.id}}). "
                "Without it we cannot go on.",
                "尊敬的{{requester.first_name|客户}}，您好：\n\n"
                "关于“{{ticket.subject}}”（工单 {{ticket.id}}），我们仍在等待您的答复，收到后才能继续处理。",
            ),
            _built_in(
                "resolved",
                N_("Your request is solved"),
                "Hello {{requester.first_name|there}},\n\n"
                "we believe that “{{ticket.subject}}” (number {{ticket.id}}) is solved: "
                "{{ticket.solution|see our last answer}}\n\n"
                "Is it not? Just answer, and we go on.",
                "尊敬的{{requester.first_name|客户}}，您好：\n\n"
                "“{{ticket.subject}}”（工单 {{ticket.id}}）应已解决："
                "{{ticket.solution|请见我们的上一次答复}}\n\n"
                "如果问题仍未解决，请直接回复，我们会继续处理。",
            ),
            _built_in(
                "closed",
                N_("Your request is closed"),
                "Hello {{requester.first_name|there}},\n\n"
                "your request “{{ticket.subject}}” (number {{ticket.id}}) is closed now. Thank you.",
                "尊敬的{{requester.first_name|客户}}，您好：\n\n"
                "您的请求“{{ticket.subject}}”（工单 {{ticket.id}}）现已关闭，感谢您的配合。",
            ),
        )
    }
)
