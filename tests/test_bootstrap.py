"""How `python3 -m quizapp` makes its environment, on toy packages that lie on disk: no network is asked."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from quizapp import bootstrap

ROOT = Path(__file__).resolve().parents[1]
COMMAND_LINE = """
import importlib, json, sys

def version(name):
    try:
        return importlib.import_module(name).VERSION
    except ImportError:
        return None

def main():
    shown = {"prefix": sys.prefix, "arguments": sys.argv[1:], "run": version("toy_run"), "test": version("toy_test")}
    print(json.dumps(shown))
"""


class Start(NamedTuple):
    status: int
    said: str
    shown: dict[str, object]


class Checkout:
    """A checkout in little: the real wrapper, a toy command line and toy locks, in a folder with a space."""

    def __init__(self, folder: Path, wheels: Path) -> None:
        self.root = folder / "my checkout"
        self.wheels = wheels
        self.venv = self.root / ".venv"
        package = self.root / "quizapp"
        package.mkdir(parents=True)
        for name in ("__init__.py", "__main__.py", "bootstrap.py"):
            shutil.copy(ROOT / "quizapp" / name, package)
        (package / "cli.py").write_text(COMMAND_LINE)
        self.lock(run="1.0", test="1.0")

    def lock(self, *, run: str, test: str) -> None:
        run_line, test_line = (
            f"{name}=={version} --hash=sha256:{wheel_hash(self.wheels, name, version)}\n"
            for name, version in (("toy-run", run), ("toy-test", test))
        )
        (self.root / "requirements.lock").write_text(run_line)
        (self.root / "requirements-test.lock").write_text(run_line + test_line)

    def process(self, *arguments: str, python: str = sys.executable, **settings: str) -> subprocess.Popen[str]:
        outside = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
        settings = {
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": self.wheels.as_uri(),
        } | settings
        return subprocess.Popen(
            [python, "-m", "quizapp", *arguments],
            cwd=self.root,
            env=outside | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def start(self, *arguments: str, python: str = sys.executable, **settings: str) -> Start:
        return ended(self.process(*arguments, python=python, **settings))


def ended(process: subprocess.Popen[str]) -> Start:
    shown, said = process.communicate(timeout=60)
    return Start(process.returncode, said, json.loads(shown or "{}"))


def build_wheel(folder: Path, name: str, version: str) -> None:
    module, info = name.replace("-", "_"), f"{name.replace('-', '_')}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{module}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{module}.py", f"VERSION = {version!r}\n")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: toy\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", f"{module}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")


def wheel_hash(wheels: Path, name: str, version: str) -> str:
    wheel = wheels / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    return hashlib.sha256(wheel.read_bytes() if wheel.exists() else b"").hexdigest()


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    for name, version in (("toy-run", "1.0"), ("toy-test", "1.0")):
        build_wheel(folder, name, version)
    return folder


@pytest.fixture
def checkout(tmp_path: Path, wheels: Path) -> Checkout:
    return Checkout(tmp_path, wheels)


class Made(NamedTuple):
    checkout: Checkout
    starts: tuple[Start, Start]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, wheels: Path) -> Made:
    """A checkout after its first start, which two people gave at once."""
    checkout = Checkout(tmp_path_factory.mktemp("made"), wheels)
    both = checkout.process("up", "--port", "50 01"), checkout.process("up")
    return Made(checkout, (ended(both[0]), ended(both[1])))


def test_the_first_start_makes_the_environment_and_goes_on_inside_it(made: Made) -> None:
    first = made.starts[0]
    assert first.status == 0
    assert first.shown == {
        "prefix": str(made.checkout.venv),
        "arguments": ["up", "--port", "50 01"],
        "run": "1.0",
        "test": None,
    }


def test_of_two_first_starts_one_makes_the_environment_and_the_other_waits(made: Made) -> None:
    said = sorted(start.said for start in made.starts)
    assert [start.shown["run"] for start in made.starts] == ["1.0", "1.0"]
    assert said[0] in ("", "Another start is setting up .venv; waiting for it.\n")
    assert said[1].startswith("Setting up .venv from requirements.lock: done in ")
    assert said[1].count("\n") == 1


def test_a_later_start_is_silent_and_needs_neither_pip_nor_index(made: Made) -> None:
    assert made.checkout.start("up", PIP_FIND_LINKS="", PATH="").said == ""


def test_other_versions_on_the_machine_do_not_reach_inside(made: Made, tmp_path: Path) -> None:
    (tmp_path / "toy_run.py").write_text("VERSION = 'another'")
    outside = made.checkout.start("up", PYTHONPATH=str(tmp_path))
    inside = made.checkout.start("up", python=str(bootstrap.python_of(made.checkout.venv)), PYTHONPATH=str(tmp_path))
    assert (outside.shown["run"], inside.shown["run"]) == ("1.0", "1.0")


def test_the_test_lock_is_added_to_what_is_there_and_then_serves_every_command(made: Made) -> None:
    checkout = made.checkout
    own = checkout.venv / "notes.txt"
    own.write_text("mine")
    assert checkout.start("test").shown["test"] == "1.0"
    assert own.exists()
    assert [checkout.start(command).said for command in ("up", "test", "status")] == ["", "", ""]


def test_a_start_killed_while_pip_works_is_made_good_by_the_next(checkout: Checkout) -> None:
    process = checkout.process("up")
    assert process.stderr is not None
    assert process.stderr.read(len("Setting up .venv"))
    process.kill()
    process.communicate()
    half_written = next(checkout.venv.glob("lib/*/site-packages")) / "toy_run.py"
    half_written.write_text("VERSION = ")
    again = checkout.start("up")
    assert (again.status, again.shown["run"]) == (0, "1.0")
    assert "Setting up .venv" in again.said


def test_without_an_index_the_start_says_so_and_leaves_what_was_there(made: Made) -> None:
    checkout, before = made.checkout, bootstrap.read_stamp(made.checkout.venv)
    checkout.lock(run="3.0", test="1.0")
    start = checkout.start("up", PIP_FIND_LINKS="")
    checkout.lock(run="1.0", test="1.0")
    assert start.status == 1
    assert start.said.endswith(bootstrap.NO_INDEX + "\n")
    assert bootstrap.read_stamp(checkout.venv) == before


def test_without_an_index_it_runs_where_everything_is_installed_already_and_says_so(checkout: Checkout) -> None:
    here = f"pytest=={pytest.__version__} --hash=sha256:{'0' * 64}\n"
    (checkout.root / "requirements.lock").write_text(here)
    start = checkout.start("up")
    assert (start.status, start.shown["prefix"]) == (0, sys.prefix)
    assert start.said.endswith(bootstrap.RUNS_HERE.format(lock="requirements.lock", executable=sys.executable) + "\n")


def test_when_pip_fails_its_last_lines_are_shown(checkout: Checkout) -> None:
    lock = checkout.root / "requirements.lock"
    lock.write_text(f"toy-run==1.0 --hash=sha256:{'0' * 64}\n")
    start = checkout.start("up")
    assert start.status == 1
    assert "pip could not install requirements.lock. Its last lines:" in start.said
    assert "DO NOT MATCH THE HASHES" in start.said
    assert not bootstrap.is_ready(checkout.venv, lock)


def test_a_python_without_pip_is_told_which_package_brings_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "run", lambda command: subprocess.CompletedProcess(command, 1, "", ""))
    with pytest.raises(SystemExit, match="apt install python3-pip"):
        bootstrap.find_pip(tmp_path)


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 8, 18), (3, 10, 13)])
def test_a_python_too_old_is_told_so_in_one_sentence(checkout: Checkout, version: tuple[int, ...]) -> None:
    as_if = f"import runpy, sys; sys.version_info = {version}; runpy.run_module('quizapp', run_name='__main__')"
    old = subprocess.run([sys.executable, "-c", as_if], cwd=checkout.root, capture_output=True, text=True, check=False)
    numbers = ".".join(map(str, version))
    assert old.returncode == 1
    assert old.stderr.startswith(f"Quizapp needs Python 3.11 or newer; {sys.executable} is Python {numbers}.")
    assert not checkout.venv.exists()


def test_a_folder_that_cannot_be_written_is_named(checkout: Checkout) -> None:
    checkout.venv.write_text("a file where the environment should be")
    start = checkout.start("up")
    assert start.status == 1
    assert str(checkout.venv) in start.said


def test_the_test_lock_holds_all_of_the_other_in_the_same_versions() -> None:
    run, test = (
        set(re.findall(r"^[\w.-]+==[^\s;]+", (ROOT / name).read_text(), re.MULTILINE))
        for name in (bootstrap.RUN_LOCK, bootstrap.TEST_LOCK)
    )
    assert len(run) > 20
    assert run < test


def test_the_locks_name_no_download_host() -> None:
    assert "://" not in "".join((ROOT / name).read_text() for name in (bootstrap.RUN_LOCK, bootstrap.TEST_LOCK))
