# Counts words in lower-case UTF-8 text. Prints "count word" for each different word, in no order, and writes the number
# of all words to words_file. Run with LC_ALL=C.
#
# A word is a run of ASCII letters, digits, apostrophes, and characters outside of ASCII that are not typographic
# punctuation. The text comes split at everything else in ASCII, one run a line: some awks are slow on long lines.

{
  gsub(/\342\200\231/, "'")
  gsub(/\342\200[\200-\277]|\302[\240-\277]|\343\200[\200-\202]/, " ")
  found = split($0, runs, " ")
  for (i = 1; i <= found; i++) {
    word = runs[i]
    sub(/^'+/, "", word)
    sub(/'+$/, "", word)
    if (word != "") {
      words++
      count[word]++
    }
  }
}

END {
  for (word in count) print count[word], word
  print words + 0 > words_file
}
