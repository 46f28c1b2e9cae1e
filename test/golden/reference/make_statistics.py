"""What test/unit/statistics holds shared/statistics against: SciPy 1.17 and statsmodels 0.15. python make_statistics.py > statistics.json"""

import itertools
import json

import numpy as np
from scipy import special, stats
from scipy.integrate import quad
from scipy.optimize import brentq
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower

PAIRS = [
    ([0.364, 0.331, 0.395], [0.169, 0.171, 0.166]),
    ([0.73, 0.70], [0.49, 0.52]),
    ([1.0, 2.0, 3.0, 4.0, 5.5], [1.5, 1.0, 3.5, 2.0, 2.5]),
    ([2.1, 2.0, 2.3, 2.05, 2.28, 2.02, 1.9], [2.0, 2.3, 2.1, 2.2, 2.27, 2.28, 2.2]),
    ([float(np.sin(i)) + 0.4 for i in range(12)], [float(np.cos(2 * i)) for i in range(12)]),
    ([10.001, 10.002], [0.0, 0.001002]),
]


def effect(mean, sd, n):
    d, df = mean / sd, n - 1
    t = d * np.sqrt(n)
    correction = 0.0 if df == 1 else float(np.exp(special.gammaln(df / 2) - special.gammaln((df - 1) / 2)) / np.sqrt(df / 2))
    end = lambda tail: brentq(lambda nc: special.nctdtr(df, nc, t) - tail, t - 40 - abs(t), t + 40 + abs(t), xtol=1e-13) / np.sqrt(n)
    if abs(t) > 30:  # beyond what SciPy's noncentral t can do
        return dict(d=d, g=correction * d, low=None, high=None)
    return dict(d=d, g=correction * d, low=correction * end(0.975), high=correction * end(0.025))


def paired(a, b):
    x = np.array(a) - np.array(b)
    n = len(x)
    t = stats.ttest_rel(a, b)
    low, high = t.confidence_interval(0.95)
    flips = stats.permutation_test((a, b), lambda u, v, axis: np.mean(u - v, axis=axis), permutation_type="samples", n_resamples=np.inf, vectorized=True)
    return dict(
        a=a, b=b, n=n, difference=x.mean(), low=low, high=high, t=t.statistic, p=t.pvalue, signFlips=flips.pvalue,
        wilcoxon=stats.wilcoxon(x, method=stats.PermutationMethod(n_resamples=np.inf)).pvalue, effect=effect(x.mean(), x.std(ddof=1), n),
    )


def exact_bootstrap(values):
    means = [np.mean(way) for way in itertools.product(values, repeat=len(values))]
    return dict(values=values, interval=list(np.percentile(means, [2.5, 97.5])))


def drawn_bootstrap(values):
    found = stats.bootstrap((values,), np.mean, n_resamples=400_000, method="percentile", rng=np.random.default_rng(1))
    return dict(values=values, interval=list(found.confidence_interval))


def coverage(n, trials=4000):
    """How often the exact bootstrap's 95 % interval of n normal values holds their mean."""
    ways = np.array(list(itertools.product(range(n), repeat=n)))
    samples = np.random.default_rng(2).standard_normal((trials, n))
    low, high = np.percentile(samples[:, ways].mean(axis=2), [2.5, 97.5], axis=1)
    return float(np.mean((low <= 0) & (high >= 0)))


def power(d, n, level):
    """statsmodels' own, and where it is NaN for large d the mean of the tails of Z + d√n over the sample deviation's distribution."""
    own = float(TTestPower().power(d, n, level))
    if not np.isnan(own):
        return own
    df, t = n - 1, stats.t.isf(level / 2, n - 1)
    tails = lambda w: stats.norm.sf(t * w - d * np.sqrt(n)) + stats.norm.cdf(-t * w - d * np.sqrt(n))
    return quad(lambda w: tails(w) * stats.chi.pdf(w * np.sqrt(df), df) * np.sqrt(df), 0, 12, limit=500)[0]


PS = [[0.01, 0.04, 0.03, 0.005], [0.2, 0.001, 0.2, 0.6, 0.9], [0.05]]
out = dict(
    students=[dict(freedom=f, p=p, t=float(stats.t.isf(p / 2, f))) for f in (1, 2, 3, 7, 30, 400) for p in (0.05, 0.01, 0.05 / 12, 1e-6)],
    noncentral=[dict(t=t, freedom=f, delta=d, p=float(special.nctdtr(f, d, t))) for f in (1, 2, 5, 40) for t in (-2.0, 0.3, 4.0, 12.0) for d in (-1.0, 0.0, 2.5, 8.0)],
    pairs=[paired(*pair) for pair in PAIRS],
    holm=[dict(p=p, corrected=list(multipletests(p, method="holm")[1])) for p in PS],
    power=[dict(d=d, n=n, level=a, power=power(d, n, a)) for d in (0.3, 1.0, 2.0) for n in (3, 5, 12) for a in (0.05, 0.01)],
    needed=[
        dict(d=d, level=a, n=next(n for n in range(2, 1001) if power(d, n, a) >= 0.8))
        for d in (0.2, 0.5, 1.0, 2.0, 5.0) for a in (0.05, 0.0125)
    ],
    exactBootstrap=[exact_bootstrap(v) for v in ([0.3, 0.5], [0.364, 0.331, 0.395], [1.0, 4.0, 2.0, 2.0, 9.0])],
    drawnBootstrap=[drawn_bootstrap([float(np.sin(3 * i)) for i in range(8)])],
    coverage={n: coverage(n) for n in (2, 3, 4, 5)},
)
print(json.dumps(out, indent=1))
