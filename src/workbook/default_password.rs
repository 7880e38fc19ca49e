//! Workbooks that Excel encrypts with a password of its own.
//!
//! A workbook whose structure is protected is stored encrypted with the password "VelvetSweatshop",
//! and Excel opens it without asking. Agile and standard encryption of [MS-OFFCRYPTO] 2.3.4.

use aes::cipher::{Array, BlockCipherDecrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::FileProblem;
use super::bytes::Bytes;
use super::cfb::Compound;
use crate::package::xml::{Step, Walk, attribute, walk};

/// [MS-OFFCRYPTO] 2.4.2.3: the password of workbooks that are only protected.
const PASSWORD: &str = "VelvetSweatshop";
const BLOCK: usize = 16;
/// Bytes of the package that are encrypted together (agile encryption).
const SEGMENT: usize = 4096;
/// Most rounds of hashing that are computed; Excel writes 100,000.
const MOST_ROUNDS: u32 = 1_000_000;
/// Rounds of hashing in standard encryption.
const STANDARD_ROUNDS: u32 = 50_000;

/// The workbook inside an encrypted one, if Excel's own password opens it.
///
/// # Errors
/// [`FileProblem::Encrypted`] if somebody set another password, or the encryption is one that Excel
/// does not use; anything else if the file is damaged.
pub(super) fn decrypted(bytes: &[u8]) -> Result<Vec<u8>, FileProblem> {
    let file = Compound::open(bytes)?;
    let stream = |name| file.stream(&[name]).ok_or(FileProblem::Encrypted);
    let (info, package) = (stream("EncryptionInfo")?, stream("EncryptedPackage")?);
    let (size, content) = package.split_first_chunk().ok_or(FileProblem::Encrypted)?;
    let size = usize::try_from(u64::from_le_bytes(*size)).map_err(FileProblem::broken)?;
    let mut plain = match info.get(..4) {
        Some([4, 0, 4, 0]) => agile(info.get(8..).unwrap_or_default(), content)?,
        Some([2..=4, 0, 2, 0]) => standard(&info, content)?,
        _ => return Err(FileProblem::Encrypted),
    };
    if plain.len() < size {
        return Err(FileProblem::broken("the encrypted package is cut short"));
    }
    plain.truncate(size);
    Ok(plain)
}

/// How one thing of an agile file is encrypted.
#[derive(Default)]
struct Scheme {
    salt: Vec<u8>,
    key_bytes: usize,
    hash: Option<Hash>,
    rounds: u32,
    verifier: Vec<u8>,
    verifier_hash: Vec<u8>,
    key: Vec<u8>,
}

#[derive(Clone, Copy)]
enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn named(name: &str) -> Option<Hash> {
        Some(match name {
            "SHA1" | "SHA-1" => Hash::Sha1,
            "SHA256" | "SHA-256" => Hash::Sha256,
            "SHA384" | "SHA-384" => Hash::Sha384,
            "SHA512" | "SHA-512" => Hash::Sha512,
            _ => return None,
        })
    }

    fn of(self, parts: &[&[u8]]) -> Vec<u8> {
        fn digest<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut digest = D::new();
            parts.iter().for_each(|part| digest.update(part));
            digest.finalize().to_vec()
        }
        match self {
            Hash::Sha1 => digest::<Sha1>(parts),
            Hash::Sha256 => digest::<Sha256>(parts),
            Hash::Sha384 => digest::<Sha384>(parts),
            Hash::Sha512 => digest::<Sha512>(parts),
        }
    }

    /// The password hashed with a salt, many times over.
    fn of_password(self, salt: &[u8], rounds: u32) -> Vec<u8> {
        let password: Vec<u8> = PASSWORD.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut hash = self.of(&[salt, &password]);
        for round in 0..rounds {
            hash = self.of(&[&round.to_le_bytes(), &hash]);
        }
        hash
    }
}

fn agile(info: &[u8], content: &[u8]) -> Result<Vec<u8>, FileProblem> {
    const VERIFIER: [u8; 8] = [0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79];
    const VERIFIER_HASH: [u8; 8] = [0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E];
    const KEY: [u8; 8] = [0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6];
    let (data, password) = schemes(info)?;
    let (Some(hash), Some(data_hash)) = (password.hash, data.hash) else {
        return Err(FileProblem::Encrypted);
    };
    if password.rounds > MOST_ROUNDS {
        return Err(FileProblem::Encrypted);
    }
    let hashed = hash.of_password(&password.salt, password.rounds);
    let open = |block_key: [u8; 8], sealed: &[u8]| {
        let mut key = hash.of(&[&hashed, &block_key]);
        key.resize(password.key_bytes, 0x36);
        chained(&key, &password.salt, sealed)
    };
    let verifier = open(VERIFIER, &password.verifier)?;
    let expected = open(VERIFIER_HASH, &password.verifier_hash)?;
    if !expected.starts_with(&hash.of(&[&verifier])) {
        return Err(FileProblem::Encrypted);
    }
    let mut key = open(KEY, &password.key)?;
    key.truncate(data.key_bytes);
    let mut plain = Vec::with_capacity(content.len());
    for (segment, sealed) in (0u32..).zip(content.chunks(SEGMENT)) {
        let mut start = data_hash.of(&[&data.salt, &segment.to_le_bytes()]);
        start.resize(BLOCK, 0x36);
        plain.extend(chained(&key, &start, sealed)?);
    }
    Ok(plain)
}

/// How the content is encrypted, and how the key is encrypted with the password.
fn schemes(info: &[u8]) -> Result<(Scheme, Scheme), FileProblem> {
    let (mut data, mut password) = (Scheme::default(), Scheme::default());
    walk(info, |step| {
        let Step::Open(element) = step else {
            return Ok(Walk::On);
        };
        let scheme = match element.local_name().as_ref() {
            "keyData" => &mut data,
            "encryptedKey" => &mut password,
            _ => return Ok(Walk::On),
        };
        let text = |name| Ok::<_, FileProblem>(attribute(element, name)?.unwrap_or_default());
        let binary = |name| STANDARD.decode(text(name)?).map_err(FileProblem::broken);
        if text("cipherAlgorithm")? != "AES" || text("cipherChaining")? != "ChainingModeCBC" {
            return Err(FileProblem::Encrypted);
        }
        let bits: usize = text("keyBits")?.parse().map_err(FileProblem::broken)?;
        *scheme = Scheme {
            salt: binary("saltValue")?,
            key_bytes: bits / 8,
            hash: Hash::named(&text("hashAlgorithm")?),
            // The content is encrypted with a key that was never hashed.
            rounds: text("spinCount")?.parse().unwrap_or(u32::MAX),
            verifier: binary("encryptedVerifierHashInput")?,
            verifier_hash: binary("encryptedVerifierHashValue")?,
            key: binary("encryptedKeyValue")?,
        };
        Ok(Walk::On)
    })?;
    Ok((data, password))
}

fn standard(info: &[u8], content: &[u8]) -> Result<Vec<u8>, FileProblem> {
    let mut info = Bytes(info);
    info.take(8)?;
    let header_bytes = usize::try_from(info.u32()?).map_err(FileProblem::broken)?;
    let mut header = Bytes(info.take(header_bytes)?);
    header.take(16)?;
    let key_bytes = usize::try_from(header.u32()? / 8).map_err(FileProblem::broken)?;
    info.take(4)?;
    let salt = info.take(16)?;
    let verifier = info.take(16)?;
    info.take(4)?;
    let verifier_hash = info.take(32)?;
    let hashed = Hash::Sha1.of_password(salt, STANDARD_ROUNDS);
    let hashed = Hash::Sha1.of(&[&hashed, &0u32.to_le_bytes()]);
    let half = |filler: u8| {
        let mut block = [filler; 64];
        block.iter_mut().zip(&hashed).for_each(|(b, h)| *b ^= h);
        Hash::Sha1.of(&[&block])
    };
    let mut key = [half(0x36), half(0x5C)].concat();
    key.truncate(key_bytes);
    let verifier = blocks(&key, verifier)?;
    let expected = blocks(&key, verifier_hash)?;
    if !expected.starts_with(&Hash::Sha1.of(&[&verifier])) {
        return Err(FileProblem::Encrypted);
    }
    blocks(&key, content)
}

/// AES in CBC mode; an incomplete last block is left out.
fn chained(key: &[u8], start: &[u8], sealed: &[u8]) -> Result<Vec<u8>, FileProblem> {
    let mut plain = blocks(key, sealed)?;
    let before = std::iter::once(start).chain(sealed.chunks_exact(BLOCK));
    for (block, before) in plain.chunks_exact_mut(BLOCK).zip(before) {
        block.iter_mut().zip(before).for_each(|(b, x)| *b ^= x);
    }
    Ok(plain)
}

/// AES block by block; an incomplete last block is left out.
fn blocks(key: &[u8], sealed: &[u8]) -> Result<Vec<u8>, FileProblem> {
    fn with<C: KeyInit + BlockCipherDecrypt>(
        key: &[u8],
        sealed: &[u8],
    ) -> Result<Vec<u8>, FileProblem> {
        let cipher = C::new_from_slice(key).map_err(|_| FileProblem::Encrypted)?;
        let mut plain = Vec::with_capacity(sealed.len());
        for block in sealed.chunks_exact(BLOCK) {
            let mut block = Array::try_from(block).map_err(FileProblem::broken)?;
            cipher.decrypt_block(&mut block);
            plain.extend_from_slice(&block);
        }
        Ok(plain)
    }
    match key.len() {
        16 => with::<Aes128>(key, sealed),
        24 => with::<Aes192>(key, sealed),
        32 => with::<Aes256>(key, sealed),
        _ => Err(FileProblem::Encrypted),
    }
}
