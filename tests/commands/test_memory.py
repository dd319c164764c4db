"""`memory replay` and `memory fit`: models on a log in a file."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path

import pytest

from quizapp.core.memory.logs import LoggedReview
from tests.command_line import Ran, Run
from tests.core.memory.simulated import FORGETFUL6, FORGETFUL7, learners, simulated_log

VECTOR = "card,rating,elapsed_days\na,4,0\na,2,.001\na,1,.25\na,3,0\na,4,1.5\na,2,2.75\na,1,100.5\n"


@pytest.fixture
def run(run_on: Run, tmp_path: Path) -> Run:
    """Run a command that needs no database."""

    def run_command(*arguments: object, stdin: str = "") -> Ran:
        return run_on("sqlite://", tmp_path, *arguments, stdin=stdin)

    return run_command


def as_csv(log: list[LoggedReview]) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["card", "rating", "elapsed_days"])
    writer.writerows([each.card, int(each.rating), each.elapsed_days] for each in log)
    return file.getvalue()


class TestReplay:
    """States, predictions and scores of one model."""

    def test_the_published_vector_comes_back(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "log.csv"
        path.write_text(VECTOR, encoding="utf-8")
        ran = run("memory", "replay", path, "--model", "fsrs7", "--json")
        assert (ran.status, ran.err) == (0, "")
        told = json.loads(ran.out)
        assert len(told["rows"]) == 7
        assert told["rows"][0]["recall"] is None
        assert told["rows"][0]["interval_days"] == pytest.approx(53.87, abs=5e-3)
        assert told["rows"][-1]["state"] == {
            "stability": pytest.approx(2.3163264, abs=5e-7),
            "fast_stability": pytest.approx(0.89478546, abs=5e-8),
            "difficulty": pytest.approx(9.615685, abs=5e-7),
        }
        assert told["n"] == 6

    def test_scores_are_those_of_the_rows_with_a_prediction(self, run: Run) -> None:
        told = json.loads(
            run("memory", "replay", "-", "--json", stdin="card,rating,elapsed_days\na,3,0\na,3,2\na,1,9\n").out
        )
        first, second, third = (row["recall"] for row in told["rows"])
        assert first is None
        assert told["log_loss"] == pytest.approx(-(math.log(second) + math.log(1 - third)) / 2)
        assert told["auc"] == float(second > third)
        assert told["rmse_bins"] == pytest.approx(math.sqrt(((1 - second) ** 2 + third**2) / 2))
        assert [set(row) for row in told["rows"]] == [{"recall", "state", "interval_days"}] * 3
        assert told["rows"][0]["state"] == {"stability": 2.3065, "difficulty": pytest.approx(2.118, abs=1e-3)}

    def test_an_answer_that_may_be_a_guess_is_discounted_and_likelier_right(self, run: Run) -> None:
        log = "card,rating,elapsed_days,kind,options\na,3,0,single_choice,4\na,3,5,single_choice,4\n"
        first, second = json.loads(run("memory", "replay", "-", "--json", stdin=log).out)["rows"]
        assert first["state"]["stability"] == pytest.approx(1.4310, abs=5e-5)
        assert second["right"] == pytest.approx(second["recall"] + (1 - second["recall"]) / 4)

    @pytest.mark.parametrize(("name", "weights"), [("fsrs6", FORGETFUL6), ("fsrs7", FORGETFUL7)])
    def test_own_weights_are_read_as_a_list_or_as_a_fit(
        self, run: Run, tmp_path: Path, name: str, weights: tuple[float, ...]
    ) -> None:
        list_file, fit_file = tmp_path / "list.json", tmp_path / "fit.json"
        list_file.write_text(json.dumps(weights), encoding="utf-8")
        fit_file.write_text(json.dumps({"models": {name: {"weights": weights}}}), encoding="utf-8")
        for file in (list_file, fit_file):
            ran = run("memory", "replay", "-", "--model", name, "--weights", file, "--json", stdin="a,1,0")
            (row,) = json.loads(ran.out)["rows"]
            assert row["state"]["stability"] == weights[0]

    @pytest.mark.parametrize("content", ["[1, 2", "[1, 2]", '{"models": {}}', '["one"]', str([0.1] * 21)])
    def test_weights_that_are_none_are_refused_naming_the_file(self, run: Run, tmp_path: Path, content: str) -> None:
        path = tmp_path / "weights.json"
        path.write_text(content, encoding="utf-8")
        ran = run("memory", "replay", "-", "--weights", path, stdin="a,3,0")
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.startswith(f"quizapp: {path}: These are no weights of fsrs6: ")

    def test_without_json_rows_and_scores_are_lines(self, run: Run) -> None:
        ran = run("memory", "replay", "-", stdin="a,3,0\na,3,2\n")
        head, first, second, scores = ran.out.splitlines()
        assert head.split() == ["card", "rating", "recall", "stability", "difficulty", "interval", "in", "days"]
        assert first.split()[:3] == ["a", "3", "2.3065"]
        assert second.split()[:3] == ["a", "3", "0.9095"]
        assert scores.startswith("log loss 0.0949, RMSE (bins) 0.0905, AUC –, 1 predictions")


class TestFit:
    """Weights of both models and how they did on the newest reviews."""

    def test_both_models_are_fitted_and_held_against_rivals(self, run: Run) -> None:
        ran = run("memory", "fit", "-", "--json", stdin=as_csv(simulated_log(learners()["fsrs6"], 700, seed=1)))
        assert (ran.status, ran.err) == (0, "")
        told = json.loads(ran.out)
        assert told["n"] == 700
        assert {name: len(each["weights"]) for name, each in told["models"].items()} == {"fsrs6": 21, "fsrs7": 34}
        assert set(told["rivals"]) == {"average", "moving average", "SM-2"}
        for each in [*told["models"].values(), *({"scores": rival} for rival in told["rivals"].values())]:
            assert each["scores"]["n"] == told["held_out"] > 50
            assert 0 < each["scores"]["log_loss"] < 3
        assert told["model"] == "fsrs6"
        assert told["difference"]["n"] == told["held_out"]

    def test_a_log_without_another_day_has_nothing_to_fit(self, run: Run) -> None:
        ran = run("memory", "fit", "-", stdin="a,3,0\na,3,0.01\n")
        assert ran.status == 1
        assert ran.err == "quizapp: No card was reviewed on another day, so there is nothing to fit.\n"
        assert ran.out.splitlines()[0].startswith("FSRS-6, fitted: log loss –")
        assert ran.out.splitlines()[-1] == "The model to use is FSRS-6."


@pytest.mark.parametrize("command", ["replay", "fit"])
class TestUnreadable:
    """Both commands tell what is wrong in one sentence, with its place."""

    def test_a_bad_row_is_told_with_file_and_line(self, run: Run, tmp_path: Path, command: str) -> None:
        path = tmp_path / "log.csv"
        path.write_text("card,rating,elapsed_days\na,3,0\na,7,1\n", encoding="utf-8")
        ran = run("memory", command, path, "--json")
        assert (ran.status, ran.out) == (2, "")
        assert ran.err == f"quizapp: {path}:3: The rating is “7”; it must be 1, 2, 3 or 4.\n"

    def test_a_file_that_is_no_text_or_not_there_is_told(self, run: Run, tmp_path: Path, command: str) -> None:
        path = tmp_path / "log.csv"
        path.write_bytes(b"\xff\xfe\x00")
        assert run("memory", command, path).err == f"quizapp: {path}: The file can't be read as text.\n"
        assert run("memory", command, tmp_path / "none.csv").status == 2
        assert (
            run("memory", command, "-", stdin="").err == "quizapp: standard input: There is no review in this file.\n"
        )
