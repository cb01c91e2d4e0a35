#include "core/decimal.hpp"
#include "core/shard.hpp"

namespace balise {

namespace {

constexpr std::size_t siren_digits = 9, siret_digits = 14, hex_digits = 24;
constexpr std::uint32_t most_siren = 99'999'999, most_nic = 9'999;  ///< without their check digits

/// Appends a number with the check digit that makes the Luhn sum of all digits so far a multiple of ten.
void append_checked(std::string& digits, std::uint64_t number, std::size_t width) {
  const std::size_t begin = digits.size();
  digits.append(width, '0');
  for (std::size_t i = begin + width; i > begin; number /= 10)
    digits[--i] = static_cast<char>('0' + number % 10);
  unsigned sum = 0;
  // The check digit will be the last one, which counts once; the one before it counts twice, and so on.
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto digit = static_cast<unsigned>(digits[i] - '0');
    const unsigned twice = 2 * digit;
    sum += (digits.size() - i) % 2 == 0 ? digit : twice > 9 ? twice - 9 : twice;
  }
  digits += static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string siret_of(std::uint64_t siren, std::uint64_t nic) {
  std::string siret;
  append_checked(siret, siren, siren_digits - 1);
  append_checked(siret, nic, siret_digits - siren_digits - 1);
  return siret;
}

/// 0 to 15; 16 for anything else, capitals too.
unsigned hex_value(char c) {
  return c >= '0' && c <= '9'   ? static_cast<unsigned>(c - '0')
         : c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a') + 10
                                : 16;
}

}  // namespace

IdForm put_id(Bytes& out, std::string_view id) {
  if (id.size() == siret_digits) {
    const auto siren = parse_count(id.substr(0, siren_digits - 1), most_siren);
    const auto nic = parse_count(id.substr(siren_digits, siret_digits - siren_digits - 1), most_nic);
    if (siren && nic && siret_of(*siren, *nic) == id) {
      for (unsigned i = 0; i < 4; ++i)
        out.push_back(static_cast<std::uint8_t>(*siren >> (8 * i)));
      put_varint(out, *nic);
      return IdForm::siret;
    }
  }
  bool is_hex = id.size() == hex_digits;
  for (const char c : id)
    is_hex = is_hex && hex_value(c) < 16;
  if (!is_hex)
    return IdForm::text;
  for (std::size_t i = 0; i < id.size(); i += 2)
    out.push_back(static_cast<std::uint8_t>(hex_value(id[i]) << 4U | hex_value(id[i + 1])));
  return IdForm::hex;
}

bool read_id(PackedReader& reader, IdForm form, std::string& id) {
  if (form == IdForm::siret) {
    std::uint64_t siren = 0;
    for (unsigned i = 0; i < 4; ++i)
      siren |= std::uint64_t{reader.byte()} << (8 * i);
    const std::uint64_t nic = reader.varint();
    if (!reader.ok() || siren > most_siren || nic > most_nic)
      return false;
    id = siret_of(siren, nic);
    return true;
  }
  const std::string_view bytes = reader.text(hex_digits / 2);
  id = to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  return form == IdForm::hex && reader.ok();
}

}  // namespace balise
