"""What does a listing cost that is written down as it comes to mind? Flask with objects of SQLAlchemy's ORM.

Facets are a GROUP BY each, words a LIKE, pages an OFFSET: `python naive.py DATABASE PORT`.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from flask import Flask, abort, render_template, request
from sqlalchemy import ForeignKey, Select, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from waitress import serve

FACETS = ("status", "kabar", "tahap", "berlaku", "prov", "negara", "mitra", "jenis", "bentuk", "bukti", "bidang")
SIZE = 25


class Base(DeclarativeBase):
    """Mother of the tables."""


class Cooperation(Base):
    """A record."""

    __tablename__ = "cooperation"

    id: Mapped[int] = mapped_column(primary_key=True)
    judul: Mapped[str]
    mitra_nama: Mapped[str]
    daerah: Mapped[str]
    status: Mapped[str]
    kabar: Mapped[str]
    tahap: Mapped[str]
    berlaku: Mapped[str]
    prov: Mapped[str]
    negara: Mapped[str]
    mitra: Mapped[str]
    jenis: Mapped[str]
    bentuk: Mapped[str]
    bukti: Mapped[str]
    tahun: Mapped[int | None]
    silent_day: Mapped[str | None]
    teks: Mapped[str] = mapped_column(deferred=True)
    bidang: Mapped[list[Sector]] = relationship(lazy="selectin")


class Sector(Base):
    """A sector of a record."""

    __tablename__ = "sector"

    id: Mapped[int] = mapped_column(primary_key=True)
    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperation.id"))
    value: Mapped[str]


class Detail(Base):
    """The whole of a record."""

    __tablename__ = "detail"

    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str]


app = Flask("naive", template_folder="templates")
engine = create_engine(f"sqlite:///{sys.argv[1]}" if sys.argv[1:] else "sqlite://")


def narrowed(query: Select[Any], leaving_out: str = "") -> Select[Any]:
    """The query with every filter of the request but one."""
    for name in FACETS:
        values = request.args.getlist(name)
        if values and name != leaving_out:
            some = Cooperation.bidang.any(Sector.value.in_(values))
            query = query.where(some if name == "bidang" else getattr(Cooperation, name).in_(values))
    if "dari" in request.args:
        query = query.where(Cooperation.tahun >= int(request.args["dari"]))
    for word in request.args.get("q", "").split():
        query = query.where(Cooperation.teks.ilike(f"%{word}%"))
    return query


def facet(session: Session, name: str) -> dict[str, Any]:
    """How often each value occurs under all other filters."""
    column = Sector.value if name == "bidang" else getattr(Cooperation, name)
    query = select(column, func.count(Cooperation.id.distinct())).group_by(column)
    if name == "bidang":
        query = query.join(Cooperation, Cooperation.id == Sector.cooperation_id)
    rows = session.execute(narrowed(query, name).order_by(func.count().desc())).all()
    chosen = request.args.getlist(name)
    return {"name": name, "options": [{"value": v, "total": n, "chosen": v in chosen} for v, n in rows]}


@app.get("/")
def index() -> str:
    """The listing, or for htmx its results."""
    number = int(request.args.get("hal", 1))
    with Session(engine) as session:
        total = session.scalar(narrowed(select(func.count(Cooperation.id))))
        ordered = narrowed(select(Cooperation)).order_by(Cooperation.silent_day, Cooperation.id)
        rows = session.scalars(ordered.offset((number - 1) * SIZE).limit(SIZE)).all()
        facets = [facet(session, name) for name in FACETS]
        template = "fragment.html" if "HX-Request" in request.headers else "listing.html"
        return render_template(template, rows=rows, total=total, facets=facets, number=number)


@app.get("/<int:number>")
def record(number: int) -> str:
    """A record."""
    with Session(engine) as session:
        row = session.get(Cooperation, number) or abort(404)
        detail = session.get_one(Detail, number)
        return render_template("record.html", row=row, document=json.loads(detail.document))


if __name__ == "__main__":
    serve(app, host="127.0.0.1", port=int(sys.argv[2]), threads=4, ident=None)
