#ifndef BALISE_GENERATOR_PUBLISH_SIGNATURE_HPP
#define BALISE_GENERATOR_PUBLISH_SIGNATURE_HPP

#include <array>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace balise {

/// An Ed25519 key (RFC 8032).
using PublicKey = std::array<std::uint8_t, 32>;

/// Seconds since 1970-01-01 00:00 UTC.
using Time = std::int64_t;
[[nodiscard]] Time now();
[[nodiscard]] std::string text_of_time(Time time);  ///< "2026-11-21T04:00:00Z"
[[nodiscard]] std::optional<Time> parse_time(const std::string& text);

/// A key that signs; what it holds is wiped when it goes.
class SecretKey {
 public:
  /// Writes a fresh key into a file that does not exist yet and that only its owner may read. Throws Failure.
  static SecretKey create(const std::filesystem::path& file);
  /// Throws Failure: Exit::failed when the file cannot be read or others may read it, Exit::usage when it holds no key.
  static SecretKey load(const std::filesystem::path& file);
  ~SecretKey();
  SecretKey(const SecretKey&) = delete;
  SecretKey(SecretKey&& other) noexcept;
  SecretKey& operator=(const SecretKey&) = delete;

  [[nodiscard]] const PublicKey& public_key() const { return m_public; }
  [[nodiscard]] std::array<std::uint8_t, 64> sign(std::string_view bytes) const;

 private:
  SecretKey() = default;
  std::array<std::uint8_t, 64> m_secret{};
  PublicKey m_public{};
};

/// 44 characters of base64, as configs, pages and options have it.
[[nodiscard]] std::string text_of(const PublicKey& key);
/// nullopt for what is no public key.
[[nodiscard]] std::optional<PublicKey> parse_public_key(std::string_view text);
/// 16 hexadecimal digits that tell keys apart.
[[nodiscard]] std::string keyid_of(const PublicKey& key);

/// What publishing adds to a manifest.
struct Stamp {
  std::uint64_t version = 0;  ///< from 1, higher each time
  Time published = 0;
  Time expires = 0;
  std::string previous;  ///< SHA-256 of the manifest that was published before, hexadecimal; empty = none
};

/// The manifest of a site as it is published: without what an earlier publication added, with `stamp`, the id of the
/// key and, last, the signature over all bytes before it.
[[nodiscard]] std::string signed_manifest(std::string_view manifest, const Stamp& stamp, const SecretKey& key);
/// The same without stamp and signature, as a build writes it. Throws Failure(Exit::verification_failed) for what is no
/// manifest.
[[nodiscard]] nlohmann::ordered_json unsigned_manifest(std::string_view manifest);

[[nodiscard]] bool is_signed(std::string_view manifest);
/// Whether one of the keys has signed these very bytes.
[[nodiscard]] bool is_signed_by(std::string_view manifest, const std::vector<PublicKey>& keys);

/// The keys that the pages of a site trust, as its manifest says. Throws Failure(Exit::verification_failed); `name` is
/// for the message.
[[nodiscard]] std::vector<PublicKey> keys_of(const nlohmann::json& manifest, const std::string& name);

}  // namespace balise

#endif
