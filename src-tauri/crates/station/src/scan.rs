//! A paper found by its QR code: read from the camera's picture or typed by a scanner, and believed only when its seal holds.

use biometrics::codec::{Limits, decode_gray};
use domain::Unsur;
use domain::role::Action;
use domain::seal::{Checksum, Kind, Seal, decode, is_seal};
use packet::pki::Certificate;
use packet::seal::{Verdict, verify};

use crate::attestation::{packet_of, packet_on_paper};
use crate::credentials::Credentials;
use crate::session::Desk;
use crate::{Error, Result, Station};

impl Station {
    /// Reads the code of a paper that is held before the desk's camera, for as long as one reading may take, and answers
    /// its text once its seal holds; the text finds the visit like a typed one. Called off by calling off the camera.
    ///
    /// # Errors
    /// `Locked`; `NotNow`: no code was seen, a code that is none of ours, one of another station, one that does not hold;
    /// `Device`, `Store`.
    pub fn scan_code(&self) -> Result<String> {
        let desk = self.desk(Action::ReadQueue)?;
        let text = self.held_up_code()?.ok_or(Error::not_now("code_none"))?;
        if !is_seal(&text) {
            return Err(Error::not_now("code_other"));
        }
        self.sealed(&desk, &text)?;
        Ok(text)
    }

    /// The first code that is held before the desk's camera while one reading may take, one of ours before any other; `None`
    /// when no code was seen.
    ///
    /// # Errors
    /// `Device`.
    pub(crate) fn held_up_code(&self) -> Result<Option<String>> {
        let limits = Limits::default();
        self.equipment.watch_camera(self.reading(), |frame| {
            let texts = documents::read_codes(&decode_gray(&frame.jpeg, &limits).ok()?);
            let ours = texts.iter().find(|text| is_seal(text)).cloned();
            ours.or_else(|| texts.into_iter().next())
        })
    }

    /// What a code says, when it is a code of this station.
    ///
    /// # Errors
    /// `NotNow`: it cannot be read (`code_damaged`), is of another station (`code_foreign`), or was made up or changed
    /// (`code_forged`); `Store`.
    pub(crate) fn sealed(&self, desk: &Desk, text: &str) -> Result<Seal> {
        let sealed = decode(text).map_err(|_| Error::not_now("code_damaged"))?;
        let Some(json) = desk.store.read(Credentials::read)? else {
            return Err(Error::not_now("code_foreign"));
        };
        let own = Certificate::from_pem(Credentials::parse(&json)?.station.certificate.as_bytes())?;
        match verify(text, &own)? {
            // A renewed certificate is younger than the papers of the one before it.
            Verdict::Genuine(seal) | Verdict::Training(seal) | Verdict::OutOfTime(seal) => Ok(seal),
            Verdict::OtherKey(_) if self.remembers(desk, &sealed.seal)? => Ok(sealed.seal),
            Verdict::OtherKey(_) => Err(Error::not_now("code_foreign")),
            Verdict::Forged | Verdict::Mixed(_) => Err(Error::not_now("code_forged")),
        }
    }

    /// This station's certificates in PEM, the present one first: whoever checks its papers without network needs those under
    /// which they were sealed. They hold nothing secret.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotNow` while the station has none, `Store`, `Stored`.
    pub fn certificates(&self) -> Result<Vec<String>> {
        let desk = self.desk(Action::ReadQueue)?;
        let json = desk.store.read(Credentials::read)?.ok_or(Error::not_now("no_centre"))?;
        Ok(Credentials::parse(&json)?.certificates())
    }

    /// Whether this station gave out that paper under an earlier key: number, kind, day and the checksum over name, NIK
    /// and, on a Suket, birth, on a Formulir the packet, are those of a paper that it keeps.
    fn remembers(&self, desk: &Desk, seal: &Seal) -> Result<bool> {
        let kind = match seal.kind {
            Kind::TandaPengambilan => domain::paper::DocumentKind::TandaPengambilan,
            Kind::SlipPengembalian => domain::paper::DocumentKind::SlipPengembalian,
            Kind::BerkasPermohonan => domain::paper::DocumentKind::SampulBerkas,
            Kind::SuratKeterangan => domain::paper::DocumentKind::Suket,
            Kind::SlipStatus => domain::paper::DocumentKind::SlipStatus,
            Kind::FormulirPerekaman => domain::paper::DocumentKind::FormulirPerekaman,
            Kind::TitikPeriksa
            | Kind::BeritaAcara
            | Kind::LaporanHarian
            | Kind::Laporan
            | Kind::LaporanStok => return Ok(false),
        };
        for paper in desk.store.read(|view| view.documents_by_number(&seal.number))? {
            let Some(id) = paper.permohonan.filter(|_| paper.document.kind == kind.key()) else { continue };
            // Compared, not shown.
            let Some(visit) = self.listed_visit(desk, id)? else { continue };
            let get = |unsur: Unsur| visit.biodata.get(unsur).unwrap_or_default();
            let name = get(Unsur::Nama).to_uppercase();
            let birth = self.suket_birth(&visit);
            let rendered = visit.state.attestation.form;
            let packet = rendered.and_then(|form| packet_of(&form, &paper.document));
            let mut values = vec![name.as_str(), get(Unsur::Nik)];
            if seal.kind == Kind::SuratKeterangan {
                values.push(&birth);
            }
            // A training form of an earlier program sealed its packet without the mark that stands on the paper.
            let packets = match packet.filter(|_| seal.kind == Kind::FormulirPerekaman) {
                Some(id) => vec![packet_on_paper(id, seal.training), id.to_string()],
                None => vec![String::new()],
            };
            let given =
                jiff::Timestamp::from_millisecond(paper.document.rendered_ms).map(|at| self.day_of(at));
            let same = packets.iter().any(|packet| {
                let mut values = values.clone();
                if seal.kind == Kind::FormulirPerekaman {
                    values.push(packet);
                }
                Checksum::of(seal.kind, &values).is_ok_and(|sum| sum == seal.checksum)
            });
            if same && given.is_ok_and(|day| day == seal.issued) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_window_has_words_for_each_code_that_is_not_taken() {
        for key in ["code_none", "code_other", "code_damaged", "code_foreign", "code_forged"] {
            for part in ["happened", "safe", "next"] {
                crate::words::assert_worded(&format!("errors.{key}.{part}"));
            }
        }
    }
}
