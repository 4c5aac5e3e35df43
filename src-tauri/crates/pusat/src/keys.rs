//! The centre's own keys, one PEM pair each under `keys/`, readable by its account only.
//!
//! The escrow's key is written once at `init` so that it can be carried to a safe; the centre runs without it.

use crate::error::{Error, Result};
use evidence::Makers;
use jiff::Timestamp;
use packet::Trust;
use packet::pki::{Authority, Certificate, Identity, Role, Validity};
use std::path::Path;

/// Ten years for the authority and the recipients, two for the server.
const LONG: u32 = 3650;
const SERVER: u32 = 730;
/// Makers of devices, put there by a person; PEM.
const DEVICES: &str = "devices.pem";

/// What the centre signs, opens and serves with.
#[derive(Debug)]
pub struct Keys {
    /// Issues certificates.
    pub authority: Authority,
    /// Opens packets.
    pub centre: Identity,
    /// Signs receipts and extracts.
    pub signer: Identity,
    /// TLS.
    pub server: Identity,
    /// Packets are sealed to it too; its key is not here.
    pub escrow: Certificate,
    /// Makers of devices whose signatures are asked for (`keys/devices.pem`); `None` when the file is absent: then the
    /// devices' evidence is held against the pictures only where a packet carries it.
    pub devices: Option<Makers>,
}

impl Keys {
    /// Makes all keys under `folder/keys`; an authority that exists there (the training's) is kept.
    ///
    /// # Errors
    /// `File`, `Packet`.
    pub fn make(folder: &Path, name: &str, training: bool, hosts: &[String], now: Timestamp) -> Result<Self> {
        let keys = folder.join("keys");
        std::fs::create_dir_all(&keys).map_err(Error::file("make the folder of keys"))?;
        restrict(&keys, 0o700)?;
        // A station's clock that is a little late must not find the certificates of tomorrow.
        let from = now.checked_sub(jiff::SignedDuration::from_hours(24)).unwrap_or(now);
        let long = Validity::days(from, LONG);
        let authority = if keys.join("authority.key.pem").exists() {
            Authority::from_pem(&get(&keys, "authority.key.pem")?, &get(&keys, "authority.crt.pem")?)?
        } else {
            Authority::new(&format!("Otoritas {name}"), training, long)?
        };
        put(&keys, "authority", &authority.key_pem()?, &authority.certificate().to_pem()?)?;
        for (file, role) in
            [("centre", Role::Centre), ("escrow", Role::Escrow), ("signer", Role::CentreSigner)]
        {
            if !keys.join(format!("{file}.crt.pem")).exists() {
                let identity = authority.issue_identity(role, name, long)?;
                put(&keys, file, &identity.key_pem()?, &identity.certificate_ref().to_pem()?)?;
            }
        }
        let server = authority.issue_server(name, hosts, Validity::days(from, SERVER))?;
        put(&keys, "server", &server.key_pem()?, &server.certificate_ref().to_pem()?)?;
        Self::read(folder)
    }

    /// Reads them back.
    ///
    /// # Errors
    /// `File`, `Packet`, `Settings` for a `devices.pem` without a certificate.
    pub fn read(folder: &Path) -> Result<Self> {
        let keys = folder.join("keys");
        let identity = |file: &str| -> Result<Identity> {
            let key = get(&keys, &format!("{file}.key.pem"))?;
            Ok(Identity::from_pem(&key, &get(&keys, &format!("{file}.crt.pem"))?)?)
        };
        let authority =
            Authority::from_pem(&get(&keys, "authority.key.pem")?, &get(&keys, "authority.crt.pem")?)?;
        Ok(Self {
            authority,
            centre: identity("centre")?,
            signer: identity("signer")?,
            server: identity("server")?,
            escrow: Certificate::from_pem(&get(&keys, "escrow.crt.pem")?)?,
            devices: match keys.join(DEVICES).exists() {
                // A file that names nobody would refuse every packet, one by one; it is said at the start.
                true => Some(Makers::from_pem(&get(&keys, DEVICES)?).ok_or_else(no_maker)?),
                false => None,
            },
        })
    }

    /// Whom the centre believes: its own authority.
    pub fn trust(&self) -> Trust {
        let authority = self.authority.certificate().clone();
        Trust { training: authority.is_training(), authorities: vec![authority] }
    }
}

fn no_maker() -> Error {
    Error::Settings(format!(
        "keys/{DEVICES} holds no certificate: put the makers' certificates there, PEM, or remove it"
    ))
}

fn get(keys: &Path, name: &str) -> Result<Vec<u8>> {
    std::fs::read(keys.join(name)).map_err(Error::file("read a key"))
}

fn put(keys: &Path, name: &str, key: &[u8], certificate: &[u8]) -> Result<()> {
    let path = keys.join(format!("{name}.key.pem"));
    std::fs::write(&path, key).map_err(Error::file("write a key"))?;
    restrict(&path, 0o600)?;
    std::fs::write(keys.join(format!("{name}.crt.pem")), certificate)
        .map_err(Error::file("write a certificate"))
}

fn restrict(path: &Path, mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
        .map_err(Error::file("restrict a key"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_makers_that_names_nobody_is_refused_at_the_start_and_not_packet_by_packet() {
        let folder = tempfile::tempdir().unwrap();
        let hosts = ["localhost".to_owned()];
        Keys::make(folder.path(), "Uji", true, &hosts, Timestamp::now()).unwrap();
        let path = folder.path().join("keys").join(DEVICES);
        for text in
            ["", "makers come later", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
        {
            std::fs::write(&path, text).unwrap();
            let refused = Keys::read(folder.path()).expect_err("nobody is named").to_string();
            assert!(refused.contains("devices.pem holds no certificate"), "{text:?}: {refused}");
        }
        std::fs::copy(folder.path().join("keys/authority.crt.pem"), &path).unwrap();
        assert!(Keys::read(folder.path()).unwrap().devices.is_some(), "a maker");
        std::fs::remove_file(&path).unwrap();
        assert!(Keys::read(folder.path()).unwrap().devices.is_none(), "no list, no makers");
    }
}
