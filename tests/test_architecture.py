"""The package keeps its own rules: which way imports run, who commits, how long a file is. Each is seen to fail."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "quizapp"
SOURCES = sorted(PACKAGE.rglob("*.py"))
LINES_MOST = 400

# Where a fault is planted, the fault, and the contract that must notice it.
FAULTS = [
    ("accounts/planted.py", "import quizapp.quizzes", "Imports run one way"),
    ("web/planted.py", "import quizapp.learning", "Imports run one way"),
    ("learning/planted.py", "import quizapp.flashcards", "Imports run one way"),
    ("models/planted.py", "import quizapp.web", "Imports run one way"),
    ("background/planted.py", "import quizapp.quizzes", "Imports run one way"),
    ("quizzes/planted_worker.py", "import quizapp.worker", "Imports run one way"),
    ("core/planted.py", "import quizapp.database", "Imports run one way"),
    ("core/planted_clock.py", "import time", "What is known"),
    ("core/planted_dice.py", "import random", "What is known"),
    ("core/planted_web.py", "import flask", "What is known"),
    ("models/planted_mail.py", "import smtplib", "What is stored"),
    ("topics/planted.py", "import seed", "Seed files"),
    ("quizzes/planted.py", "import flask_login", "Only web.access"),
]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"]
    return subprocess.run(
        [*command, "--no-cache", "--no-logo"], cwd=folder, capture_output=True, encoding="utf-8", check=False
    )


def test_imports_keep_every_contract() -> None:
    checked = lint_imports(ROOT)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What import-linter says of a package with all the faults in it, by the name of the contract."""
    folder = tmp_path_factory.mktemp("faulty")
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(PACKAGE, folder / "quizapp", ignore=shutil.ignore_patterns("__pycache__", "static", "templates"))
    for place, fault, _ in FAULTS:
        (folder / "quizapp" / place).write_text(f"{fault}\n")
    (folder / "quizapp" / "planted_module.py").touch()
    checked = lint_imports(folder)
    assert checked.returncode == 1
    _, *parts = re.split(r"^(.+)\n-{5,}$", checked.stdout.split("Broken contracts")[1], flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize(("place", "fault", "contract"), FAULTS)
def test_an_import_against_the_arrows_is_found(verdicts: dict[str, str], place: str, fault: str, contract: str) -> None:
    module = f"quizapp.{place.removesuffix('.py').replace('/', '.')}"
    verdict = next(verdict for name, verdict in verdicts.items() if name.startswith(contract))
    assert f"{module} -> {fault.removeprefix('import ')} (l.1)" in verdict


def test_a_module_without_a_place_in_the_layers_is_found(verdicts: dict[str, str]) -> None:
    assert "planted_module" in "".join(verdicts.values())


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports_inside_functions(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (inner.lineno for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom))


def calls_of(*names: str) -> Callable[[ast.Module], Iterator[int]]:
    def find(tree: ast.Module) -> Iterator[int]:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names:
                yield node.lineno

    return find


def swallowed_exceptions(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "BaseException"
            goes_on = not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
            if caught in ("Exception", "BaseException") and goes_on:
                yield node.lineno


def missing_docstring(tree: ast.Module) -> Iterator[int]:
    if not ast.get_docstring(tree):
        yield 1


# Each rule: what it forbids, the files that may, the files it binds (by the start of their path), a planted fault.
Rule = tuple[Callable[[ast.Module], Iterator[int]], tuple[str, ...], str, str]
RULES: dict[str, Rule] = {
    "an import inside a function": (
        imports_inside_functions,
        ("quizapp/__main__.py",),
        "quizapp/",
        "def act():\n    if True:\n        import os\n",
    ),
    "a commit outside database.py": (
        calls_of("commit"),
        ("quizapp/database.py",),
        "quizapp/",
        "def act(session):\n    session.commit()\n",
    ),
    "a look at the clock in core": (
        calls_of("now", "today", "utcnow"),
        (),
        "quizapp/core/",
        "from datetime import UTC, datetime\nmoment = datetime.now(UTC)\n",
    ),
    "an exception of any kind that is passed over": (
        swallowed_exceptions,
        ("quizapp/background/sweeps.py",),  # one failure must not stop the sweeps after it; it is logged and stored
        "quizapp/",
        "try:\n    act()\nexcept Exception:\n    pass\n",
    ),
    "a module that does not say what it is for": (missing_docstring, (), "quizapp/", "value = 1\n"),
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_no_module_has(rule: Rule) -> None:
    find, may, where, _ = rule
    bound = [path for path in SOURCES if named(path).startswith(where) and named(path) not in may]
    found = [f"{named(path)}:{line}" for path in bound for line in find(ast.parse(path.read_text(encoding="utf-8")))]
    assert bound
    assert found == []


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_this_is_found_when_planted(rule: Rule) -> None:
    find, _, _, fault = rule
    assert list(find(ast.parse(fault)))


def test_no_source_file_is_too_long_to_read_in_one_sitting() -> None:
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {name: length for name, length in lengths.items() if length > LINES_MOST} == {}


def test_every_folder_of_modules_is_a_package() -> None:
    assert {path.parent for path in SOURCES if not (path.parent / "__init__.py").exists()} == set()
