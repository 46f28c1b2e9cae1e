"""Mean-field theory's fixed points and the critical line of tanh, and of activations that end above (Schoenholz et al. 2017, arXiv 1611.01232), by Gauss-Hermite quadrature. Writes critical.json beside
itself; needs NumPy alone."""
import json
from pathlib import Path

import numpy as np

nodes, shares = np.polynomial.hermite_e.hermegauss(151)
shares = shares / shares.sum()


def passed(q):
    """E tanh(sqrt(q) z)^2."""
    return float((shares * np.tanh(np.sqrt(q) * nodes) ** 2).sum())


def slope(q):
    """E tanh'(sqrt(q) z)^2."""
    return float((shares * np.cosh(np.sqrt(q) * nodes) ** -4.0).sum())


def line(q):
    """The line has one point at each q: weights slope(q) = 1, and weights passed(q) + biases = q."""
    weights = 1 / slope(q)
    return {"square": q, "weights": weights**0.5, "biases": max(0.0, q - weights * passed(q)) ** 0.5}


def fixed(weights, biases):
    """q = weights passed(q) + biases by bisection: the left side is beneath the right one up to the fixed point, and above it from there."""
    low, high = 1e-9, weights + biases + 1
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if weights * passed(middle) + biases > middle else (low, middle)
    return {"weights": weights**0.5, "biases": biases**0.5, "square": high, "chi": weights * slope(high)}


z = np.linspace(-12, 12, 2_000_001)
weight = np.exp(-z * z / 2) * (z[1] - z[0]) / np.sqrt(2 * np.pi)


def clipped(most):
    return lambda x: np.clip(x, 0, most), lambda x: (x > 0) & (x < most)


def rising(x):
    return (1 + np.tanh(x / 2)) / 2


BOUNDED = [
    ("clipped-relu", {"most": 6}, *clipped(6), (9, 30, 100), ((1.2, 0.3), (1.5, 0.2), (2, 1))),
    ("clipped-relu", {"most": 1}, *clipped(1), (0.3, 1, 4), ((1.2, 0.3), (1.6, 0.1), (3, 1))),
    ("hard-sigmoid", {}, lambda x: np.clip(x / 6 + 0.5, 0, 1), lambda x: (np.abs(x) < 3) / 6, (50, 100), ((1, 0), (8, 1), (20, 0.5))),
    ("sigmoid", {}, rising, lambda x: rising(x) * rising(-x), (80, 100), ((1, 0), (8, 1), (20, 0.5))),
]


def bounded(kind, attributes, of, slope_of, squares, places):
    passed = lambda q: float((weight * of(np.sqrt(q) * z) ** 2).sum())
    slope = lambda q: float((weight * slope_of(np.sqrt(q) * z) ** 2.0).sum())

    def on_line(q):
        weights = 1 / slope(q)
        return {"square": q, "weights": weights**0.5, "biases": (q - weights * passed(q)) ** 0.5}

    def at(weights, biases):
        low, high = 1e-9, weights * 36 + biases + 1
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if weights * passed(middle) + biases > middle else (low, middle)
        return {"weights": weights**0.5, "biases": biases**0.5, "square": high, "chi": weights * slope(high)}

    return {"kind": kind, "attributes": attributes, "line": [on_line(q) for q in squares], "points": [at(w * w, b * b) for w, b in places]}


found = {
    "line": [line(q) for q in (1e-4, 0.01, 0.05, 0.2, 0.5, 1.0, 2.0)],
    "points": [fixed(w * w, b * b) for w, b in ((0.8, 0.0), (1.2, 0.0), (1.5, 0.1), (1.0, 0.3), (2.5, 0.05), (0.5, 1.0))],
    "bounded": [bounded(*one) for one in BOUNDED],
}
Path(__file__).with_name("critical.json").write_text(json.dumps(found, indent=1) + "\n")
