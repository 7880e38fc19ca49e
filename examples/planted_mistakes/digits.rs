//! Slips of the fingers over the digits of a figure.

use tonghop::model::Number;

use super::random::Random;

/// Keys next to each key, on the row of digits or the pad.
const NEXT_TO: [&[u8]; 10] = [
    b"912", b"024", b"1350", b"246", b"1357", b"24568", b"3579", b"468", b"5790", b"680",
];

/// A slip over the digits of a figure as they are typed; the decimal comma stays where it is.
pub fn slip(figure: Number, of: impl FnOnce(&mut Vec<u8>) -> Option<()>) -> Option<Number> {
    let figure = figure.normalize();
    let mut digits = figure.mantissa().unsigned_abs().to_string().into_bytes();
    of(&mut digits)?;
    let typed: i128 = String::from_utf8(digits).ok()?.parse().ok()?;
    let typed = Number::try_from_i128_with_scale(typed, figure.scale()).ok()?;
    let typed = if figure.is_sign_negative() {
        -typed
    } else {
        typed
    };
    (typed != figure).then_some(typed)
}

/// Two neighbouring digits change places.
pub fn transposed(figure: Number, random: &mut Random) -> Option<Number> {
    slip(figure, |digits| {
        let at = random.below(digits.len().checked_sub(1).filter(|n| *n > 0)?);
        digits.swap(at, at + 1);
        Some(())
    })
}

/// A key beside the right one is hit.
pub fn mistyped(figure: Number, random: &mut Random) -> Option<Number> {
    slip(figure, |digits| {
        let at = random.below(digits.len());
        digits[at] = beside(digits[at], random)?;
        Some(())
    })
}

/// A digit is left out.
pub fn missed(figure: Number, random: &mut Random) -> Option<Number> {
    slip(figure, |digits| {
        if digits.len() < 2 {
            return None;
        }
        digits.remove(random.below(digits.len()));
        Some(())
    })
}

/// A key is hit twice.
pub fn doubled(figure: Number, random: &mut Random) -> Option<Number> {
    slip(figure, |digits| {
        let at = random.below(digits.len());
        digits.insert(at, digits[at]);
        Some(())
    })
}

/// A key beside the right one is hit as well.
pub fn extra(figure: Number, random: &mut Random) -> Option<Number> {
    slip(figure, |digits| {
        let at = random.below(digits.len());
        let key = beside(digits[at], random)?;
        digits.insert(at + random.below(2), key);
        Some(())
    })
}

/// The raised mark of a footnote lands behind the figure.
pub fn footnote(figure: Number, random: &mut Random) -> Option<Number> {
    slip(figure, |digits| {
        digits.push(*random.pick(b"123")?);
        Some(())
    })
}

fn beside(digit: u8, random: &mut Random) -> Option<u8> {
    let keys = NEXT_TO.get(usize::from(digit.checked_sub(b'0')?))?;
    random.pick(keys).copied()
}
