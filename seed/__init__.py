"""The shipped passages and their items, as data."""
