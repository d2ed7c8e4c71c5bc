#!/usr/bin/env bash
# test.sh — regain-kiosk.exe as Windows would run it, under Wine: what it starts, that it signs out whatever comes, and that the
# registry takes its policies. Says what is missing, and passes, on a machine that cannot build or run it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
say_missing() { echo "the launcher for Windows is NOT TESTED here: $1"; exit 0; }
command -v wine >/dev/null || say_missing "Wine is missing"
exe=$(./build.sh 2>&1) || say_missing "$exe"
exe=$(tail -n 1 <<<"$exe")

folder=$(mktemp -d)
export WINEPREFIX=$folder/prefix WINEDEBUG=-all WINEARCH=win64 WINEDLLOVERRIDES='mscoree,mshtml=;shutdown.exe=n'
trap 'wineserver -k 2>/dev/null || true; rm -rf "$folder"' EXIT
timeout 120 wineboot -i >/dev/null 2>&1 || say_missing "Wine does not start"

# Stands for Edge, for what signs out and for curl: notes what it was asked, and says what is in a file beside it.
cat >"$folder/notes.c" <<'END'
#include <stdio.h>
int main(int count, char **all) {
    char path[4096];
    snprintf(path, sizeof path, "%s.notes", all[0]);
    FILE *notes = fopen(path, "wb");
    for (int one = 1; notes && one < count; one++) fprintf(notes, "%s\n", all[one]);
    snprintf(path, sizeof path, "%s.answer", all[0]);
    FILE *answer = fopen(path, "rb");
    for (int c; answer && (c = fgetc(answer)) != EOF;) putchar(c);
    return notes ? fclose(notes) : 1;
}
END
x86_64-w64-mingw32-gcc -o "$folder/notes.exe" "$folder/notes.c"
system=$WINEPREFIX/drive_c/windows/system32 place=$WINEPREFIX/drive_c/kiosk
mkdir "$place"
cp "$exe" "$place/regain-kiosk.exe"
cp "$folder/notes.exe" "$place/msedge.exe"
cp --remove-destination "$folder/notes.exe" "$system/shutdown.exe"
cp "$folder/notes.exe" "$system/curl.exe"

token=0123456789-abcdefghijklmnopqrstuvwxyz_ABCDE
passed=0 failed=0
claim() { # WHAT COMMAND...
  local what=$1
  shift
  if "$@"; then passed=$((passed + 1)) && echo "ok      $what"; else failed=$((failed + 1)) && echo "FAILED  $what"; fi
}
run() { timeout 60 wine "$place/regain-kiosk.exe" "$@" 2>/dev/null; }
configured() {
  printf '%s\r\n' "$1" 'browser = C:\kiosk\msedge.exe' >"$place/regain-kiosk.conf"
  rm -f "$place"/*.notes "$place"/*.token "$place"/*.log "$system"/*.notes
}
enrolled() { # ANSWER
  configured 'host = reset.example.org'
  printf %s "$token" >"$place/regain-kiosk.token"
  printf %s "$1" >"$system/curl.exe.answer"
}
opened() { [ "$(sed -n 2p "$place/msedge.exe.notes")" = "https://reset.example.org/kiosk$1" ] && signed_out; }
tells_no_token() { ! grep -rqF "$token" "$place"/*.notes "$place"/*.log "$system"/*.notes 2>/dev/null; }
signed_out() { [ "$(cat "$system/shutdown.exe.notes" 2>/dev/null)" = /l ]; }

opens() {
  configured 'host = reset.example.org'
  run && [ ! -e "$system/curl.exe.notes" ] && [ "$(head -n 3 "$place/msedge.exe.notes" | tr '\n' ' ')" = "--kiosk https://reset.example.org/kiosk --edge-kiosk-type=fullscreen " ] && signed_out
}
refuses() {
  configured 'host = reset.example.org/x --app=y'
  ! run && [ ! -e "$place/msedge.exe.notes" ] && signed_out && grep -q 'is no host' "$place/regain-kiosk.log"
}
survives() {
  configured 'host = reset.example.org'
  mv "$place/msedge.exe" "$place/away.exe"
  ! run && signed_out
  local code=$?
  mv "$place/away.exe" "$place/msedge.exe"
  return $code
}
shows() {
  enrolled 'A-z_9 200'
  run && opened '/open#A-z_9' && tells_no_token && [ ! -e "$place/regain-kiosk.log" ] &&
    grep -qxF '@C:\kiosk\regain-kiosk.token' "$system/curl.exe.notes" &&
    [ "$(tail -n 1 "$system/curl.exe.notes")" = https://reset.example.org/kiosk/device ]
}
is_unknown() {
  enrolled ' 403'
  run && opened '' && tells_no_token && grep -q "does not know the machine's token" "$place/regain-kiosk.log"
}
asks_again() {
  enrolled 'not a ticket 200'
  (for _ in {1..150}; do
    [ ! -s "$system/curl.exe.notes" ] || break
    sleep 0.2
  done
  printf 'A-z_9 200' >"$system/curl.exe.answer") &
  run && opened '/open#A-z_9'
}
imports() {
  run policies reset.example.org 'C:\kiosk\kiosk.reg' &&
    wine reg add 'HKU\REGAIN' /f >/dev/null && wine reg import 'C:\kiosk\kiosk.reg' >/dev/null &&
    wine reg query 'HKU\REGAIN\Software\Policies\Microsoft\Edge\URLAllowlist' | grep -q 'https://.reset.example.org/kiosk' &&
    wine reg query 'HKU\REGAIN\Software\Policies\Microsoft\Edge' /v DownloadRestrictions | grep -q 0x3 &&
    run policies other.example 'C:\kiosk\kiosk.reg' && wine reg import 'C:\kiosk\kiosk.reg' >/dev/null &&
    ! wine reg query 'HKU\REGAIN\Software\Policies\Microsoft\Edge\URLAllowlist' | grep -q reset.example.org
}
claim r58_edge_opens_the_kiosk_and_its_end_signs_out opens
claim r58_no_other_address_fits_into_the_file refuses
claim r58_without_edge_it_signs_out_all_the_same survives
claim r58_an_enrolled_machine_opens_by_a_ticket shows
claim r58_a_token_that_the_host_does_not_know_opens_the_page_plainly is_unknown
claim r58_a_host_that_gives_no_ticket_is_asked_again asks_again
claim r58_the_registry_takes_the_policies_and_a_new_host_replaces_the_former imports
echo "$passed passed, $failed failed"
[ $failed = 0 ]
