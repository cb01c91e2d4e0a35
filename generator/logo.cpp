#include "generator/logo.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "core/sha256.hpp"
#include "generator/failure.hpp"
#include "generator/files.hpp"
#include "generator/text/utf8.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view svg_space = "http://www.w3.org/2000/svg";
constexpr std::string_view xlink_space = "http://www.w3.org/1999/xlink";
constexpr std::string_view blanks = " \t\r\n";

bool is_blank(char c) {
  return blanks.find(c) != std::string_view::npos;
}

char low_of(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string low(text);
  std::transform(low.begin(), low.end(), low.begin(), low_of);
  return low;
}

/// Without its prefix, in lower case: pages that read an SVG as HTML do not tell "onLoad" from "onload".
std::string local_name(std::string_view name) {
  return lower(name.substr(name.rfind(':') + 1));
}

template <typename List>
bool is_among(const List& list, std::string_view value) {
  return std::find(std::begin(list), std::end(list), value) != std::end(list);
}

/// Well-formed, without control characters but blanks: what XML may hold.
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text.substr(i));
    if (length == 0 || (static_cast<unsigned char>(text[i]) < 0x20 && !is_blank(text[i])))
      return false;
    i += length;
  }
  return true;
}

/// A strict reader of the XML that drawing programs write: what it does not know it refuses, so that no browser can see
/// more in a file than it does.
class SvgCheck {
 public:
  SvgCheck(std::string_view text, const std::string& name) : m_text(text), m_name(name) {}

  void run() {
    if (m_text.starts_with("\xEF\xBB\xBF"))
      m_at = 3;
    if (!is_utf8(m_text))
      refuse("is no UTF-8 text; save it as UTF-8");
    if (rest().starts_with("<?xml") && rest().size() > 5 && is_blank(rest()[5]))
      read_declaration();
    while (m_at < m_text.size()) {
      if (m_text[m_at] != '<')
        read_text();
      else if (rest().starts_with("<!--"))
        skip_past("-->", "a comment");
      else if (rest().starts_with("<![CDATA["))
        read_cdata();
      else if (rest().starts_with("<!"))
        refuse("has a document type or entities (<!...), which may name other files; save it as plain SVG");
      else if (rest().starts_with("<?"))
        refuse("has a processing instruction (<?...), which may name a style sheet; take it out");
      else if (rest().starts_with("</"))
        read_end();
      else
        read_element();
    }
    if (!m_open.empty())
      refuse("ends inside <" + m_open.back() + ">; export it again");
    if (!m_has_root)
      refuse("holds no <svg> element; name an SVG or a PNG");
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const { throw Failure(Exit::usage, m_name + " " + what); }
  [[nodiscard]] std::string_view rest() const { return m_text.substr(m_at); }

  void skip_past(std::string_view end, const std::string& what) {
    const std::size_t found = m_text.find(end, m_at);
    if (found == std::string_view::npos)
      refuse("ends inside " + what + "; export it again");
    m_at = found + end.size();
  }
  void skip_blanks() {
    while (m_at < m_text.size() && is_blank(m_text[m_at]))
      ++m_at;
  }

  void read_declaration() {
    const std::size_t begin = m_at;
    skip_past("?>", "its first line");
    const std::string line = lower(m_text.substr(begin, m_at - begin));
    if (const std::size_t encoding = line.find("encoding");
        encoding != std::string::npos && line.find("utf-8", encoding) == std::string::npos)
      refuse("says that it is not UTF-8; save it as UTF-8");
  }

  [[nodiscard]] std::string_view read_name() {
    constexpr std::string_view marks = ":_-.";
    const std::size_t begin = m_at;
    const auto is_part = [&](char c) {
      const char low = low_of(c);
      return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos;
    };
    while (m_at < m_text.size() && is_part(m_text[m_at]))
      ++m_at;
    if (begin == m_at)
      refuse("is no well-formed SVG at byte " + std::to_string(begin) + "; export it again");
    return m_text.substr(begin, m_at - begin);
  }

  void read_element() {
    static constexpr std::string_view refused[] = {"script", "foreignobject", "handler", "listener", "iframe", "object",
                                                   "embed",  "audio",         "video",   "link",     "meta",   "base",
                                                   "form",   "input",         "body",    "html",     "img",    "a"};
    ++m_at;
    const std::string name(read_name());
    const std::string local = local_name(name);
    if (!m_open.empty() && local_name(m_open.back()) == "style")
      refuse("has the element <" + name + "> inside <style>; export it again");
    if (is_among(refused, local))
      refuse("has the element <" + name + ">, which a logo must not have; take it out");
    if (m_open.empty() && (m_has_root || name != "svg"))
      refuse(m_has_root ? "has something behind its <svg> element; export it again"
                        : "begins with <" + name + "> and not with <svg>; name an SVG or a PNG");
    std::set<std::string> seen;
    bool has_space = false;
    for (;;) {
      const std::size_t before = m_at;
      skip_blanks();
      if (m_at >= m_text.size())
        refuse("ends inside <" + name + ">; export it again");
      if (m_text[m_at] == '>' || rest().starts_with("/>"))
        break;
      if (before == m_at)
        refuse("is no well-formed SVG at byte " + std::to_string(m_at) + "; export it again");
      const std::string attribute(read_name());
      const std::string value = read_value(attribute);
      if (!seen.insert(attribute).second)
        refuse("has the attribute " + attribute + " twice in <" + name + ">; export it again");
      has_space = has_space || (attribute == "xmlns" && value == svg_space);
      check_attribute(name, attribute, value);
    }
    if (!m_has_root && !has_space)
      refuse("has an <svg> without xmlns=\"" + std::string(svg_space) +
             "\", so that browsers do not draw it; add that");
    m_has_root = true;
    if (m_text[m_at] == '/')
      m_at += 2;
    else {
      ++m_at;
      m_open.push_back(name);
      m_style.clear();
    }
  }

  void read_end() {
    m_at += 2;
    const std::string name(read_name());
    skip_blanks();
    if (m_open.empty() || m_open.back() != name || m_at >= m_text.size() || m_text[m_at] != '>')
      refuse("is no well-formed SVG at </" + name + ">; export it again");
    ++m_at;
    if (local_name(name) == "style")
      check_style(m_style, "its <style>");
    m_open.pop_back();
    m_style.clear();
  }

  [[nodiscard]] std::string read_value(const std::string& attribute) {
    skip_blanks();
    if (m_at >= m_text.size() || m_text[m_at] != '=')
      refuse("has the attribute " + attribute + " without a value; export it again");
    ++m_at;
    skip_blanks();
    const char quote = m_at < m_text.size() ? m_text[m_at] : ' ';
    const std::size_t end = quote == '"' || quote == '\'' ? m_text.find(quote, m_at + 1) : std::string_view::npos;
    if (end == std::string_view::npos)
      refuse("has the attribute " + attribute + " without quotes around its value; export it again");
    const std::string_view raw = m_text.substr(m_at + 1, end - m_at - 1);
    if (raw.find('<') != std::string_view::npos)
      refuse("is no well-formed SVG in the attribute " + attribute + "; export it again");
    m_at = end + 1;
    return decoded(raw);
  }

  void read_text() {
    const std::size_t end = std::min(m_text.find('<', m_at), m_text.size());
    const std::string text = decoded(m_text.substr(m_at, end - m_at));
    if (m_open.empty() && text.find_first_not_of(blanks) != std::string::npos)
      refuse(m_has_root ? "has text behind its <svg> element; export it again"
                        : "is neither an SVG nor a PNG; name one");
    m_style += text;
    m_at = end;
  }

  void read_cdata() {
    if (m_open.empty())
      refuse("is no well-formed SVG at byte " + std::to_string(m_at) + "; export it again");
    const std::size_t begin = m_at + std::string_view("<![CDATA[").size();
    skip_past("]]>", "a text");
    m_style += m_text.substr(begin, m_at - 3 - begin);
  }

  /// Only what every XML knows, and ASCII by number: others have no business in what is checked below.
  [[nodiscard]] std::string decoded(std::string_view raw) const {
    static constexpr std::pair<std::string_view, char> known[] = {
        {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    std::string text;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] != '&') {
        text += raw[i];
        continue;
      }
      const std::size_t end = raw.find(';', i);
      const std::string_view entity =
          end == std::string_view::npos ? std::string_view() : raw.substr(i + 1, end - i - 1);
      const auto* found =
          std::find_if(std::begin(known), std::end(known), [&](const auto& one) { return one.first == entity; });
      if (found != std::end(known))
        text += found->second;
      else
        text += by_number(entity);
      i = end;
    }
    return text;
  }

  [[nodiscard]] char by_number(std::string_view entity) const {
    const bool is_hex = entity.starts_with("#x");
    const std::string digits(entity.substr(std::min(entity.size(), std::size_t{is_hex ? 2U : 1U})));
    const bool is_number =
        entity.starts_with("#") && !digits.empty() && digits.size() <= 8 &&
        digits.find_first_not_of(is_hex ? "0123456789abcdefABCDEF" : "0123456789") == std::string::npos;
    if (!is_number)
      refuse("has the entity &" + std::string(entity.substr(0, 20)) +
             ";, which it does not define; write the character");
    const unsigned long code = std::stoul(digits, nullptr, is_hex ? 16 : 10);
    // Beyond ASCII nothing that is looked for is written.
    return code >= 0x20 && code < 0x7F ? static_cast<char>(code) : code < 0x20 ? ' ' : '?';
  }

  void check_attribute(const std::string& element, const std::string& attribute, const std::string& value) const {
    static constexpr std::string_view references[] = {"href", "src",    "srcset", "data",       "poster",
                                                      "base", "action", "ping",   "formaction", "background"};
    const std::string local = local_name(attribute);
    const std::string where = "the attribute " + attribute + " of <" + element + ">";
    // Prefixes of namespaces are names of the author's: only those of the two vocabularies are bound as usual.
    if (attribute == "xmlns" || attribute.starts_with("xmlns:")) {
      if (lower(value).find("xhtml") != std::string::npos || (attribute == "xmlns" && value != svg_space) ||
          (attribute == "xmlns:xlink" && value != xlink_space) || (attribute == "xmlns:svg" && value != svg_space))
        refuse("declares with " + attribute + " the vocabulary \"" + value +
               "\", and only drawings are wanted; take it out");
      return;
    }
    if (local.starts_with("on"))
      refuse("has " + where + ", which runs a script; take it out");
    if (local == "attributename" && (local_name(value).starts_with("on") || is_among(references, local_name(value))))
      refuse("animates \"" + value + "\" in <" + element + ">, which could run a script; take it out");
    if (is_among(references, local) && !is_inside(value))
      refuse("refers with " + where + " to something outside (\"" + value.substr(0, 60) + "\"); put it into the file");
    check_style(value, where);
  }

  /// Something in the same file, or an image in the address itself.
  [[nodiscard]] static bool is_inside(std::string_view reference) {
    reference.remove_prefix(std::min(reference.find_first_not_of(blanks), reference.size()));
    const std::string low = lower(reference.substr(0, 40));
    return low.empty() || low[0] == '#' || low.starts_with("data:image/png;base64,") ||
           low.starts_with("data:image/jpeg;base64,");
  }

  /// CSS, also that of single attributes such as fill.
  void check_style(std::string_view css, const std::string& where) const {
    const std::string low = lower(css);
    for (const std::string_view sign :
         {"@import", "image-set(", "image(", "src(", "javascript:", "expression(", "-moz-binding"})
      if (low.find(sign) != std::string::npos)
        refuse("has " + std::string(sign) + " in " + where + ", which may load something from outside; take it out");
    for (std::size_t at = low.find("url("); at != std::string::npos; at = low.find("url(", at + 1)) {
      std::string_view target = css.substr(at + 4);
      target.remove_prefix(std::min(target.find_first_not_of(" \t\r\n\"'"), target.size()));
      if (!is_inside(target))
        refuse("refers in " + where + " to something outside (\"" + std::string(target.substr(0, 60)) +
               "\"); put it into the file");
    }
    // What is written in escapes is not seen above.
    if (css.find('\\') != std::string_view::npos)
      refuse("has a backslash in " + where + ", and what it stands for is not checked; write the character itself");
  }

  std::string_view m_text;
  const std::string& m_name;
  std::size_t m_at = 0;
  bool m_has_root = false;
  std::vector<std::string> m_open;  ///< elements, the outermost first
  std::string m_style;              ///< text of the innermost one
};

std::uint32_t crc32_of(ByteView bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int i = 0; i < 8; ++i)
      crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

constexpr std::string_view png_signature = "\x89PNG\r\n\x1A\n";

void check_png(ByteView bytes, const std::string& name) {
  constexpr std::uint32_t most_pixels = 4096;
  const auto refuse = [&](const std::string& what) -> void { throw Failure(Exit::usage, name + " " + what); };
  const auto number_at = [&](std::size_t at) {
    return static_cast<std::uint32_t>(bytes[at]) << 24U | static_cast<std::uint32_t>(bytes[at + 1]) << 16U |
           static_cast<std::uint32_t>(bytes[at + 2]) << 8U | bytes[at + 3];
  };
  bool has_header = false, has_image = false;
  std::size_t at = png_signature.size();
  for (;;) {
    // Length, name, content, checksum over the two in the middle.
    if (bytes.size() - at < 12 || number_at(at) > bytes.size() - at - 12)
      refuse("is a PNG that breaks off; export it again");
    const std::size_t length = number_at(at);
    const std::string_view chunk(reinterpret_cast<const char*>(bytes.data()) + at + 4, 4);
    if (crc32_of(bytes.subspan(at + 4, length + 4)) != number_at(at + 8 + length))
      refuse("is a damaged PNG: a checksum is wrong; export it again");
    if (!has_header) {
      if (chunk != "IHDR" || length != 13)
        refuse("is a PNG without a header; export it again");
      const std::uint32_t width = number_at(at + 8), height = number_at(at + 12);
      if (width == 0 || height == 0 || width > most_pixels || height > most_pixels)
        refuse("is " + std::to_string(width) + " by " + std::to_string(height) +
               " pixels; at most 4096 a side are taken");
      has_header = true;
    }
    has_image = has_image || (chunk == "IDAT" && length > 0);
    at += 12 + length;
    if (chunk == "IEND")
      break;
  }
  if (!has_image || at != bytes.size())
    refuse(has_image ? "has something behind its PNG; export it again" : "is a PNG without an image; export it again");
}

/// A text in a quoted attribute of a template: braces would be placeholders.
std::string attribute_of(std::string_view text) {
  std::string html;
  for (const char c : text) {
    if (c == '&')
      html += "&amp;";
    else if (c == '<')
      html += "&lt;";
    else if (c == '>')
      html += "&gt;";
    else if (c == '"')
      html += "&quot;";
    else if (c == '{' || c == '}')
      html += c == '{' ? "&#123;" : "&#125;";
    else
      html += c;
  }
  return html;
}

}  // namespace

Logo logo_of(Bytes bytes, const std::string& name) {
  if (bytes.size() > max_logo_bytes)
    throw Failure(Exit::usage, name + " has " + std::to_string(bytes.size()) + " bytes, and a logo has at most " +
                                   std::to_string(max_logo_bytes) + "; make it smaller");
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const bool is_png = text.starts_with(png_signature);
  if (is_png)
    check_png(bytes, name);
  else
    SvgCheck(text, name).run();
  Logo logo{"logo-" + to_hex(file_hash(bytes)) + (is_png ? ".png" : ".svg"), {}};
  logo.bytes = std::move(bytes);
  return logo;
}

Logo load_logo(const fs::path& file) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file, error);
  // A file of gigabytes is not read to be refused.
  if (!error && size > max_logo_bytes)
    throw Failure(Exit::usage, file.string() + " has " + std::to_string(size) + " bytes, and a logo has at most " +
                                   std::to_string(max_logo_bytes) + "; make it smaller");
  return logo_of(read_file(file), file.string());
}

std::string with_logo(std::string page, const Logo& logo, std::string_view root, std::string_view title) {
  if (logo.is_empty())
    return page;
  constexpr std::string_view mark = "class=\"brand\"";
  const std::string image = "<img src=\"" + std::string(root) + logo.name + "\" alt=\"" + attribute_of(title) + "\" />";
  for (std::size_t at = page.find(mark); at != std::string::npos; at = page.find(mark, at)) {
    const std::size_t open = page.rfind('<', at), begin = page.find('>', at);
    if (open == std::string::npos || begin == std::string::npos)
      break;
    const std::string element = page.substr(open + 1, page.find_first_of(blanks, open) - open - 1);
    const std::size_t end = page.find("</" + element + ">", begin);
    if (end == std::string::npos)
      break;
    page.replace(begin + 1, end - begin - 1, image);
    at = begin;
  }
  return page;
}

std::string_view style_of(const Logo& logo) {
  // Logos are drawn for paper: in the dark they keep a light ground.
  return logo.is_empty()
             ? std::string_view()
             : ".brand img{display:block;box-sizing:border-box;height:2.75rem;max-width:min(14rem,60vw);padding:.25rem "
               "0;"
               "object-fit:contain;object-position:left;color-scheme:light}\n"
               "@media screen and (prefers-color-scheme:dark){.brand img{padding:.25rem .5rem;background:#fff;"
               "border-radius:var(--balise-radius)}}\n";
}

}  // namespace balise
