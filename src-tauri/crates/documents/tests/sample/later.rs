//! The papers of steps 6 to 9.

use documents::*;
use domain::Date;

use super::portrait;

const SEAL: &str = "REKAM1:CAAR4YBAAAAQEAYEVVZOYD2LUQZV6TAUOZ4Q";

pub fn pickup() -> TandaPengambilan {
    TandaPengambilan {
        number: "TP/18.13-02/2026/11824".into(),
        name: "SITI RAHMAWATI".into(),
        nik: "1804015403089002".into(),
        kind: "Baru, WNI".into(),
        ticket: "A-016".into(),
        status: "Siap cetak".into(),
        status_at: "23-11 pukul 10.50".into(),
        ready: "Hari ini mulai 11.00, atau hari lain pada jam layanan.".into(),
        packet: "26-1123-016".into(),
        shelf: String::new(),
        officer: "Yuliana".into(),
        qr: SEAL.into(),
    }
}

pub fn told() -> SlipStatus {
    SlipStatus {
        number: "SP/18.13-02/2026/00412".into(),
        name: "SITI RAHMAWATI".into(),
        nik: "1804015403089002".into(),
        kind: "Baru, WNI".into(),
        ticket: "A-016".into(),
        status: "Belum siap cetak".into(),
        status_at: "23 November 2026 pukul 10.50".into(),
        reason: "data perekaman masih diproses di pusat".into(),
        recorded: true,
        packet: "26-1123-016".into(),
        officer: "Yuliana".into(),
        officer_role: "Petugas, Stasiun Krui 02".into(),
        qr: SEAL.into(),
    }
}

pub fn suket() -> SuratKeterangan {
    SuratKeterangan {
        number: "470/0318/SKT/18.13-02/XI/2026".into(),
        nik: "1813070809959002".into(),
        name: "WAHYU NUGROHO".into(),
        birth: "LIWA, 08-09-1995".into(),
        sex: "LAKI-LAKI".into(),
        address: "PEKON GUNUNG KEMALA, RT 001 RW 000".into(),
        district: "WAY KRUI".into(),
        religion: "ISLAM".into(),
        marital: "KAWIN".into(),
        occupation: "PETANI/PEKEBUN".into(),
        nationality: "WNI".into(),
        photo: Some(portrait()),
        recorded: Some(Date::constant(2026, 11, 24)),
        issued: Date::constant(2026, 11, 24),
        reason: "rekaman masih menunggu pengiriman ke pusat".into(),
        raw_status: "SENT_FOR_ENROLLMENT".into(),
        packet: "26-1124-003".into(),
        register_no: "11.903".into(),
        officer: "Yuliana".into(),
        qr: SEAL.into(),
    }
}

pub fn minutes() -> BeritaAcara {
    let hadir = |name: &str, office: &str, short: &str| Hadir {
        name: name.into(),
        office: office.into(),
        short: short.into(),
    };
    let blank = |serial: &str, reason: &str, register: &str| KepingLine {
        piece: Keping::Blangko(serial.into()),
        reason: reason.into(),
        register: register.into(),
    };
    let old = |nik: &str, reason: &str, register: &str| KepingLine {
        piece: Keping::KartuLama(nik.into()),
        reason: reason.into(),
        register: register.into(),
    };
    BeritaAcara {
        number: "BA/17/BLK/18.13-02/XI/2026".into(),
        day: Date::constant(2026, 11, 27),
        time: "14.00".into(),
        place: String::new(),
        executor: hadir("Hendra Saputra", "Penyelia Stasiun Krui 02", ""),
        witnesses: [
            hadir("Nama Contoh Satu", "Satuan Polisi Pamong Praja", "Satpol PP"),
            hadir("Nama Contoh Dua", "Inspektorat Kabupaten", "Inspektorat"),
            hadir("Nama Contoh Tiga", "Kepolisian Sektor Pesisir Tengah", "Kepolisian"),
        ],
        pieces: vec![
            blank("0718-224-911", "Warna bergeser saat dicetak", "11.842"),
            blank("0718-224-876", "Cip gagal ditulis", "11.771"),
            blank("0718-224-852", "Data salah, dicetak ulang", "11.709"),
            blank("0718-224-830", "Cacat pabrik, lapisan terkelupas", "11.664"),
            old("1804015403089002", "Retak, cip tidak terbaca", "11.837"),
            old("1804015403089002", "Perubahan data", "11.844"),
            old("1804015403089002", "Pemilik meninggal dunia", "11.690"),
            old("1804015403089002", "Kartu hilang ditemukan kembali", "11.702"),
        ],
        balance: vec![SaldoBlangko {
            cards: "WNI".into(),
            period: "9 sampai 27 November 2026".into(),
            opening: 0,
            received: 600,
            used: 371,
            spoiled: 4,
            given: 0,
            left: 225,
        }],
        way: String::new(),
        register_no: "12.047".into(),
        list_hash: "51aa 7e02 c9d3".into(),
        qr: SEAL.into(),
    }
}

pub fn destruction() -> FotoPemusnahan {
    let minutes = minutes();
    FotoPemusnahan {
        number: minutes.number,
        made: "27 November 2026 pukul 14.00".into(),
        photo: Some(portrait()),
        kept: "27 November 2026 pukul 14.20".into(),
        checksum: "9c4107be 52d8aa01 00000000 11111111 22222222 33333333 44444444 55555555".into(),
        why_none: String::new(),
        executor: minutes.executor,
        witnesses: minutes.witnesses.to_vec(),
    }
}

pub fn folder() -> BerkasPermohonan {
    let paper = |what: &str, state: &str, note: &str, there| BerkasLine {
        what: what.into(),
        state: state.into(),
        note: note.into(),
        there,
    };
    BerkasPermohonan {
        number: "BP/18.13-02/2026/11846".into(),
        ticket: "A-016".into(),
        kind: "Baru, WNI".into(),
        name: "SITI RAHMAWATI".into(),
        nik: "1804015403089002".into(),
        received: "23-11-2026 pukul 10.12".into(),
        recorded: "23-11-2026 pukul 10.33 sampai 10.40".into(),
        packet: "26-1123-016".into(),
        priority: "BPJS, surat rumah sakit diperlihatkan".into(),
        hold: String::new(),
        papers: vec![
            paper("Formulir F-1.02", "asli, ditandatangani", "", true),
            paper("Kartu Keluarga", "dipindai, 1 lembar", "terbit 15-06-2012", true),
            paper("Formulir Permohonan Perekaman", "asli, ditandatangani", "FP/18.13-02/2026/11846", true),
            paper("Surat keterangan hilang dari kepolisian", "", "dijanjikan 24-11-2026", false),
        ],
        officer: "Dewi Anggraini".into(),
        officer_role: "Operator, Stasiun Krui 02".into(),
        qr: SEAL.into(),
    }
}

pub fn daily() -> LaporanHarian {
    let bar = |label: &str, count, note: &str| ProduksiLine { label: label.into(), count, note: note.into() };
    let who = |name: &str, role: &str, recorded, printed, handed_over, median: &str| PetugasLine {
        name: name.into(),
        role: role.into(),
        recorded,
        printed,
        handed_over,
        returned: 1,
        median: median.into(),
    };
    LaporanHarian {
        number: "LH/18.13-02/2026/00327".into(),
        day: Date::constant(2026, 11, 23),
        finding: "24 orang terekam, 19 kartu dicetak, 18 kartu diserahkan. 7 paket belum diakui pusat, tertua 3 hari."
            .into(),
        production: vec![
            bar("Terekam", 24, "1 pengecualian"),
            bar("Terkirim", 17, "7 belum terkirim"),
            bar("Diakui pusat", 17, ""),
            bar("Siap cetak", 15, "2 belum siap cetak menurut pusat"),
            bar("Dicetak", 19, ""),
            bar("Diserahkan", 18, ""),
            bar("Dikembalikan", 3, ""),
        ],
        read_later: String::new(),
        officers: vec![
            who("Dewi Anggraini", "Operator", 14, 0, 0, "9,2 menit"),
            who("Rizal Fahmi", "Loket cetak", 0, 19, 0, ""),
            who("Yuliana", "Layanan", 10, 0, 18, "10,4 menit"),
        ],
        stock: vec![
            StokLine {
                item: "Blangko KTP-el".into(),
                opening: 332,
                received: 0,
                used: 19,
                spoiled: 1,
                given: 0,
                closing: 312,
                lasts: "±6 hari kerja".into(),
            },
            StokLine {
                item: "Pita YMCK (cetak)".into(),
                opening: 160,
                received: 0,
                used: 20,
                spoiled: 0,
                given: 0,
                closing: 141,
                lasts: "±7 hari kerja".into(),
            },
        ],
        spoiled: vec![RusakLine {
            serial: "0718-224-911".into(),
            time: "10.28".into(),
            reason: "Warna bergeser saat dicetak".into(),
            officer: "Rizal Fahmi".into(),
        }],
        unclaimed_total: 40,
        unclaimed: (0..2)
            .map(|i| BelumDiambilLine {
                number: format!("TP/18.13-02/2026/113{}2", 10 + i),
                shelf: format!("Rak B, kotak {}", i + 1),
                since: format!("{} Oktober 2026", 20 + i),
                days: 34 - i,
            })
            .collect(),
        notes: vec![
            "Dikembalikan karena Kartu Keluarga: 3.".into(),
        ],
        officer: "Yuliana".into(),
        supervisor: "Hendra Saputra".into(),
        qr: SEAL.into(),
    }
}

pub fn ticket() -> NomorAntrean {
    NomorAntrean {
        ticket: "A-016".into(),
        kind: "KTP-el baru".into(),
        given: "23-11-2026 pukul 09.41".into(),
        waiting: 4,
        instruction: "Duduk di ruang tunggu. Petugas memanggil Anda.".into(),
    }
}

pub fn book() -> BukuRegister {
    let day = |day: &str, lines: u32, last: &str| {
        let one = super::register(lines);
        RegisterDay {
            day: day.into(),
            page: if day.starts_with("Senin") { 213 } else { 214 },
            lines: one.lines,
            checkpoint: Checkpoint {
                last: last.into(),
                qr: format!("rekam-register/18.13-02\n{last}\n"),
                ..one.checkpoint
            },
            piece: None,
            printed_before: 0,
        }
    };
    BukuRegister {
        part: None,
        period: "23 sampai 24 November 2026".into(),
        days: vec![
            day("Senin, 23 November 2026", 38, "11.852"),
            day("Selasa, 24 November 2026", 12, "11.864"),
        ],
        officer: "Yuliana".into(),
        supervisor: "Hendra Saputra".into(),
    }
}

/// A stock report with every kind of line.
pub fn stock() -> LaporanStok {
    let moved = |what: &str, item: &str, count, serials: &[&str], note: &str| GerakanLine {
        what: what.into(),
        item: item.into(),
        count,
        serials: serials.iter().map(|range| (*range).into()).collect(),
        note: note.into(),
        officer: "Rizal Fahmi".into(),
    };
    LaporanStok {
        number: "LS/18.13-02/2026/00031".into(),
        day: Date::constant(2026, 11, 23),
        finding: "Sisa 811 blangko, cukup untuk ±16 hari kerja.".into(),
        stock: daily().stock,
        movements: vec![
            moved("Diterima", "Blangko", 500, &["0718-225-001 s/d 0718-225-500"], "SJ-2026/131"),
            moved(
                "Terpakai",
                "Blangko",
                19,
                &["0718-224-901 s/d 0718-224-910", "0718-224-912 s/d 0718-224-920"],
                "",
            ),
            moved("Rusak", "Blangko", 1, &["0718-224-911"], "Cacat pabrik"),
            moved("Terpakai", "Pita", 20, &[], ""),
        ],
        counts: vec![HitunganLine {
            item: "Blangko".into(),
            time: "15.40".into(),
            booked: 812,
            counted: 811,
            explanation: "Satu blangko terselip di map kiriman, dicari besok.".into(),
        }],
        ranges: vec!["0718-224-921 s/d 0718-225-500".into()],
        ranges_wna: vec!["0718-900-001 s/d 0718-900-003".into()],
        held: vec!["0718-224-899".into()],
        aside: vec!["0718-224-871".into()],
        to_destroy: 3,
        missing: 1,
        disagreement: String::new(),
        officer: "Rizal Fahmi".into(),
        supervisor: "Hendra Saputra".into(),
        qr: SEAL.into(),
    }
}

/// A report over a month: bars with and without a standard, and a table without a row.
pub fn report() -> Laporan {
    let row = |cells: &[&str], share, standard| LaporanBaris {
        cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        share,
        standard,
    };
    let heads = |all: &[&str]| all.iter().map(|head| (*head).to_owned()).collect();
    Laporan {
        title: "LAPORAN PELAYANAN KTP-el".into(),
        number: "LP/18.13-02/2026/00011".into(),
        period: "1 sampai 30 November 2026".into(),
        finding: "418 orang terekam, 381 kartu dicetak, 341 kartu diserahkan.".into(),
        tables: vec![
            LaporanTabel {
                title: "Waktu tiap langkah".into(),
                head: heads(&["Langkah", "Median (menit)", "Baku"]),
                numbers: vec![1, 2],
                rows: vec![
                    row(&["3 Verifikasi data", "6,8", "5"], Some(0.68), Some(0.5)),
                    row(&["4 Foto dan biometrik", "9,2", "10"], Some(0.92), Some(1.0)),
                ],
                ..LaporanTabel::default()
            },
            LaporanTabel {
                title: "Pengecualian".into(),
                head: heads(&["Sebab", "Jumlah"]),
                none: "Tidak ada pengecualian.".into(),
                ..LaporanTabel::default()
            },
        ],
        wide: false,
        care: "Tanpa nama dan NIK pemohon.".into(),
        officer: "Dewi Anggraini".into(),
        supervisor: "Hendra Saputra".into(),
        qr: SEAL.into(),
        part: None,
    }
}
