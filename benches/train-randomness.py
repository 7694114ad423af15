#!/usr/bin/env python3
"""Makes src/detect/randomness.bin: how surprising each character is after another in ordinary text.

Usage: benches/train-randomness.py FOLDER...

Counts pairs of characters inside words of 8 bytes and more in the source trees given, folded to 64
classes: lower-case letters 0-25, upper-case letters 26-51, digits 52-61, joiners 62, the rest and the
borders of words 63. Each pair gets its cost in bits under the counts (add-one smoothed), in sixteenths of
a bit. The shipped table was made from checkouts of eight public repositories in C, Rust, Java, Ruby, Go,
Python, PHP and YAML; it holds sums over some hundred million pairs and no text.
"""
import collections
import math
import os
import re
import sys

WORD = re.compile(rb"[A-Za-z0-9_\-+/.]{8,64}")


def fold(byte):
    if 97 <= byte <= 122:
        return byte - 97
    if 65 <= byte <= 90:
        return byte - 65 + 26
    if 48 <= byte <= 57:
        return byte - 48 + 52
    return 62 if byte in b"_-+/." else 63


def main(folders):
    folded = bytes(fold(b) for b in range(256))
    pairs = collections.Counter()
    for folder in folders:
        for path, _, names in os.walk(folder):
            for name in names:
                full = os.path.join(path, name)
                if os.path.islink(full) or os.path.getsize(full) > 300_000:
                    continue
                with open(full, "rb") as file:
                    text = file.read()
                if b"\0" in text:
                    continue
                for word in WORD.findall(text):
                    word = b"\x3f" + word.translate(folded) + b"\x3f"
                    pairs.update(zip(word, word[1:]))
    table = bytearray()
    for first in range(64):
        total = sum(pairs[first, second] for second in range(64)) + 64
        for second in range(64):
            bits = -math.log2((pairs[first, second] + 1) / total)
            table.append(min(255, round(bits * 16)))
    with open("src/detect/randomness.bin", "wb") as out:
        out.write(table)


main(sys.argv[1:])
