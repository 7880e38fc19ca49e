//! Control totals: a figure the office knows from elsewhere against a unit's cell or a total over
//! units, and a department's own consolidated figure against the sum of the units it is about.

mod ask;
mod both_levels;
mod cause;
mod declared;
mod level_words;
pub(super) mod levels;
mod unit;
mod words;

use super::page::Page;

pub use ask::{AtUnits, at_units, confirmed, over_units};
pub use both_levels::both_levels;
pub use declared::{Control, Wanted};
pub use levels::{at_level, levels};

/// The page of the user guide.
pub const PAGE: Page = Page {
    title: "Số kiểm soát",
    rules: &[],
    what: "Đối chiếu số của một đơn vị, hoặc tổng của các đơn vị, với số mà cơ quan đã biết từ hệ thống khác; đối chiếu số \
           tổng hợp do một sở tự báo cáo với tổng của các đơn vị. Tổng chỉ được đối chiếu khi mọi đơn vị phải gửi biểu đã được nhận; \
           chưa đủ thì có ghi chú kể tên đơn vị còn thiếu. Khi tổng không khớp, chương trình tìm đơn vị mà chỉ một số lệch nghìn lần, \
           triệu lần hoặc đảo hai chữ số là giải thích đúng phần chênh lệch.",
    why: "Một số lệch mà mọi phép cộng vẫn đúng thì chỉ số từ nơi khác mới cho thấy: 2 + 2 + 1 + 1 + 500 + 800 = 1.306 cân y như 7.300.",
    parameters: "`[[control]]` trong `campaign.toml`:\n\n\
                 | Khóa | Nghĩa |\n|---|---|\n\
                 | `id` | tên, cũng là tên quy tắc của phát hiện |\n\
                 | `cell` | ô: `biểu!dòng.cột`, hoặc `biểu!cột` với biểu có dòng tự thêm (tổng các dòng) |\n\
                 | `unit` | mã đơn vị; không ghi là tổng của mọi đơn vị phải gửi biểu |\n\
                 | `kinds` | chỉ cộng các loại đơn vị này |\n\
                 | `value` | số đã biết |\n\
                 | `equals` | thay cho `value`: biểu thức trên tổng của các đơn vị |\n\
                 | `path` | thay cho cả hai: tệp CSV, mỗi dòng một số |\n\
                 | `source` | lấy từ đâu; bắt buộc với `value` |\n\
                 | `tolerance` | được lệch nhiều nhất bao nhiêu, mặc định 0 |\n\
                 | `severity` | `\"error\"` (mặc định) hoặc `\"warning\"` |\n\
                 | `label` | gọi số này là gì |\n\n\
                 ```toml\n[[control]]\nid = \"vneid-lech-so-cong-an\"\ncell = \"tthc_ky!vneid.trong_ky\"\nvalue = 2101\n\
                 source = \"Công an tỉnh, xuất ngày 03/10/2025\"\n\n[[control]]\nid = \"ho-so-lech-cong-dich-vu-cong\"\npath = \"controls.csv\"\n\n\
                 [[control]]\nid = \"so-bao-cao-khac-tong-cac-xa\"\nunit = \"H61.08\"\ncell = \"nen_tang!tong_chu_ky_so.ket_qua\"\n\
                 equals = \"SUM(chu_ky_so!tong.cuoi_ky)\"\nkinds = [\"xa\", \"phuong\"]\n```\n\n\
                 `controls.csv` có dòng đầu `unit,cell,value,source`, thêm được `id`, `label`, `tolerance`. Ô `unit` trống là tổng toàn tỉnh; \
                 dòng như vậy phải có `id` riêng.",
    example: "Hệ thống một cửa có 2.101 lượt; tổng các đơn vị là 77.026, lệch 74.925: một xã ghi 75.000 mà đúng ra là 75.",
    clerk: "Cán bộ thấy số của mình, số kiểm soát và nguồn của nó, rồi đối chiếu với hệ thống đó. Số toàn tỉnh không khớp thì báo ở phần chung, \
            không báo cho đơn vị nào.",
};
