//! Writes a card face, its preview and the calibration print into a folder.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program for looking at cards")]

#[allow(dead_code, reason = "the papers are another program's")]
#[path = "../tests/sample/mod.rs"]
mod sample;

use documents::{CardFace, CardPrinter, CardTemplate, Ink, Press};

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "target/papers".to_owned());
    std::fs::create_dir_all(&folder).unwrap();
    let (press, template) = (Press::new(), CardTemplate::training().unwrap());
    let face = CardFace {
        province: "PROVINSI LAMPUNG".into(),
        regency: "KABUPATEN PESISIR BARAT".into(),
        nik: "1804015403089002".into(),
        name: "RADEN AJENG SITI NURHALIZA RAHMAWATI KUSUMANINGRAT WIDYASARI".into(),
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
    };
    let printer = CardPrinter::default();
    let black = CardPrinter { ink: Ink::Black, ..printer };
    let start = std::time::Instant::now();
    press.card(&face, &template, &printer).unwrap();
    println!("again: {:?}", start.elapsed());
    for (name, print) in [
        ("kartu", press.card(&face, &template, &printer)),
        ("kartu-hitam", press.card(&face, &template, &black)),
        ("kartu-pratinjau", press.card_preview(&face, &template)),
        ("kartu-uji", press.card_calibration(&template, &printer)),
    ] {
        let print = print.unwrap();
        std::fs::write(format!("{folder}/{name}.png"), &print.png).unwrap();
        std::fs::write(format!("{folder}/{name}.pdf"), &print.pdf).unwrap();
        println!("{name}: {} bytes", print.png.len());
    }
}
