#!/usr/bin/env bash
# Installs what is missing, and nothing else. Usage: scripts/setup.sh [run|test|check|dev|bench|api|lighthouse|all]
#
# Tools go to $DASHBOARD_FB_CACHE (by default ~/.cache/dashboard-fb), npm packages to the
# clone's node_modules, and only what a distribution packages goes into the system, with
# apt-get. Nothing that the machine has is replaced or removed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh
# shellcheck source=scripts/lib.sh
. scripts/lib.sh
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh
# shellcheck source=scripts/tools.sh
. scripts/tools.sh

# One step alone, for the loop below: a shell of its own stops at the first error.
if [ "${1:-}" = --step ]; then
    "install_$2"
    exit
fi

scope="${1:-run}"
log_dir="$DASHBOARD_FB_CACHE/log"
mkdir -p "$log_dir" "$DASHBOARD_FB_CACHE/bin"

# Name, what it is, how long it takes, whether the system's packages are needed (apt) or
# only a download (net), and what to install by hand where there is no apt-get.
steps=(
    "compiler|compilateur C et git|30 s|apt|un compilateur C (cc), git, les certificats racine"
    "toolchain|Rust $RUST_MINIMUM avec la cible $WASM_TARGET|1 à 3 min|net|Rust $RUST_MINIMUM ou plus récent : https://rustup.rs, puis « rustup target add $WASM_TARGET »"
    "node|Node.js et npm|1 min|apt|Node.js $NODE_MINIMUM ou plus récent, avec npm"
    "npm_root|compilateur CSS, police et wasm-opt (npm)|20 s|net|"
    "wasm_bindgen|wasm-bindgen $(wasm_bindgen_version)|2 min|net|"
)
case "$scope" in
    dev | all)
        steps+=(
            "cargo_leptos|cargo-leptos $CARGO_LEPTOS_VERSION|8 min|net|"
        )
        ;;
esac
case "$scope" in
    check) ;;
    *)
        steps+=("wasm_split|wasm-split (découpe du client)|1 min|net|")
        steps+=("postgres|serveur PostgreSQL|30 s|apt|le serveur PostgreSQL $POSTGRES_MINIMUM ou plus récent (initdb, postgres)")
        ;;
esac
case "$scope" in
    bench | all) steps+=("wrk|wrk, le générateur de charge|10 s|apt|wrk (générateur de charge HTTP)") ;;
esac
case "$scope" in
    api | all) steps+=("schemathesis|schemathesis (Python)|1 min|net|Python $PYTHON_MINIMUM ou plus récent, avec venv et pip") ;;
esac
case "$scope" in
    lighthouse | all) steps+=("lighthouse|Lighthouse (npm)|30 s|net|") ;;
esac
case "$scope" in
    test | all)
        steps+=(
            "nextest|cargo-nextest|4 min|net|"
            "redis|programme de Redis|10 s|apt|Redis (redis-server)"
            "chromium|Chromium (tests dans le navigateur)|1 min|apt|Chromium (ou CHROMIUM_PATH=/chemin/du/navigateur)"
            "npm_e2e|Playwright et axe (npm)|10 s|net|"
        )
        ;;
    run | dev | check | bench | api | lighthouse) ;;
    *) die "Usage : scripts/setup.sh [run|dev|test|check|bench|api|lighthouse|all]" ;;
esac

# Which steps have something to do?
missing=()
for step in "${steps[@]}"; do
    if ! "${step%%|*}_ready"; then missing+=("$step"); fi
done
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

# One set-up at a time: several clones share the tools.
if have flock; then
    exec 9>"$DASHBOARD_FB_CACHE/lock"
    flock -n 9 || { note "Une autre mise en place est en cours ; attente…"; flock 9; }
fi

# System packages need root. Say all that is missing at once, then stop.
if ! have apt-get || ! can_be_root; then
    wanted=()
    for step in "${missing[@]}"; do
        IFS='|' read -r name what _ kind by_hand <<<"$step"
        if [ "$kind" = apt ]; then wanted+=("  - $by_hand"); fi
    done
    if [ ${#wanted[@]} -gt 0 ]; then
        if have apt-get; then
            warn "Il manque des paquets du système, et ni root ni sudo ne sont disponibles. Installez :"
        else
            warn "Cette mise en place sait installer les paquets de Debian et d'Ubuntu. Ici, installez :"
        fi
        printf '%s\n' "${wanted[@]}" >&2
        die "puis relancez la même commande."
    fi
fi

title "Mise en place : ${#missing[@]} étape(s) sur ${#steps[@]}, outils dans $DASHBOARD_FB_CACHE"
STEP_COUNT=${#missing[@]}
STEP_NO=0
apt_fresh=no
# Ask for the password once, before the steps hide their output.
if have apt-get && [ "$(id -u)" -ne 0 ] && can_be_root; then sudo -v; fi
started=$SECONDS
for step in "${missing[@]}"; do
    IFS='|' read -r name what expected kind by_hand <<<"$step"
    STEP_NO=$((STEP_NO + 1))
    # Another set-up may have done it while this one waited for the lock.
    if "${name}_ready"; then
        say "[$STEP_NO/$STEP_COUNT] $what : déjà là"
        continue
    fi
    if [ "$apt_fresh" = no ] && [ "$kind" = apt ] && have apt-get && can_be_root; then
        run_step "liste des paquets du système" "10 s" "$log_dir/apt-update.log" scripts/setup.sh --step apt_lists || exit 1
        apt_fresh=yes
    fi
    if ! run_step "$what" "$expected" "$log_dir/$name.log" scripts/setup.sh --step "$name"; then
        die "La mise en place s'est arrêtée à : $what.${by_hand:+ À défaut, installez vous-même : $by_hand.}"
    fi
    # The step may have added a directory to look in.
    # shellcheck source=scripts/env.sh
    . scripts/env.sh
    hash -r
    "${name}_ready" || die "$what : installé, mais introuvable ensuite ; voyez $log_dir/$name.log."
    if [ "$name" = toolchain ]; then say "      $(grep '^Took: ' "$log_dir/toolchain.log" | tail -n1)"; fi
done
rm -rf "$DASHBOARD_FB_CACHE/build"
title "Mise en place terminée en $(human_time $((SECONDS - started)))."
