#include "generator/write/pack.hpp"

#include <zlib.h>

#include "core/inflate.hpp"
#include "generator/failure.hpp"

namespace balise {

namespace {

Failure packing_failed() {
  return {Exit::failed, "not enough memory to compress; close other programs and try again"};
}

/// A compressor that is kept for the next file: to make one costs more than to pack a small file.
class Packer {
 public:
  explicit Packer(int level) {
    constexpr int raw_window_bits = -15;
    if (deflateInit2(&m_stream, level, Z_DEFLATED, raw_window_bits, 9, Z_DEFAULT_STRATEGY) != Z_OK)
      throw packing_failed();
  }
  ~Packer() { deflateEnd(&m_stream); }
  Packer(const Packer&) = delete;
  Packer& operator=(const Packer&) = delete;

  /// Appends to `out`.
  void pack(ByteView content, Bytes& out) {
    const std::size_t begin = out.size();
    out.resize(begin + deflateBound(&m_stream, static_cast<uLong>(content.size())));
    m_stream.next_in = const_cast<Bytef*>(content.data());
    m_stream.avail_in = static_cast<uInt>(content.size());
    m_stream.next_out = out.data() + begin;
    m_stream.avail_out = static_cast<uInt>(out.size() - begin);
    const auto* text = reinterpret_cast<const Bytef*>(preset_text().data());
    if (deflateReset(&m_stream) != Z_OK ||
        deflateSetDictionary(&m_stream, text, static_cast<uInt>(preset_text().size())) != Z_OK ||
        deflate(&m_stream, Z_FINISH) != Z_STREAM_END)
      throw packing_failed();
    out.resize(begin + m_stream.total_out);
  }

 private:
  z_stream m_stream{};
};

}  // namespace

Bytes pack(ByteView content, PackEffort effort) {
  thread_local Packer most(Z_BEST_COMPRESSION);
  thread_local Packer fast(5);
  Bytes out;
  for (unsigned i = 0; i < 4; ++i)
    out.push_back(static_cast<std::uint8_t>(content.size() >> (8 * i)));
  (effort == PackEffort::most ? most : fast).pack(content, out);
  return out;
}

}  // namespace balise
