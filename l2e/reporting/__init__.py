"""Tables, plots, one HTML page, and folders of results.

A `Table` is a data frame with a title; a `Section` has the tables and figures on one question.
"""
