"""Tables, a file a kind."""
