//! Models of typing slips, and how strong the evidence is when one such slip explains a figure.

use crate::extract::to_type_again;
use crate::model::{CellAddress, Message, Number, Value};

/// What turned the figure meant into the figure found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slip {
    /// Two neighbouring digits the other way round.
    Transposed,
    /// One digit is another.
    Digit,
    /// One digit is missing.
    Missed,
    /// One digit is doubled.
    Doubled,
    /// One digit too many.
    Extra,
    /// A footnote mark stuck to the end of the figure.
    Glued(char),
    /// A percentage of the other part: 100 less what was meant.
    Complement,
    /// Above zero instead of below, or the reverse.
    Sign,
    /// So many zeros too many (or, below zero, too few): a separator, or another unit of measure.
    Zeros(i32),
    /// Two cells hold each other's figures; the other one.
    Swapped(CellAddress),
    /// Two columns hold each other's figures; the first cells that do.
    Columns([CellAddress; 2]),
    /// The figure of the cell beside it; that cell.
    Beside(CellAddress),
    /// The figure of the row above.
    Above,
    /// Last period's figure.
    LastPeriod,
    /// A box that was ticked last period (`true`), or was not, and now is the other way round.
    Turned(bool),
    /// No figure, so that a formula over the cell shows nothing and totals leave it out.
    Open,
    /// The figure is right and stored as text: sums of the workbook leave it out.
    Text,
    /// A total without the row of this cell.
    RowLeftOut(CellAddress),
    /// A total that counts the row of this cell twice.
    RowTwice(CellAddress),
    /// A sum without this cell.
    PartLeftOut(CellAddress),
    /// A sum that counts this cell twice.
    PartTwice(CellAddress),
}

/// What an unexplained change of a figure costs.
pub(super) const UNEXPLAINED: u32 = 6;

/// Longest figure, in digits, that is looked at digit by digit; no decimal has more.
const LONGEST: usize = 30;

impl Slip {
    /// The slip of the fingers that turns `meant` into `found`, if one does.
    pub(super) fn of(found: Number, meant: Number) -> Option<Slip> {
        if found == meant {
            return None;
        }
        if found.is_zero() || meant.is_zero() {
            let one_digit = plain(found).len() == 1 && plain(meant).len() == 1;
            return one_digit.then_some(Slip::Digit);
        }
        if found == -meant {
            return Some(Slip::Sign);
        }
        if found.is_sign_negative() != meant.is_sign_negative() {
            return None;
        }
        zeros(found, meant).or_else(|| digits(found, meant))
    }

    /// Cost of the slip: 1 if a figure looks like it only by rare chance, up to [`UNEXPLAINED`] if
    /// any figure does (between figures of one digit every change is a slip).
    pub(super) fn cost(self, found: Number, meant: Number) -> u32 {
        let (one, other) = (plain(found).len(), plain(meant).len());
        let length = match self {
            // Two figures are both where the other belongs.
            Slip::Swapped(_) => one.max(other),
            _ => one.min(other),
        };
        let by_length = |strong: u32| match length {
            0 | 1 if neighbouring_keys(found, meant) => 4,
            0 | 1 => UNEXPLAINED - 1,
            2 => strong.max(4),
            3 => strong.max(2),
            _ => strong,
        };
        match self {
            Slip::Text | Slip::Open | Slip::Columns(_) => 0,
            Slip::Turned(_) | Slip::RowLeftOut(_) | Slip::RowTwice(_) => 1,
            Slip::PartLeftOut(_) | Slip::PartTwice(_) => 1,
            Slip::Transposed | Slip::Sign | Slip::Complement => 1,
            Slip::Zeros(zeros) if zeros.abs() >= 3 => 1,
            Slip::Zeros(_) | Slip::Glued(_) => 2,
            Slip::Doubled | Slip::Swapped(_) => by_length(1),
            Slip::Missed | Slip::Extra | Slip::Digit => by_length(2),
            // Round figures are often the same.
            Slip::LastPeriod | Slip::Above | Slip::Beside(_) => match significant(found) {
                0 | 1 => UNEXPLAINED,
                2 => 4,
                _ => 2,
            },
        }
    }

    /// Why the cell is suspected.
    pub(super) fn reason(self) -> Message {
        let told = |vi: &str, en: &str| Message::new(vi, en);
        match self {
            Slip::Transposed => told(
                "nghi gõ đảo hai chữ số liền nhau",
                "two neighbouring digits may be swapped",
            ),
            Slip::Digit => told("nghi gõ nhầm một chữ số", "one digit may be mistyped"),
            Slip::Missed => told("nghi gõ thiếu một chữ số", "one digit may be missing"),
            Slip::Doubled => told(
                "nghi một chữ số bị gõ hai lần",
                "one digit may have been typed twice",
            ),
            Slip::Extra => told("nghi gõ thừa một chữ số", "there may be one digit too many"),
            Slip::Glued(mark) => Message::new(
                format!("nghi chữ số {mark} ở cuối là dấu chú thích dính vào số, hoặc gõ thừa"),
                format!(
                    "the {mark} at the end may be a footnote mark typed behind the figure, or one digit too many"
                ),
            ),
            Slip::Complement => told(
                "nghi ghi nhầm tỷ lệ của phần còn lại (100% trừ đi)",
                "it may be the percentage of the other part (100% less it)",
            ),
            Slip::Sign => told(
                "nghi nhầm dấu âm, dương",
                "the sign may be the other way round",
            ),
            Slip::Zeros(zeros) => of_zeros(zeros),
            Slip::Swapped(other) => Message::new(
                format!("nghi ghi đổi chỗ với ô {other}"),
                format!("its figure and that of {other} seem to have changed places"),
            ),
            Slip::Columns(cells) => {
                let [one, other] = cells.map(CellAddress::column_letters);
                Message::new(
                    format!(
                        "nghi cả cột {one} và cột {other} bị đổi chỗ cho nhau (số liệu hoặc tiêu đề): đổi lại ở mọi dòng"
                    ),
                    format!(
                        "the figures or the headers of columns {one} and {other} seem to have changed places, in all rows"
                    ),
                )
            }
            Slip::Beside(other) => Message::new(
                format!("số này giống hệt ô {other} bên cạnh, nghi ghi nhầm ô"),
                format!(
                    "it is the same figure as in {other} beside it; it may be in the wrong cell"
                ),
            ),
            Slip::Above => told(
                "số này giống hệt dòng trên, nghi chép nhầm dòng",
                "it is the same figure as in the row above; it may be copied from the wrong row",
            ),
            Slip::Text => to_type_again(),
            Slip::Turned(true) => told(
                "kỳ trước ô này đã đánh dấu, nghi kỳ này sót dấu x",
                "it was ticked last period; the mark may be missing",
            ),
            Slip::Turned(false) => told(
                "kỳ trước ô này không đánh dấu, nghi kỳ này thừa dấu x",
                "it was not ticked last period; there may be a mark too many",
            ),
            Slip::Open => told(
                "ô này chưa có số nên công thức tính từ nó không ra số, và dòng tổng bỏ sót",
                "this cell has no figure, so a formula over it shows nothing and the total leaves it out",
            ),
            Slip::RowLeftOut(cell) => Message::new(
                format!(
                    "lệch đúng bằng số ở ô {cell}, nghi dòng tổng chưa cộng dòng {}",
                    cell.row + 1
                ),
                format!(
                    "the difference is the figure in {cell}; row {} may be left out of the total",
                    cell.row + 1
                ),
            ),
            Slip::PartLeftOut(cell) => Message::new(
                format!("lệch đúng bằng số ở ô {cell}, nghi chưa cộng ô {cell}"),
                format!("the difference is the figure in {cell}, which may be left out"),
            ),
            Slip::PartTwice(cell) => Message::new(
                format!("lệch đúng bằng số ở ô {cell}, nghi cộng ô {cell} hai lần"),
                format!("the difference is the figure in {cell}, which may be counted twice"),
            ),
            Slip::RowTwice(cell) => Message::new(
                format!(
                    "lệch đúng bằng số ở ô {cell}, nghi dòng tổng cộng dòng {} hai lần",
                    cell.row + 1
                ),
                format!(
                    "the difference is the figure in {cell}; row {} may be counted twice in the total",
                    cell.row + 1
                ),
            ),
            Slip::LastPeriod => told(
                "số này giống hệt số kỳ trước, nghi chưa sửa cho kỳ này",
                "it is the same figure as last period's and may not have been updated",
            ),
        }
    }

    /// The figures from which one such slip may have led to `found`, the likeliest first. For rules
    /// that bound a figure without determining it.
    pub(super) fn sources(found: Number) -> Vec<Number> {
        let by = |power: u32| Number::from(10_u64.pow(power));
        let less = [6, 3].map(|power| found.checked_div(by(power)));
        let more = [3, 6].map(|power| found.checked_mul(by(power)));
        let mut sources: Vec<Number> = less.into_iter().chain(more).flatten().collect();
        sources.push(-found);
        let digits = plain(found);
        if digits.contains(&'.') {
            return sources;
        }
        let mut edited: Vec<String> = Vec::new();
        for i in 1..digits.len() {
            let mut swapped = digits.clone();
            swapped.swap(i - 1, i);
            edited.push(swapped.into_iter().collect());
        }
        for skip in (0..digits.len()).rev() {
            let rest = digits.iter().enumerate().filter(|(i, _)| *i != skip);
            edited.push(rest.map(|(_, digit)| digit).collect());
        }
        let kept = edited.iter().filter(|text| !text.starts_with('0'));
        sources.extend(kept.filter_map(|text| text.parse::<Number>().ok()));
        sources.retain(|source| *source != found);
        sources
    }
}

fn of_zeros(zeros: i32) -> Message {
    let count = zeros.unsigned_abs();
    if count >= 3 {
        return Message::new(
            format!("nghi nhầm dấu phân cách hoặc đơn vị tính (lệch đúng {count} số 0)"),
            format!(
                "a separator or the unit of measure may be wrong (off by exactly {count} zeros)"
            ),
        );
    }
    match zeros > 0 {
        true => Message::new(
            format!("nghi thừa {count} số 0, hoặc mất dấu phẩy"),
            format!("there may be {count} zeros too many, or the decimal point is lost"),
        ),
        false => Message::new(
            format!("nghi thiếu {count} số 0, hoặc thừa dấu phẩy"),
            format!("{count} zeros may be missing, or there is a decimal point too many"),
        ),
    }
}

fn zeros(found: Number, meant: Number) -> Option<Slip> {
    [3, 6, 1, 2].into_iter().find_map(|zeros| {
        let power = Number::from(10_u64.pow(zeros));
        let zeros = i32::try_from(zeros).ok()?;
        if meant.checked_mul(power) == Some(found) {
            return Some(Slip::Zeros(zeros));
        }
        (found.checked_mul(power) == Some(meant)).then_some(Slip::Zeros(-zeros))
    })
}

fn digits(found: Number, meant: Number) -> Option<Slip> {
    let (f, m) = (plain(found), plain(meant));
    if f.len() > LONGEST || m.len() > LONGEST {
        return None;
    }
    if f.len() == m.len() {
        let differing: Vec<usize> = (0..f.len()).filter(|i| f[*i] != m[*i]).collect();
        return match differing.as_slice() {
            [i, j] if *j == i + 1 && f[*i] == m[*j] && f[*j] == m[*i] => Some(Slip::Transposed),
            [i] if f[*i] != '.' && m[*i] != '.' => Some(Slip::Digit),
            _ => None,
        };
    }
    if let Some(at) = one_longer(&f, &m) {
        let last = at + 1 == f.len();
        return Some(match f[at] {
            digit if at > 0 && f[at - 1] == digit => Slip::Doubled,
            mark if last && mark != '0' && !f.contains(&'.') => Slip::Glued(mark),
            _ => Slip::Extra,
        });
    }
    one_longer(&m, &f).map(|_| Slip::Missed)
}

/// The digits of a figure, without its sign.
fn plain(figure: Number) -> Vec<char> {
    let text = figure.abs().normalize().to_string();
    text.chars().collect()
}

/// How many digits a figure has without the zeros at its end.
fn significant(figure: Number) -> usize {
    let digits: String = plain(figure).into_iter().filter(|c| *c != '.').collect();
    digits.trim_matches('0').len()
}

/// The zeros at the end of a whole figure.
pub(super) fn round_by(figure: Number) -> usize {
    let digits = plain(figure);
    match figure.is_zero() || digits.contains(&'.') {
        true => 0,
        false => digits.iter().rev().take_while(|c| **c == '0').count(),
    }
}

/// Do two figures differ in one digit, whose keys lie side by side on a row of digits or a number
/// pad?
pub(super) fn neighbouring_keys(found: Number, meant: Number) -> bool {
    let (f, m) = (plain(found), plain(meant));
    if f.len() != m.len() {
        return false;
    }
    let mut differing = f.iter().zip(&m).filter(|(a, b)| a != b);
    match (differing.next(), differing.next()) {
        (Some((a, b)), None) => match a.to_digit(10).zip(b.to_digit(10)) {
            Some((a, b)) => side_by_side(a, b),
            None => false,
        },
        _ => false,
    }
}

fn side_by_side(a: u32, b: u32) -> bool {
    // The row of digits ends 8, 9, 0.
    let place = |digit: u32| (digit + 9) % 10;
    // The pad has 0 below 1 and 2, then 1 to 9 in rows of three.
    let pad = |digit: u32| match digit {
        0 => vec![(0, 0), (0, 1)],
        digit => vec![(1 + (digit - 1) / 3, (digit - 1) % 3)],
    };
    let close = |(row, column): &(u32, u32), (other, beside): &(u32, u32)| {
        row.abs_diff(*other) + column.abs_diff(*beside) == 1
    };
    let touching = pad(a)
        .iter()
        .any(|one| pad(b).iter().any(|other| close(one, other)));
    place(a).abs_diff(place(b)) == 1 || touching
}

/// Where `long` has a digit that `short` has not, if that is all; of several places the last.
fn one_longer(long: &[char], short: &[char]) -> Option<usize> {
    if long.len() != short.len() + 1 {
        return None;
    }
    (0..long.len()).rev().find(|skip| {
        long[*skip] != '.' && long[..*skip] == short[..*skip] && long[skip + 1..] == short[*skip..]
    })
}

/// The figure as a value of the cell: for a flag, 0 is false and anything else true.
pub(super) fn as_value(figure: Number, is_flag: bool) -> Value {
    match is_flag {
        true => Value::Flag(!figure.is_zero()),
        false => Value::Number(figure.normalize()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::{Decimal, dec};

    fn slip(found: Decimal, meant: Decimal) -> Option<Slip> {
        Slip::of(found, meant)
    }

    #[test]
    fn slips_of_the_fingers_are_named() {
        assert_eq!(slip(dec!(1944), dec!(1494)), Some(Slip::Transposed));
        assert_eq!(slip(dec!(1495), dec!(1494)), Some(Slip::Digit));
        assert_eq!(slip(dec!(14494), dec!(1494)), Some(Slip::Doubled));
        assert_eq!(slip(dec!(17494), dec!(1494)), Some(Slip::Extra));
        assert_eq!(slip(dec!(194), dec!(1494)), Some(Slip::Missed));
        assert_eq!(slip(dec!(2), dec!(2000)), Some(Slip::Zeros(-3)));
        assert_eq!(slip(dec!(2000000000), dec!(2000)), Some(Slip::Zeros(6)));
        assert_eq!(slip(dec!(430), dec!(43)), Some(Slip::Zeros(1)));
        assert_eq!(slip(dec!(5322), dec!(53.22)), Some(Slip::Zeros(2)));
        assert_eq!(slip(dec!(35.22), dec!(53.22)), Some(Slip::Transposed));
        assert_eq!(slip(dec!(-15), dec!(15)), Some(Slip::Sign));
        assert_eq!(slip(dec!(1494), dec!(7379)), None);
    }

    #[test]
    fn a_digit_stuck_to_the_end_may_be_a_footnote_mark() {
        assert_eq!(slip(dec!(662), dec!(66)), Some(Slip::Glued('2')));
        assert_eq!(slip(dec!(666), dec!(66)), Some(Slip::Doubled));
    }

    #[test]
    fn a_slip_says_little_of_short_figures() {
        let cost = |found, meant| slip(found, meant).map(|slip| slip.cost(found, meant));
        assert_eq!(cost(dec!(5), dec!(7)), Some(UNEXPLAINED - 1));
        assert_eq!(cost(dec!(45), dec!(47)), Some(4));
        assert_eq!(cost(dec!(4571), dec!(4771)), Some(2));
    }

    #[test]
    fn neighbouring_keys_are_those_of_a_keyboard_or_a_pad() {
        let near = |found, meant| neighbouring_keys(found, meant);
        assert!(near(dec!(0), dec!(2)) && near(dec!(0), dec!(9)) && near(dec!(47), dec!(44)));
        assert!(!near(dec!(17), dec!(12)) && !near(dec!(17), dec!(170)));
    }

    #[test]
    fn copies_of_round_figures_are_no_evidence() {
        let cost = |found| Slip::Above.cost(found, dec!(471));
        assert_eq!(cost(dec!(2000)), UNEXPLAINED);
        assert_eq!(cost(dec!(1700)), 4);
        assert_eq!(cost(dec!(317)), 2);
    }

    #[test]
    fn what_a_bounded_figure_may_have_been() {
        let sources = Slip::sources(dec!(2000000000));
        assert_eq!(sources[0], dec!(2000));
        assert!(Slip::sources(dec!(1944)).contains(&dec!(1494)));
    }
}
