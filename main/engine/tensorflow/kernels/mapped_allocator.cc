// TensorFlow's pool of memory for tensors on memory that is mapped from the system.
//
// TensorFlow takes its pool in regions that double, from the process's allocator. Electron replaces the C library's by one that ends
// the process over a region of 2 GB, which every network reaches that needs more than 2 GB in all. The same pool is made here
// on regions from the system itself, where Electron's allocator is in the place of the C library's.

#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "xla/tsl/framework/allocator.h"
#include "xla/tsl/framework/allocator_registry.h"
#include "xla/tsl/framework/bfc_allocator.h"

namespace {

// What is smaller does not go through the pool.
constexpr size_t kLeast = 4096;
constexpr size_t kPage = 4096;

/** Where the pool's regions lie, to tell what was taken from it. */
class Regions {
 public:
  void Add(char* begin, size_t bytes) {
    std::unique_lock<std::shared_mutex> lock(mutex_);
    regions_.emplace_back(begin, begin + bytes);
  }
  void Remove(char* begin) {
    std::unique_lock<std::shared_mutex> lock(mutex_);
    regions_.erase(std::remove_if(regions_.begin(), regions_.end(), [&](const auto& region) { return region.first == begin; }),
                   regions_.end());
  }
  bool Hold(const void* block) const {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    return std::any_of(regions_.begin(), regions_.end(),
                       [&](const auto& region) { return block >= region.first && block < region.second; });
  }

 private:
  mutable std::shared_mutex mutex_;
  std::vector<std::pair<char*, char*>> regions_;
};

/** Gives the pool its regions. */
class MappedRegions : public tsl::SubAllocator {
 public:
  explicit MappedRegions(std::shared_ptr<Regions> regions) : SubAllocator({}, {}), regions_(std::move(regions)) {}

  void* Alloc(size_t alignment, size_t bytes, size_t* received) override {
    const size_t size = (bytes + kPage - 1) / kPage * kPage;
    void* region = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    // The pool asks for less, and then makes a sentence of it: out of memory when allocating a tensor of so much.
    if (region == MAP_FAILED) return nullptr;
    *received = size;
    regions_->Add(static_cast<char*>(region), size);
    return region;
  }
  void Free(void* region, size_t bytes) override {
    regions_->Remove(static_cast<char*>(region));
    munmap(region, (bytes + kPage - 1) / kPage * kPage);
  }
  bool SupportsCoalescing() const override { return false; }

 private:
  std::shared_ptr<Regions> regions_;
};

tsl::BFCAllocator::Options Growing() {
  tsl::BFCAllocator::Options options;
  options.allow_growth = true;
  return options;
}

size_t MachineBytes() { return static_cast<size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<size_t>(sysconf(_SC_PAGE_SIZE)); }

class MappedAllocator : public tsl::Allocator {
 public:
  MappedAllocator()
      : regions_(std::make_shared<Regions>()),
        pool_(std::make_unique<MappedRegions>(regions_), MachineBytes(), "normlab_mapped", Growing()) {}

  std::string Name() override { return "normlab_mapped"; }

  void* AllocateRaw(size_t alignment, size_t bytes) override {
    if (bytes >= kLeast) return pool_.AllocateRaw(alignment, bytes);
    void* block = nullptr;
    const bool isGiven = posix_memalign(&block, std::max(alignment, sizeof(void*)), std::max(bytes, size_t{1})) == 0;
    return isGiven ? block : nullptr;
  }
  void DeallocateRaw(void* block) override {
    if (regions_->Hold(block)) pool_.DeallocateRaw(block);
    else free(block);
  }

 private:
  std::shared_ptr<Regions> regions_;
  tsl::BFCAllocator pool_;
};

class MappedAllocatorFactory : public tsl::AllocatorFactory {
 public:
  tsl::Allocator* CreateAllocator() override { return new MappedAllocator; }
  tsl::SubAllocator* CreateSubAllocator(int numa_node) override { return new MappedRegions(std::make_shared<Regions>()); }
};

/** Whether memory comes from the C library itself, which has no such bound. */
bool HasSystemMemory() {
  Dl_info info;
  if (dladdr(reinterpret_cast<void*>(&posix_memalign), &info) == 0 || info.dli_fname == nullptr) return false;
  const std::string file = info.dli_fname;
  const std::string name = file.substr(file.find_last_of('/') + 1);
  return name.rfind("libc.", 0) == 0 || name.rfind("libc-", 0) == 0 || name.rfind("libsystem_malloc", 0) == 0;
}

// Before TensorFlow's own, which have 100 and 200.
[[maybe_unused]] const bool kIsRegistered = [] {
  if (HasSystemMemory()) return false;
  tsl::AllocatorFactoryRegistry::singleton()->Register(__FILE__, __LINE__, "NormlabMappedAllocator", 1000,
                                                       new MappedAllocatorFactory);
  return true;
}();

}  // namespace
