//! The first sheet of a returned copy: every finding, with a link to its cell and room for the
//! unit's reason. Texts are in the cells themselves, so the workbook's list of texts stays.

use super::book::Dialect;
use super::colours::Shade;
use super::look::{Look, Use};
use super::notice::Notice;
use super::state::State;
use super::subject::Subject;
use super::wording::{self, NoticeCounts, Standing};
use crate::model::address::column_letters;
use crate::model::returned::{HEADERS, MARK, column};
use crate::model::{Finding, Severity};
use crate::package::xml::escape;

/// Widths of the columns in characters; the hidden ones have none.
const WIDTHS: [u32; 8] = [6, 13, 17, 8, 52, 14, 20, 36];

/// The sheet's part, and the rows (counted from 1) that printing must know.
pub(super) struct ResultSheet {
    pub(super) xml: String,
    /// The row of headers (from 1), printed on every page.
    pub(super) header_row: u32,
    /// The last row with a finding, from 1.
    pub(super) last_row: u32,
}

/// Writes the sheet. `links` says whether a sheet can be linked to.
pub(super) fn write(
    notice: &Notice<'_>,
    look: &Look,
    state: &State,
    dialect: Dialect,
    links: impl Fn(&str) -> bool,
) -> ResultSheet {
    let mut page = Page {
        look,
        rows: Vec::new(),
        merges: Vec::new(),
        links: Vec::new(),
    };
    page.introduction(notice);
    let header_row = page.headers();
    // What has to be done comes first; an answered one keeps its place.
    let mut findings: Vec<&Finding> = notice.findings.iter().collect();
    findings.sort_by_key(|finding| (finding.severity, finding.review.consequence));
    for (number, finding) in (1_usize..).zip(findings) {
        let look = look_of(rank(notice, finding));
        page.finding(number, finding, look, notice.standing(finding), &links);
    }
    let last_row = u32::try_from(page.rows.len()).unwrap_or(header_row);
    page.remember(state);
    ResultSheet {
        xml: page.finish(notice, dialect, header_row),
        header_row,
        last_row,
    }
}

struct Page<'a> {
    look: &'a Look,
    rows: Vec<Row>,
    merges: Vec<String>,
    links: Vec<String>,
}

#[derive(Default)]
struct Row {
    /// Points, if not as high as its text.
    height: Option<u32>,
    cells: Vec<(u32, Use, String)>,
}

impl Row {
    /// Height in points, and whether it is to stay whatever is typed. A row as high as its text is
    /// measured all the same: not every program does it when it opens the file.
    fn height(&self) -> (u32, bool) {
        if let Some(height) = self.height {
            return (height, true);
        }
        let lines = |(at, _, text): &(u32, Use, String)| {
            let width = usize::try_from(*at).ok().and_then(|at| WIDTHS.get(at));
            width.map_or(1, |width| lines(text, *width))
        };
        let most = self
            .cells
            .iter()
            .map(lines)
            .max()
            .unwrap_or(1)
            .min(MOST_LINES);
        (u32::try_from(most).unwrap_or(1) * 16 + 4, false)
    }
}

/// Lines of the highest row: Excel's rows end at 409 points.
const MOST_LINES: usize = 25;

/// Lines that a text takes in a column so many characters wide, rather one too many.
fn lines(text: &str, width: u32) -> usize {
    let fits = usize::try_from(width).unwrap_or(1).saturating_sub(2).max(1);
    text.lines()
        .map(|line| line.chars().count().div_ceil(fits).max(1))
        .sum::<usize>()
        .max(1)
}

impl Page<'_> {
    /// Number, counted from 1, of the row that comes next.
    fn next(&self) -> usize {
        self.rows.len() + 1
    }

    /// Of a form that its owner wrote.
    fn form_introduction(&mut self, tally: &NoticeCounts) {
        self.line(Use::Title, 30, "KẾT QUẢ SOÁT BIỂU MẪU");
        self.line(Use::BoldLine, 20, &wording::form_verdict(tally));
        let text = "Bấm vào địa chỉ ở cột «Ô» để tới chỗ cần xem. Sửa ở chính tệp này cũng được: \
                    trang này, màu tô và ghi chú không làm hỏng biểu, lần soát sau sẽ tự thay.";
        self.line(Use::Line, 36, text);
        self.rows.push(Row {
            height: Some(8),
            cells: Vec::new(),
        });
    }

    fn introduction(&mut self, notice: &Notice<'_>) {
        let tally = tally(notice);
        if notice.subject == Subject::Form {
            self.form_introduction(&tally);
            return;
        }
        self.line(Use::Title, 30, "KẾT QUẢ KIỂM TRA BÁO CÁO");
        self.line(Use::BoldLine, 20, &wording::verdict(&tally));
        // Not "Đơn vị: …", which is how a form says whose it is.
        let unit = notice.unit_name.as_deref().map(|unit| format!("{unit} – "));
        let unit = format!("{}{}", unit.unwrap_or_default(), notice.period);
        self.line(Use::BoldLine, 18, &unit);
        let whom: Vec<String> = [
            (!notice.office.is_empty()).then(|| format!("Nơi kiểm tra: {}.", notice.office)),
            (!notice.contact.is_empty()).then(|| format!("Cần hỏi: {}.", notice.contact)),
            notice
                .deadline
                .filter(|_| tally.asks())
                .map(|day| format!("Hạn gửi: {}.", day.format("%d/%m/%Y"))),
        ]
        .into_iter()
        .flatten()
        .collect();
        if !whom.is_empty() {
            self.line(Use::Line, 18, &whom.join(" "));
        }
        self.legends(notice, &tally);
        let text = match tally.asks() {
            true => {
                "Bấm vào địa chỉ ở cột «Ô» để tới chỗ cần xem; ghi chú tại ô nói rõ lý do. Sửa \
                 xong, lưu và gửi lại chính tệp này. Không cần xóa trang này, màu tô hay ghi \
                 chú: lần kiểm tra sau sẽ tự thay."
            }
            false => {
                "Trang này báo đã nhận số liệu. Không phải sửa, không phải gửi lại; bảng dưới chỉ \
                 để biết. Bấm vào địa chỉ ở cột «Ô» để tới chỗ được nhắc."
            }
        };
        self.line(Use::Line, 36, text);
        self.rows.push(Row {
            height: Some(8),
            cells: Vec::new(),
        });
    }

    /// What each colour in the workbook means, of those that are there.
    fn legends(&mut self, notice: &Notice<'_>, tally: &NoticeCounts) {
        let suspects = |severity| {
            let suspects =
                |f: &Finding| f.severity == severity && notice.suspected_elsewhere(f).is_some();
            notice.findings.iter().any(suspects)
        };
        let is = |shade| notice.findings.iter().any(|f| notice.shade(f) == shade);
        if is(Shade::Wrong) || suspects(Severity::Error) {
            let text = "Số liệu sai, hoặc bị nghi sai nhất: xem và sửa tại ô đó trước.";
            self.legend(Use::Wrong, "Ô tô đỏ", text);
        }
        if is(Shade::Consequence) {
            let text = "Sai theo ô khác: chưa phải làm gì ở đây, sửa ô đỏ thì thường tự hết.";
            self.legend(Use::Consequence, "Ô tô cam nhạt", text);
        }
        if tally.warnings > 0 || suspects(Severity::Warning) {
            let text = "Số liệu có thể sai, cần xem lại. Nếu sai thì sửa tại ô; nếu đúng thì ghi \
                        lý do vào cột «Giải trình» ở bảng dưới.";
            self.legend(Use::Doubtful, "Ô tô vàng", text);
        }
        if is(Shade::Known) {
            let text = "Để biết, không phải làm gì (gồm cả chỗ đã có giải trình).";
            self.legend(Use::Known, "Ô tô xanh", text);
        }
    }

    /// One line across the page.
    fn line(&mut self, look: Use, height: u32, text: &str) {
        let row = self.next();
        self.merges.push(format!("A{row}:H{row}"));
        let cells = vec![(column::NUMBER, look, text.to_owned())];
        self.rows.push(Row {
            height: Some(height),
            cells,
        });
    }

    /// What a colour means.
    fn legend(&mut self, look: Use, colour: &str, text: &str) {
        let row = self.next();
        self.merges.push(format!("A{row}:B{row}"));
        self.merges.push(format!("C{row}:H{row}"));
        let cells = vec![
            (column::NUMBER, look, colour.to_owned()),
            (column::SEVERITY, look, String::new()),
            (column::SHEET, Use::Legend, text.to_owned()),
        ];
        self.rows.push(Row {
            height: Some(19),
            cells,
        });
    }

    fn headers(&mut self) -> u32 {
        let cells = (0_u32..).zip(HEADERS);
        let cells = cells
            .map(|(at, header)| (at, Use::Header, header.to_owned()))
            .collect();
        self.rows.push(Row {
            height: Some(24),
            cells,
        });
        u32::try_from(self.rows.len()).unwrap_or(1)
    }

    fn finding(
        &mut self,
        number: usize,
        finding: &Finding,
        look: Use,
        standing: Standing<'_>,
        links: &impl Fn(&str) -> bool,
    ) {
        let reason = match standing {
            Standing::Open => "",
            Standing::Justified(reason) => reason,
        };
        let mut name = wording::name(finding).to_owned();
        if standing != Standing::Open {
            name.push_str(" (đã giải trình)");
        }
        let sheet = finding
            .sheet
            .as_deref()
            .or(finding.form.as_deref())
            .unwrap_or("(cả tệp)");
        let cell = finding
            .cell
            .map(|cell| cell.to_string())
            .unwrap_or_default();
        let linked = self.link(finding, links);
        // Nobody explains an error away, and information needs no answer.
        let open = if finding.severity == Severity::Warning {
            Use::Input
        } else {
            Use::Closed
        };
        let cell_look = if linked { Use::Link } else { Use::Number };
        let own =
            |text: &Option<std::sync::Arc<str>>| text.as_deref().unwrap_or_default().to_owned();
        let cells = vec![
            (column::NUMBER, Use::Number, number.to_string()),
            (column::SEVERITY, look, name),
            (column::SHEET, Use::Text, sheet.to_owned()),
            (column::CELL, cell_look, cell),
            (column::MESSAGE, Use::Text, finding.message.vi.clone()),
            (column::FOUND, Use::Figure, wording::found(finding)),
            (
                column::SUGGESTION,
                Use::Figure,
                wording::suggestion(finding),
            ),
            (column::EXPLANATION, open, reason.to_owned()),
            (column::KEY, Use::Hidden, finding.id()),
            (column::RULE, Use::Hidden, finding.rule.clone()),
            (column::FORM, Use::Hidden, own(&finding.form)),
        ];
        self.rows.push(Row {
            height: None,
            cells,
        });
    }

    /// Links the next row to the finding's cell, if there is one to go to.
    fn link(&mut self, finding: &Finding, links: &impl Fn(&str) -> bool) -> bool {
        let sheet = finding.sheet.as_deref().filter(|sheet| links(sheet));
        let (Some(sheet), Some(cell)) = (sheet, finding.cell) else {
            return false;
        };
        let place = escape(&format!("'{}'!{cell}", sheet.replace('\'', "''")));
        let at = format!("{}{}", column_letters(column::CELL), self.next());
        let link = format!("ref=\"{at}\" location=\"{place}\" display=\"{cell}\"");
        self.links.push(link);
        true
    }

    /// Writes the mark and what a later undoing needs into the hidden columns.
    fn remember(&mut self, state: &State) {
        let mark = (column::KEY, Use::Hidden, MARK.to_owned());
        if let Some(first) = self.rows.first_mut() {
            first.cells.push(mark);
        }
        let header = self
            .rows
            .iter()
            .position(|row| row.cells.len() == HEADERS.len());
        let start = header.map_or(0, |header| header + 1);
        for (at, line) in (start..).zip(state.lines()) {
            if at == self.rows.len() {
                self.rows.push(Row::default());
            }
            self.rows[at].cells.push((column::STATE, Use::Hidden, line));
        }
    }

    fn finish(&self, notice: &Notice<'_>, dialect: Dialect, header_row: u32) -> String {
        let mut columns = String::new();
        for (number, width) in (1_u32..).zip(WIDTHS) {
            columns.push_str(&format!(
                "<col min=\"{number}\" max=\"{number}\" width=\"{width}.7109375\" customWidth=\"1\"/>"
            ));
        }
        let rows: String = (1_usize..)
            .zip(&self.rows)
            .map(|(at, row)| self.row(at, row))
            .collect();
        let merges: String = self
            .merges
            .iter()
            .map(|range| format!("<mergeCell ref=\"{range}\"/>"))
            .collect();
        let links: String = self
            .links
            .iter()
            .map(|link| format!("<hyperlink {link}/>"))
            .collect();
        let links = match links.is_empty() {
            true => String::new(),
            false => format!("<hyperlinks>{links}</hyperlinks>"),
        };
        let footer = escape(&notice.period.replace('&', "&&"));
        let below = header_row + 1;
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
             <worksheet xmlns=\"{}\"><sheetPr><tabColor rgb=\"FFC00000\"/><pageSetUpPr fitToPage=\"1\"/>\
             </sheetPr><sheetViews><sheetView showGridLines=\"0\" tabSelected=\"1\" workbookViewId=\"0\">\
             <pane ySplit=\"{header_row}\" topLeftCell=\"A{below}\" activePane=\"bottomLeft\" state=\"frozen\"/>\
             <selection pane=\"bottomLeft\" activeCell=\"A{below}\" sqref=\"A{below}\"/></sheetView></sheetViews>\
             <sheetFormatPr defaultRowHeight=\"15.75\"/><cols>{columns}\
             <col min=\"9\" max=\"12\" width=\"9.140625\" hidden=\"1\" customWidth=\"1\"/></cols>\
             <sheetData>{rows}</sheetData>\
             <sheetProtection sheet=\"1\" objects=\"1\" scenarios=\"1\" formatColumns=\"0\" formatRows=\"0\"/>\
             <mergeCells count=\"{}\">{merges}</mergeCells>{links}\
             <pageMargins left=\"0.5\" right=\"0.4\" top=\"0.6\" bottom=\"0.6\" header=\"0.3\" footer=\"0.3\"/>\
             <pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/>\
             <headerFooter><oddFooter>&amp;L{footer}&amp;RTrang &amp;P/&amp;N</oddFooter></headerFooter>\
             </worksheet>",
            dialect.main,
            self.merges.len(),
        )
    }

    fn row(&self, number: usize, row: &Row) -> String {
        let cell = |(at, look, text): &(u32, Use, String)| {
            let at = format!("{}{number}", column_letters(*at));
            let style = self.look.of(*look);
            if text.is_empty() {
                return format!("<c r=\"{at}\" s=\"{style}\"/>");
            }
            if *look == Use::Number && text.parse::<u32>().is_ok() {
                return format!("<c r=\"{at}\" s=\"{style}\"><v>{text}</v></c>");
            }
            format!(
                "<c r=\"{at}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                escape(&wording::clip(text))
            )
        };
        let cells: String = row.cells.iter().map(cell).collect();
        let (height, stays) = row.height();
        let stays = if stays { " customHeight=\"1\"" } else { "" };
        format!("<row r=\"{number}\" ht=\"{height}\"{stays}>{cells}</row>")
    }
}

/// Order of a finding in the list: what has to be done about it. Where another cell is suspected
/// the error is still one.
fn rank(notice: &Notice<'_>, finding: &Finding) -> Shade {
    match notice.shade(finding) {
        Shade::Consequence if !finding.review.consequence => Shade::Wrong,
        shade => shade,
    }
}

fn look_of(shade: Shade) -> Use {
    match shade {
        Shade::Wrong => Use::Wrong,
        Shade::Doubtful => Use::Doubtful,
        Shade::Consequence => Use::Consequence,
        Shade::Known => Use::Known,
    }
}

fn tally(notice: &Notice<'_>) -> NoticeCounts {
    let mut tally = NoticeCounts::default();
    for finding in notice.findings {
        let justified = notice.standing(finding) != Standing::Open;
        let count = match (finding.severity, rank(notice, finding)) {
            (Severity::Info, _) => &mut tally.infos,
            (Severity::Warning, _) if justified => &mut tally.justified,
            (Severity::Warning, _) => &mut tally.warnings,
            (Severity::Error, Shade::Consequence) => &mut tally.consequences,
            (Severity::Error, _) => &mut tally.errors,
        };
        *count += 1;
    }
    tally
}
