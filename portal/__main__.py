"""How does the portal start on a machine that has nothing but Python?

`python3 -m portal <command>` makes `.venv` beside the package, installs the locked requirements into it (with
their hashes), and runs the command inside. Only the standard library is used here, and only its small modules on
the usual path: a start that has nothing to install must not be felt. An installed package (a wheel) has no lock
file beside it and goes straight to the command.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

try:
    import fcntl
except ImportError:  # Windows: two first starts at the same moment are then not kept apart
    fcntl = None  # type: ignore[assignment]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "portal-locks.txt"
UNFINISHED = ROOT / ".venv.lock"
RUN_LOCK, TEST_LOCK = "requirements.txt", "requirements-test.txt"
HEARTBEAT = 5.0  # seconds of silence before a line says what is going on
NO_BUILDER = """\
This Python has neither `venv` nor is `uv` here, so no virtual environment can be made.
Install one package and start again. On Debian and Ubuntu:

    apt-get install python3-venv
"""


class SetupFailed(Exception):
    """A step of the set-up ended badly; its last lines are the message."""


def main(arguments: list[str]) -> int:
    """Run one command, in an environment that has what it needs."""
    if sys.version_info < OLDEST:
        return complain("The portal needs Python {}.{} or newer; this is {}.{}.".format(*OLDEST, *sys.version_info))
    import_from_root()
    testing = arguments[:1] == ["test"]
    lock = TEST_LOCK if testing else RUN_LOCK
    if (ROOT / RUN_LOCK).is_file() and not (inside() and not testing):
        try:
            if not installed(lock):
                set_up(lock)
        except SetupFailed as failure:
            return complain(f"\nThe set-up failed: {failure}")
        except KeyboardInterrupt:
            return complain("\nThe set-up was interrupted; the next start begins it anew.")
        except OSError as problem:
            return complain(f"\nThe set-up failed: {problem}")
        if not inside():
            return enter(arguments)
    if testing:
        os.chdir(ROOT)
        # The whole suite on every core; what was asked for by name in this one process.
        return run([sys.executable, "-m", "pytest", *(arguments[1:] or ["-n", "auto", "--dist", "loadfile"])])
    from portal import cli

    sys.argv[0] = "portal"
    cli.main(args=arguments, prog_name="portal" if not inside() else "python3 -m portal")
    return 0


def import_from_root() -> None:
    """Make `import portal` mean this folder, also when started as `python3 /some/where/portal`."""
    package = str(ROOT / "portal")
    sys.path[:] = [str(ROOT), *(entry for entry in sys.path if entry not in (package, str(ROOT)))]


def inside() -> bool:
    """Is this already the Python of our own environment?"""
    return Path(sys.prefix).resolve() == VENV.resolve()


def interpreter() -> Path:
    """Where the environment's own Python lies."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def fingerprint(lock: str) -> str:
    """One line that changes whenever the lock file does."""
    from hashlib import sha256

    return f"{lock} {sha256((ROOT / lock).read_bytes()).hexdigest()}"


def installed(lock: str) -> bool:
    """Does the environment hold exactly what this lock asks for?"""
    try:
        return interpreter().exists() and fingerprint(lock) in STAMP.read_text().splitlines()
    except OSError:
        return False


def enter(arguments: list[str]) -> int:
    """Start again under the environment's Python; on POSIX in the place of this process."""
    return run([str(interpreter()), str(ROOT / "portal" / "__main__.py"), *arguments])


def run(command: list[str]) -> int:
    """Hand over to another program, which then gets the signals itself."""
    sys.stdout.flush()
    if os.name == "nt":
        import subprocess

        return subprocess.call(command)
    return os.execv(command[0], command)  # noqa: S606


def complain(message: str) -> int:
    """Say why nothing was run."""
    print(message, file=sys.stderr)
    return 1


def set_up(lock: str) -> None:
    """Make the environment and install one lock into it; a second process waits and finds it done."""
    import signal

    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # stop pip too, not only ourselves
    started = monotonic()

    def step(text: str) -> None:
        print(f"[{monotonic() - started:4.0f} s] {text}", flush=True)

    with only_one(step) as marker:
        if installed(lock):
            return
        step(f"First start with this {lock}: setting up {VENV.name}")
        uv = working_uv()
        if uv is None and not venv_is_here():
            raise SetupFailed(NO_BUILDER)
        interrupted = bool(marker.read())
        if interrupted and inside():
            raise SetupFailed("an earlier one was interrupted. Start it with the system's Python, not that of .venv.")
        STAMP.unlink(missing_ok=True)
        marker.write("setting up\n")
        marker.flush()
        if interrupted or not usable(needs_pip=uv is None):
            step("making the environment, with {}".format("uv" if uv else "venv"))
            with_uv = [uv, "venv", "--quiet", "--clear", "--no-project", "--python", sys.executable]
            work([*(with_uv if uv else [sys.executable, "-m", "venv", "--clear"]), str(VENV)], step)
        amount = sum(line[:1].isalnum() for line in (ROOT / lock).read_text().splitlines())
        step(f"installing {lock}: up to {amount} packages, each checked against its hash")
        target = str(interpreter())
        install = [uv, "pip", "install", "--python", target] if uv else [target, "-m", "pip", "install"]
        work([*install, "--require-hashes", "-r", str(ROOT / lock)], step)
        held = {RUN_LOCK, TEST_LOCK} if lock == TEST_LOCK else {lock}
        unfinished = STAMP.with_suffix(".new")
        unfinished.write_text("".join(f"{fingerprint(name)}\n" for name in sorted(held)))
        unfinished.replace(STAMP)
        marker.truncate(0)
        step("ready")


@contextmanager
def only_one(step) -> Iterator:  # type: ignore[no-untyped-def, type-arg]
    """Hold the lock file. What it contains outlives a set-up that was cut off: the next one then starts clean."""
    with UNFINISHED.open("a+") as marker:
        if fcntl is not None:
            try:
                fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                step("another start is setting up; waiting for it")
                fcntl.flock(marker, fcntl.LOCK_EX)
        marker.seek(0)
        yield marker


def working_uv() -> str | None:
    """The path of `uv`, when there is one that answers (a version manager's stub may be on the path without it)."""
    import shutil
    import subprocess

    uv = shutil.which("uv")
    if uv is None or os.environ.get("PORTAL_SETUP") == "venv":
        return None
    answer = subprocess.run([uv, "--version"], capture_output=True, check=False)
    return uv if answer.returncode == 0 else None


def venv_is_here() -> bool:
    """Debian splits Python: `venv` is there, but what it needs to install pip is in a package of its own."""
    from importlib.util import find_spec

    return find_spec("venv") is not None and find_spec("ensurepip") is not None


def usable(*, needs_pip: bool) -> bool:
    """Can the environment that is already here be installed into?"""
    import subprocess

    if not interpreter().exists():
        return False
    probe = f"import sys; assert sys.version_info >= {OLDEST}" + ("; import pip" if needs_pip else "")
    return subprocess.run([str(interpreter()), "-c", probe], capture_output=True, check=False).returncode == 0


def work(command: list[str], step) -> None:  # type: ignore[no-untyped-def]
    """Run one long step, and say at intervals what it is doing."""
    import subprocess
    from threading import Thread

    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PIP_USER": "0", "PIP_PROGRESS_BAR": "off"}
    process = subprocess.Popen(
        command, env={**os.environ, **quiet}, text=True, errors="replace", stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    lines: list[str] = []

    def listen() -> None:
        lines.extend(line for line in process.stdout or () if line.strip() and not line.startswith("WARNING"))

    listener = Thread(target=listen, daemon=True)
    listener.start()
    try:
        while True:
            try:
                process.wait(timeout=HEARTBEAT)
                break
            except subprocess.TimeoutExpired:
                step("  still at it: " + (lines[-1].strip()[:70] if lines else "no word yet"))
    except BaseException:
        process.terminate()
        process.wait()
        raise
    listener.join(timeout=HEARTBEAT)
    if process.returncode != 0:
        raise SetupFailed(
            "\n".join([f"exit code {process.returncode} from {command[0]}", *(line.rstrip() for line in lines[-15:])])
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
