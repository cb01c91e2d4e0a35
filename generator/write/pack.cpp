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
class PresetPacker {
 public:
  PresetPacker() {
    constexpr int raw_window_bits = -15, level = 6;
    if (deflateInit2(&m_stream, level, Z_DEFLATED, raw_window_bits, 9, Z_DEFAULT_STRATEGY) != Z_OK)
      throw packing_failed();
  }
  ~PresetPacker() { deflateEnd(&m_stream); }
  PresetPacker(const PresetPacker&) = delete;
  PresetPacker& operator=(const PresetPacker&) = delete;

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

/// Two or three times as fast; it knows no preset text.
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
  thread_local PresetPacker with_preset;
  thread_local Packer most(8), fast(1);
  Bytes out;
  for (unsigned i = 0; i < 4; ++i)
    out.push_back(static_cast<std::uint8_t>(content.size() >> (8 * i)));
  switch (effort) {
    case PackEffort::with_preset:
      with_preset.pack(content, out);
      break;
    case PackEffort::most:
      most.pack(content, out);
      break;
    case PackEffort::fast:
      fast.pack(content, out);
      break;
  }
  return out;
}

}  // namespace balise
