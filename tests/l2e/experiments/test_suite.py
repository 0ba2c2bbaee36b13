"""Suites: what they expand into, and what a wrong one is told."""

import hashlib
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from l2e.experiments.experiment import Choice
from l2e.experiments.recipes import recipe_named
from l2e.experiments.suite import Suite, SuiteError, heading_of, parse_suite, read_suite, recipe_from, suite_names

WHOLE = {
    "title": 'title = "Mine"',
    "grid": "[[grid]]",
    "task": 'task = "addition"',
    "learner": 'learner = "seq2seq"',
    "curriculum": 'curriculum = "naive"',
    "recipe": 'recipe = "fast"',
    "length": "length = 2",
}


def parsed(**lines: str | None) -> Suite:
    """A whole suite with these lines instead, or without those that are None."""
    return parse_suite("mine", "\n".join(line for line in {**WHOLE, **lines}.values() if line is not None), "mine.toml")


@pytest.mark.parametrize("name", suite_names())
def test_every_shipped_suite_is_read_and_finds_its_parts(name: str) -> None:
    suite = read_suite(name)
    suite.check()
    assert suite.title
    assert len({experiment.id for experiment in suite.experiments}) == len(suite.experiments) > 0


def digest(suite: Suite) -> dict[str, Any]:
    ids = "\n".join(experiment.id for experiment in suite.experiments)
    return {"experiments": len(suite.experiments), "sha256": hashlib.sha256(ids.encode()).hexdigest()[:16]}


def test_shipped_suites_expand_into_the_experiments_that_they_always_did(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("L2E_PRECISION", "float32")
    golden = json.loads((Path(__file__).parents[2] / "data" / "suite_digests.json").read_text())
    found = {}
    for name in suite_names():
        for scale in read_suite(name).scales or [None]:
            found[" ".join(filter(None, (name, scale)))] = digest(read_suite(name, scale))
    assert found == golden


def test_paper_program_is_four_curricula_at_length_4_to_6_and_nesting_1_to_3() -> None:
    experiments = read_suite("paper-program", "paper").experiments
    assert len(experiments) == 36
    assert {(str(e.curriculum), *e.target) for e in experiments} == {
        (curriculum, length, nesting)
        for curriculum in ("baseline", "naive", "mix", "combined")
        for length in (4, 5, 6)
        for nesting in (1, 2, 3)
    }
    assert {(str(e.task), str(e.learner)) for e in experiments} == {("program", "lstm[cells=400,layers=2]")}
    assert all(e.recipe == recipe_named("zaremba2014") for e in experiments)


def test_lists_expand_into_all_combinations() -> None:
    suite = parsed(length="length = [1, 2]", curriculum='curriculum = ["mix", "naive"]', seeds="seeds = [0, 1, 2]")
    assert sorted((e.length, str(e.curriculum), e.seed) for e in suite.experiments) == [
        *itertools.product((1, 2), ("mix", "naive"), (0, 1, 2))
    ]


def test_a_single_value_stands_for_a_list_of_one() -> None:
    lists = {key: f'{key} = ["{WHOLE[key].split(chr(34))[1]}"]' for key in ("task", "learner", "curriculum", "recipe")}
    assert parsed(**lists, length="length = [2]").experiments == parsed().experiments


def test_nesting_and_seed_are_1_and_0_where_nothing_is_said() -> None:
    (experiment,) = parsed().experiments
    assert (experiment.nesting, experiment.seed, experiment.budget) == (1, 0, None)


def test_what_a_grid_says_goes_before_what_the_top_says() -> None:
    suite = parsed(
        title='title = "Mine"\nlength = 7\nbudget = "1s"\ntest_samples = 7\nscramble = 7\nrecipe = "fast"',
        length="length = 2\nscramble = 0\n[[grid]]\ntask = 'copy'\nlearner = 'lstm'\ncurriculum = 'mix'",
        recipe=None,
    )
    assert [(e.length, e.budget, e.scramble, e.test_samples) for e in suite.experiments] == [
        (2, "1s", 0, 7),
        (7, "1s", 7, 7),
    ]


def test_what_a_task_or_learner_says_goes_before_what_its_grid_says() -> None:
    suite = parsed(
        task='task = [{ name = "program", length = [1, 3], nesting = 2 }, "addition", { name = "copy", length = 5 }]',
        learner='learner = ["lstm", { name = "gru", cells = 9, recipe = { name = "fast", rate = 0.25 } }]',
    )
    assert [(str(e.task), *e.target, str(e.learner), e.recipe.rate) for e in suite.experiments] == [
        (task, length, nesting, learner, rate)
        for task, lengths, nesting in (("program", (1, 3), 2), ("addition", (2,), 1), ("copy", (5,), 1))
        for learner, rate in (("lstm", 0.005), ("gru[cells=9]", 0.25))
        for length in lengths
    ]


def test_a_learner_may_say_its_length_too() -> None:
    assert [e.length for e in parsed(learner='learner = ["lstm", { name = "gru", length = 7 }]').experiments] == [2, 7]


def test_a_task_and_a_learner_may_not_both_say_the_same() -> None:
    with pytest.raises(SuiteError, match="task 'copy' and learner 'gru' both say 'length'; leave one out"):
        parsed(task="task = { name = 'copy', length = 1 }", learner="learner = { name = 'gru', length = 1 }")


def test_an_experiment_of_two_grids_is_there_once() -> None:
    again = "\n".join(WHOLE[key] for key in WHOLE if key != "title")
    assert len(parsed(again=again).experiments) == 1


def test_a_table_gives_options() -> None:
    (experiment,) = parsed(
        learner='learner = { name = "lstm", cells = 9, layers = 1 }',
        curriculum='curriculum = { name = "mine", length = 3 }',
    ).experiments
    assert experiment.learner == Choice(name="lstm", options={"cells": 9, "layers": 1})
    assert experiment.curriculum == Choice(name="mine", options={"length": 3})


def test_predictors_stand_beside_every_experiment_of_their_grid_and_lengths_beyond_beside_the_suite() -> None:
    suite = parsed(
        title='title = "Mine"\nbeyond = [20, 50]',
        length='length = [1, 2]\npredictor = ["nearest", { name = "ngram", order = 3 }]',
    )
    chosen = (Choice(name="nearest"), Choice(name="ngram", options={"order": 3}))
    assert [e.predictors for e in suite.experiments] == [chosen, chosen]
    assert (suite.beyond, parsed().beyond, parsed().experiments[0].predictors) == ((20, 50), (), ())


def test_a_recipes_table_changes_its_fields() -> None:
    (experiment,) = parsed(recipe='recipe = { name = "fast", rate = 0.25 }').experiments
    assert experiment.recipe == recipe_from("fast").model_copy(update={"rate": 0.25})


@pytest.mark.parametrize(
    ("key", "line", "message"),
    [
        ("title", 'title = "Mine"\nseed = 1', "mine.toml: unknown key 'seed'; did you mean 'seeds'"),
        ("length", "length = 1\nnestign = 2", "mine.toml: grid 1: unknown key 'nestign'; did you mean 'nesting'"),
        ("length", "length = 1\n[[grid]]\ntsak = 'copy'", "grid 2: unknown key 'tsak'; did you mean 'task'"),
        ("recipe", 'recipe = "fsat"', "unknown recipe 'fsat'; did you mean 'fast'"),
        ("recipe", 'recipe = {name="fast", ratte=1}', "unknown recipe field 'ratte'; did you mean 'rate'"),
        ("recipe", 'recipe = {name="fast", rate="high"}', "rate is 'high': Input should be a valid number"),
        ("title", None, "there is no 'title'"),
        ("task", None, "a grid has no 'task', and neither has the suite"),
        ("learner", None, "a grid has no 'learner', and neither has the suite"),
        ("curriculum", None, "a grid has no 'curriculum', and neither has the suite"),
        ("recipe", None, "a grid has no 'recipe', and neither has the suite"),
        ("length", None, "a grid has no 'length', and neither has the suite"),
        ("task", "task = {scheme = 'plain'}", "{'scheme': 'plain'} has no 'name'"),
        ("length", "length = 'two'", "length is 'two': Input should be a valid integer"),
        ("length", "length = 0", "length is 0: Input should be greater than or equal to 1"),
        ("length", "length = true", "length is True: Input should be a valid integer"),
        ("length", "length = []", "length is an empty list; name one or more, or leave it out"),
        ("length", "length = 1\nseeds = []", "grid 1: seeds is an empty list; name one or more, or leave it out"),
        (
            "length",
            f"length = 1\nseeds = {2**63}",
            f"seeds is {2**63}: Input should be less than",
        ),
        ("length", "length = 1\nscramble = -1", "scramble is -1: Input should be greater than or equal to 0"),
        ("length", "length = 1\ntest_samples = true", "test_samples is True: Input should be a valid integer"),
        ("length", "length = 1\nbudget = 'soon'", "budget 'soon' is not one of the forms 90s"),
        ("length", "length = 2 3", "mine.toml is not TOML: .*line 7"),
        ("title", 'title = "Mine"\nrules = []', "mine.toml: rules is an empty list; name one or more"),
        ("task", "task = { name = 'copy', length = 0 }", "grid 1: task.length is 0: Input should be greater than"),
        ("recipe", "recipe = 3", "recipe is 3: Input should be a valid dictionary"),
        ("recipe", "recipe = { rate = 3 }", "recipe {'rate': 3} has no 'name'"),
        ("recipe", 'recipe = {name="fast", rate=-1}', "rate is -1: Input should be greater than 0"),
        ("grid", "[grid]", "grid is .*: Input should be a valid list"),
        ("recipe", 'recipe="fast"\n[scale.a]\n[[scale.a.grid]]\ntsak=1', "scale a: grid 1: unknown key 'tsak'"),
    ],
)
def test_a_wrong_suite_is_told_what_is_wrong_and_where(key: str, line: str | None, message: str) -> None:
    with pytest.raises(SuiteError, match=message) as caught:
        parsed(**{key: line})
    assert str(caught.value).startswith("mine.toml")


@pytest.mark.parametrize(
    ("key", "line", "message"),
    [
        ("task", 'task = "adition"', "unknown task 'adition'; did you mean 'addition'"),
        ("curriculum", 'curriculum = ["mix", "combind"]', "unknown curriculum 'combind'; did you mean 'combined'"),
        ("learner", 'learner = "seq2sec"', "unknown learner 'seq2sec'; did you mean 'seq2seq'"),
        ("learner", 'learner = {name="lstm", cels=1}', "unknown option of learner 'lstm' 'cels'; did you mean 'cells'"),
        ("learner", 'learner = {name="seq2seq", reverse="yes"}', "learner.reverse is 'yes'; it is true or false"),
        ("length", "length = 1\npredictor = 'ngarm'", "unknown predictor 'ngarm'; did you mean 'ngram'"),
        (
            "length",
            "length = 1\npredictor = { name = 'ngram', ordre = 2 }",
            "unknown option of predictor 'ngram' 'ordre'; did you mean 'order'",
        ),
        ("length", "length = 1\nnesting = [1, 2]", "nesting 2 is outside what task 'addition' can do"),
    ],
)
def test_a_check_names_the_suite_and_what_is_nearest(key: str, line: str, message: str) -> None:
    with pytest.raises(SuiteError, match=f"suite mine: {message}"):
        parsed(**{key: line}).check()


def test_a_misspelt_suite_is_told_the_nearest_one() -> None:
    with pytest.raises(SuiteError, match=r"unknown suite 'quik'; did you mean 'quick'.*or give path/to/suite\.toml"):
        read_suite("quik")


def test_a_suite_is_read_from_a_file_and_named_for_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("\n".join(WHOLE.values()))
    assert read_suite(str(path)).name == "mine"
    assert read_suite(str(path)).experiments == parsed().experiments


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir()])
def test_a_suite_file_that_is_not_there_is_named(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "mine.toml")
    with pytest.raises(SuiteError, match=r"there is no suite file .*mine\.toml"):
        read_suite(str(tmp_path / "mine.toml"))


SCALES = """
[scale.small]
length = 3
[scale.great]
length = [4, 5]
learner = "lstm"
"""


def scaled(scale: str | None) -> Suite:
    text = "\n".join(line for key, line in WHOLE.items() if key not in ("grid", "length") and line)
    return parse_suite("mine", text + SCALES, "mine.toml", scale)


@pytest.mark.parametrize("scale", [None, "small"])
def test_the_first_scale_is_taken_if_none_is_named(scale: str | None) -> None:
    suite = scaled(scale)
    assert (suite.name, suite.title, suite.scales) == ("mine-small", "Mine; small scale", ["small", "great"])
    assert [(e.length, str(e.learner)) for e in suite.experiments] == [(3, "seq2seq")]


def test_a_scale_says_what_its_suite_does_not_and_more() -> None:
    assert [(e.length, str(e.learner)) for e in scaled("great").experiments] == [(4, "lstm"), (5, "lstm")]


def test_a_scale_may_have_grids_of_its_own() -> None:
    text = "\n".join(line for key, line in WHOLE.items() if key not in ("grid", "length") and line)
    suite = parse_suite("mine", text + SCALES + '[[scale.great.grid]]\ntask = "copy"\n', "mine.toml", "great")
    assert [(str(e.task), e.length, str(e.learner)) for e in suite.experiments] == [
        ("copy", 4, "lstm"),
        ("copy", 5, "lstm"),
    ]


def test_an_unknown_scale_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(SuiteError, match=r"unknown scale 'huge'.*small, great"):
        scaled("huge")
    with pytest.raises(SuiteError, match="one scale alone"):
        parse_suite("mine", "\n".join(line for line in WHOLE.values() if line), "mine.toml", "huge")


@pytest.mark.parametrize("name", [name for name in suite_names() if read_suite(name).scales])
def test_every_scale_of_a_shipped_suite_has_the_same_tasks_and_curricula(name: str) -> None:
    suites = [read_suite(name, scale) for scale in read_suite(name).scales]
    for suite in suites:
        suite.check()
    shapes = [{(str(e.task), e.curriculum.name) for e in suite.experiments} for suite in suites]
    assert shapes == shapes[:1] * len(shapes)


@pytest.mark.parametrize("name", ["paper-program", "paper-addition"])
def test_the_release_scale_is_the_papers_with_lengths_drawn_at_every_operand(name: str) -> None:
    paper, release = read_suite(name, "paper"), read_suite(name, "release")
    redrawn = {curriculum: Choice(name=curriculum, options={"redraw": "operand"}) for curriculum in ("mix", "combined")}
    assert release.experiments == [
        e.model_copy(update={"curriculum": redrawn.get(e.curriculum.name, e.curriculum)}) for e in paper.experiments
    ]


def test_runs_carry_the_title_of_their_suite(tmp_path: Path) -> None:
    scaled("small").label(tmp_path / "runs")
    assert heading_of([tmp_path / "runs", tmp_path / "runs" / "one"]) == "Mine; small scale"
    assert heading_of([tmp_path]) is None
