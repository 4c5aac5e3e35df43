use crate::part::Part;
use crate::signed::SignerRole;

/// Result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a packet could not be made, sealed, written, opened or believed. Holds no personal data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An entry's name is not `[a-z0-9][a-z0-9._-]{0,63}`, or is the manifest's own.
    #[error("entry name {name:?} is not allowed")]
    EntryName {
        /// The name, control characters escaped, cut at 80 characters.
        name: String,
    },
    /// Two entries of one part have the same name.
    #[error("entry {name} appears twice")]
    EntryTwice {
        /// The name.
        name: String,
    },
    /// A part is larger than may be sealed or opened.
    #[error("part of {bytes} bytes is larger than {limit}")]
    TooLarge {
        /// Size found.
        bytes: u64,
        /// Size allowed.
        limit: u64,
    },
    /// The archive is not the strict ustar of the specification.
    #[error("archive refused: {reason}")]
    Archive {
        /// What was found.
        reason: &'static str,
    },
    /// The manifest cannot be read or does not describe the entries beside it.
    #[error("manifest refused: {reason}")]
    Manifest {
        /// What was found.
        reason: String,
    },
    /// A format version that this program does not know.
    #[error("packet format version {found} is not known")]
    Version {
        /// Version in the manifest.
        found: u32,
    },
    /// The bytes are not the CMS structure of the specification.
    #[error("not a sealed part: {reason}")]
    NotAPart {
        /// What was found.
        reason: String,
    },
    /// The key at hand is not among the part's recipients.
    #[error("the part is not sealed to this recipient")]
    WrongRecipient,
    /// Decryption, a digest or a signature failed: the bytes were changed after sealing.
    #[error("the part was changed after sealing: {what}")]
    Tampered {
        /// Which check failed.
        what: &'static str,
    },
    /// A signature that must be there is absent.
    #[error("the signature of the {role} is missing")]
    SignatureMissing {
        /// Whose signature.
        role: SignerRole,
    },
    /// A signature that the specification does not have.
    #[error("{count} signatures where exactly two belong")]
    SignatureCount {
        /// How many were found.
        count: usize,
    },
    /// A signature is sound but speaks of something else: another version, packet, part, sequence, suite, purpose (training or
    /// not), content, or role of its signer (docs/protocols/packet.md). Permanent.
    #[error("the signature of the {role} is bound to something else: {field}")]
    WrongBinding {
        /// Whose signature.
        role: SignerRole,
        /// First of the eight fields that differs: `version`, `packet`, `part`, `sequence`, `suite`, `training`, `digest`,
        /// `role`; `length` when there are fewer or more of them.
        field: &'static str,
    },
    /// The opened part is not the one that was asked for.
    #[error("expected part {expected}, found {found}")]
    WrongPart {
        /// Part asked for.
        expected: Part,
        /// Part in the manifest.
        found: Part,
    },
    /// A signer's certificate was not valid at the signing time.
    #[error("the certificate of the {role} was not valid at the time of signing")]
    CertificateExpired {
        /// Whose certificate.
        role: SignerRole,
    },
    /// A signer's certificate does not lead to a trusted authority.
    #[error("the certificate of the {role} is not trusted: {reason}")]
    CertificateUntrusted {
        /// Whose certificate.
        role: SignerRole,
        /// OpenSSL's reason.
        reason: String,
    },
    /// A certificate is used for something that it was not issued for.
    #[error("certificate {name} is not issued for {needed}")]
    CertificateRole {
        /// Common name of the certificate.
        name: String,
        /// Organisational unit that was needed.
        needed: &'static str,
    },
    /// Training and real material met.
    #[error("training and real material are mixed: {what}")]
    TrainingMixed {
        /// Which two things disagree.
        what: &'static str,
    },
    /// The two signatures lie more than a day apart from the manifest's own time.
    #[error("signing time of the {role} does not fit the packet's time")]
    SigningTime {
        /// Whose signature.
        role: SignerRole,
    },
    /// The signer (soft key, TPM, card) could not sign.
    #[error("the {role} could not sign: {reason}")]
    SignerFailed {
        /// Whose signature.
        role: SignerRole,
        /// Reason of the signer.
        reason: String,
    },
    /// A file could not be written, synced, read back or renamed.
    #[error("{step} of sealed part {part}: {source}")]
    File {
        /// Part being written.
        part: Part,
        /// Step that failed.
        step: &'static str,
        /// Cause.
        source: std::io::Error,
    },
    /// What was read back from the disk is not what was written.
    #[error("sealed part {part} read back differently from the disk")]
    ReadBack {
        /// Part being written.
        part: Part,
    },
    /// A key, certificate or request could not be made or read.
    #[error("{step}: {source}")]
    Crypto {
        /// What was being done.
        step: &'static str,
        /// OpenSSL's errors.
        source: openssl::error::ErrorStack,
    },
    /// A signed document (receipt, courier manifest, feed) is not signed by whom it must be, or speaks of something else.
    #[error("signed document refused: {reason}")]
    Document {
        /// What was found.
        reason: String,
    },
    /// The seal of a paper cannot be made or read.
    #[error("seal: {reason}")]
    Seal {
        /// Why, without content.
        reason: String,
    },
    /// A certificate request is not signed with its own key, or not P-256.
    #[error("certificate request refused: {reason}")]
    Request {
        /// What was found.
        reason: &'static str,
    },
}

/// Names the step in front of an OpenSSL failure.
pub(crate) trait Step<T> {
    fn step(self, step: &'static str) -> Result<T>;
}

impl<T> Step<T> for std::result::Result<T, openssl::error::ErrorStack> {
    fn step(self, step: &'static str) -> Result<T> {
        self.map_err(|source| Error::Crypto { step, source })
    }
}
