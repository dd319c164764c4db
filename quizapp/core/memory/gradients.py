"""Gradients of what numpy computes: formulas written for arrays, followed back step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

# For each function of numpy: how much of the outcome's gradient each input gets, from (gradient, outcome, inputs …).
_SHARES: dict[np.ufunc, tuple[Callable[..., Any], ...]] = {
    np.add: (lambda g, _, a, b: g, lambda g, _, a, b: g),
    np.subtract: (lambda g, _, a, b: g, lambda g, _, a, b: -g),
    np.multiply: (lambda g, _, a, b: g * b, lambda g, _, a, b: g * a),
    np.divide: (lambda g, _, a, b: g / b, lambda g, out, a, b: -g * out / b),
    np.power: (lambda g, _, a, b: g * b * a ** (b - 1), lambda g, out, a, b: g * out * np.log(a)),
    np.minimum: (lambda g, _, a, b: g * (a <= b), lambda g, _, a, b: g * (a > b)),
    np.maximum: (lambda g, _, a, b: g * (a >= b), lambda g, _, a, b: g * (a < b)),
    np.negative: (lambda g, _, a: -g,),
    np.exp: (lambda g, out, a: g * out,),
    np.log: (lambda g, _, a: g / a,),
}


class Variable(NDArrayOperatorsMixin):
    """A number or an array that remembers what it was computed from.

    Numpy's functions in _SHARES take it in the place of an array; numbers stretch over arrays, other shapes must agree.
    """

    __slots__ = ("_place", "_sources", "_tape", "value")

    def __init__(
        self, value: Any, tape: list[Variable], sources: Sequence[tuple[Variable, Callable[[Any], Any]]] = ()
    ) -> None:
        self.value = value
        self._tape, self._sources, self._place = tape, sources, len(tape)
        tape.append(self)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Variable:
        """Compute, and keep the way back. Raises KeyError for a function without a rule."""
        values = [each.value if isinstance(each, Variable) else each for each in inputs]
        outcome = ufunc(*values)
        shares = _SHARES[ufunc]

        def way_back(share: Callable[..., Any]) -> Callable[[Any], Any]:
            return lambda gradient: share(gradient, outcome, *values)

        sources = [
            (each, way_back(share)) for each, share in zip(inputs, shares, strict=True) if isinstance(each, Variable)
        ]
        return Variable(outcome, self._tape, sources)

    def head(self, length: int) -> Variable:
        """Return the first elements of an array; a number stays as it is."""
        if np.ndim(self.value) == 0 or len(self.value) == length:
            return self

        def way_back(gradient: Any) -> Any:
            whole = np.zeros_like(self.value)
            whole[:length] = gradient
            return whole

        return Variable(self.value[:length], self._tape, [(self, way_back)])

    def gradients(self, inputs: Sequence[Variable]) -> list[float]:
        """Return the derivative of this, summed over its elements, by each input, summed over its elements."""
        found: list[Any] = [None] * len(self._tape)
        found[self._place] = np.ones_like(self.value)
        for node in reversed(self._tape[: self._place + 1]):
            gradient = found[node._place]
            if gradient is None:
                continue
            for source, way_back in node._sources:
                part = way_back(gradient)
                if np.ndim(source.value) == 0 and np.ndim(part):
                    part = part.sum()
                before = found[source._place]
                found[source._place] = part if before is None else before + part
        return [0.0 if found[each._place] is None else float(np.sum(found[each._place])) for each in inputs]


def variables(values: Sequence[float]) -> list[Variable]:
    """Return numbers as the inputs of one computation."""
    tape: list[Variable] = []
    return [Variable(float(value), tape) for value in values]
