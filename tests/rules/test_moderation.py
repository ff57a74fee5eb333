"""Does the life of a proposal hold together? The table of moves, asked from both ends."""

from __future__ import annotations

import pytest

from portal import desk, moderation
from portal.moderation import TRANSITIONS, WrongMove, next_state, open_moves, publishing_move


def test_the_table_speaks_the_words_of_the_desk() -> None:
    assert {state for state, _ in TRANSITIONS} | set(TRANSITIONS.values()) == set(desk.STATES)
    assert {move for _, move in TRANSITIONS} == set(desk.MOVES)


def test_every_state_can_be_reached_from_a_draft() -> None:
    reached, waiting = {"draft"}, ["draft"]
    while waiting:
        here = waiting.pop()
        new = {next_state(here, move) for move in open_moves(here)} - reached
        reached |= new
        waiting += new
    assert reached == set(desk.STATES)


@pytest.mark.parametrize("state", moderation.CLOSED)
def test_a_closed_proposal_stays_closed_but_for_an_undone_publication(state: str) -> None:
    expected = ("undo",) if state in {"published", "partly_published"} else ()
    assert open_moves(state) == expected


def test_only_what_was_published_or_partly_so_can_be_undone_and_waits_again() -> None:
    undone = {state: after for (state, move), after in TRANSITIONS.items() if move == "undo"}
    assert undone == dict.fromkeys(("published", "partly_published", "returned"), "submitted")
    assert {TRANSITIONS["submitted", move] for move in moderation.PUBLISHING} == set(undone)


@pytest.mark.parametrize("state", list(desk.STATES))
def test_every_move_that_is_not_in_the_table_is_refused(state: str) -> None:
    for move in desk.MOVES:
        if (state, move) in TRANSITIONS:
            assert next_state(state, move) == TRANSITIONS[state, move]
        else:
            with pytest.raises(WrongMove):
                next_state(state, move)


def test_nothing_is_published_from_a_draft_or_by_its_author() -> None:
    for state in moderation.WITH_AUTHOR:
        assert not moderation.PUBLISHING & set(open_moves(state))


def test_the_three_groups_of_states_are_all_states_once() -> None:
    groups = [*moderation.WAITING, *moderation.WITH_AUTHOR, *moderation.CLOSED]
    assert sorted(groups) == sorted(desk.STATES)


@pytest.mark.parametrize(
    ("verdicts", "move"),
    [
        ({"accept"}, "publish"),
        ({"accept", "amend"}, "publish"),
        ({"amend"}, "publish"),
        ({"accept", "reject"}, "publish_part"),
        ({"amend", "reject"}, "publish_part"),
        ({"accept", "return"}, "publish_return"),
        ({"accept", "return", "reject"}, "publish_return"),
        ({"return"}, "return"),
        ({"return", "reject"}, "return"),
        ({"reject"}, "reject"),
    ],
)
def test_the_verdicts_on_single_fields_come_to_one_move(verdicts: set[str], move: str) -> None:
    assert publishing_move(verdicts) == move
