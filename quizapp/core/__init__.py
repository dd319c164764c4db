"""What we know about questions, memory and learning: pure functions and frozen dataclasses."""
