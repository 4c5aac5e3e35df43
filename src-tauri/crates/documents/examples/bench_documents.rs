//! Papers and the card's face with a warm typesetter. `bench_documents [rounds]`, 40 by default. Prints JSON lines {name,
//! value, unit, reference, ratio}: the median of rounds that each have another number and name, since the same values
//! would come out of the typesetter's memory; the reference is the aim.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measuring program")]

#[allow(dead_code, reason = "most papers are another program's")]
#[path = "../tests/sample/mod.rs"]
mod sample;

use std::time::Instant;

use documents::{CardFace, CardPrinter, CardTemplate, Press, Sheet};

/// The sheet of a round.
type Made = fn(usize) -> Sheet;

fn main() {
    let rounds: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(40).max(2);
    let press = Press::new();
    let papers: [(&str, Made); 3] = [
        ("Formulir Permohonan Perekaman", |round| {
            let mut sheet = sample::formulir();
            (sheet.number, sheet.name) = (format!("FP/18.13-02/2026/{round}"), other_name(round));
            Sheet::FormulirPerekaman(Box::new(sheet))
        }),
        ("Surat Keterangan Perekaman", |round| {
            let mut sheet = sample::later::suket();
            (sheet.number, sheet.name) = (format!("470/{round:04}/SKT/18.13-02/XI/2026"), other_name(round));
            Sheet::SuratKeterangan(Box::new(sheet))
        }),
        ("Tanda Pengambilan", |round| {
            let mut sheet = sample::later::pickup();
            (sheet.number, sheet.name) = (format!("TP/18.13-02/2026/{round}"), other_name(round));
            Sheet::TandaPengambilan(Box::new(sheet))
        }),
    ];
    for (name, sheet) in papers {
        let cold = Instant::now();
        press.render(&sample::paper(sheet(0), true)).unwrap();
        let cold = cold.elapsed().as_secs_f64() * 1e3;
        let times = (1..rounds).map(|round| {
            let paper = sample::paper(sheet(round), true);
            let started = Instant::now();
            assert!(press.render(&paper).unwrap().pdf.starts_with(b"%PDF"));
            started.elapsed().as_secs_f64() * 1e3
        });
        report(&format!("document PDF, warm: {name}"), times.collect(), 50.0, cold);
    }
    let (template, printer) = (CardTemplate::training().unwrap(), CardPrinter::default());
    let cold = Instant::now();
    press.card(&face(0), &template, &printer).unwrap();
    let cold = cold.elapsed().as_secs_f64() * 1e3;
    let times = (1..rounds).map(|round| {
        let face = face(round);
        let started = Instant::now();
        let print = press.card(&face, &template, &printer).unwrap();
        assert_eq!(print.pixels, (1011, 638), "CR80 at 300 dpi");
        started.elapsed().as_secs_f64() * 1e3
    });
    report("card raster 1011 × 638 (PNG and PDF), warm", times.collect(), 30.0, cold);
}

/// A name of nobody, another one each round.
fn other_name(round: usize) -> String {
    format!("SITI CONTOH {}", ["SATU", "DUA", "TIGA", "EMPAT", "LIMA"][round % 5].repeat(1 + round / 5 % 3))
}

fn face(round: usize) -> CardFace {
    CardFace {
        province: "PROVINSI LAMPUNG".into(),
        regency: "KABUPATEN PESISIR BARAT".into(),
        nik: format!("180401540308{}", 9001 + round % 999),
        name: other_name(round),
        birth: "KRUI, 14-03-2008".into(),
        sex: "PEREMPUAN".into(),
        blood: "O".into(),
        address: "JL. MERDEKA GG. CENGKIH 7".into(),
        rt_rw: "003/001".into(),
        village: "PASAR KRUI".into(),
        district: "PESISIR TENGAH".into(),
        religion: "ISLAM".into(),
        marital: "BELUM KAWIN".into(),
        occupation: "PELAJAR/MAHASISWA".into(),
        nationality: "WNI".into(),
        valid: "SEUMUR HIDUP".into(),
        place: "PESISIR BARAT".into(),
        issued: "23-11-2026".into(),
        photo: Some(sample::portrait()),
        signature: Some(sample::signature()),
        training: true,
    }
}

fn report(name: &str, mut times: Vec<f64>, aim: f64, cold: f64) {
    times.sort_by(f64::total_cmp);
    let value = times[times.len() / 2];
    println!(
        "{}",
        serde_json::json!({"name": name, "value": value, "unit": "ms", "reference": aim, "reference_name": "aim",
            "ratio": value / aim, "p95": times[times.len() * 95 / 100], "cold_ms": cold})
    );
}
