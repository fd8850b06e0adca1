"""Rules for the busy desk: canned responses in two languages, macros that ask, answer and fail."""

from deskterm.desk import Desk
from tests.rulefiles import LEAST

__all__ = ["RULES", "under_rules"]

RULES = (
    LEAST
    + """
[[template]]
id = "hello"
name = "Say hello"
[template.text]
"" = "Hello {{requester.first_name|there}},\\n\\nthis is {{agent.first_name}} from the help desk."
zh = "{{requester.name|客户}}，您好：\\n\\n我是{{agent.name}}，来自服务台。"

[[template]]
id = "log"
name = "Ask for the log"
[template.text]
"" = "Please send us the log file of the client, it lies in /var/log/vpn."
zh = "请将客户端的日志文件发给我们，路径为 /var/log/vpn。"

[[template]]
id = "visit"
name = "Announce a visit"
[template.text]
"" = "We come to {{ticket.cf.site}} tomorrow morning."
zh = "我们明天上午到{{ticket.cf.site}}。"

[[macro]]
id = "to-network"
name = "Hand to network"
when = 'status:new -tag:handed'
ask = ["note"]
do = [{ add_tags = ["handed"] }, { set = { group = "network" } }, { note = "{note}" }]

[[macro]]
id = "ask-log"
name = "Ask for the log"
when = 'is:open'
do = [{ add_tags = ["log"] }, { reply = "log" }]

[[macro]]
id = "visit"
name = "Announce a visit"
when = 'tag:vpn'
do = [{ add_tags = ["visit"] }, { reply = "visit" }]
"""
)


def under_rules(desk: Desk) -> Desk:
    """The desk with these rules in force."""
    desk.ruling.activate("words.toml", RULES, {}, desk.agent("lee"))
    return desk
