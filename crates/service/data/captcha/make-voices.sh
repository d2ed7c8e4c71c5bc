#!/bin/sh
# Makes the spoken digits of the captcha's sound: <language>.ulaw beside this script. Needs espeak-ng and sox.
# A file is ten lengths (two bytes each, most significant first) and ten clips, 11 025 samples per second in µ-law, from zero to nine.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

two_bytes() {
    printf "\\$(printf %03o $(($1 / 256)))\\$(printf %03o $(($1 % 256)))"
}

speak() {
    language=$1 voice=$2
    shift 2
    : >"$work/lengths"
    : >"$work/clips"
    for word in "$@"; do
        espeak-ng -v "$voice" -s 115 -p 45 -w "$work/word.wav" "$word"
        # Silence cut at both ends, soft ends, quiet sounds (f, s, t) raised, full height.
        sox -D "$work/word.wav" -r 11025 -c 1 -e mu-law -b 8 -t raw "$work/word.ulaw" \
            gain -6 highpass 120 silence 1 0.002 0.3% fade t 0.01 reverse \
            silence 1 0.002 0.3% fade t 0.03 reverse pad 0 0.05 \
            compand 0.002,0.05 -80,-80,-50,-34,-25,-15,0,-9 0 -20 rate 11025 gain -n -4
        two_bytes "$(wc -c <"$work/word.ulaw")" >>"$work/lengths"
        cat "$work/word.ulaw" >>"$work/clips"
    done
    cat "$work/lengths" "$work/clips" >"$language.ulaw"
}

speak en en-us zero one two three four five six seven eight nine
speak de de null eins zwei drei vier fünf sechs sieben acht neun
speak fr fr-fr zéro un deux trois quatre cinq six sept huit neuf
speak es es cero uno dos tres cuatro cinco seis siete ocho nueve
speak ar ar صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة
