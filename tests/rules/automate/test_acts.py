"""Acts: what each verb does to a draft, whom it tells, what it leaves alone, what it says when refused."""

from dataclasses import replace
from typing import Any

import pytest

from deskterm.rules import actions as a
from deskterm.rules.automate.acts import perform_act
from deskterm.rules.changes import NEW, NUMBER, Said
from deskterm.rules.draft import Draft
from deskterm.rules.facts import Actor, Contact, Event
from deskterm.rules.problems import Problem
from deskterm.rules.rulebook import GroupRule, RuleBook
from deskterm.rules.terms import Terms
from tests.builders import ANN, BOOK, KIM, LEAD, T0, a_ticket
from tests.rules.automate.drafts import a_draft, act, doing, moved_to, notices, template, told


def does(draft: Draft, verb: str, value: Any, **more: Any) -> str:
    """The outcome of one act of the trigger t."""
    force = more.pop("force", False)
    return perform_act(act(verb, value, force=force), draft, "trigger t@3", **more)


def set_by_kim(name: str, new: str, because: str = "action set_fields") -> tuple[Event, ...]:
    kind = {"assignee": "assigned", "group": "group"}.get(name, "field")
    data = {"name": name, "old": "", "new": new}
    return (Event(2, T0 + 60, kind, Actor("agent", KIM), data, because),)


def test_a_rule_sets_fields_in_its_own_name() -> None:
    draft = a_draft()
    outcome = does(draft, "set", {"category": "network", "cf.site": "NY"})
    assert (outcome, [because for _, because, _ in told(draft)]) == ("done", ["trigger t@3"] * 2)


def test_setting_what_is_so_already_is_nothing() -> None:
    draft = a_draft()
    assert (does(draft, "set", {"priority": "P3"}), draft.changes) == ("nothing", [])


@pytest.mark.parametrize(
    ("now", "step", "then"),
    [("P3", "+1", "P2"), ("P2", "+1", "P1"), ("P1", "+1", "P1"), ("P3", "-1", "P4"), ("P4", "-1", "P4")],
)
def test_a_step_moves_the_priority_up_to_the_ends(now: str, step: str, then: str) -> None:
    draft = a_draft(a_ticket(priority=now))
    does(draft, "set", {"priority": step})
    assert draft.ticket.priority == then


def test_a_step_follows_the_order_of_the_desks_own_priorities() -> None:
    book = replace(BOOK, terms=Terms(priorities=("low", "normal", "high", "urgent")))
    draft = a_draft(a_ticket(priority="normal"), book=book)
    does(draft, "set", {"priority": "+1"})
    assert draft.ticket.priority == "high"


def test_a_step_from_a_priority_that_the_desk_does_not_know_is_refused() -> None:
    draft = a_draft(a_ticket(priority="Severe"))
    assert (does(draft, "set", {"priority": "+1"}), draft.ticket.priority) == ("failed", "Severe")


def test_a_status_is_moved_through_the_table_of_moves() -> None:
    draft = a_draft(a_ticket(status="resolved"))
    assert (does(draft, "set", {"status": "closed"}), moved_to(draft)) == ("done", ["closed"])


def test_a_move_that_the_table_refuses_changes_nothing_and_is_recorded() -> None:
    draft = a_draft()
    outcome = does(draft, "set", {"category": "network", "status": "closed"})
    assert (outcome, draft.ticket, [change.kind for change in draft.changes]) == (
        "failed",
        a_ticket(),
        ["rule_failed"],
    )


def test_what_is_recorded_of_a_refusal_is_its_sentence() -> None:
    draft = a_draft()
    does(draft, "set", {"status": "closed"})
    ((_, because, facts),) = told(draft)
    assert (because, facts["template"] % facts["values"], [str(each) for each in draft.warnings]) == (
        "trigger t@3",
        "A ticket that is open cannot become closed.",
        ["A ticket that is open cannot become closed."],
    )


def test_a_rule_resolves_with_cause_and_solution_and_asks_the_requester() -> None:
    draft = a_draft()
    does(draft, "set", {"status": "resolved", "cause": "expired", "solution": "renewed"})
    assert (moved_to(draft), draft.ticket.solution, notices(draft, "verify")) == (
        ["resolved"],
        "renewed",
        list(ANN.addresses),
    )


def test_a_rule_that_resolves_without_a_solution_is_refused() -> None:
    draft = a_draft()
    assert (does(draft, "set", {"status": "resolved", "cause": "x"}), moved_to(draft)) == ("failed", [])


def test_a_closed_ticket_is_opened_before_its_fields_are_set() -> None:
    draft = a_draft(a_ticket(status="closed", closed_at=T0))
    assert does(draft, "set", {"priority": "P1", "status": "open"}) == "done"


def test_a_rule_puts_on_hold_with_a_vendor() -> None:
    draft = a_draft()
    does(draft, "set", {"status": "on_hold", "vendor": "northline"})
    assert (draft.ticket.status, draft.ticket.vendor) == ("on_hold", "northline")


def test_what_belongs_to_a_status_can_be_told_beforehand() -> None:
    draft = a_draft()
    does(draft, "set", {"cause": "expired", "solution": "renewed"})
    assert (does(draft, "set", {"status": "resolved"}), moved_to(draft)) == ("done", ["resolved"])


def test_a_rule_puts_on_hold_with_a_reason() -> None:
    draft = a_draft()
    does(draft, "set", {"status": "on_hold", "wait_reason": "parts"})
    assert (draft.ticket.status, draft.ticket.wait_reason) == ("on_hold", "parts")


class TestWhatAPersonChoseIsKept:
    """features.md, row 42."""

    def test_a_priority_that_an_agent_set_stays(self) -> None:
        draft = a_draft(history=set_by_kim("priority", "P3"))
        assert (does(draft, "set", {"priority": "P1"}), draft.changes) == ("kept", [])

    def test_a_priority_that_he_sets_in_this_very_root_stays(self) -> None:
        draft = doing(a_draft(who="agent"), a.SetFields(7, {"priority": "P4"}))
        assert (does(draft, "set", {"priority": "P1"}), draft.ticket.priority) == ("kept", "P4")

    def test_what_he_chose_by_a_macro_stays_too(self) -> None:
        draft = a_draft(history=set_by_kim("priority", "P3", "macro up@3"))
        assert does(draft, "set", {"priority": "P1"}) == "kept"

    def test_what_a_rule_set_in_his_root_is_no_choice_of_his(self) -> None:
        draft = a_draft(history=set_by_kim("priority", "P3", "trigger vip@3"))
        assert does(draft, "set", {"priority": "P1"}) == "done"

    def test_what_a_rule_set_after_him_is_no_choice_of_his(self) -> None:
        by_rule = Event(
            3, T0 + 90, "field", Actor("system"), {"name": "priority", "new": "P3"}, "trigger x@3"
        )
        draft = a_draft(history=(*set_by_kim("priority", "P2"), by_rule))
        assert does(draft, "set", {"priority": "P1"}) == "done"

    def test_what_somebody_who_is_no_agent_set_does_not(self) -> None:
        (event,) = set_by_kim("priority", "P3")
        draft = a_draft(history=(replace(event, actor=Actor("requester", ANN.id)),))
        assert does(draft, "set", {"priority": "P1"}) == "done"

    def test_the_rest_of_the_act_is_done(self) -> None:
        draft = a_draft(history=set_by_kim("priority", "P3"))
        assert (does(draft, "set", {"priority": "P1", "category": "x"}), draft.ticket.priority) == (
            "done",
            "P3",
        )

    def test_the_matrix_does_not_choose_either(self) -> None:
        draft = a_draft(history=set_by_kim("priority", "P3"))
        does(draft, "set", {"impact": "high", "urgency": "high"})
        assert (draft.ticket.impact, draft.ticket.priority) == ("high", "P3")

    def test_force_overrides_it(self) -> None:
        draft = a_draft(history=set_by_kim("priority", "P3"))
        assert does(draft, "set", {"priority": "P1"}, force=True) == "done"

    def test_an_escalation_overrides_it(self) -> None:
        draft = a_draft(history=set_by_kim("priority", "P3"))
        assert does(draft, "set", {"priority": "+1"}, escalates=True) == "done"

    def test_an_escalation_takes_a_ticket_from_whom_he_gave_it_to(self) -> None:
        draft = a_draft(a_ticket(assignee_id=KIM), history=set_by_kim("assignee", "kim"))
        assert (does(draft, "reassign", "lead", escalates=True), draft.ticket.assignee_id) == ("done", LEAD)

    @pytest.mark.parametrize("to", ["lead", "person:lee", "route"])
    def test_an_assignee_that_an_agent_chose_stays(self, to: str) -> None:
        draft = a_draft(a_ticket(assignee_id=KIM), history=set_by_kim("assignee", "kim"))
        assert (does(draft, "reassign", to), draft.changes, draft.reroute) == ("kept", [], False)

    def test_one_chosen_as_the_ticket_was_opened_stays(self) -> None:
        opened = (
            Event(
                1,
                T0,
                "created",
                Actor("agent", KIM),
                {"assignee": "kim", "chosen": ["assignee"]},
                "action open_ticket",
            ),
        )
        draft = a_draft(a_ticket(assignee_id=KIM), history=opened)
        assert does(draft, "reassign", "lead") == "kept"

    def test_a_priority_named_as_the_ticket_was_opened_stays(self) -> None:
        data = {"priority": "P3", "chosen": ["priority"]}
        opened = (Event(1, T0, "created", Actor("agent", KIM), data, "action open_ticket"),)
        assert does(a_draft(history=opened), "set", {"priority": "P1"}) == "kept"

    def test_one_that_the_matrix_gave_as_the_ticket_was_opened_does_not(self) -> None:
        opened = (Event(1, T0, "created", Actor("agent", KIM), {"priority": "P3"}, "action open_ticket"),)
        assert does(a_draft(history=opened), "set", {"priority": "P1"}) == "done"

    def test_a_group_that_an_agent_chose_stays(self) -> None:
        draft = a_draft(history=set_by_kim("group", "network"))
        assert (does(draft, "reassign", "group:apps"), does(draft, "set", {"group": "apps"})) == (
            "kept",
            "kept",
        )

    def test_a_ticket_that_he_gave_back_may_be_assigned(self) -> None:
        draft = a_draft(history=set_by_kim("assignee", ""))
        assert does(draft, "reassign", "person:kim") == "done"


class TestHandingOver:
    def test_to_the_lead_of_the_group(self) -> None:
        draft = a_draft()
        does(draft, "reassign", "lead")
        assert draft.ticket.assignee_id == LEAD

    def test_to_the_lead_that_the_rules_name(self) -> None:
        draft = a_draft(rules=RuleBook(groups={"network": GroupRule("network", "kim")}))
        does(draft, "reassign", "lead")
        assert draft.ticket.assignee_id == KIM

    def test_to_the_lead_of_the_queue_when_no_group_has_it(self) -> None:
        draft = a_draft(a_ticket(group_id=None))
        does(draft, "notify", ("lead",))
        assert notices(draft) == ["lee"]

    def test_a_group_without_a_lead_says_so(self) -> None:
        draft = a_draft(a_ticket(group_id=2, queue_id=3))
        assert (does(draft, "reassign", "lead"), str(draft.warnings[0])) == (
            "failed",
            "No lead is there to hand ticket 7 to.",
        )

    def test_to_another_group_lets_an_outside_assignee_go(self) -> None:
        draft = a_draft(a_ticket(assignee_id=KIM))
        does(draft, "reassign", "group:apps")
        assert (draft.ticket.group_id, draft.ticket.assignee_id) == (2, None)

    def test_to_a_person_outside_the_group_is_refused_and_recorded(self) -> None:
        draft = a_draft()
        assert (does(draft, "reassign", "person:omar"), draft.ticket.assignee_id) == ("failed", None)

    def test_to_nobody_known_is_recorded(self) -> None:
        draft = a_draft()
        assert (does(draft, "reassign", "person:nils"), str(draft.warnings[0])) == (
            "failed",
            "There is no agent named nils.",
        )

    def test_to_routing_asks_for_it(self) -> None:
        draft = a_draft()
        assert (does(draft, "reassign", "route"), draft.reroute, draft.changes) == ("done", True, [])

    def test_the_new_assignee_is_told(self) -> None:
        draft = a_draft()
        does(draft, "reassign", "person:kim")
        assert notices(draft, "assigned") == ["kim"]

    def test_he_is_not_told_of_what_his_own_act_led_to(self) -> None:
        draft = a_draft(who="agent")
        does(draft, "reassign", "person:kim")
        assert (draft.ticket.assignee_id, draft.notices) == (KIM, [])

    def test_a_rule_does_not_open_a_new_ticket_in_an_agents_name(self) -> None:
        draft = a_draft(a_ticket(status="new"), who="agent")
        does(draft, "reassign", "person:kim")
        assert draft.ticket.status == "new"


class TestTelling:
    def test_everybody_is_told_once(self) -> None:
        draft = a_draft(a_ticket(assignee_id=LEAD))
        does(draft, "notify", ("assignee", "lead", "group:network", "agent:kim", "omar", "omar"))
        assert notices(draft) == ["lee", "kim", "omar"]

    def test_whoever_acted_is_not_told(self) -> None:
        draft = a_draft(who="agent")
        does(draft, "notify", ("group:network",))
        assert notices(draft) == ["lee"]

    def test_a_requester_who_acted_is_not_told(self) -> None:
        draft = a_draft(who="requester")
        assert (does(draft, "notify", ("requester",)), draft.notices) == ("nothing", [])

    def test_a_requester_is_told_by_mail(self) -> None:
        draft = a_draft(who="system")
        does(draft, "notify", ("requester",))
        assert notices(draft) == list(ANN.addresses)

    def test_agents_who_left_are_not_told(self) -> None:
        draft = a_draft(a_ticket(assignee_id=6))
        assert does(draft, "notify", ("assignee",)) == "nothing"

    def test_an_unknown_recipient_keeps_nobody_else_from_it_and_is_recorded(self) -> None:
        draft = a_draft()
        outcome = does(draft, "notify", ("nils", "kim"))
        assert (outcome, notices(draft), told(draft)[0][0]) == ("failed", ["kim"], "rule_failed")

    def test_a_webhook_is_called_by_its_name(self) -> None:
        draft = a_draft()
        does(draft, "webhook", "oncall")
        assert [(each.kind, each.to, each.because) for each in draft.notices] == [
            ("webhook", "oncall", "trigger t@3")
        ]


def test_tags_come_and_go() -> None:
    draft = a_draft(a_ticket(tags=frozenset({"old"})))
    does(draft, "add_tags", ("new",))
    does(draft, "remove_tags", ("old", "never"))
    assert draft.ticket.tags == {"new"}


class TestSpeaking:
    def said(self, draft: Draft) -> Said:
        change = draft.changes[-1]
        assert isinstance(change, Said)
        return change

    def test_a_note_is_internal_automatic_and_has_its_values(self) -> None:
        draft = a_draft()
        does(draft, "note", "{{requester.name}} waits for {{ticket.group}}")
        said = self.said(draft)
        assert (said.body, said.public, said.auto) == ("Ann Li waits for Network", False, True)

    def test_a_reply_speaks_the_language_of_the_requester(self) -> None:
        own = RuleBook(templates={"t": template("hello", zh="您好")})
        draft = a_draft(requester=replace(ANN, lang="zh-CN"), rules=own)
        does(draft, "reply", "t")
        assert self.said(draft).body == "您好"

    def test_a_reply_speaks_the_language_of_the_ticket_when_his_is_not_known(self) -> None:
        own = RuleBook(templates={"t": template("hello", zh="您好")})
        draft = a_draft(a_ticket(lang="zh"), rules=own)
        does(draft, "reply", "t")
        assert self.said(draft).body == "您好"

    def test_a_reply_of_a_rule_is_automatic_and_answers_no_question(self) -> None:
        draft = a_draft(a_ticket(waiting_since=T0))
        does(draft, "reply", "ack")
        assert (self.said(draft).auto, draft.ticket.waiting_since, draft.ticket.first_response_at) == (
            True,
            T0,
            None,
        )

    def test_the_number_of_a_ticket_that_is_being_opened_is_filled_in_by_the_store(self) -> None:
        draft = a_draft(a_ticket(id=NEW), rules=RuleBook(templates={"t": template("no. {{ticket.id}}")}))
        does(draft, "reply", "t")
        assert self.said(draft).body == f"no. {NUMBER}"

    def test_a_hole_is_sent_by_a_rule_with_a_warning(self) -> None:
        own = RuleBook(templates={"t": template("site {{ticket.cf.site}}.")})
        draft = a_draft(rules=own)
        assert (does(draft, "reply", "t"), self.said(draft).body, len(draft.warnings)) == (
            "done",
            "site .",
            1,
        )

    def test_nobody_to_answer_to_is_recorded(self) -> None:
        draft = a_draft(requester=Contact(11, "Ann Li"))
        assert (does(draft, "reply", "ack"), told(draft)[0][0]) == ("failed", "rule_failed")

    def test_an_unknown_template_is_recorded_with_the_nearest_name(self) -> None:
        draft = a_draft()
        assert (does(draft, "reply", "akc"), draft.warnings[0].choices) == ("failed", ("ack",))

    def test_an_unknown_placeholder_is_never_sent(self) -> None:
        draft = a_draft()
        assert (does(draft, "note", "{{ticket.subjct}}"), [each.kind for each in draft.changes]) == (
            "failed",
            ["rule_failed"],
        )


class TestChildren:
    def test_a_child_is_a_root_of_its_own_a_step_deeper(self) -> None:
        draft = a_draft()
        does(draft, "create_child", {"subject": "Order for {{ticket.id}}", "queue": "apps"}, depth=2)
        (follow,) = draft.roots
        assert (follow.depth, follow.parent, follow.because, follow.action) == (
            3,
            7,
            "trigger t@3",
            a.OpenTicket("Order for 7", requester=ANN.addresses[0], queue="apps", channel="system"),
        )

    def test_a_child_may_have_fields_of_the_desks_own_and_tags(self) -> None:
        draft = a_draft()
        does(draft, "create_child", {"cf.site": "NY", "tags": ["order"]})
        action = draft.roots[0].action
        assert isinstance(action, a.OpenTicket)
        assert (action.subject, action.custom, action.tags) == (
            "VPN drops every hour",
            {"site": "NY"},
            ("order",),
        )

    def test_a_child_may_be_for_somebody_else(self) -> None:
        draft = a_draft()
        does(draft, "create_child", {"subject": "x", "requester": "bo@acme.example"})
        action = draft.roots[0].action
        assert isinstance(action, a.OpenTicket)
        assert action.requester == "bo@acme.example"

    def test_the_fifth_generation_is_born(self) -> None:
        draft = a_draft()
        does(draft, "create_child", {"subject": "again"}, depth=4)
        assert [follow.depth for follow in draft.roots] == [5]

    def test_the_sixth_generation_is_not_born_and_that_is_recorded(self) -> None:
        draft = a_draft()
        outcome = does(draft, "create_child", {"subject": "again"}, depth=5)
        assert (outcome, draft.roots, told(draft)) == (
            "failed",
            [],
            [("loop_stopped", "trigger t@3", {"limit": "depth", "count": 6})],
        )

    def test_an_unknown_field_is_recorded(self) -> None:
        draft = a_draft()
        assert (does(draft, "create_child", {"subjct": "x"}), draft.roots) == ("failed", [])


def test_a_person_is_refused_instead_of_half_done() -> None:
    draft = a_draft(who="agent")
    with pytest.raises(Problem, match="cannot become closed"):
        does(draft, "set", {"category": "x", "status": "closed"}, person=True)
    assert (draft.changes, draft.ticket) == ([], a_ticket())


def test_the_draft_is_its_actors_again_afterwards() -> None:
    draft = a_draft(who="agent")
    does(draft, "set", {"status": "closed"})
    does(draft, "add_tags", ("x",))
    assert (draft.actor, draft.because) == (Actor("agent", KIM), "action set_fields")
