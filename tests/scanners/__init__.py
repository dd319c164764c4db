"""Scanners before the running site, as each kind of person, with holes planted that each of them must find.

`python -m tests.scanners [NAME…]` runs the short form of all or some and prints the table, `--long` the long one.
"""
