"""Do letters arrive through a real mail server – each once, whatever the server does in the meantime?"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from portal import carrier, config, mailing, notifications
from portal.extensions import db, stamp
from portal.models import Letter
from portal.notices import NOTICES
from portal.translating import catalogue
from tests import moves
from tests.mailbox import Mailbox, free_port, opened
from tests.people import People


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with opened() as box:
        yield box


@pytest.fixture
def outbox(fresh_app: Any, mailbox: Mailbox) -> Iterator[Any]:
    """An application context whose letters go to the mailbox."""
    fresh_app.config.update(mailbox.settings)
    with fresh_app.app_context() as pushed:
        yield pushed


def post(*names: str, once: str = "") -> None:
    for name in names:
        notifications.post(db.session(), f"{name}@uji.example", f"Surat untuk {name}", "Isi: sawah – “hijau”\n", once)
    db.session.commit()


def outstanding() -> list[Letter]:
    db.session.rollback()
    found = select(Letter).where(Letter.sent.is_(None)).order_by(Letter.id).execution_options(populate_existing=True)
    return list(db.session.execute(found).scalars())


def due_now() -> None:
    """Let the time pass that a letter must wait."""
    db.session.execute(update(Letter).where(Letter.sent.is_(None)).values(next_try=stamp(timedelta(seconds=-1))))
    db.session.commit()


# -- arriving -------------------------------------------------------------------------------------------------


def test_a_letter_arrives_as_it_was_written(outbox: Any, mailbox: Mailbox) -> None:
    post("warga")
    assert mailing.deliver() == mailing.Report(sent=1)
    (arrived,) = mailbox.letters
    assert (arrived.sender, arrived.recipients) == ("portal@tautan.example", ("warga@uji.example",))
    assert arrived.subject == "Surat untuk warga"
    assert arrived.text.replace("\r\n", "\n") == "Isi: sawah – “hijau”\n"
    assert str(arrived.message["From"]) == "Tautan Daerah <portal@tautan.example>"
    assert str(arrived.message["To"]) == "warga@uji.example"
    assert arrived.message["Auto-Submitted"] == "auto-generated"
    assert arrived.message.get_content_type() == "text/plain"
    assert outstanding() == []


def test_the_letters_of_a_whole_case_reach_the_right_people(
    fresh_app: Any, outbox: Any, mailbox: Mailbox, fresh_people: People
) -> None:
    fresh_app.config["PUBLIC_URL"] = "https://tautan.example"
    section = moves.section(fresh_app)
    proposal = moves.sent(fresh_people.stranger, "Ringkasan yang baru")
    mailing.deliver()
    assert {one.recipients[0] for one in mailbox.letters} == {
        section.email, fresh_people.moderator.email, fresh_people.second.email,
    }  # fmt: skip
    mailbox.letters.clear()
    moves.decided(fresh_people.moderator, proposal)
    mailing.deliver()
    (arrived,) = mailbox.letters
    assert arrived.recipients == (fresh_people.stranger.email,)
    assert arrived.subject == catalogue("id").gettext(NOTICES["published"].subject) % {"receipt": proposal.receipt}
    assert "https://tautan.example/kerja-sama/KS-0005" in arrived.text
    assert mailing.deliver() == mailing.Report()


def test_the_text_of_a_letter_is_forgotten_once_it_is_sent_and_of_a_tip_the_address_too(outbox: Any) -> None:
    post("warga", once="tip-1-received")
    post("pegawai")
    mailing.deliver()
    kept = list(db.session.execute(select(Letter.recipient, Letter.body).order_by(Letter.id)))
    assert [tuple(row) for row in kept] == [("", ""), ("pegawai@uji.example", "")]


def test_a_deliverer_sends_no_more_than_it_is_asked_to(outbox: Any, mailbox: Mailbox) -> None:
    post("satu", "dua", "tiga")
    assert mailing.deliver(limit=2).sent == 2
    assert [one.recipients[0] for one in mailbox.letters] == ["satu@uji.example", "dua@uji.example"]


def test_two_deliverers_at_once_send_each_letter_once(fresh_app: Any, outbox: Any, mailbox: Mailbox) -> None:
    post(*(f"orang{number}" for number in range(24)))
    reports: list[mailing.Report] = []
    begin = threading.Barrier(3)

    def work() -> None:
        with fresh_app.app_context():
            begin.wait()
            reports.append(mailing.deliver())
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(report.sent for report in reports) == 24
    assert len({one.recipients for one in mailbox.letters}) == len(mailbox.letters) == 24


def test_a_letter_whose_deliverer_died_is_sent_by_another_after_a_while(outbox: Any, mailbox: Mailbox) -> None:
    post("warga")
    assert mailing._claim(db.session(), outstanding()[0].id) is not None
    assert mailing.deliver() == mailing.Report()
    assert outstanding()[0].next_try > stamp(timedelta(minutes=9))
    due_now()
    assert mailing.deliver().sent == 1


def test_a_letter_keeps_its_message_id_from_try_to_try(outbox: Any, mailbox: Mailbox) -> None:
    post("warga")
    for _ in range(2):
        mailing.deliver()
        db.session.execute(update(Letter).values(sent=None, next_try=stamp()))
        db.session.commit()
    first, second = (str(one.message["Message-ID"]) for one in mailbox.letters)
    assert first == second
    assert first.endswith("@tautan.example>")


# -- a server that is down ------------------------------------------------------------------------------------


def test_without_a_mail_server_letters_wait(fresh_app: Any) -> None:
    with fresh_app.app_context():
        post("warga")
        assert mailing.deliver() == mailing.Report()
        assert mailing.waiting() == 1


def test_a_server_that_is_down_loses_nothing_and_costs_no_letter_a_try(fresh_app: Any) -> None:
    box = Mailbox()
    box.port = free_port()
    fresh_app.config.update(box.settings)
    with fresh_app.app_context():
        post("satu", "dua")
        db.session.execute(update(Letter).values(created="2020-01-01T00:00:00Z"))
        db.session.commit()
        for _ in range(7):
            report = mailing.deliver()
            assert (report.sent, "cannot be used" in report.problem) == (0, True)
        assert [(one.tries, one.given_up) for one in outstanding()] == [(0, None), (0, None)]
        with opened(box):
            assert mailing.deliver().sent == 2


def test_a_server_that_says_nothing_is_left_after_a_while(fresh_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrier, "TIMEOUT", 0.5)
    with socket.socket() as silent:
        silent.bind(("localhost", 0))
        silent.listen()
        fresh_app.config.update(Mailbox().settings | {"MAIL_PORT": silent.getsockname()[1]})
        with fresh_app.app_context():
            post("warga")
            started = time.monotonic()
            assert "timed out" in mailing.deliver().problem
            assert time.monotonic() - started < 3
            assert outstanding()[0].tries == 0


def test_a_server_that_falls_silent_over_a_letter_does_not_hold_up_the_next_run(
    outbox: Any, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier, "TIMEOUT", 0.5)
    mailbox.silent_for = 2
    post("satu", "dua", "tiga")
    assert mailing.deliver() == mailing.Report(later=2)
    mailbox.silent_for = 0
    assert mailing.deliver().sent == 1
    due_now()
    assert mailing.deliver().sent == 2


def test_nothing_that_is_decided_waits_for_the_mail_server(outbox: Any, fresh_app: Any, fresh_people: People) -> None:
    """While a deliverer hangs in the server's silence no transaction is open."""
    with opened() as box:
        box.silent_for = 3
        fresh_app.config.update(box.settings)
        post("warga")

        def work() -> None:
            with fresh_app.app_context():
                mailing.deliver()
                db.session.remove()

        thread = threading.Thread(target=work)
        thread.start()
        time.sleep(0.5)
        started = time.monotonic()
        moves.decided(fresh_people.moderator, moves.sent(fresh_people.stranger, "Ringkasan lain"))
        assert time.monotonic() - started < 2
        thread.join()


# -- a server that refuses ------------------------------------------------------------------------------------


def test_one_bad_address_does_not_hold_up_the_others(outbox: Any, mailbox: Mailbox) -> None:
    mailbox.refuses = {"hilang@uji.example": "550 5.1.1 no such mailbox", "penuh@uji.example": "data 554 no"}
    post("hilang", "penuh", "warga")
    assert mailing.deliver() == mailing.Report(sent=1, given_up=2)
    assert [(one.given_up is not None, one.problem) for one in outstanding()] == [
        (True, "550 5.1.1 no such mailbox"),
        (True, "554 no"),
    ]
    assert mailing.deliver() == mailing.Report()


def test_a_letter_over_which_the_server_hangs_up_does_not_hold_up_the_others(outbox: Any, mailbox: Mailbox) -> None:
    mailbox.refuses = {"racun@uji.example": "data hang up"}
    post("racun", "warga", "tetangga")
    assert mailing.deliver() == mailing.Report(sent=2, later=1)
    assert "connection broke" in outstanding()[0].problem


def test_what_is_refused_for_now_is_tried_again_with_growing_pauses(outbox: Any, mailbox: Mailbox) -> None:
    mailbox.refuses = {"warga@uji.example": "451 4.7.1 come back later"}
    post("warga")
    pauses = []
    for _ in range(12):
        assert mailing.deliver() == mailing.Report(later=1)
        (letter,) = outstanding()
        until = datetime.fromisoformat(letter.next_try)
        pauses.append(round((until - datetime.now(UTC)).total_seconds() / 60))
        assert mailing.deliver() == mailing.Report()
        due_now()
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 720, 720]
    mailbox.refuses = {}
    assert mailing.deliver().sent == 1
    assert outstanding() == []


def test_what_is_refused_for_seven_days_is_given_up_and_can_be_tried_again(outbox: Any, mailbox: Mailbox) -> None:
    mailbox.refuses = {"warga@uji.example": "451 4.7.1 come back later"}
    post("warga")
    db.session.execute(update(Letter).values(created=stamp(timedelta(days=-7, minutes=-1)), tries=9))
    db.session.commit()
    assert mailing.deliver() == mailing.Report(given_up=1)
    assert mailing.deliver() == mailing.Report()
    mailbox.refuses = {}
    assert mailing.again() == 1
    assert mailing.deliver().sent == 1


def test_a_letter_that_could_hold_another_header_is_not_sent(outbox: Any, mailbox: Mailbox) -> None:
    post("warga", "lain")
    db.session.execute(update(Letter).where(Letter.id == 1).values(subject="a\nBcc: mata@jahat.example"))
    db.session.commit()
    assert mailing.deliver() == mailing.Report(sent=1, given_up=1)
    assert [one.recipients for one in mailbox.letters] == [("lain@uji.example",)]


# -- who the server is, and who we are ------------------------------------------------------------------------


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A certificate for localhost that only those trust who are told to, and the file that tells them."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("certificate")
    pem, private = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    kind = serialization.PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, private)
    return context, pem


def test_letters_go_encrypted_to_a_server_whose_certificate_is_trusted(
    fresh_app: Any, certificate: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, pem = certificate
    with opened(certificate=context, require_starttls=True) as box, fresh_app.app_context():
        given = {"MAIL_TLS": "starttls", "MAIL_USERNAME": "portal", "MAIL_PASSWORD": "rahasia"}
        fresh_app.config.update(box.settings | given)
        post("warga")
        assert "certificate verify failed" in mailing.deliver().problem
        assert box.logins == [], "the password was kept from a server that is not known"
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        assert mailing.deliver() == mailing.Report(sent=1)
        assert box.logins == [("portal", "rahasia")]


def test_a_wrong_password_is_told_without_the_password_and_costs_no_letter_a_try(
    fresh_app: Any, certificate: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, pem = certificate
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with opened(certificate=context) as box, fresh_app.app_context():
        given = {"MAIL_TLS": "starttls", "MAIL_USERNAME": "portal", "MAIL_PASSWORD": "sandi-salah"}
        fresh_app.config.update(box.settings | given)
        post("warga")
        assert mailing.deliver().problem == "the mail server refused name or password (535)"
        assert outstanding()[0].tries == 0


def test_a_server_without_encryption_is_refused_where_it_is_asked_for(outbox: Any, fresh_app: Any) -> None:
    fresh_app.config["MAIL_TLS"] = "starttls"
    post("warga")
    assert "STARTTLS" in mailing.deliver().problem


@pytest.mark.parametrize("value", ["nobody", "a@b", "a@b.example\nBcc: c@d.example", "Nama"])
def test_a_sender_that_is_no_address_stops_the_start(value: str) -> None:
    with pytest.raises(config.BadSetting, match="PORTAL_MAIL_FROM"):
        config.from_environment({"PORTAL_MAIL_FROM": value})


# -- beside a server ------------------------------------------------------------------------------------------


def test_a_server_that_runs_delivers_by_itself_and_survives_every_failure(fresh_app: Any) -> None:
    box = Mailbox()
    box.port = free_port()
    fresh_app.config.update(box.settings)
    with fresh_app.app_context():
        post("satu")
    over = threading.Event()
    thread = mailing.keep_delivering(fresh_app, pause=0.05, stop=over)
    time.sleep(0.4)
    assert thread.is_alive()
    with opened(box):
        until = time.monotonic() + 10
        while not box.letters and time.monotonic() < until:
            time.sleep(0.05)
        over.set()
        thread.join(10)
    assert [one.recipients for one in box.letters] == [("satu@uji.example",)]
    assert not thread.is_alive()
