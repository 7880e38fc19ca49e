//! A small form workbook that tests change.

use std::collections::BTreeMap;

use rust_xlsxwriter::Workbook;
use tonghop::model::CellAddress;

/// What a cell is given.
#[derive(Clone, Debug)]
pub enum Put {
    Text(&'static str),
    Number(f64),
    /// As Excel stores it when somebody types it.
    Formula(&'static str),
    /// A day, by its number.
    Day(f64),
}

/// Sheets by name, in order.
pub struct Book {
    pub sheets: Vec<(String, BTreeMap<CellAddress, Put>)>,
    pub merges: Vec<(String, CellAddress, CellAddress)>,
    pub hidden_rows: Vec<(String, u32)>,
    pub struck: Vec<(String, CellAddress)>,
}

const FIELDS: &[&[&str]] = &[
    &[
        "Loại",
        "Mã",
        "Tên",
        "Kiểu",
        "Số lẻ",
        "Làm tròn",
        "Ô trống là",
        "Tử số",
        "Mẫu số",
        "Số in ở dòng",
        "Tự tính",
        "Tổng hợp",
        "Tên khác",
        "Khác",
        "Chỉ có các cột",
    ],
    &["Biểu", "Mã biểu", "thu_chi"],
    &["Biểu", "Phiên bản", "1"],
    &["Biểu", "Tên biểu", "Dân số"],
    &["Biểu", "Tên trang", "Dân số"],
    &["Biểu", "Kiểu dòng", "dòng cố định"],
    &["Biểu", "Tiêu đề cột số thứ tự", "STT"],
    &["Biểu", "Tiêu đề cột tên dòng", "Chỉ tiêu"],
    &["Biểu", "Có hàng số cột", "có"],
    &["Mặc định", "", "", "số đếm", "", "", "thiếu"],
    &["Cột", "tong", "Tổng số"],
    &["Cột", "nam", "Chia ra › Nam"],
    &["Cột", "nu", "Chia ra › Nữ"],
    &[
        "Cột",
        "ty_le",
        "Tỷ lệ nữ",
        "tỷ lệ %",
        "2",
        "nửa lên",
        "không có gì",
        "nu",
        "tong",
    ],
    &["Dòng", "dan_so", "Dân số", "", "", "", "", "", "", "1"],
    &["Dòng", "tre_em", "Trẻ em", "", "", "", "", "", "", "1.1"],
    &[
        "Dòng",
        "nguoi_lon",
        "Người lớn",
        "",
        "",
        "",
        "",
        "",
        "",
        "1.2",
    ],
];

const RULES: &[&[&str]] = &[
    &[
        "STT",
        "Dòng",
        "Cột",
        "Phép so",
        "Dòng",
        "Cột",
        "Biểu thức",
        "Điều kiện",
        "Lời báo",
        "Mức",
        "Từ kỳ",
        "Đến kỳ",
        "Mã quy tắc",
        "Khác",
    ],
    &[
        "1",
        "*",
        "3",
        "=",
        "",
        "4 + 5",
        "",
        "",
        "Tổng số bằng nam cộng nữ.",
        "lỗi",
        "",
        "",
        "gioi-lech",
    ],
    &[
        "2",
        "1",
        "*",
        "=",
        "1.1 + 1.2",
        "",
        "",
        "",
        "Dân số bằng trẻ em cộng người lớn.",
        "",
        "",
        "",
        "tuoi-lech",
    ],
    &[
        "3",
        "",
        "",
        "",
        "",
        "",
        "tong <= 1000",
        "nam > 0",
        "Đông bất thường.",
        "cảnh báo",
        "2025-07",
        "",
        "dong",
    ],
];

const EXAMPLES: &[&[&str]] = &[
    &[
        "Ví dụ",
        "Kỳ",
        "Phạm quy tắc",
        "Số liệu của",
        "Dòng",
        "Cột",
        "Giá trị",
    ],
    &["Nam lệch", "", "gioi-lech", "", "dan_so", "tong", "#10"],
    &["", "", "", "", "dan_so", "nam", "#4"],
    &["", "", "", "", "dan_so", "nu", "#5"],
];

fn at(cell: &str) -> CellAddress {
    cell.parse().unwrap()
}

impl Book {
    /// The form as it should be.
    pub fn right() -> Book {
        Book::of(&[
            ("Chỉ tiêu", FIELDS),
            ("Quy tắc", RULES),
            ("Ví dụ", EXAMPLES),
        ])
    }

    /// A workbook of these sheets; what begins with `#` is a number.
    pub fn of(sheets: &[(&str, &[&[&'static str]])]) -> Book {
        let sheet = |(name, lines): &(&str, &[&[&'static str]])| {
            let mut cells = BTreeMap::new();
            for (row, line) in (0..).zip(*lines) {
                for (column, text) in (0..).zip(*line).filter(|(_, text)| !text.is_empty()) {
                    let put = match text.strip_prefix('#') {
                        Some(number) => Put::Number(number.parse().unwrap()),
                        None => Put::Text(text),
                    };
                    cells.insert(CellAddress::new(row, column), put);
                }
            }
            ((*name).to_owned(), cells)
        };
        Book {
            sheets: sheets.iter().map(sheet).collect(),
            merges: Vec::new(),
            hidden_rows: Vec::new(),
            struck: Vec::new(),
        }
    }

    /// The same with a sheet renamed.
    pub fn renamed(mut self, sheet: &str, name: &str) -> Book {
        for (known, _) in &mut self.sheets {
            if known == sheet {
                name.clone_into(known);
            }
        }
        self
    }

    fn sheet(&mut self, name: &str) -> &mut BTreeMap<CellAddress, Put> {
        let sheet = self.sheets.iter_mut().find(|(known, _)| known == name);
        &mut sheet.unwrap_or_else(|| panic!("no sheet {name}")).1
    }

    /// Puts words into a cell; no words make it blank.
    pub fn put(mut self, sheet: &str, cell: &str, text: &'static str) -> Book {
        match text {
            "" => self.sheet(sheet).remove(&at(cell)),
            text => self.sheet(sheet).insert(at(cell), Put::Text(text)),
        };
        self
    }

    pub fn set(mut self, sheet: &str, cell: &str, put: Put) -> Book {
        self.sheet(sheet).insert(at(cell), put);
        self
    }

    /// Moves the lines from `row` (from 1) on down by one.
    pub fn gap(mut self, sheet: &str, row: u32) -> Book {
        let sheet = self.sheet(sheet);
        let moved: Vec<(CellAddress, Put)> = std::mem::take(sheet).into_iter().collect();
        for (mut at, put) in moved {
            if at.row + 1 >= row {
                at.row += 1;
            }
            sheet.insert(at, put);
        }
        self
    }

    /// The bytes of the workbook.
    pub fn bytes(&self) -> Vec<u8> {
        let mut book = Workbook::new();
        for (name, cells) in &self.sheets {
            let sheet = book.add_worksheet();
            sheet.set_name(name).unwrap();
            for (at, put) in cells {
                let (row, column) = (at.row, u16::try_from(at.column).unwrap());
                match put {
                    Put::Text(text) => sheet.write_string(row, column, *text).map(drop),
                    Put::Number(number) => sheet.write_number(row, column, *number).map(drop),
                    Put::Formula(formula) => {
                        let formula = rust_xlsxwriter::Formula::new(*formula).set_result("#NAME?");
                        sheet.write_formula(row, column, formula).map(drop)
                    }
                    Put::Day(day) => {
                        let format = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
                        sheet
                            .write_number_with_format(row, column, *day, &format)
                            .map(drop)
                    }
                }
                .unwrap();
            }
            for (_, at) in self.struck.iter().filter(|(of, _)| of == name) {
                let struck = rust_xlsxwriter::Format::new().set_font_strikethrough();
                let column = u16::try_from(at.column).unwrap();
                sheet.set_cell_format(at.row, column, &struck).unwrap();
            }
            for (_, row) in self.hidden_rows.iter().filter(|(of, _)| of == name) {
                sheet.set_row_hidden(*row).unwrap();
            }
            for (_, first, last) in self.merges.iter().filter(|(of, ..)| of == name) {
                let Some(Put::Text(text)) = cells.get(first) else {
                    continue;
                };
                let column = |at: &CellAddress| u16::try_from(at.column).unwrap();
                let plain = rust_xlsxwriter::Format::new();
                sheet
                    .merge_range(
                        first.row,
                        column(first),
                        last.row,
                        column(last),
                        text,
                        &plain,
                    )
                    .unwrap();
            }
        }
        book.save_to_buffer().unwrap()
    }
}

impl Book {
    /// The same without its sheet of examples.
    pub fn without_examples(mut self) -> Book {
        self.sheets.truncate(2);
        self
    }
}
