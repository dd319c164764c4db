"""Gradients of what numpy computes: formulas written for arrays, followed back step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

# For each function of numpy: how much of the outcome's gradient each input gets, from (gradient, outcome, inputs …).
_SHARES: dict[np.ufunc, tuple[Callable[..., Any], ...]] = {
    np.add: (lambda g, _, a, b: g, lambda g, _, a, b: g),
    np.subtract: (lambda g, _, a, b: g, lambda g, _, a, b: -g),
    np.multiply: (lambda g, _, a, b: g * b, lambda g, _, a, b: g * a),
    np.divide: (lambda g, _, a, b: g / b, lambda g, out, a, b: -g * out / b),
    np.power: (lambda g, out, a, b: g * out * b / a, lambda g, out, a, b: g * out * np.log(a)),
    np.minimum: (lambda g, _, a, b: g * (a <= b), lambda g, _, a, b: g * (a > b)),
    np.maximum: (lambda g, _, a, b: g * (a >= b), lambda g, _, a, b: g * (a < b)),
    np.exp: (lambda g, out, a: g * out,),
    np.log: (lambda g, _, a: g / a,),
}


class Variable:
    """A number or an array that remembers what it was computed from.

    Numpy's functions in _SHARES take it in the place of an array; numbers stretch over arrays, other shapes must agree.
    """

    # Fits make a million of these: written out rather than inherited from numpy's mixin, which takes twice the time.
    __slots__ = ("gradient", "inputs", "is_number", "shares", "tape", "value", "values")

    def __init__(
        self, value: Any, tape: list[Variable], shares: Any = (), inputs: Sequence[Any] = (), values: Sequence[Any] = ()
    ) -> None:
        self.value, self.tape, self.shares, self.inputs, self.values = value, tape, shares, inputs, values
        self.is_number = not isinstance(value, np.ndarray)
        self.gradient: Any = None
        tape.append(self)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Variable:
        """Compute, and keep the way back. Raises KeyError for a function without a rule."""
        if len(inputs) == 2:
            return self._joined(ufunc, *inputs)
        return Variable(ufunc(self.value), self.tape, _SHARES[ufunc], (self,), (self.value,))

    def _joined(self, ufunc: np.ufunc, one: Any, other: Any) -> Variable:
        a = one.value if isinstance(one, Variable) else one
        b = other.value if isinstance(other, Variable) else other
        return Variable(ufunc(a, b), self.tape, _SHARES[ufunc], (one, other), (a, b))

    def __add__(self, other: Any) -> Variable:
        return self._joined(np.add, self, other)

    def __radd__(self, other: Any) -> Variable:
        return self._joined(np.add, other, self)

    def __sub__(self, other: Any) -> Variable:
        return self._joined(np.subtract, self, other)

    def __rsub__(self, other: Any) -> Variable:
        return self._joined(np.subtract, other, self)

    def __mul__(self, other: Any) -> Variable:
        return self._joined(np.multiply, self, other)

    def __rmul__(self, other: Any) -> Variable:
        return self._joined(np.multiply, other, self)

    def __truediv__(self, other: Any) -> Variable:
        return self._joined(np.divide, self, other)

    def __rtruediv__(self, other: Any) -> Variable:
        return self._joined(np.divide, other, self)

    def __pow__(self, other: Any) -> Variable:
        return self._joined(np.power, self, other)

    def __rpow__(self, other: Any) -> Variable:
        return self._joined(np.power, other, self)

    def __neg__(self) -> Variable:
        return self._joined(np.multiply, self, -1.0)

    def bounded(self, low: float, high: float) -> Variable:
        """Return the values, those outside at their bound, where they no longer move."""
        inside = (self.value >= low) & (self.value <= high)
        value = np.minimum(np.maximum(self.value, low), high)
        return Variable(value, self.tape, (lambda g, _, moves: g * moves,), (self,), (inside,))

    def head(self, length: int) -> Variable:
        """Return the first elements of an array; a number stays as it is."""
        if self.is_number or len(self.value) == length:
            return self
        return Variable(self.value[:length], self.tape, (_lengthened,), (self,), (self.value,))

    def total(self) -> Variable:
        """Return the sum of the elements."""
        return Variable(float(self.value.sum()), self.tape, (_spread,), (self,), (self.value,))

    def gradients(self, inputs: Sequence[Variable]) -> list[float]:
        """Return the derivative of this, summed over its elements, by each input; only once in a computation."""
        self.gradient = 1.0 if self.is_number else np.ones_like(self.value)
        for node in reversed(self.tape):
            if node.gradient is None:
                continue
            for share, source in zip(node.shares, node.inputs, strict=True):
                if isinstance(source, Variable):
                    part = share(node.gradient, node.value, *node.values)
                    if source.is_number and isinstance(part, np.ndarray):
                        part = part.sum()
                    source.gradient = part if source.gradient is None else source.gradient + part
        self.tape.clear()  # a circle otherwise, whose arrays would wait for the garbage collector
        return [0.0 if each.gradient is None else float(each.gradient) for each in inputs]


def variables(values: Sequence[float]) -> list[Variable]:
    """Return numbers as the inputs of one computation."""
    tape: list[Variable] = []
    return [Variable(float(value), tape) for value in values]


def _lengthened(gradient: Any, _: Any, whole: Any) -> Any:
    long = np.zeros_like(whole)
    long[: len(gradient)] = gradient
    return long


def _spread(gradient: Any, _: Any, whole: Any) -> Any:
    return np.full_like(whole, gradient)
