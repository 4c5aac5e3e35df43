//! The tables of a report, as they are saved and printed; the window words its own.

use super::paper::left_behind;
use super::save::{Cell, Table};
use crate::view::{self, Modality, Step, StockItem};
use crate::words;

/// Bars of a table: each row's share of the longest.
fn bars(values: &[f64], standards: &[Option<f64>]) -> Vec<(f64, Option<f64>)> {
    let most = values.iter().copied().chain(standards.iter().flatten().copied()).fold(0.0, f64::max);
    if most <= 0.0 {
        return Vec::new();
    }
    let standard = |at: usize| standards.get(at).copied().flatten().map(|value| value / most);
    values.iter().enumerate().map(|(at, value)| (value / most, standard(at))).collect()
}

fn heads(all: &[&str]) -> Vec<String> {
    all.iter().map(|head| (*head).to_owned()).collect()
}

fn count(n: u32) -> Cell {
    Cell::Count(i64::from(n))
}

fn text(words: impl Into<String>) -> Cell {
    Cell::Text(words.into())
}

fn maybe(n: Option<u32>) -> Cell {
    n.map_or(Cell::Nothing, count)
}

fn minutes(seconds: u32) -> f64 {
    f64::from(seconds) / 60.0
}

/// Every number of a report. `read_later` says when the open things of a period that is over were read; the first heads of
/// their tables name it, as a title is the name of a sheet too. Empty where the period runs until today.
pub(super) fn tables(report: &view::Report, read_later: &str) -> Vec<Table> {
    let now = |mut table: Table| {
        if let Some(first) = table.head.first_mut().filter(|_| !read_later.is_empty()) {
            *first = format!("{first}, per {read_later}");
        }
        table
    };
    let mut all = vec![
        production(report),
        Table {
            title: "Per petugas".into(),
            head: heads(&["Petugas", "Terekam", "Dicetak", "Diserahkan"]),
            rows: report
                .operators
                .iter()
                .map(|one| {
                    vec![text(&one.name), count(one.recorded), count(one.printed), count(one.handed_over)]
                })
                .collect(),
            none: "Tidak ada petugas yang bekerja pada masa ini.".into(),
            ..Table::default()
        },
        steps(&report.steps),
        quality(&report.quality),
        counted("Dikembalikan karena", &report.returns, "Tidak ada permohonan yang dikembalikan."),
        counted("Pengecualian", &report.exceptions, "Tidak ada pengecualian."),
        spoilage(&report.spoilage),
        counted("Sebab blangko rusak", &report.spoil_reasons, "Tidak ada blangko rusak pada masa ini."),
        now(funnel(&report.funnel)),
        now(ages("Belum diakui pusat", &report.unsent, "Tidak ada paket yang menunggu pengakuan pusat.")),
        now(ages("Belum diambil", &report.unclaimed, "Tidak ada kartu yang belum diambil.")),
    ];
    all.push(now(stock(if read_later.is_empty() { "Stok hari ini" } else { "Stok" }, &report.stock)));
    all
}

fn production(report: &view::Report) -> Table {
    let values: Vec<f64> = report.production.iter().map(|day| f64::from(day.recorded)).collect();
    Table {
        title: "Produksi".into(),
        head: heads(&[
            if report.period == view::ReportPeriod::Year { "Bulan" } else { "Hari" },
            "Terekam",
            "Dicetak",
            "Diserahkan",
        ]),
        rows: report
            .production
            .iter()
            .map(|day| {
                vec![
                    Cell::Day(day.day.clone()),
                    count(day.recorded),
                    count(day.printed),
                    count(day.handed_over),
                ]
            })
            .collect(),
        bars: bars(&values, &[]),
        none: "Belum ada perekaman pada masa ini.".into(),
        ..Table::default()
    }
}

fn steps(all: &[view::StepTime]) -> Table {
    let values: Vec<f64> = all.iter().map(|step| step.median.map_or(0.0, minutes)).collect();
    let standards: Vec<Option<f64>> = all.iter().map(|step| Some(minutes(step.standard))).collect();
    let measure = |seconds: Option<u32>| seconds.map_or(Cell::Nothing, |s| Cell::Measure(minutes(s)));
    Table {
        title: "Waktu tiap langkah".into(),
        head: heads(&["Langkah", "Median (menit)", "9 dari 10", "Baku", "Permohonan", "Lewat baku"]),
        rows: all
            .iter()
            .map(|step| {
                vec![
                    text(step_words(step.step)),
                    measure(step.median),
                    measure(step.p90),
                    count(step.standard / 60),
                    count(step.visits),
                    count(step.late),
                ]
            })
            .collect(),
        bars: bars(&values, &standards),
        ..Table::default()
    }
}

fn quality(all: &[view::QualityLine]) -> Table {
    Table {
        title: "Mutu pengambilan".into(),
        head: heads(&["Yang diambil", "Rata-rata", "Di bawah batas", "Disimpan", "Upaya per pengambilan"]),
        rows: all
            .iter()
            .map(|line| {
                vec![
                    text(modality_words(line.modality)),
                    maybe(line.mean),
                    count(line.below_limit),
                    count(line.kept),
                    Cell::Measure(f64::from(line.attempts) / 100.0),
                ]
            })
            .collect(),
        none: "Belum ada pengambilan.".into(),
        ..Table::default()
    }
}

fn spoilage(all: &[view::SpoilageMonth]) -> Table {
    Table {
        title: "Blangko rusak per bulan".into(),
        head: heads(&["Bulan", "Rusak", "Terpakai", "Bagian rusak (%)"]),
        rows: all
            .iter()
            .map(|month| {
                let share = if month.spent == 0 {
                    Cell::Nothing
                } else {
                    Cell::Measure(f64::from(month.share) / 100.0)
                };
                vec![text(&month.month), count(month.spoiled), count(month.spent), share]
            })
            .collect(),
        none: "Belum ada blangko terpakai.".into(),
        ..Table::default()
    }
}

fn funnel(counted: &view::Funnel) -> Table {
    let [unsent, receipt, ready, printed, handed] = left_behind(counted);
    let stages = [
        ("Terekam", counted.recorded, String::new()),
        ("Terkirim", counted.sent, unsent),
        ("Diakui pusat", counted.acknowledged, receipt),
        ("Siap cetak", counted.print_ready, ready),
        ("Dicetak", counted.printed, printed),
        ("Diserahkan", counted.handed_over, handed),
    ];
    let values = stages.each_ref().map(|(_, people, _)| f64::from(*people));
    let left = |note: String| if note.is_empty() { Cell::Nothing } else { text(note) };
    Table {
        title: "Dari rekam sampai terima".into(),
        head: heads(&["Tahap", "Orang", "Yang tertinggal"]),
        rows: stages
            .into_iter()
            .map(|(stage, people, note)| vec![text(stage), count(people), left(note)])
            .collect(),
        bars: bars(&values, &[]),
        ..Table::default()
    }
}

fn counted(title: &str, all: &[view::Counted], none: &str) -> Table {
    Table {
        title: title.into(),
        head: heads(&["Sebab", "Jumlah"]),
        rows: all.iter().map(|one| vec![text(&one.label), count(one.count)]).collect(),
        none: none.into(),
        ..Table::default()
    }
}

fn ages(title: &str, all: &[view::AgeBracket], none: &str) -> Table {
    Table {
        title: title.into(),
        head: heads(&["Umur", "Jumlah"]),
        rows: all.iter().map(|one| vec![text(format!("{} hari", one.label)), count(one.count)]).collect(),
        none: none.into(),
        ..Table::default()
    }
}

fn stock(title: &str, all: &[view::StockItemView]) -> Table {
    Table {
        title: title.into(),
        head: heads(&[
            "Barang",
            "Tersedia",
            "Ditahan",
            "Rusak",
            "Tidak ditemukan",
            "Terpakai bulan ini",
            "Cukup (hari kerja)",
        ]),
        rows: all
            .iter()
            .filter(|item| item.level != view::StockLevel::Unknown)
            .map(|item| {
                vec![
                    text(item_words(item.item)),
                    count(item.on_hand),
                    count(item.held),
                    count(item.spoiled),
                    count(item.missing),
                    count(item.used_month),
                    maybe(item.days_left),
                ]
            })
            .collect(),
        none: "Belum ada stok tercatat.".into(),
        ..Table::default()
    }
}

fn step_words(step: Step) -> &'static str {
    match step {
        Step::Form => "1 Isi formulir",
        Step::Requirements => "2 Periksa berkas",
        Step::Verification => "3 Verifikasi data",
        Step::Capture => "4 Foto dan biometrik",
        Step::Attestation => "5 Tanda tangan",
        Step::PrintRequest => "6 Ajukan cetak",
        Step::Status => "7 Periksa status",
        Step::Print => "8 Cetak kartu",
        Step::Handover => "9 Serah terima",
    }
}

fn modality_words(modality: Modality) -> &'static str {
    match modality {
        Modality::Portrait => "Foto",
        Modality::Fingers => "Sidik jari",
        Modality::Irises => "Iris",
        Modality::Signature => "Tanda tangan",
        Modality::Rematch => "Cocok ulang",
    }
}

fn item_words(item: StockItem) -> &'static str {
    match item {
        StockItem::Blangko => "Blangko WNI",
        StockItem::BlangkoWna => "Blangko WNA",
        StockItem::Ribbon => "Pita (cetak)",
        StockItem::Film => "Film (cetak)",
    }
}

/// What a visit was handed back for: a paper, an element of data, or a reason of step 7 or 9.
pub(super) fn return_words(key: &str) -> String {
    match key {
        "lainnya" => return "Sebab lain".to_owned(),
        "sanggahan" => return "Data di kartu disanggah".to_owned(),
        _ => (),
    }
    if let Some(paper) = words::berkas_of(key) {
        return words::berkas(paper).to_owned();
    }
    if let Some(reason) = crate::status::not_ready_reasons().into_iter().find(|reason| reason.code == key) {
        return reason.text;
    }
    let element = domain::Unsur::ALL.iter().copied().find(|unsur| unsur.key() == key);
    element.map_or_else(|| key.to_owned(), |unsur| words::unsur(unsur, "Kelurahan"))
}

/// `fingers amputated` in words; the words of another reason stay as they were written.
pub(super) fn exception_words(key: &str) -> String {
    let (modality, reason) = key.split_once(' ').unwrap_or((key, ""));
    let part = match modality {
        "fingers" => "Jari",
        "irises" => "Mata",
        "portrait" => "Foto",
        "signature" => "Tanda tangan",
        other => other,
    };
    let said = match reason {
        "amputated" => "tidak ada",
        "bandaged" => "luka atau perban",
        "unreadable" => "tidak terbaca",
        "stiff" => "kaku",
        "missing_or_blind" => "tidak ada atau tidak melihat",
        "lid_closed" => "kelopak tidak bisa dibuka",
        "cannot_sign" => "tidak bisa tanda tangan",
        "other" => "sebab lain",
        other => other,
    };
    format!("{part}: {said}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_of_values_and_standards_fills_the_bar() {
        let drawn = bars(&[2.5, 10.0], &[Some(5.0), Some(20.0)]);
        assert_eq!(drawn, [(0.125, Some(0.25)), (0.5, Some(1.0))], "on one scale");
        assert!(bars(&[0.0, 0.0], &[]).is_empty(), "nothing is drawn of nothing");
    }

    #[test]
    fn the_way_of_a_card_says_who_is_left_behind_at_each_stage() {
        let counted = view::Funnel {
            recorded: 10,
            sent: 5,
            acknowledged: 3,
            print_ready: 2,
            printed: 1,
            handed_over: 1,
            oldest_unsent_days: Some(3),
            waiting_age: 1,
            on_shelf: 4,
            oldest_on_shelf_days: Some(0),
            refused: 1,
            unsendable: 2,
            queued: 0,
        };
        let left: Vec<String> = funnel(&counted)
            .rows
            .into_iter()
            .map(|row| match &row[..] {
                [_, _, Cell::Text(note)] => note.clone(),
                [_, _, Cell::Nothing] => String::new(),
                other => panic!("a note: {other:?}"),
            })
            .collect();
        assert_eq!(
            left,
            [
                "",
                "2 belum terkirim, tertua 3 hari, 2 tidak dapat dikirim",
                "1 ditolak pusat, 2 menunggu tanda terima",
                "1 belum siap cetak menurut pusat",
                "1 menunggu usia 17",
                "4 belum diambil"
            ],
            "each packet in one state, and an age only beside its own"
        );
    }

    #[test]
    fn reasons_are_said_and_never_shown_as_codes() {
        let paper = words::berkas_of("kartu_keluarga").unwrap();
        assert_eq!(return_words("kartu_keluarga"), words::berkas(paper), "a paper");
        assert_eq!(return_words("nama"), "Nama lengkap", "an element");
        assert_eq!(return_words("blangko"), "blangko KTP-el sedang kosong", "of step 7");
        for (key, words) in [("lainnya", "Sebab lain"), ("sanggahan", "Data di kartu disanggah")] {
            assert_eq!(return_words(key), words, "what is neither");
            words::assert_worded(&format!("return_reason.{key}"));
        }
        assert_eq!(exception_words("fingers amputated"), "Jari: tidak ada", "a part and its reason");
    }
}
