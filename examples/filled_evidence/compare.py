"""Compares what figures alone say of forms, by `filled_evidence` and by TaCLe 1.2.2.

    python compare.py BLANKS GENERATED ZEROS

BLANKS holds the folders of forms with truth.json; GENERATED/<form>/<ZEROS>/ the files of fill.py and
GENERATED/<form>/<ZEROS>.json what the example printed of them. Needs openpyxl, tacle 1.2.2 and numpy
1.23.5. Equations only (sums, differences, equal columns): one is right if it follows from those the
form says, and one the form says is found if it follows from those that were.

The time TaCLe takes grows so fast with lines and columns that it is given LINES lines (of one file,
or of as many as it takes), without headers, columns as they lie on the sheet; and the same turned
around for rules over rows. It is stopped after SECONDS. All its templates must be given: with a
choice of them it never ends, because those they depend on are waited for.
"""
import json
import multiprocessing
import re
import sys
from pathlib import Path

import numpy
import openpyxl

sys.argv, arguments = ["fill.py"], sys.argv[1:]
sys.path.insert(0, str(Path(__file__).parent))
import fill  # noqa: E402

LINES = 8
SECONDS = 60


def rank(rows):
    return numpy.linalg.matrix_rank(numpy.array(rows)) if len(rows) else 0


def follows(row, rows):
    return rank(rows + [row]) == rank(rows)


def vector(of, names):
    row = [0.0] * len(names)
    for name, by in of.items():
        if name not in names:
            return None
        row[names.index(name)] += by
    return row


def learned(matrix, answers):
    """Equations among the columns of a matrix, [[column, coefficient], ...], put into a queue."""
    from tacle import learn_from_cells, tables_from_cells
    from tacle.indexing import Orientation

    tables = tables_from_cells(matrix, orientation=Orientation.vertical)
    found = []
    for constraint in learn_from_cells(matrix, tables=tables):
        text = str(constraint)
        if "horizontal" in text:
            continue
        # Blocks are `Block(T1, (rows, columns), type, vertical)`.
        spans = re.findall(r"\(\d+:\d+, (\d+):(\d+)\)", text)
        parts = [list(range(int(a), int(b))) for a, b in spans]
        kind = constraint.template.name.lower()
        if kind == "equal":
            found += [[[one, 1], [two, -1]] for one, two in zip(*parts)]
        elif kind == "difference":
            found += [[[left, 1], [one, -1], [two, 1]] for left, one, two in zip(*parts[:3])]
        elif kind.startswith("sum ("):
            for left in parts[0]:
                found.append([[left, 1]] + [[at, -1] for at in parts[1] if at != left])
    answers.put(found)


def tacle(matrix):
    """What TaCLe finds; None if it has not ended in time."""
    answers = multiprocessing.Queue()
    run = multiprocessing.Process(target=learned, args=(matrix, answers))
    run.start()
    try:
        return answers.get(timeout=SECONDS)
    except Exception:
        return None
    finally:
        run.terminate()
        run.join()


def product_terms(check, columns, rows):
    """A proposal over sheet columns or rows."""
    def span(names):
        def spread(found):
            first, last = found.groups()
            ids = list(names)
            return "(" + " + ".join(ids[ids.index(first): ids.index(last) + 1]) + ")"
        return spread

    left, right = check.split(" = ", 1)
    names = columns if left in columns else rows
    right = re.sub(r"SUM\((\w+):(\w+)\)", span(names), right)
    right = re.sub(r"SUM\(([^)]*)\)", lambda m: "(" + m.group(1).replace(",", " +") + ")", right)
    of = fill.terms(f"({left}) - ({right})")
    return None if of is None else {names[name]: by for name, by in of.items()}


def matrices(folder, files):
    """For each table: which way, names of the columns, rules that are said, lines of figures."""
    truth = json.loads((folder / "truth.json").read_text())
    books = [openpyxl.load_workbook(file) for file in files]
    for index, table in enumerate(truth["tables"]):
        own = fill.Form(truth, table)
        rows = own.lines or [own.rows[r["id"]] for r in table["rows_list"] if not r.get("heading")]
        named = fill.named(truth)
        later = {rule[0] for rule in own.later}
        columns = sorted(at for name, at in own.columns.items() if name in named and name not in later)
        for over, names, places in (("rows", columns, rows), ("cols", rows, columns)):
            if over == "cols" and own.free:
                continue
            of = own.columns if over == "rows" else own.rows
            said = []
            for rule in own.rules:
                if rule["over"] == over and "<=" not in rule["check"] and "lines)" not in rule["check"]:
                    terms = fill.terms("({}) - ({})".format(*rule["check"].split("=", 1)))
                    said += [vector({of[n]: by for n, by in terms.items()}, names)] if terms else []
            lines = []
            for book in books:
                sheet = book[table["sheet"]]
                for place in places:
                    at = [(place, n) if over == "rows" else (n, place) for n in names]
                    values = [sheet.cell(*one).value for one in at]
                    if all(isinstance(v, (int, float)) for v in values) and any(values):
                        lines.append(values)
            yield index, over, names, [s for s in said if s], lines[:LINES]


def here(form, over, names):
    """The product's equations the same way."""
    found = []
    shifted = [{k: v + 1 for k, v in form[p].items()} for p in ("columns", "rows")]
    for proposal in form["proposals"]:
        left, relation = proposal["check"].split(" ")[:2]
        if relation == "=" and not re.search("[/*]|PREV", proposal["check"]):
            if (left in form["columns"]) == (over == "rows"):
                of = product_terms(proposal["check"], *shifted)
                found.append(vector(of, names) if of else None)
    return found


def main(blanks, generated, zeros):
    sums = {"here": [0, 0, 0], "TaCLe": [0, 0, 0]}
    wanted = runs = unended = 0
    for folder in sorted(Path(blanks).iterdir()):
        answer = Path(generated) / folder.name / f"{zeros}.json"
        if not answer.exists() or not answer.stat().st_size:
            continue
        forms = json.loads(answer.read_text())["forms"]
        files = sorted((Path(generated) / folder.name / zeros).glob("*.xlsx"))
        for index, over, names, said, lines in matrices(folder, files[:LINES]):
            if not said or len(lines) < 3 or index >= len(forms):
                continue
            runs += 1
            found = tacle(lines)
            if found is None:
                unended += 1
                print(f"{folder.name} {over}: {len(lines)} x {len(names)}, not ended", flush=True)
                continue
            wanted += len(said)
            other = [vector({names[at]: by for at, by in one}, names) for one in found]
            told = []
            for name, all_found in (("here", here(forms[index], over, names)), ("TaCLe", other)):
                right = [f for f in all_found if f and follows(f, said)]
                reached = sum(1 for s in said if follows(s, right))
                for at, count in enumerate((len(all_found), len(right), reached)):
                    sums[name][at] += count
                told.append(f"{name} {len(right)}/{len(all_found)} right, {reached}/{len(said)} found")
            print(f"{folder.name} {over}: {len(lines)} x {len(names)}, {'; '.join(told)}", flush=True)
    print(f"{runs} tables, {unended} not ended in {SECONDS} s; of the others:")
    for name, (found, right, reached) in sums.items():
        print(
            f"{name}: {found} proposed, {right} right ({right / max(found, 1):.0%}), "
            f"{reached} of {wanted} found ({reached / max(wanted, 1):.0%})"
        )


if __name__ == "__main__":
    main(*arguments)
