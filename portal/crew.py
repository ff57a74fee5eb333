"""How does long work use every core? By processes that do what needs no database, while this one reads and writes.

Tasks and results come in order, and only a few are under way at a time, so memory stays flat however many there are.
Short work is never worth the start of a process: it is done here.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing.context import BaseContext
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

FEW = 4  # as many tasks as are done here before others are asked to help
AHEAD = 2  # tasks for each process, besides the one it is at
_SELDOM = 50_000  # new objects between two searches for garbage


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(work: Callable[[Task], Result], tasks: Iterable[Task], helpers: int | None = None) -> Iterator[Result]:
    """What ``work``, a function of a module, makes of each task, in the order of the tasks.

    Whoever stops asking ends the processes too: close the iterator, or let an error pass through it.
    """
    number = cores() if helpers is None else helpers
    waiting = iter(tasks)
    first = list(islice(waiting, FEW + 1))
    if number < 2 or len(first) <= FEW:
        yield from map(work, chain(first, waiting))
        return
    yield from _shared(work, chain(first, waiting), number)


def _shared(work: Callable[[Task], Result], tasks: Iterator[Task], number: int) -> Iterator[Result]:
    pool = ProcessPoolExecutor(number, _context(work), _join)
    under_way: deque[Future[Result]] = deque()
    try:
        for task in tasks:
            under_way.append(pool.submit(work, task))
            if len(under_way) > number * (1 + AHEAD):
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _context(work: Callable[..., object]) -> BaseContext:
    """How helpers begin: where it can be, from one process that has read all that the first ``work`` needs."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", getattr(work, "func", work).__module__])
    return context


def _join() -> None:
    """Begin as a helper: Ctrl+C is for the one who asked, and when that one is gone nobody goes on.

    What is there already stays, and tasks leave no circles behind: looking for them again and again takes time.
    """
    gc.freeze()
    gc.set_threshold(_SELDOM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
