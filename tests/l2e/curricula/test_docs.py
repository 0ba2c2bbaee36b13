"""docs/curricula.md: its example trains, its links lead somewhere, and no curriculum is missing."""

import re
from pathlib import Path

from l2e.training.run_experiment import run_experiment
from tests.l2e.curricula.progress import ROOT, registered
from tests.toys import experiment

PAGE = ROOT / "docs" / "curricula.md"
TEXT = PAGE.read_text()


def test_the_example_trains_a_run(tmp_path: Path) -> None:
    found = re.search(r"^```python file=(\S+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    assert found
    (tmp_path / found[1]).write_text(found[2])
    trained = experiment(curriculum=f"{tmp_path / found[1]}:Weakest", length=3, budget="20updates", test_samples=20)
    recipe = trained.recipe.model_copy(update={"check_every": 5})
    assert run_experiment(trained.model_copy(update={"recipe": recipe}), tmp_path / "run")["updates"] == 20


def test_every_link_leads_to_a_file() -> None:
    links = re.findall(r"\]\((?!http)([^)]+)\)", TEXT)
    assert links
    assert all((PAGE.parent / link).is_file() for link in links)


def test_every_curriculum_is_named() -> None:
    assert all(f"`{name}`" in TEXT for name in registered())
