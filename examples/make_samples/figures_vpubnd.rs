//! Figures of Văn phòng Ủy ban nhân dân tỉnh for January to July 2025: all printed, but the reasons
//! given for the budget items, which are invented.

use super::filled::{Filing, FilledForm, FilledRow, Input, read_roster};
use super::shares::percent;

const ROSTER: &str = include_str!("../../samples/vpubnd-2025-07/roster.csv");

const OPERATION: [(&str, u64); 12] = [
    ("tin_bai", 1053),
    ("tin_chuyen_doi_so", 48),
    ("tin_an_toan", 10),
    ("van_ban_nhan", 22_281),
    ("van_ban_gui", 28_144),
    ("cuoc_hop", 132),
    ("tai_lieu_dien_tu", 1405),
    ("trang_tiet_kiem", 1_543_644),
    ("don_vi_bao_cao", 85),
    ("bao_cao_gui_nhan", 195),
    ("ho_so_tiep_nhan", 163_783),
    ("ho_so_da_giai_quyet", 149_535),
];

const PETITIONS: [(&str, u64); 7] = [
    ("tiep_nhan", 69),
    ("da_chuyen", 54),
    ("da_tra_loi", 47),
    ("chua_den_han", 6),
    ("qua_han", 1),
    ("tu_choi", 12),
    ("khong_du_thong_tin", 3),
];

/// Name, recurrent funds in million đồng, reason. No item asks for capital funds.
const BUDGET: [(&str, u64, &str); 6] = [
    (
        "Nâng cấp Cổng thông tin điện tử tỉnh",
        2000,
        "Bổ sung chức năng, tích hợp dữ liệu sau sắp xếp đơn vị hành chính",
    ),
    (
        "Nâng cấp Hệ thống thông tin báo cáo",
        2000,
        "Mở rộng cho xã, phường sau sắp xếp đơn vị hành chính",
    ),
    (
        "Nâng cấp Tổng đài 1022",
        1000,
        "Bổ sung kênh tiếp nhận phản ánh, kiến nghị",
    ),
    (
        "Nâng cấp Họp không giấy",
        1000,
        "Bổ sung tài khoản, dung lượng lưu trữ",
    ),
    (
        "Nâng cấp Công báo điện tử",
        500,
        "Đáp ứng yêu cầu đăng Công báo điện tử",
    ),
    (
        "Thiết bị mạng LAN",
        800,
        "Thay thế thiết bị đã hết hạn sử dụng",
    ),
];

/// The office's filing.
pub fn filing() -> Filing {
    let [unit]: [_; 1] = read_roster(ROSTER).try_into().expect("one unit");
    Filing {
        unit,
        forms: vec![operation(), petitions(), budget()],
    }
}

fn operation() -> FilledForm {
    let mut rows = counts(&OPERATION);
    let count = |row: &str| {
        OPERATION
            .iter()
            .find(|(id, _)| *id == row)
            .expect("listed")
            .1
    };
    let share = percent(count("ho_so_da_giai_quyet"), count("ho_so_tiep_nhan"));
    rows.push(FilledRow::single(
        "ty_le_giai_quyet",
        "so_luong",
        Input::Number(share),
    ));
    FilledForm {
        form: "van_hanh",
        rows,
    }
}

fn petitions() -> FilledForm {
    FilledForm {
        form: "pakn",
        rows: counts(&PETITIONS),
    }
}

fn counts(figures: &[(&str, u64)]) -> Vec<FilledRow> {
    figures
        .iter()
        .map(|&(row, count)| FilledRow::single(row, "so_luong", count.into()))
        .collect()
}

fn budget() -> FilledForm {
    let row = |&(name, funds, reason): &(&str, u64, &str)| FilledRow {
        row: name.to_owned(),
        cells: vec![
            ("ten".to_owned(), Input::Text(name.to_owned())),
            ("nguon_von_dau_tu".to_owned(), Input::Blank),
            ("su_nghiep".to_owned(), funds.into()),
            ("co_so_de_xuat".to_owned(), Input::Text(reason.to_owned())),
        ],
    };
    FilledForm {
        form: "kinh_phi",
        rows: BUDGET.iter().map(row).collect(),
    }
}
