"""What the command line does, a file per noun; `cli.py` puts the commands together."""
