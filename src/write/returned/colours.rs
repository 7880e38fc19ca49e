//! The fills of marked cells. The colour itself identifies a fill as ours and records which fill it
//! replaced: the lowest bits of its red, green and blue, invisible to the eye, hold a number. So a
//! mark can be removed again wherever the cell was moved or copied to, and whatever program has
//! saved the workbook since.

/// Numbers that fit: three bits in each of three colours, and 0 is the plain colour.
pub(super) const MOST: u32 = 511;
/// The number of "there was no fill".
pub(super) const NO_FILL: u32 = 1;

/// Low bits of red, green and blue.
const BITS: u32 = 0x07_07_07;

/// What has to be done about a marked cell, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Shade {
    /// Wrong, or most suspect of what is: to be corrected here.
    Wrong,
    /// May be wrong: to be corrected, or explained.
    Doubtful,
    /// Wrong because another cell is: nothing to do here.
    Consequence,
    /// Only to be known.
    Known,
}

impl Shade {
    pub(super) const ALL: [Shade; 4] = [
        Shade::Wrong,
        Shade::Doubtful,
        Shade::Consequence,
        Shade::Known,
    ];

    /// The colour as 0xRRGGBB, without a number in it.
    pub(super) const fn base(self) -> u32 {
        match self {
            Shade::Wrong => 0xFF_C7_CE,
            Shade::Doubtful => 0xFF_EB_9C,
            Shade::Consequence => 0xFC_E4_D6,
            Shade::Known => 0xDD_EB_F7,
        }
    }
}

/// The fill that marks a cell whose own fill has this number.
pub(super) fn marker(shade: Shade, number: u32) -> u32 {
    shade.base() ^ (number & 7) ^ ((number & 0o70) << 5) ^ ((number & 0o700) << 10)
}

/// The number in a colour, if it is one of ours.
pub(super) fn number(colour: u32) -> Option<u32> {
    Shade::ALL.into_iter().find_map(|shade| {
        let rest = (colour & 0x00FF_FFFF) ^ shade.base();
        let number = (rest & 7) | ((rest >> 5) & 0o70) | ((rest >> 10) & 0o700);
        (rest & !BITS == 0 && number != 0).then_some(number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_found_again_in_its_colour() {
        for shade in Shade::ALL {
            assert_eq!(number(shade.base()), None, "a fill of the unit's own");
            for n in 1..=MOST {
                assert_eq!(number(0xFF00_0000 | marker(shade, n)), Some(n));
            }
        }
        assert_eq!(number(0xFF_FF_FF), None);
    }
}
