"""The whole installation in one zip, taken while people work, and restored into either database.

`manifest.json` says what is in it; `tables/<name>.jsonl` holds a row a line, all tables from one snapshot; `media/`
holds the files of the data folder's `media`. The secret key and the list of demo passwords are not in it.
"""
