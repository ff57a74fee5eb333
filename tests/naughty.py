"""Which addresses would only somebody with bad intentions send? Seeded, so that a finding can be repeated."""

from __future__ import annotations

import random
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

from portal.criteria import FILTERS

PATHS = (
    "/", "/kerja-sama", "/kerja-sama.csv", "/kerja-sama.json", "/kerja-sama.atom", "/cari", "/saran", "/daerah",
    "/daerah/33.72-kota-surakarta", "/daerah/33-jawa-tengah", "/negara", "/negara/cn-tiongkok", "/mitra/us-usaid",
    "/perubahan", "/perubahan.atom", "/koreksi", "/metode", "/data", "/kerja-sama/KS-0011-kota-surakarta-xian",
    "/kerja-sama/KS-0003-kabupaten-karanganyar-jenewa", "/kerja-sama/KS-0011-kota-surakarta-xian/riwayat",
    "/kerja-sama/KS-0011-kota-surakarta-xian/banding", "/kerja-sama/KS-9999", "/kerja-sama/KS-0011.json",
)  # fmt: skip
NAMES = (
    *(filter_.name for filter_ in FILTERS), "rev", "dari", "ke", "sebelum", "peta", "hal", "endpoint", "_anchor",
    "_scheme", "_external", "_method", "language", "slug", "__proto__", "q[]", "",
)  # fmt: skip
VALUES = (
    "", "0", "-1", "1e9", "99999999999999999999", "NaN", "null", "true", "2017-11-30", "2017-02-30", "0001-01-01",
    "9999-12-31", "2017-W48-4", "JP", "jp", "33", "33.72", "99.99", "tanpa", "no_follow_up", "existing", "tabel",
    "sapi perah", "Xi’an", "KS-0011", "*", '"', '""', "'", "'; DROP TABLE version;--", "names:x",
    "a AND (b OR", "NEAR(a b)",
    "a*b*c*", "^", "{names} : x", "(" * 300, "a " * 400, "a" * 8000,
    "<script>alert(1)</script>", '"><img src=x onerror=1>',
    "{{7*7}}", "%(x)s", "javascript:alert(1)", "//evil.example", "/\\evil.example", "https://evil.example/",
    "../../etc/passwd",
    "\x00", "\r\nSet-Cookie: a=b", "\u202e\u200b\ufeff", "ﷺ" * 50, "é\u0301" * 100, "西安", "😀", "%", "%zz", "%ff%fe",
)  # fmt: skip
# What is no number, looks like one, or is larger than any.
NUMBERS = ("", " ", "x", "-1", "+1", "1.5", "1e3", "1_0", "٣", "²", "١٢", "0" * 20, "2147483648", "9" * 25, "9" * 5000)
# Where readers and staff send numbers: address and name, of the query.
COUNTED = (
    *(("/kerja-sama", filter_.name) for filter_ in FILTERS),
    ("/negara/cn/mitra", "hal"), ("/mitra/us-usaid", "hal"), ("/perubahan", "sebelum"), ("/log.jsonl", "setelah"),
    ("/cari", "q"), ("/koreksi", "hal"), ("/koreksi", "kode"), ("/kerja-sama/KS-0011/riwayat", "sebelum"),
    ("/kerja-sama/KS-0011-kota-surakarta-xian", "rev"), ("/kerja-sama/KS-0011/banding", "dari"),
    ("/kerja-sama/KS-0011/banding", "ke"), ("/kerja-sama/KS-0011.json", "rev"),
)  # fmt: skip
ASKED_BY_STAFF = (
    ("clerk", "/usulan", "hal"), ("coordinator", "/usulan/tanggapan", "usulan"),
    ("coordinator", "/usulan/tanggapan", "untuk"),
    ("moderator", "/moderasi", "hal"), ("moderator", "/moderasi", "diputus"), ("moderator", "/moderasi/kiriman", "hal"),
    ("admin", "/pengelola/orang", "hal"), ("admin", "/pengelola/masuk", "orang"), ("admin", "/pengelola/masuk", "hal"),
    ("admin", "/pengelola/catatan", "hal"), ("admin", "/pengelola/undangan/baru", "instansi"),
)  # fmt: skip


def addresses(count: int, seed: int) -> Iterator[str]:
    """So many addresses, half of them in English, each with up to five arguments."""
    dice = random.Random(seed)
    for _ in range(count):
        parts = []
        for _argument in range(dice.randint(0, 5)):
            value = dice.choice(VALUES)
            if dice.random() < 0.2:
                value += dice.choice(VALUES)
            written = dice.choice((quote, quote_plus))(value.encode("utf-8", "replace"))
            if dice.random() < 0.05:
                written += dice.choice(("%00", "%ff", "%", "&&", "=", ";"))
            parts.append(f"{quote(dice.choice(NAMES))}={written}")
        path = dice.choice(PATHS)
        prefix = "/en" if dice.random() < 0.5 else ""
        yield f"{prefix}{path if path != '/' or not prefix else ''}?{'&'.join(parts)}"


def faults(response: object, seconds: float) -> list[str]:
    """What is wrong with an answer, whatever was asked."""
    status, headers = response.status_code, response.headers  # type: ignore[attr-defined]
    found = []
    if status >= 500:
        found.append(f"status {status}")
    if seconds > 2:
        found.append(f"{seconds:.1f} s")
    if "Set-Cookie" in headers:
        found.append("a cookie")
    if "Content-Security-Policy" not in headers:
        found.append("no policy")
    if not headers.get("Location", "/").startswith("/") or headers.get("Location", "/").startswith(("//", "/\\")):
        found.append(f"leads away: {headers['Location']}")
    if headers.get("Content-Type", "").startswith("text/html"):
        body = response.get_data(as_text=True)  # type: ignore[attr-defined]
        found += [
            f"not escaped: {mark}" for mark in ("<script>alert", "<img src=x", 'href="javascript') if mark in body
        ]
    return found
