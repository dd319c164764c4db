"""`python3 -m quizapp`: enters this checkout's own environment when it has to, then runs the command line.

Any Python can read this file, so that an old one ends with a sentence and not with a syntax error.
"""

import sys

if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python than the package asks for is who this is for
        sys.exit(
            "Quizapp needs Python 3.11 or newer; {} is Python {}.{}.{}. Start it with a newer one.".format(
                sys.executable, *sys.version_info[:3]
            )
        )
    from quizapp import bootstrap

    bootstrap.enter(sys.argv[1:])
    from quizapp.cli import main  # only now: what it imports may not have been installed before

    main()
