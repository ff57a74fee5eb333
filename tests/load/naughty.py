"""Does any query string break the portal? Asks it many strange ones, in one process, over many records.

python tests/load/naughty.py --records 10000 --count 100000 --seed 1
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))


def main() -> None:
    """Prepare, ask, and tell what was wrong; ends with 1 when anything was."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--records", type=int, default=10_000, help="made records beside the first ones")
    parser.add_argument("--count", type=int, default=100_000, help="requests")
    parser.add_argument("--seed", type=int, default=1, help="the same seed asks the same")
    parser.add_argument("--folder", default="", help="instance folder to keep and use again")
    options = parser.parse_args()
    from portal import create_app
    from tests.load.bench import prepare
    from tests.naughty import addresses, faults

    with tempfile.TemporaryDirectory() as scratch:
        settings = {"INSTANCE_PATH": options.folder or scratch, "DATABASE_URL": ""}
        prepare(settings, options.records)
        client = create_app({**settings, "RATE_LIMIT": ""}).test_client()
        wrong, statuses, slowest = 0, Counter[int](), 0.0
        for address in addresses(options.count, options.seed):
            started = time.perf_counter()
            response = client.get(address)
            length = len(response.data)
            seconds = time.perf_counter() - started
            statuses[response.status_code] += 1
            slowest = max(slowest, seconds)
            for fault in faults(response, 0 if length > 1_000_000 else seconds):
                wrong += 1
                sys.stdout.write(f"{fault}: {address[:300]}\n")
            response.close()
        sys.stdout.write(f"{options.count} requests, {dict(statuses)}, slowest {slowest:.2f} s, {wrong} faults\n")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
