//! The words of a template around its table: offices, title, notes, signature.

use rust_xlsxwriter::Format;

use super::painter::Painter;
use crate::schema::form::FormFile;
use crate::schema::{Indicator, Orientation};
use crate::text::fold;
use crate::write::paper::error::WriteError;
use crate::write::paper::measure::lines;
use crate::write::paper::style;

/// First and last column of a block.
type Columns = (u32, u32);

/// The hint to the clerk at the line of the date, and at the lines of the names.
const SIGNED: &str = "Ghi nơi và ngày ký trước khi in, hoặc để nguyên rồi ghi tay trên bản in.";
const SIGNER: &str = "Ghi họ và tên trước khi in, hoặc để trống rồi ghi tay trên bản in.";

/// Height of an empty row between two parts of a form, in points.
const GAP: f64 = 8.25;

impl Painter<'_, '_> {
    fn unit_name(&self) -> String {
        let own = self.input.fill.and_then(|fill| fill.unit_name());
        own.or_else(|| self.input.unit.map(|unit| unit.name.clone()))
            .unwrap_or_default()
    }

    fn unit_code(&self) -> String {
        let own = self.input.fill.and_then(|fill| fill.unit_code());
        own.or_else(|| self.input.unit.map(|unit| unit.code.clone()))
            .unwrap_or_default()
    }

    /// The line above the unit's name, and its look: the first half of the unit's own name is
    /// bold, an office above it is not.
    fn above(&self) -> (String, Format) {
        let campaign = self.input.campaign;
        let kind = self.input.unit.and_then(|unit| {
            let mut kinds = campaign.kinds.iter();
            kinds.find(|kind| kind.id == unit.kind)
        });
        match kind.and_then(|kind| kind.above.as_deref()) {
            Some(own) => (own.to_uppercase(), style::heading()),
            None => {
                let parent = campaign.parent_office.as_ref();
                let parent = parent.unwrap_or(&campaign.office).to_uppercase();
                (parent, style::centred())
            }
        }
    }

    /// Top left who reports, top right Quốc hiệu and Tiêu ngữ; then code and source of the form.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub(super) fn offices(&mut self) -> Result<(), WriteError> {
        let rows = self.place.grid.title.clone();
        let [left, right] = self.blocks();
        let (above, over) = self.above();
        let name = self.unit_name().to_uppercase();
        self.sheet.line(
            rows.office,
            right,
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            &style::heading(),
        )?;
        self.sheet.line(
            rows.unit,
            right,
            "Độc lập - Tự do - Hạnh phúc",
            &style::motto(),
        )?;
        if left != right {
            self.spread(rows.office, left, &above, &over, 12.5)?;
            self.spread(rows.unit, left, &name, &style::heading(), 12.5)?;
        }
        let file = &self.place.form.file;
        if let (Some(row), Some(code)) = (rows.code, &file.code) {
            self.spread(row, left, code, &style::heading(), 12.5)?;
        }
        if let (Some(row), Some(basis)) = (rows.legal_basis, &file.legal_basis) {
            let verb = if file.code.is_some() {
                "Ban hành theo"
            } else {
                "Theo"
            };
            self.spread(
                row,
                left,
                &format!("({verb} {basis})"),
                &style::subtitle(),
                12.0,
            )?;
        }
        Ok(())
    }

    /// The title of the form.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub(super) fn title(&mut self) -> Result<(), WriteError> {
        let rows = self.place.grid.title.clone();
        let file = &self.place.form.file;
        let whole = self.whole();
        self.spread(
            rows.title,
            whole,
            &file.title.to_uppercase(),
            &style::title(),
            14.5,
        )?;
        let own = self.input.fill.and_then(|fill| fill.period());
        let period = own.unwrap_or_else(|| self.input.campaign.period.vietnamese());
        self.sheet.line(
            rows.period,
            whole,
            &format!("Kỳ báo cáo: {period}"),
            &style::subtitle(),
        )?;
        // On a template for all the unit is written by hand.
        let identity = match self.input.unit {
            Some(_) => style::line(),
            None => style::line().set_unlocked(),
        };
        if self.input.unit.is_none() {
            let [name, code] = [
                "Ghi tên đơn vị sau dấu hai chấm, ví dụ: Đơn vị báo cáo: Xã Chợ Lách",
                "Ghi mã đơn vị sau dấu hai chấm, ví dụ: Mã đơn vị: 28870",
            ];
            self.prompt(rows.unit_name, 0, "Đơn vị báo cáo", name)?;
            self.prompt(rows.unit_code, 0, "Mã đơn vị", code)?;
        }
        let name = format!("Đơn vị báo cáo: {}", self.unit_name());
        self.sheet
            .line(rows.unit_name, whole, name.trim_end(), &identity)?;
        let code = format!("Mã đơn vị: {}", self.unit_code());
        let [left, right] = self.blocks();
        let room = if rows.measure.is_some() { left } else { whole };
        self.sheet
            .line(rows.unit_code, room, code.trim_end(), &identity)?;
        if let (Some(row), Some(unit)) = (rows.measure, &file.unit) {
            let unit = format!("Đơn vị tính: {unit}");
            self.sheet.line(row, right, &unit, &style::measure())?;
        }
        for empty in [rows.title - 1, rows.unit_name - 1] {
            self.sheet.thin(empty, GAP)?;
        }
        Ok(())
    }

    /// Writes the notes under the table; gives the first row (from 0) below them.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub(super) fn notes(&mut self) -> Result<u32, WriteError> {
        let file = &self.place.form.file;
        let mut row = self.place.grid.below;
        self.sheet.thin(row, GAP)?;
        let said: Vec<String> = file.notes.iter().cloned().chain(measures(file)).collect();
        if said.is_empty() {
            return Ok(row + 1);
        }
        // A page on its side is low: all notes in one paragraph.
        let notes = match file.layout.orientation {
            Orientation::Landscape => vec![format!("Ghi chú: {}", said.join(" "))],
            Orientation::Portrait => std::iter::once("Ghi chú:".to_owned())
                .chain(said.iter().map(|note| format!("- {note}")))
                .collect(),
        };
        for note in notes {
            row += 1;
            self.paragraph(row, self.whole(), &note, &style::note())?;
        }
        self.sheet.thin(row + 1, GAP)?;
        Ok(row + 2)
    }

    /// The places of the three parts of the foot: who receives it, who drew it up, who signs it. A
    /// narrow page has no room for three side by side.
    fn foot(&self) -> (Option<Columns>, Columns, Columns) {
        let [left, right] = self.blocks();
        let grid = &self.place.grid;
        let wide = |columns: (u32, u32)| grid.width_of(columns.0, columns.1);
        let room = |end: &u32| wide((0, *end)) >= 28.0 && wide((end + 1, left.1)) >= 28.0;
        match (0..left.1).find(room) {
            Some(end) => (Some((0, end)), (end + 1, left.1), right),
            None => (None, left, right),
        }
    }

    /// Date and signature to the right, who drew the form up beside it, who receives it to the left
    /// (Nghị định 30/2020/NĐ-CP); gives the last row. Rows from 0.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub(super) fn signature(&mut self, row: u32) -> Result<u32, WriteError> {
        let (receivers, author, head) = self.foot();
        let own = self.input.fill.and_then(|fill| fill.signed());
        let date = own
            .unwrap_or_else(|| "..............., ngày ..... tháng ..... năm .........".to_owned());
        // Typed before printing, or written by hand after: either is usual.
        self.sheet
            .line(row, head, &date, &style::subtitle().set_unlocked())?;
        self.prompt(row, head.0, "Nơi và ngày ký", SIGNED)?;
        let signers = [
            (author, "NGƯỜI LẬP BIỂU", "(Ký, ghi rõ họ tên)"),
            (head, "THỦ TRƯỞNG ĐƠN VỊ", "(Ký, ghi rõ họ tên, đóng dấu)"),
        ];
        for (columns, who, how) in signers {
            self.sheet.line(row + 1, columns, who, &style::heading())?;
            self.sheet.line(row + 2, columns, how, &style::subtitle())?;
        }
        // Two rows to sign in, and the name under them.
        let last = row + 5;
        for columns in [author, head] {
            self.sheet
                .line(last, columns, "", &style::heading().set_unlocked())?;
            self.prompt(last, columns.0, "Họ và tên người ký", SIGNER)?;
        }
        let (columns, top) = match receivers {
            Some(columns) => (columns, row + 1),
            None => (author, last + 1),
        };
        let title = style::recipients_title();
        self.sheet.line(top, columns, "Nơi nhận:", &title)?;
        let office = format!("- {};", self.input.campaign.office);
        self.paragraph(top + 1, columns, &office, &style::recipients())?;
        self.sheet
            .line(top + 2, columns, "- Lưu: VT.", &style::recipients())?;
        Ok(last.max(top + 2))
    }

    /// A merged line of words as tall as they need, broken where it ends.
    fn paragraph(
        &mut self,
        row: u32,
        columns: (u32, u32),
        text: &str,
        format: &Format,
    ) -> Result<(), WriteError> {
        let room = self.place.grid.width_of(columns.0, columns.1) * 0.97;
        let format = format.clone().set_text_wrap();
        self.sheet.line(row, columns, text, &format)?;
        self.tall(row, lines(text, room))
    }
}

/// The units of measure of columns and rows that have their own, unless the sheet prints them beside
/// each row or in the label itself.
fn measures(file: &FormFile) -> Option<String> {
    let own = |word: &str, one: &Indicator| {
        let unit = one.unit.as_deref()?;
        let label = one.label.path().join(" ");
        let is_known = fold(&label).contains(&fold(unit)) || file.unit.as_deref() == Some(unit);
        (!is_known).then(|| format!("{word} «{}»: {unit}", one.label.own()))
    };
    let columns = file.columns.iter().filter_map(|column| own("cột", column));
    let rows = file.rows.iter().filter_map(|row| own("dòng", row));
    let all: Vec<String> = match file.layout.unit_column {
        Some(_) => Vec::new(),
        None => columns.chain(rows).collect(),
    };
    (!all.is_empty()).then(|| format!("Đơn vị tính: {}.", all.join("; ")))
}
