//! The cover of the Berkas Permohonan. It lists what lies in the folder; once something else lies there, another one is made.

use documents::{BerkasLine, BerkasPermohonan, Sheet};
use domain::Unsur;
use domain::permohonan::Phase;
use domain::plan::Step;
use domain::register::Hash32;
use domain::role::Action;
use domain::seal::Kind;
use jiff::Timestamp;
use store::{Act, Document};

use super::priority_words;
use crate::papers::COVER;
use crate::requirements::listed;
use crate::session::Desk;
use crate::view::{self, PaperState};
use crate::visit::{Visit, to_json};
use crate::{Result, Station, held, words};

/// Pattern of the number.
pub(crate) const NUMBER: &str = domain::nomor::COVER;

impl Station {
    /// Renders the cover of the Berkas Permohonan and keeps it.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `Document`, `Store`.
    pub fn render_cover(&self, id: &str) -> Result<view::PrintRequest> {
        let _one = held(&self.numbering);
        let desk = self.desk(Action::RequestPrint)?;
        let visit = self.visit(&desk, id)?;
        let (number, running) = self.next_number(&desk, COVER, NUMBER)?;
        let cover = self.cover(&desk, &visit)?;
        let says = digest(&cover)?;
        let qr =
            self.seal_text(&desk, Kind::BerkasPermohonan, &number, None, &[&cover.name, cover.nik.as_str()])?;
        let cover = BerkasPermohonan { number: number.clone(), qr, ..cover };
        let sheet = Sheet::BerkasPermohonan(Box::new(cover));
        let mut made = self.made(&desk, &visit, COVER, number, running, sheet)?;
        made.words.said = says;
        let act = Act::DocumentRender { permohonan: visit.id(), kind: COVER.key().into() };
        desk.transact(act, |tx| self.keep_paper(tx, &made))?;
        self.print_request(id)
    }

    /// The newest cover among the papers of a visit, as long as it says what would stand on one that is made now.
    pub(super) fn standing_cover(
        &self,
        desk: &Desk,
        visit: &Visit,
        documents: &[Document],
    ) -> Result<Option<view::DocumentRef>> {
        let newest = documents.iter().rev().find(|document| document.kind == COVER.key());
        let Some(newest) = newest else { return Ok(None) };
        let said = desk.store.read(|look| look.document_words(newest.id))?.said;
        if said != digest(&self.cover(desk, visit)?)? {
            return Ok(None);
        }
        let pages = self.pages_of(desk, newest.id)?;
        Ok(Some(view::DocumentRef { document_id: newest.id.to_string(), pages }))
    }

    /// What stands on a cover that is made now; without its number and the code that names it.
    fn cover(&self, desk: &Desk, visit: &Visit) -> Result<BerkasPermohonan> {
        let get = |unsur: Unsur| visit.biodata.get(unsur).unwrap_or_default();
        let when = |at: Timestamp| format!("{} pukul {}", self.day_text(at), self.clock_text(at));
        let request = &visit.state.print_request;
        Ok(BerkasPermohonan {
            number: String::new(),
            ticket: visit.ticket().to_owned(),
            kind: words::kind(visit.state.plan.kind).to_owned(),
            name: get(Unsur::Nama).to_uppercase(),
            nik: get(Unsur::Nik).to_owned(),
            received: Timestamp::from_millisecond(visit.row.opened_ms).map(when).unwrap_or_default(),
            recorded: match visit.state.capture.attempts.last() {
                Some(attempt) if visit.state.plan.has(Step::Capture) => when(attempt.at),
                Some(_) | None => String::new(),
            },
            packet: self.packet_number(desk, visit)?,
            priority: priority_words(request.why, &request.reason),
            hold: match visit.state.phase {
                Phase::HeldForAge { until } => {
                    format!("Cetak mulai {}, saat usia 17 tahun", crate::queue::dmy(until))
                }
                _ => String::new(),
            },
            papers: listed(self.papers_of(desk, visit)?)
                .into_iter()
                .map(|paper| BerkasLine {
                    state: match (paper.state, paper.pages.len()) {
                        (PaperState::Missing, _) => String::new(),
                        (_, 0) => "dilihat".to_owned(),
                        (_, pages) => format!("dipindai {pages} lembar"),
                    },
                    what: paper.label,
                    note: paper.note,
                    there: paper.state != PaperState::Missing,
                })
                .collect(),
            officer: desk.session.name.clone(),
            officer_role: format!("Operator, {}", held(&self.door).roster.station_name),
            qr: String::new(),
        })
    }
}

/// SHA-256 of what a cover says, in hex, whatever its number and whoever signs it.
fn digest(cover: &BerkasPermohonan) -> Result<String> {
    let papers: Vec<_> =
        cover.papers.iter().map(|paper| (&paper.what, &paper.state, &paper.note, paper.there)).collect();
    let head = (&cover.ticket, &cover.kind, &cover.name, &cover.nik, &cover.received, &cover.recorded);
    let said = to_json("cover", &(head, &cover.packet, &cover.priority, &cover.hold, papers))?;
    Ok(Hash32::of(said.as_bytes()).hex())
}
