// NormlabHalfSquaredNorm: half the sum of squares of a float tensor as a double, on the CPU, in one pass over memory. TensorFlow's
// L2Loss sums in the tensor's own type: norms below 1e-19 come out as 0 and above 1e19 as infinity.
//
// Sums are made in blocks of a fixed size and added in their order: the same result whatever the threads.

#include <algorithm>
#include <vector>

#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_kernel.h"
#include "tensorflow/core/framework/shape_inference.h"

#include "squares.h"

namespace {

using tensorflow::OpKernel;
using tensorflow::OpKernelConstruction;
using tensorflow::OpKernelContext;
using tensorflow::Tensor;
using tensorflow::TensorShape;

REGISTER_OP("NormlabHalfSquaredNorm")
    .Input("x: float")
    .Output("half_squared_norm: double")
    .SetShapeFn([](tensorflow::shape_inference::InferenceContext* c) {
      c->set_output(0, c->Scalar());
      return absl::OkStatus();
    });

constexpr int64_t kBlockFloats = 1 << 16;

class HalfSquaredNorm : public OpKernel {
 public:
  explicit HalfSquaredNorm(OpKernelConstruction* context) : OpKernel(context) {}

  void Compute(OpKernelContext* context) override {
    const Tensor& x = context->input(0);
    Tensor* half_squared_norm;
    OP_REQUIRES_OK(context, context->allocate_output(0, TensorShape({}), &half_squared_norm));
    const float* values = x.flat<float>().data();
    const int64_t count = x.NumElements();
    const int64_t blocks = (count + kBlockFloats - 1) / kBlockFloats;
    std::vector<double> squares(blocks, 0.0);
    const auto sum = [&](int64_t first, int64_t last) {
      for (int64_t block = first; block < last; ++block) {
        const float* own = values + block * kBlockFloats;
        const int64_t length = std::min(kBlockFloats, count - block * kBlockFloats);
        squares[block] = normlab::SquaresOrWide(normlab::NarrowSquares(own, length), own, length);
      }
    };
    if (blocks > 1)
      context->device()->tensorflow_cpu_worker_threads()->workers->ParallelFor(blocks, kBlockFloats / 2, sum);
    else
      sum(0, blocks);
    double total = 0.0;
    for (const double part : squares) total += part;
    half_squared_norm->scalar<double>()() = 0.5 * total;
  }
};

REGISTER_KERNEL_BUILDER(Name("NormlabHalfSquaredNorm").Device(tensorflow::DEVICE_CPU), HalfSquaredNorm);

}  // namespace
