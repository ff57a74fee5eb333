"""Which larger database do the tests of lists share? The first records and made ones, on each engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from portal import editorial, indexing
from portal.extensions import db, reading
from portal.ledger import Author
from tests.conftest import Databases, application, only_reading
from tests.load.generate import Maker
from tests.matching import DAY, Record, records

MADE = 160


@pytest.fixture(scope="session")
def large(
    databases: Databases, engine: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Any, list[Record]]]:
    """An application over the first records and as many made ones, assessed for one day, for reading."""
    with application(databases.on(engine).copy(), tmp_path_factory.mktemp("large")) as app:
        with app.app_context():
            editorial.publish_all("cooperation", Maker(7).documents(MADE), Author("moderator", "Kantor uji"))
            indexing.assess_all(db.session(), DAY)
            db.session.commit()
            found = records(DAY)
        only_reading(app)
        yield app, found


@pytest.fixture
def many(large: tuple[Any, list[Record]]) -> Iterator[list[Record]]:
    """What the documents of the larger database say; its application is the current one."""
    app, found = large
    with app.app_context(), reading():
        yield found
