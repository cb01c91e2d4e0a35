#include "generator/write/pack.hpp"

#include <libdeflate.h>

#include "generator/failure.hpp"

namespace balise {

namespace {

Failure packing_failed() {
  return {Exit::failed, "not enough memory to compress; close other programs and try again"};
}

/// A compressor that is kept for the next file: to make one costs more than to pack a small file.
class Packer {
 public:
  explicit Packer(int level) : m_compressor(libdeflate_alloc_compressor(level)) {
    if (m_compressor == nullptr)
      throw packing_failed();
  }
  ~Packer() { libdeflate_free_compressor(m_compressor); }
  Packer(const Packer&) = delete;
  Packer& operator=(const Packer&) = delete;

  /// Appends to `out`.
  void pack(ByteView content, Bytes& out) {
    const std::size_t begin = out.size();
    out.resize(begin + libdeflate_deflate_compress_bound(m_compressor, content.size()));
    const std::size_t size = libdeflate_deflate_compress(m_compressor, content.data(), content.size(),
                                                         out.data() + begin, out.size() - begin);
    if (size == 0)
      throw packing_failed();
    out.resize(begin + size);
  }

 private:
  libdeflate_compressor* m_compressor;
};

}  // namespace

Bytes pack(ByteView content, PackEffort effort) {
  thread_local Packer most(8), fast(1);
  Bytes out;
  for (unsigned i = 0; i < 4; ++i)
    out.push_back(static_cast<std::uint8_t>(content.size() >> (8 * i)));
  (effort == PackEffort::fast ? fast : most).pack(content, out);
  return out;
}

}  // namespace balise
