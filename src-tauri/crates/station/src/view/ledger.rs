//! The Buku Register page.

use super::words::*;

view! {
    /// One line of the Buku Register.
    RegisterRow {
        number: u32, at: String, permohonan_id: Option<String>, ticket: String, name: String, masked_nik: String,
        /// `kind` and `event_label` as on paper; the window words `kind_key` and `event` itself.
        kind: String, kind_key: String, event: String, event_label: String, officer: String, correction_of: Option<u32>, text: String,
        row_hash: String, blangko: String, document: String,
        /// Who took the card: `sendiri`, or name and relation; empty for other lines.
        collector: String,
    }
    /// A period.
    PeriodView { from: String, to: String }
    /// How far the chain was verified: lines behind `up_to` are not known to be whole, 0 where none is. Of a broken one
    /// `broken_at` and `kind` say where and how.
    Verified { up_to: u32, at: String, intact: bool, broken_at: Option<u32>, kind: Option<RegisterBreak> }
    /// A printed page held against the book: the line whose number and hash it bears, none where the book has no such line.
    /// `verified` is absent where the chain was not looked through.
    PageCheck { number: String, day: String, row: Option<u32>, verified: Option<Verified> }
    /// The day page.
    DayPage { page: u32, from: u32, to: u32, checkpoint: String }
    /// Where a place of the list is read from: the line at `place` (0 is the newest) is the first one before the number `before`.
    RegisterMark { place: u32, before: u32 }
    /// The register page: its first lines, and how many the list has. Above the place `gap` stand the newest, from it on the
    /// oldest; what lies between was not counted. Each place is read from the last of `marks` that is not behind it.
    RegisterPage {
        rows: Vec<RegisterRow>, total: u32, gap: Option<u32>, marks: Vec<RegisterMark>, period: PeriodView,
        verified: Option<Verified>, day: DayPage, can_correct: bool,
    }
    /// What to list: of a period the lines that answer to `text`, before the number `before`.
    RegisterFilter { period: Period, from: Option<String>, to: Option<String>, text: String, before: Option<u32> }
    /// One part of a print of the register, a paper of its own: its days, which ones these are of all that have lines, and the
    /// number of its first sheet in the whole print. `piece` of `pieces`, of a day that has more lines than are set at once.
    RegisterPart {
        document: DocumentRef, from: String, to: String, first_day: u32, last_day: u32, first_sheet: u32,
        piece: Option<u32>, pieces: Option<u32>,
    }
    /// What was set of a period, in the order in which it is printed. `count`: parts of the whole period; `go_on`: the day from
    /// which on nothing was set, because somebody stopped it.
    RegisterPrint { parts: Vec<RegisterPart>, count: u32, days: u32, go_on: Option<String> }
    /// A rendered document.
    DocumentRef { document_id: String, pages: u32 }
}
