"""The server is killed again and again under a stream of drafts, files, proposals, decisions and tips: what is lost?

    python -m tests.load.kills --kills 200 --engine sqlite
    python -m tests.load.kills --kills 200 --engine postgresql

A real `portal serve` answers over HTTP and gets SIGKILL at a random moment. At the end everything that was answered
with a receipt must be there with its content, every publication whole or absent, nothing doubled, every file as its row
says, and `portal verify` content. The exit code tells whether all was.
"""

from __future__ import annotations

import http.client
import io
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from tests.load.aftermath import problems
from tests.load.staffed import options, staffed
from tests.mailbox import free_port
from tests.moves import NOTE, PUBLIC, SUBJECT
from tests.surfing import Fields, Page, Surfer, with_values

UP_WITHIN = 30  # seconds
LONGEST_LIFE = 3.0  # seconds from the first answer of a server to its end
PROJECT = Path(__file__).resolve().parents[2]
BROKEN = (OSError, http.client.HTTPException)
SERVE = "from portal.cli import main; main()"


@dataclass(slots=True)
class Answered:
    """What the server said yes to. ``drafts`` keeps for each proposal what it may hold: from the last text that was
    answered on; ``sent`` the text that was sent under a receipt; ``published`` the text under a proposal's number."""

    drafts: dict[int, list[str]] = field(default_factory=dict)
    sent: dict[int, str] = field(default_factory=dict)
    published: dict[int, str] = field(default_factory=dict)
    files: dict[int, int] = field(default_factory=dict)
    tips: dict[str, str] = field(default_factory=dict)
    steps: Counter[str] = field(default_factory=Counter)
    strange: list[str] = field(default_factory=list)


class Server:
    """`portal serve` as a process of its own."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.port = free_port()
        self.environment = {**os.environ, **settings}
        self.process: subprocess.Popen[bytes] | None = None
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the server

    def start(self) -> None:
        """Start it and wait for its first answer."""
        command = [sys.executable, "-c", SERVE, "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, cwd=PROJECT, env=self.environment, stdout=subprocess.DEVNULL, stderr=self.said
        )
        until = time.monotonic() + UP_WITHIN
        while time.monotonic() < until and self.process.poll() is None:
            with suppress(*BROKEN):
                if Surfer(self.port).get("/robots.txt").status == 200:
                    return
            time.sleep(0.05)
        self.kill()
        self.said.seek(0)
        raise RuntimeError(f"the server does not come up: {self.said.read().decode()[-2000:]}")

    def kill(self) -> None:
        """SIGKILL: no chance to tidy up."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def close(self) -> None:
        """Kill it, and forget what it said."""
        self.kill()
        self.said.close()


class Stream:
    """Three people at work over HTTP who go on whatever breaks: an author, a moderator, a passer-by."""

    def __init__(self, port: int, author: Mapping[str, str], moderator: Mapping[str, str], seed: int) -> None:
        self.author, self.moderator, self.anyone = Surfer(port, author), Surfer(port, moderator), Surfer(port)
        self.answered = Answered()
        self.chance = random.Random(seed)
        self.waiting: SimpleQueue[int] = SimpleQueue()
        self.over = threading.Event()
        self.count = 0

    def run(self) -> list[threading.Thread]:
        """Set them to work."""
        threads = [threading.Thread(target=self._go_on, args=(one,)) for one in (self.write, self.decide, self.tip)]
        for thread in threads:
            thread.start()
        return threads

    def _go_on(self, step: Callable[[], None]) -> None:
        while not self.over.is_set():
            try:
                step()
            except BROKEN:
                self.answered.steps["cut off"] += 1
                time.sleep(0.05)
            except Exception as error:
                self.answered.strange.append(f"{step.__name__}: {type(error).__name__}: {error}"[:300])
                time.sleep(0.2)

    def _seen(self, page: Page, what: str, *expected: int) -> bool:
        """True for an answer that is as it should be; a failure of the server is noted."""
        self.answered.steps[f"{what} {page.status}"] += 1
        if page.status >= 500:
            self.answered.strange.append(f"{what}: {page.status} {page.path}")
        return page.status in expected

    def write(self) -> None:
        """Fill in the form, look at the preview, send."""
        page = self.author.get(f"/usulan/baru?untuk={SUBJECT}&jenis=ubah")
        if page.status == 303:
            page = self.author.get(page.location)
        if not self._seen(page, "form", 200):
            return
        target, fields = page.form("/ubah" if page.path.endswith("/ubah") else "/usulan/baru")
        self.count += 1
        text = f"Ringkasan ke-{self.count} yang diketik pada {time.time_ns()}."
        number = _number(target)
        if number:
            self.answered.drafts.setdefault(number, []).append(text)
        fields = with_values(fields, summary=text, aksi="pratinjau", bukti__0__place="https://contoh.go.id/laporan")
        with_file = self.chance.random() < 0.3
        answer = self.author.send(target, fields, [("berkas", "surat.pdf", _pdf(self.count))] if with_file else [])
        if not self._seen(answer, "draft", 303):
            return
        number = _number(answer.location)
        self.answered.drafts[number] = [text]
        if with_file:
            self.answered.files[number] = self.answered.files.get(number, 0) + 1
        self._send(number, text, answer.location)

    def _send(self, number: int, text: str, preview: str) -> None:
        page = self.author.get(preview)
        if page.status == 303 and page.location.endswith("/bentrok"):
            return self._settle(page.location)
        if not self._seen(page, "preview", 200):
            return None
        target, fields = page.form("/kirim")
        answer = self.author.send(target, with_values(fields, sah="1"))
        if self._seen(answer, "sent", 303) and answer.location.endswith("terkirim"):
            self.answered.sent[number] = text
            self.waiting.put(number)
        return None

    def _settle(self, path: str) -> None:
        """Keep the own words where the record changed in between."""
        page = self.author.get(path)
        target, fields = page.form("/bentrok")
        asked = {name for name, _ in radios(page)}
        self._seen(self.author.send(target, [*fields, *((name, "mine") for name in asked)]), "settled", 303)

    def decide(self) -> None:
        """Open a proposal that was sent, accept all of it, publish."""
        try:
            number = self.waiting.get(timeout=0.2)
        except Empty:
            return
        try:
            self._decide(number)
        except BROKEN:
            self.waiting.put(number)  # whether it was decided before the end is seen next time
            raise

    def _decide(self, number: int) -> None:
        page = self.moderator.get(f"/moderasi/{number}")
        verdicts = [(name, value) for name, value in radios(page) if name.startswith("verdict-") and value == "accept"]
        if not self._seen(page, "review", 200) or not verdicts:
            return
        target, fields = page.form(f"/moderasi/{number}")
        fields = [(name, value) for name, value in fields if not name.startswith("verdict-")] + verdicts
        given = {"note": NOTE, "change_note": PUBLIC, "reason": "Bukti sudah cukup.", "action": "publish"}
        answer = self.moderator.send(target, with_values(fields, **given))
        if self._seen(answer, "published", 303):
            self.answered.published[number] = self.answered.sent[number]

    def tip(self) -> None:
        """Point something out, as anyone may."""
        time.sleep(0.3)
        page = self.anyone.get(f"/koreksi?hal=/kerja-sama/{SUBJECT}")
        if not self._seen(page, "tip form", 200):
            return
        target, fields = page.form("/koreksi")
        self.count += 1
        text = f"Menurut saya tahunnya keliru, catatan {self.count} {time.time_ns()}."
        time.sleep(3.2)  # what is sent faster than a person types is taken for a machine's
        answer = self.anyone.send(target, with_values(fields, laporan=text))
        if self._seen(answer, "tip", 303):
            self.answered.tips[answer.location.split("?")[0].rpartition("/")[2]] = text


def _number(path: str) -> int:
    """The number of the proposal in an address; 0 where there is none."""
    return next((int(part) for part in path.split("?")[0].split("/") if part.isdecimal()), 0)


def radios(page: Page) -> Fields:
    """Every radio button of a page, chosen or not."""
    from bs4 import BeautifulSoup

    found = BeautifulSoup(page.text, "html.parser").find_all("input", type="radio")
    return [(str(one["name"]), str(one["value"])) for one in found]


def _pdf(number: int) -> bytes:
    """A file of one empty page, each another size."""
    import pikepdf

    document, file = pikepdf.new(), io.BytesIO()
    document.add_blank_page(page_size=(200 + number % 300, 300))
    document.save(file)
    return file.getvalue()


@contextmanager
def _at_work(stream: Stream) -> Iterator[None]:
    threads = stream.run()
    try:
        yield
    finally:
        stream.over.set()
        for thread in threads:
            thread.join(60)


def run(app: Any, url: str, people: Any, kills: int, seed: int = 1) -> tuple[Answered, list[str]]:
    """Kill a server over this database so many times; what was answered, and what is not as it must be."""
    from tests.people import signed_in
    from tests.surfing import carried

    server = Server({"PORTAL_DATABASE_URL": url, "PORTAL_INSTANCE_PATH": app.instance_path, "PORTAL_RATE_LIMIT": ""})
    author = carried(signed_in(app, people.stranger), app)
    moderator = carried(signed_in(app, people.moderator), app)
    stream = Stream(server.port, author, moderator, seed)
    chance = random.Random(seed)
    try:
        server.start()
        with _at_work(stream):
            for _ in range(kills):
                time.sleep(chance.random() * LONGEST_LIFE)
                server.kill()
                _forget_limits(app)
                server.start()
            time.sleep(LONGEST_LIFE)
    finally:
        server.close()
    with app.app_context():
        return stream.answered, [*stream.answered.strange, *problems(stream.answered)]


def _forget_limits(app: Any) -> None:
    """Nobody works as much in an hour as these three."""
    from sqlalchemy import delete

    from portal.extensions import db
    from portal.models import Attempt

    with app.app_context():
        db.session.execute(delete(Attempt))
        db.session.commit()
        db.session.remove()


def main() -> int:
    """Run from the command line."""
    parser = options(__doc__, "kills", 200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with staffed(asked.engine) as (app, url, people):
        answered, found = run(app, url, people, asked.kills, asked.seed)
    lines = [
        f"{asked.kills} kills on {asked.engine}",
        f"answered: {len(answered.drafts)} drafts, {len(answered.sent)} sent, {len(answered.published)} published",
        f"answered: {sum(answered.files.values())} files, {len(answered.tips)} tips",
        f"steps: {dict(sorted(answered.steps.items()))}",
        f"problems: {len(found)}",
        *found[:30],
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if found or not answered.published else 0


if __name__ == "__main__":
    sys.exit(main())
