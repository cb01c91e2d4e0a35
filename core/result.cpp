#include "core/result.hpp"

namespace balise {

std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::ok:
      return "ok";
    case ErrorCode::wrong_query:
      return "wrong_query";
    case ErrorCode::wrong_name:
      return "wrong_name";
    case ErrorCode::wrong_length:
      return "wrong_length";
    case ErrorCode::wrong_hash:
      return "wrong_hash";
    case ErrorCode::malformed:
      return "malformed";
    case ErrorCode::format_too_new:
      return "format_too_new";
    case ErrorCode::not_open:
      return "not_open";
    case ErrorCode::not_found:
      return "not_found";
  }
  return "unknown";
}

}  // namespace balise
