"""Does a source say which file stands behind it, and can everybody have it only where a moderator said so?"""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from portal import editorial, evidence, publications
from portal.editorial import Incomplete, acting
from portal.extensions import db, stamp
from portal.models import Evidence, Proposal
from tests import moves
from tests.pages import CheckedClient, soup
from tests.people import People, signed_in
from tests.record_pages import AUTHOR, page, said
from tests.web.test_review import filled
from tests.web.test_review_acts import WITHHELD

CHECKSUM = "ab" * 32
ADDRESS = f"/en/kerja-sama/KS-0005/bukti/{CHECKSUM}"


@pytest.fixture
def behind(fresh_app: Any, fresh_people: People) -> Any:
    """`behind("public")`: KS-0005 names a file of this disclosure behind its first source."""

    def one(disclosure: str) -> None:
        with fresh_app.app_context():
            draft = moves.drafted(fresh_people.stranger, "Ringkasan.")
            db.session.add(
                Evidence(
                    proposal_id=draft.id, uploaded_by=fresh_people.stranger.id, uploaded=stamp(), name="surat.pdf",
                    stored="aa/bb", mimetype="application/pdf", sha256=CHECKSUM, size=1_240_000, pages=3, source="s1",
                    disclosure=disclosure, subject="KS-0005", removed=None,
                )
            )  # fmt: skip
            db.session.commit()
            document = moves.document()
            document["sources"][0]["archive"] = {"sha256": CHECKSUM}
            editorial.publish("cooperation", document, AUTHOR, "Bukti")

    return one


def test_a_disclosed_file_can_be_taken_away(fresh_client: CheckedClient, behind: Any) -> None:
    behind("public")
    found = page(fresh_client, "/en/kerja-sama/KS-0005").select_one("#s1")
    assert "Download the file: surat.pdf (PDF, 1.2 MB, 3 pages)" in said(found)
    assert CHECKSUM in said(found)
    assert ADDRESS in [link["href"] for link in found.select("a")]
    assert "1,2 MB" in said(page(fresh_client, "/kerja-sama/KS-0005").select_one("#s1"))


def test_an_old_revision_names_the_file_without_offering_it(
    fresh_client: CheckedClient, fresh_app: Any, behind: Any
) -> None:
    behind("public")
    with fresh_app.app_context():
        newest = publications.newest("KS-0005")
        assert newest is not None
        document = json.loads(json.dumps(newest.document))
        del document["sources"][0]["archive"]
        editorial.publish("cooperation", document, AUTHOR, "Berkas ditarik")
    old = page(fresh_client, "/en/kerja-sama/KS-0005?rev=2").select_one("#s1")
    assert CHECKSUM in said(old)
    assert ADDRESS not in str(old)


@pytest.mark.parametrize("disclosure", ["metadata_only", "withheld"])
def test_a_file_that_is_not_public_is_only_named_by_its_checksum(
    fresh_client: CheckedClient, behind: Any, disclosure: str
) -> None:
    behind(disclosure)
    found = page(fresh_client, "/en/kerja-sama/KS-0005").select_one("#s1")
    assert "The portal keeps the file; it is not public." in said(found)
    assert CHECKSUM in said(found)
    assert "surat.pdf" not in said(found)


def test_a_file_is_withheld_by_two_moderators_and_its_source_says_why(
    fresh_client: CheckedClient, fresh_app: Any, fresh_people: People, behind: Any
) -> None:
    behind("public")
    first, second = signed_in(fresh_app, fresh_people.moderator), signed_in(fresh_app, fresh_people.second)
    acts = "/en/moderasi/tindakan/KS-0005"
    offered = page(first, acts).select("select[name=withhold-text] option")
    assert "file:s1" in [one.get("value") for one in offered]
    assert any("surat.pdf" in said(one) for one in offered)
    assert first.post(acts, data=WITHHELD | {"withhold-text": "file:s1"}).status_code == 303
    with fresh_app.app_context():
        asked = db.session.execute(select(Proposal).where(Proposal.kind == "withhold")).scalar_one().id
    assert page(first, f"/en/moderasi/{asked}").select_one("form#tinjau") is None, "somebody else decides"
    review = second.get(f"/en/moderasi/{asked}")
    assert "Withhold the file" in said(soup(review).select_one("#b-terbit"))
    assert second.post(f"/en/moderasi/{asked}", data=filled(review)).status_code == 303
    assert fresh_client.get(ADDRESS).status_code == 404
    found = page(fresh_client, "/en/kerja-sama/KS-0005").select_one("#s1")
    assert "The file is withheld." in said(found)
    assert "UU 14/2008 pasal 17 huruf h: Memuat data pribadi." in said(found)
    assert "31 January 2099" in said(found)
    assert CHECKSUM in said(found)
    assert ADDRESS not in str(found)
    again = page(first, acts).select_one("select[name=withhold-text] option[value='file:s1']")
    assert "withheld, to be looked at again on 31 January 2099" in said(again), "it may get a new day"


def test_withholding_a_file_marks_its_source_and_takes_nothing_off(
    fresh_app: Any, fresh_people: People, behind: Any
) -> None:
    behind("public")
    with fresh_app.app_context():
        before, by = moves.document(), moves.account(fresh_people.moderator)
        asked = acting.ask_withholding(by, "KS-0005", "file:s1", "h", "Memuat data pribadi.", "2099-01-31", "")
        moves.decided(fresh_people.second, asked)
        after = moves.document()
        mark = after["sources"][0].pop("withheld")
        assert after == before
        assert mark["review_on"] == "2099-01-31"
        assert evidence.public(db.session(), "KS-0005", CHECKSUM) is None


@pytest.mark.parametrize("disclosure", ["metadata_only", "withheld"])
def test_a_file_that_is_not_public_is_not_offered_to_be_withheld(
    fresh_app: Any, fresh_people: People, behind: Any, disclosure: str
) -> None:
    behind(disclosure)
    acts = page(signed_in(fresh_app, fresh_people.moderator), "/en/moderasi/tindakan/KS-0005")
    assert "surat.pdf" not in said(acts.main)
    with fresh_app.app_context():
        by = moves.account(fresh_people.moderator)
        with pytest.raises(Incomplete):
            acting.ask_withholding(by, "KS-0005", "file:s1", "h", "Memuat data pribadi.", "2099-01-31", "")
