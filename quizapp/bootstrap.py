"""Makes this checkout's own environment, `.venv`, from a lock file and goes on inside it.

Standard library only.

The environment is ready when its stamp names this Python, this place and the lock file's digest. The stamp is written
last, so an interrupted start leaves none and the next one begins anew. What is installed elsewhere on the machine is
never asked, but for one case: no package index answers and everything in the lock is installed right here.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

RUN_LOCK = "requirements.lock"
TEST_LOCK = "requirements-test.lock"
UNFINISHED = "unfinished"
PACKAGE_LINES = ("Collecting ", "Processing ", "Requirement already satisfied")

NO_PIP = (
    "Quizapp fetches its packages with pip, and this Python has none (version 23 or newer is needed). "
    "On Debian and Ubuntu: apt install python3-pip"
)
NO_INDEX = (
    "Quizapp's packages could not be fetched: no package index can be reached, or it has nothing for this Python. "
    "Connect this machine to the network (or set PIP_INDEX_URL to an index it can reach) and start again."
)
RUNS_HERE = "No package index can be reached, but everything in {lock} is installed here: running with {executable}."

# The machine's own settings for Python and pip that would send packages, or look for them, somewhere else.
FOREIGN_SETTINGS = ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER")


class NoIndexError(Exception):
    """No package index answered, or none had what the lock names."""


def enter(arguments: Sequence[str]) -> None:
    """Return once the command may run in this process; otherwise start it again inside the environment.

    Ends the process with a sentence (SystemExit) when the environment cannot be made.
    """
    root = Path(__file__).resolve().parents[1]
    if not (root / RUN_LOCK).is_file():
        return  # an installed package, not a checkout: its environment is somebody's choice
    lock = root / (TEST_LOCK if arguments[:1] == ["test"] else RUN_LOCK)
    venv = root / ".venv"
    try:
        if not is_ready(venv, lock):
            make(venv, lock)
    except NoIndexError:
        if not is_installed_here(lock):
            raise SystemExit(NO_INDEX) from None
        say(RUNS_HERE.format(lock=lock.name, executable=sys.executable) + "\n")
        return
    except OSError as problem:
        raise SystemExit(f"The environment {venv} cannot be made: {problem.strerror} ({problem.filename}).") from None
    except KeyboardInterrupt:
        say("\nStopped before the environment was ready; the next start makes it anew.\n")
        raise SystemExit(130) from None
    if not is_inside(venv) or "PYTHONPATH" in os.environ:
        go_on_inside(venv, arguments)


def is_ready(venv: Path, lock: Path) -> bool:
    """Tell whether the environment holds what the lock names, for this Python, in this place."""
    is_whole = (venv / "pyvenv.cfg").is_file() and python_of(venv).exists()
    return is_whole and wanted_stamp(venv, lock) <= read_stamp(venv)


def is_inside(venv: Path) -> bool:
    """Tell whether this process runs in the environment."""
    return os.path.realpath(sys.prefix) == os.path.realpath(venv)


def make(venv: Path, lock: Path) -> None:
    """Make the environment or bring it up to the lock; one process at a time, the others wait.

    Raises NoIndexError, OSError; ends the process with a sentence when there is no pip or pip fails.
    """
    with only_one_at_a_time(venv.with_name(".venv.lock")) as handle:
        if is_ready(venv, lock):
            return  # another start made it while this one waited
        if not is_usable(venv):
            run_or_end([base_python(), "-m", "venv", "--clear", "--without-pip", str(venv)])
        pip, before = find_pip(venv), read_stamp(venv)
        write_stamp(venv, {UNFINISHED})
        try:
            install(pip, lock, handle)
        except NoIndexError:
            write_stamp(venv, before)  # pip had changed nothing yet
            raise
        # The package itself is read from the checkout, whatever folder the command is given in.
        purelib = Path(sysconfig.get_path("purelib", "venv", {"base": str(venv), "platbase": str(venv)}))
        (purelib / "quizapp-checkout.pth").write_text(f"{venv.parent}\n", encoding="utf-8")
        stamp = wanted_stamp(venv, lock)
        if lock.name == TEST_LOCK:
            stamp |= {digest(lock.with_name(RUN_LOCK))}  # the test lock holds all of the other, same versions
        write_stamp(venv, stamp)


def go_on_inside(venv: Path, arguments: Sequence[str]) -> None:
    """Run the same command with the environment's Python, in place of this process where the system can."""
    command = [str(python_of(venv)), "-m", "quizapp", *arguments]
    if sys.platform != "win32":
        os.execve(command[0], command, clean_environment())  # noqa: S606 - our own interpreter; signals reach the server
    try:
        raise SystemExit(subprocess.run(command, env=clean_environment(), check=False).returncode)  # noqa: S603
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def is_installed_here(lock: Path) -> bool:
    """Tell whether this process's Python has everything that the lock names, in those very versions."""
    for python in (base_python(), sys.executable):
        options = ["--dry-run", "--no-index", "--no-deps", "--require-hashes", "-r", str(lock)]
        command = [python, "-m", "pip", "--python", sys.executable, "install", *options]
        answer = run(command, PIP_BREAK_SYSTEM_PACKAGES="1")  # a dry run breaks none, but Debian's pip wants to be told
        if answer.returncode == 0 and "Would install" not in answer.stdout:
            return True
    return False


def python_of(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def wanted_stamp(venv: Path, lock: Path) -> set[str]:
    return {identity(), f"place {venv}", digest(lock)}


def identity() -> str:
    return f"python {sys.implementation.cache_tag} {sysconfig.get_platform()}"


def digest(lock: Path) -> str:
    return f"{lock.name} {hashlib.sha256(lock.read_bytes()).hexdigest()}"


def stamp_file(venv: Path) -> Path:
    return venv / "quizapp-stamp"


def read_stamp(venv: Path) -> set[str]:
    try:
        return set(stamp_file(venv).read_text(encoding="utf-8").splitlines())
    except FileNotFoundError:
        return set()


def write_stamp(venv: Path, lines: set[str]) -> None:
    new = venv / "quizapp-stamp.new"
    new.write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")
    new.replace(stamp_file(venv))


@contextlib.contextmanager
def only_one_at_a_time(path: Path) -> Iterator[int]:
    with path.open("a") as file:
        if not try_to_lock(file.fileno()):
            say("Another start is setting up .venv; waiting for it.\n")
            while not try_to_lock(file.fileno()):
                time.sleep(0.2)
        yield file.fileno()


def try_to_lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def is_usable(venv: Path) -> bool:
    """Somebody's own .venv of this Python is kept and added to; one left half made, or of another Python, is not."""
    if UNFINISHED in read_stamp(venv) or not (venv / "pyvenv.cfg").is_file() or not python_of(venv).exists():
        return False
    question = "import sys, sysconfig; print('python', sys.implementation.cache_tag, sysconfig.get_platform())"
    is_moved = bool(read_stamp(venv)) and f"place {venv}" not in read_stamp(venv)
    return not is_moved and run([str(python_of(venv)), "-c", question]).stdout.strip() == identity()


def base_python() -> str:
    """Inside an environment, the Python it was made from: the environment itself may be about to go."""
    return getattr(sys, "_base_executable", None) or sys.executable


def find_pip(venv: Path) -> list[str]:
    inside = str(python_of(venv))
    question = "import pip; print(pip.__version__.partition('.')[0])"
    for python in (base_python(), sys.executable):
        answer = run([python, "-c", question])
        if answer.returncode == 0 and int(answer.stdout) >= 23:  # older ones do not know --python
            return [python, "-m", "pip", "--python", inside]
    if run([inside, "-m", "ensurepip"]).returncode == 0:
        return [inside, "-m", "pip"]
    raise SystemExit(NO_PIP)


def install(pip: Sequence[str], lock: Path, handle: int) -> None:
    text = f"Setting up .venv from {lock.name}: "
    options = ["--disable-pip-version-check", "--no-input", "--no-color", "--progress-bar", "off", "--no-deps"]
    said: list[str] = []
    started = time.monotonic()
    say(text)
    with subprocess.Popen(  # noqa: S603 - pip, with our own arguments
        [*pip, "install", *options, "--require-hashes", "-r", str(lock)],
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        # pip keeps the handle, so when this process alone is killed the next start waits until pip is gone too.
        pass_fds=() if sys.platform == "win32" else (handle,),
    ) as process:
        for line in process.stdout or ():
            said.append(line.rstrip())
            if sys.stderr.isatty():
                say(f"\r{text}package {sum(one.startswith(PACKAGE_LINES) for one in said)}")
    ending = f"done in {time.monotonic() - started:.0f} s." if process.returncode == 0 else "not done."
    say(f"\r{text}{ending:<12}\n" if sys.stderr.isatty() else f"{ending}\n")
    if any("(from versions: none)" in line for line in said):
        raise NoIndexError
    if process.returncode != 0:
        raise SystemExit(f"pip could not install {lock.name}. Its last lines:\n" + "\n".join(said[-12:]))


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in FOREIGN_SETTINGS}


def run(command: list[str], **settings: str) -> subprocess.CompletedProcess[str]:
    environment = clean_environment() | settings
    return subprocess.run(  # noqa: S603 - interpreters by full path, our own arguments
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def run_or_end(command: list[str]) -> None:
    result = run(command)
    if result.returncode != 0:
        raise SystemExit(f"`{' '.join(command)}` failed:\n{(result.stdout + result.stderr).strip()}")


def say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
