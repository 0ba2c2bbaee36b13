"""Who answers: learners and reference predictors."""
