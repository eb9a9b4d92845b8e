#!/usr/bin/env bash
# Confronts a running server with its OpenAPI document, with all the checks of schemathesis: no server
# error, no status or shape that the document does not name, no bad input accepted, no good one refused.
# Usage: scripts/api-check.sh [option of schemathesis]…     The same seed every time; --seed N changes it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/build.sh "${PROFILE:-debug}"
# shellcheck source=scripts/env.sh
. scripts/env.sh
# shellcheck source=scripts/lib.sh
. scripts/lib.sh
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh
# shellcheck source=scripts/tools.sh
. scripts/tools.sh
# shellcheck source=scripts/testdb.sh
. scripts/testdb.sh

profile="${PROFILE:-debug}"
target="${CARGO_TARGET_DIR:-$PWD/target}"
work="$(mktemp -d)"
server=''
cleanup() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    testdb_stop
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

testdb_start
DATABASE_URL="$(testdb_create dashboard_fb_api)"
mkdir "$work/data"
export DATABASE_URL DASHBOARD_FB_DATA="$work/data" LEPTOS_SITE_ROOT="$target/site-$profile" DASHBOARD_FB_RATE_LIMIT=0
port="$(free_port)"
url="http://127.0.0.1:$port"
"$target/$profile/dashboard-fb" serve --demo --listen "127.0.0.1:$port" >"$work/server.log" 2>&1 &
server=$!
wait_for "$url/readyz" "$server" || { tail -n 20 "$work/server.log" >&2; die "Le serveur ne répond pas."; }

# sign_in EMAIL PASSWORD: sets token, and who that is for hooks.py.
sign_in() {
    local signed
    signed="$(node -e '
        const [url, email, password] = process.argv.slice(1);
        fetch(`${url}/api/v1/auth/login`, { method: "POST", headers: { "content-type": "application/json" },
            body: JSON.stringify({ email, password }) }).then(async (answer) => {
            if (!answer.ok) throw new Error(await answer.text());
            const { access_token: token, user } = await answer.json();
            console.log(token, user.id, JSON.parse(Buffer.from(token.split(".")[1], "base64url")).sid);
        });' "$url" "$1" "$2")" || die "La connexion a échoué."
    read -r token API_CHECK_USER API_CHECK_SESSION <<<"$signed"
    export API_CHECK_USER API_CHECK_SESSION
}

st_run() {
    (
        cd "$work"
        SCHEMATHESIS_HOOKS=hooks PYTHONPATH="$DASHBOARD_FB_ROOT/scripts/api-check" \
            "$DASHBOARD_FB_CACHE/schemathesis/bin/st" --config-file "$DASHBOARD_FB_ROOT/scripts/api-check/schemathesis.toml" \
            run "$url/api/v1/openapi.json" --checks all -H "Authorization: Bearer $token" "$@"
    )
}

started=$SECONDS
status=0
# Signing out ends the run's own session: it gets a pass of its own, before users are changed at random.
title "La déconnexion, avec une session à elle"
sign_in user@example.com user123
# Its first call succeeds and the rest are 401, which ends what the checks may conclude about security.
st_run --include-operation-id logout --phases coverage --exclude-checks ignored_auth "$@" || status=1
title "Toutes les opérations, sauf la déconnexion"
sign_in admin@example.com admin123
st_run --exclude-operation-id logout --phases examples,coverage,fuzzing,stateful "$@" || status=1

if grep -q ' ERROR ' "$work/server.log"; then
    warn "Le serveur a noté des erreurs :"
    grep ' ERROR ' "$work/server.log" | head -n 20 >&2
    status=1
fi
note "Durée : $(human_time $((SECONDS - started)))"
exit "$status"
