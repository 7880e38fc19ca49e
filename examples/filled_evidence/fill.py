"""Fills a blank form with invented figures that follow every rule its truth.json says.

    python fill.py BLANK_FOLDER OUT_FOLDER COUNT ZEROS

writes OUT_FOLDER/001.xlsx ... Needs openpyxl, numpy and scipy. ZEROS is the share of input cells
that are 0. A file is a sum of random corners of the polytope of all figures that follow the linear
rules (with random cells held at 0), so nothing holds in all files that the rules do not imply.
Ratios and products are computed from it; rules that read the period before are left out.
"""
import json
import random
import re
import sys
from pathlib import Path

import numpy
import openpyxl
from openpyxl.utils import column_index_from_string
from scipy.optimize import linprog

FREE_LINES = 6


def places(table, truth):
    columns = {c["id"]: column_index_from_string(c["letter"]) for c in table["columns"]}
    rows = {r["id"]: r["sheet_row"] for r in table["rows_list"]}
    return columns, rows


def terms(text):
    """A sum of names as {name: coefficient}; None if it is anything else."""
    text = re.sub(r"SUM\((\w+?)(\d+):\w+?(\d+)\)", spread, text)
    found = {}

    class Sum:
        def __init__(self, of):
            self.of = of

        def __add__(self, other):
            both = dict(self.of)
            for name, by in other.of.items():
                both[name] = both.get(name, 0) + by
            return Sum(both)

        def __neg__(self):
            return Sum({name: -by for name, by in self.of.items()})

        def __sub__(self, other):
            return self + -other

        def __mul__(self, other):
            raise ValueError

        __truediv__ = __rmul__ = __mul__

    names = {name: Sum({name: 1}) for name in re.findall(r"[A-Za-z_]\w*", text)}
    if "PREV" in names:
        return None
    try:
        return eval(text, {"__builtins__": {}}, names).of
    except (ValueError, TypeError):
        return None


def spread(found):
    stem, first, last = found.groups()
    return "(" + " + ".join(f"{stem}{n}" for n in range(int(first), int(last) + 1)) + ")"


class Form:
    """The rules of one table at the cells where they are evaluated."""

    def __init__(self, truth, table):
        self.columns, self.rows = places(table, truth)
        rules = [r for r in truth["rules"] if r.get("table") in (None, table["id"])]
        self.rules = [r for r in rules if r["expect"] in ("emit", "may")]
        self.free = any("SUM(lines)" in r["check"] or "lines" in r["at"] for r in self.rules)
        self.lines = []
        if self.free:
            first = (table.get("lines") or {}).get("first")
            total = next(iter(self.rows.values()), None)
            first = first or (total - FREE_LINES if total else 20)
            self.lines = list(range(first, first + FREE_LINES))
        self.equal, self.most, self.later = [], [], []
        self.totals = {}
        for rule in self.rules:
            self.read(rule)

    def cell(self, name, place, over):
        return (place, self.columns[name]) if over == "rows" else (self.rows[name], place)

    def read(self, rule):
        check, over = rule["check"], rule["over"]
        if "SUM(lines)" in check:
            for at in rule["at"]:
                self.totals[self.columns[at]] = next(iter(self.rows.values()))
            return
        relation = "<=" if "<=" in check else "="
        left, right = check.split(relation)
        both = terms(f"({left}) - ({right})".replace(f"({left})", f"({left.strip()})"))
        if over == "rows":
            at = self.lines if "lines" in rule["at"] else [self.rows[r] for r in rule["at"]]
        else:
            at = [self.columns[c] for c in rule["at"]]
        for place in at:
            if both is not None:
                of = {self.cell(name, place, over): by for name, by in both.items()}
                (self.most if relation == "<=" else self.equal).append(of)
            elif "PREV" not in check:
                self.later.append((left.strip(), right.strip(), place, over))

    def cells(self):
        cells = {cell for of in self.equal + self.most for cell in of}
        return sorted(cells)


def corner(form, cells, held, random_source):
    """Figures that follow all linear rules: a random corner."""
    index = {cell: i for i, cell in enumerate(cells)}

    def matrix(rules):
        rows = numpy.zeros((len(rules), len(cells)))
        for i, of in enumerate(rules):
            for cell, by in of.items():
                rows[i, index[cell]] = by
        return rows if len(rules) else None

    bounds = [(0, 0 if cell in held else random_source.choice([3, 9, 40, 150, 700])) for cell in cells]
    aim = [-random_source.random() for _ in cells]
    equal, most = matrix(form.equal), matrix(form.most)
    done = linprog(
        aim,
        A_eq=equal,
        b_eq=None if equal is None else numpy.zeros(len(equal)),
        A_ub=most,
        b_ub=None if most is None else numpy.zeros(len(most)),
        bounds=bounds,
        method="highs-ds",
    )
    return done.x


def fill(form, sheet, listed, random_source, zeros):
    cells = form.cells()
    lefts = {next(iter(of)) for of in form.equal}
    inputs = [cell for cell in cells if cell not in lefts]
    held = {cell for cell in inputs if random_source.random() < zeros}
    figures = numpy.zeros(len(cells))
    for _ in range(3):
        figures = figures + corner(form, cells, held, random_source)
    values = {cell: int(round(x)) for cell, x in zip(cells, figures)}
    rows = form.lines or sorted(form.rows.values())
    # What no rule is about.
    for row in rows:
        for column in listed:
            if (row, column) not in values:
                some = 0 if random_source.random() < zeros else random_source.randint(1, 400)
                values[(row, column)] = some
    for left, right, place, over in form.later:
        names = {n: values.get(form.cell(n, place, over), 0) for n in re.findall(r"[a-z]\w*", right)}
        try:
            value = eval(right, {"__builtins__": {}}, names)
        except ZeroDivisionError:
            value = 0
        values[form.cell(left, place, over)] = value if "/" not in right else round(value + 1e-9, 2)
    for of in form.equal:
        left, *right = of
        values[left] = -sum(by * values[cell] for cell, by in of.items() if cell != left) // of[left]
    for column, total in form.totals.items():
        values[(total, column)] = sum(values.get((row, column), 0) for row in form.lines)
    for (row, column), value in values.items():
        at = sheet.cell(row, column)
        if type(at).__name__ != "MergedCell":
            at.value = value
    return values


def main():
    folder, out, count, zeros = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    truth = json.loads((folder / "truth.json").read_text())
    out.mkdir(parents=True, exist_ok=True)
    for number in range(1, count + 1):
        random_source = random.Random(number)
        book = openpyxl.load_workbook(folder / "blank.xlsx")
        share = 0
        for table in truth["tables"]:
            form = Form(truth, table)
            sheet = book[table["sheet"]]
            skipped = ("ordinal", "label", "unit", "code", "text", "date")
            listed = [
                column_index_from_string(c["letter"])
                for c in table["columns"]
                if c.get("type", "count") not in skipped and c["id"] in named(truth)
            ]
            fill(form, sheet, listed, random_source, zeros)
            if form.free:
                key = next(
                    (c["letter"] for c in table["columns"] if c.get("type") == "label"), "B"
                )
                for i, row in enumerate(form.lines):
                    sheet[f"{key}{row}"] = f"Dòng {i + 1}"
        book.save(out / f"{number:03}.xlsx")


def named(truth):
    texts = " ".join(rule["check"] + " " + " ".join(rule["at"]) for rule in truth["rules"])
    names = set(re.findall(r"\w+", texts))
    for stem, first, last in re.findall(r"SUM\(([a-z]+)(\d+):[a-z]+(\d+)\)", texts):
        names |= {f"{stem}{n}" for n in range(int(first), int(last) + 1)}
    return names


if __name__ == "__main__":
    main()
