"""Mean-field theory's fixed points and the critical line of tanh (Schoenholz et al. 2017, arXiv 1611.01232), by Gauss-Hermite quadrature. Writes critical.json beside
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


found = {
    "line": [line(q) for q in (1e-4, 0.01, 0.05, 0.2, 0.5, 1.0, 2.0)],
    "points": [fixed(w * w, b * b) for w, b in ((0.8, 0.0), (1.2, 0.0), (1.5, 0.1), (1.0, 0.3), (2.5, 0.05), (0.5, 1.0))],
}
Path(__file__).with_name("critical.json").write_text(json.dumps(found, indent=1) + "\n")
