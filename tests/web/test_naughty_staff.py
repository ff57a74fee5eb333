"""Does anything that staff send for a number, in an address or a form, ever break a page?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from portal import editorial
from portal.extensions import db, stamp
from portal.models import Act
from tests import moves
from tests.filling import controls
from tests.naughty import ASKED_BY_STAFF, NUMBERS
from tests.pages import CheckedClient
from tests.people import People, signed_in
from tests.record_pages import AUTHOR

Sign = Callable[[str], CheckedClient]
HX = {"HX-Request": "true"}
RECORD = moves.SUBJECT
each_number = pytest.mark.parametrize("number", NUMBERS, ids=lambda number: repr(number[:12]))


@pytest.fixture
def sign(fresh_app: Any, fresh_people: People) -> Sign:
    """The client of one of the people, by name."""
    return lambda name: signed_in(fresh_app, getattr(fresh_people, name))


def test_in_addresses(sign: Sign) -> None:
    wrong = []
    for name, path, argument in ASKED_BY_STAFF:
        client = sign(name)
        for number in NUMBERS:
            answer = client.get(path, query_string={argument: number}, follow_redirects=True)
            if answer.status_code >= 500:
                wrong.append((path, argument, number[:12]))
    assert wrong == []


@each_number
def test_in_the_boxes_of_the_form(sign: Sign, number: str) -> None:
    clerk = sign("stranger")
    page = clerk.get(f"/usulan/baru?jenis=ubah&untuk={RECORD}")
    rows = {"events-0-asal": number, f"events-{number}-asal": "0", f"bukti-{number}-place": "Arsip"}
    sent = dict(controls(page)) | rows
    sent |= {name: number for name in sent if name.endswith(("-hari", "-bulan", "-tahun", "_months"))}
    steering = [
        {"aksi": "pratinjau"}, {"tambah": "events"}, {"hapus": f"events-{number}"}, {"aksi": "draf", "usulan": number},
        {"aksi": "draf", "hapus_bukti": number},
    ]  # fmt: skip
    answers = [clerk.post("/usulan/baru", data=sent | more).status_code for more in steering]
    answers.append(clerk.post("/usulan/simpan", data=sent | {"versi": number}, headers=HX).status_code)
    assert [code for code in answers if code >= 500] == []


@each_number
def test_in_what_moderators_and_coordinators_send(
    fresh_app: Any, fresh_people: People, sign: Sign, number: str
) -> None:
    with fresh_app.app_context():
        coordinator = moves.section(fresh_app)
        editorial.publish("cooperation", moves.document() | {"sectors": ["tourism"]}, AUTHOR, "Bidang")
        proposal = moves.sent(fresh_people.stranger, "Ringkasan.").id
        db.session.remove()
    section, moderator, admin = signed_in(fresh_app, coordinator), sign("moderator"), sign("admin")
    guest = {"name": "A", "email": "a@contoh.example", "agency": number}
    acts = f"/moderasi/tindakan/{RECORD}"
    wanted = [
        (section, f"/usulan/{proposal}/dukung", {"version": number}),
        (section, "/usulan/tanggapan", {"untuk": RECORD, "usulan": number, "text": "Benar."}),
        (section, "/usulan/tanggapan", {"untuk": number, "text": "Benar."}),
        (section, "/ruang-kerja/undangan", guest),
        (moderator, f"/moderasi/{proposal}", {"version": number, "base": number, "action": "return", "note": "x"}),
        (moderator, acts, {"act": "restore", "restore-number": number, "restore-reason": "x"}),
        (moderator, acts, {"act": "merge", "merge-target": number, "merge-reason": "x"}),
        (moderator, "/moderasi/kiriman", {"kiriman": number, f"versi-{number}": number, "aksi": "ambil"}),
        (admin, "/pengelola/undangan/baru", guest | {"role": "moderator"}),
    ]
    answers = [(path, client.post(path, data=data, follow_redirects=True)) for client, path, data in wanted]
    assert [(path, answer.status_code) for path, answer in answers if answer.status_code >= 500] == []


def test_in_the_log_of_acts(fresh_app: Any, sign: Sign) -> None:
    with fresh_app.app_context():
        for number in NUMBERS:
            about = {"what": "sign_out_everywhere", "about": f"account {number}", "detail": f"agency {number}"}
            db.session.add(Act(at=stamp(), by=None, role="", address="", **about))
        db.session.commit()
        db.session.remove()
    assert sign("admin").get("/pengelola/catatan").status_code == 200
