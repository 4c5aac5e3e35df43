//! What a paper's QR code is worth; and the page that says it to whoever has no program of ours.

use std::io::Write as _;
use std::path::PathBuf;

use domain::seal::{Checksum, Seal};
use domain::terbilang;
use jiff::civil::Date;
use packet::seal::{SealKey, Verdict as Word, verify_among};
use serde_json::json;

use crate::{Trouble, Verdict, answer, desk, file};

#[derive(clap::Args)]
pub(crate) struct Ask {
    /// The text that a scanner reads from the paper; `-` reads it from standard input.
    text: String,
    #[command(flatten)]
    keys: Keys,
    /// A field as printed on the paper, such as `nama=SITI RAHMAWATI`; all fields of the kind, or none.
    #[arg(long = "field", value_name = "LABEL=TEXT")]
    fields: Vec<String>,
    /// The day of asking instead of today.
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
}

#[derive(clap::Args)]
pub(crate) struct Page {
    /// Where the page is written, on a stick for example; a file that stands there already is left as it is.
    #[arg(long, value_name = "HTML")]
    out: PathBuf,
    #[command(flatten)]
    keys: Keys,
}

/// Whose codes are believed.
#[derive(clap::Args)]
struct Keys {
    /// A station's certificate, or a public key, in PEM; several if need be: a paper is checked by the one that it was sealed under.
    #[arg(long = "key", value_name = "PEM")]
    keys: Vec<PathBuf>,
    /// Data folder of a station whose own certificates count too, those of before as well; the program must be closed.
    #[arg(long, requires = "operator")]
    data: Option<PathBuf>,
    /// Who asks there; the password is read from REKAM_PASSWORD or the first line of standard input.
    #[arg(long, requires = "data")]
    operator: Option<String>,
}

impl Keys {
    /// All of them in PEM; those that were named have been looked at.
    fn read(self) -> Result<Vec<String>, Trouble> {
        let mut keys = Vec::new();
        for path in &self.keys {
            let pem = std::fs::read_to_string(path).map_err(file(path))?;
            SealKey::from_pem(pem.as_bytes())?;
            keys.push(pem);
        }
        if let (Some(data), Some(operator)) = (self.data, self.operator) {
            let station = desk::Ask { data, operator }.open()?;
            let own = station.certificates();
            station.lock()?;
            keys.extend(own?);
        }
        Ok(keys)
    }
}

/// `qr-page`: one HTML file that checks codes in any browser, without network.
pub(crate) fn page(ask: Page) -> Result<Verdict, Trouble> {
    let keys = ask.keys.read()?;
    let page = station::qr_page(&keys);
    let mut new = std::fs::File::create_new(&ask.out).map_err(file(&ask.out))?;
    new.write_all(page.as_bytes()).and_then(|()| new.sync_all()).map_err(file(&ask.out))?;
    answer(&json!({ "ok": true, "page": ask.out, "keys": keys.len() }));
    Ok(Verdict::Fine)
}

fn long(date: Date) -> String {
    format!("{} {} {}", date.day(), terbilang::month(date.month()), date.year())
}

pub(crate) fn verify(ask: Ask) -> Result<Verdict, Trouble> {
    let today =
        ask.today.unwrap_or_else(|| jiff::tz::Offset::constant(7).to_datetime(jiff::Timestamp::now()).date());
    let keys: Vec<SealKey> =
        ask.keys.read()?.iter().map(|pem| SealKey::from_pem(pem.as_bytes())).collect::<Result<_, _>>()?;
    if keys.is_empty() {
        return Err(Trouble::Usage("--key or --data: whose seal is it to be?".into()));
    }
    let text = if ask.text == "-" {
        std::io::read_to_string(std::io::stdin()).map_err(file("-"))?
    } else {
        ask.text
    };
    let (verdict, words, seal, end) = match verify_among(&text, &keys) {
        Err(packet::Error::Seal { reason }) => {
            answer(&json!({
                "verdict": "unreadable",
                "words": "Kode ini bukan segel kertas Rekam, atau tidak terbaca utuh. Pindai lagi; bila tetap begini, hubungi kantor.",
                "reason": reason,
            }));
            return Ok(Verdict::Broken);
        }
        Err(other) => return Err(other.into()),
        Ok(Word::OtherKey(sealed)) => {
            answer(&json!({
                "verdict": "other_key",
                "words": format!("Kode ini ditandatangani dengan kunci lain ({}). Kertas belum tentu palsu: periksa dengan sertifikat stasiun yang mengeluarkannya.", sealed.key),
                "key": sealed.key.to_string(),
            }));
            return Ok(Verdict::Broken);
        }
        Ok(Word::Forged) => {
            answer(&json!({
                "verdict": "forged",
                "words": "Tanda tangannya tidak cocok: kode dibuat-buat atau diubah. Jangan diterima.",
            }));
            return Ok(Verdict::Broken);
        }
        Ok(Word::Mixed(seal)) => (
            "mixed",
            "Kunci latihan dan kertas sungguhan tercampur. Jangan diterima.".to_owned(),
            seal,
            Verdict::Broken,
        ),
        Ok(Word::OutOfTime(seal)) => (
            "out_of_time",
            "Kertas bertanggal di luar masa berlaku sertifikat stasiun. Jangan diterima.".to_owned(),
            seal,
            Verdict::Broken,
        ),
        Ok(Word::Training(seal)) => {
            ("training", "LATIHAN, tidak berlaku untuk keperluan apa pun.".to_owned(), seal, Verdict::Warned)
        }
        Ok(Word::Genuine(seal)) => match seal.until {
            Some(until) if until < today => (
                "expired",
                format!("Segel asli, tetapi masa berlakunya habis pada {}.", long(until)),
                seal,
                Verdict::Warned,
            ),
            _ => (
                "genuine",
                "Segel asli. Nomor, tanggal, dan isinya harus sama dengan yang tercetak.".to_owned(),
                seal,
                Verdict::Fine,
            ),
        },
    };
    let fields = compare(&seal, &ask.fields)?;
    let changed = fields == Some(false);
    answer(&json!({
        "verdict": if changed { "content_differs" } else { verdict },
        "words": if changed {
            "Segelnya terbaca, tetapi isi yang diketik berbeda dari yang disegel. Periksa ketikan; bila benar, kertas ini diubah.".to_owned()
        } else {
            words
        },
        "paper": seal.kind.name(),
        "number": seal.number,
        "issued": seal.issued,
        "until": seal.until,
        "training": seal.training,
        "fields": seal.kind.labels(),
        "fields_match": fields,
        "checksum": seal.checksum.groups(),
    }));
    Ok(if changed { Verdict::Broken } else { end })
}

/// Whether the fields typed are those that were sealed; nothing when none were typed.
fn compare(seal: &Seal, typed: &[String]) -> Result<Option<bool>, Trouble> {
    if typed.is_empty() {
        return Ok(None);
    }
    let labels = seal.kind.labels();
    let usage = || Trouble::Usage(format!("kertas ini memerlukan --field untuk: {}", labels.join(", ")));
    let mut values = Vec::with_capacity(labels.len());
    for label in labels {
        let found = typed.iter().find_map(|field| field.strip_prefix(label)?.strip_prefix('='));
        values.push(found.ok_or_else(usage)?);
    }
    if typed.len() != labels.len() {
        return Err(usage());
    }
    let sum = Checksum::of(seal.kind, &values).map_err(|e| Trouble::Usage(e.to_string()))?;
    Ok(Some(sum == seal.checksum))
}
