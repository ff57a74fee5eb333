"""Does a source say which file stands behind it, and can everybody have it only where a moderator said so?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from portal import editorial, publications
from portal.extensions import db, stamp
from portal.models import Evidence
from tests import moves
from tests.pages import CheckedClient
from tests.people import People
from tests.record_pages import AUTHOR, page, said

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
