"""`python -m seed`: the same as `quizapp seed`."""

from quizapp.cli import main

if __name__ == "__main__":
    main(["seed"])
