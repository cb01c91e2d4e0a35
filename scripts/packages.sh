# shellcheck shell=bash
# Which Debian packages are needed for what, and how to get the missing ones. To be sourced, by deploy.sh and
# tests/run.sh; docs/DEPENDENCIES.md says why each is there.

# To build the program and the WebAssembly module.
# shellcheck disable=SC2034 # read by deploy.sh and tests/run.sh
build_packages=(
  brotli
  ca-certificates
  cmake
  emscripten
  esbuild
  flatbuffers-compiler
  g++
  libboost1.81-dev
  libbrotli-dev
  libcli11-dev
  libcpp-httplib-dev
  libcurl4-openssl-dev
  libdeflate-dev
  libflatbuffers-dev
  libsodium-dev
  libzip-dev
  libzstd-dev
  ninja-build
  nlohmann-json3-dev
  node-acorn
  pkg-config
  terser
  zlib1g-dev
)

# To check it, on top of the above.
# shellcheck disable=SC2034 # read by tests/run.sh
test_packages=(
  caddy
  catch2
  chromium
  clang-14
  clang-format
  cmake-format
  firefox-esr
  libclang-rt-14-dev
  libnginx-mod-http-brotli-static
  locales
  nginx
  openssh-server
  rclone
  rsync
  shellcheck
  shfmt
  slurm-wlm
  strace
  webkit2gtk-driver
  xvfb
  zstd
)

# To measure it against what could be used instead (tests/bench), on top of what builds it.
# shellcheck disable=SC2034 # read by tests/bench/run.sh
bench_packages=(
  chromium
  gdal-bin
  linux-perf
  postgresql-15
  postgresql-15-postgis-3
  sqlite3
  time
)

# Prints those of the given packages that are not installed.
missing_packages() {
  local package
  for package in "$@"; do
    case "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" in
      installed) ;;
      *) printf '%s\n' "$package" ;;
    esac
  done
}

# Prints the package of each given program (PROGRAM or PROGRAM=PACKAGE) that is not on the path: node and npm often come
# from elsewhere than Debian, and then Debian's must not be put beside them.
missing_programs() {
  local entry
  for entry in "$@"; do
    command -v "${entry%%=*}" >/dev/null || printf '%s\n' "${entry#*=}"
  done
}

# Installs the given packages; none given is nothing to do.
install_packages() {
  (($# > 0)) || return 0
  if ! command -v apt-get >/dev/null; then
    echo "These Debian packages are missing, and this system has no apt-get: $*" >&2
    return 1
  fi
  if ((EUID != 0)); then
    echo "Some packages are missing; as root, run: apt-get install --no-install-recommends $*" >&2
    return 1
  fi
  # RUNLEVEL=1 keeps packages such as nginx from starting their service.
  DEBIAN_FRONTEND=noninteractive apt-get update --quiet --quiet &&
    DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install --yes --quiet --quiet --no-install-recommends \
      -o Dpkg::Use-Pty=0 "$@" </dev/null
}
