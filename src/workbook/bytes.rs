//! Numbers and texts in binary files, taken from the front of a slice that may end too early.

use encoding_rs::UTF_16LE;

use super::FileProblem;

/// What is left of a slice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    /// The next `count` bytes.
    ///
    /// # Errors
    /// Fewer bytes are left.
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], FileProblem> {
        let (taken, rest) = self
            .0
            .split_at_checked(count)
            .ok_or_else(|| FileProblem::broken("a record ends too early"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], FileProblem> {
        self.take(N)?.try_into().map_err(FileProblem::broken)
    }

    /// The next byte.
    ///
    /// # Errors
    /// No byte is left.
    pub(super) fn u8(&mut self) -> Result<u8, FileProblem> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    /// The next two bytes, least significant first.
    ///
    /// # Errors
    /// Fewer than two bytes are left.
    pub(super) fn u16(&mut self) -> Result<u16, FileProblem> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    /// The next four bytes, least significant first.
    ///
    /// # Errors
    /// Fewer than four bytes are left.
    pub(super) fn u32(&mut self) -> Result<u32, FileProblem> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    /// The next eight bytes, least significant first.
    ///
    /// # Errors
    /// Fewer than eight bytes are left.
    pub(super) fn u64(&mut self) -> Result<u64, FileProblem> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// The next eight bytes as a double, least significant byte first.
    ///
    /// # Errors
    /// Fewer than eight bytes are left.
    pub(super) fn f64(&mut self) -> Result<f64, FileProblem> {
        Ok(f64::from_le_bytes(self.array()?))
    }

    /// A count or a size of four bytes.
    ///
    /// # Errors
    /// Fewer than four bytes are left, or the count does not fit into memory.
    pub(super) fn size(&mut self) -> Result<usize, FileProblem> {
        usize::try_from(self.u32()?).map_err(FileProblem::broken)
    }

    /// A number squeezed into four bytes (RK): an integer or the upper half of a double, of
    /// either perhaps the hundredth part.
    ///
    /// # Errors
    /// Fewer than four bytes are left.
    pub(super) fn rk(&mut self) -> Result<f64, FileProblem> {
        let bytes = self.array()?;
        let bits = u32::from_le_bytes(bytes);
        let number = if bits & 2 == 0 {
            f64::from_bits(u64::from(bits & !3) << 32)
        } else {
            f64::from(i32::from_le_bytes(bytes) >> 2)
        };
        Ok(if bits & 1 == 0 {
            number
        } else {
            number / 100.0
        })
    }
}

/// UTF-16 text, little end first.
pub(super) fn utf16(bytes: &[u8]) -> String {
    UTF_16LE.decode_without_bom_handling(bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squeezed_numbers() {
        let rk = |bits: u32| Bytes(&bits.to_le_bytes()).rk().unwrap();
        assert_eq!(rk(3259 << 2 | 2), 3259.0);
        assert_eq!(rk(5322 << 2 | 3), 53.22);
        assert_eq!(rk(0xFFFF_FFFE), -1.0);
        assert_eq!(rk(0x3FF0_0000), 1.0);
        assert!(Bytes(&[1, 2, 3]).u32().is_err());
    }
}
