"""A small rule file for the tests of the commands, and a desk on which it is in force."""

from typing import Any

from tests.cli.conftest import Cli

__all__ = ["RULES", "STRICTER", "in_force", "write"]

RULES = """\
desk     = "net"
timezone = "UTC"

[calendar.office]
tz   = "UTC"
week = { mon-fri = ["09:00-17:00"] }
day  = "8h"

[[classify]]
id   = "vpn"
when = 'text~"vpn" type:incident'
set  = { category = "network.vpn", add_tags = ["vpn"] }

[[route]]
id     = "network"
when   = 'category:network.*'
queue  = "net"
group  = "network"
assign = { by = "least_loaded" }

[[route]]
id    = "rest"
when  = ''
queue = "triage"

[[sla]]
id       = "urgent"
when     = 'priority:P1'
calendar = "always"
pause    = { resolution = ["pending"] }
target.P1 = { first_response = "15m", resolution = "4h" }

[[sla]]
id       = "office"
when     = ''
calendar = "office"
pause    = { resolution = ["pending"] }
target.P1 = { first_response = "1h", resolution = "8h" }
target.P2 = { first_response = "2h", resolution = "8h" }
target.P3 = { first_response = "4h", resolution = "3wd" }
target.P4 = { first_response = "1wd", resolution = "5wd" }
[[sla.level]]
id = "late"
metric = "resolution"
at = "breach"
do = [{ add_tags = ["late"] }]

[[macro]]
id   = "to-vendor"
name = "Hand to the vendor"
when = 'group:network'
ask  = ["number"]
do   = [{ note = "The vendor has it as {number}." }, { add_tags = ["vendor"] }]

[[test]]
name   = "a VPN incident goes to the network people"
at     = "2026-03-02T10:00"
ticket = { subject = "VPN drops", type = "incident", priority = "P2" }
agents = [{ id = "kim", groups = ["network"] }]
expect = { queue = "net", assignee = "kim", sla = "office", due = { resolution = "2026-03-03T10:00" } }
"""
STRICTER = RULES.replace('resolution = "8h"', 'resolution = "4h"').replace("03-03T10:00", "03-02T14:00")
"""The same with shorter promises: what is open moves."""


def write(cli: Cli, text: str = RULES, name: str = "desk.toml") -> str:
    """A rule file in the home of the command line; its name."""
    (cli.home / name).write_text(text, encoding="utf-8")
    return name


def in_force(cli: Cli, text: str = RULES, **how: Any) -> None:
    """Let the rules be in force."""
    cli.ok("rules", "activate", write(cli, text), "--apply", **how)
