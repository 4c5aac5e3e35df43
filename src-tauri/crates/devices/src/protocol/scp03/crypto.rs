//! AES-CMAC (RFC 4493, SP 800-38B), AES-CBC with ISO padding, and the KDF of SP 800-108 in counter mode.

use openssl::pkey::PKey;
use openssl::sign::Signer;
use openssl::symm::{Cipher, Crypter, Mode};
use zeroize::Zeroizing;

use super::{Key, Scp03Error};

/// AES block.
pub const BLOCK: usize = 16;

fn cbc(key: &Key) -> Cipher {
    match key.bytes().len() {
        16 => Cipher::aes_128_cbc(),
        24 => Cipher::aes_192_cbc(),
        _ => Cipher::aes_256_cbc(),
    }
}

/// AES-CMAC over the parts one after another.
///
/// # Errors
/// [`Scp03Error::Library`].
pub fn cmac(key: &Key, parts: &[&[u8]]) -> Result<[u8; BLOCK], Scp03Error> {
    let pkey = PKey::cmac(&cbc(key), key.bytes())?;
    let mut signer = Signer::new_without_digest(&pkey)?;
    for part in parts {
        signer.update(part)?;
    }
    let mut mac = [0; BLOCK];
    signer.sign(&mut mac)?;
    Ok(mac)
}

fn run(key: &Key, iv: &[u8; BLOCK], data: &[u8], mode: Mode) -> Result<Vec<u8>, Scp03Error> {
    let mut crypter = Crypter::new(cbc(key), mode, key.bytes(), Some(iv))?;
    crypter.pad(false);
    let mut out = vec![0; data.len() + BLOCK];
    let mut length = crypter.update(data, &mut out)?;
    length += crypter.finalize(&mut out[length..])?;
    out.truncate(length);
    Ok(out)
}

/// One block enciphered alone.
///
/// # Errors
/// [`Scp03Error::Library`].
pub fn block(key: &Key, data: &[u8; BLOCK]) -> Result<[u8; BLOCK], Scp03Error> {
    run(key, &[0; BLOCK], data, Mode::Encrypt)?.try_into().map_err(|_| Scp03Error::Library)
}

/// AES-CBC after padding `80 00 …` (ISO 9797-1 method 2).
///
/// # Errors
/// [`Scp03Error::Library`].
pub fn encrypt(key: &Key, iv: &[u8; BLOCK], data: &[u8]) -> Result<Vec<u8>, Scp03Error> {
    let mut padded = Zeroizing::new(data.to_vec());
    padded.push(0x80);
    let length = padded.len().next_multiple_of(BLOCK);
    padded.resize(length, 0);
    run(key, iv, &padded, Mode::Encrypt)
}

/// AES-CBC backwards; the padding is taken off.
///
/// # Errors
/// [`Scp03Error::Cipher`] for a length or padding that cannot be; [`Scp03Error::Library`].
pub fn decrypt(key: &Key, iv: &[u8; BLOCK], data: &[u8]) -> Result<Vec<u8>, Scp03Error> {
    if data.is_empty() || !data.len().is_multiple_of(BLOCK) {
        return Err(Scp03Error::Cipher);
    }
    let mut plain = run(key, iv, data, Mode::Decrypt)?;
    let end = plain.iter().rposition(|b| *b != 0).ok_or(Scp03Error::Cipher)?;
    if plain[end] != 0x80 || plain.len() - end > BLOCK {
        return Err(Scp03Error::Cipher);
    }
    plain.truncate(end);
    Ok(plain)
}

/// SP 800-108 in counter mode with CMAC, input as Amendment D §4.1.5: label (11 zero bytes and a constant), `00`,
/// length in bits, counter, context. Gives `length` bytes, at most 32.
///
/// # Errors
/// [`Scp03Error::Library`].
pub fn kdf(key: &Key, constant: u8, context: &[u8], length: usize) -> Result<Zeroizing<Vec<u8>>, Scp03Error> {
    let [high, low] = ((length * 8) as u16).to_be_bytes();
    let mut out = Zeroizing::new(Vec::with_capacity(2 * BLOCK));
    for counter in 1..=length.div_ceil(BLOCK) as u8 {
        let mut input = [0u8; BLOCK];
        (input[11], input[13], input[14], input[15]) = (constant, high, low, counter);
        out.extend_from_slice(&cmac(key, &[&input, context])?);
    }
    out.truncate(length);
    Ok(out)
}
