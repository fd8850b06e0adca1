"""The codes of everything that can be wrong with a rule file.

E1 is its form, E2 what it refers to, E3 calendars, E4 promises, W5 what is allowed but cannot be meant.

A code never changes its meaning and is never used again for another. An E refuses the file, a W does not.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from deskterm.rules.problems import N_

__all__ = ["CODES"]

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "E101": N_("The file is larger or nested deeper than any rule file."),
        "E102": N_("The text is not TOML."),
        "E103": N_("A key that means nothing here."),
        "E104": N_("A table that means nothing."),
        "E105": N_("A value of another kind than its key needs."),
        "E106": N_("A key is missing."),
        "E107": N_("A value that is not one of the allowed ones."),
        "E108": N_("An id that is malformed or taken."),
        "E109": N_("A length, date, number or schedule that cannot be read."),
        "E110": N_("A condition that is not a query."),
        "E111": N_("A format that this version does not read."),
        "E112": N_("A condition that only makes sense elsewhere."),
        "E201": N_("A group that does not exist."),
        "E202": N_("A queue that does not exist."),
        "E203": N_("An agent who does not exist."),
        "E204": N_("A calendar that does not exist."),
        "E205": N_("A skill that nobody has."),
        "E206": N_("A status that does not exist."),
        "E207": N_("A priority that does not exist."),
        "E208": N_("A template that does not exist."),
        "E209": N_("A rule that does not exist."),
        "E210": N_("A field that does not exist."),
        "E211": N_("A stage that does not exist."),
        "E212": N_("A time zone that does not exist."),
        "E301": N_("A key that means nothing in a calendar."),
        "E302": N_("A calendar in a time zone that does not exist."),
        "E303": N_("A value of a calendar of another kind than its key needs."),
        "E304": N_("A date of a calendar that does not exist."),
        "E305": N_("A weekday that does not exist, or stands there twice."),
        "E306": N_("A region without known public holidays."),
        "E307": N_("Open hours that cannot be read."),
        "E308": N_("Open hours without length."),
        "E309": N_("Open hours that overlap."),
        "E310": N_("More entries than any calendar has."),
        "E311": N_("A calendar without open time."),
        "E312": N_("A length of the working day that cannot be."),
        "E401": N_("A target that is not a duration."),
        "E402": N_("A level whose place cannot be read."),
        "E403": N_("A priority without a target."),
        "E404": N_("A metric that does not exist."),
        "E405": N_("A policy that ends before it begins."),
        "W501": N_("A rule that can never match, for those above it take everything it would."),
        "W502": N_("A rule that can never match, for its condition contradicts itself."),
        "W503": N_("Two classify rules that can match the same ticket and set one field differently."),
        "W504": N_("The last route or policy leaves tickets over."),
        "W505": N_("A tag that no rule sets, much like one that a rule does set."),
        "W506": N_("Triggers that wake each other in a ring."),
        "W507": N_("A first response that is promised later than the resolution."),
        "W508": N_("An internal target that is longer than every promise."),
        "W509": N_("A level in front of the start."),
        "W510": N_("A holiday on a day that is not worked anyway."),
        "W511": N_("A make-up day that is open anyway."),
        "W512": N_("A calendar whose holidays are not known much longer."),
        "W513": N_("A need that no member of the group meets."),
        "W514": N_("A rule that would assign somebody who is absent."),
        "W515": N_("A level of a metric that has no target."),
    }
)
