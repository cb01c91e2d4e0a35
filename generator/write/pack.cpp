#include "generator/write/pack.hpp"

#include <libdeflate.h>
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
  Packer() {
    constexpr int raw_window_bits = -15, level = 8;
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

/// Three times as fast; it knows no preset text, which long texts do without.
class FastPacker {
 public:
  FastPacker() : m_compressor(libdeflate_alloc_compressor(6)) {
    if (m_compressor == nullptr)
      throw packing_failed();
  }
  ~FastPacker() { libdeflate_free_compressor(m_compressor); }
  FastPacker(const FastPacker&) = delete;
  FastPacker& operator=(const FastPacker&) = delete;

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
  thread_local Packer most;
  thread_local FastPacker fast;
  Bytes out;
  for (unsigned i = 0; i < 4; ++i)
    out.push_back(static_cast<std::uint8_t>(content.size() >> (8 * i)));
  if (effort == PackEffort::most)
    most.pack(content, out);
  else
    fast.pack(content, out);
  return out;
}

}  // namespace balise
