#include "generator/text/clean_text.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/input_support.hpp"

namespace balise {
namespace {

using Cases = std::vector<std::pair<std::string, std::string>>;

bool holds_tag(std::string_view text) {
  for (std::size_t i = text.find('<'); i != std::string_view::npos; i = text.find('<', i + 1)) {
    const char next = i + 1 < text.size() ? text[i + 1] : ' ';
    if ((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '/' || next == '!' || next == '?')
      return true;
  }
  return false;
}

TEST_CASE("A line is cleaned") {
  const Cases cases = {
      {"", ""},
      {" \t\r\n ", ""},
      {"Boulanger", "Boulanger"},
      {"  Boulanger \n\t p\xC3\xA2tissier ", "Boulanger p\xC3\xA2tissier"},
      // Entities.
      {"R&amp;D", "R&D"},
      {"R&D, A & B, AT&T;", "R&D, A & B, AT&T;"},
      {"l&#39;\xC3\xA9t\xC3\xA9 l&#x27;an l&#X27;air l&apos;eau l&rsquo;or",
       "l'\xC3\xA9t\xC3\xA9 l'an l'air l'eau l\xE2\x80\x99or"},
      {"&eacute;&Eacute;&oelig;&OElig;&euro;&ccedil;", "\xC3\xA9\xC3\x89\xC5\x93\xC5\x92\xE2\x82\xAC\xC3\xA7"},
      {"&#233;&#xe9;&#xE9;&#0233;", "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"},
      {"&amp;eacute; &amp;amp;eacute; &amp;amp;amp;amp;#233;", "\xC3\xA9 \xC3\xA9 \xC3\xA9"},
      {"&unknown; &#; &#x; &#xZZ; &#1114112; &#55296; &#0; &;",
       "&unknown; &#; &#x; &#xZZ; &#1114112; &#55296; &#0; &;"},
      {"a&nbsp;b&#160;c\xC2\xA0"
       "d\xE2\x80\xAF"
       "e",
       "a b c d e"},
      {"&lt;3 &gt; 2", "<3 > 2"},
      {"&#145;a&#146; &#150; &#133;",
       "\xE2\x80\x98"
       "a\xE2\x80\x99 \xE2\x80\x93 \xE2\x80\xA6"},
      // Tags.
      {"<b>gras</b> et <i class=\"x\">autre</i>", "gras et autre"},
      {"<p>un</p><p>deux</p>", "un deux"},
      {"un<br>deux<br/>trois<BR />quatre", "un deux trois quatre"},
      {"&lt;b&gt;gras&lt;/b&gt;", "gras"},
      {"&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;fin", "fin"},
      {"a<script>alert('<b>')</script>b", "ab"},
      {"a<SCRIPT type=x>alert(1)</Script >b", "ab"},
      {"a<style>p{}</style>b", "ab"},
      {"a<!-- b > c -->d", "ad"},
      {"a<!-- b", "a"},
      {"a<script>b", "a"},
      {"a<!DOCTYPE html>b<?xml version=\"1.0\"?>c", "abc"},
      {"a<span", "aspan"},
      {"fin <a href=", "fin a href="},
      // A tag ends at its first '>', so that the rest is text; and what then turns out to be a script has no end.
      {"<scr<b></b>ipt>x</script>y", "ipt>xy"},
      {"<<b>script>x</script>y", ""},
      {"a < b", "a < b"},
      {"a<1 et 2>1", "a<1 et 2>1"},
      {"<3", "<3"},
      {"a <", "a <"},
      {"< b>", "< b>"},
      {"&#60;img src=x onerror=alert(1)&#62;ok", "ok"},
      // Characters.
      {"a\x01"
       "b\x7F"
       "c",
       "abc"},
      {std::string("a\0b", 3), "ab"},
      {"l\xC2\x92"
       "eau co\xC2\x9C"
       "t 5\xC2\x80 \xC2\x93x\xC2\x94",
       "l\xE2\x80\x99"
       "eau co\xC5\x93"
       "t 5\xE2\x82\xAC \xE2\x80\x9Cx\xE2\x80\x9D"},
      {"a\xC2\x81"
       "b\xC2\x8D"
       "c",
       "abc"},
      {"Cr\xC3\x83\xC2\xA9"
       "ation",
       "Cr\xC3\xA9"
       "ation"},
      {"l\xC3\xA2\xE2\x82\xAC\xE2\x84\xA2"
       "eau",
       "l\xE2\x80\x99"
       "eau"},
      {"Cr&Atilde;&copy;"
       "ation",
       "Cr\xC3\xA9"
       "ation"},
      // Something else in it was never read as CP1252: the text stays as it is.
      {"\xCE\xB1 Cr\xC3\x83\xC2\xA9"
       "ation",
       "\xCE\xB1 Cr\xC3\x83\xC2\xA9"
       "ation"},
      {"S\xC3\x83O PAULO \xC3\xA9t\xC3\xA9", "S\xC3\x83O PAULO \xC3\xA9t\xC3\xA9"},
      {"a\xE2\x80\x8B"
       "b\xE2\x80\x8D"
       "c\xEF\xBB\xBF"
       "d\xC2\xAD"
       "e",
       "abcde"},
      {"a\xE2\x80\xAE"
       "b\xE2\x80\xAC"
       "c\xE2\x81\xA6"
       "d\xE2\x80\x8F"
       "e",
       "abcde"},
      {"a\xEF\xBF\xBD"
       "b\xEF\xBF\xBE"
       "c",
       "abc"},
      {"a\xE2\x80\xA8"
       "b\xE2\x80\xA9"
       "c\xC2\x85"
       "d",
       "a b c\xE2\x80\xA6"
       "d"},
      {"a\xFF\xC3"
       "b\xE2\x82"
       "c\xC0\xAF\xED\xA0\x80\xF4\x90\x80\x80",
       "abc"},
      {"\xF0\x9F\x8D\x9E \xE6\xBC\xA2", "\xF0\x9F\x8D\x9E \xE6\xBC\xA2"},
      {"<\xE2\x80\x8B"
       "b>x</b>",
       "x"},
      {"&a\xE2\x80\x8Bmp;", "&"},
  };
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    CHECK(clean_line(text) == expected);
  }
}

TEST_CASE("A long text keeps its lines") {
  const Cases cases = {
      {"", ""},
      {"un", "un"},
      {"un\ndeux\r\ntrois", "un\ndeux\ntrois"},
      {"un\r\n\r\n\r\ndeux\rtrois", "un\n\ndeux\ntrois"},
      {"un\n\n\n\ndeux", "un\n\ndeux"},
      {"\n\n un  x \n   \n\t\n deux \n\n", "un x\n\ndeux"},
      {"un<br>deux<br />trois", "un\ndeux\ntrois"},
      {"<p>un</p><p>deux</p>", "un\n\ndeux"},
      {"<div>un</div>deux", "un\ndeux"},
      {"Missions :<ul><li>vendre</li><li>servir</li></ul>fin", "Missions :\n- vendre\n- servir\nfin"},
      {"<ul>\n <li>\n  <p>vendre</p>\n </li>\n <li><div>servir</div></li>\n</ul>", "- vendre\n\n- servir"},
      {"<h2>Profil</h2><p>Soigneux</p>fin", "Profil\n\nSoigneux\n\nfin"},
      {"<table><tr><td>lundi</td><td>8 h</td></tr><tr><td>mardi</td></tr></table>", "lundi 8 h\nmardi"},
      {"<ul><li></li><li> x</li></ul>", "- x"},
      {"un\xC2\xA0:\xE2\x80\xA8"
       "deux",
       "un :\ndeux"},
      {"<b>un</b> <i>deux</i>", "un deux"},
      {"&lt;p&gt;un&lt;/p&gt;deux", "un\n\ndeux"},
  };
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    CHECK(clean_text(text) == expected);
  }
}

TEST_CASE("What is clean stays as it is") {
  constexpr std::string_view pieces[] = {"<",
                                         ">",
                                         "&",
                                         ";",
                                         "#",
                                         "x",
                                         "lt",
                                         "/",
                                         "a",
                                         " ",
                                         "b",
                                         "\n",
                                         "\r",
                                         "amp",
                                         "!--",
                                         "-->",
                                         "<b>",
                                         "</b>",
                                         "<li>",
                                         "<script>",
                                         "</script>",
                                         "&lt;",
                                         "&#60;",
                                         "&amp;",
                                         "&Atilde;",
                                         "&copy;",
                                         "&nbsp;",
                                         "-",
                                         "\xC3\xA9",
                                         "\xC2\xA0",
                                         "\xC3\x83",
                                         "\xC2\xA9",
                                         "\xC2\x83",
                                         "\xC3\x82",
                                         "\xC2\x92",
                                         "\xE2\x82\xAC",
                                         "\xE2\x80\x8B",
                                         "\xC3",
                                         "\xA9",
                                         "\xE2"};
  test::Random random(3);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::size_t i = 1 + random.below(24); i > 0; --i)
      text += pieces[random.below(std::size(pieces))];
    const std::string line = clean_line(text), lines = clean_text(text);
    if (clean_line(line) != line || clean_text(lines) != lines || holds_tag(line) || holds_tag(lines)) {
      CAPTURE(text);
      CHECK(clean_line(line) == line);
      CHECK(clean_text(lines) == lines);
      CHECK_FALSE(holds_tag(line));
      CHECK_FALSE(holds_tag(lines));
    }
  }
}

TEST_CASE("Hostile texts take no longer than others") {
  const auto times = [](std::string_view piece, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
      text += piece;
    return text;
  };
  const std::vector<std::pair<std::string, std::string>> texts = {
      {"brackets", times("<", 1'000'000)},
      {"amp", "&" + times("amp;", 200'000)},
      {"amps", times("&amp;", 200'000)},
      {"nested amp", times("&amp;amp;amp;lt;b&amp;gt;", 40'000)},
      {"nested tags", times("<<b>b>", 100'000)},
      {"comments", times("<!--", 200'000)},
      {"scripts", times("<script>", 100'000)},
      {"script ends", times("<script></", 100'000)},
      {"half scripts", times("<script></script", 60'000)},
      {"open tags", times("<b ", 300'000)},
      {"open tags and an end", times("<b ", 300'000) + ">"},
      {"deep", times("<", 300'000) + times("b>", 300'000)},
      {"mojibake", times("\xC3\x83\xC2\x83", 250'000)},
      {"new lines", times("\n", 1'000'000)},
      {"list", times("<li>", 250'000)},
      {"spaced list", times("<li> ", 200'000)},
      {"spaces and blocks", times(" <div>", 200'000)},
      {"cells and blocks", times("<td><div>", 150'000)},
      {"dash and spaced blocks", "<li>" + times(" <p>", 200'000)},
      {"spaces before a dash", times(" ", 300'000) + "<li>" + times("<div>", 150'000)},
      {"spaces", times(" ", 1'000'000)},
      {"quotes", "<a b=\"" + times(">\"", 400'000)}};
  for (const auto& [name, text] : texts) {
    const auto begin = std::chrono::steady_clock::now();
    const std::string line = clean_line(text), lines = clean_text(text);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    INFO(name << ": " << taken.count() << " s");
    CHECK_FALSE(holds_tag(line));
    CHECK_FALSE(holds_tag(lines));
    // Quadratic ones would take minutes; a busy machine takes a few seconds.
    CHECK(taken.count() < 30);
  }
}

TEST_CASE("An address of the web is checked") {
  const Cases cases = {{"https://www.exemple.fr", "https://www.exemple.fr"},
                       {" http://exemple.fr/a?b=1&c=2#d ", "http://exemple.fr/a?b=1&c=2#d"},
                       {"HTTPS://Exemple.fr/A", "https://Exemple.fr/A"},
                       {"https://exemple.fr/?a=1&amp;b=2", "https://exemple.fr/?a=1&b=2"},
                       {"https://exemple.fr/m\xC3\xA9tiers", "https://exemple.fr/m%C3%A9tiers"},
                       {"https://exemple.fr/a%20b", "https://exemple.fr/a%20b"},
                       {"https://exemple.fr/a@b", "https://exemple.fr/a@b"},
                       {"https://exemple.fr:8443/(x)~y,z;[1]", "https://exemple.fr:8443/(x)~y,z;[1]"},
                       {"", ""},
                       {"exemple.fr", ""},
                       {"//exemple.fr", ""},
                       {"/chemin", ""},
                       {"javascript:alert(1)", ""},
                       {"JaVaScRiPt:alert(1)//https://exemple.fr", ""},
                       {"java\nscript:alert(1)", ""},
                       {"data:text/html,<script>alert(1)</script>", ""},
                       {"vbscript:x", ""},
                       {"ftp://exemple.fr", ""},
                       {"file:///etc/passwd", ""},
                       {"mailto:a@exemple.fr", ""},
                       {"https:/exemple.fr", ""},
                       {"https:exemple.fr", ""},
                       {"https://", ""},
                       {"https:///exemple.fr", ""},
                       {"https://localhost/", ""},
                       {"https://nom@exemple.fr/", ""},
                       {"https://nom:mot@exemple.fr", ""},
                       {"https://exemple.fr\\@autre.fr", ""},
                       {"https://exemple.fr/\"onclick=alert(1)", ""},
                       {"https://exemple.fr/'x", ""},
                       {"https://exemple.fr/`x", ""},
                       {"https://exemple.fr/a b", ""},
                       {"https://exemple.fr/a\tb", ""},
                       {"https://exemple.fr/&quot;x", ""},
                       {"https://exemple.fr/{x}|^", ""},
                       {"https://exemple.fr/" + std::string(2000, 'a'), ""}};
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    CHECK(clean_url(text) == expected);
  }
  const std::string longest = "https://exemple.fr/" + std::string(1981, 'a');
  CHECK(clean_url(longest) == longest);
  CHECK(clean_url(longest + "a").empty());
  // Three characters for each byte of a letter.
  std::string accents = "https://exemple.fr/";
  for (int i = 0; i < 600; ++i)
    accents += "\xC3\xA9";
  CHECK(clean_url(accents).empty());
}

}  // namespace
}  // namespace balise
