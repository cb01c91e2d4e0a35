#ifndef BALISE_GENERATOR_WRITE_COMPRESS_HPP
#define BALISE_GENERATOR_WRITE_COMPRESS_HPP

#include <filesystem>
#include <string_view>

#include "core/packed.hpp"

namespace balise {

/// A gzip member without name and time, so that equal input gives equal bytes.
[[nodiscard]] Bytes gzip_of(ByteView bytes);
/// `quality` 0 to 11.
[[nodiscard]] Bytes brotli_of(ByteView bytes, int quality);

/// The same for many files, a tenth larger and several times as fast.
[[nodiscard]] Bytes fast_gzip_of(ByteView bytes);

/// Writes FILE.br and FILE.gz beside every file below `folder` that gets at least a tenth smaller, for hosts that serve
/// pre-compressed variants. Shards (.bin) are packed already, and a folder that `skip` names below `folder` has its
/// own. A file that is as it stands in `assets`/site takes the variants that stand in `assets`/variants, if there are
/// any.
void write_variants(const std::filesystem::path& folder, std::string_view skip, const std::filesystem::path& assets,
                    unsigned jobs);

/// Whether a variant is a tenth smaller than what it was made from.
[[nodiscard]] bool is_worth_keeping(ByteView variant, ByteView bytes);

/// Whether this is the name of such a variant.
[[nodiscard]] bool is_variant(const std::filesystem::path& path);

}  // namespace balise

#endif
