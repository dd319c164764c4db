"""What the making of questions from a passage is measured by; see the README in this folder."""
