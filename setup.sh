#!/usr/bin/env bash
# Install what grading needs, into .venv beside this file.
#
#   bash setup.sh         Gradescope runs this as root when it builds the image; a laptop may, too
#   bash setup.sh --dev   also what the tests of the autograder itself need (torch, pytest, ...)
#   bash setup.sh --no-system-changes    the environment alone, also as root (`build` tries a zip with it)
#
# As root on Debian or Ubuntu it also installs a missing Python, creates the users that student code
# runs as, and closes the folders of the answer key to everybody else. Otherwise it makes the
# environment and nothing more. It may be run again at any time.
#
#   AUTOGRADER_PYTHON   the Python to use (3.10 or newer) instead of the one that is found
#   AUTOGRADER_TORCH    what to hand to pip for torch, e.g. "--index-url URL torch"; a CPU build is enough
set -euo pipefail

students=(student student2 student3 student4)
torch_version=2.13.0
system_changes=true

main() {
    cd "$(dirname "${BASH_SOURCE[0]}")"
    local dev=false option
    for option in "$@"; do
        case "$option" in
            --dev) dev=true ;;
            --no-system-changes) system_changes=false ;;
            *) echo "usage: bash setup.sh [--dev] [--no-system-changes]" >&2; exit 2 ;;
        esac
    done
    may_change_system && install_python
    may_change_system && create_students
    make_environment
    install_packages "$dev"
    .venv/bin/python -m compileall -q autograder
    each_key_folder .venv/bin/python -m compileall -q
    is_root && lock_the_key
    .venv/bin/python -m autograder doctor --smoke
}

is_root() { [ "$(id -u)" -eq 0 ] && [ "$(uname)" = Linux ]; }

may_change_system() { [ "$system_changes" = true ] && is_root; }

python() {
    local candidate
    # The system's Python first: one under somebody's home folder cannot be entered by the student users.
    for candidate in ${AUTOGRADER_PYTHON:-/usr/bin/python3 python3 python3.13 python3.12 python3.11 python3.10}; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

install_python() {
    command -v apt-get >/dev/null || return 0
    local missing=()
    python >/dev/null || missing+=(python3 python3-venv)
    command -v runuser >/dev/null || missing+=(util-linux)
    command -v useradd >/dev/null || missing+=(passwd)
    [ ${#missing[@]} -eq 0 ] && return
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
}

create_students() {
    local name
    for name in "${students[@]}"; do
        id "$name" >/dev/null 2>&1 || useradd --no-create-home --shell /usr/sbin/nologin "$name"
    done
}

make_environment() {
    local chosen folder
    chosen=$(python) || {
        echo "setup.sh: no Python 3.10 or newer with venv was found; install one or set AUTOGRADER_PYTHON" >&2
        exit 1
    }
    [ -x .venv/bin/python ] && .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 10))' && return
    rm -rf .venv
    if may_change_system && ! students_may_enter "$PWD"; then
        # The students cannot walk to an environment here: make it where they can, and link to it.
        folder=/opt/autograder/venv-$(printf %s "$PWD" | cksum | cut -d' ' -f1)
        rm -rf "$folder"
        mkdir -p /opt/autograder
        "$chosen" -m venv "$folder"
        ln -s "$folder" .venv
    else
        "$chosen" -m venv .venv
    fi
}

students_may_enter() { runuser -u "${students[0]}" -- test -x "$1"; }

install_packages() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
    if [ "$1" = true ]; then
        install_torch
        .venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
    fi
}

install_torch() {
    .venv/bin/python -c 'import torch' 2>/dev/null && return
    local pip=(.venv/bin/python -m pip install --quiet --disable-pip-version-check)
    if [ -n "${AUTOGRADER_TORCH:-}" ]; then
        # shellcheck disable=SC2086  # several words are meant
        "${pip[@]}" $AUTOGRADER_TORCH
    elif ! "${pip[@]}" "torch==$torch_version+cpu" 2>/dev/null; then
        # No CPU build where pip looks: the plain package works as well, and is several times as large.
        "${pip[@]}" "torch==$torch_version"
    fi
}

lock_the_key() {
    each_key_folder chmod -R go-rwx
}

# Run a command with each folder that holds questions, answers or graded tests.
each_key_folder() {
    { echo assignments; sed -n -E 's/^(reference|cases) *= *"([^"]+)".*/\2/p' assignments/*.toml; } | sort -u |
        while IFS= read -r folder; do
            "$@" "$folder" </dev/null
        done
}

main "$@"
exit
