//! The words of a template around its table: offices, title, notes, signature.

use super::WriteError;
use super::style;
use super::template_sheet::Painter;

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

    /// Top left who reports, top right Quốc hiệu and Tiêu ngữ; then code and source of the form.
    pub(super) fn offices(&mut self) -> Result<(), WriteError> {
        let campaign = self.input.campaign;
        let rows = self.place.grid.title.clone();
        let [left, right] = self.blocks();
        let above = campaign
            .parent_office
            .as_ref()
            .unwrap_or(&campaign.office)
            .to_uppercase();
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
            self.spread(rows.office, left, &above, &style::centred(), 12.5)?;
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
        let name = format!("Đơn vị báo cáo: {}", self.unit_name());
        self.sheet
            .line(rows.unit_name, whole, name.trim_end(), &style::line())?;
        let code = format!("Mã đơn vị: {}", self.unit_code());
        self.sheet
            .line(rows.unit_code, whole, code.trim_end(), &style::line())?;
        if let (Some(row), Some(unit)) = (rows.measure, &file.unit) {
            self.sheet.line(
                row,
                whole,
                &format!("Đơn vị tính: {unit}"),
                &style::measure(),
            )?;
        }
        Ok(())
    }

    /// Notes under the table; gives the first row below them.
    pub(super) fn notes(&mut self) -> Result<u32, WriteError> {
        let notes = &self.place.form.file.notes;
        let mut row = self.place.grid.below + 1;
        if notes.is_empty() {
            return Ok(row);
        }
        self.sheet
            .line(row, self.whole(), "Ghi chú:", &style::note().set_bold())?;
        for note in notes {
            row += 1;
            self.spread(
                row,
                self.whole(),
                &format!("- {note}"),
                &style::note(),
                12.0,
            )?;
        }
        Ok(row + 2)
    }

    pub(super) fn signature(&mut self, row: u32) -> Result<(), WriteError> {
        let [left, right] = self.blocks();
        let own = self.input.fill.and_then(|fill| fill.signed());
        let date = own
            .unwrap_or_else(|| "..............., ngày ..... tháng ..... năm .........".to_owned());
        self.sheet.line(row, right, &date, &style::subtitle())?;
        let signers = [(left, "NGƯỜI LẬP BIỂU"), (right, "THỦ TRƯỞNG ĐƠN VỊ")];
        for (columns, who) in signers {
            self.sheet.line(row + 1, columns, who, &style::heading())?;
            self.sheet
                .line(row + 2, columns, "(Ký, ghi rõ họ tên)", &style::subtitle())?;
        }
        Ok(())
    }
}
