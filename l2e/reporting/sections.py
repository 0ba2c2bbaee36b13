"""All sections, in order."""

from __future__ import annotations

from l2e.metrics import LearningRule
from l2e.reporting.plots.accuracy import accuracy_figures
from l2e.reporting.plots.learning_curves import learning_curve_figures
from l2e.reporting.plots.profiles import profile_figures
from l2e.reporting.plots.time_to_target import time_to_target_figures
from l2e.reporting.section import Section
from l2e.reporting.tables.accuracy import accuracy_tables
from l2e.reporting.tables.bits import bits_tables
from l2e.reporting.tables.error_analysis import error_tables
from l2e.reporting.tables.examples import example_tables
from l2e.reporting.tables.generalization import generalization_tables
from l2e.reporting.tables.learning import learning_tables
from l2e.reporting.tables.literature import literature_tables
from l2e.reporting.tables.text import text_tables
from l2e.reporting.tables.verdict import verdict_tables

SECTIONS = {
    section.id: section
    for section in (
        Section("verdict", "Which curriculum is better", verdict_tables),
        Section("accuracy", "Accuracy", accuracy_tables, (accuracy_figures, profile_figures)),
        Section(
            "learning",
            "How fast it is learnt",
            learning_tables,
            (time_to_target_figures, learning_curve_figures),
            LearningRule,
        ),
        Section("examples", "Examples", example_tables),
        Section("errors", "Errors taken apart", error_tables),
        Section("generalization", "Beyond the target", generalization_tables),
        Section("language", "As language models", bits_tables),
        Section("text", "Held-out text", text_tables),
        Section("literature", "Published by others", literature_tables),
    )
}
