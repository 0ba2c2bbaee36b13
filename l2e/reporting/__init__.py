"""What people read: tables, plots, one HTML page, and folders of results.

A `Table` is a data frame under a title, and a `Section` holds the tables and figures on one question. Every way of
showing runs shows sections.
"""
