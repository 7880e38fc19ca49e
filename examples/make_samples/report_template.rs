//! The Word template of a sample's report, made of its Markdown template: the same text under the
//! heading Nghị định 30/2020/NĐ-CP asks for.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use docx_rs::{
    AlignmentType, Docx, Header, LineSpacing, LineSpacingType, PageMargin, PageNum, Paragraph, Run,
    RunFonts, SpecialIndentType, Table, TableCell, TableCellMargins, TableLayoutType, TableRow,
    WidthType,
};

/// Twips: 20, 30, 20 and 15 mm.
const MARGINS: PageMargin = PageMargin {
    top: 1134,
    left: 1701,
    bottom: 1134,
    right: 850,
    header: 567,
    footer: 567,
    gutter: 0,
};
/// Between the margins of A4.
const ROOM: usize = 9354;

/// Writes `bao-cao.docx` beside `bao-cao.md`, to be signed by `signer`.
pub fn write(folder: &Path, signer: &str) {
    let text = fs::read_to_string(folder.join("bao-cao.md")).unwrap();
    let font = RunFonts::new()
        .ascii("Times New Roman")
        .hi_ansi("Times New Roman")
        .cs("Times New Roman");
    let number = Paragraph::new()
        .align(AlignmentType::Center)
        .add_page_num(PageNum::new());
    let mut document = Docx::new()
        .default_fonts(font)
        .default_size(26)
        .page_size(11906, 16838)
        .page_margin(MARGINS)
        .created_at("2025-09-01T00:00:00Z")
        .updated_at("2025-09-01T00:00:00Z")
        .header(Header::new().add_paragraph(number))
        .first_header(Header::new().add_paragraph(Paragraph::new()))
        .add_table(heading());
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        document = document.add_paragraph(paragraph(line));
        if line.starts_with("## ") {
            document = document.add_paragraph(rule());
        }
    }
    let gap = LineSpacing::new()
        .line_rule(LineSpacingType::Exact)
        .line(160);
    document = document.add_paragraph(Paragraph::new().line_spacing(gap));
    document = document.add_table(signature(signer));
    document = document.add_paragraph(Paragraph::new().line_spacing(LineSpacing::new().line(20)));
    let mut bytes = Cursor::new(Vec::new());
    document.build().pack(&mut bytes).unwrap();
    fs::write(folder.join("bao-cao.docx"), bytes.into_inner()).unwrap();
}

fn run(text: &str) -> Run {
    Run::new().add_text(text)
}

fn centred(run: Run) -> Paragraph {
    Paragraph::new().align(AlignmentType::Center).add_run(run)
}

/// Two columns without lines.
fn columns(left: TableCell, right: TableCell) -> Table {
    // Wide enough for the motto's line, and for the name of an office, without wrapping.
    let widths = [ROOM * 83 / 200, ROOM * 117 / 200];
    let cells = vec![
        left.width(widths[0], WidthType::Dxa),
        right.width(widths[1], WidthType::Dxa),
    ];
    Table::without_borders(vec![TableRow::new(cells).cant_split()])
        .set_grid(widths.to_vec())
        .layout(TableLayoutType::Fixed)
        .margins(TableCellMargins::new().margin(0, 0, 0, 0))
}

/// A rule in the middle of its line, as under the office's name and the title.
fn rule() -> Paragraph {
    let spacing = LineSpacing::new()
        .line_rule(LineSpacingType::Exact)
        .line(140);
    centred(run("____________").size(16)).line_spacing(spacing)
}

fn heading() -> Table {
    let left = TableCell::new()
        .add_paragraph(centred(run("{{ dot.co_quan_cap_tren | upper }}").size(24)))
        .add_paragraph(centred(run("{{ dot.co_quan | upper }}").size(24).bold()))
        .add_paragraph(rule())
        .add_paragraph(spaced(centred(run("Số:       /BC-.....").size(26))));
    let right = TableCell::new()
        .add_paragraph(centred(
            run("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM").size(24).bold(),
        ))
        .add_paragraph(centred(
            run("Độc lập - Tự do - Hạnh phúc")
                .size(26)
                .bold()
                .underline("single"),
        ))
        .add_paragraph(spaced(centred(
            run("{{ dot.noi_ky }}, ngày       tháng       năm")
                .size(26)
                .italic(),
        )));
    columns(left, right)
}

fn signature(signer: &str) -> Table {
    let left = TableCell::new()
        .add_paragraph(Paragraph::new().add_run(run("Nơi nhận:").size(24).bold().italic()))
        .add_paragraph(Paragraph::new().add_run(run("- {{ dot.co_quan_cap_tren }};").size(22)))
        .add_paragraph(Paragraph::new().add_run(run("- Lưu: VT.").size(22)));
    let right = TableCell::new()
        .add_paragraph(centred(run(signer).bold()))
        .add_paragraph(centred(run("")))
        .add_paragraph(centred(run("")));
    columns(left, right)
}

fn spaced(paragraph: Paragraph) -> Paragraph {
    paragraph.line_spacing(LineSpacing::new().before(120))
}

/// A line of the Markdown template.
fn paragraph(line: &str) -> Paragraph {
    if let Some(title) = line.strip_prefix("# ") {
        return spaced(centred(run(title).bold()));
    }
    if let Some(title) = line.strip_prefix("## ") {
        return centred(run(title).bold());
    }
    let (words, bold) = match line.strip_prefix("### ") {
        Some(words) => (words, true),
        None => match line.strip_prefix("**").and_then(|l| l.strip_suffix("**")) {
            Some(words) => (words, true),
            None => (line, false),
        },
    };
    let run = if bold { run(words).bold() } else { run(words) };
    let first = Some(SpecialIndentType::FirstLine(720));
    let body = Paragraph::new()
        .align(AlignmentType::Both)
        .indent(None, first, None, None)
        .add_run(run);
    spaced(body)
}
