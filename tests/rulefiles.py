"""Rule files for tests: what every one of them has to say, so that a test says only what it is about."""

__all__ = ["LEAST"]

LEAST = """
format = 1
desk = "it"
timezone = "UTC"

[calendar.always]
tz = "UTC"
week = { mon-sun = ["00:00-24:00"] }

[[sla]]
id = "one"
when = ''
calendar = "always"
target.P1 = { resolution = "4h" }
target.P2 = { resolution = "8h" }
target.P3 = { resolution = "24h" }
target.P4 = { resolution = "40h" }
"""
"""One promise around the clock, by priority; rules, templates and macros go behind it."""
