#include "generator/publish/signature.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <nlohmann/json.hpp>

#include "core/sha256.hpp"
#include "generator/failure.hpp"
#include "generator/files.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view file_mark = "balise secret key 1\n";
constexpr std::string_view signature_mark = ",\"signature\":\"";
constexpr std::size_t signature_chars = 88;
/// What publishing adds; `signature` is the last.
constexpr const char* stamp_keys[] = {"version", "published", "expires", "previous", "keyid", "signature"};

void start_sodium() {
  if (sodium_init() < 0)
    throw Failure(Exit::failed, "libsodium cannot start: the system gives no random numbers; try again later");
}

ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The signature and what it is over; nullopt when the text does not end as a signed manifest does.
struct Parts {
  std::string_view message;
  std::array<std::uint8_t, 64> signature;
};
std::optional<Parts> parts_of(std::string_view manifest) {
  while (manifest.ends_with('\n'))
    manifest.remove_suffix(1);
  constexpr std::size_t tail = signature_mark.size() + signature_chars + 2;
  if (manifest.size() < tail || !manifest.ends_with("\"}"))
    return std::nullopt;
  const std::string_view end = manifest.substr(manifest.size() - tail);
  if (!end.starts_with(signature_mark))
    return std::nullopt;
  Parts parts{manifest.substr(0, manifest.size() - tail), {}};
  try {
    const Bytes bytes = bytes_of_base64(end.substr(signature_mark.size(), signature_chars), "signature");
    if (bytes.size() != parts.signature.size())
      return std::nullopt;
    std::copy(bytes.begin(), bytes.end(), parts.signature.begin());
  } catch (const Failure&) {
    return std::nullopt;
  }
  return parts;
}

}  // namespace

Time now() {
  return std::time(nullptr);
}

std::string text_of_time(Time time) {
  const std::time_t value = time;
  std::tm parts{};
  ::gmtime_r(&value, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::optional<Time> parse_time(const std::string& text) {
  std::tm parts{};
  const char* end = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  if (end == nullptr || *end != '\0')
    return std::nullopt;
  const Time time = ::timegm(&parts);
  // strptime() takes the 31st of February.
  return text_of_time(time) == text ? std::optional(time) : std::nullopt;
}

SecretKey::SecretKey(SecretKey&& other) noexcept : m_secret(other.m_secret), m_public(other.m_public) {
  sodium_memzero(other.m_secret.data(), other.m_secret.size());
}

SecretKey::~SecretKey() {
  sodium_memzero(m_secret.data(), m_secret.size());
}

SecretKey SecretKey::create(const fs::path& file) {
  start_sodium();
  SecretKey key;
  std::array<std::uint8_t, crypto_sign_SEEDBYTES> seed{};
  randombytes_buf(seed.data(), seed.size());
  crypto_sign_seed_keypair(key.m_public.data(), key.m_secret.data(), seed.data());
  std::string text = std::string(file_mark) + base64_of(seed) + "\n";
  sodium_memzero(seed.data(), seed.size());
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0)
    throw Failure(Exit::failed, "cannot create the key file " + file.string() + ": " + std::strerror(errno) +
                                    (errno == EEXIST ? "; a key that is there is never replaced: name another file"
                                                     : "; check that its folder exists and may be written"));
  const bool is_written =
      ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
  const int error = errno;
  ::close(descriptor);
  sodium_memzero(text.data(), text.size());
  if (!is_written) {
    ::unlink(file.c_str());
    throw Failure(Exit::failed, "cannot write the key file " + file.string() + ": " + std::strerror(error) +
                                    "; free some space there or name another file");
  }
  return key;
}

SecretKey SecretKey::load(const fs::path& file) {
  start_sodium();
  struct stat state {};
  if (::stat(file.c_str(), &state) == 0 && S_ISREG(state.st_mode) && (state.st_mode & 077U) != 0)
    throw Failure(Exit::failed,
                  "others may read the key file " + file.string() + ", so it is not used; run 'chmod 600' on it");
  Bytes text = read_file(file);
  SecretKey key;
  const std::string_view view(reinterpret_cast<const char*>(text.data()), text.size());
  constexpr std::size_t seed_chars = 44;
  bool is_key = view.size() == file_mark.size() + seed_chars + 1 && view.starts_with(file_mark) && view.ends_with('\n');
  if (is_key) {
    try {
      Bytes seed = bytes_of_base64(view.substr(file_mark.size(), seed_chars), "key");
      is_key = seed.size() == crypto_sign_SEEDBYTES;
      if (is_key)
        crypto_sign_seed_keypair(key.m_public.data(), key.m_secret.data(), seed.data());
      sodium_memzero(seed.data(), seed.size());
    } catch (const Failure&) {
      is_key = false;
    }
  }
  sodium_memzero(text.data(), text.size());
  if (!is_key)
    throw Failure(Exit::usage, file.string() + " holds no secret key of balise; make one with 'balise key --new FILE'");
  return key;
}

std::array<std::uint8_t, 64> SecretKey::sign(std::string_view bytes) const {
  std::array<std::uint8_t, 64> signature{};
  crypto_sign_detached(signature.data(), nullptr, bytes_of(bytes).data(), bytes.size(), m_secret.data());
  return signature;
}

std::string text_of(const PublicKey& key) {
  return base64_of(key);
}

std::optional<PublicKey> parse_public_key(std::string_view text) {
  PublicKey key{};
  constexpr std::size_t key_chars = 44;
  if (text.size() != key_chars)
    return std::nullopt;
  try {
    const Bytes bytes = bytes_of_base64(text, "key");
    if (bytes.size() != key.size())
      return std::nullopt;
    std::copy(bytes.begin(), bytes.end(), key.begin());
  } catch (const Failure&) {
    return std::nullopt;
  }
  return key;
}

std::string keyid_of(const PublicKey& key) {
  return to_hex(sha256(key)).substr(0, 16);
}

nlohmann::ordered_json unsigned_manifest(std::string_view manifest) {
  auto json = nlohmann::ordered_json::parse(manifest, nullptr, false);
  if (!json.is_object() || !json.contains("root"))
    throw Failure(Exit::verification_failed, "data/manifest.json: no manifest of a site; build the site again");
  for (const char* key : stamp_keys)
    json.erase(key);
  return json;
}

std::string signed_manifest(std::string_view manifest, const Stamp& stamp, const SecretKey& key) {
  nlohmann::ordered_json json = unsigned_manifest(manifest);
  json["version"] = stamp.version;
  json["published"] = text_of_time(stamp.published);
  json["expires"] = text_of_time(stamp.expires);
  if (!stamp.previous.empty())
    json["previous"] = stamp.previous;
  json["keyid"] = keyid_of(key.public_key());
  std::string text = json.dump();
  text.pop_back();
  const std::string signature = base64_of(key.sign(text));
  return text.append(signature_mark).append(signature).append("\"}\n");
}

bool is_signed(std::string_view manifest) {
  const auto json = nlohmann::json::parse(manifest, nullptr, false);
  return json.is_object() && json.contains("signature");
}

bool is_signed_by(std::string_view manifest, const std::vector<PublicKey>& keys) {
  start_sodium();
  const auto parts = parts_of(manifest);
  return parts && std::any_of(keys.begin(), keys.end(), [&](const PublicKey& key) {
           return crypto_sign_verify_detached(parts->signature.data(), bytes_of(parts->message).data(),
                                              parts->message.size(), key.data()) == 0;
         });
}

std::vector<PublicKey> keys_of(const nlohmann::json& manifest, const std::string& name) {
  std::vector<PublicKey> keys;
  const auto found = manifest.find("keys");
  if (found == manifest.end())
    return keys;
  for (const nlohmann::json& item : *found) {
    const auto key = item.is_string() ? parse_public_key(item.get_ref<const std::string&>()) : std::nullopt;
    if (!found->is_array() || !key)
      throw Failure(Exit::verification_failed, name + ": \"keys\" holds no public key; publish the site again");
    keys.push_back(*key);
  }
  return keys;
}

}  // namespace balise
