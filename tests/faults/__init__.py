"""Nothing lost: real servers under load while a fault strikes, against a ledger of what was told as stored.

`python -m tests.faults` runs the short form and prints the table, `--long` the long one.
"""
