# Reads {"text": "...", "top": 10} in any order and spacing; writes the decoded text to text_file, as UTF-8, and top to
# top_file. Run with LC_ALL=C. Ends with status 65 when the input is anything else.
#
# A record ends at a backslash, so that each but the first starts with the name of an escape. A text is written piece by
# piece and never held whole: any awk can take it, in time proportional to it.

BEGIN {
  RS = "\\"
  ORS = ""
  for (byte = 1; byte < 256; byte++) character[byte] = sprintf("%c", byte)
  # An awk's strings may end at a NUL. For the counts, a space is the same: one character, between words.
  character[0] = " "
  simple["\""] = "\""
  simple["/"] = "/"
  simple["b"] = "\b"
  simple["f"] = "\f"
  simple["n"] = "\n"
  simple["r"] = "\r"
  simple["t"] = "\t"
}

NR == 1 || literal { literal = 0; unescaped($0); next }
$0 == "" { literal = 1; emit("\\"); next }
{ name = substr($0, 1, 1) }
name == "u" { code_unit(hexadecimal(substr($0, 2, 4))); unescaped(substr($0, 6)); next }
name in simple { emit(simple[name]); unescaped(substr($0, 2)); next }
{ fail("the input has an unknown escape in a string") }

END {
  if (failed) exit 65
  if (quoted || !has_text || !has_top) fail("the input has no \"text\", or no \"top\", or ends too early")
  close(text_file)
  print top "\n" > top_file
}

# What holds no escape: its quotes open and close strings.
function unescaped(part,   count, parts, i) {
  count = split(part, parts, /"/)
  for (i = 1; i <= count; i++) {
    if (i > 1) {
      flush_surrogate()
      quoted = !quoted
    }
    if (quoted) emit(parts[i])
    else structure(parts[i])
  }
}

# What stands between two strings: a value follows ":", a key follows anything else.
function structure(part) {
  gsub(/[ \t\r\n]/, "", part)
  if (part == "") return
  # The worker hands on the number as the caller wrote it: 3, 3.0 and 0.3e1 are one.
  if (key == "top" && part ~ /^:[0-9][0-9.eE+-]*[,}]/) {
    top = sprintf("%d", substr(part, 2) + 0)
    has_top = 1
  }
  value = part == ":"
  if (!value) key = ""
  if (value && key == "text") {
    has_text = 1
    printf "" > text_file
  }
}

function emit(part) {
  if (part == "") return
  flush_surrogate()
  if (!quoted) fail("the input has a backslash outside of strings")
  if (!value) key = key part
  else if (key == "text") print part > text_file
}

# JSON escapes UTF-16 code units: a character past U+FFFF comes as two of them, and half a pair is not a character.
function code_unit(unit,   first) {
  if (high && unit >= 56320 && unit <= 57343) {
    first = high
    high = 0
    emit(utf8(65536 + (first - 55296) * 1024 + unit - 56320))
    return
  }
  flush_surrogate()
  if (unit >= 55296 && unit <= 56319) high = unit
  else emit(utf8(unit >= 56320 && unit <= 57343 ? 65533 : unit))
}

function flush_surrogate() {
  if (!high) return
  high = 0
  emit(utf8(65533))
}

function utf8(code) {
  if (code < 128) return character[code]
  if (code < 2048) return character[192 + int(code / 64)] continuation(code)
  if (code < 65536) return character[224 + int(code / 4096)] continuation(code / 64) continuation(code)
  return character[240 + int(code / 262144)] continuation(code / 4096) continuation(code / 64) continuation(code)
}

function continuation(code) {
  return character[128 + int(code) % 64]
}

function hexadecimal(digits,   i, number, digit) {
  for (i = 1; i <= 4; i++) {
    digit = i > length(digits) ? 0 : index("0123456789abcdef", tolower(substr(digits, i, 1)))
    if (!digit) fail("the input has a wrong \\u escape")
    number = number * 16 + digit - 1
  }
  return number
}

function fail(message) {
  failed = 1
  print message "\n" | "cat >&2"
  exit 65
}
