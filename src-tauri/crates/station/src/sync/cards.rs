//! What the exchange brought for a card, and what a person did about a report that the centre refused.

use ::sync::Finding;
use domain::central_status::CentralStatus;
use domain::permohonan::Event;
use domain::steps::print::{CardSource, PrintEvent, card_source};
use jiff::Timestamp;
use packet::wire::CentralSetting;
use store::{Act, CardData, CardReport, CardReportState};

use crate::references::is_of_request;
use crate::session::Desk;
use crate::status::is_ended;
use crate::visit::Visit;
use crate::{Result, Station};

impl Station {
    /// The centre's record that was given out for this visit's request; that of an earlier request is none.
    ///
    /// # Errors
    /// `Store`.
    pub(crate) fn card_data_of(&self, desk: &Desk, visit: &Visit) -> Result<Option<CardData>> {
        let id = visit.id();
        Ok(desk.store.read(|view| view.card_data(id))?.filter(|data| is_of_request(data, visit)))
    }

    /// Takes the centre's record for the card into the visit, when the exchange brought one, or a newer one. A card that
    /// is in the printer keeps what it was begun with.
    ///
    /// # Errors
    /// `Store`.
    pub(crate) fn take_card_data(&self, desk: &Desk, visit: &mut Visit) -> Result<()> {
        let Some(data) = self.card_data_of(desk, visit)? else { return Ok(()) };
        let as_of = Timestamp::from_millisecond(data.as_of_ms).unwrap_or(desk.now);
        let event = Event::Print(PrintEvent::CardDataReceived { as_of });
        self.note_if_due(desk, visit, &event, |visit| {
            let newer = match card_source(&visit.state) {
                Some(CardSource::Recording) => false,
                Some(CardSource::Centre { as_of: known }) => known < as_of,
                None => true,
            };
            let same = data.job == visit.state.print_request.job;
            newer && same && visit.state.print.job.is_none() && visit.state.print.card.is_none()
        })
    }

    /// The centre's reason when it asks for the recording of this visit to be made again; none once a later one is sealed.
    ///
    /// # Errors
    /// `Store`.
    pub(crate) fn re_record_of(&self, desk: &Desk, visit: &Visit) -> Result<Option<String>> {
        let id = visit.id();
        let (packet, findings) = desk.store.read(|view| Ok((view.packet_of(id)?, view.sync_findings()?)))?;
        let Some(packet) = packet else { return Ok(None) };
        let about = ::sync::finding::re_record_subject(packet.sequence, &visit.row.ticket);
        let found = findings.into_iter().find(|row| {
            row.over_ms == 0
                && row.kind == Finding::ReRecord.key()
                && ::sync::finding::is_about(&row.subject, &about)
        });
        Ok(found.map(|row| ::sync::finding::why(&row.subject).to_owned()))
    }

    /// A person has seen to a finding: it no longer stands. What the centre refused is told again in the act that ends it: a
    /// cut leaves the finding, or a report that waits.
    pub(super) fn end_finding(&self, desk: &Desk, kind: &str, subject: &str, note: &str) -> Result<()> {
        let refused = Self::refused_reports(desk, kind, subject)?;
        let Some(last) = refused.last().map(|row| row.id) else {
            desk.store.bookkeep(desk.now, |ledger| ledger.is_over(kind, subject))?;
            return Ok(());
        };
        for row in refused {
            let ends = Self::ends_by_word(desk, &row)?;
            let state = if ends { CardReportState::Told } else { CardReportState::Waiting };
            let act = Act::CardReportSettle {
                permohonan: row.permohonan,
                kind: row.news.key().to_owned(),
                state: state.code().to_owned(),
            };
            desk.transact(act, |tx| {
                if ends {
                    tx.note("catatan", note);
                    tx.settle_card_report(row.id, state, &row.cause)?;
                } else {
                    tx.tell_card_report_again(row.id)?;
                }
                if row.id == last { tx.finding_is_over(kind, subject) } else { Ok(()) }
            })?;
        }
        desk.store.bookkeep(desk.now, |ledger| ledger.hurry_card_reports(""))?;
        self.sync_soon();
        Ok(())
    }

    /// The refused reports that a finding is about.
    fn refused_reports(desk: &Desk, kind: &str, subject: &str) -> Result<Vec<CardReport>> {
        let Some(news) = Finding::from_key(kind).and_then(Finding::refused_news) else {
            return Ok(Vec::new());
        };
        Ok(desk.store.read(|view| {
            let mut refused = Vec::new();
            for row in view.card_reports_open()? {
                let visit = view.permohonan(row.permohonan)?;
                let about = visit.is_some_and(|visit| ::sync::finding::is_about(subject, &visit.ticket));
                if row.state == CardReportState::Refused && row.news == news && about {
                    refused.push(row);
                }
            }
            Ok(refused)
        })?)
    }

    /// Whether the person's word is the end of a refused report: of a card that was made under a job which had ended, and that
    /// the centre has not given back since. It would refuse it for ever, with all that is to be told behind it.
    fn ends_by_word(desk: &Desk, row: &CardReport) -> Result<bool> {
        if !::sync::is_of_ended_job(row) {
            return Ok(false);
        }
        let job = row.job.to_string();
        let words = desk.store.read(|view| view.central_statuses(&row.nik))?;
        let newest = words.into_iter().find(|word| word.packet == job);
        Ok(newest.is_none_or(|word| is_ended(&CentralStatus::received(word.status))))
    }

    /// The centre's signed word for a setting, else what this station's own settings say.
    pub(crate) fn central_or(store: &store::Store, setting: CentralSetting, own: u32) -> Result<u32> {
        let set = store.read(|view| ::sync::kept_setting(view, setting.key))?;
        Ok(set.and_then(|value| setting.read(&value)).unwrap_or(own))
    }
}
