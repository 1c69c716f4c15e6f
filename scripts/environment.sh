# Sourced by the commands beside it: finds the project and makes its .venv.
# shellcheck shell=sh

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
python=$root/.venv/bin/python
export NO_MKDOCS_2_WARNING=1 # we pin MkDocs 1.x, and the suite builds with its successor too

say() { printf '%s\n' "$*" >&2; }

# Install a requirements file with hashes, unless exactly this file is installed already.
install() {
  stamp=$root/.venv/$(basename "$1").installed
  cmp -s "$1" "$stamp" && return
  make_venv
  say "Installing $(basename "$1") ..."
  # Wheels only: nothing of a package runs while it is installed.
  "$python" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes -r "$1"
  cp "$1" "$stamp"
}

# Install the npm packages that a folder pins, unless exactly these are installed already.
install_packages() {
  command -v npm >/dev/null || need npm "$2"
  stamp=$root/$1/node_modules/.installed
  cmp -s "$root/$1/package-lock.json" "$stamp" && return
  say "Installing $1/package-lock.json ..."
  (cd "$root/$1" && npm ci --ignore-scripts --silent)
  cp "$root/$1/package-lock.json" "$stamp"
}

make_venv() {
  [ -x "$python" ] && "$python" -c 'import pip' 2>/dev/null && return
  system=$(find_python)
  if ! "$system" -c 'import ensurepip' 2>/dev/null; then
    need python3-venv "Python can't make virtual environments here"
  fi
  rm -rf "$root/.venv"
  "$system" -m venv "$root/.venv"
}

find_python() {
  for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
      command -v "$candidate"
      return
    fi
  done
  say "Python 3.11 or newer is needed, for instance: apt-get install python3"
  exit 1
}

# Install a Debian package where that is possible, or say how.
need() {
  say "$2: Debian's package $1 is missing."
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing $1 ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$1" >/dev/null
  else
    say "Please run: sudo apt-get install $1"
    exit 1
  fi
}

help() {
  case "${1-}" in
    -h | --help)
      sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
      exit 0
      ;;
  esac
}
