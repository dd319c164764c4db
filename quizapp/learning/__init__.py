"""One memory: the only writer of cards, reviews and daily totals, and what is read from them in more than one room."""
