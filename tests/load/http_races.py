"""Two moderators press *Publish* at the same moment, each at a server of their own: does exactly one of them succeed?

    python -m tests.load.http_races --races 200 --engine sqlite

Two `portal serve` over one database, real pages, real forms. One answer must be 303, the other 409 with a page that can
be read and keeps what was typed – never a failure of the server.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter
from typing import Any

from tests.load.kills import Server, radios
from tests.load.staffed import options, staffed
from tests.moves import NOTE, PUBLIC
from tests.surfing import Fields, Page, Surfer, carried, with_values


def pressed(surfer: Surfer, number: int) -> tuple[str, Fields]:
    """The form of a proposal as a moderator has filled it in, about to be sent."""
    page = surfer.get(f"/moderasi/{number}")
    target, fields = page.form(f"/moderasi/{number}")
    verdicts = [(name, value) for name, value in radios(page) if name.startswith("verdict-") and value == "accept"]
    fields = [(name, value) for name, value in fields if not name.startswith("verdict-")] + verdicts
    given = {"note": NOTE, "change_note": PUBLIC, "reason": "Bukti sudah cukup.", "action": "publish"}
    return target, with_values(fields, **given)


def race(app: Any, url: str, people: Any, count: int) -> tuple[Counter[str], list[str]]:
    """So many races over two servers; how the pairs of answers were spread, and what is not as it must be."""
    from tests.people import signed_in

    settings = {"PORTAL_DATABASE_URL": url, "PORTAL_INSTANCE_PATH": app.instance_path, "PORTAL_RATE_LIMIT": ""}
    servers = [Server(settings), Server(settings)]
    both = [people.moderator, people.second]
    try:
        for server in servers:
            server.start()
        surfers = [
            Surfer(server.port, carried(signed_in(app, who), app)) for server, who in zip(servers, both, strict=True)
        ]
        spread: Counter[str] = Counter()
        problems: list[str] = []
        for number in range(count):
            pair, found = _one(app, people, surfers, number)
            spread[pair] += 1
            problems += found
    finally:
        for server in servers:
            server.close()
    with app.app_context():
        return spread, problems + _whole()


def _one(app: Any, people: Any, surfers: list[Surfer], number: int) -> tuple[str, list[str]]:
    from portal.extensions import db
    from tests import moves

    with app.app_context():
        proposal = moves.sent(people.stranger, f"Ringkasan balapan {number}").id
        db.session.remove()
    forms = [pressed(surfer, proposal) for surfer in surfers]
    answers: list[Page] = []
    begin = threading.Barrier(2)

    def press(surfer: Surfer, target: str, fields: Fields) -> None:
        begin.wait()
        answers.append(surfer.send(target, fields))

    threads = [threading.Thread(target=press, args=(s, *form)) for s, form in zip(surfers, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pair = "/".join(sorted(str(answer.status) for answer in answers))
    late = [answer for answer in answers if answer.status == 409]
    readable = all("<h1" in answer.text and NOTE in answer.text for answer in late)
    return pair, [] if pair == "303/409" and readable else [f"race {number}: {pair}, readable: {readable}"]


def _whole() -> list[str]:
    """What database and ledger say afterwards."""
    from tests.load.aftermath import problems
    from tests.load.kills import Answered

    return list(problems(Answered()))


def main() -> int:
    """Run from the command line."""
    parser = options(__doc__, "races", 200)
    asked = parser.parse_args()
    with staffed(asked.engine) as (app, url, people):
        spread, problems = race(app, url, people, asked.races)
    lines = [
        f"{asked.races} races over HTTP on {asked.engine}: {dict(spread)}",
        f"problems: {len(problems)}",
        *problems,
    ]
    sys.stdout.write("\n".join(lines[:30]) + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
