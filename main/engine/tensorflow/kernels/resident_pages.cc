// Gives back the memory that loading TensorFlow's libraries leaves resident.
//
// The loader goes through all relocations and symbols once, and the kernel maps what lies around each page that is touched: some
// 280 MB, of which a session needs a fifth. These are pages of the files themselves, never written to; they come back from the
// page cache by themselves where they are wanted.

#if defined(__linux__)

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>

namespace {

constexpr char kLibraries[] = "/libtensorflow_";

/** Lets go of a library's segments that cannot be written. The others hold relocated pointers, which are nowhere else. */
int LetGo(dl_phdr_info* library, size_t, void*) {
  const char* name = library->dlpi_name == nullptr ? nullptr : strrchr(library->dlpi_name, '/');
  if (name == nullptr || strncmp(name, kLibraries, sizeof(kLibraries) - 1) != 0) return 0;
  const uintptr_t page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  for (int i = 0; i < library->dlpi_phnum; i++) {
    const auto& segment = library->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const uintptr_t begin = (library->dlpi_addr + segment.p_vaddr) & ~(page - 1);
    const uintptr_t end = library->dlpi_addr + segment.p_vaddr + segment.p_memsz;
    // Where the system does not do it, the pages stay, and nothing else is different.
    madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  return 0;
}

// When the binding is loaded its libraries are loaded already.
[[maybe_unused]] const int kHasLetGo = dl_iterate_phdr(LetGo, nullptr);

}  // namespace

#endif
