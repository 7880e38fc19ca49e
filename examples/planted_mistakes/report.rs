//! The page of the user guide, in Vietnamese.

use std::fmt::Write;

use tonghop::model::{Finding, Severity};

use super::book::Way;
use super::books::Sample;
use super::forms::{self, OfCampaign};
use super::measure::Outcome;
use super::tables::{self, Goals, counted, share};

/// What was measured.
pub struct Measured<'a> {
    pub sample: &'a Sample,
    /// In the accepted workbooks.
    pub outcomes: &'a [Outcome],
    /// In the figures of the printed reports.
    pub printed: &'a [Outcome],
    /// Form by form.
    pub forms: &'a [OfCampaign],
    pub seed: u64,
}

/// The whole page.
pub fn page(measured: &Measured<'_>) -> String {
    let mut page = String::new();
    intro(&mut page, measured);
    page.push_str("\n## Kết quả chính\n\n");
    summary(&mut page, measured);
    page.push_str(WORDS);
    page.push_str("\n## Thấy được bao nhiêu\n\n");
    tables::detection(&mut page, measured.outcomes);
    page.push_str(UNSEEN);
    page.push_str("\n## Chỉ đúng ô đến đâu\n\n");
    tables::accuracy(&mut page, measured.outcomes);
    page.push_str("\n## Từng kiểu lỗi: số gõ tay cả\n\nMỗi tệp một lỗi. Từ cột «ô sai đứng đầu» đến «kể đúng số lỗi» chỉ tính trường hợp xác định.\n\n");
    tables::by_kind(&mut page, measured.outcomes, Way::Typed);
    page.push_str("\n## Từng kiểu lỗi: công thức còn chạy\n\n");
    tables::by_kind(&mut page, measured.outcomes, Way::Alive);
    forms::section(&mut page, measured.forms);
    page.push_str("\n## Trên số của hai báo cáo đã in\n\nSố liệu và các phép tính của hai báo cáo đã in, mỗi báo cáo là một biểu ([tests/data/bao-cao-da-in](../tests/data/bao-cao-da-in)). Báo cáo không in lũy kế kỳ trước; số đó lấy bằng lũy kế trừ số trong kỳ, nên trên số đã in các phép cộng lũy kế đúng là do cách tính, không phải là bằng chứng. Nhiều số đã in không nối với số nào khác, nên nhiều lỗi không thể thấy.\n\n");
    tables::detection(&mut page, measured.printed);
    page.push('\n');
    tables::accuracy(&mut page, measured.printed);
    page.push_str("\n## Kiểu lỗi và trọng số\n\nTrọng số là số lần bốc thăm được, tính theo tỷ lệ. Đây là ước đoán, chưa ai đếm lỗi thật; lý do ghi cạnh từng kiểu. Kiểu nào không có chỗ trong tệp được chọn (ví dụ số từ 1.000 trở lên) thì bốc lại.\n\n");
    tables::kinds(&mut page);
    page.push_str(LIMITS);
    page
}

fn intro(page: &mut String, measured: &Measured<'_>) {
    writeln!(
        page,
        "# Ô nghi sai: đúng được bao nhiêu\n\n\
        Trang này do chương trình viết ra, đừng sửa tay. Làm lại (dưới một phút khi đã dịch xong):\n\n    \
        cargo run --release --example planted_mistakes\n\n\
        Lấy {} tệp đã được nhận của [đợt mẫu](../samples/vinh-long-2025-09/README.md), mỗi lần chọn một tệp, cố ý gây một hoặc hai lỗi như người ta hay mắc, rồi đưa cho `tonghop` đọc như mọi bản nộp: {} trường hợp (mầm ngẫu nhiên {}). Chương trình không được cho biết lỗi nằm ở đâu.\n\n\
        Tệp được điền theo hai cách, kể riêng:\n\n\
        - *Số gõ tay cả*: cả tổng, lũy kế, tỷ lệ cũng gõ tay, nên chỉ ô bị gây lỗi thay đổi.\n\
        - *Công thức còn chạy*: tổng, lũy kế, tỷ lệ là công thức của mẫu, nên tính lại theo số sai; tổng vẫn khớp, chỉ còn quy tắc giữa hai biểu và với kỳ trước thấy được.",
        counted(measured.sample.books.len()),
        counted(measured.outcomes.len()),
        measured.seed,
    )
    .expect("writing to a string");
}

fn summary(page: &mut String, measured: &Measured<'_>) {
    let goals = Goals::of(measured.outcomes);
    let books = measured.sample.books.len();
    let (errors, warnings) = (
        alarmed(&measured.sample.alarms, Severity::Error),
        alarmed(&measured.sample.alarms, Severity::Warning),
    );
    writeln!(
        page,
        "| | kết quả | mục tiêu |\n|---|---|---|\n\
        | Một lỗi, quy tắc xác định được ô: ô sai đứng đầu | {} | từ 90% |\n\
        | Một lỗi, quy tắc xác định được cả số: số gợi ý đúng | {} | từ 85% |\n\
        | Tệp sạch bị báo lỗi nhầm | {} | 0 |\n\
        | Tệp sạch bị cảnh báo | {} | dưới 1% |",
        share(goals.first, goals.clear),
        share(goals.value, goals.pinned),
        share(errors, books),
        share(warnings, books),
    )
    .expect("writing to a string");
}

/// Workbooks with such a finding.
fn alarmed(alarms: &[Finding], severity: Severity) -> usize {
    let mut files: Vec<&str> = alarms
        .iter()
        .filter(|finding| finding.severity == severity)
        .map(|finding| &*finding.file)
        .collect();
    files.sort_unstable();
    files.dedup();
    files.len()
}

const WORDS: &str = "
Chữ dùng ở trang này:

- *Xác định*: trong mọi ô gõ tay của đơn vị, các ô bị gây lỗi là bộ ít ô nhất, và là bộ duy nhất, mà sửa đi thì mọi quy tắc đều đúng. Điều này được tính riêng, bằng cách thử lần lượt từng ô rồi từng hai ô, không dùng phần tìm ô nghi sai của chương trình.
- *Nhiều cách giải thích*: còn bộ ô khác, cũng ít như vậy, sửa đi thì mọi quy tắc đều đúng. Ví dụ lũy kế = kỳ trước + trong kỳ, mà số kỳ trước đã biết: sai một trong hai ô còn lại thì quy tắc không phân biệt được. Khi đó chỉ có dấu vết của cách gõ nhầm giúp chọn.
- *Ít ô hơn cũng đủ*: hai lỗi, nhưng có một ô mà sửa riêng nó thì mọi quy tắc đã đúng.
- *Ô sai đứng đầu*: trong các ô mà các lỗi được báo cùng chỉ ra, ô sai đứng trước mọi ô khác. Lỗi kể dưới lỗi khác (hệ quả) không tính. Lỗi không nêu ô nghi sai thì tính là chỉ vào chính ô của nó. Hai lỗi trong một tệp: một trong hai ô đứng đầu là được.
- *Số gợi ý đúng*: ô sai đứng đầu (một mình hay cùng ô khác), và số gợi ý đúng bằng số ban đầu. Chỉ tính nơi quy tắc không cho phép số nào khác sát bên số đúng.
- *Kể đúng số lỗi*: một lỗi làm sai nhiều quy tắc vẫn kể thành một lỗi, các quy tắc khác là hệ quả kể dưới nó; hai lỗi thì kể thành hai.
";

const UNSEEN: &str = "
Vì sao có lỗi không thể thấy:

- *Không quy tắc nào đọc ô*: chỉ tiêu không nối với số nào khác (ví dụ số chữ ký số thay đổi, dấu x «được hỗ trợ»). Chỉ cảnh báo so với kỳ trước hoặc số kiểm soát giúp được.
- *Quy tắc vẫn đúng*: quy tắc đọc ô nhưng số sai vẫn thỏa, ví dụ quy tắc chỉ đòi không lớn hơn.
- *Công thức tính theo số sai*: gõ tay cả thì đã thấy; tổng và lũy kế là công thức nên khớp với số sai. Đổi lại, mẫu có công thức thì không có lỗi cộng.
";

const LIMITS: &str = "
## Chưa đo ở đây

- Mỗi trường hợp chỉ hỏi quy tắc của một đơn vị, với số đã chốt kỳ trước. Cảnh báo khác hẳn các đơn vị cùng loại và số kiểm soát cần đủ mọi đơn vị nên không tính vào «báo lỗi», «chỉ cảnh báo»; tệp sạch thì được kiểm tra đủ cả, như một lượt `tonghop consolidate`.
- Lỗi về bố cục (đổi tiêu đề, mất dòng, đổi tên trang) không có ở đây; xem [lỗi thường gặp](../samples/loi-thuong-gap/README.md).
- Số của từng đơn vị trong đợt mẫu là số bịa, phần lớn nhỏ. Số nhỏ hay trùng nhau nên khó hơn số lớn; số thật sẽ cho tỷ lệ khác.
";
