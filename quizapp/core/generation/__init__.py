"""From a passage to drafts of questions: rules propose, gates drop, ranking chooses; the same text, the same drafts.

Pure: no clock, no dice, no network. The design follows Heilman and Smith (2010), Good question! Statistical ranking
for question generation: many candidates by rule, few shown by expected acceptability.
"""

from quizapp.core.generation.drafts import GENERATOR_VERSION, Candidate, Draft, Generated, Refused
from quizapp.core.generation.gates import judge
from quizapp.core.generation.generating import generate

__all__ = ["GENERATOR_VERSION", "Candidate", "Draft", "Generated", "Refused", "generate", "judge"]
