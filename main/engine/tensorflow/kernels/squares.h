// Sums of squares of floats, for our kernels: as fast as single precision, and right for entries whose squares leave its range.

#ifndef NORMLAB_SQUARES_H_
#define NORMLAB_SQUARES_H_

#include <algorithm>
#include <cmath>
#include <cstdint>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define NORMLAB_EVERY_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define NORMLAB_EVERY_PROCESSOR
#endif

namespace normlab {

// Floats that are summed on their own, side by side, so that the compiler may use whole registers.
constexpr int64_t kLanes = 64;
// Floats that are summed in single precision before they go to double.
constexpr int64_t kRun = 64 * kLanes;

NORMLAB_EVERY_PROCESSOR
inline double NarrowSquares(const float* __restrict values, int64_t count) {
  double sum = 0.0;
  for (int64_t first = 0; first < count; first += kRun) {
    const int64_t last = std::min(count, first + kRun);
    float lanes[kLanes] = {};
    int64_t at = first;
    for (; at + kLanes <= last; at += kLanes)
      for (int64_t lane = 0; lane < kLanes; ++lane) lanes[lane] += values[at + lane] * values[at + lane];
    for (; at < last; ++at) lanes[at % kLanes] += values[at] * values[at];
    for (int64_t lane = 0; lane < kLanes; ++lane) sum += lanes[lane];
  }
  return sum;
}

// A double holds the square of every float.
NORMLAB_EVERY_PROCESSOR
inline double WideSquares(const float* __restrict values, int64_t count) {
  double lanes[kLanes] = {};
  int64_t at = 0;
  for (; at + kLanes <= count; at += kLanes)
    for (int64_t lane = 0; lane < kLanes; ++lane) lanes[lane] += static_cast<double>(values[at + lane]) * values[at + lane];
  for (; at < count; ++at) lanes[at % kLanes] += static_cast<double>(values[at]) * values[at];
  double sum = 0.0;
  for (const double lane : lanes) sum += lane;
  return sum;
}

// The sum of squares that was made in single precision, unless it is so small that squares have been lost (each at most 1e-38), or
// beyond single precision: then it is made again in double.
inline double SquaresOrWide(double narrow, const float* values, int64_t count) {
  return narrow > 1e-25 && std::isfinite(narrow) ? narrow : WideSquares(values, count);
}

}  // namespace normlab

#endif  // NORMLAB_SQUARES_H_
