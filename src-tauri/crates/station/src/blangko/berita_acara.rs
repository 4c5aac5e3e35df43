//! Berita Acara pemusnahan: the pieces one by one, three witnesses, and the paper that accounts for it.

use documents::{BeritaAcara, Hadir, Keping, KepingLine, SaldoBlangko, Sheet};
use domain::Date;
use domain::ids::PermohonanId;
use domain::paper::DocumentKind;
use domain::permohonan::Refusal;
use domain::role::Action;
use domain::seal::{Checksum, Kind};
use domain::stock::{Item, NomorBlangko};
use jiff::Timestamp;
use store::{Act, NewBeritaAcara, SpoiledRow, WithdrawnCard};

use super::report::account_line;
use super::spoilage::{old_card_on_paper, on_paper};
use crate::print::chip::{chip_on_paper, spoiled_chip};
use crate::session::Desk;
use crate::view::{self, DestructionWitness, SpoiledChip};
use crate::visit::to_json;
use crate::{Error, Result, Station, held};

/// Witnesses of a destruction, from other offices as a rule. Source: SE Mendagri 470.13/11176/SJ and practice.
const WITNESSES: usize = 3;

/// What is destroyed.
#[derive(Default)]
struct Chosen {
    blangko: Vec<SpoiledRow>,
    cards: Vec<WithdrawnCard>,
}

impl Chosen {
    fn count(&self) -> usize {
        self.blangko.len() + self.cards.len()
    }

    /// The pieces as the code on the paper counts them: numbers, and of a NIK the first six and last four digits.
    fn serials(&self) -> String {
        let blangko = self.blangko.iter().map(|row| row.serial.to_string());
        let cards = self.cards.iter().map(|card| match (card.nik.get(..6), card.nik.get(12..)) {
            (Some(first), Some(last)) => format!("{first}{last}"),
            _ => card.nik.clone(),
        });
        blangko.chain(cards).collect::<Vec<_>>().join(" ")
    }
}

impl Station {
    /// Makes the Berita Acara of the chosen pieces: the paper is rendered, kept and numbered, and the pieces are destroyed in
    /// the book, in one transaction. It is printed like every kept paper.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (no way of destruction), `NotNow` (nothing chosen, a piece that does not wait any
    /// longer, one that is neither photographed nor said why not, witnesses missing, twice the same, or the officer's own name), `Document`, `Store`.
    pub fn make_berita_acara(
        &self,
        ids: &[String],
        method: &str,
        witnesses: &[DestructionWitness],
    ) -> Result<view::Blangko> {
        let _one = held(&self.numbering);
        let desk = self.desk(Action::DestroyBlangko)?;
        let method = super::words(method)?;
        let witnesses = present(witnesses, &desk.session.name)?;
        let chosen = chosen(&desk, ids)?;
        if let Some(row) = chosen.blangko.iter().find(|row| !row.is_shown()) {
            return Err(Error::not_now_with("spoiled_unshown", &[("serial", row.serial.to_string())]));
        }
        let letters = self.letters()?;
        let (number, running) =
            self.next_number(&desk, DocumentKind::BeritaAcara, &letters.minutes.number)?;
        let count = u32::try_from(chosen.count()).unwrap_or(u32::MAX);
        let sheet = self.minutes(&desk, &chosen, &number, method, &witnesses)?;
        let made = self.made_alone(
            &desk,
            DocumentKind::BeritaAcara,
            number.clone(),
            running,
            Sheet::BeritaAcara(Box::new(sheet)),
        )?;
        let witnesses_json = to_json("witnesses", &witnesses)?;
        let blangko: Vec<NomorBlangko> = chosen.blangko.iter().map(|row| row.serial.clone()).collect();
        let cards: Vec<PermohonanId> = chosen.cards.iter().map(|card| card.permohonan).collect();
        let alive = alive(&desk, &blangko)?;
        desk.transact(Act::BlangkoDestroy { number: number.clone(), pieces: count }, |tx| {
            let document = self.keep_paper(tx, &made)?;
            // From here on nobody owes these chips anything: they went with their cards.
            if !alive.is_empty() {
                tx.note("cip_hidup", &alive);
            }
            let new = NewBeritaAcara {
                number: number.clone(),
                witnesses_json: witnesses_json.clone(),
                method: method.to_owned(),
                place: letters.minutes.place.clone(),
                document,
                blangko: blangko.clone(),
                cards: cards.clone(),
            };
            tx.add_berita_acara(&new).map(drop)
        })?;
        self.stock_moved(&desk)
    }

    fn minutes(
        &self,
        desk: &Desk,
        chosen: &Chosen,
        number: &str,
        method: &str,
        witnesses: &[DestructionWitness; WITNESSES],
    ) -> Result<BeritaAcara> {
        let day = self.day_of(desk.now);
        let count = chosen.count().to_string();
        let serials = chosen.serials();
        let values = [count.as_str(), serials.as_str()];
        let checksum =
            Checksum::of(Kind::BeritaAcara, &values).map_err(|_| Error::Invalid { what: "seal" })?;
        let qr = self.seal_text(desk, Kind::BeritaAcara, number, None, &values)?;
        let mut pieces = Vec::with_capacity(chosen.count());
        for row in &chosen.blangko {
            pieces.push(KepingLine {
                piece: match desk.store.read(|look| look.item_of(&row.serial))? {
                    Item::BlangkoWna => Keping::BlangkoWna(row.serial.to_string()),
                    Item::Blangko | Item::Ribbon | Item::Film => Keping::Blangko(row.serial.to_string()),
                },
                reason: whole_reason(row, &chip_on_paper(desk, &row.serial)?),
                register: register_no(row.register_row),
            });
        }
        let cards = chosen.cards.iter().map(|card| KepingLine {
            piece: Keping::KartuLama(card.nik.clone()),
            reason: old_card_on_paper(&card.condition),
            register: register_no(card.register_row),
        });
        pieces.extend(cards);
        Ok(BeritaAcara {
            number: number.to_owned(),
            day,
            time: self.clock_text(desk.now),
            place: String::new(),
            executor: self.executor(desk),
            witnesses: witnesses.each_ref().map(|witness| Hadir {
                name: witness.name.clone(),
                office: format!("{}, {}", witness.position, witness.office),
                short: witness.office.clone(),
            }),
            pieces,
            balance: self.balances_since_last(desk, day)?,
            way: in_sentence(method),
            register_no: String::new(),
            list_hash: checksum.groups(),
            qr,
        })
    }

    /// Who carries a destruction out: the officer at the desk, for the office.
    pub(crate) fn executor(&self, desk: &Desk) -> Hadir {
        Hadir {
            name: desk.session.name.clone(),
            office: format!("{}, {}", self.config.office.name, held(&self.door).roster.station_name),
            short: String::new(),
        }
    }

    /// The accounts of blangko since the last Berita Acara, or since the first delivery: one of each kind that was ever booked,
    /// of citizens' always.
    fn balances_since_last(&self, desk: &Desk, day: Date) -> Result<Vec<SaldoBlangko>> {
        let now_ms = desk.now.as_millisecond();
        let (last, citizens, foreigners) = desk.store.read(|look| {
            let last = look.berita_acara()?.first().map(|row| row.at_ms.saturating_add(1));
            Ok((last, look.first_stock_ms(Item::Blangko)?, look.first_stock_ms(Item::BlangkoWna)?))
        })?;
        let mut accounts =
            vec![self.balance_of(desk, Item::Blangko, last.or(citizens).unwrap_or(now_ms), day)?];
        if let Some(first) = foreigners {
            accounts.push(self.balance_of(desk, Item::BlangkoWna, last.unwrap_or(first), day)?);
        }
        Ok(accounts)
    }

    fn balance_of(&self, desk: &Desk, item: Item, from_ms: i64, day: Date) -> Result<SaldoBlangko> {
        let line = account_line(desk, item, None, from_ms, desk.now.as_millisecond().saturating_add(1))?;
        let from = self.day_of(Timestamp::from_millisecond(from_ms).unwrap_or(desk.now));
        Ok(SaldoBlangko {
            cards: if item == Item::BlangkoWna { "WNA" } else { "WNI" }.to_owned(),
            period: period(from, day),
            opening: line.opening,
            received: line.received,
            used: line.used,
            spoiled: line.spoiled,
            given: line.given,
            left: line.closing,
        })
    }
}

/// Why a piece is void; then how its chip stands and why it was not photographed, where there is anything to say.
fn whole_reason(row: &SpoiledRow, chip: &str) -> String {
    let mut said = on_paper(&row.reason, &row.note);
    let photo = match row.photo_note.trim_end_matches('.') {
        note if row.has_photo || note.is_empty() => String::new(),
        note => format!("Tanpa foto: {note}."),
    };
    for beside in [chip, &photo].into_iter().filter(|text| !text.is_empty()) {
        if !said.ends_with('.') {
            said.push('.');
        }
        said.push(' ');
        said.push_str(beside);
    }
    said
}

/// `9 sampai 27 November 2026`; months and years are said once where both ends share them.
pub(crate) fn period(from: Date, to: Date) -> String {
    let month = |date: Date| domain::terbilang::month(date.month());
    let end = format!("{} {} {}", to.day(), month(to), to.year());
    if from >= to {
        end
    } else if from.year() != to.year() {
        format!("{} {} {} sampai {end}", from.day(), month(from), from.year())
    } else if from.month() != to.month() {
        format!("{} {} sampai {end}", from.day(), month(from))
    } else {
        format!("{} sampai {end}", from.day())
    }
}

/// Words as they go on in a sentence: a small first letter, unless they begin with an abbreviation.
pub(super) fn in_sentence(words: &str) -> String {
    let mut letters = words.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => words.to_owned(),
    }
}

/// Number of a register line as printed: `11.842`; empty when it has none.
fn register_no(row: u64) -> String {
    if row == 0 {
        return String::new();
    }
    let digits = row.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    grouped
}

/// The numbers of the pieces whose chips were not ended, as the register names them.
fn alive(desk: &Desk, pieces: &[NomorBlangko]) -> Result<String> {
    let mut numbers = Vec::new();
    for piece in pieces {
        match spoiled_chip(desk, piece)?.0 {
            SpoiledChip::Alive | SpoiledChip::InDoubt => numbers.push(piece.to_string()),
            SpoiledChip::None | SpoiledChip::Ended | SpoiledChip::Destroyed => {}
        }
    }
    Ok(numbers.join(" "))
}

/// Three people, each named once, none of them the officer who carries it out.
fn present(witnesses: &[DestructionWitness], officer: &str) -> Result<[DestructionWitness; WITNESSES]> {
    let clean = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let whole: Vec<DestructionWitness> = witnesses
        .iter()
        .map(|witness| DestructionWitness {
            name: clean(&witness.name),
            position: clean(&witness.position),
            office: clean(&witness.office),
        })
        .collect();
    let whole: [DestructionWitness; WITNESSES] =
        whole.try_into().map_err(|_| Error::not_now("witnesses_missing"))?;
    if whole
        .iter()
        .any(|witness| [&witness.name, &witness.position, &witness.office].iter().any(|text| text.is_empty()))
    {
        return Err(Error::not_now("witnesses_missing"));
    }
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    let twice = whole.iter().enumerate().any(|(at, witness)| {
        same(&witness.name, officer) || whole.iter().skip(at + 1).any(|next| same(&next.name, &witness.name))
    });
    if twice { Err(Error::not_now("witnesses_same")) } else { Ok(whole) }
}

/// The pieces of these ids that still wait, in the order of the list; an id that does not wait is refused.
fn chosen(desk: &Desk, ids: &[String]) -> Result<Chosen> {
    if ids.is_empty() {
        return Err(Refusal::ReasonMissing.into());
    }
    let (spoiled, cards) =
        desk.store.read(|look| Ok((look.spoiled_blangko(None)?, look.withdrawn_cards(None)?)))?;
    let wanted = |id: &str| ids.iter().any(|one| one == id);
    let chosen = Chosen {
        blangko: spoiled.into_iter().filter(|row| wanted(&super::page::blangko_id(&row.serial))).collect(),
        cards: cards.into_iter().filter(|card| wanted(&super::page::card_id(card.permohonan))).collect(),
    };
    let mut known: Vec<&String> = ids.iter().collect();
    known.sort();
    known.dedup();
    if known.len() == chosen.count() { Ok(chosen) } else { Err(Error::not_now("stock_destroyed")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn witness(name: &str) -> DestructionWitness {
        DestructionWitness { name: name.into(), position: "Anggota".into(), office: "Satpol PP".into() }
    }

    fn key(witnesses: &[DestructionWitness]) -> &'static str {
        match present(witnesses, "Hendra Saputra") {
            Err(Error::NotNow { key, .. }) => key,
            other => panic!("taken: {other:?}"),
        }
    }

    #[test]
    fn three_different_people_witness_and_none_of_them_carries_it_out() {
        let three = [witness("Satu"), witness("Dua"), witness("Tiga")];
        assert!(present(&three, "Hendra Saputra").is_ok(), "three");
        assert_eq!(key(&three[..2]), "witnesses_missing", "two are not enough");
        assert_eq!(key(&[witness("Satu"), witness("Dua"), witness(" ")]), "witnesses_missing", "no name");
        assert_eq!(key(&[witness("Satu"), witness("Dua"), witness("satu")]), "witnesses_same", "twice");
        let own = [witness("Satu"), witness("Dua"), witness("HENDRA  saputra")];
        assert_eq!(key(&own), "witnesses_same", "the officer");
        for key in ["witnesses_missing", "witnesses_same", "stock_destroyed"] {
            for part in ["happened", "safe", "next"] {
                crate::words::assert_worded(&format!("errors.{key}.{part}"));
            }
        }
    }

    #[test]
    fn a_period_says_month_and_year_once_where_it_can() {
        let day = |year, month, day| jiff::civil::date(year, month, day);
        assert_eq!(period(day(2026, 11, 9), day(2026, 11, 27)), "9 sampai 27 November 2026", "one month");
        assert_eq!(period(day(2026, 10, 9), day(2026, 11, 27)), "9 Oktober sampai 27 November 2026", "two");
        let years = period(day(2025, 12, 9), day(2026, 1, 2));
        assert_eq!(years, "9 Desember 2025 sampai 2 Januari 2026", "two years");
        assert_eq!(period(day(2026, 11, 27), day(2026, 11, 27)), "27 November 2026", "one day");
    }

    #[test]
    fn the_way_of_destruction_goes_on_in_the_sentence() {
        assert_eq!(in_sentence("Dibakar sampai habis"), "dibakar sampai habis", "no capital in the middle");
        assert_eq!(in_sentence("PT Contoh mencacah"), "PT Contoh mencacah", "but an abbreviation stays");
    }

    #[test]
    fn a_line_of_the_register_is_printed_in_groups() {
        assert_eq!(register_no(11_842), "11.842", "thousands");
        assert_eq!(register_no(842), "842", "hundreds");
        assert_eq!(register_no(1_000_007), "1.000.007", "millions");
        assert_eq!(register_no(0), "", "none");
    }
}
