// NormlabBatchNormReluGradient: the backward pass of batch norm followed by ReLU on the CPU, with the sum of a skip connection's
// gradient and the squared norm of the result, in two passes over memory. TensorFlow's own kernels (ReluGrad,
// FusedBatchNormGradV3, AddV2, L2Loss) make twelve; a residual network's step is bound by memory bandwidth.
//
// With d = dy where y > 0 else 0, x̂ = (x − mean)·inv, inv = 1/sqrt(variance + epsilon), n rows (Ioffe and Szegedy 2015, section 3):
//   dbeta = Σ d     dgamma = Σ d·x̂     dx = skip + gamma·inv·(d − dbeta/n − x̂·dgamma/n)
//
// Sums are made in blocks of a fixed number of rows and added in their order: the same result whatever the threads.

#include <algorithm>
#include <cmath>
#include <functional>
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

REGISTER_OP("NormlabBatchNormReluGradient")
    .Input("dy: float")
    .Input("y: float")
    .Input("x: float")
    .Input("gamma: float")
    .Input("mean: float")
    .Input("unbiased_variance: float")
    .Input("skip: skips * float")
    .Output("dx: float")
    .Output("dgamma: float")
    .Output("dbeta: float")
    .Output("half_squared_norm: double")
    .Attr("epsilon: float")
    .Attr("skips: int >= 0 = 0")
    .SetShapeFn([](tensorflow::shape_inference::InferenceContext* c) {
      c->set_output(0, c->input(2));
      c->set_output(1, c->input(3));
      c->set_output(2, c->input(3));
      c->set_output(3, c->Scalar());
      return absl::OkStatus();
    });

// Floats of a block, about: enough to keep a thread busy, few enough that the last threads do not wait long.
constexpr int64_t kBlockFloats = 1 << 16;
// Rows whose sums are kept in float before they go to double.
constexpr int64_t kFlushRows = 64;

// Adds Σ d and Σ d·(x − mean) of some rows to two arrays of doubles.
NORMLAB_EVERY_PROCESSOR
void SumRows(const float* __restrict dy, const float* __restrict y, const float* __restrict x, const float* __restrict mean,
             int64_t rows, int64_t channels, float* __restrict sum, float* __restrict product, double* __restrict sums,
             double* __restrict products) {
  for (int64_t first = 0; first < rows; first += kFlushRows) {
    const int64_t last = std::min(rows, first + kFlushRows);
    for (int64_t c = 0; c < channels; ++c) sum[c] = product[c] = 0.0f;
    for (int64_t row = first; row < last; ++row) {
      const float* __restrict dy_row = dy + row * channels;
      const float* __restrict y_row = y + row * channels;
      const float* __restrict x_row = x + row * channels;
      for (int64_t c = 0; c < channels; ++c) {
        const float arriving = dy_row[c];  // Loaded whatever y is, so that the loop has no branch.
        const float d = y_row[c] > 0.0f ? arriving : 0.0f;
        sum[c] += d;
        product[c] += d * (x_row[c] - mean[c]);
      }
    }
    for (int64_t c = 0; c < channels; ++c) {
      sums[c] += sum[c];
      products[c] += product[c];
    }
  }
}

// dx = scale·d + slope·(x − mean) + shift (+ skip) for some rows; returns the sum of its squares. dx may lie where dy or skip does.
NORMLAB_EVERY_PROCESSOR
double WriteRows(const float* dy, const float* __restrict y, const float* __restrict x, const float* skip, const float* __restrict mean,
                 const float* __restrict scale, const float* __restrict slope, const float* __restrict shift, int64_t rows,
                 int64_t channels, float* __restrict square, float* dx) {
  double squares = 0.0;
  for (int64_t first = 0; first < rows; first += kFlushRows) {
    const int64_t last = std::min(rows, first + kFlushRows);
    for (int64_t c = 0; c < channels; ++c) square[c] = 0.0f;
    for (int64_t row = first; row < last; ++row) {
      const int64_t at = row * channels;
      if (skip != nullptr) {
#pragma GCC ivdep
        for (int64_t c = 0; c < channels; ++c) {
          const float arriving = dy[at + c];
          const float d = y[at + c] > 0.0f ? arriving : 0.0f;
          const float value = scale[c] * d + slope[c] * (x[at + c] - mean[c]) + shift[c] + skip[at + c];
          dx[at + c] = value;
          square[c] += value * value;
        }
      } else {
#pragma GCC ivdep
        for (int64_t c = 0; c < channels; ++c) {
          const float arriving = dy[at + c];
          const float d = y[at + c] > 0.0f ? arriving : 0.0f;
          const float value = scale[c] * d + slope[c] * (x[at + c] - mean[c]) + shift[c];
          dx[at + c] = value;
          square[c] += value * value;
        }
      }
    }
    double part = 0.0;
    for (int64_t c = 0; c < channels; ++c) part += square[c];
    squares += part;
  }
  return squares;
}

class BatchNormReluGradient : public OpKernel {
 public:
  explicit BatchNormReluGradient(OpKernelConstruction* context) : OpKernel(context) {
    OP_REQUIRES_OK(context, context->GetAttr("epsilon", &epsilon_));
    OP_REQUIRES_OK(context, context->GetAttr("skips", &skips_));
    OP_REQUIRES(context, skips_ <= 1, absl::InvalidArgumentError("at most one skip connection"));
  }

  void Compute(OpKernelContext* context) override {
    const Tensor& dy = context->input(0);
    const Tensor& y = context->input(1);
    const Tensor& x = context->input(2);
    const Tensor& gamma = context->input(3);
    const Tensor& mean = context->input(4);
    const Tensor& variance = context->input(5);
    const int64_t channels = gamma.NumElements();
    OP_REQUIRES(context, channels > 0 && x.NumElements() % channels == 0 && x.NumElements() > 0 && dy.shape() == x.shape() &&
                             y.shape() == x.shape() && mean.NumElements() == channels && variance.NumElements() == channels &&
                             (skips_ == 0 || context->input(6).shape() == x.shape()),
                absl::InvalidArgumentError("the shapes do not fit"));
    const int64_t rows = x.NumElements() / channels;

    Tensor *dx, *dgamma, *dbeta, *half_squared_norm;
    const std::vector<int> forwarded = skips_ == 0 ? std::vector<int>{0} : std::vector<int>{0, 6};
    OP_REQUIRES_OK(context, context->forward_input_or_allocate_output(forwarded, 0, x.shape(), &dx));
    OP_REQUIRES_OK(context, context->allocate_output(1, gamma.shape(), &dgamma));
    OP_REQUIRES_OK(context, context->allocate_output(2, gamma.shape(), &dbeta));
    OP_REQUIRES_OK(context, context->allocate_output(3, TensorShape({}), &half_squared_norm));

    const float* dy_data = dy.flat<float>().data();
    const float* y_data = y.flat<float>().data();
    const float* x_data = x.flat<float>().data();
    const float* mean_data = mean.flat<float>().data();
    const float* skip_data = skips_ == 0 ? nullptr : context->input(6).flat<float>().data();
    float* dx_data = dx->flat<float>().data();

    const int64_t block_rows = std::max<int64_t>(1, kBlockFloats / channels);
    const int64_t blocks = (rows + block_rows - 1) / block_rows;
    const auto rows_of = [&](int64_t block) { return std::min(block_rows, rows - block * block_rows); };

    std::vector<double> sums(2 * blocks * channels, 0.0);
    ForEachBlock(context, blocks, 3 * kBlockFloats, [&](int64_t block) {
      const int64_t at = block * block_rows * channels;
      std::vector<float> scratch(2 * channels);
      double* own = sums.data() + 2 * block * channels;
      SumRows(dy_data + at, y_data + at, x_data + at, mean_data, rows_of(block), channels, scratch.data(), scratch.data() + channels,
              own, own + channels);
    });

    std::vector<float> scale(channels), slope(channels), shift(channels);
    const double unbiased = rows > 1 ? static_cast<double>(rows - 1) / rows : 1.0;
    for (int64_t c = 0; c < channels; ++c) {
      double sum = 0.0, product = 0.0;
      for (int64_t block = 0; block < blocks; ++block) {
        sum += sums[2 * block * channels + c];
        product += sums[(2 * block + 1) * channels + c];
      }
      const double inverse = 1.0 / std::sqrt(variance.flat<float>()(c) * unbiased + epsilon_);
      const double factor = gamma.flat<float>()(c) * inverse;
      dbeta->flat<float>()(c) = static_cast<float>(sum);
      dgamma->flat<float>()(c) = static_cast<float>(product * inverse);
      scale[c] = static_cast<float>(factor);
      slope[c] = static_cast<float>(-factor * inverse * inverse * product / rows);
      shift[c] = static_cast<float>(-factor * sum / rows);
    }

    std::vector<double> squares(blocks, 0.0);
    ForEachBlock(context, blocks, 5 * kBlockFloats, [&](int64_t block) {
      const int64_t at = block * block_rows * channels;
      std::vector<float> scratch(channels);
      const double square = WriteRows(dy_data + at, y_data + at, x_data + at, skip_data == nullptr ? nullptr : skip_data + at, mean_data,
                                      scale.data(), slope.data(), shift.data(), rows_of(block), channels, scratch.data(), dx_data + at);
      squares[block] = normlab::SquaresOrWide(square, dx_data + at, rows_of(block) * channels);
    });
    double total = 0.0;
    for (const double part : squares) total += part;
    half_squared_norm->scalar<double>()() = 0.5 * total;
  }

 private:
  static void ForEachBlock(OpKernelContext* context, int64_t blocks, int64_t cost, const std::function<void(int64_t)>& work) {
    context->device()->tensorflow_cpu_worker_threads()->workers->ParallelFor(blocks, cost, [&](int64_t first, int64_t last) {
      for (int64_t block = first; block < last; ++block) work(block);
    });
  }

  float epsilon_;
  int skips_;
};

REGISTER_KERNEL_BUILDER(Name("NormlabBatchNormReluGradient").Device(tensorflow::DEVICE_CPU), BatchNormReluGradient);

}  // namespace
