"""Golden numbers of the search's samplers, from scipy and scikit-learn: python make.py (pip install scipy scikit-learn), then prettier --write."""

import json
from pathlib import Path

import numpy as np
from scipy.stats import norm, qmc
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

here = Path(__file__).parent


def sobol():
    bits, dimensions, points = 30, 20, 256
    sequence = qmc.Sobol(dimensions, scramble=False, bits=bits).random(points)
    whole = np.rint(sequence * 2**bits).astype(np.int64)
    masks = np.random.default_rng(7).integers(0, 2**bits, 3)
    shifted = np.bitwise_xor(whole[:16, :3], masks)
    rows = [0, 1, 2, 3, 4, 5, 6, 7, 31, 100, 128, 255]
    return {
        'bits': bits,
        'rows': rows,
        'points': whole[rows].tolist(),
        'sums': whole.sum(axis=0).tolist(),
        'masks': masks.tolist(),
        'shifted': shifted.tolist(),
    }


def process():
    draw = np.random.default_rng(3)
    x = draw.random((14, 2))
    y = np.sin(5 * x[:, 0]) + 0.5 * (x[:, 1] - 0.3) ** 2 + 0.05 * draw.standard_normal(14)
    y = (y - y.mean()) / y.std()
    at = draw.random((9, 2))
    amplitude, lengths, noise = 1.7, [0.4, 1.3], 0.02
    kernel = ConstantKernel(amplitude) * Matern(lengths, nu=2.5) + WhiteKernel(noise)
    fixed = GaussianProcessRegressor(kernel, optimizer=None, alpha=0).fit(x, y)
    mean = fixed.predict(at)
    # Of the function itself, without the noise of one more observation.
    deviation = np.sqrt(fixed.predict(at, return_std=True)[1] ** 2 - noise)
    free = ConstantKernel(1.0, (0.05, 20)) * Matern([0.5, 0.5], (0.05, 20), nu=2.5) + WhiteKernel(0.01, (1e-6, 1.0))
    fitted = GaussianProcessRegressor(free, alpha=0, n_restarts_optimizer=20, random_state=0).fit(x, y)
    best = 0.0
    z = (best - mean) / deviation
    return {
        'x': x.tolist(),
        'y': y.tolist(),
        'at': at.tolist(),
        'amplitude': amplitude,
        'lengths': lengths,
        'noise': noise,
        'mean': mean.tolist(),
        'deviation': deviation.tolist(),
        'likelihood': float(fixed.log_marginal_likelihood_value_),
        'best': best,
        'improvement': ((best - mean) * norm.cdf(z) + deviation * norm.pdf(z)).tolist(),
        'fitted': {'theta': np.exp(fitted.kernel_.theta).tolist(), 'likelihood': float(fitted.log_marginal_likelihood_value_)},
    }


(here / 'sobol.json').write_text(json.dumps(sobol()) + '\n')
(here / 'process.json').write_text(json.dumps(process()) + '\n')
