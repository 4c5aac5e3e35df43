//! OpenSSL as the judge of a sealed file.

use std::path::Path;
use std::process::Command;

fn openssl(folder: &Path, args: &[&str]) -> bool {
    Command::new("openssl")
        .args(args)
        .current_dir(folder)
        .output()
        .expect("openssl is installed")
        .status
        .success()
}

/// Opens one sealed file with the key of `who`; the archive is left as `plain.tar`.
pub fn opens(folder: &Path, sealed: &Path, who: &str) -> bool {
    let sealed = sealed.to_str().unwrap();
    let (key, certificate) = (format!("keys/{who}.key.pem"), format!("keys/{who}.crt.pem"));
    let decrypt =
        ["cms", "-decrypt", "-inform", "DER", "-in", sealed, "-inkey", &key, "-recip", &certificate];
    let verify =
        "cms -verify -inform DER -in signed.der -CAfile keys/ca.pem -purpose any -binary -out plain.tar";
    openssl(folder, &[&decrypt[..], &["-binary", "-out", "signed.der"]].concat())
        && openssl(folder, &verify.split(' ').collect::<Vec<_>>())
}
