"""`python -m l2e` is `l2e`."""

from l2e.cli import main

if __name__ == "__main__":
    main()
