// Work of some 20 µs in pieces, shared out between threads. TensorFlow's ParallelFor gives each thread its part beforehand and waits for
// the slowest: where another program holds a core, the whole operation waits until that thread comes to its turn. Here each thread
// takes the next piece when it is done with the last, and this one does all of them where no other has time.

#ifndef NORMLAB_SHARE_OUT_H_
#define NORMLAB_SHARE_OUT_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

#include "tensorflow/core/lib/core/threadpool.h"

namespace normlab {

// Calls work(piece) for each piece from 0 on, on this thread and on up to `helpers` of the pool's; returns when all are done.
template <typename Work>
void ShareOut(tensorflow::thread::ThreadPool* pool, int64_t helpers, int64_t pieces, const Work& work) {
  // A helper may wake when all is done and `work` is gone: it finds no piece, and only what is shared has to be there still.
  struct Shared {
    std::atomic<int64_t> next{0}, done{0};
    std::mutex mutex;
    std::condition_variable all_done;
  };
  const auto shared = std::make_shared<Shared>();
  const auto take = [shared, pieces, &work] {
    for (int64_t piece; (piece = shared->next.fetch_add(1)) < pieces;) {
      work(piece);
      if (shared->done.fetch_add(1) + 1 < pieces) continue;
      const std::lock_guard<std::mutex> lock(shared->mutex);
      shared->all_done.notify_one();
    }
  };
  for (int64_t helper = 0; helper < helpers; ++helper) pool->Schedule(take);
  take();
  // The last piece elsewhere is nearly done: to sleep and be woken takes longer.
  for (int spin = 0; spin < 500 && shared->done.load() < pieces; ++spin)
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
    ;
  if (shared->done.load() == pieces) return;
  std::unique_lock<std::mutex> lock(shared->mutex);
  shared->all_done.wait(lock, [&] { return shared->done.load() == pieces; });
}

}  // namespace normlab

#endif  // NORMLAB_SHARE_OUT_H_
