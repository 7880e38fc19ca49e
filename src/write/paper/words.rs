//! Words about totals that lack units.

/// The line above a table whose totals lack units.
pub fn provisional_text(lacking: usize) -> String {
    format!("SỐ LIỆU TẠM TÍNH: còn {lacking} đơn vị chưa có số")
}

/// Who lacks, in a note on the figure.
pub fn lacking_names(names: &[&str]) -> String {
    format!(
        "Tạm tính, thiếu {} đơn vị:\n{}",
        names.len(),
        names.join("\n")
    )
}
