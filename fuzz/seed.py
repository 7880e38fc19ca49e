#!/usr/bin/env python3
"""Fills fuzz/corpus from the samples and test data of this repository."""
import hashlib
import re
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "fuzz" / "corpus"
# The workbooks of fuzz_targets/part.rs, in its order.
BOOKS = [
    ROOT / "tests/data/formats/mau.xlsx",
    ROOT / "tests/data/formats/mau.ods",
    ROOT / "samples/vinh-long-2025-09/inbox/dot-1/28870-xa-cho-lach-2025-09.xlsx",
]


def seed(target, content):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha1(content).hexdigest()).write_bytes(content)


def main():
    for path in sorted((ROOT / "tests/data/formats").iterdir()):
        seed("workbook", path.read_bytes())
    for path in sorted((ROOT / "samples/loi-thuong-gap").glob("*/*.*")):
        if path.suffix != ".md":
            seed("workbook", path.read_bytes())
    for number, book in enumerate(BOOKS):
        with zipfile.ZipFile(book) as parts:
            for place, part in enumerate(parts.infolist()):
                seed("part", bytes([number, place]) + parts.read(part))
    forms = sorted(ROOT.glob("schemas/*.toml")) + sorted(ROOT.glob("samples/*/campaign.toml"))
    for path in forms:
        text = path.read_text(encoding="utf-8")
        seed("form", text.encode())
        for rule in re.findall(r'^(?:check|value|formula) = "(.*)"$', text, re.M):
            seed("rule", rule.encode())
    for folder in sorted(CORPUS.iterdir()):
        print(folder.name, len(list(folder.iterdir())))


main()
