"""What can happen to a proposal next? The life of a proposal as a table, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Mapping

TRANSITIONS: Mapping[tuple[str, str], str] = {
    ("draft", "submit"): "submitted",
    ("draft", "withdraw"): "withdrawn",
    ("returned", "submit"): "submitted",
    ("returned", "withdraw"): "withdrawn",
    ("submitted", "endorse"): "endorsed",
    **{
        (state, move): target
        for state in ("submitted", "endorsed", "seconding")
        for move, target in (
            ("publish", "published"),
            ("publish_part", "partly_published"),
            ("publish_return", "returned"),
            ("return", "returned"),
            ("reject", "rejected"),
            ("withdraw", "withdrawn"),
        )
    },
    ("submitted", "agree"): "seconding",
    ("endorsed", "agree"): "seconding",
    ("published", "undo"): "submitted",
    ("partly_published", "undo"): "submitted",
    ("returned", "undo"): "submitted",  # of what was published in part; see `editorial.undoing.undoable`
}

# Where the region supports it as it was sent, it goes on doing so.
SUPPORTED: Mapping[tuple[str, str], str] = {
    (state, "undo"): "endorsed" for state in ("published", "partly_published", "returned")
}

DECISIONS = frozenset({"publish", "publish_part", "publish_return", "agree", "return", "reject", "undo"})
PUBLISHING = frozenset({"publish", "publish_part", "publish_return"})
WAITING = ("submitted", "endorsed", "seconding")  # for a moderator
WITH_AUTHOR = ("draft", "returned")
CLOSED = ("published", "partly_published", "rejected", "withdrawn")


class WrongMove(ValueError):
    """A move that the state of the proposal does not allow."""


def next_state(state: str, move: str, supported: bool = False) -> str:
    """The state after a move, ``supported`` by its region or not; `WrongMove` where the table has no such arrow."""
    try:
        after = TRANSITIONS[state, move]
        return SUPPORTED.get((state, move), after) if supported else after
    except KeyError:
        raise WrongMove(f"{move} from {state}") from None


def open_moves(state: str) -> tuple[str, ...]:
    """The moves a state allows, in the order of the table."""
    return tuple(move for known, move in TRANSITIONS if known == state)


def publishing_move(verdicts: Collection[str]) -> str:
    """The move that the verdicts on single fields come to; ``return`` or ``reject`` where none is to be published."""
    taken = {"accept", "amend"} & set(verdicts)
    if "return" in verdicts:
        return "publish_return" if taken else "return"
    if "reject" in verdicts:
        return "publish_part" if taken else "reject"
    return "publish"
