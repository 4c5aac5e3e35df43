use crate::archive::{self, Archive, Entry};
use crate::envelope;
use crate::error::{Error, Result};
use crate::file::{SealedFile, digest_hex};
use crate::header::Header;
use crate::part::Part;
use crate::pki::{Certificate, Role};
use crate::signed::view::Octets;
use crate::signed::{self, Signer, SignerRole};
use crate::verify::check_before_sealing;
use jiff::Timestamp;
use std::path::Path;

/// State of a [`Packet`] whose entries can still be read.
#[derive(Debug)]
pub struct Plain {
    entries: [Vec<Entry>; 3],
}

/// State of a [`Packet`] that the station itself cannot read again.
#[derive(Debug)]
pub struct Sealed {
    parts: [SealedPart; 3],
}

/// One recording as it leaves the station; `S` is [`Plain`] or [`Sealed`].
#[derive(Debug)]
pub struct Packet<S> {
    header: Header,
    state: S,
}

/// One sealed part in memory.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedPart {
    /// Which part.
    pub part: Part,
    /// DER of CMS AuthEnvelopedData.
    pub der: Vec<u8>,
    /// SHA-256 of `der`, lower-case hexadecimal; goes into the outbox row.
    pub sha256: String,
}

impl std::fmt::Debug for SealedPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealedPart({}, {} bytes, {})", self.part, self.der.len(), self.sha256)
    }
}

/// Whom a packet is sealed to.
#[derive(Clone, Debug)]
pub struct Recipients {
    /// The centre's encryption certificate.
    pub centre: Certificate,
    /// The escrow's encryption certificate, for a centre that lost its key.
    pub escrow: Certificate,
}

impl<S> Packet<S> {
    /// What the three parts have in common.
    pub fn header(&self) -> &Header {
        &self.header
    }
}

impl Packet<Plain> {
    /// Freezes the entries of the three parts; they are put into archive order (by name).
    ///
    /// # Errors
    /// `EntryName`, `EntryTwice`, `TooLarge`.
    pub fn new(header: Header, id: Vec<Entry>, bio: Vec<Entry>, dok: Vec<Entry>) -> Result<Self> {
        let entries = [archive::arrange(id)?, archive::arrange(bio)?, archive::arrange(dok)?];
        Ok(Self { header, state: Plain { entries } })
    }

    /// The entries of a part in archive order.
    pub fn entries(&self, part: Part) -> &[Entry] {
        &self.state.entries[part as usize]
    }

    /// The plain archive of a part: the same packet gives the same bytes. Holds personal data.
    ///
    /// # Errors
    /// `TooLarge`, `Manifest`.
    pub fn archive(&self, part: Part) -> Result<zeroize::Zeroizing<Vec<u8>>> {
        Archive::new(&self.header, part, self.entries(part))
            .map(|archive| zeroize::Zeroizing::new(archive.to_vec()))
    }

    /// Signs each part by station and operator and seals it to the recipients.
    ///
    /// Every signature is checked again before it is encrypted, because afterwards the station no longer can.
    /// `at` is the signing time.
    ///
    /// # Errors
    /// `CertificateRole`, `TrainingMixed`, `SignerFailed`, `Tampered` (a signer gave a wrong signature), `Crypto`.
    pub fn seal(
        &self,
        station: &dyn Signer,
        operator: &dyn Signer,
        recipients: &Recipients,
        at: Timestamp,
    ) -> Result<Packet<Sealed>> {
        for (certificate, role) in [
            (station.certificate(), Role::Station),
            (operator.certificate(), Role::Operator),
            (&recipients.centre, Role::Centre),
            (&recipients.escrow, Role::Escrow),
        ] {
            certificate.require(role)?;
            if certificate.is_training() != self.header.training {
                return Err(Error::TrainingMixed { what: "packet and certificate" });
            }
        }
        let seal_one = |part: Part| -> Result<SealedPart> {
            let archive = Archive::new(&self.header, part, self.entries(part))?;
            let digest = archive.digest();
            let signers = [(SignerRole::Station, station), (SignerRole::Operator, operator)];
            let content = Octets::Archive(&archive);
            let signed = signed::sign(content, &digest, &self.header, part, signers, at)?;
            let check = |plain: &[u8]| check_before_sealing(plain, &archive, &digest);
            let der = envelope::seal(&signed, check, &[&recipients.centre, &recipients.escrow])?;
            Ok(SealedPart { part, sha256: digest_hex(&der), der })
        };
        // The pictures and the papers are the bulk and know nothing of each other: each has a processor of its own.
        let (id, dok, bio) = std::thread::scope(|scope| {
            let beside = scope.spawn(|| (seal_one(Part::Id), seal_one(Part::Dok)));
            let bio = seal_one(Part::Bio);
            let (id, dok) = beside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            (id, dok, bio)
        });
        let parts = [id?, bio?, dok?];
        Ok(Packet { header: self.header.clone(), state: Sealed { parts } })
    }
}

impl Packet<Sealed> {
    /// Returns one sealed part: its CMS EnvelopedData as DER, and the digest of that.
    pub fn part(&self, part: Part) -> &SealedPart {
        &self.state.parts[part as usize]
    }

    /// Writes the three parts below `folder/<packet id>/` so that a power cut leaves each whole or absent.
    ///
    /// Writing again over the files of an interrupted attempt is allowed. The caller then commits the paths and
    /// digests with its outbox row; files without a row may be deleted.
    ///
    /// # Errors
    /// `File`, `ReadBack`; the plain draft is untouched.
    pub fn write(&self, folder: &Path) -> Result<[SealedFile; 3]> {
        let folder = folder.join(self.header.packet.hyphenated().to_string());
        let [id, bio, dok] = &self.state.parts;
        Ok([
            SealedFile::write(&folder, id)?,
            SealedFile::write(&folder, bio)?,
            SealedFile::write(&folder, dok)?,
        ])
    }
}
