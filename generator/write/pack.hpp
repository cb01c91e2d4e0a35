#ifndef BALISE_GENERATOR_WRITE_PACK_HPP
#define BALISE_GENERATOR_WRITE_PACK_HPP

#include "core/packed.hpp"

namespace balise {

/// How a file is packed. Details are five times the bytes of all others together, and nobody waits for them.
enum class PackEffort { most, fast };

/// The bytes of a file below data/ (docs/FORMAT.md, "Packing"): length of the content, then a deflate stream. The same
/// content gives the same bytes.
[[nodiscard]] Bytes pack(ByteView content, PackEffort effort = PackEffort::most);

}  // namespace balise

#endif
