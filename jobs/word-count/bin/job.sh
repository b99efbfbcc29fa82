#!/bin/sh
# The word-count job. Input: {"text": "...", "top": 10} as JSON on standard input. Result: JSON on standard output.
# Standard error: progress lines, and log lines. Exit status 65 (EX_DATAERR) fails the job for good.
set -eu

# Bytes, not characters of a locale: awks differ in how, and whether, they read UTF-8. Of letters, only ASCII's are lowered.
LC_ALL=C
export LC_ALL

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM

progress() { echo "progress $1 $2" >&2; }

progress 0.1 "decoding the text"
awk -v text_file="$work/text" -v top_file="$work/top" -f json-input.awk
read -r top <"$work/top"

progress 0.4 "counting words"
tr 'A-Z' 'a-z' <"$work/text" | tr -cs "a-z0-9'\200-\377" '\n' >"$work/runs"
awk -v words_file="$work/words" -f word-count.awk "$work/runs" >"$work/counts"
read -r words <"$work/words"
lines=$(awk 'END { print NR }' "$work/text")
# Every character has one byte that is not a continuation byte of UTF-8.
characters=$(tr -d '\200-\277' <"$work/text" | wc -c)

progress 0.8 "sorting the words"
sort -k1,1nr -k2,2 "$work/counts" >"$work/sorted"

awk 'BEGIN { print "word,count" } { print $2 "," $1 }' "$work/sorted" >"$JOB_FILES/words.csv"
awk -v top="$top" -v lines="$lines" -v words="$words" -v characters="$characters" '
  NR <= top { list = list (NR == 1 ? "" : ",") "{\"word\":\"" $2 "\",\"count\":" $1 "}" }
  END {
    print "{\"lines\":" lines ",\"words\":" words ",\"characters\":" characters + 0 ",\"top\":[" list "]}"
  }
' "$work/sorted"
