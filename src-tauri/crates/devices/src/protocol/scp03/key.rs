//! Keys, static and of one session. Wiped on drop, masked in every output.

use zeroize::Zeroizing;

use super::Scp03Error;
use super::crypto::kdf;

/// An AES key of 16, 24 or 32 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(Zeroizing<Vec<u8>>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key(AES-{} ••••)", self.0.len() * 8)
    }
}

impl Key {
    /// A key of these bytes.
    ///
    /// # Errors
    /// [`Scp03Error::KeyLength`].
    pub fn new(bytes: &[u8]) -> Result<Self, Scp03Error> {
        match bytes.len() {
            16 | 24 | 32 => Ok(Self(Zeroizing::new(bytes.to_vec()))),
            got => Err(Scp03Error::KeyLength { got }),
        }
    }

    /// The bytes; for the cipher only.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn derive(&self, constant: u8, context: &[u8]) -> Result<Self, Scp03Error> {
        Ok(Self(kdf(self, constant, context, self.0.len())?))
    }
}

/// The three static keys of a card, or the masters they are derived from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySet {
    /// Key version number, P1 of INITIALIZE UPDATE.
    pub version: u8,
    /// Key-ENC.
    pub enc: Key,
    /// Key-MAC.
    pub mac: Key,
    /// Key-DEK; wraps keys, so it stays unused here.
    pub dek: Key,
}

/// The keys of one card from masters: KDF of SP 800-108 over the card's 10 diversification bytes, with the
/// constants 01 (ENC), 02 (MAC), 03 (DEK).
///
/// # Errors
/// [`Scp03Error::KeyLength`], [`Scp03Error::Library`].
pub fn diversify(masters: &KeySet, card: &[u8]) -> Result<KeySet, Scp03Error> {
    Ok(KeySet {
        version: masters.version,
        enc: masters.enc.derive(0x01, card)?,
        mac: masters.mac.derive(0x02, card)?,
        dek: masters.dek.derive(0x03, card)?,
    })
}

/// The keys of one session.
#[derive(Clone, Debug)]
pub struct SessionKeys {
    /// S-ENC.
    pub enc: Key,
    /// S-MAC.
    pub mac: Key,
    /// S-RMAC.
    pub rmac: Key,
    context: [u8; 16],
}

impl SessionKeys {
    /// Derives them from both challenges (Amendment D §6.2.1).
    ///
    /// # Errors
    /// [`Scp03Error::KeyLength`], [`Scp03Error::Library`].
    pub fn derive(keys: &KeySet, host: &[u8; 8], card: &[u8; 8]) -> Result<Self, Scp03Error> {
        let mut context = [0; 16];
        context[..8].copy_from_slice(host);
        context[8..].copy_from_slice(card);
        Ok(Self {
            enc: keys.enc.derive(0x04, &context)?,
            mac: keys.mac.derive(0x06, &context)?,
            rmac: keys.mac.derive(0x07, &context)?,
            context,
        })
    }

    /// What the card shows to prove its key.
    ///
    /// # Errors
    /// [`Scp03Error::Library`].
    pub fn card_cryptogram(&self) -> Result<[u8; 8], Scp03Error> {
        self.cryptogram(0x00)
    }

    /// What the host shows to prove its key.
    ///
    /// # Errors
    /// [`Scp03Error::Library`].
    pub fn host_cryptogram(&self) -> Result<[u8; 8], Scp03Error> {
        self.cryptogram(0x01)
    }

    fn cryptogram(&self, constant: u8) -> Result<[u8; 8], Scp03Error> {
        let bytes = kdf(&self.mac, constant, &self.context, 8)?;
        bytes.as_slice().try_into().map_err(|_| Scp03Error::Library)
    }
}
