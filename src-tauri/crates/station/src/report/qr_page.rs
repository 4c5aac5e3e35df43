//! The page by which a bank or a school checks a paper's QR code without any program of ours.

use std::path::Path;

use domain::register::RegisterKind;
use domain::role::Action;
use store::Act;

use super::save::put;
use crate::{Result, Station, view};

/// The page, without any key.
const PAGE: &str = include_str!("../../../../../assets/print/periksa-qr.html");
/// Where an office plants the keys that it vouches for.
const PLANTED: (&str, &str) = ("id=\"kunci-tanam\">", "</script>");
/// Name of the file, without its ending.
const STEM: &str = "periksa-qr";

/// Makes the one HTML file that checks codes in any browser, without network. It trusts `keys` from the start: certificates or
/// public keys in PEM, which the caller has looked at.
pub fn qr_page(keys: &[String]) -> String {
    // Inside a script nothing may look like its end.
    let planted = serde_json::Value::from(keys).to_string().replace('<', "\\u003c");
    let (before, rest) = PAGE.split_once(PLANTED.0).unwrap_or((PAGE, ""));
    let after = rest.split_once(PLANTED.1).map_or(rest, |(_, after)| after);
    [before, PLANTED.0, &planted, PLANTED.1, after].concat()
}

impl Station {
    /// Writes the page that checks codes, with this station's certificates in it, into one of [`Station::save_folders`]. A file
    /// of that name that stands there is left as it is; the register keeps that the page was given out.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` (a folder that was not offered), `NotNow` (folder gone, full, read-only), `NotFound`
    /// (no certificate yet), `File`, `Store`.
    pub fn save_qr_page(&self, folder: &str) -> Result<view::SavedFile> {
        let desk = self.desk(Action::ChangeSettings)?;
        self.must_be_offered(folder)?;
        let page = qr_page(&self.certificates()?);
        let training = desk.store.read(|view| view.meta())?.training;
        let stem = if training { format!("latihan-{STEM}") } else { STEM.to_owned() };
        let path = put(Path::new(folder), &stem, "html", page.as_bytes(), || {
            desk.transact(Act::Deed { kind: RegisterKind::DataMoved }, |tx| {
                tx.note("halaman", &format!("{stem}.html"));
                Ok(())
            })
        })?;
        Ok(view::SavedFile { path: path.to_string_lossy().into_owned(), rows: 1 })
    }
}
