"""How fast the pages are, each beside a bare twin on the same server and database: `python -m tests.bench`."""
