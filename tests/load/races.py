"""Two moderators decide on the same proposal at the same moment, many times: does exactly one of them succeed?

    python -m tests.load.races --races 1000 --engine sqlite
    python -m tests.load.races --races 1000 --engine postgresql

Each moderator is a process with connections of its own. After every race there must be one winner, one decision, at
most one revision, one letter for each who hears of it; at the end the chain and the index must hold. The exit code
tells whether all did.
"""

from __future__ import annotations

import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from tests.load.staffed import options, staffed

ROUND_WITHIN = 60  # seconds
VERDICTS = ("accept", "accept", "accept", "return", "reject")
STATES = {"accept": "published", "return": "returned", "reject": "rejected"}


@dataclass(slots=True)
class Score:
    """What many races came to; ``problems`` is empty where all went well."""

    won: Counter[str] = field(default_factory=Counter)
    late: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def moderate(url: str, instance: str, account_id: int, pipe: Connection, barrier: Any) -> None:
    """A moderator in a process: reads the proposal, waits for the other, decides."""
    from portal import create_app
    from portal.extensions import db
    from tests.conftest import settings

    app = create_app(settings(url, Path(instance)))
    pipe.send("ready")
    while task := pipe.recv():
        with app.app_context():
            ruling = _seen(*task)
            db.session.remove()
            barrier.wait(ROUND_WITHIN)
            time.sleep(random.random() * 0.004)  # so that they meet at every point of the way
            pipe.send(_tried(account_id, task[0], ruling))
            db.session.remove()


def _seen(proposal_id: int, verdict: str) -> Any:
    from portal.extensions import db, reading
    from portal.models import Proposal
    from tests import moves

    with reading():
        proposal = db.session.get(Proposal, proposal_id)
        assert proposal is not None
        whole = "" if verdict == "accept" else verdict
        return moves.ruling(proposal, verdict, whole)


def _tried(account_id: int, proposal_id: int, ruling: Any) -> tuple[str, str]:
    from portal import editorial
    from portal.extensions import db
    from portal.models import Account

    try:
        by = db.session.get(Account, account_id)
        assert by is not None
        return "won", editorial.decide(by, proposal_id, ruling).state
    except editorial.Outdated as late:
        return "late", type(late).__name__
    except Exception:
        return "failed", traceback.format_exc()


@contextmanager
def moderators(url: str, instance: Path, accounts: list[int]) -> Iterator[list[Connection]]:
    """The processes of the moderators, ready to be given proposals."""
    spawn = get_context("spawn")
    barrier = spawn.Barrier(len(accounts))
    pipes, processes = [], []
    for number in accounts:
        here, there = spawn.Pipe()
        process = spawn.Process(target=moderate, args=(url, str(instance), number, there, barrier), daemon=True)
        process.start()
        pipes.append(here)
        processes.append(process)
    try:
        for pipe in pipes:
            pipe.recv()
        yield pipes
    finally:
        for pipe in pipes:
            pipe.send(None)
        for process in processes:
            process.join(20)


def race(app: Any, url: str, count: int, people: Any, seed: int = 1) -> Score:
    """Let two moderators of `tests.people` race so many times over an application's database."""
    from portal import auditing
    from portal.extensions import db

    score, chance = Score(), random.Random(seed)
    with moderators(url, Path(app.instance_path), [people.moderator.id, people.second.id]) as pipes:
        for number in range(count):
            with app.app_context():
                _one(number, people, pipes, [chance.choice(VERDICTS) for _ in pipes], score)
                db.session.remove()
    with app.app_context():
        score.problems += [str(problem) for problem in auditing.problems(db.session())]
        db.session.remove()
    return score


def _one(number: int, people: Any, pipes: list[Connection], verdicts: list[str], score: Score) -> None:
    from portal.extensions import db
    from tests import moves

    proposal = moves.sent(people.stranger, f"Ringkasan nomor {number} dari {time.time_ns()}")
    proposal_id, before = proposal.id, _revisions()
    db.session.remove()
    for pipe, verdict in zip(pipes, verdicts, strict=True):
        pipe.send((proposal_id, verdict))
    answers = [pipe.recv() if pipe.poll(ROUND_WITHIN) else ("failed", "no answer") for pipe in pipes]
    won = [state for said, state in answers if said == "won"]
    score.won.update(won)
    score.late.update(text for said, text in answers if said == "late")
    score.problems += [f"race {number}: {text}" for said, text in answers if said == "failed"]
    score.problems += [f"race {number}: {what}" for what in _faults(proposal_id, won, verdicts, _revisions() - before)]


def _revisions() -> int:
    from portal.extensions import db
    from portal.models import Revision

    return int(db.session.execute(select(func.count()).select_from(Revision)).scalar_one())


def _faults(proposal_id: int, won: list[str], verdicts: list[str], published: int) -> Iterator[str]:
    """What is not as it must be after one race."""
    from portal.extensions import db
    from portal.models import Decision, Letter, Proposal

    if len(won) != 1:
        yield f"{len(won)} winners"
        return
    proposal = db.session.get(Proposal, proposal_id)
    assert proposal is not None
    decisions = db.session.execute(
        select(Decision.id, Decision.move, Decision.after, Decision.revision)
        .where(Decision.proposal_id == proposal_id, Decision.move != "submit")
    ).all()  # fmt: skip
    if len(decisions) != 1 or decisions[0].after != won[0] or proposal.state != won[0]:
        yield f"decisions {decisions}, state {proposal.state}, winner {won[0]}"
        return
    if won[0] not in {STATES[verdict] for verdict in verdicts}:
        yield f"nobody said {won[0]}"
    if published != (won[0] == "published") or (decisions[0].revision is not None) != (won[0] == "published"):
        yield f"{published} revisions for {won[0]}"
    told = db.session.execute(select(Letter.recipient).where(Letter.once.like(f"decision-{decisions[0].id}-%")))
    if len(told.all()) != 1:
        yield "the author was not told once"


def main() -> int:
    """Run from the command line."""
    parser = options(__doc__, "races", 1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with staffed(asked.engine) as (app, url, people):
        started = time.monotonic()
        score = race(app, url, asked.races, people, asked.seed)
    took = time.monotonic() - started
    lines = [
        f"{asked.races} races on {asked.engine} in {took:.0f} s",
        f"won: {dict(score.won)}; too late: {dict(score.late)}; problems: {len(score.problems)}",
        *score.problems[:20],
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if score.problems or sum(score.won.values()) != asked.races else 0


if __name__ == "__main__":
    sys.exit(main())
