"""What does the same listing cost in Django with django-filter and htmx? `python django_listing.py DATABASE PORT`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import django
import django_filters
from django.conf import settings
from django.core.paginator import Paginator
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from waitress import serve

FACETS = ("status", "kabar", "tahap", "berlaku", "prov", "negara", "mitra", "jenis", "bentuk", "bukti", "bidang")
SIZE = 25

settings.configure(
    SECRET_KEY="for measuring only",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    INSTALLED_APPS=[__name__, "django_filters"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware", "django.middleware.clickjacking.XFrameOptionsMiddleware"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1], "CONN_MAX_AGE": None}},
    TEMPLATES=[
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [Path(__file__).parent / "templates"]}
    ],
)
django.setup()


class Cooperation(models.Model):
    """A record."""

    judul = models.TextField()
    mitra_nama = models.TextField()
    daerah = models.TextField()
    status = models.TextField()
    kabar = models.TextField()
    tahap = models.TextField()
    berlaku = models.TextField()
    prov = models.TextField()
    negara = models.TextField()
    mitra = models.TextField()
    jenis = models.TextField()
    bentuk = models.TextField()
    bukti = models.TextField()
    tahun = models.IntegerField(null=True)
    silent_day = models.TextField(null=True)
    teks = models.TextField()

    class Meta:
        db_table = "cooperation"
        managed = False


class Sector(models.Model):
    """A sector of a record."""

    cooperation = models.ForeignKey(Cooperation, models.CASCADE, related_name="bidang")
    value = models.TextField()

    class Meta:
        db_table = "sector"
        managed = False


class Detail(models.Model):
    """The whole of a record."""

    document = models.TextField()

    class Meta:
        db_table = "detail"
        managed = False


def column(name: str) -> str:
    """Where a filter's value stands."""
    return "bidang__value" if name == "bidang" else name


def choice(name: str) -> django_filters.MultipleChoiceFilter:
    """A filter of the values there are, looked up once."""
    values = Cooperation.objects.values_list(column(name), flat=True).order_by(column(name)).distinct()
    choices = [(value, value) for value in values if value is not None]
    return django_filters.MultipleChoiceFilter(field_name=column(name), choices=choices)


class Listing(django_filters.FilterSet):
    """What can be asked for."""

    status, kabar, tahap, berlaku, prov, negara, mitra, jenis, bentuk, bukti, bidang = map(choice, FACETS)
    dari = django_filters.NumberFilter(field_name="tahun", lookup_expr="gte")
    q = django_filters.CharFilter(method="search")

    def search(self, rows: Any, _name: str, value: str) -> Any:
        """Every word has to be found."""
        wanted = Q()
        for word in value.split():
            wanted &= Q(teks__icontains=word)
        return rows.filter(wanted)


def facet(request: HttpRequest, name: str) -> dict[str, Any]:
    """How often each value occurs under all other filters."""
    others = request.GET.copy()
    others.pop(name, None)
    rows = Listing(others, Cooperation.objects.order_by()).qs
    counted = rows.values_list(column(name)).annotate(total=Count("id", distinct=True)).order_by("-total")
    chosen = request.GET.getlist(name)
    options = [{"value": value, "total": total, "chosen": value in chosen} for value, total in counted if value]
    return {"name": name, "options": options}


def index(request: HttpRequest) -> HttpResponse:
    """The listing, or for htmx its results."""
    ordered = Cooperation.objects.order_by("silent_day", "id").defer("teks").prefetch_related("bidang")
    page = Paginator(Listing(request.GET, ordered).qs, SIZE).get_page(request.GET.get("hal"))
    shown = {
        "rows": list(page),
        "total": page.paginator.count,
        "number": page.number,
        "facets": [facet(request, name) for name in FACETS],
    }
    return render(request, "fragment.html" if "HX-Request" in request.headers else "listing.html", shown)


def record(request: HttpRequest, number: int) -> HttpResponse:
    """A record."""
    row = get_object_or_404(Cooperation.objects.prefetch_related("bidang"), pk=number)
    document = json.loads(Detail.objects.get(pk=number).document)
    return render(request, "record.html", {"row": row, "document": document})


urlpatterns = [path("", index), path("<int:number>", record)]

if __name__ == "__main__":
    serve(get_wsgi_application(), host="127.0.0.1", port=int(sys.argv[2]), threads=4, ident=None)
