//! The mistakes people make, how often, and how each is made. Weights are judgements, not counts:
//! nobody has counted. The evidence is given beside each.

use rust_decimal::Decimal;
use tonghop::model::Number;
use tonghop::rules::scope::{CellRef, RowRef};

use super::book::{Change, Typed};
use super::digits;
use super::ground::{Figure, Ground};
use super::random::Random;

/// A kind of mistake.
pub struct Kind {
    /// What it is called in the report.
    pub name: &'static str,
    /// How many of all mistakes are of this kind, in proportion.
    pub weight: usize,
    /// Why so many.
    pub why: &'static str,
    /// Makes one; `None` if this workbook has no place for it.
    pub make: fn(&Ground, &mut Random) -> Option<Vec<Change>>,
}

/// All kinds.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "Đảo hai chữ số liền nhau",
        weight: 10,
        why: "lỗi gõ số hay gặp nhất sau gõ nhầm phím",
        make: |g, r| number(g, r, digits::transposed),
    },
    Kind {
        name: "Gõ nhầm một chữ số (phím bên cạnh)",
        weight: 14,
        why: "lỗi gõ số hay gặp nhất",
        make: |g, r| number(g, r, digits::mistyped),
    },
    Kind {
        name: "Gõ sót một chữ số",
        weight: 8,
        why: "gõ nhanh, phím không ăn",
        make: |g, r| number(g, r, digits::missed),
    },
    Kind {
        name: "Một chữ số bị gõ hai lần",
        weight: 5,
        why: "giữ phím lâu",
        make: |g, r| number(g, r, digits::doubled),
    },
    Kind {
        name: "Thừa một chữ số (chạm phím bên cạnh)",
        weight: 5,
        why: "chạm hai phím một lúc",
        make: |g, r| number(g, r, digits::extra),
    },
    Kind {
        name: "Thừa hoặc sót số 0 ở cuối",
        weight: 5,
        why: "số tròn chục, tròn trăm gõ nhầm số 0",
        make: trailing_zero,
    },
    Kind {
        name: "Dấu chấm nghìn thành dấu thập phân (3.259 thành 3,259)",
        weight: 4,
        why: "máy đặt tiếng Anh; chỉ xảy ra với số từ 1.000",
        make: separator,
    },
    Kind {
        name: "Lệch nghìn lần",
        weight: 3,
        why: "nhầm đơn vị tính, nhầm dấu phân cách",
        make: |g, r| number(g, r, thousand),
    },
    Kind {
        name: "Lệch triệu lần",
        weight: 1,
        why: "ghi đồng thay vì triệu đồng; hiếm ở số đếm",
        make: |g, r| number(g, r, |n, _| whole(n * Decimal::from(1_000_000))),
    },
    Kind {
        name: "Nhầm dấu phẩy của tỷ lệ",
        weight: 2,
        why: "chỉ ở ô tỷ lệ; gõ sót dấu phẩy, hoặc ghi 0,58 thay cho 58",
        make: percent_comma,
    },
    Kind {
        name: "Số âm",
        weight: 2,
        why: "gõ gạch đầu dòng trước số",
        make: |g, r| number(g, r, |n, _| Some(-n)),
    },
    Kind {
        name: "Hai ô cạnh nhau đổi chỗ",
        weight: 6,
        why: "đọc nhầm dòng, nhầm cột của sổ gốc",
        make: swapped,
    },
    Kind {
        name: "Một dãy ô lệch đi một ô",
        weight: 3,
        why: "gõ lặp một số, các số sau trôi theo",
        make: shifted,
    },
    Kind {
        name: "Chép lại số của dòng trên",
        weight: 5,
        why: "kéo ô, dán nhầm",
        make: row_above,
    },
    Kind {
        name: "Gửi lại số của kỳ trước",
        weight: 4,
        why: "làm trên tệp của kỳ trước, quên sửa một ô",
        make: last_period,
    },
    Kind {
        name: "Dấu chú thích dính vào số (66 thành 662)",
        weight: 2,
        why: "chép từ văn bản có chú thích",
        make: |g, r| number(g, r, digits::footnote),
    },
    Kind {
        name: "Để trống ô phải ghi",
        weight: 8,
        why: "không phát sinh thì hay để trống",
        make: blank,
    },
    Kind {
        name: "Sửa số thành phần, quên sửa tổng",
        weight: 8,
        why: "sửa vào phút chót; chỉ khi tổng gõ tay",
        make: stale_total,
    },
    Kind {
        name: "Tổng cộng sót một thành phần",
        weight: 4,
        why: "cộng tay; chỉ khi tổng gõ tay",
        make: partial_total,
    },
    Kind {
        name: "Lũy kế quên cộng số trong kỳ",
        weight: 4,
        why: "chép lũy kế kỳ trước; chỉ khi lũy kế gõ tay",
        make: not_added,
    },
    Kind {
        name: "Số kỳ trước chép nhầm lũy kế kỳ này",
        weight: 3,
        why: "hai cột lũy kế đứng gần nhau",
        make: closing_as_opening,
    },
    Kind {
        name: "Sót một dấu x",
        weight: 3,
        why: "bảng tiêu chí dài",
        make: |g, r| tick(g, r, true),
    },
    Kind {
        name: "Thừa một dấu x",
        weight: 2,
        why: "đánh dấu nhầm dòng",
        make: |g, r| tick(g, r, false),
    },
    Kind {
        name: "Một số bất kỳ",
        weight: 3,
        why: "chép nhầm chỗ khác, không theo quy luật nào",
        make: |g, r| number(g, r, random_figure),
    },
];

/// A kind, drawn by weight.
pub fn draw(random: &mut Random) -> usize {
    let all: usize = KINDS.iter().map(|kind| kind.weight).sum();
    let mut left = random.below(all);
    for (index, kind) in KINDS.iter().enumerate() {
        match left.checked_sub(kind.weight) {
            Some(rest) => left = rest,
            None => return index,
        }
    }
    0
}

fn to(at: CellRef, number: Number) -> Change {
    Change {
        at,
        typed: Typed::Number(number),
    }
}

/// Tries some cells until the slip is possible in one.
fn one(
    ground: &Ground,
    random: &mut Random,
    mut slip: impl FnMut(&Figure, &mut Random) -> Option<Number>,
) -> Option<Vec<Change>> {
    for _ in 0..60 {
        let figure = *random.pick(&ground.figures)?;
        if let Some(typed) = slip(&figure, random).filter(|typed| *typed != figure.number) {
            return Some(vec![to(figure.at, typed)]);
        }
    }
    None
}

/// One of a list of pairs that differ, the second figure put in the first one's place.
fn copied(
    ground: &Ground,
    random: &mut Random,
    pairs: &[(CellRef, CellRef)],
) -> Option<Vec<Change>> {
    for _ in 0..20 {
        let (at, from) = *random.pick(pairs)?;
        let (own, other) = (ground.number(at)?, ground.shown(from));
        if let Some(other) = other.filter(|other| *other != own) {
            return Some(vec![to(at, other)]);
        }
    }
    None
}

fn number(
    ground: &Ground,
    random: &mut Random,
    slip: impl Fn(Number, &mut Random) -> Option<Number>,
) -> Option<Vec<Change>> {
    one(ground, random, |figure, random| slip(figure.number, random))
}

fn whole(number: Number) -> Option<Number> {
    (!number.is_zero()).then(|| number.normalize())
}

fn trailing_zero(ground: &Ground, random: &mut Random) -> Option<Vec<Change>> {
    number(ground, random, |figure, random| {
        let tenth = (figure / Decimal::TEN).normalize();
        match figure.is_integer() && tenth.is_integer() && random.chance(50) {
            true => whole(tenth),
            false => whole(figure * Decimal::TEN),
        }
    })
}

fn separator(ground: &Ground, random: &mut Random) -> Option<Vec<Change>> {
    one(ground, random, |figure, _| {
        let split = (figure.number / Decimal::ONE_THOUSAND).normalize();
        (!figure.percent && figure.number >= Decimal::ONE_THOUSAND && split.scale() == 3)
            .then_some(split)
    })
}

/// 2.000 typed with a dot that was a decimal point is 2; the other way round where the unit of
/// measure was mistaken.
fn thousand(figure: Number, _: &mut Random) -> Option<Number> {
    let split = (figure / Decimal::ONE_THOUSAND).normalize();
    match split.is_integer() {
        true => whole(split),
        false => whole(figure * Decimal::ONE_THOUSAND),
    }
}

fn percent_comma(ground: &Ground, random: &mut Random) -> Option<Vec<Change>> {
    one(ground, random, |figure, random| {
        if !figure.percent {
            return None;
        }
        let hundred = Decimal::ONE_HUNDRED;
        match random.below(3) {
            0 => whole(figure.number / hundred),
            1 if figure.number.scale() == 2 => whole(figure.number * hundred),
            _ => whole(figure.number * Decimal::TEN),
        }
    })
}

fn neighbours(at: CellRef) -> [Option<CellRef>; 2] {
    let right = CellRef {
        column: at.column + 1,
        ..at
    };
    let below = match at.row {
        RowRef::Row(row) => Some(CellRef {
            row: RowRef::Row(row + 1),
            ..at
        }),
        RowRef::Total => None,
    };
    [Some(right), below]
}

fn swapped(ground: &Ground, random: &mut Random) -> Option<Vec<Change>> {
    for _ in 0..40 {
        let first = *random.pick(&ground.figures)?;
        let second = neighbours(first.at)[random.below(2)];
        let Some((at, other)) = second.and_then(|at| Some((at, ground.number(at)?))) else {
            continue;
        };
        if other != first.number {
            return Some(vec![to(first.at, other), to(at, first.number)]);
        }
    }
    None
}

/// A figure is typed twice, those behind it move on by one cell, the last is lost.
fn shifted(ground: &Ground, random: &mut Random) -> Option<Vec<Change>> {
    for _ in 0..40 {
        let start = *random.pick(&ground.figures)?;
        let (direction, length) = (random.below(2), 2 + random.below(3));
        let mut run = vec![(start.at, start.number)];
        while run.len() <= length {
            let next = run.last().and_then(|(at, _)| neighbours(*at)[direction]);
            match next.and_then(|at| Some((at, ground.number(at)?))) {
                Some(next) => run.push(next),
                None => break,
            }
        }
        let moved = run.windows(2).map(|pair| (pair[1].0, pair[1].1, pair[0].1));
        let moved: Vec<Change> = moved
            .filter(|(_, own, before)| own != before)
            .map(|(at, _, before)| to(at, before))
            .collect();
        if run.len() > 2 && moved.len() > 1 {
            return Some(moved);
        }
    }
    None
}

fn row_above(ground: &Ground, random: &mut Random) -> Option<Vec<Change>> {
    let above = |figure: &Figure| match figure.at.row {
        RowRef::Row(row) => Some((
            figure.at,
            CellRef {
                row: RowRef::Row(row.checked_sub(1)?),
                ..figure.at
            },
        )),
        RowRef::Total => None,
    };
    let pairs: Vec<_> = ground.figures.iter().filter_map(above).collect();
    let pairs: Vec<_> = pairs
        .into_iter()
        .filter(|(_, from)| ground.shown(*from).is_some())
        .collect();
    copied(ground, random, &pairs)
}

fn last_period(ground: &Ground, random: &mut Random) -> Option<Vec<Change>> {
    one(ground, random, |figure, _| {
        ground.last.get(&figure.at).copied()
    })
}

fn blank(ground: &Ground, random: &mut Random) -> Option<Vec<Change>> {
    let at = random.pick(&ground.figures)?.at;
    Some(vec![Change {
        at,
        typed: Typed::Blank,
    }])
}

/// One addend was another figure when the total was typed.
fn stale_total(ground: &Ground, random: &mut Random) -> Option<Vec<Change>> {
    let (total, _) = random.pick(&ground.sums)?;
    let own = ground.number(*total)?;
    let by = Decimal::from(1 + random.below(9));
    let typed = match random.chance(50) {
        true => own + by,
        false => own - by,
    };
    (typed >= Decimal::ZERO).then(|| vec![to(*total, typed)])
}

fn partial_total(ground: &Ground, random: &mut Random) -> Option<Vec<Change>> {
    for _ in 0..20 {
        let (total, addends) = random.pick(&ground.sums)?;
        let (own, left_out) = (
            ground.number(*total)?,
            ground.shown(*random.pick(addends)?)?,
        );
        let typed = own - left_out;
        if !left_out.is_zero() && typed >= Decimal::ZERO {
            return Some(vec![to(*total, typed)]);
        }
    }
    None
}

fn not_added(ground: &Ground, random: &mut Random) -> Option<Vec<Change>> {
    let swap = |(opening, closing): &(CellRef, CellRef)| (*closing, *opening);
    let pairs: Vec<_> = ground.continued.iter().map(swap).collect();
    copied(ground, random, &pairs)
}

fn closing_as_opening(ground: &Ground, random: &mut Random) -> Option<Vec<Change>> {
    copied(ground, random, &ground.openings)
}

fn tick(ground: &Ground, random: &mut Random, ticked: bool) -> Option<Vec<Change>> {
    let boxes = ground.boxes.iter().filter(|(_, now)| *now == ticked);
    let boxes: Vec<CellRef> = boxes.map(|(at, _)| *at).collect();
    let at = *random.pick(&boxes)?;
    let typed = match ticked {
        true => Typed::Blank,
        false => Typed::Flag(true),
    };
    Some(vec![Change { at, typed }])
}

fn random_figure(figure: Number, random: &mut Random) -> Option<Number> {
    let digits = figure.trunc().abs().to_string().len().clamp(1, 6);
    let below = 10_usize.pow(u32::try_from(digits).ok()?);
    Some(Decimal::from(random.below(below)))
}
