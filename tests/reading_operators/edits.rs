//! The operators on the cells, labels and layout of one form.

use std::collections::BTreeMap;
use std::sync::Arc;

use tonghop::model::{CellAddress, Value};
use tonghop::schema::Form;
use tonghop::workbook::{
    Cell, CellStyle, Content, DefinedName, Merge, Sheet, Visibility, Workbook,
};
use unicode_normalization::UnicodeNormalization;

use crate::{Verdict, double, number, text};
use Verdict::{Asked, Right};

/// What operators work on.
pub struct Target {
    pub form: Arc<Form>,
    pub sheet: usize,
    /// A figure that the unit types.
    pub cell: CellAddress,
    /// Every value of the form by row and column, with its cell.
    pub cells: BTreeMap<(String, String), (Value, CellAddress)>,
}

/// A workbook with one operator applied.
pub struct Edit {
    pub id: &'static str,
    pub what: &'static str,
    pub workbook: Workbook,
    /// The workbook as the unit meant it, if that is not the one the operator was applied to.
    pub truth: Option<Workbook>,
    pub want: Verdict,
    /// The cell at which a finding is expected; none if any finding about the form will do.
    pub cell: Option<CellAddress>,
    /// A note that must be there.
    pub note: Option<&'static str>,
}

/// How a label is written instead.
type Spelling<'a> = &'a dyn Fn(&str) -> String;

struct Bench<'a> {
    clean: &'a Workbook,
    target: &'a Target,
    edits: Vec<Edit>,
}

/// Every operator that the form has room for. `template`: the workbook still has its names.
pub fn all(clean: &Workbook, target: &Target, template: bool) -> Vec<Edit> {
    let mut bench = Bench {
        clean,
        target,
        edits: Vec::new(),
    };
    bench.figures();
    bench.marks();
    bench.percentages();
    bench.formulas();
    bench.labels();
    bench.layout(template);
    bench.contradictions();
    if !template {
        crate::formats::all(clean, target, &mut bench.edits);
    }
    bench.edits
}

impl Bench<'_> {
    fn with(&self, edit: impl FnOnce(&mut Sheet)) -> Workbook {
        let mut workbook = self.clean.clone();
        edit(&mut workbook.sheets[self.target.sheet]);
        workbook
    }

    /// The workbook with another cell in place of the target.
    fn cell(&self, cell: Option<Cell>) -> Workbook {
        let at = self.target.cell;
        self.with(|sheet| match cell {
            Some(cell) => {
                sheet.cells.insert(at, cell);
            }
            None => {
                sheet.cells.remove(&at);
            }
        })
    }

    fn push(
        &mut self,
        id: &'static str,
        what: &'static str,
        workbook: Workbook,
        want: Verdict,
    ) -> &mut Edit {
        let place = self.edits.len();
        self.edits.push(Edit {
            id,
            what,
            workbook,
            truth: None,
            want,
            cell: None,
            note: None,
        });
        &mut self.edits[place]
    }

    /// One figure written in another way.
    fn written(
        &mut self,
        id: &'static str,
        what: &'static str,
        meant: Option<f64>,
        cell: Option<Cell>,
        want: Verdict,
    ) -> &mut Edit {
        let (workbook, truth) = (self.cell(cell), self.cell(meant.map(number)));
        let at = self.target.cell;
        let edit = self.push(id, what, workbook, want);
        edit.truth = Some(truth);
        edit.cell = Some(at);
        edit
    }

    fn figures(&mut self) {
        let dotted = |format: &str| Cell {
            style: Some(Arc::new(CellStyle {
                number_format: Some(format.to_owned()),
                ..CellStyle::default()
            })),
            ..text("3.259")
        };
        let meant = Some(3259.0);
        let noted = Some("so-dang-chu");
        self.written("M01", "chữ «3.259»", meant, Some(text("3.259")), Right)
            .note = noted;
        self.written(
            "M02",
            "chữ «3.259» trong ô định dạng @",
            meant,
            Some(dotted("@")),
            Right,
        )
        .note = noted;
        // An amount may have decimals, but not more than the form declares.
        self.written("M03", "số 3,259", meant, Some(number(3.259)), Asked);
        self.written("M05", "chữ «3,259»", meant, Some(text("3,259")), Asked);
        self.written("M08", "chữ «02»", Some(2.0), Some(text("02")), Right)
            .note = noted;
        self.written("M08", "chữ «'02»", Some(2.0), Some(text("'02")), Right);
        for (what, spaced) in [
            ("«3 259» khoảng trắng cứng", "3\u{a0}259"),
            ("«3 259» khoảng trắng hẹp", "3\u{202f}259"),
            ("«3 259» khoảng trắng mảnh", "3\u{2009}259"),
            ("«3.259» kèm ký tự không bề rộng", "\u{feff}3.259\u{200b} "),
            ("chữ số toàn bề rộng", "３２５９"),
        ] {
            self.written("M10", what, meant, Some(text(spaced)), Right)
                .note = noted;
        }
        for (what, odd) in [
            ("số 1e20", 1e20),
            ("số lớn hơn 2^53", 9_007_199_254_740_994.0),
            ("NaN", f64::NAN),
            ("vô cực", f64::INFINITY),
        ] {
            self.written("M03", what, meant, Some(number(odd)), Asked);
        }
        self.written("M05", "ô hiện 500%", Some(5.0), Some(percent(5.0)), Asked);
    }

    fn marks(&mut self) {
        let nothing = self.target.form.id() == "kinh_phi";
        let meant = (!nothing).then_some(0.0);
        for (what, mark) in [("«-»", "-"), ("«không»", "không"), ("«Không »", "Không ")] {
            self.written("M09", what, meant, Some(text(mark)), Right);
        }
        self.written("M09", "«x»", meant, Some(text("x")), Asked);
        let blank = if nothing { Right } else { Asked };
        self.written("M09", "để trống", meant, None, blank);
        self.written("M09", "một khoảng trắng", meant, Some(text(" ")), blank);
    }

    /// The percentage of a form that has one.
    fn percentages(&mut self) {
        let Some((value, at)) = self.of_column("ty_le_truc_tuyen") else {
            return;
        };
        let share = double(&value);
        let with = |bench: &Self, cell: Cell| {
            bench.with(|sheet| {
                sheet.cells.insert(at, cell);
            })
        };
        let comma = share.to_string().replace('.', ",");
        let forms = [
            ("«53,22%»", text(&format!("{comma}%")), Right),
            ("«53,22»", text(&comma), Right),
            ("0,5322 định dạng %", percent(share / 100.0), Right),
            ("0,5322 không định dạng", number(share / 100.0), Asked),
        ];
        for (what, cell, want) in forms {
            let workbook = with(self, cell);
            self.push("M06", what, workbook, want).cell = Some(at);
        }
        let truncated = (share * 100.0 - 1.0).round() / 100.0;
        let workbook = with(self, number(truncated));
        let truth = workbook.clone();
        let edit = self.push("M44", "tỷ lệ cắt bớt phần lẻ", workbook, Right);
        edit.truth = Some(truth);
        edit.note = Some("ty-le-lam-tron-khac");
    }

    fn of_column(&self, row: &str) -> Option<(Value, CellAddress)> {
        let found = self.target.cells.iter().find(|((r, _), _)| r == row);
        found.map(|(_, found)| found.clone())
    }

    /// Cells down the column that holds most computed figures by one rule, top to bottom.
    fn computed(&self) -> Vec<(f64, CellAddress)> {
        let form = &self.target.form;
        let mut columns: BTreeMap<&str, Vec<(f64, CellAddress)>> = BTreeMap::new();
        for ((row, column), (value, at)) in &self.target.cells {
            let index = form.column(column).unwrap();
            let field = form.field(form.row(row), index).unwrap();
            let rule_of_row = form
                .row(row)
                .is_some_and(|row| form.file.rows[row].computed);
            let own = form.file.columns[index].computed && !rule_of_row;
            if own && field.computed && field.ratio.is_none() {
                columns
                    .entry(column)
                    .or_default()
                    .push((double(value), *at));
            }
        }
        let mut most = columns
            .into_values()
            .max_by_key(Vec::len)
            .unwrap_or_default();
        most.sort_by_key(|(_, at)| *at);
        most
    }

    fn formulas(&mut self) {
        let computed = self.computed();
        let sum = |at: CellAddress, from: u32| {
            let first = CellAddress::new(at.row, at.column - from);
            let last = CellAddress::new(at.row, at.column - 1);
            // Stands for any formula: that it gives what the cell stores is not said of this one.
            format!("SUMPRODUCT({first}:{last})")
        };
        let kept = |sheet: &mut Sheet| {
            for (figure, at) in &computed {
                let formula = Some(sum(*at, 2));
                sheet.cells.insert(
                    *at,
                    Cell {
                        formula,
                        ..number(*figure)
                    },
                );
            }
        };
        if let [(figure, first), .., (last_figure, last)] = computed.as_slice() {
            let workbook = self.with(|sheet| {
                kept(sheet);
                sheet.cells.insert(*first, number(figure + 1.0));
            });
            let edit = self.push("M30", "công thức bị gõ đè bằng số sai", workbook, Asked);
            edit.cell = Some(*first);
            edit.note = Some("cong-thuc-bi-ghi-de");
            if computed.len() > 2 {
                let workbook = self.with(|sheet| {
                    kept(sheet);
                    let formula = Some(sum(*last, 1));
                    sheet.cells.insert(
                        *last,
                        Cell {
                            formula,
                            ..number(*last_figure)
                        },
                    );
                });
                self.push("M31", "công thức lệch khỏi cột", workbook, Right)
                    .note = Some("cong-thuc-khac-cot");
            }
        }
        let with_content = |content| Cell {
            content,
            formula: Some("D7+E7".to_owned()),
            style: None,
        };
        let nothing = self.target.form.id() == "kinh_phi";
        let cell = with_content(Content::EmptyText);
        if nothing {
            self.written("M32", "công thức ra rỗng", None, Some(cell), Right)
                .note = Some("cong-thuc-ra-trong");
        } else {
            self.written("M32", "công thức ra rỗng", Some(3259.0), Some(cell), Asked);
        }
        for (what, content) in [
            ("công thức chưa tính", Content::Uncached),
            ("công thức #REF!", Content::Error("#REF!".to_owned())),
            ("công thức #DIV/0!", Content::Error("#DIV/0!".to_owned())),
        ] {
            self.written(
                "M33",
                what,
                Some(3259.0),
                Some(with_content(content)),
                Asked,
            );
        }
        let linked = Cell {
            formula: Some("[1]TTHC!C7".to_owned()),
            ..number(3259.0)
        };
        self.written(
            "M33",
            "công thức lấy từ tệp khác",
            Some(3259.0),
            Some(linked),
            Right,
        )
        .note = Some("cong-thuc-lay-tu-tep-khac");
    }

    /// The same labels spelt otherwise, on the sheet of the form.
    fn labels(&mut self) {
        let tone = |text: &str| {
            text.replace("òa", "oà")
                .replace("óa", "oá")
                .replace("ủy", "uỷ")
                .replace("ũy", "uỹ")
                .replace("hóa", "hoá")
        };
        let spaced = |text: &str| format!("\u{a0}{}\u{200b} ", text.replace(' ', "\u{a0}"));
        let unikey = |text: &str| -> String {
            text.nfc()
                .flat_map(|c| {
                    let parts: Vec<char> = c.to_string().nfd().collect();
                    match parts.as_slice() {
                        // The mark of the vowel stays, that of the tone comes loose.
                        [base, mark, tone] => {
                            let (shape, tone) = if is_tone(*mark) {
                                (*tone, *mark)
                            } else {
                                (*mark, *tone)
                            };
                            let whole: String =
                                [*base, shape].iter().collect::<String>().nfc().collect();
                            whole.chars().chain([tone]).collect::<Vec<_>>()
                        }
                        _ => vec![c],
                    }
                })
                .collect()
        };
        let spellings: [(&'static str, &'static str, Spelling<'_>); 5] = [
            ("M10", "nhãn có khoảng trắng cứng", &spaced),
            ("M11", "nhãn NFD", &|text| text.nfd().collect()),
            ("M12", "nhãn Unicode tổ hợp", &unikey),
            ("M13", "nhãn đặt dấu kiểu mới", &tone),
            ("M16", "nhãn viết hoa", &str::to_uppercase),
        ];
        for (id, what, spelt) in spellings {
            let workbook = self.with(|sheet| respell(sheet, spelt));
            self.push(id, what, workbook, Right);
        }
        let workbook = self.with(|sheet| respell(sheet, &tonghop::text::fold));
        self.push("M15", "nhãn không dấu", workbook, Asked);
    }

    fn layout(&mut self, template: bool) {
        let (row, column) = (self.target.cell.row, self.target.cell.column);
        let sheet = self.target.sheet;
        let above = self.moved(|at| CellAddress::new(at.row + u32::from(at.row >= row), at.column));
        self.push("M26", "chèn dòng trong bảng", above, Right);
        let before =
            self.moved(|at| CellAddress::new(at.row, at.column + u32::from(at.column >= column)));
        self.push("M27", "chèn cột trong bảng", before, Right);
        let shifted = self.moved(|at| CellAddress::new(at.row + 5, at.column + 3));
        self.push("M26", "bảng dời xuống và sang phải", shifted, Right);
        let mut renamed = self.clean.clone();
        let name = renamed.sheets[sheet].name.clone();
        renamed.sheets[sheet].name = " Trang  1 ".into();
        for defined in renamed.names.iter_mut().filter(|n| n.sheet == name) {
            defined.sheet = " Trang  1 ".into();
        }
        renamed.sheets.reverse();
        self.push("M28", "đổi tên trang, đổi thứ tự", renamed, Right);
        let unmerged = self.with(|sheet| sheet.merges = Vec::new().into());
        self.push("M29", "bỏ gộp ô ở tiêu đề", unmerged, Right);
        let hidden = self.with(|sheet| {
            sheet.hidden_rows.insert(row);
        });
        self.push("M34", "dòng số liệu bị ẩn", hidden, Right).note = Some("dong-cot-an");
        let hidden = self.with(|sheet| {
            sheet.hidden_columns.insert(column);
        });
        self.push("M34", "cột số liệu bị ẩn", hidden, Right).note = Some("dong-cot-an");
        let mut twice = self.clean.clone();
        let mut copy = twice.sheets[sheet].clone();
        copy.name = "Bản nháp".into();
        twice.sheets.push(copy);
        if !template {
            self.push("M28", "hai trang cùng một biểu", twice, Asked)
                .note = Some("hai-bang-giong-nhau");
            return;
        }
        // The template's names say which sheet is meant, unless a copy in sight says otherwise.
        self.push("M28", "bản sao giống hệt", twice.clone(), Right);
        let draft = twice.sheets.last_mut().unwrap();
        let changed = draft.cells.get_mut(&CellAddress::new(row, column)).unwrap();
        changed.content = Content::Number(987_654.0);
        self.push("M28", "bản sao có số khác", twice.clone(), Asked)
            .note = Some("hai-bang-giong-nhau");
        let mut hidden = twice.clone();
        hidden.sheets[sheet].visibility = Visibility::Hidden;
        self.push("M28", "bản gốc bị ẩn, bản sao có số khác", hidden, Asked)
            .note = Some("hai-bang-giong-nhau");
        twice.sheets.last_mut().unwrap().visibility = Visibility::Hidden;
        self.push("M28", "bản sao có số khác bị ẩn", twice, Right);
    }

    /// Cells, merges and names of the sheet moved as Excel moves them.
    fn moved(&self, to: impl Fn(CellAddress) -> CellAddress) -> Workbook {
        let mut workbook = self.with(|sheet| {
            sheet.cells = sheet
                .cells
                .iter()
                .map(|(at, cell)| (to(*at), cell.clone()))
                .collect();
            let merge = |merge: &Merge| Merge {
                first: to(merge.first),
                last: to(merge.last),
            };
            sheet.merges = sheet.merges.iter().map(merge).collect();
        });
        let name = workbook.sheets[self.target.sheet].name.clone();
        for defined in workbook.names.iter_mut().filter(|n| n.sheet == name) {
            *defined = DefinedName {
                first: to(defined.first),
                last: to(defined.last),
                ..defined.clone()
            };
        }
        workbook
    }

    /// Figures that contradict others, and titles that contradict the table.
    fn contradictions(&mut self) {
        let form = self.target.form.id().to_owned();
        let at = |row: &str, column: &str| {
            self.target
                .cells
                .get(&(row.to_owned(), column.to_owned()))
                .cloned()
        };
        if let Some((figure, cell)) = self.computed().first().copied() {
            let workbook = self.with(|sheet| {
                sheet.cells.insert(cell, number(figure - 1.0));
            });
            self.push("M45", "tổng lệch một đơn vị", workbook, Asked)
                .cell = Some(cell);
        }
        if form != "kinh_phi" {
            let glued = double(&at_cell(self.target)) * 10.0 + 2.0;
            let workbook = self.cell(Some(number(glued)));
            self.push("M07", "dấu chú thích dính vào số", workbook, Asked);
        }
        let opening = ["qlvb", "nhan", "tiep_nhan"]
            .iter()
            .find_map(|row| Some((at(row, "ky_truoc")?, at(row, "luy_ke")?)));
        if let Some(((before, before_at), (after, after_at))) = opening {
            let workbook = self.with(|sheet| {
                sheet.cells.insert(before_at, number(double(&before) + 4.0));
                sheet.cells.insert(after_at, number(double(&after) + 4.0));
            });
            self.push("M37", "số kỳ trước khác số đã báo cáo", workbook, Asked);
        }
        if let Some(total) = self.total() {
            let workbook = self.with(|sheet| {
                sheet.cells.insert(total, number(999_999.0));
            });
            self.push("M35", "sửa dòng tổng", workbook, Asked).cell = Some(total);
        }
        let period = self.find(|text| text.starts_with("Kỳ báo cáo:"));
        if let Some(cell) = period {
            let workbook = self.with(|sheet| {
                sheet
                    .cells
                    .insert(cell, text("Kỳ báo cáo: tháng 8 năm 2024"));
            });
            self.push("M38", "ghi sai kỳ báo cáo", workbook, Asked).cell = Some(cell);
        }
        let coded = form != "tthc" && form != "kinh_phi";
        if let Some(cell) = period.filter(|_| coded) {
            let cell = CellAddress::new(cell.row + 1, 0);
            let workbook = self.with(|sheet| {
                sheet.cells.insert(cell, text("Biểu số: II.06a/VPCP/KSTT"));
                sheet.cells.insert(cell, text("Biểu số II.06a/VPCP/KSTT"));
            });
            let edit = self.push("M46", "mã của biểu khác", workbook, Asked);
            edit.cell = Some(cell);
            edit.note = Some("ma-bieu-khac-bang");
        }
    }

    /// A figure of the total row.
    fn total(&self) -> Option<CellAddress> {
        let label = self.target.form.file.layout.total.clone()?;
        let row = self.find(|text| text == label)?.row;
        Some(CellAddress::new(row, self.target.cell.column))
    }

    fn find(&self, is: impl Fn(&str) -> bool) -> Option<CellAddress> {
        let sheet = &self.clean.sheets[self.target.sheet];
        let found = sheet
            .cells
            .iter()
            .find(|(_, cell)| cell.text().is_some_and(&is));
        found.map(|(at, _)| *at)
    }
}

fn at_cell(target: &Target) -> Value {
    let found = target.cells.values().find(|(_, at)| *at == target.cell);
    found.unwrap().0.clone()
}

fn is_tone(mark: char) -> bool {
    matches!(
        mark,
        '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}'
    )
}

fn percent(share: f64) -> Cell {
    Cell {
        style: Some(Arc::new(CellStyle {
            number_format: Some("0.00%".to_owned()),
            ..CellStyle::default()
        })),
        ..number(share)
    }
}

fn respell(sheet: &mut Sheet, spelt: &dyn Fn(&str) -> String) {
    for cell in sheet.cells.values_mut() {
        // Marks and codes are no labels.
        let label = cell
            .text()
            .filter(|text| text.contains(' ') || text.chars().count() > 3);
        if let Some(label) = label.map(spelt) {
            cell.content = Content::Text(label.into());
        }
    }
}
