// A server of TensorFlow's distributed runtime in this process, on the loopback alone.
//
// TensorFlow's server listens on every address of the machine and asks nobody who they are, and whoever may send it a graph may do anything. It
// has no setting for that. So the call by which it binds its socket is replaced, in TensorFlow's library and nowhere else, by one that
// knows no address but the loopback's; where that cannot be done there is no server.

#include <arpa/inet.h>
#include <link.h>
#include <netinet/in.h>
#include <node_api.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstring>

#include "tensorflow/c/c_api.h"

namespace {

std::atomic<int> bound{0};

int BindToLoopback(int socket, const sockaddr* address, socklen_t length) {
  if (address->sa_family == AF_INET && length >= sizeof(sockaddr_in)) {
    sockaddr_in own;
    memcpy(&own, address, sizeof own);
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ++bound;
    return bind(socket, reinterpret_cast<sockaddr*>(&own), sizeof own);
  }
  if (address->sa_family == AF_INET6 && length >= sizeof(sockaddr_in6)) {
    sockaddr_in6 own;
    memcpy(&own, address, sizeof own);
    // A socket of both families reaches 127.0.0.1 by this address.
    if (!IN6_IS_ADDR_LOOPBACK(&own.sin6_addr)) inet_pton(AF_INET6, "::ffff:127.0.0.1", &own.sin6_addr);
    ++bound;
    return bind(socket, reinterpret_cast<sockaddr*>(&own), sizeof own);
  }
  return bind(socket, address, length);
}

/** Puts BindToLoopback into the table by which one library calls `bind`. */
int ReplaceBind(dl_phdr_info* library, size_t, void* found) {
  if (!strstr(library->dlpi_name, "libtensorflow_cc")) return 0;
  const ElfW(Sym)* symbols = nullptr;
  const char* names = nullptr;
  const ElfW(Rela)* calls = nullptr;
  size_t bytes = 0;
  for (int i = 0; i < library->dlpi_phnum; ++i) {
    if (library->dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
    auto* entry = reinterpret_cast<const ElfW(Dyn)*>(library->dlpi_addr + library->dlpi_phdr[i].p_vaddr);
    for (; entry->d_tag != DT_NULL; ++entry) {
      if (entry->d_tag == DT_SYMTAB) symbols = reinterpret_cast<const ElfW(Sym)*>(entry->d_un.d_ptr);
      if (entry->d_tag == DT_STRTAB) names = reinterpret_cast<const char*>(entry->d_un.d_ptr);
      if (entry->d_tag == DT_JMPREL) calls = reinterpret_cast<const ElfW(Rela)*>(entry->d_un.d_ptr);
      if (entry->d_tag == DT_PLTRELSZ) bytes = entry->d_un.d_val;
    }
  }
  if (!symbols || !names || !calls) return 0;
  for (size_t i = 0; i < bytes / sizeof(ElfW(Rela)); ++i) {
    // The symbol's number is the upper half, on x86-64 and on AArch64.
    const char* name = names + symbols[ELF64_R_SYM(calls[i].r_info)].st_name;
    if (strcmp(name, "bind") != 0) continue;
    auto** place = reinterpret_cast<void**>(library->dlpi_addr + calls[i].r_offset);
    const uintptr_t page = sysconf(_SC_PAGESIZE);
    mprotect(reinterpret_cast<void*>(reinterpret_cast<uintptr_t>(place) & ~(page - 1)), page, PROT_READ | PROT_WRITE);
    *place = reinterpret_cast<void*>(&BindToLoopback);
    *static_cast<bool*>(found) = true;
  }
  return 0;
}

napi_value Fail(napi_env env, const char* message) {
  napi_throw_error(env, nullptr, message);
  return nullptr;
}

}  // namespace

namespace tfnodejs {

/** startServer(serverDef: Uint8Array): the target of sessions on it. It lives as long as the process: TensorFlow cannot end one. */
napi_value NormlabStartServer(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_typedarray_type type;
  size_t length = 0;
  void* bytes = nullptr;
  if (count < 1 || napi_get_typedarray_info(env, argument, &type, &length, &bytes, nullptr, nullptr) != napi_ok)
    return Fail(env, "startServer takes the bytes of a ServerDef");
  static bool replaced = false;
  if (!replaced) dl_iterate_phdr(ReplaceBind, &replaced);
  if (!replaced) return Fail(env, "TensorFlow's server cannot be kept to the loopback");
  const int before = bound;
  TF_Status* status = TF_NewStatus();
  TF_Server* server = TF_NewServer(bytes, length, status);
  if (TF_GetCode(status) == TF_OK) TF_ServerStart(server, status);
  napi_value target = nullptr;
  if (TF_GetCode(status) != TF_OK)
    Fail(env, TF_Message(status));
  else if (bound == before)
    Fail(env, "TensorFlow's server is not on the loopback");
  else
    napi_create_string_utf8(env, TF_ServerTarget(server), NAPI_AUTO_LENGTH, &target);
  TF_DeleteStatus(status);
  return target;
}

}  // namespace tfnodejs
