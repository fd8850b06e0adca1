"""The stories are well told: every talk can be played, every slot can be filled, both languages are there."""

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from deskterm.demo.house import house
from deskterm.demo.stories import Step, Story, Talk, stories
from deskterm.demo.words import Words, pools
from deskterm.rules.names import check_field, check_tag, check_value

STORIES = stories()
HOUSE = house()
POOLS = pools()
SIGNS = "><?#@~!*=x"


def tellings() -> Iterator[tuple[Story, str]]:
    return ((story, lang) for story in STORIES for lang in story.tellings)


def talks() -> Iterator[tuple[Story, str, Talk]]:
    return ((story, lang, talk) for story, lang in tellings() for talk in story.tellings[lang].talks)


def steps(sign: str) -> Iterator[tuple[Story, Step]]:
    return ((story, step) for story, _lang, talk in talks() for step in talk if step.sign == sign)


def shown(talk: Talk) -> str:
    return "".join(step.sign for step in talk)


def test_there_are_many_and_no_two_share_a_name() -> None:
    assert len({story.id for story in STORIES}) == len(STORIES) >= 60


def test_each_desk_has_its_half() -> None:
    desks = Counter(desk for story in STORIES for desk in story.desks)
    assert min(desks["it"], desks["care"]) >= 30


def test_both_languages_tell_most_of_them() -> None:
    told = Counter(lang for _story, lang in tellings())
    assert min(told["en"], told["zh"]) >= 50


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
def test_its_fields_are_known_to_the_rules(story: Story) -> None:
    check_value("type", story.type)
    for impact, urgency in story.levels:
        check_value("impact", impact)
        check_value("urgency", urgency)
    for tag in story.tags:
        check_tag(tag)
    for name in story.custom:
        check_field(f"cf.{name}")
    assert story.queue == "care" or story.queue in HOUSE.book.queue_names


@pytest.mark.parametrize(("story", "lang"), tellings(), ids=lambda each: getattr(each, "id", each))
def test_every_slot_can_be_filled(story: Story, lang: str) -> None:
    telling = story.tellings[lang]
    desk = "care" if "care" in story.desks else "it"
    words = Words(Random(1), lang, POOLS, HOUSE.of(desk, lang)[0])
    texts = [*telling.subjects, *telling.bodies, *(step.text for talk in telling.talks for step in talk)]
    assert [filled for text in texts if "{" in (filled := words.fill(text)) or not filled] == []


@pytest.mark.parametrize(("story", "lang"), tellings(), ids=lambda each: getattr(each, "id", each))
def test_every_talk_has_its_subject_and_body(story: Story, lang: str) -> None:
    telling = story.tellings[lang]
    for talk in range(len(telling.talks)):
        assert telling.subject(talk, Random(1))
        assert telling.body(talk, Random(1))


def test_every_talk_ends_solved_or_cancelled() -> None:
    odd = [(story.id, shown(talk)) for story, _lang, talk in talks() if talk[-1].sign not in "=x"]
    assert odd == []


def test_every_step_has_a_sign_and_words() -> None:
    bad = [(story.id, step) for story, _, talk in talks() for step in talk if step.sign not in SIGNS]
    bad += [(story.id, step) for story, _, talk in talks() for step in talk if not step.text]
    assert bad == []


def test_who_is_asked_answers() -> None:
    for story, _lang, talk in talks():
        for place, step in enumerate(talk):
            following = [each.sign for each in talk[place + 1 :] if each.sign in "><?=~"]
            assert step.sign != "?" or following[0] == "<", (story.id, shown(talk))


def test_nobody_waits_for_a_vendor_before_he_has_answered() -> None:
    odd = [
        (story.id, shown(talk))
        for story, _lang, talk in talks()
        if "~" in shown(talk)
        and "alert" not in story.channels
        and not any(sign in ">?" for sign in shown(talk).partition("~")[0])
    ]
    assert odd == []


def test_who_waits_for_a_vendor_names_one() -> None:
    assert [story.id for story, _step in steps("~") if not story.vendor] == []


def test_a_solution_has_a_cause_and_at_most_one_reply() -> None:
    odd = [(story.id, step.text) for story, step in steps("=") if not 2 <= step.text.count("|") + 1 <= 3]
    assert odd == []


def test_what_is_handed_over_goes_to_a_group() -> None:
    groups = {step.text.partition(": ")[0] for _story, step in steps("!")}
    assert groups <= set(HOUSE.book.group_names)


def test_solutions_that_do_not_hold_have_words_in_both_languages() -> None:
    for topic in {story.again for story in STORIES if story.again}:
        for lang in ("en", "zh"):
            assert all(line.count("|") == 4 for line in POOLS["again"][topic][lang])


def test_both_languages_have_the_same_pools() -> None:
    assert set(POOLS["en"]) == set(POOLS["zh"])
