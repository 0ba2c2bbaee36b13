"""`l2e train`: a run from first to last, and what is refused before one begins."""

import json
from collections.abc import Callable

import pytest

from l2e.evaluation.reference_predictors import REFERENCES
from l2e.experiments.run import Run
from l2e.metrics import Rule
from tests import toys
from tests.l2e.cli.conftest import CommandLine, Trained

TINY = (
    *("train", "--task", "addition", "--length", "1", "--set", "learner.cells=64", "--test-samples", "10"),
    *("--set", "recipe.batch_size=20", "--set", "recipe.validation_samples=10"),
)


def test_json_holds_the_run_and_its_rows(trained: Trained) -> None:
    result = json.loads(trained.done.output)
    assert result["run"] == str(trained.path)
    assert (result["updates"], result["experiment"]) == (40, Run(trained.path).experiment().id)
    assert {(row["learner"], row["rule"]) for row in result["rows"]} == {
        (learner, rule) for learner in ("seq2seq[cells=64]", *REFERENCES) for rule in Rule
    }
    assert {row["n"] for row in result["rows"] if row["rule"] == "exact_match"} == {30}


def test_a_complete_run_is_shown_again_and_not_trained_again(l2e: CommandLine, trained: Trained) -> None:
    before = {path: path.stat().st_mtime_ns for path in trained.path.rglob("*.json*")}
    done = l2e(*trained.again)
    assert done.code == 0
    assert "most_frequent" in done.output
    assert f"The run is in {trained.path}" in done.output
    assert {path: path.stat().st_mtime_ns for path in trained.path.rglob("*.json*")} == before


def test_another_experiment_may_not_use_its_folder(error_of: Callable[..., str], trained: Trained) -> None:
    errors = error_of(1, *trained.again, "--seed", 5)
    assert "holds another experiment: seed (0 there, 5 asked for). Give another --out." in errors


def test_predictions_are_kept_beside_their_targets(trained: Trained) -> None:
    rows = toys.json_lines((trained.path / "predictions.jsonl").read_text())
    right = sum(row["answer"] == row["target"] for row in rows)
    result = Run(trained.path).result()["rows"]
    assert len(rows) == 30
    assert right == round(30 * next(row["accuracy"] for row in result if row["rule"] == "exact_match"))


@pytest.mark.slow
def test_a_curriculum_of_ones_own_trains_in_the_default_folder(l2e: CommandLine) -> None:
    done = l2e(*TINY, "--curriculum", f"{toys.__file__}:Alternating", "--budget", "2updates", "--json")
    assert done.code == 0, done.errors
    run = Run(l2e.folder / json.loads(done.output)["run"])
    assert run.path.parent == l2e.folder / "runs"
    assert run.path.name == run.experiment().name
    assert run.complete


@pytest.mark.slow
def test_a_language_model_is_trained_and_sampled(l2e: CommandLine) -> None:
    options = ("--learner", "gru", "--loss", "all", "--budget", "150updates", "--seed", 1)
    done = l2e(*TINY, *options, "--set", "recipe.lane_characters=501", "--out", "writer", "--json")
    assert done.code == 0, done.errors
    run = Run(l2e.folder / "writer")
    assert run.experiment().recipe.loss_over == "all"
    sampled = l2e("sample", "writer", "-n", 20, "--temperature", 0.5, "--json")
    assert sampled.code == 0, sampled.errors
    assert json.loads(sampled.output)["parse"] >= 10  # print(a+b) is soon learned; what it gives is not


@pytest.mark.slow
def test_a_failure_says_what_happened_and_exits_with_1(error_of: Callable[..., str]) -> None:
    errors = error_of(1, *TINY, "--budget", "10updates", "--set", "recipe.initial_range=1e38")
    assert "the loss became" in errors
    assert "Try a lower rate" in errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--task", "adition"], "unknown task 'adition'; did you mean 'addition'?"),
        (["--curriculum", "niave"], "unknown curriculum 'niave'; did you mean 'naive'?"),
        (["--learner", "seq2sec"], "unknown learner 'seq2sec'; did you mean 'seq2seq'?"),
        (["--recipe", "zaremba"], "unknown recipe 'zaremba'; did you mean 'zaremba2014'?"),
        (["--set", "learner.cels=9"], "unknown option of learner 'seq2seq' 'cels'; did you mean 'cells'?"),
        (["--set", "recipe.ratte=1"], "unknown recipe field 'ratte'; did you mean 'rate'?"),
        (["--set", "recipe.rate=-1"], "rate: Input should be greater than 0"),
        (["--set", "curriculum.mix_fraction=2"], "mix_fraction is 2; it is a probability, from 0 to 1"),
        (
            ["--set", "learner.reverse=False"],
            "learner.reverse is 'False'; it is true or false, written `true` or `false`",
        ),
        (["--budget", "soon"], "budget 'soon' is not one of the forms 90s, 10m"),
        (["--length", "0"], "length: Input should be greater than or equal to 1"),
        (["--task", "addition", "--nesting", "2"], "nesting 2 is outside what task 'addition' can do: 1 to 1"),
        (["--loss", "all", "--learner", "seq2seq"], "loss_over=all wants a learner of running text, such as lstm"),
        (["--predictor", "ngarm"], "unknown predictor 'ngarm'; did you mean 'ngram'?"),
        (["--predictor", '{"order": 3}'], "{'order': 3} has no 'name'"),
        (["--loss", "inputs"], "'inputs' is not one of 'answers', 'all'"),
    ],
)
def test_bad_usage_is_refused_before_anything_is_written(
    error_of: Callable[..., str], l2e: CommandLine, arguments: list[str], message: str
) -> None:
    assert message in error_of(2, "train", "--budget=1updates", *arguments)
    assert not list(l2e.folder.iterdir())
