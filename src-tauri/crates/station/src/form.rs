//! Step 1: the form, saved field by field as it is typed.

mod filled;
mod paper;

use domain::Unsur;
use domain::biodata::{Biodata, FIELD_LIMIT, FieldCtx, check_field, required};
use domain::permohonan::{Event, Phase, Refusal};
use domain::plan::JenisPermohonan;
use domain::role::Action;
use domain::steps::form::FormEvent;
use domain::wilayah::KodeWilayah;
use store::{Act, Resident};

use crate::session::Desk;
use crate::view::{self, InputKind};
use crate::visit::{NOTED_WITHIN, Visit, iso, iso_ms};
use crate::{Error, Result, Station, reasons, words};

pub(crate) use filled::apart_from;
use filled::moments;

/// How many names a type-ahead shows.
const SUGGESTIONS: usize = 8;

/// The fields of the form, in the order of F-1.02 and the card. What was filled in of a stay is shown as long as it stands
/// there, also of a citizen: nothing that is judged may be out of sight.
pub(crate) fn fields_of(kind: JenisPermohonan, biodata: &Biodata) -> Vec<Unsur> {
    let stay = [Unsur::Negara, Unsur::Paspor, Unsur::NomorItap, Unsur::ItapBerlaku];
    let filled = stay.into_iter().filter(|unsur| biodata.get(*unsur).is_some());
    let mut fields = required(kind, biodata);
    for extra in [Unsur::GolonganDarah, Unsur::Disabilitas, Unsur::Telepon].into_iter().chain(filled) {
        if !fields.contains(&extra) {
            fields.push(extra);
        }
    }
    fields.sort();
    fields
}

fn input_of(unsur: Unsur) -> InputKind {
    match unsur {
        Unsur::Nik | Unsur::NikIbu | Unsur::NikAyah => InputKind::Nik,
        Unsur::NomorKk => InputKind::Kk,
        Unsur::TanggalLahir | Unsur::TanggalKawin | Unsur::TanggalCerai | Unsur::ItapBerlaku => {
            InputKind::Date
        }
        Unsur::Kelurahan => InputKind::Wilayah,
        Unsur::Rt | Unsur::Rw => InputKind::Rt,
        _ if unsur.table().is_some() => InputKind::Code,
        _ => InputKind::Text,
    }
}

/// The resident's data as the core's type; keys that this build does not know are left out.
pub(crate) fn biodata_of(resident: &Resident) -> Result<Biodata> {
    let value: serde_json::Value = serde_json::from_str(&resident.data_json)
        .map_err(|source| Error::Stored { what: "resident", source })?;
    let mut biodata = Biodata::new();
    for unsur in Unsur::ALL {
        let text = match value.get(unsur.key()) {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(serde_json::Value::Number(number)) => number.to_string(),
            _ => continue,
        };
        biodata.set(*unsur, &text);
    }
    biodata.set(Unsur::Nik, &resident.nik);
    biodata.set(Unsur::NomorKk, &resident.kk);
    if biodata.name().is_none() {
        biodata.set(Unsur::Nama, &resident.name);
    }
    Ok(biodata)
}

impl Station {
    /// A value in words: a code's label, a region's path, else the text itself.
    pub(crate) fn shown(&self, unsur: Unsur, value: &str) -> String {
        if let Some(table) = unsur.table() {
            let label = self.tables().codes.label(table, value).map(words::spoken_label);
            return label.unwrap_or_else(|| value.to_owned());
        }
        match unsur {
            Unsur::Kelurahan => KodeWilayah::parse(value).map_or_else(
                || value.to_owned(),
                |code| {
                    let tables = self.tables();
                    let mut path = tables.wilayah.path(code);
                    path.reverse();
                    if path.is_empty() { value.to_owned() } else { path.join(", ") }
                },
            ),
            Unsur::TanggalLahir | Unsur::TanggalKawin | Unsur::TanggalCerai | Unsur::ItapBerlaku => {
                domain::tanggal::Tanggal::parse(value).map_or_else(|_| value.to_owned(), |date| date.dmy())
            }
            _ => value.to_owned(),
        }
    }

    /// A foreigner's country and passport, and the number and last day of the stay, as the paper names them; empty for a citizen.
    pub(crate) fn stay_words(&self, biodata: &Biodata) -> [String; 2] {
        if !biodata.is_foreigner() {
            return Default::default();
        }
        let told = |word: &str, unsur: Unsur| {
            let value = self.shown(unsur, biodata.get(unsur).unwrap_or_default());
            Some(format!("{word} {value}").trim().to_owned()).filter(|_| !value.trim().is_empty())
        };
        let listed = |parts: [Option<String>; 2]| parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        [
            listed([told("", Unsur::Negara), told("paspor", Unsur::Paspor)]),
            listed([told("", Unsur::NomorItap), told("berlaku sampai", Unsur::ItapBerlaku)]),
        ]
    }

    fn field(&self, desk: &Desk, visit: &Visit, unsur: Unsur, saved_at: Option<String>) -> view::FormField {
        let value = visit.biodata.get(unsur).unwrap_or_default();
        let ctx = FieldCtx {
            kind: visit.state.plan.kind,
            today: self.day_of(desk.now),
            wilayah: &desk.tables.wilayah,
            codes: &desk.tables.codes,
            biodata: &visit.biodata,
        };
        view::FormField {
            unsur: unsur.key().to_owned(),
            label: words::unsur(unsur, &self.config.office.village_word),
            value: value.to_owned(),
            shown: self.shown(unsur, value),
            input: input_of(unsur),
            table: unsur.table().map(str::to_owned),
            required: required(visit.state.plan.kind, &visit.biodata).contains(&unsur),
            findings: check_field(unsur, value, &ctx).iter().map(finding).collect(),
            saved_at,
        }
    }

    /// Step 1 of one application.
    ///
    /// # Errors
    /// `Locked`, `NotFound`, `Store`.
    pub fn form(&self, id: &str) -> Result<view::Form> {
        let desk = self.desk(Action::FillForm)?;
        let visit = self.visit(&desk, id)?;
        self.form_view(&desk, &visit)
    }

    fn form_view(&self, desk: &Desk, visit: &Visit) -> Result<view::Form> {
        let saved = desk.store.read(|view| view.isian(visit.id()))?;
        let fields = fields_of(visit.state.plan.kind, &visit.biodata)
            .into_iter()
            .map(|unsur| {
                let at = saved
                    .iter()
                    .find(|field| field.unsur == unsur.key())
                    .and_then(|field| iso_ms(field.saved_ms));
                self.field(desk, visit, unsur, at)
            })
            .collect();
        let why = reasons::obstacle(&self.ask(desk, visit, Event::Form(FormEvent::Completed)));
        let extract = self.filled_from(desk, visit)?;
        Ok(view::Form {
            id: visit.id().to_string(),
            kind: words::kind_key(visit.state.plan.kind),
            kind_label: words::kind(visit.state.plan.kind).to_owned(),
            fields,
            prefilled_from: extract
                .map(|extract| view::Source { source: extract.source, taken_at: extract.taken_at }),
            can_submit: why.is_none(),
            why,
            correction: self.taken_up(desk, visit)?,
        })
    }

    /// Saves one field; when this returns, it is on disk. With another NIK than that of the resident record that filled the form,
    /// or that step 3 took values of, goes what the record brought and nobody typed since: it is somebody else's.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` for an unknown field, `NotNow` for more than [`FIELD_LIMIT`] letters or when the form is
    /// already complete, `Refused` when the visit was handed back or has ended, `Store`.
    pub fn save_field(&self, id: &str, unsur: &str, value: &str) -> Result<view::FieldSaved> {
        let mut desk = self.desk(Action::FillForm)?;
        let unsur = Unsur::from_key(unsur).ok_or(Error::Invalid { what: "unsur" })?;
        let value = clean(unsur, value);
        if value.chars().count() > FIELD_LIMIT {
            return Err(Error::not_now_with("field_too_long", &[("most", FIELD_LIMIT.to_string())]));
        }
        let mut visit = self.visit(&desk, id)?;
        let mut left = NOTED_WITHIN;
        loop {
            apart_from(&mut desk, &moments(&visit));
            match self.keep_typed(&desk, &mut visit, unsur, &value) {
                // Somebody stopped the clock, or handed the form in: what was typed goes by where the visit stands now.
                Err(Error::Store(store::Error::ChangedMeanwhile)) if left > 1 => {
                    left -= 1;
                    self.load_again(&desk, &mut visit)?;
                }
                kept => break kept?,
            }
        }
        let nik = visit.biodata.nik().map(|nik| nik.as_str().to_owned()).unwrap_or_default();
        let name = visit.biodata.name().unwrap_or_default().to_owned();
        let saved_at = iso(desk.now);
        let why = reasons::obstacle(&self.ask(&desk, &visit, Event::Form(FormEvent::Completed)));
        Ok(view::FieldSaved {
            field: self.field(&desk, &visit, unsur, Some(saved_at.clone())),
            saved_at,
            can_submit: why.is_none(),
            why,
            name: words::spoken_name(&name),
            nik,
        })
    }

    /// Residents of this whole NIK, or whose names begin like this. While a name is being typed nothing is forgiven; once
    /// `settled`, up to two typing mistakes are. Part of a NIK, one letter, or a name with a digit finds nobody.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Store`.
    pub fn resident_suggest(&self, text: &str, settled: bool) -> Result<Vec<view::ResidentRow>> {
        let desk = self.desk(Action::ReadResidents)?;
        let digits = domain::nik::digits_only(text);
        let found: Vec<Resident> = if digits.len() == 16 && digits.bytes().all(|b| b.is_ascii_digit()) {
            desk.store.read(|view| view.resident_by_nik(&digits))?.into_iter().collect()
        } else if text.trim().chars().count() >= 2 && !text.chars().any(|c| c.is_ascii_digit()) {
            let hits = if settled {
                desk.store.find_names(text, SUGGESTIONS)?
            } else {
                desk.store.type_ahead(text, SUGGESTIONS)?
            };
            hits.into_iter().map(|hit| hit.resident).collect()
        } else {
            Vec::new()
        };
        found.iter().map(|resident| self.resident_row(resident)).collect()
    }

    /// The family of a KK number.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Store`.
    pub fn resident_family(&self, kk: &str) -> Result<Vec<view::ResidentRow>> {
        let desk = self.desk(Action::ReadResidents)?;
        let kk = domain::nik::digits_only(kk);
        let found = desk.store.read(|view| view.residents_by_kk(&kk))?;
        found.iter().map(|resident| self.resident_row(resident)).collect()
    }

    fn resident_row(&self, resident: &Resident) -> Result<view::ResidentRow> {
        let biodata = biodata_of(resident)?;
        Ok(view::ResidentRow {
            nik: resident.nik.clone(),
            masked_nik: biodata.nik().map(|nik| nik.masked()).unwrap_or_default(),
            name: words::spoken_name(&resident.name),
            born: biodata
                .get(Unsur::TanggalLahir)
                .map(|born| self.shown(Unsur::TanggalLahir, born))
                .unwrap_or_default(),
            place: self.tables().village(&biodata),
        })
    }

    /// One code table.
    ///
    /// # Errors
    /// `Locked`, `NotFound`.
    pub fn codes(&self, table: &str) -> Result<Vec<view::CodeRow>> {
        let desk = self.desk(Action::ReadQueue)?;
        let table = desk.tables.codes.table(table).ok_or(Error::NotFound { what: "table" })?;
        Ok(table
            .rows
            .iter()
            .map(|row| view::CodeRow { code: row.code.clone(), label: words::spoken_label(&row.label) })
            .collect())
    }

    /// Villages by name, the own district first.
    ///
    /// # Errors
    /// `Locked`.
    pub fn wilayah_search(&self, text: &str) -> Result<Vec<view::WilayahRow>> {
        let desk = self.desk(Action::ReadQueue)?;
        let wilayah = &desk.tables.wilayah;
        let own = KodeWilayah::parse(&self.config.office.regency_code);
        let level = Some(domain::wilayah::Tingkat::Kelurahan);
        let mut rows: Vec<(KodeWilayah, String)> = Vec::new();
        for within in [own, None] {
            for (code, name) in wilayah.search(text, within, level, 12) {
                if !rows.iter().any(|(held, _)| *held == code) {
                    rows.push((code, name.to_owned()));
                }
            }
        }
        rows.truncate(12);
        Ok(rows
            .into_iter()
            .map(|(code, name)| {
                let mut path = wilayah.path(code);
                path.pop();
                path.reverse();
                view::WilayahRow { code: code.digits(), name, path: path.join(", ") }
            })
            .collect())
    }

    /// Ends step 1. A correction that this application takes up is closed with it.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` with what is missing, `Store`.
    pub fn submit_form(&self, id: &str) -> Result<view::Permohonan> {
        let desk = self.desk(Action::FillForm)?;
        let mut visit = self.visit(&desk, id)?;
        let permohonan = visit.id();
        let event = Event::Form(FormEvent::Completed);
        let before = visit.state.status.of.clone();
        self.perform(&desk, &mut visit, event, |tx| tx.hand_in_correction(permohonan))?;
        if visit.state.status.of != before {
            // Of this NIK the centre was not asked yet.
            crate::held(&self.asked).remove(&permohonan);
            crate::held(&self.unanswered).remove(&permohonan);
        }
        self.masthead(&desk, &visit)
    }
}

/// Refuses what is typed into a visit that is not open at step 1.
fn may_type(visit: &Visit) -> Result<()> {
    match visit.state.phase {
        Phase::Open => {}
        Phase::Returned { .. } | Phase::HeldForAge { .. } | Phase::Waiting { .. } => {
            return Err(Refusal::NotOpen.into());
        }
        Phase::Cancelled { .. } | Phase::Expired | Phase::Closed => return Err(Refusal::Ended.into()),
    }
    if visit.state.step != domain::plan::Step::Form {
        return Err(Error::not_now("form_complete"));
    }
    Ok(())
}

/// Writes one field of a visit that still stands as it was read, and is open at step 1.
fn keep_field(desk: &Desk, visit: &mut Visit, unsur: Unsur, value: &str) -> Result<()> {
    may_type(visit)?;
    let permohonan = visit.id();
    let mut biodata = visit.biodata.clone();
    biodata.set(unsur, value);
    let nik = biodata.nik().map(|nik| nik.as_str().to_owned()).unwrap_or_default();
    let name = biodata.name().unwrap_or_default().to_owned();
    desk.transact(Act::FieldSave { permohonan, unsur: unsur.key().to_owned() }, |tx| {
        tx.expect_state(permohonan, &visit.row.state_json)?;
        tx.save_isian(permohonan, unsur.key(), value)?;
        if matches!(unsur, Unsur::Nik | Unsur::Nama) {
            tx.set_applicant(permohonan, &nik, &name)?;
        }
        Ok(())
    })?;
    visit.biodata = biodata;
    Ok(())
}

/// What is stored of what was typed: numbers without their spaces, dates as the store has them, text in NFC.
fn clean(unsur: Unsur, value: &str) -> String {
    match input_of(unsur) {
        InputKind::Nik | InputKind::Kk => domain::nik::digits_only(value),
        InputKind::Date => {
            domain::tanggal::Tanggal::parse(value).map_or_else(|_| value.trim().to_owned(), String::from)
        }
        InputKind::Text | InputKind::Code | InputKind::Wilayah | InputKind::Rt => domain::nama::typed(value),
    }
}

pub(crate) fn finding(finding: &domain::Finding) -> view::Finding {
    view::Finding { level: level(finding.level), rule: finding.rule.key(), text: finding.words.clone() }
}

pub(crate) fn level(level: domain::Level) -> view::Level {
    match level {
        domain::Level::Ok => view::Level::Ok,
        domain::Level::Info => view::Level::Info,
        domain::Level::Warn => view::Level::Warn,
        domain::Level::Hard => view::Level::Hard,
    }
}

#[cfg(test)]
mod tests {
    use domain::role::Role;
    use domain::sop::PauseReason;

    use super::*;
    use crate::plain::{self, PASSWORD};

    #[test]
    fn a_field_is_kept_only_while_the_visit_is_open_and_stands_as_it_was_read() {
        let dir = tempfile::tempdir().unwrap();
        let officer = plain::officer("satu", &Role::ALL);
        let station = plain::start(plain::config(dir.path()), plain::provision(true, vec![officer]));
        station.sign_in("satu", PASSWORD).unwrap();
        let id = station.open(&station.kinds().unwrap()[0].kind).unwrap().id;
        let desk = station.desk(Action::FillForm).unwrap();
        let name = || station.visit(&desk, &id).unwrap().biodata.name().map(str::to_owned);
        let mut early = station.visit(&desk, &id).unwrap();
        let mut visit = station.visit(&desk, &id).unwrap();
        let paused = Event::Paused { reason: PauseReason::Applicant };
        station.perform(&desk, &mut visit, paused, |_| Ok(())).unwrap();

        let stale = keep_field(&desk, &mut early, Unsur::Nama, "TERLAMBAT");
        assert!(matches!(stale, Err(Error::Store(store::Error::ChangedMeanwhile))), "{stale:?}");
        assert_eq!((name(), early.biodata.name()), (None, None), "nothing lands after what came between");
        station.save_field(&id, "nama", "BUDI CONTOH").unwrap();
        assert_eq!(name().as_deref(), Some("BUDI CONTOH"), "a clock that stands keeps nobody from typing");

        station.load_again(&desk, &mut visit).unwrap();
        let ended = Event::Cancelled { reason: "salah orang".to_owned() };
        station.perform(&desk, &mut visit, ended, |_| Ok(())).unwrap();
        let after = station.save_field(&id, "nama", "ORANG LAIN");
        assert!(matches!(after, Err(Error::Refused(Refusal::Ended))), "{after:?}");
        assert_eq!(name().as_deref(), Some("BUDI CONTOH"), "a visit that has ended takes nothing more");
    }
}
