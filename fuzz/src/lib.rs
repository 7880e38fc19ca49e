//! What the fuzz targets share: reading a file as a run does, within small limits.

use std::sync::{Arc, OnceLock};

use tonghop::judge::{Received, ReceivedFile, check_alone};
use tonghop::model::{Allowance, CellAddress, Class, Finding, Message, Severity};
use tonghop::schema::{Form, builtin};
use tonghop::workbook::{Limits, is_archive, read_archive, workbook_from_bytes};
use tonghop::write::returned::{Notice, annotate_within};

/// Small, so that what is slow without bound shows as slow.
pub const LIMITS: Limits = Limits {
    file_bytes: 4_000_000,
    part_bytes: 4_000_000,
    unpacked_bytes: 8_000_000,
    cells: 50_000,
    sheets: 20,
    files: 20,
    seconds: 10,
    memory_bytes: 1_000_000_000,
};

fn forms() -> &'static [Arc<Form>] {
    static FORMS: OnceLock<Vec<Arc<Form>>> = OnceLock::new();
    FORMS.get_or_init(|| {
        let parse = |id: &str| Form::parse(id, builtin::text(id).unwrap()).unwrap();
        builtin::ids().into_iter().map(|id| Arc::new(parse(id))).collect()
    })
}

/// Unpacks, reads, finds forms, evaluates rules, and marks a copy for return.
pub fn read(bytes: &[u8]) {
    if is_archive(bytes) {
        let _ = read_archive(bytes, &LIMITS);
    }
    let Ok(workbook) = workbook_from_bytes("x", bytes, &LIMITS) else {
        return;
    };
    let file = ReceivedFile {
        path: "x".into(),
        name: "x".into(),
        round: 0,
    };
    let mut received = Received::nothing(&file);
    received.take(&workbook, forms(), None);
    let (submission, mut findings, _) = check_alone(received, None);
    let message = Message::new("=x\u{202E}", "=x");
    let told = Finding::new("x", Class::Rule, Severity::Error, &submission.file, message);
    if let Some(sheet) = workbook.sheets.first() {
        findings.push(told.at(&sheet.name, CellAddress::new(1, 1)));
    }
    let notice = Notice {
        unit_name: None,
        period: String::new(),
        office: String::new(),
        findings: &findings,
        justified: Default::default(),
    };
    let _ = annotate_within(bytes, &notice, &LIMITS, &Allowance::default());
}
