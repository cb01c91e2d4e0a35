/**
 * Values that try to run, to lead away, to break out of texts, attributes, addresses or numbers: about two hundred, made
 * from a list of scripts and a list of ways around each.
 *
 * @returns {string[]}
 */
export function hostileValues() {
  const runs = ["document.title='x'", "alert(1)", "import('//example.org/x.js')", "top.location='//example.org'"];
  const values = runs.flatMap((run) => [
    `<script>${run}</script>`,
    `"><script>${run}</script>`,
    `"><svg onload=${run}>`,
    `'><img src=x onerror=${run}>`,
    `" onload="${run}`,
    `' onfocus='${run}' autofocus='`,
    `" srcdoc="<script>${run}</script>`,
    `</iframe><script>${run}</script>`,
    `</balise-widget><img src=x onerror=${run}>`,
    `</code></pre><script>${run}</script>`,
    `</textarea></title><script>${run}</script>`,
    `--><script>${run}</script>`,
    `]]><script>${run}</script>`,
    `&lt;script&gt;${run}&lt;/script&gt;`,
    `&quot;&gt;&lt;svg onload=${run}&gt;`,
    `&#34;><svg onload=${run}>`,
    `javascript:${run}`,
    `JaVaScRiPt:${run}`,
    `java\tscript:${run}`,
    `\u0001javascript:${run}`,
    `javascript://%0a${run}`,
    `data:text/html,<script>${run}</script>`,
    `data:text/html;base64,${Buffer.from(`<script>${run}</script>`).toString("base64")}`,
    `vbscript:${run}`,
    `blob:${run}`,
    `{{constructor.constructor('${run}')()}}`,
    `\${${run}}`,
    `;${run};//`,
    `\`${run}\``,
    `x\u2028${run}`,
  ]);
  for (const scheme of ["https:", "http:", "", "ftp:", "file:", "blob:https:", "\t//", "https:/\\", "wss:"])
    for (const rest of [
      "//example.org",
      "//example.org/%2e%2e",
      "//user@example.org",
      "/\\example.org",
      "///example.org",
    ])
      values.push(scheme + rest);
  values.push(
    "\u0000",
    "%00",
    "%",
    "%zz",
    "\u202eexe.x",
    "\u2066a\u2069",
    "\ufeff",
    "\ud800",
    "é".repeat(1000),
    "F1702,".repeat(300),
    "9".repeat(400),
    "-0",
    "1e308",
    "NaN",
    "Infinity",
    "0x10",
    "null",
    "undefined",
    "__proto__",
    "constructor",
    "toString",
    "[object Object]",
    "../../../etc/passwd",
    "..%2f..%2fdata/manifest.json",
    "' OR 1=1 --",
    "\r\nSet-Cookie: a=b",
    "?romes=F1702",
    "&romes=F1702",
    "&amp;romes=F1702",
    "&lt",
    "&copy=1",
    "#<script>",
    "=cmd|' /C calc'!A0",
    "recherche-emploi/../data",
    "//recherche-emploi",
  );
  return values;
}

/** Ways to hand over a value: encoded, hidden in another one, cut into pieces. @type {((value: string) => string)[]} */
const WAYS = [
  (value) => value,
  (value) => encodeURIComponent(value),
  (value) => encodeURIComponent(encodeURIComponent(value)),
  (value) => value.toUpperCase(),
  (value) => value + value,
  (value) => `F1702,${value}`,
  (value) => `${value},F1702`,
  (value) => `48.85${value}`,
  (value) => ` \t\n${value}`,
  (value) => `${value}\r\n`,
  (value) => `/${value}`,
  (value) => `//${value}`,
  (value) => `https://example.org/${value}`,
  (value) => `https://example.org?${value}`,
  (value) => `/page#${value}`,
  (value) => `\u0000${value}`,
  (value) => `a\u200b${value}`,
  (value) => value.replaceAll("<", "&lt;").replaceAll('"', "&quot;"),
  (value) => value.replaceAll("<", "\\u003c").replaceAll("'", "\\'"),
  (value) => value.replaceAll("<", "\uff1c").replaceAll(">", "\uff1e"),
  (value) => value.replaceAll("<", "<\u0000"),
  (value) => value.replaceAll("script", "scr<script>ipt"),
  (value) => `{"a":"${value}"}`,
  (value) => `<b title="${value}">`,
  (value) => `<!--${value}`,
  (value) => `<![CDATA[${value}`,
  (value) => `<svg><style>${value}`,
  (value) => `url(${value})`,
  (value) => `Boulanger ${value}`,
  (value) => [...value].reverse().join(""),
];

/**
 * The values of `hostileValues`, handed over in each of these ways.
 * @param {number} count
 * @returns {string[]} so many different ones
 */
export function manyHostileValues(count) {
  // Half a character cannot be encoded.
  const values = hostileValues().map((value) => Buffer.from(value).toString());
  const all = [...new Set(WAYS.flatMap((way) => values.map(way)))];
  if (all.length < count) throw new Error(`there are ${all.length} hostile values, not ${count}`);
  // Every way is among the first ones too.
  return all.map((_, i) => /** @type {string} */ (all[(i * 4099) % all.length])).slice(0, count);
}
