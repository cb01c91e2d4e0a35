#ifndef BALISE_GENERATOR_LOGO_HPP
#define BALISE_GENERATOR_LOGO_HPP

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/packed.hpp"

namespace balise {

inline constexpr std::size_t max_logo_bytes = 50'000;

/// What stands in the place of the mark on the pages of a site.
struct Logo {
  std::string name;  ///< of the file in the site, with its hash: "logo-0123456789abcdef.svg"; empty = no logo
  Bytes bytes;
  [[nodiscard]] bool is_empty() const { return name.empty(); }
};

/// Checks an SVG or a PNG; the content decides which it is. An SVG is well-formed and stands for itself: no script, no
/// event attribute, no foreignObject nor anything of HTML, no reference to another file, no document type; a PNG is
/// whole, with right checksums, and at most 4,096 pixels a side. `name` is where it stands, for messages. Throws
/// Failure: Exit::usage, naming the element or attribute.
[[nodiscard]] Logo logo_of(Bytes bytes, const std::string& name);
/// Reads and checks a file. Throws Failure: Exit::failed when it cannot be read, else as logo_of().
[[nodiscard]] Logo load_logo(const std::filesystem::path& file);

/// A page with the logo in its brand: in every element with class="brand", in the place of what that holds. `root` is
/// how the page names the folder of the site, `title` the text alternative. Without a logo the page as it is.
[[nodiscard]] std::string with_logo(std::string page, const Logo& logo, std::string_view root, std::string_view title);
/// What the style sheet of the pages needs beside; empty without a logo.
[[nodiscard]] std::string_view style_of(const Logo& logo);

}  // namespace balise

#endif
