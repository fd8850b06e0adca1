"""Every sentence a query can be refused with; `at` in them is the column, counted from 1."""

from collections.abc import Iterable, Sequence

from deskterm.rules.problems import N_, Problem

__all__ = [
    "bad_character",
    "bad_operator",
    "bad_star",
    "dangling",
    "empty_value",
    "me_in_rule",
    "missing_parenthesis",
    "missing_quote",
    "missing_value",
    "moment_wanted",
    "not_a_date",
    "not_a_duration",
    "not_a_number",
    "nothing_to_negate",
    "one_value",
    "rules_only",
    "sort_negated",
    "stray_parenthesis",
    "too_deep",
    "too_long",
    "too_many",
    "unknown_field",
    "unknown_sort",
    "unknown_value",
    "unknown_zone",
    "wordless",
]

_SHOWN = 40


def _problem(
    code: str, template: str, column: int, choices: Sequence[str] = (), **values: str | int
) -> Problem:
    return Problem(f"query.{code}", template, "usage", choices, "", column, **{**values, "at": column})


def _short(text: str) -> str:
    return f"{text[:_SHOWN]}…" if len(text) > _SHOWN else text


def _near(name: str, names: Iterable[str]) -> str:
    from difflib import get_close_matches

    return next(iter(get_close_matches(name[:_SHOWN].lower(), list(names), n=1)), "")


def unknown_field(name: str, column: int, names: Iterable[str]) -> Problem:
    """No field of `names` is called `name`."""
    near = _near(name, names)
    if near:
        template = N_("unknown field '%(name)s' at column %(at)d (did you mean %(near)s?)")
        return _problem("unknown_field", template, column, (near,), name=_short(name), near=near)
    template = N_("unknown field '%(name)s' at column %(at)d (put it in quotes to search for the words)")
    return _problem("unknown_field", template, column, name=_short(name))


def rules_only(field: str, column: int) -> Problem:
    """A field that only a rule can ask for."""
    template = N_("%(name)s is for rules only, a view or a search cannot use it, at column %(at)d")
    return _problem("rules_only", template, column, name=_short(field))


def unknown_sort(name: str, column: int, names: Sequence[str]) -> Problem:
    """Tickets cannot be ordered by `name`."""
    near = _near(name, names)
    if near:
        template = N_("cannot sort by '%(name)s' at column %(at)d (did you mean %(near)s?)")
        return _problem("unknown_sort", template, column, (near,), name=_short(name), near=near)
    template = N_("cannot sort by '%(name)s' at column %(at)d (one of %(valid)s)")
    return _problem("unknown_sort", template, column, names, name=_short(name), valid=", ".join(names))


def unknown_value(field: str, value: str, column: int, names: Sequence[str]) -> Problem:
    """The values of `field` are a closed set without `value`; column 0 when the place is not known."""
    template = N_("unknown %(name)s '%(value)s' at column %(at)d (one of %(valid)s)")
    if not column:
        template = N_("unknown %(name)s '%(value)s'.")
    return _problem(
        "unknown_value", template, column, names, name=field, value=_short(value), valid=", ".join(names)
    )


def bad_operator(field: str, op: str, column: int, operators: Sequence[str]) -> Problem:
    """The field cannot be compared in this way."""
    *usable, last = [each for each in operators if each != "="]
    template = N_("%(name)s cannot be compared with %(op)s at column %(at)d (use %(last)s)")
    if usable:
        template = N_("%(name)s cannot be compared with %(op)s at column %(at)d (use %(usable)s or %(last)s)")
    return _problem(
        "bad_operator",
        template,
        column,
        (*usable, last),
        name=_short(field),
        op=op,
        usable=", ".join(usable),
        last=last,
    )


def missing_value(before: str, column: int) -> Problem:
    """A field with its operator, or a comma, has nothing behind it."""
    template = N_("value missing after %(before)s at column %(at)d")
    return _problem("missing_value", template, column, before=_short(before))


def empty_value(column: int) -> Problem:
    """A pair of quotes holds nothing."""
    return _problem("empty_value", N_("empty value at column %(at)d (write none for no value)"), column)


def one_value(op: str, column: int) -> Problem:
    """A comparison takes a single value."""
    return _problem("one_value", N_("only one value can follow %(op)s, at column %(at)d"), column, op=op)


def not_a_number(value: str, column: int) -> Problem:
    """A whole number was needed."""
    template = N_("not a number: '%(value)s' at column %(at)d (use digits, as in 1042)")
    return _problem("not_a_number", template, column, value=_short(value))


def not_a_duration(value: str, column: int) -> Problem:
    """A length of time was needed."""
    template = N_("not a duration: '%(value)s' at column %(at)d (use 30m, 4h, 2d, 1w)")
    return _problem("not_a_duration", template, column, value=_short(value))


def not_a_date(value: str, column: int) -> Problem:
    """A day, month or year was needed."""
    template = N_("not a date: '%(value)s' at column %(at)d (use today, 2026-03, 2026-03-02 or -7d)")
    return _problem("not_a_date", template, column, value=_short(value))


def moment_wanted(field: str, op: str, column: int) -> Problem:
    """A length of time names one second, which nothing equals."""
    template = N_("%(name)s%(op)s takes a day at column %(at)d (with a duration use < or >)")
    return _problem("moment_wanted", template, column, ("<", "<=", ">", ">="), name=field, op=op)


def bad_star(value: str, column: int) -> Problem:
    """A * stands where it cannot mean anything."""
    template = N_("a * can stand at one end of a value or end a word, not '%(value)s' at column %(at)d")
    return _problem("bad_star", template, column, value=_short(value))


def wordless(value: str, column: int) -> Problem:
    """Text search looks for letters and digits, and here are none."""
    template = N_("nothing to search for in '%(value)s' at column %(at)d: it has no letter or digit")
    return _problem("wordless", template, column, value=_short(value))


def me_in_rule(value: str, column: int) -> Problem:
    """A rule runs for nobody in particular."""
    template = N_("%(value)s is whoever looks; a rule must name somebody, at column %(at)d")
    return _problem("me_in_rule", template, column, value=value)


def missing_parenthesis(column: int) -> Problem:
    """An opened parenthesis is never closed."""
    return _problem("missing_parenthesis", N_("missing ) at column %(at)d"), column)


def stray_parenthesis(column: int) -> Problem:
    """A parenthesis is closed that was not opened."""
    return _problem("stray_parenthesis", N_("unexpected ) at column %(at)d"), column)


def missing_quote(column: int) -> Problem:
    """A quote is opened and never closed."""
    return _problem("missing_quote", N_('the " at column %(at)d is never closed'), column)


def dangling(word: str, column: int) -> Problem:
    """OR or AND stands without a condition on one side."""
    template = N_("%(word)s at column %(at)d needs a condition on both sides (in quotes it is a word)")
    return _problem("dangling", template, column, word=word)


def nothing_to_negate(column: int) -> Problem:
    """NOT or - has no condition behind it."""
    return _problem("nothing_to_negate", N_("nothing follows the negation at column %(at)d"), column)


def sort_negated(column: int) -> Problem:
    """An order cannot be negated, only reversed."""
    template = N_("sort: cannot be negated, at column %(at)d (to reverse the order: sort:-due)")
    return _problem("sort_negated", template, column)


def too_deep(column: int, limit: int) -> Problem:
    """More parentheses and negations inside each other than anybody means."""
    template = N_("more than %(limit)d levels of parentheses and negations at column %(at)d")
    return _problem("too_deep", template, column, limit=limit)


def too_many(column: int, limit: int) -> Problem:
    """More conditions than a database takes in one question."""
    template = N_("more than %(limit)d conditions at column %(at)d")
    return _problem("too_many", template, column, limit=limit)


def too_long(length: int, limit: int) -> Problem:
    """The query is longer than anybody means."""
    template = N_("the query has %(length)d characters; %(limit)d is the most")
    return _problem("too_long", template, limit + 1, length=length, limit=limit)


def bad_character(char: str, column: int) -> Problem:
    """A control character or half a surrogate pair."""
    template = N_("the character %(char)s at column %(at)d cannot be part of a query")
    return _problem("bad_character", template, column, char=f"U+{ord(char):04X}")


def unknown_zone(name: str) -> Problem:
    """Days cannot be told in this zone."""
    template = N_('there is no time zone "%(name)s": use a name such as Europe/Berlin')
    return _problem("unknown_zone", template, 0, name=_short(name))
