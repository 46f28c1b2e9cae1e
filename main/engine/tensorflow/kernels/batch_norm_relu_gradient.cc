// NormlabBatchNormReluGradient: the backward pass of batch norm, of the ReLU that followed it if any, with the sum of a skip connection's
// gradient and the squared norm of the result, on the CPU in two passes over memory. TensorFlow's own kernels (ReluGrad,
// FusedBatchNormGradV3, AddV2, L2Loss) make twelve; a residual network's step is bound by memory bandwidth.
//
// With d = dy where y > 0 else 0, x̂ = (x − mean)·inv, inv = 1/sqrt(variance + epsilon), n rows (Ioffe and Szegedy 2015, section 3):
//   dbeta = Σ d     dgamma = Σ d·x̂     dx = skip + gamma·inv·(d − dbeta/n − x̂·dgamma/n)
//
// Sums are made in blocks of a fixed number of rows and added in their order: the same result whatever the threads.

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

REGISTER_OP("NormlabBatchNormReluGradient")
    .Input("dy: float")
    .Input("x: float")
    .Input("gamma: float")
    .Input("mean: float")
    .Input("unbiased_variance: float")
    .Input("y: rectified * float")
    .Input("skip: skips * float")
    .Output("dx: float")
    .Output("dgamma: float")
    .Output("dbeta: float")
    .Output("half_squared_norm: double")
    .Attr("epsilon: float")
    .Attr("rectified: int >= 0 = 1")
    .Attr("skips: int >= 0 = 0")
    .SetShapeFn([](tensorflow::shape_inference::InferenceContext* c) {
      c->set_output(0, c->input(1));
      c->set_output(1, c->input(2));
      c->set_output(2, c->input(2));
      c->set_output(3, c->Scalar());
      return absl::OkStatus();
    });

// What the passes read of one tensor's rows, from some place on. y and skip may be absent.
struct Place {
  const float *dy, *x, *y, *skip;

  Place From(int64_t at) const { return {dy + at, x + at, y ? y + at : nullptr, skip ? skip + at : nullptr}; }
};
// Values a channel, or a lane, of dx = scale·d + slope·(x − mean) + shift (+ skip).
struct Line {
  const float *mean, *scale, *slope, *shift;

  Line From(int64_t lane) const { return {mean + lane, scale + lane, slope + lane, shift + lane}; }
};

// Adds Σ d and Σ d·(x − mean) of some rows, side by side, to two arrays of doubles.
template <int kLanes, bool kIsRectified>
inline __attribute__((always_inline)) void SumLanes(const Place& from, const float* __restrict means, int64_t rows, int64_t stride,
                                                    double* __restrict sums, double* __restrict products) {
  const float *__restrict dy = from.dy, *__restrict x = from.x, *__restrict y = from.y;
  float sum[kLanes], product[kLanes], mean[kLanes];
  for (int lane = 0; lane < kLanes; ++lane) {
    sum[lane] = product[lane] = 0.0f;
    mean[lane] = means[lane];
  }
  for (int64_t at = 0; at < rows * stride; at += stride)
    for (int lane = 0; lane < kLanes; ++lane) {
      const float arriving = dy[at + lane];  // Loaded whatever y is, so that the loop has no branch.
      const float d = !kIsRectified || y[at + lane] > 0.0f ? arriving : 0.0f;
      sum[lane] += d;
      product[lane] += d * (x[at + lane] - mean[lane]);
    }
  for (int lane = 0; lane < kLanes; ++lane) {
    sums[lane] += sum[lane];
    products[lane] += product[lane];
  }
}

// dx of some rows, side by side; returns the sum of its squares. dx may lie where dy or skip does.
template <int kLanes, bool kIsRectified, bool kHasSkip>
inline __attribute__((always_inline)) double WriteLanes(const Place& from, const Line& line, int64_t rows, int64_t stride, float* dx) {
  const float *dy = from.dy, *x = from.x, *y = from.y, *skip = from.skip;
  float mean[kLanes], scale[kLanes], slope[kLanes], shift[kLanes], square[kLanes];
  for (int lane = 0; lane < kLanes; ++lane) {
    mean[lane] = line.mean[lane];
    scale[lane] = line.scale[lane];
    slope[lane] = line.slope[lane];
    shift[lane] = line.shift[lane];
    square[lane] = 0.0f;
  }
  for (int64_t at = 0; at < rows * stride; at += stride) {
#pragma GCC ivdep
    for (int lane = 0; lane < kLanes; ++lane) {
      const float arriving = dy[at + lane];
      const float d = !kIsRectified || y[at + lane] > 0.0f ? arriving : 0.0f;
      float value = scale[lane] * d + slope[lane] * (x[at + lane] - mean[lane]) + shift[lane];
      if (kHasSkip) value += skip[at + lane];
      dx[at + lane] = value;
      square[lane] += value * value;
    }
  }
  double squares = 0.0;
  for (int lane = 0; lane < kLanes; ++lane) squares += square[lane];
  return squares;
}

template <bool kIsRectified>
inline __attribute__((always_inline)) void SumRows(const Place& from, const float* means, int64_t rows, int64_t lanes, double* sums,
                                                   double* products) {
  for (int64_t first = 0; first < rows; first += kFlushRows) {
    const int64_t some = rows - first < kFlushRows ? rows - first : kFlushRows;
    for (int64_t lane = 0; lane < lanes; lane += kWidth)
      SumLanes<kWidth, kIsRectified>(from.From(first * lanes + lane), means + lane, some, lanes, sums + lane, products + lane);
  }
}
NORMLAB_EVERY_PROCESSOR
void SumPlain(const Place& from, const float* means, int64_t rows, int64_t lanes, double* sums, double* products) {
  SumRows<false>(from, means, rows, lanes, sums, products);
}
NORMLAB_EVERY_PROCESSOR
void SumRectified(const Place& from, const float* means, int64_t rows, int64_t lanes, double* sums, double* products) {
  SumRows<true>(from, means, rows, lanes, sums, products);
}

template <bool kIsRectified, bool kHasSkip>
inline __attribute__((always_inline)) double WriteRows(const Place& from, const Line& line, int64_t rows, int64_t lanes, float* dx) {
  double squares = 0.0;
  for (int64_t first = 0; first < rows; first += kFlushRows) {
    const int64_t some = rows - first < kFlushRows ? rows - first : kFlushRows;
    for (int64_t lane = 0; lane < lanes; lane += kWidth) {
      const int64_t at = first * lanes + lane;
      squares += WriteLanes<kWidth, kIsRectified, kHasSkip>(from.From(at), line.From(lane), some, lanes, dx + at);
    }
  }
  return squares;
}
NORMLAB_EVERY_PROCESSOR
double WritePlain(const Place& from, const Line& line, int64_t rows, int64_t lanes, float* dx) {
  return from.skip ? WriteRows<false, true>(from, line, rows, lanes, dx) : WriteRows<false, false>(from, line, rows, lanes, dx);
}
NORMLAB_EVERY_PROCESSOR
double WriteRectified(const Place& from, const Line& line, int64_t rows, int64_t lanes, float* dx) {
  return from.skip ? WriteRows<true, true>(from, line, rows, lanes, dx) : WriteRows<true, false>(from, line, rows, lanes, dx);
}

class BatchNormReluGradient : public OpKernel {
 public:
  explicit BatchNormReluGradient(OpKernelConstruction* context) : OpKernel(context) {
    OP_REQUIRES_OK(context, context->GetAttr("epsilon", &epsilon_));
    OP_REQUIRES_OK(context, context->GetAttr("rectified", &rectified_));
    OP_REQUIRES_OK(context, context->GetAttr("skips", &skips_));
    OP_REQUIRES(context, rectified_ <= 1 && skips_ <= 1, absl::InvalidArgumentError("at most one y and one skip connection"));
  }

  void Compute(OpKernelContext* context) override {
    const Tensor& dy = context->input(0);
    const Tensor& x = context->input(1);
    const Tensor& gamma = context->input(2);
    const Tensor& mean = context->input(3);
    const Tensor& variance = context->input(4);
    const int64_t channels = gamma.NumElements();
    bool fits = channels > 0 && x.NumElements() % channels == 0 && x.NumElements() > 0 && dy.shape() == x.shape() &&
                mean.NumElements() == channels && variance.NumElements() == channels;
    for (int more = 5; more < context->num_inputs(); ++more) fits = fits && context->input(more).shape() == x.shape();
    OP_REQUIRES(context, fits, absl::InvalidArgumentError("the shapes do not fit"));
    const Rows rows(x.NumElements() / channels, channels);
    const int skip_at = 5 + rectified_;

    Tensor *dx, *dgamma, *dbeta, *half_squared_norm;
    const std::vector<int> forwarded = skips_ == 0 ? std::vector<int>{0} : std::vector<int>{0, skip_at};
    OP_REQUIRES_OK(context, context->forward_input_or_allocate_output(forwarded, 0, x.shape(), &dx));
    OP_REQUIRES_OK(context, context->allocate_output(1, gamma.shape(), &dgamma));
    OP_REQUIRES_OK(context, context->allocate_output(2, gamma.shape(), &dbeta));
    OP_REQUIRES_OK(context, context->allocate_output(3, TensorShape({}), &half_squared_norm));

    const Place all = {dy.flat<float>().data(), x.flat<float>().data(),
                       rectified_ ? context->input(5).flat<float>().data() : nullptr,
                       skips_ ? context->input(skip_at).flat<float>().data() : nullptr};
    float* dx_data = dx->flat<float>().data();

    const int64_t lanes = rows.lanes();
    const std::vector<float> wide_mean = rows.Widened(mean.flat<float>().data());
    std::vector<double> sums(2 * rows.blocks() * channels);
    rows.ForEachBlock(context, [&](int64_t block) {
      SumBlock(rows, rows.rows_of(block), all.From(rows.offset(block)), wide_mean.data(), sums.data() + 2 * block * channels);
    });

    std::vector<float> scale(channels), slope(channels), shift(channels);
    const double unbiased = rows.rows() > 1 ? static_cast<double>(rows.rows() - 1) / rows.rows() : 1.0;
    for (int64_t c = 0; c < channels; ++c) {
      double sum = 0.0, product = 0.0;
      for (int64_t block = 0; block < rows.blocks(); ++block) {
        sum += sums[2 * block * channels + c];
        product += sums[(2 * block + 1) * channels + c];
      }
      const double inverse = 1.0 / std::sqrt(variance.flat<float>()(c) * unbiased + epsilon_);
      const double factor = gamma.flat<float>()(c) * inverse;
      dbeta->flat<float>()(c) = static_cast<float>(sum);
      dgamma->flat<float>()(c) = static_cast<float>(product * inverse);
      scale[c] = static_cast<float>(factor);
      slope[c] = static_cast<float>(-factor * inverse * inverse * product / rows.rows());
      shift[c] = static_cast<float>(-factor * sum / rows.rows());
    }

    const std::vector<float> wide_scale = rows.Widened(scale.data()), wide_slope = rows.Widened(slope.data()),
                             wide_shift = rows.Widened(shift.data());
    const Line line = {wide_mean.data(), wide_scale.data(), wide_slope.data(), wide_shift.data()};
    const auto write = rectified_ ? WriteRectified : WritePlain;
    std::vector<double> squares(rows.blocks());
    rows.ForEachBlock(context, [&](int64_t block) {
      const int64_t count = rows.rows_of(block), whole = count / rows.joined(), at = rows.offset(block);
      float* own = dx_data + at;
      double square = write(all.From(at), line, whole, lanes, own);
      for (int64_t rest = whole * lanes; rest < count * channels; ++rest)
        square += WriteOne(all.From(at + rest), line.From(rest % channels), own + rest);
      squares[block] = normlab::SquaresOrWide(square, own, count * channels);
    });
    double total = 0.0;
    for (const double part : squares) total += part;
    half_squared_norm->scalar<double>()() = 0.5 * total;
  }

 private:
  // Σ d and Σ d·(x − mean) of one block's rows, channel by channel.
  void SumBlock(const Rows& rows, int64_t count, const Place& from, const float* wide_mean, double* sums) const {
    const int64_t channels = rows.channels(), lanes = rows.lanes(), whole = count / rows.joined();
    std::vector<double> wide(2 * lanes, 0.0);
    double* products = wide.data() + lanes;
    (rectified_ ? SumRectified : SumPlain)(from, wide_mean, whole, lanes, wide.data(), products);
    for (int64_t rest = whole * lanes; rest < count * channels; ++rest) {
      const int64_t c = rest % channels;
      const Place one = from.From(rest);
      if (rectified_) SumLanes<1, true>(one, wide_mean + c, 1, 1, wide.data() + c, products + c);
      else SumLanes<1, false>(one, wide_mean + c, 1, 1, wide.data() + c, products + c);
    }
    rows.Fold(wide.data(), sums);
    rows.Fold(products, sums + channels);
  }

  double WriteOne(const Place& from, const Line& line, float* dx) const {
    if (rectified_) return from.skip ? WriteLanes<1, true, true>(from, line, 1, 1, dx) : WriteLanes<1, true, false>(from, line, 1, 1, dx);
    return from.skip ? WriteLanes<1, false, true>(from, line, 1, 1, dx) : WriteLanes<1, false, false>(from, line, 1, 1, dx);
  }

  float epsilon_;
  int rectified_, skips_;
};

REGISTER_KERNEL_BUILDER(Name("NormlabBatchNormReluGradient").Device(tensorflow::DEVICE_CPU), BatchNormReluGradient);

}  // namespace
