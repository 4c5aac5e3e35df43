//! What a card needs of a person who was recorded elsewhere or before: asked for once the request is told, kept for step 8.

use std::collections::BTreeMap;

use base64::Engine as _;
use domain::Unsur;
use domain::biodata::{Biodata, card_differs, is_said_on_card};
use domain::ids::JobId;
use domain::permohonan::State;
use domain::plan::CaptureScope;
use jiff::Timestamp;
use packet::wire::{CardContent, ChipFinger};
use reqwest::Method;
use store::{Act, CardData, CardFinger, CardWanted, Ctx};

use super::transfer::simple;
use super::{Engine, IN_A_ROW, Report, Stop};
use crate::finding::{Finding, is_about, subject};
use crate::line::{Refused, judge};
use crate::{Cause, Result, routes};

/// Where the data come from, as it stands beside them.
pub const CARD_SOURCE: &str = "pusat";
/// Format of a template. Source: sync.md §8.
pub const CARD_TEMPLATE: &str = "RK/1";
/// How long a record that differs from the form stands before it is asked for again; our choice. Each reading is an event.
const ASKED_AGAIN_MS: i64 = 15 * 60 * 1000;

impl Engine {
    /// Fetches what is wanted. One that fails keeps no other back; what the centre refuses is a finding, and is asked for
    /// again once a person has seen to it.
    pub(super) async fn contents(&self, report: &mut Report) -> Result<()> {
        let store = &self.setup.store;
        let (wanted, findings) = store.read(|view| Ok((view.card_data_wanted()?, view.sync_findings()?)))?;
        let refused = |ticket: &str| {
            findings.iter().any(|row| {
                row.over_ms == 0
                    && row.kind == Finding::CardContentRefused.key()
                    && is_about(&row.subject, ticket)
            })
        };
        let mut failures = 0;
        let now = self.line.now();
        for card in wanted.iter().filter(|card| !refused(&card.ticket)) {
            let kept = || store.read(|view| view.card_data(card.permohonan));
            if !is_wanted(card, now, kept)? {
                continue;
            }
            if self.setup.pace.is_stopped() {
                return Err(Cause::Cancelled.into());
            }
            if self.setup.pace.is_paused() {
                return Ok(());
            }
            match self.card_data(card.job, &card.nik).await {
                Ok(data) if kept()?.is_some_and(|kept| is_same(&kept, &data)) => {
                    store.bookkeep(self.line.now(), |ledger| ledger.card_data_unchanged(card.permohonan))?;
                }
                Ok(data) => {
                    let act = Act::CardDataKeep { permohonan: card.permohonan };
                    let ctx = Ctx { operator: None, now: self.line.now() };
                    store.transact(act, &ctx, |tx| tx.set_card_data(card.permohonan, &data))?;
                    self.end_findings(Finding::CardContentRefused.key(), &card.ticket)?;
                    report.contents += 1;
                }
                Err(cause) if cause.is_of_the_line() => return Err(cause.into()),
                Err(cause) if cause.is_permanent() => {
                    let about = subject(&card.ticket, &cause.stored());
                    let kind = Finding::CardContentRefused.key();
                    store.bookkeep(self.line.now(), |ledger| ledger.found(kind, &about))?;
                }
                Err(cause) if cause.is_of_the_centre() => return Err(cause.into()),
                Err(_) => {
                    failures += 1;
                    if failures >= IN_A_ROW {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    /// Asks for what one card needs, and believes it only whole: this job, this NIK, a portrait that is one. Nothing is
    /// kept by this.
    ///
    /// # Errors
    /// The [`Cause`] that stands between; `Refused` when the centre does not give it out.
    pub async fn card_data(&self, job: JobId, nik: &str) -> Result<CardData, Cause> {
        let url = self.line.url(&routes::card_content(job.uuid()))?;
        let request = self.line.request(Method::GET, url).timeout(self.line.patience() * 2);
        let answer = match judge(self.line.send(request).await?, &[200]) {
            Ok(answer) => answer,
            // Not there yet, or forgotten: the request is told (again) before this can be asked.
            Err(Refused::Gone) => return Err(Cause::NotReady { status: "REQUESTED".into() }),
            Err(Refused::NotNow(why)) => return Err(Cause::Refused { code: why }),
            Err(other) => {
                return Err(match simple(other) {
                    Stop::Held(cause) => cause,
                    Stop::Yield(_) | Stop::Failed(_) => Cause::Cancelled,
                });
            }
        };
        let now = self.line.now();
        let off = self.line.off_by(&answer.headers).unwrap_or(0);
        let as_of_ms = now.as_millisecond().saturating_sub(off.saturating_mul(1000));
        let strange = || Cause::NotUnderstood { what: "card content" };
        let content: CardContent = serde_json::from_slice(&answer.body).map_err(|_| strange())?;
        if content.job != job.uuid() || content.nik != nik {
            return Err(strange());
        }
        data_of(job, &content, as_of_ms).ok_or_else(strange)
    }
}

/// Somebody of whom not everything was captured in this visit: while the record is not here, and, as long as it says something
/// else than the form that was verified or what was found wrong on a card, every so often again, because the register is
/// corrected meanwhile.
/// `kept` looks up what is here.
fn is_wanted(
    card: &CardWanted,
    now: Timestamp,
    kept: impl FnOnce() -> store::Result<Option<CardData>>,
) -> store::Result<bool> {
    let Ok(state) = serde_json::from_str::<State>(&card.state_json) else { return Ok(false) };
    let absent = card.biodata_json.is_empty();
    let due_ms = card.fetched_ms.saturating_add(ASKED_AGAIN_MS);
    Ok(match state.plan.capture {
        CaptureScope::Full => false,
        // The card bears what was attested in this visit.
        CaptureScope::Portrait | CaptureScope::Signature | CaptureScope::PortraitAndSignature => absent,
        CaptureScope::None => {
            let due = !absent && now.as_millisecond() >= due_ms;
            absent
                || (due && (differs(card, &state) || kept()?.is_some_and(|kept| is_disputed(&state, &kept))))
        }
    })
}

fn differs(card: &CardWanted, state: &State) -> bool {
    let left_blank = state.verification.left_blank();
    let read = |json: &str| serde_json::from_str::<Biodata>(json);
    // A newer program's element in the form is no reason to ask.
    let form = serde_json::from_str::<BTreeMap<String, String>>(&card.form_json).map(|fields| {
        fields
            .into_iter()
            .filter_map(|(key, text)| Some((Unsur::from_key(&key)?, text)))
            .filter(|(_, text)| !text.trim().is_empty())
            .collect::<Biodata>()
    });
    let (Ok(form), Ok(record)) = (form, read(&card.biodata_json)) else { return false };
    !card_differs(&form, &record, &left_blank).is_empty()
}

/// What was found wrong on a card is still what the record says and shows: the register needs days to be corrected.
fn is_disputed(state: &State, kept: &CardData) -> bool {
    let Some(wrong) = state.print.disputed else { return false };
    let record = serde_json::from_str::<Biodata>(&kept.biodata_json);
    record.is_ok_and(|record| is_said_on_card(wrong, &record, &kept.portrait, &kept.signature))
}

/// The centre gave out once more what is kept, for the same request: the text and the pictures, byte for byte.
fn is_same(kept: &CardData, new: &CardData) -> bool {
    kept.job == new.job
        && kept.biodata_json == new.biodata_json
        && kept.portrait == new.portrait
        && kept.signature == new.signature
}

fn data_of(job: JobId, content: &CardContent, as_of_ms: i64) -> Option<CardData> {
    let bytes = |text: &str| base64::engine::general_purpose::STANDARD.decode(text).ok();
    let mut biodata = Biodata::new();
    for unsur in Unsur::ALL {
        if let Some(text) = content.biodata.get(unsur.key()) {
            biodata.set(*unsur, text);
        }
    }
    biodata.set(Unsur::Nik, &content.nik);
    let portrait = bytes(&content.portrait).filter(|jpeg| jpeg.starts_with(b"\xff\xd8"))?;
    let signature = bytes(&content.signature).filter(|png| png.is_empty() || png.starts_with(b"\x89PNG"))?;
    let named = content.biodata.get(Unsur::Nama.key()).is_some_and(|name| !name.trim().is_empty());
    let mut fingers: Vec<CardFinger> = Vec::new();
    for finger in &content.fingers {
        let fresh = fingers.iter().all(|other| other.finger != finger.position);
        fingers.push(finger_of(finger, bytes(&finger.template)?).filter(|_| fresh)?);
    }
    let whole = named && fingers.len() <= 2;
    whole.then(|| CardData {
        job: Some(job),
        source: CARD_SOURCE.into(),
        as_of_ms,
        biodata_json: serde_json::to_string(&biodata).unwrap_or_default(),
        portrait_type: "image/jpeg".into(),
        portrait,
        signature_type: if signature.is_empty() { String::new() } else { "image/png".into() },
        signature,
        fingers,
        fetched_ms: 0,
    })
}

/// A template as sync.md §8 has it: `RK`, 1, count, five bytes a minutia.
fn finger_of(finger: &ChipFinger, template: Vec<u8>) -> Option<CardFinger> {
    let (count, points) = template.strip_prefix(b"RK\x01")?.split_first()?;
    let sound = *count > 0 && points.len() == usize::from(*count) * 5 && (1..=10).contains(&finger.position);
    sound.then(|| CardFinger { finger: finger.position, format: CARD_TEMPLATE.into(), template })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::biodata::said_on_card;
    use domain::steps::verification::{Choice, Comparison, RecordSource};

    use super::*;

    fn content() -> CardContent {
        let encode = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
        let template = encode(b"RK\x01\x01\x00\x00\x00\x00\x32");
        CardContent {
            job: uuid::Uuid::now_v7(),
            enrolment: uuid::Uuid::now_v7(),
            nik: "1801010101909001".into(),
            biodata: [("nama".to_owned(), "ORANG CONTOH".to_owned())].into(),
            portrait: encode(b"\xff\xd8\xff\xe0 contoh"),
            signature: encode(b"\x89PNG contoh"),
            fingers: vec![ChipFinger { position: 1, template }],
        }
    }

    #[test]
    fn a_record_that_still_says_what_was_disputed_is_asked_for_again() {
        let record = Biodata::from_iter([(Unsur::Nama, "ORANG CONTOH".to_owned())]);
        let facts = domain::plan::PlanFacts {
            already_recorded: Some(true),
            born: None,
            married_ever: true,
            today: domain::Date::constant(2026, 11, 29),
            new_portrait: false,
            new_signature: false,
        };
        let kind = domain::JenisPermohonan::PerubahanData;
        let mut state = State::start(kind, facts, Timestamp::UNIX_EPOCH).expect("a plan");
        let card = |state: &State| CardWanted {
            permohonan: domain::ids::PermohonanId::new(uuid::Uuid::now_v7()),
            job: JobId::new(uuid::Uuid::now_v7()),
            nik: "1801010101909001".into(),
            ticket: "A-001".into(),
            state_json: serde_json::to_string(state).expect("JSON"),
            biodata_json: serde_json::to_string(&record).expect("JSON"),
            form_json: r#"{"nama":"ORANG CONTOH"}"#.into(),
            fetched_ms: 0,
        };
        let at = |ms| Timestamp::from_millisecond(ms).expect("a time");
        let (face, hand) = (b"\xff\xd8 wajah".as_slice(), b"\x89PNG tanda".as_slice());
        let wanted = |state: &State, ms, portrait: &[u8]| {
            let card = card(state);
            let kept = CardData {
                biodata_json: card.biodata_json.clone(),
                portrait: portrait.to_vec(),
                signature: hand.to_vec(),
                ..CardData::default()
            };
            is_wanted(&card, at(ms), || Ok(Some(kept))).expect("no database is asked")
        };
        assert!(!wanted(&state, ASKED_AGAIN_MS, face), "equal to the form, and nothing was said of it");
        state.print.disputed = Some(said_on_card(&record, face, hand));
        assert!(wanted(&state, ASKED_AGAIN_MS, face), "every so often");
        assert!(!wanted(&state, ASKED_AGAIN_MS - 1, face), "each reading is an event");
        assert!(!wanted(&state, ASKED_AGAIN_MS, b"\xff\xd8 lain"), "the picture is another one");
        state.print.disputed = Some(said_on_card(&Biodata::new(), face, hand));
        assert!(!wanted(&state, ASKED_AGAIN_MS, face), "corrected");
        state.print.disputed = None;
        // Of the two, only the record has a blood group.
        let mut bloody = card(&state);
        bloody.biodata_json = r#"{"nama":"ORANG CONTOH","golongan_darah":"4"}"#.into();
        let again =
            |card: &CardWanted| is_wanted(card, at(ASKED_AGAIN_MS), || Ok(None)).expect("no database");
        assert!(!again(&bloody), "the card takes it");
        state.verification.comparison = Some(Comparison {
            source: RecordSource::Nowhere,
            found: true,
            differing: BTreeSet::new(),
            only_record: BTreeSet::from([Unsur::GolonganDarah]),
            resolved: BTreeMap::from([(Unsur::GolonganDarah, Choice::Form)]),
            note: String::new(),
            stay_until: None,
            record: String::new(),
        });
        bloody.state_json = serde_json::to_string(&state).expect("JSON");
        assert!(again(&bloody), "an officer struck it: the register is corrected meanwhile");
    }

    #[test]
    fn a_record_with_another_picture_is_not_the_one_that_is_kept() {
        let job = JobId::new(uuid::Uuid::now_v7());
        let kept = data_of(job, &content(), 7).expect("a sound one");
        assert!(is_same(&kept, &data_of(job, &content(), 9).expect("the same")), "only asked for later");
        let encode = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
        for other in [
            CardContent { portrait: encode(b"\xff\xd8\xff\xe0 lain"), ..content() },
            CardContent { signature: encode(b"\x89PNG lain"), ..content() },
            CardContent { signature: String::new(), ..content() },
        ] {
            assert!(!is_same(&kept, &data_of(job, &other, 9).expect("a sound one")), "it is kept anew");
        }
        let next = data_of(JobId::new(uuid::Uuid::now_v7()), &content(), 9).expect("a sound one");
        assert!(!is_same(&kept, &next), "of another request");
    }

    #[test]
    fn what_a_card_needs_is_taken_whole_or_not_at_all() {
        let job = JobId::new(uuid::Uuid::now_v7());
        let data = data_of(job, &content(), 7).expect("a sound one");
        assert_eq!(data.job, Some(job), "of this request");
        assert_eq!((data.as_of_ms, data.fingers.len(), data.source.as_str()), (7, 1, "pusat"), "kept");
        assert!(data.biodata_json.contains("ORANG CONTOH"), "as attested");
        let signless = CardContent { signature: String::new(), ..content() };
        assert!(data_of(job, &signless, 7).is_some_and(|data| data.signature.is_empty()), "who cannot sign");
        let finger = content().fingers[0].clone();
        for (spoilt, why) in [
            (CardContent { portrait: "PGh0bWw+".into(), ..content() }, "a page in place of the portrait"),
            (CardContent { portrait: "%%%".into(), ..content() }, "no base64"),
            (CardContent { portrait: String::new(), ..content() }, "no portrait"),
            (CardContent { signature: "PGh0bWw+".into(), ..content() }, "a page in place of the signature"),
            (CardContent { biodata: Default::default(), ..content() }, "nobody"),
            (CardContent { fingers: vec![finger.clone(), finger.clone()], ..content() }, "one finger twice"),
            (
                CardContent { fingers: vec![ChipFinger { position: 11, ..finger.clone() }], ..content() },
                "an eleventh finger",
            ),
            (
                CardContent {
                    fingers: vec![ChipFinger { template: "UksBAg==".into(), ..finger }],
                    ..content()
                },
                "fewer minutiae than announced",
            ),
        ] {
            assert!(data_of(job, &spoilt, 7).is_none(), "{why}");
        }
    }
}
