"""Views: the saved, ordered selections every desk begins with."""

from typing import Final

from deskterm.rules.frozen import frozen
from deskterm.rules.problems import N_

__all__ = ["VIEWS", "View"]


@frozen
class View:
    """A named query; `title` is translated where it is shown."""

    name: str
    title: str
    query: str


VIEWS: Final = (
    View("mine", N_("Mine"), "assignee:me is:unsolved sort:due"),
    View("unassigned", N_("Unassigned"), "is:unassigned is:unsolved sort:due"),
    View("at-risk", N_("At risk"), "is:unsolved due<1h sort:due"),
    View("team", N_("My groups"), "group:mine is:unsolved sort:due"),
    View("open", N_("All open"), "is:unsolved sort:due"),
    View("waiting", N_("Waiting"), "is:waiting sort:due"),
    View("resolved", N_("Resolved"), "status:resolved sort:-updated"),
    View("all", N_("All"), "sort:-created"),
)
