"""Models of memory: how a rating or a quiz answer moves what is known of one learner and one card."""

from quizapp.core.memory.fsrs6 import Fsrs6
from quizapp.core.memory.fsrs7 import Fsrs7
from quizapp.core.memory.model import MemoryModel, MemoryState, Rating, known_chance, mix
from quizapp.core.memory.outcomes import quiz_outcome

__all__ = ["Fsrs6", "Fsrs7", "MemoryModel", "MemoryState", "Rating", "known_chance", "mix", "quiz_outcome"]
