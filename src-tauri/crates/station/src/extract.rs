//! An extract of residents from a file, for a station that the centre's network does not reach.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use domain::role::Action;
use openssl::error::ErrorStack;
use packet::pki::{Certificate, Role};

use crate::credentials::Credentials;
use crate::{Error, News, Result, Station, view};

/// A detached signature is some kilobytes; more is none.
const LONGEST_SIGNATURE: u64 = 1 << 20;

impl Station {
    /// Takes a signed extract of residents from a file, in place of the older one of its wilayah. Only the signing key of
    /// this station's own centre is believed; the form is that of `store::Store::import_residents`.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`; `NotNow` while the station has no centre; `File` when one of the two cannot be read;
    /// `Store` (`extract_untrusted`, `extract_altered`): nothing was taken and the older extract is as before.
    pub fn import_residents(&self, extract: &Path, signature: &Path) -> Result<view::ResidentsTaken> {
        let desk = self.desk(Action::ImportResidents)?;
        let json = desk.store.read(Credentials::read)?.ok_or(Error::not_now("no_centre"))?;
        let authority = Certificate::from_pem(Credentials::parse(&json)?.authority.as_bytes())?;
        let open = |path: &Path| {
            File::open(path).map_err(|source| Error::File { doing: "read the extract of residents", source })
        };
        let mut cms = Vec::new();
        std::io::Read::read_to_end(&mut std::io::Read::take(open(signature)?, LONGEST_SIGNATURE), &mut cms)
            .map_err(|source| Error::File { doing: "read the signature of residents", source })?;
        // A signature of anybody else of the same authority, a station's say, is as good as none.
        packet::signer_of_detached(&cms)
            .and_then(|signer| signer.require(Role::CentreSigner))
            .map_err(|_| store::Error::ExtractSignature(ErrorStack::get()))?;
        let ca =
            openssl::x509::X509::from_der(&authority.to_der()?).map_err(store::Error::ExtractSignature)?;
        let signature = store::ExtractSignature { cms: &cms, ca: &ca };
        let taken =
            desk.store.import_residents(BufReader::new(open(extract)?), signature, &desk.ctx())?.value;
        tracing::info!(count = taken.count, "residents imported from a file");
        self.news.tell(News::Strip);
        Ok(view::ResidentsTaken {
            wilayah: taken.wilayah,
            taken_at: taken.taken_at,
            count: u32::try_from(taken.count).unwrap_or(u32::MAX),
        })
    }
}
