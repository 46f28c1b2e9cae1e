// A tensor of many rows with a value a channel, cut into blocks for the threads: what our kernels of batch norm walk over.
//
// Channels fill no vector register where they are few or odd. So several rows are taken for one of kWidth·n lanes ("a wide row"), on
// which every loop is kWidth lanes wide and keeps its sums in registers. What is left at the end goes row by row.

#ifndef NORMLAB_ROWS_H_
#define NORMLAB_ROWS_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "share_out.h"
#include "tensorflow/core/framework/op_kernel.h"

namespace normlab {

// Lanes of one inner loop.
constexpr int64_t kWidth = 64;
// Floats of a block, about: enough to keep a thread busy, few enough that the last threads do not wait long.
constexpr int64_t kBlockFloats = 1 << 15;
// Wide rows whose sums are kept in float before they go to double.
constexpr int64_t kFlushRows = 64;

class Rows {
 public:
  Rows(int64_t rows, int64_t channels) : rows_(rows), channels_(channels) {
    joined_ = 1;
    while (joined_ * channels % kWidth != 0) joined_ *= 2;
    block_rows_ = std::max(int64_t{1}, kBlockFloats / (joined_ * channels)) * joined_;
  }

  int64_t rows() const { return rows_; }
  int64_t channels() const { return channels_; }
  // Rows in a wide one, and its lanes.
  int64_t joined() const { return joined_; }
  int64_t lanes() const { return joined_ * channels_; }

  int64_t blocks() const { return (rows_ + block_rows_ - 1) / block_rows_; }
  int64_t rows_of(int64_t block) const { return std::min(block_rows_, rows_ - block * block_rows_); }
  // Where a block begins.
  int64_t offset(int64_t block) const { return block * block_rows_ * channels_; }

  // A value a channel as one a lane.
  std::vector<float> Widened(const float* values) const {
    std::vector<float> wide(lanes());
    for (int64_t row = 0; row < joined_; ++row) std::copy(values, values + channels_, wide.begin() + row * channels_);
    return wide;
  }

  // The sums of all lanes of each channel; they may lie where the lanes' do.
  void Fold(const double* wide, double* sums) const {
    if (sums != wide) std::copy(wide, wide + channels_, sums);
    for (int64_t lane = channels_; lane < lanes(); lane += channels_)
      for (int64_t c = 0; c < channels_; ++c) sums[c] += wide[lane + c];
  }

  // Calls work(block) for every block, on this thread and on those of TensorFlow's that have time.
  template <typename Work>
  void ForEachBlock(tensorflow::OpKernelContext* context, const Work& work) const {
    const auto& threads = *context->device()->tensorflow_cpu_worker_threads();
    // Two blocks are done before a helper has woken.
    const int64_t useful = std::max<int64_t>(1, std::min<int64_t>(threads.num_threads, blocks() / 2));
    ShareOut(threads.workers, useful - 1, blocks(), work);
  }

 private:
  int64_t rows_, channels_, joined_, block_rows_;
};

}  // namespace normlab

#endif  // NORMLAB_ROWS_H_
