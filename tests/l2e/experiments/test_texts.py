"""Experiments on a text: what they are, and what is kept of the text in the run."""

from pathlib import Path

import pytest

from generators.splits import Split
from l2e.experiments.experiment import Choice, NoQuestionsError
from l2e.experiments.run import Run, RunError
from l2e.experiments.texts import keep_vocabulary, kept_vocabulary
from tests import toys


def written(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "mine.txt"
    path.write_text(text)
    return path


def test_another_text_of_the_same_name_is_another_experiment_with_another_name(tmp_path: Path) -> None:
    path = written(tmp_path, toys.written_text())
    before = toys.text_experiment(path)
    written(tmp_path, toys.written_text(70))
    after = toys.text_experiment(path)
    assert before.id != after.id
    assert str(before.task) != str(after.task)
    assert str(after.task).startswith("text[path=mine.txt#")


def test_a_folder_is_another_experiment_when_a_file_in_it_changes(tmp_path: Path) -> None:
    written(tmp_path, toys.written_text())
    before = toys.text_experiment(tmp_path)
    (tmp_path / "more.txt").write_text("more")
    assert toys.text_experiment(tmp_path).id != before.id


def test_a_text_that_has_changed_since_is_refused(tmp_path: Path) -> None:
    of = toys.text_experiment(written(tmp_path, toys.written_text()))
    written(tmp_path, toys.written_text(70))
    with pytest.raises(ValueError, match=r"mine\.txt has changed since this experiment was started with task text"):
        of.make_text()


def test_a_relative_path_is_kept_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, toys.written_text())
    monkeypatch.chdir(tmp_path)
    assert Choice(name="text", options={"path": "mine.txt"}) == Choice(name="text", options={"path": str(path)})


def test_the_text_that_comes_with_l2e_has_the_same_id_everywhere() -> None:
    assert Choice(name="text").model_dump() == {"name": "text", "options": {}}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"length": 2}, r"length and nesting is \(1, 1\) there, not \(2, 1\)"),
        ({"curriculum": "naive"}, "curriculum is baseline there, not naive"),
        ({"recipe": toys.experiment().recipe}, "recipe.loss_over is all there, not answers"),
        ({"scramble": 3}, "scramble is None there, not 3"),
    ],
)
def test_what_a_text_has_not_is_refused(text_file: Path, changes: dict[str, object], wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        toys.text_experiment(text_file, **changes).check()


def test_a_learner_of_pairs_cannot_read_on(text_file: Path) -> None:
    with pytest.raises(ValueError, match="learner seq2seq reads the whole input before it writes"):
        toys.text_experiment(text_file, learner="seq2seq").check()


def test_a_text_has_no_questions(text_file: Path) -> None:
    with pytest.raises(NoQuestionsError, match="is a text, which has no questions with answers"):
        toys.text_experiment(text_file).make_task()


@pytest.mark.parametrize("units", ["characters", "words", "pieces"])
def test_a_run_keeps_its_vocabulary_when_the_text_is_gone(tmp_path: Path, units: str) -> None:
    path = written(tmp_path / "texts", toys.written_text())
    of, run = toys.text_experiment(path, units=units, pieces=300), Run(tmp_path / "run")
    run.begin(of)
    keep_vocabulary(run, of.make_text())
    size, read = of.make_text().vocabulary.size, of.make_text().test.symbols.tolist()
    text = of.make_text().corpus.part(Split.TEST)
    path.unlink()
    kept = kept_vocabulary(run)
    assert (kept.size, kept.read(text).symbols.tolist()) == (size, read)
    assert of.make_learner(kept.size).output.out_features == size


def test_a_run_of_questions_has_no_vocabulary_of_its_own(tmp_path: Path) -> None:
    run = Run(tmp_path / "run")
    run.begin(toys.experiment())
    with pytest.raises(RunError, match="was not trained on a text; train one with l2e train --text FILE"):
        kept_vocabulary(run)
