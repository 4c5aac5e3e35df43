//! Reports: counts only, no names and no NIK.

use super::words::*;

view! {
    /// One day (or month, in a year's report) of production.
    ProductionDay { day: String, recorded: u32, printed: u32, handed_over: u32 }
    /// One operator in the period.
    OperatorProduction { operator: String, name: String, recorded: u32, printed: u32, handed_over: u32 }
    /// Time that a step took against the SOP, in seconds; `median` is absent without a visit.
    StepTime { step: Step, median: Option<u32>, p90: Option<u32>, standard: u32, visits: u32, late: u32 }
    /// Something counted by a word.
    Counted { key: String, label: String, count: u32 }
    /// One month of spoilage, in hundredths of a percent of the blangko used or spoiled.
    SpoilageMonth { month: String, spoiled: u32, spent: u32, share: u32 }
    /// From recording to receipt, in people.
    Funnel { recorded: u32, sent: u32, acknowledged: u32, print_ready: u32, printed: u32, handed_over: u32, oldest_unsent_days: Option<u32>, waiting_age: u32, on_shelf: u32, oldest_on_shelf_days: Option<u32>, refused: u32, unsendable: u32, queued: u32 }
    /// Quality of one modality: mean of the kept attempts, 0–100, attempts for each that is kept in hundredths.
    QualityLine { modality: Modality, mean: Option<u32>, below_limit: u32, kept: u32, attempts: u32 }
    /// A bracket of days and how many lie in it.
    AgeBracket { label: String, count: u32 }
    /// One report. `read_later`: when what stands open was counted, where the period was over by then; it is counted now, never
    /// as it stood then.
    Report {
        period: ReportPeriod, from: String, to: String, production: Vec<ProductionDay>, operators: Vec<OperatorProduction>,
        steps: Vec<StepTime>, returns: Vec<Counted>, exceptions: Vec<Counted>, quality: Vec<QualityLine>,
        spoilage: Vec<SpoilageMonth>, spoil_reasons: Vec<Counted>, funnel: Funnel, unsent: Vec<AgeBracket>,
        unclaimed: Vec<AgeBracket>, stock: Vec<super::blangko::StockItemView>, average_per_day: Option<u32>,
        read_later: Option<String>,
    }
    /// A file that was saved.
    SavedFile { path: String, rows: u32 }
}
