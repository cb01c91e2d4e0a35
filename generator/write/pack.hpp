#ifndef BALISE_GENERATOR_WRITE_PACK_HPP
#define BALISE_GENERATOR_WRITE_PACK_HPP

#include "core/packed.hpp"

namespace balise {

/// How a file is packed: cards are full of the words of the preset text; other files hold few of them, and a faster
/// compressor that knows none makes them smaller. Details are five times the bytes of all others together, and nobody
/// waits for them.
enum class PackEffort { with_preset, most, fast };

/// The bytes of a file below data/ (docs/FORMAT.md, "Packing"): length of the content, then a deflate stream that
/// may refer to the preset text. The same content gives the same bytes.
[[nodiscard]] Bytes pack(ByteView content, PackEffort effort = PackEffort::most);

}  // namespace balise

#endif
