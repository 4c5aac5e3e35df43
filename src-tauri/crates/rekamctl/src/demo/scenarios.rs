//! The seven scenarios at one station with one centre, in the order in which the people come.

use std::path::Path;

use domain::central_status::KnownStatus;
use serde_json::json;
use synth::resident::Resident;

use super::birthday::Calendar;
use super::centre::District;
use super::lines::Lines;
use super::reader::{self, Reader};
use super::{FIRST_CARD, Stop, Visit, after, birthday, card, papers, steps, walk};
use crate::Trouble;

/// What the scenarios share.
pub(super) struct Stage<'a> {
    pub district: &'a District,
    pub options: &'a training::Options,
    pub calendar: &'a Calendar,
    pub reader: &'a Reader,
    pub out: &'a Path,
}

/// Who takes the card at step 9.
enum Receiver<'a> {
    Applicant,
    Other(&'a Resident),
}

impl Stage<'_> {
    /// Goes on after the seal of the first recording; whether every scenario came to its end.
    pub(super) fn play(&self, visit: &mut Visit<'_>, lines: &mut Lines) -> Result<bool, Trouble> {
        let first = (visit.resident.clone(), visit.packet.clone());
        if !(self.first_card(visit, lines)? && self.not_print_ready(visit, lines)?) {
            return Ok(false);
        }
        let mut second = (visit.resident.clone(), visit.packet.clone());
        let again = |visit: &mut Visit<'_>, who: &(Resident, String), kind| {
            visit.begin(who.0.clone(), kind);
            visit.packet.clone_from(&who.1);
            visit.corrects = kind == "perubahan_data";
        };
        again(visit, &first, "hilang");
        if !self.print_job(visit, lines, "lost_card", &Receiver::Applicant)? {
            return Ok(false);
        }
        again(visit, &second, "perubahan_data");
        if !self.spoiled_blangko(visit, lines)? {
            return Ok(false);
        }
        second.0.clone_from(&visit.resident);
        again(visit, &first, "rusak");
        if !self.returned_form(visit, lines)? {
            return Ok(false);
        }
        again(visit, &second, "rusak");
        let other = steps::somebody(self.options, visit.station, "", 2)?;
        if !self.print_job(visit, lines, "somebody_else_collects", &Receiver::Other(&other))? {
            return Ok(false);
        }
        Ok(self.sixteen(visit, lines)? && self.office(visit, lines)?)
    }

    /// The network away and back, the centre's decision, steps 6 to 9.
    fn first_card(&self, visit: &mut Visit<'_>, lines: &mut Lines) -> Result<bool, Trouble> {
        let (district, station) = (self.district, visit.station);
        Ok(lines.take(json!("sync"), "network_absent", || district.absent(station))?
            && lines.take(json!("sync"), "network_present", || district.present(station))?
            && self.decided(visit, lines)?
            && self.ask(visit, lines)?
            && self.card(visit, lines, &Receiver::Applicant)?)
    }

    /// Nothing reaches the centre: a Suket in place of the slip. The courier brings the answer, and the card follows.
    fn not_print_ready(&self, visit: &mut Visit<'_>, lines: &mut Lines) -> Result<bool, Trouble> {
        lines.begin("not_print_ready");
        visit.begin(steps::somebody(self.options, visit.station, "", 1)?, FIRST_CARD);
        self.district.away();
        let told = walk(visit, 0, lines)?
            && lines.take(json!(6), "print_request", || after::print_request(visit))?
            && lines.take(json!(7), "suket", || after::suket(visit))?;
        if !told {
            return Ok(false);
        }
        let (district, packet) = (self.district, visit.packet.clone());
        let carried =
            lines.take(json!("courier"), "print_ready", || district.courier(visit.station, &packet))?;
        self.district.back();
        Ok(carried
            && lines.take(json!(7), "status", || after::status(visit))?
            && self.card(visit, lines, &Receiver::Applicant)?)
    }

    /// A print job of somebody recorded before, from the form to the card in the hand.
    fn print_job(
        &self,
        visit: &mut Visit<'_>,
        lines: &mut Lines,
        scenario: &'static str,
        receiver: &Receiver<'_>,
    ) -> Result<bool, Trouble> {
        lines.begin(scenario);
        Ok(walk(visit, 0, lines)? && self.ask(visit, lines)? && self.card(visit, lines, receiver)?)
    }

    /// A blangko is spoiled in the printer; the next becomes the card, and a Berita Acara accounts for the first.
    fn spoiled_blangko(&self, visit: &mut Visit<'_>, lines: &mut Lines) -> Result<bool, Trouble> {
        lines.begin("spoiled_blangko");
        if !walk(visit, 0, lines)? {
            return Ok(false);
        }
        // The card bears what the population register says: it has the correction too.
        visit.resident.pekerjaan = steps::corrected(&visit.resident).to_owned();
        self.district.registers(&visit.resident)?;
        let spoiled = self.ask(visit, lines)?
            && lines.take(json!(8), "spoiled", || card::spoil(visit))?
            && self.card(visit, lines, &Receiver::Applicant)?
            && lines.take(json!("stock"), "berita_acara", || card::berita_acara(visit))?;
        if spoiled {
            papers::of_visit(visit, &papers::folder(self.out, lines.scenario())?)?;
        }
        Ok(spoiled)
    }

    /// The damaged card was left at home: form and papers go back with a slip, and the visit goes on when it is there.
    fn returned_form(&self, visit: &mut Visit<'_>, lines: &mut Lines) -> Result<bool, Trouble> {
        lines.begin("returned_form");
        Ok(lines.take(json!(1), "form", || steps::form(visit))?
            && lines.take(json!(2), "returned", || after::returned(visit))?
            && lines.take(json!(2), "resumed", || after::resumed(visit))?
            && walk(visit, 1, lines)?
            && self.ask(visit, lines)?
            && self.card(visit, lines, &Receiver::Applicant)?)
    }

    /// Recorded at 16 and held; on the birthday the visit goes on to the card.
    fn sixteen(&self, visit: &mut Visit<'_>, lines: &mut Lines) -> Result<bool, Trouble> {
        lines.begin("sixteen");
        let Some(young) = self.options.also.first() else {
            return Err(Trouble::Usage("nobody turns 17".into()));
        };
        visit.begin(young.clone(), FIRST_CARD);
        visit.corrects = false;
        let (district, station) = (self.district, visit.station);
        Ok(walk(visit, 0, lines)?
            && lines.take(json!(6), "held_until_17", || birthday::held(visit))?
            && lines.take(json!("sync"), "network_present", || district.present(station))?
            && self.decided(visit, lines)?
            && lines.take(json!(6), "birthday", || birthday::comes(visit, self.calendar))?
            && self.ask(visit, lines)?
            && self.card(visit, lines, &Receiver::Applicant)?)
    }

    /// The register is whole, the ledger adds up, and the papers of the day are made.
    fn office(&self, visit: &Visit<'_>, lines: &mut Lines) -> Result<bool, Trouble> {
        lines.begin("office");
        let mut made = Vec::new();
        let fine = lines.take(json!("register"), "papers_of_the_day", || {
            made = papers::office(visit.station)?;
            Ok(())
        })?;
        papers::of_list(visit.station, &made, &papers::folder(self.out, lines.scenario())?)?;
        Ok(fine)
    }

    /// The centre decides about the recording.
    fn decided(&self, visit: &Visit<'_>, lines: &mut Lines) -> Result<bool, Trouble> {
        let wanted = KnownStatus::PrintReadyRecord;
        lines.take(json!("sync"), "print_ready", || self.district.says(visit.station, &visit.packet, wanted))
    }

    /// Steps 6 and 7.
    fn ask(&self, visit: &mut Visit<'_>, lines: &mut Lines) -> Result<bool, Trouble> {
        Ok(lines.take(json!(6), "print_request", || after::print_request(visit))?
            && lines.take(json!(7), "status", || after::status(visit))?)
    }

    /// Steps 8 and 9, what the centre is told of them, and the papers.
    fn card(
        &self,
        visit: &mut Visit<'_>,
        lines: &mut Lines,
        receiver: &Receiver<'_>,
    ) -> Result<bool, Trouble> {
        if !lines.take(json!(8), "print", || card::print(visit))? {
            return Ok(false);
        }
        let written = lines.take(json!(8), "chip", || card::chip(visit, self.reader))?;
        if self.reader.is_there() {
            if !written {
                return Ok(false);
            }
            let serial = card::serial(visit).map_err(|stop| Trouble::Usage(stop.why))?;
            reader::dump(visit, &serial, self.out, lines.scenario())?;
        }
        let given = lines.take(json!(9), "handover", || match receiver {
            Receiver::Applicant => card::handover(visit, self.reader),
            Receiver::Other(other) => card::handover_to(visit, other, self.reader),
        })?;
        if !given {
            return Ok(false);
        }
        papers::of_visit(visit, &papers::folder(self.out, lines.scenario())?)?;
        lines.take(json!("sync"), "centre_told", || -> Result<(), Stop> {
            self.district.says(visit.station, &visit.packet, KnownStatus::CardIssued)
        })
    }
}
