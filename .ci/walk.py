"""Does a portal that was just started answer? Waits for it, walks through its pages and says how long it took."""

from __future__ import annotations

import re
import sys
import time
import urllib.error
import urllib.request


def get(address: str) -> str:
    """The text of a page that must answer 200."""
    with urllib.request.urlopen(address, timeout=20) as answer:
        if answer.status != 200:
            raise SystemExit(f"{address}: {answer.status}")
        return answer.read().decode("utf-8")


def wait(base: str, limit: float, started: float) -> float:
    """Seconds until the first page came."""
    while True:
        try:
            get(f"{base}/")
            return time.time() - started
        except (urllib.error.URLError, OSError) as problem:
            if time.time() - started > limit:
                raise SystemExit(f"{base} gave no page within {limit:.0f} s: {problem}") from problem
            time.sleep(0.1)


def expect(base: str, path: str, word: str) -> str:
    """A page that must hold a word."""
    try:
        text = get(base + path)
    except urllib.error.HTTPError as problem:
        raise SystemExit(f"{path} answers {problem.code}") from problem
    if word.lower() not in text.lower():
        raise SystemExit(f"{path} answers, but without the word {word!r}")
    print(f"  200 {path} ({len(text)} characters, has {word!r})", flush=True)
    return text


def first(pattern: str, *pages: str) -> str:
    """The first link of a kind."""
    for page in pages:
        if found := re.search(rf'href="({pattern})"', page):
            return found.group(1)
    raise SystemExit(f"no page has a link like {pattern}")


def main(base: str, limit: str, started: str, depth: str = "all") -> None:
    """Walk; `depth` is `all` or `home`."""
    print(f"  first page after {wait(base, float(limit), float(started)):.1f} s", flush=True)
    home = expect(base, "/", "<h1")
    if depth == "home":
        return
    listing = expect(base, "/kerja-sama", "kerja sama")
    expect(base, "/en/kerja-sama", "cooperation")
    expect(base, "/kerja-sama.csv", "KS-")
    record = expect(base, first(r"/kerja-sama/KS-[^\"/?#]+", listing, home), "KS-")
    regions = expect(base, "/daerah", "jawa")
    expect(base, first(r"/daerah/[0-9][^\"?#]*", record, regions), "kerja sama")


if __name__ == "__main__":
    main(*sys.argv[1:])
