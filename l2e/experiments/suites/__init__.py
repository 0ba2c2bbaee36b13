"""The suites that come with l2e, as TOML files."""
