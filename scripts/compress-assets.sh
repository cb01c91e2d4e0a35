#!/usr/bin/env bash
# Writes FOLDER/variants: every file of FOLDER/site as brotli and as gzip, for builds to take.
set -euo pipefail

cd "${1:?which folder of assets?}"
cd site
find . -type f -print0 | while IFS= read -r -d '' file; do
  mkdir -p "../variants/$(dirname "$file")"
  brotli --quality=11 --lgwin=0 --stdout "$file" >"../variants/$file.br"
  gzip --best --no-name --stdout "$file" >"../variants/$file.gz"
done
