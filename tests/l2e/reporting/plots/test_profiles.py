"""Performance profiles as drawings."""

from pathlib import Path

from l2e.metrics import Rule
from l2e.reporting.plots.profiles import profile_figures
from tests.l2e.analysis.test_overall import runs_of

RULES = [Rule.EXACT_MATCH, Rule.CHARACTER]


def test_a_line_a_curriculum_falls_where_its_runs_are(tmp_path: Path) -> None:
    runs = runs_of(tmp_path, {("baseline", 1): [0.25, 0.75], ("naive", 1): [0.5, 0.5]})
    (drawing,) = profile_figures(runs, RULES)  # nothing was counted by characters
    assert drawing.name == "profile-exact_match"
    baseline, naive = drawing.figure.axes[0].lines
    assert (baseline.get_label(), naive.get_label()) == ("baseline", "naive")
    assert dict(zip(baseline.get_xdata(), baseline.get_ydata(), strict=True))[30] == 50
    assert dict(zip(naive.get_xdata(), naive.get_ydata(), strict=True))[30] == 100


def test_one_curriculum_or_one_seed_has_no_profile(tmp_path: Path) -> None:
    assert profile_figures(runs_of(tmp_path / "a", {("mix", 1): [0.5, 0.6]}), RULES) == []
    assert profile_figures(runs_of(tmp_path / "b", {("mix", 1): [0.5], ("naive", 1): [0.5]}), RULES) == []
