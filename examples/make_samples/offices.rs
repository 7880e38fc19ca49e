//! How large units are and which fields of work they have. All of it is invented; only the names
//! of the fields are real ones.

use super::filled::Unit;
use super::spread::{draw, hash};

/// How much of each kind of work a unit has; only proportions count.
#[derive(Clone, Copy)]
pub enum Work {
    /// Administrative procedures.
    Procedures,
    /// Documents sent and received.
    Documents,
    /// Accounts, mailboxes, signatures: the number of staff.
    Staff,
}

/// A sở, ban, ngành: weight for procedures, documents and staff, and its fields of work with
/// their weights. A commune of middle size weighs 100.
struct Department {
    code: &'static str,
    weights: [u64; 3],
    fields: &'static [(&'static str, u64)],
}

const DEPARTMENTS: [Department; 15] = [
    Department {
        code: "H61.01",
        weights: [12, 2600, 350],
        fields: &[("Lãnh sự", 2), ("Hội nghị, hội thảo quốc tế", 1)],
    },
    Department {
        code: "H61.02",
        weights: [420, 1100, 420],
        fields: &[
            ("Thi đua, khen thưởng", 9),
            ("Người có công", 30),
            ("Việc làm", 22),
            ("Lao động, tiền lương", 6),
            ("Công chức, viên chức", 3),
            ("Tổ chức hội, quỹ", 2),
        ],
    },
    Department {
        code: "H61.03",
        weights: [330, 480, 210],
        fields: &[
            ("Công chứng", 10),
            ("Luật sư", 5),
            ("Đấu giá tài sản", 2),
            ("Quốc tịch", 3),
            ("Hộ tịch", 8),
            ("Nuôi con nuôi", 1),
        ],
    },
    Department {
        code: "H61.04",
        weights: [960, 1000, 330],
        fields: &[
            ("Thành lập và hoạt động của doanh nghiệp", 60),
            ("Đầu tư tại Việt Nam", 5),
            ("Quản lý công sản", 2),
            ("Quản lý giá", 1),
        ],
    },
    Department {
        code: "H61.05",
        weights: [840, 640, 240],
        fields: &[
            ("Xúc tiến thương mại", 40),
            ("Lưu thông hàng hóa trong nước", 12),
            ("Điện", 3),
            ("An toàn thực phẩm", 6),
            ("Hóa chất", 1),
        ],
    },
    Department {
        code: "H61.06",
        weights: [2600, 1500, 1500],
        fields: &[
            ("Đất đai", 70),
            ("Môi trường", 5),
            ("Tài nguyên nước", 3),
            ("Thủy sản", 12),
            ("Thú y", 6),
            ("Bảo vệ thực vật", 7),
            ("Quản lý chất lượng nông lâm sản và thủy sản", 5),
        ],
    },
    Department {
        code: "H61.07",
        weights: [1500, 1000, 380],
        fields: &[
            ("Hoạt động xây dựng", 18),
            ("Đường bộ", 55),
            ("Đường thủy nội địa", 9),
            ("Đăng kiểm", 6),
            ("Nhà ở và công sở", 2),
            ("Quy hoạch đô thị và nông thôn", 2),
        ],
    },
    Department {
        code: "H61.08",
        weights: [110, 620, 260],
        fields: &[
            ("Tiêu chuẩn đo lường chất lượng", 5),
            ("An toàn bức xạ và hạt nhân", 3),
            ("Hoạt động khoa học và công nghệ", 2),
            ("Bưu chính", 1),
        ],
    },
    Department {
        code: "H61.09",
        weights: [230, 600, 420],
        fields: &[
            ("Quảng cáo", 12),
            ("Du lịch", 4),
            ("Nghệ thuật biểu diễn", 3),
            ("Thể dục, thể thao", 3),
            ("Di sản văn hóa", 1),
            ("Báo chí", 2),
        ],
    },
    Department {
        code: "H61.10",
        weights: [320, 1300, 9800],
        fields: &[
            ("Hệ thống văn bằng, chứng chỉ", 25),
            ("Giáo dục trung học", 5),
            ("Giáo dục nghề nghiệp", 4),
            ("Giáo dục thường xuyên", 1),
            ("Thi, tuyển sinh", 2),
        ],
    },
    Department {
        code: "H61.11",
        weights: [1050, 900, 5600],
        fields: &[
            ("Khám bệnh, chữa bệnh", 30),
            ("Dược phẩm", 24),
            ("An toàn thực phẩm và dinh dưỡng", 9),
            ("Y tế dự phòng", 2),
            ("Mỹ phẩm", 1),
            ("Bảo trợ xã hội", 3),
        ],
    },
    Department {
        code: "H61.12",
        weights: [70, 330, 130],
        fields: &[("Tín ngưỡng, tôn giáo", 6), ("Công tác dân tộc", 1)],
    },
    Department {
        code: "H61.13",
        weights: [0, 350, 190],
        fields: &[
            ("Tiếp công dân", 1),
            ("Xử lý đơn", 1),
            ("Giải quyết khiếu nại", 1),
            ("Giải quyết tố cáo", 1),
        ],
    },
    Department {
        code: "H61.14",
        weights: [160, 380, 110],
        fields: &[
            ("Đầu tư tại Việt Nam", 3),
            ("Hoạt động xây dựng", 2),
            ("Lao động", 6),
            ("Thương mại quốc tế", 1),
        ],
    },
    Department {
        code: "H61.15",
        weights: [1700, 820, 1300],
        fields: &[
            ("Đăng ký, quản lý phương tiện giao thông", 20),
            ("Quản lý xuất nhập cảnh", 18),
            ("Lý lịch tư pháp", 25),
            ("Ngành nghề đầu tư kinh doanh có điều kiện", 2),
            ("Phòng cháy, chữa cháy", 2),
        ],
    },
];

/// Fields every commune has, with their weights.
const COMMUNE_FIELDS: [(&str, u64); 3] = [("Hộ tịch", 40), ("Chứng thực", 34), ("Đất đai", 24)];

/// Fields some communes have besides.
const OTHER_COMMUNE_FIELDS: [(&str, u64); 9] = [
    ("Bảo trợ xã hội", 12),
    ("Thành lập và hoạt động của hộ kinh doanh", 9),
    ("Người có công", 5),
    ("Hoạt động xây dựng", 5),
    ("Việc làm", 2),
    ("Môi trường", 2),
    ("Giáo dục mầm non", 1),
    ("Nuôi con nuôi", 1),
    ("Thủy sản", 1),
];

fn department(unit: &Unit) -> &'static Department {
    DEPARTMENTS
        .iter()
        .find(|department| department.code == unit.code)
        .unwrap_or_else(|| panic!("no invented figures for {}", unit.code))
}

/// How much of `work` a unit has. A ward has somewhat more than a commune.
pub fn weight(unit: &Unit, work: Work) -> u64 {
    if !unit.is_commune() {
        return department(unit).weights[work as usize];
    }
    let size = draw(&format!("size {}", unit.code), 60, 140);
    if unit.kind == "phuong" {
        size * 3 / 2
    } else {
        size
    }
}

/// The fields of work of a unit with their weights: all of a department's, three to eight of a
/// commune's.
pub fn fields(unit: &Unit) -> Vec<(&'static str, u64)> {
    if !unit.is_commune() {
        return department(unit).fields.to_vec();
    }
    let extra = draw(&format!("fields {}", unit.code), 0, 5);
    let mut others: Vec<_> = OTHER_COMMUNE_FIELDS.iter().enumerate().collect();
    // The more usual a field, the sooner a commune has it.
    others
        .sort_by_key(|(i, (name, _))| *i as u64 * 3 + hash(&format!("{name} {}", unit.code)) % 10);
    others.truncate(usize::try_from(extra).expect("at most five"));
    others.sort_by_key(|(i, _)| *i);
    COMMUNE_FIELDS
        .into_iter()
        .chain(others.into_iter().map(|(_, &field)| field))
        .collect()
}
