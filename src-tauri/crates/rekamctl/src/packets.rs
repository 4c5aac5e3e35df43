//! One sealed part, opened without any station: key, certificates and file are all that is needed.

use std::path::PathBuf;

use packet::pki::{Certificate, Identity};
use packet::{Part, Trust};
use serde_json::json;

use crate::{Trouble, Verdict, answer, file};

#[derive(clap::Args)]
pub(crate) struct Ask {
    /// Private key of the centre or the escrow, PEM.
    #[arg(long)]
    key: PathBuf,
    /// Its certificate, PEM.
    #[arg(long)]
    cert: PathBuf,
    /// Certificate of the authority, PEM.
    #[arg(long)]
    ca: PathBuf,
    /// The sealed part: `id.cms`, `bio.cms` or `dok.cms`.
    file: PathBuf,
    /// Also write the files of the part into this folder.
    #[arg(long, value_name = "DIR")]
    extract: Option<PathBuf>,
}

pub(crate) fn open(ask: &Ask) -> Result<Verdict, Trouble> {
    let read = |path: &PathBuf| std::fs::read(path).map_err(file(path));
    let recipient = Identity::from_pem(&read(&ask.key)?, &read(&ask.cert)?)?;
    let authority = Certificate::from_pem(&read(&ask.ca)?)?;
    let training = authority.is_training();
    let stem = ask.file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let part = [Part::Id, Part::Bio, Part::Dok]
        .into_iter()
        .find(|part| part.to_string() == stem)
        .ok_or_else(|| Trouble::Usage("the file must be called id.cms, bio.cms or dok.cms".into()))?;
    let sealed = read(&ask.file)?;
    let trust = Trust { authorities: vec![authority], training };
    let verified = match packet::open(&sealed, &recipient).and_then(|signed| signed.verify(part, &trust)) {
        Ok(verified) => verified,
        Err(error) => {
            answer(&json!({"ok": false, "part": stem, "why": error.to_string()}));
            return Ok(Verdict::Broken);
        }
    };
    if let Some(dir) = &ask.extract {
        std::fs::create_dir_all(dir).map_err(file(dir))?;
        for entry in &verified.entries {
            let path = dir.join(&entry.name);
            std::fs::write(&path, &entry.bytes).map_err(file(&path))?;
        }
    }
    answer(&json!({
        "ok": true,
        "part": stem,
        "station": verified.station.common_name(),
        "operator": verified.operator.common_name(),
        "manifest": verified.manifest,
    }));
    Ok(Verdict::Fine)
}
