//! The Buku Register page.

use super::words::*;

view! {
    /// One line of the Buku Register.
    RegisterRow {
        number: u32, at: String, permohonan_id: Option<String>, ticket: String, name: String, masked_nik: String,
        /// `kind` and `event_label` as on paper; the window words `kind_key` and `event` itself.
        kind: String, kind_key: String, event: String, event_label: String, officer: String, correction_of: Option<u32>, text: String,
        row_hash: String, blangko: String, document: String,
    }
    /// A period.
    PeriodView { from: String, to: String }
    /// How far the chain was verified.
    Verified { up_to: u32, at: String, intact: bool, broken_at: Option<u32>, kind: Option<String> }
    /// The day page.
    DayPage { page: u32, from: u32, to: u32, checkpoint: String }
    /// The register page. `more`: there are more lines than `total`; counting stopped there.
    RegisterPage {
        rows: Vec<RegisterRow>, total: u32, more: bool, period: PeriodView, verified: Option<Verified>, day: DayPage,
        can_correct: bool,
    }
    /// What to list.
    RegisterFilter { period: Period, from: Option<String>, to: Option<String>, text: String, before: Option<u32> }
    /// A rendered document.
    DocumentRef { document_id: String, pages: u32 }
}
