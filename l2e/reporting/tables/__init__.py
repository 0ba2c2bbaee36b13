"""Tables, one file per kind."""
