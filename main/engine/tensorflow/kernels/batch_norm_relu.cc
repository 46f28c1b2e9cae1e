// NormlabBatchNormRelu: batch norm in training on the CPU, with the sum of a skip connection before it, the squared norm of that sum
// and the ReLU behind it, in two passes over memory. TensorFlow's own kernels (AddV2, L2Loss, FusedBatchNormV3, Relu) make up to seven.
//
// With s = x + addend, mean and biased variance of each channel over n rows, inv = 1/sqrt(variance + epsilon) (Ioffe and Szegedy 2015):
//   y = max(0, gamma·inv·(s − mean) + beta)     The variance that is given out is the unbiased one, variance·n/(n − 1), as TensorFlow's.
//
// Each block of rows is summed around a value near its own mean, so that nothing is lost where the mean is far from 0, and the blocks
// are joined in their order (Chan, Golub and LeVeque 1983): the same result whatever the threads.

#include <cmath>
#include <vector>

#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_kernel.h"
#include "tensorflow/core/framework/shape_inference.h"

#include "rows.h"
#include "squares.h"

namespace {

using normlab::kFlushRows;
using normlab::kWidth;
using normlab::Rows;
using tensorflow::OpKernel;
using tensorflow::OpKernelConstruction;
using tensorflow::OpKernelContext;
using tensorflow::Tensor;
using tensorflow::TensorShape;

REGISTER_OP("NormlabBatchNormRelu")
    .Input("x: float")
    .Input("gamma: float")
    .Input("beta: float")
    .Input("addend: addends * float")
    .Output("y: float")
    .Output("mean: float")
    .Output("unbiased_variance: float")
    .Output("sum: float")
    .Output("half_squared_norm: double")
    .Attr("epsilon: float")
    .Attr("rectified: bool = true")
    .Attr("addends: int >= 0 = 0")
    .SetShapeFn([](tensorflow::shape_inference::InferenceContext* c) {
      c->set_output(0, c->input(0));
      c->set_output(1, c->input(1));
      c->set_output(2, c->input(1));
      c->set_output(3, c->input(0));
      c->set_output(4, c->Scalar());
      return absl::OkStatus();
    });

// Rows whose mean is what a block is summed around.
constexpr int64_t kNearRows = 4;

// Adds Σ (s − near) and Σ (s − near)² of some rows, side by side, to two arrays of doubles, and writes s = x + addend where there is an
// addend. The sum may lie where x or the addend does.
template <int kLanes, bool kHasAddend>
inline __attribute__((always_inline)) void SumLanes(const float* x, const float* addend, const float* __restrict near, int64_t rows,
                                                    int64_t stride, float* out, double* __restrict sums, double* __restrict squares) {
  float sum[kLanes], square[kLanes], around[kLanes];
  for (int lane = 0; lane < kLanes; ++lane) {
    sum[lane] = square[lane] = 0.0f;
    around[lane] = near[lane];
  }
  for (int64_t at = 0; at < rows * stride; at += stride) {
#pragma GCC ivdep
    for (int lane = 0; lane < kLanes; ++lane) {
      float value = x[at + lane];
      if (kHasAddend) {
        value += addend[at + lane];
        out[at + lane] = value;
      }
      const float d = value - around[lane];
      sum[lane] += d;
      square[lane] += d * d;
    }
  }
  for (int lane = 0; lane < kLanes; ++lane) {
    sums[lane] += sum[lane];
    squares[lane] += square[lane];
  }
}

template <bool kHasAddend>
inline __attribute__((always_inline)) void SumRows(const float* x, const float* addend, const float* __restrict near, int64_t rows,
                                                   int64_t lanes, float* out, double* __restrict sums, double* __restrict squares) {
  for (int64_t first = 0; first < rows; first += kFlushRows) {
    const int64_t some = rows - first < kFlushRows ? rows - first : kFlushRows;
    for (int64_t lane = 0; lane < lanes; lane += kWidth) {
      const int64_t at = first * lanes + lane;
      SumLanes<kWidth, kHasAddend>(x + at, addend + at, near + lane, some, lanes, out + at, sums + lane, squares + lane);
    }
  }
}
NORMLAB_EVERY_PROCESSOR
void SumPlain(const float* x, const float* near, int64_t rows, int64_t lanes, double* sums, double* squares) {
  SumRows<false>(x, x, near, rows, lanes, nullptr, sums, squares);
}
NORMLAB_EVERY_PROCESSOR
void SumWithAddend(const float* x, const float* addend, const float* near, int64_t rows, int64_t lanes, float* out, double* sums,
                   double* squares) {
  SumRows<true>(x, addend, near, rows, lanes, out, sums, squares);
}

// y = scale·(s − mean) + beta, or 0 where that is negative: NaN stays NaN.
template <bool kIsRectified>
inline __attribute__((always_inline)) void WriteRows(const float* __restrict s, const float* __restrict mean,
                                                     const float* __restrict scale, const float* __restrict beta, int64_t rows,
                                                     int64_t lanes, float* __restrict y) {
  for (int64_t at = 0; at < rows * lanes; at += lanes)
    for (int64_t lane = 0; lane < lanes; ++lane) {
      const float value = scale[lane] * (s[at + lane] - mean[lane]) + beta[lane];
      y[at + lane] = kIsRectified && value < 0.0f ? 0.0f : value;
    }
}
NORMLAB_EVERY_PROCESSOR
void WritePlain(const float* s, const float* mean, const float* scale, const float* beta, int64_t rows, int64_t lanes, float* y) {
  WriteRows<false>(s, mean, scale, beta, rows, lanes, y);
}
NORMLAB_EVERY_PROCESSOR
void WriteRectified(const float* s, const float* mean, const float* scale, const float* beta, int64_t rows, int64_t lanes, float* y) {
  WriteRows<true>(s, mean, scale, beta, rows, lanes, y);
}

// Number, mean and sum of squared deviations of one channel's values.
struct Moments {
  double count = 0.0, mean = 0.0, deviations = 0.0;

  void Join(double more_count, double more_mean, double more_deviations) {
    const double together = count + more_count, apart = more_mean - mean;
    deviations += more_deviations + apart * apart * (count * more_count / together);
    mean += apart * (more_count / together);
    count = together;
  }
};

class BatchNormRelu : public OpKernel {
 public:
  explicit BatchNormRelu(OpKernelConstruction* context) : OpKernel(context) {
    OP_REQUIRES_OK(context, context->GetAttr("epsilon", &epsilon_));
    OP_REQUIRES_OK(context, context->GetAttr("rectified", &is_rectified_));
    OP_REQUIRES_OK(context, context->GetAttr("addends", &addends_));
    OP_REQUIRES(context, addends_ <= 1, absl::InvalidArgumentError("at most one addend"));
  }

  void Compute(OpKernelContext* context) override {
    const Tensor& x = context->input(0);
    const Tensor& gamma = context->input(1);
    const Tensor& beta = context->input(2);
    const int64_t channels = gamma.NumElements();
    OP_REQUIRES(context, channels > 0 && x.NumElements() % channels == 0 && x.NumElements() > 0 && beta.NumElements() == channels &&
                             (addends_ == 0 || context->input(3).shape() == x.shape()),
                absl::InvalidArgumentError("the shapes do not fit"));
    const Rows rows(x.NumElements() / channels, channels);

    Tensor *y, *mean, *variance, *half_squared_norm;
    Tensor* sum = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, x.shape(), &y));
    OP_REQUIRES_OK(context, context->allocate_output(1, gamma.shape(), &mean));
    OP_REQUIRES_OK(context, context->allocate_output(2, gamma.shape(), &variance));
    OP_REQUIRES_OK(context, context->allocate_output(4, TensorShape({}), &half_squared_norm));
    if (addends_ == 0) context->set_output(3, x);
    else OP_REQUIRES_OK(context, context->forward_input_or_allocate_output({0, 3}, 3, x.shape(), &sum));

    const float* x_data = x.flat<float>().data();
    const float* addend = addends_ == 0 ? nullptr : context->input(3).flat<float>().data();
    float* sum_data = addends_ == 0 ? nullptr : sum->flat<float>().data();
    const float* s_data = addends_ == 0 ? x_data : sum_data;

    std::vector<Moments> parts(rows.blocks() * channels);
    rows.ForEachBlock(context, [&](int64_t block) {
      const int64_t at = rows.offset(block);
      SumBlock(rows, rows.rows_of(block), x_data + at, addend == nullptr ? nullptr : addend + at, sum_data + (sum_data ? at : 0),
               parts.data() + block * channels);
    });

    std::vector<float> scale(channels);
    double squares = 0.0;
    for (int64_t c = 0; c < channels; ++c) {
      Moments all;
      for (int64_t block = 0; block < rows.blocks(); ++block) {
        const Moments& part = parts[block * channels + c];
        all.Join(part.count, part.mean, part.deviations);
      }
      mean->flat<float>()(c) = static_cast<float>(all.mean);
      variance->flat<float>()(c) = static_cast<float>(all.deviations / std::max(1.0, all.count - 1.0));
      scale[c] = static_cast<float>(gamma.flat<float>()(c) / std::sqrt(all.deviations / all.count + epsilon_));
      squares += all.deviations + all.count * all.mean * all.mean;
    }
    half_squared_norm->scalar<double>()() = 0.5 * normlab::SquaresOrWide(squares, s_data, x.NumElements());

    const std::vector<float> wide_mean = rows.Widened(mean->flat<float>().data()), wide_scale = rows.Widened(scale.data()),
                             wide_beta = rows.Widened(beta.flat<float>().data());
    float* y_data = y->flat<float>().data();
    const auto write = is_rectified_ ? WriteRectified : WritePlain;
    rows.ForEachBlock(context, [&](int64_t block) {
      const int64_t at = rows.offset(block), count = rows.rows_of(block), whole = count / rows.joined(), rest = whole * rows.lanes();
      write(s_data + at, wide_mean.data(), wide_scale.data(), wide_beta.data(), whole, rows.lanes(), y_data + at);
      write(s_data + at + rest, wide_mean.data(), wide_scale.data(), wide_beta.data(), count - whole * rows.joined(), channels,
            y_data + at + rest);
    });
  }

 private:
  // Writes the sum of one block's rows and finds each channel's moments.
  static void SumBlock(const Rows& rows, int64_t count, const float* x, const float* addend, float* out, Moments* moments) {
    const int64_t channels = rows.channels(), lanes = rows.lanes(), whole = count / rows.joined(), rest = whole * lanes;
    const int64_t left = count - whole * rows.joined();
    std::vector<float> near(channels, 0.0f);
    const int64_t near_rows = std::min(count, kNearRows);
    for (int64_t at = 0; at < near_rows * channels; at += channels)
      for (int64_t c = 0; c < channels; ++c) near[c] += x[at + c] + (addend ? addend[at + c] : 0.0f);
    for (float& value : near) value = std::isfinite(value) ? value / near_rows : 0.0f;
    const std::vector<float> wide_near = rows.Widened(near.data());
    std::vector<double> sums(2 * lanes, 0.0);
    double* squares = sums.data() + lanes;
    if (addend) {
      SumWithAddend(x, addend, wide_near.data(), whole, lanes, out, sums.data(), squares);
      for (int64_t at = rest; at < rest + left * channels; at += channels)
        for (int64_t c = 0; c < channels; ++c)
          SumLanes<1, true>(x + at + c, addend + at + c, near.data() + c, 1, 1, out + at + c, sums.data() + c, squares + c);
    } else {
      SumPlain(x, wide_near.data(), whole, lanes, sums.data(), squares);
      for (int64_t at = rest; at < rest + left * channels; at += channels)
        for (int64_t c = 0; c < channels; ++c)
          SumLanes<1, false>(x + at + c, nullptr, near.data() + c, 1, 1, nullptr, sums.data() + c, squares + c);
    }
    rows.Fold(sums.data(), sums.data());
    rows.Fold(squares, squares);
    for (int64_t c = 0; c < channels; ++c) {
      const double offset = sums[c] / count, deviations = squares[c] - offset * sums[c];
      moments[c] = {static_cast<double>(count), near[c] + offset, deviations < 0.0 ? 0.0 : deviations};
    }
  }

  float epsilon_;
  bool is_rectified_;
  int addends_;
};

REGISTER_KERNEL_BUILDER(Name("NormlabBatchNormRelu").Device(tensorflow::DEVICE_CPU), BatchNormRelu);

}  // namespace
