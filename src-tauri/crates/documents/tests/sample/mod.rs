//! Synthetic papers, one of each. No person, number or seal belongs to anyone.

pub mod later;

use documents::*;
use domain::Finger;
use domain::image::{GrayImage, RgbImage};

/// A drawn head before a blue backdrop.
pub fn portrait() -> Picture {
    let (width, height) = (300u32, 400u32);
    let mut pixels = Vec::new();
    for y in 0..i64::from(height) {
        for x in 0..i64::from(width) {
            let inside = |cx: i64, cy: i64, rx: i64, ry: i64| {
                (x - cx).pow(2) * ry * ry + (y - cy).pow(2) * rx * rx < rx * rx * ry * ry
            };
            let color = if inside(150, 190, 62, 84) {
                [233, 200, 166]
            } else if inside(150, 180, 92, 118) || inside(150, 420, 150, 120) {
                [244, 241, 234]
            } else {
                [47, 111, 179]
            };
            pixels.extend_from_slice(&color);
        }
    }
    Picture::Rgb(RgbImage { width, height, pixels })
}

/// A wave of ink.
pub fn signature() -> Picture {
    let (width, height) = (420u32, 160u32);
    let mut pixels = vec![255u8; (width * height) as usize];
    for step in 0..8000 {
        let t = f64::from(step) / 8000.0;
        let x = 30.0 + t * 340.0 + 22.0 * (t * 30.0).sin();
        let y = 90.0 - (1.0 - t) * 55.0 * (t * 42.0).sin() - t * 30.0;
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1), (2, 1), (1, 2)] {
            let at = (y as u32 + dy) * width + x as u32 + dx;
            pixels[at as usize] = 0;
        }
    }
    Picture::Gray(GrayImage { width, height, pixels })
}

pub fn office() -> Office {
    Office {
        government: "PEMERINTAH KABUPATEN PESISIR BARAT".into(),
        office: "DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL".into(),
        address: "Alamat, kode pos, telepon, dan surel kantor diisi dari setelan stasiun".into(),
        emblem: None,
        station_name: "Stasiun Krui 02".into(),
        station_code: "18.13-02".into(),
        program: "Rekam 0.1.0".into(),
        short: "Disdukcapil Kabupaten Pesisir Barat".into(),
        place: "Krui".into(),
        letters: Letters::default(),
    }
}

pub fn paper(sheet: Sheet, training: bool) -> Paper {
    let printed = "23-11-2026 pukul 11.02".into();
    Paper { office: office(), training, draft: false, printed, reprint: 0, sheet }
}

pub fn formulir() -> FormulirPerekaman {
    let verdict = |finger| match finger {
        Finger::RightRing => "kering",
        Finger::LeftIndex => "cukup",
        Finger::LeftLittle => "tidak ada",
        _ => "baik",
    };
    FormulirPerekaman {
        number: "FP/18.13-02/2026/11846".into(),
        kind: JenisPermohonan::Baru,
        nik: "1804015403089002".into(),
        kk: "1813012106159004".into(),
        name: "SITI RAHMAWATI".into(),
        birth: "KRUI, 14-03-2008".into(),
        sex: "PEREMPUAN".into(),
        blood: "O".into(),
        address: "JL. MERDEKA GG. CENGKIH 7, RT 003 RW 001".into(),
        village: "PASAR KRUI, PESISIR TENGAH".into(),
        religion: "ISLAM".into(),
        marital: "BELUM KAWIN".into(),
        occupation: "PELAJAR/MAHASISWA".into(),
        nationality: "WNI".into(),
        country: String::new(),
        stay: String::new(),
        photo: Some(portrait()),
        photo_approved: "23-11-2026, 10.34".into(),
        recorded: "23-11-2026 pukul 10.33 sampai 10.40".into(),
        fingers: Finger::ALL
            .into_iter()
            .map(|finger| FingerLine { finger, verdict: verdict(finger).into() })
            .collect(),
        iris_right: "baik".into(),
        iris_left: "baik".into(),
        rematch_right: "telunjuk, cocok".into(),
        rematch_left: "tengah, dengan saksi".into(),
        signature_state: "ada".into(),
        exceptions: vec!["kelingking kiri, amputasi, tetap. Disaksikan Yuliana, 10.35".into()],
        statement: String::new(),
        signature: Some(signature()),
        signature_caption: "SITI RAHMAWATI, 10.43, di papan".into(),
        thumb: None,
        thumb_note: "tidak dipakai, pemohon menandatangani sendiri".into(),
        officer: "Dewi Anggraini".into(),
        officer_role: "Operator, Stasiun Krui 02".into(),
        officer_signature: Some(signature()),
        packet: "26-1123-016".into(),
        file_hash: "9c41 07be 52d8 e610".into(),
        qr: "REKAM1:FP:26-1123-016:9c4107be52d8e610".into(),
    }
}

pub fn slip() -> SlipPengembalian {
    SlipPengembalian {
        number: "PB/18.13-02/2026/00412".into(),
        name: "SITI RAHMAWATI".into(),
        nik: "1804015403089002".into(),
        kind: "KTP-el baru".into(),
        returned: "Senin, 23 November 2026, pukul 10.12".into(),
        at_form: false,
        of_card: false,
        reasons: vec![
            Reason {
                what: "Alamat di formulir berbeda dengan Kartu Keluarga.".into(),
                remedy: "Bawa KK terbaru, atau perbaiki alamat di formulir F-1.02 dan bubuhkan paraf di sampingnya.".into(),
            },
            Reason { what: "Fotokopi KK tidak terbaca pada baris anggota nomor 3.".into(), remedy: "Bawa KK asli; petugas memindainya di loket.".into() },
        ],
        kept: vec!["Data yang sudah diisi tersimpan dengan nomor di atas; tidak perlu mengisi formulir baru.".into()],
        come_back: "Hari kerja pukul 08.00 sampai 15.00 di Stasiun Krui 02. Tunjukkan slip ini; Anda tidak mengambil nomor antrean baru.".into(),
        officer: "Yuliana".into(),
        officer_role: "Petugas verifikasi, Stasiun Krui 02".into(),
        qr: "REKAM1:PB:00412:5be1c0".into(),
    }
}

pub fn f102_blank() -> FormulirF102 {
    FormulirF102::default()
}

pub fn f102_filled() -> FormulirF102 {
    FormulirF102 {
        name: "SITI RAHMAWATI".into(),
        nik: "1804015403089002".into(),
        kk: "1813012106159004".into(),
        phone: "0812 0000 0000".into(),
        email: String::new(),
        ticked: vec!["ktp-a", "l-kk"],
        officer: "Yuliana".into(),
    }
}

pub fn register(count: u32) -> HalamanRegister {
    let names = ["HASANAH", "SUPARMAN", "SITI RAHMAWATI", "NUR'AINI", "MADE ARTINI"];
    let events = ["Permohonan", "Berkas diterima", "Terekam", "Tanda Pengambilan", "Dicetak"];
    let lines = (0..count).map(|i| {
        let (no, time) = (format!("11.{}", 815 + i), format!("{:02}.{:02}", 8 + i / 20, (i * 3) % 60));
        let content = if i == 5 {
            RegisterContent::Correction(
                "Pembetulan atas no. 11.817: alamat “Jl. Merdeka” menjadi “Jl. Merdeka Gg. Cengkih 7”. Sebab: kurang lengkap. Baris lama tetap terbaca.".into(),
            )
        } else {
            RegisterContent::Event(RegisterRow {
                number: format!("A-{:03}", i % 20),
                nik: "1804015403089002".into(),
                name: names[i as usize % 5].into(),
                kind: "Baru, WNI".into(),
                address: "Pasar Krui, Pesisir Tengah".into(),
                event: events[i as usize % 5].into(),
                blangko: if i % 5 == 4 { "0718-224-911".into() } else { String::new() },
                collector: String::new(),
            })
        };
        RegisterLine { no, time, officer: "Dewi A.".into(), note: if i == 2 { "Lihat no. 11.820".into() } else { String::new() }, content }
    });
    HalamanRegister {
        day: "Senin, 23 November 2026".into(),
        page: 213,
        lines: lines.collect(),
        checkpoint: Checkpoint {
            origin: "rekam-register/18.13-02".into(),
            last: "11.852".into(),
            hash: "Qb7sVnZ1mE2c0w8dJ4tYk6RrH3uXoA9fLgPiDhCzB5M=".into(),
            qr: "rekam-register/18.13-02\n11852\nQb7sVnZ1mE2c0w8dJ4tYk6RrH3uXoA9fLgPiDhCzB5M=\n2026-11-23\n"
                .into(),
        },
        officer: "Yuliana".into(),
        supervisor: "Hendra Saputra".into(),
    }
}

pub fn amplop() -> AmplopPemulihan {
    AmplopPemulihan {
        number: "KP/18.13-02/2026/1".into(),
        groups: ["7QX4M", "2KDRT", "9WHNC", "VB3EP", "6JYLA", "G8FSK", "4TZMU", "R5XQD"]
            .map(String::from)
            .into(),
        note: "Huruf O dan I tidak dipakai. Huruf besar dan kecil dianggap sama.".into(),
        fingerprint: "9c41 07be 52d8 e610".into(),
        created: "23-11-2026 pukul 08.05".into(),
        copy: "1 dari 2".into(),
        place: "Brankas Dinas, lantai 1".into(),
        maker: "Hendra Saputra".into(),
        witness: "Yuliana".into(),
    }
}

/// Every paper under a file name.
pub fn all(training: bool) -> Vec<(&'static str, Paper)> {
    let sheets = [
        ("formulir-perekaman", Sheet::FormulirPerekaman(Box::new(formulir()))),
        ("slip-pengembalian", Sheet::SlipPengembalian(Box::new(slip()))),
        ("f-1-02-kosong", Sheet::FormulirF102(Box::new(f102_blank()))),
        ("f-1-02-terisi", Sheet::FormulirF102(Box::new(f102_filled()))),
        ("halaman-register", Sheet::HalamanRegister(Box::new(register(38)))),
        ("amplop-pemulihan", Sheet::AmplopPemulihan(Box::new(amplop()))),
        ("buku-register", Sheet::BukuRegister(Box::new(later::book()))),
        ("berkas-permohonan", Sheet::BerkasPermohonan(Box::new(later::folder()))),
        ("tanda-pengambilan", Sheet::TandaPengambilan(Box::new(later::pickup()))),
        ("slip-status", Sheet::SlipStatus(Box::new(later::told()))),
        ("surat-keterangan", Sheet::SuratKeterangan(Box::new(later::suket()))),
        ("berita-acara", Sheet::BeritaAcara(Box::new(later::minutes()))),
        ("foto-pemusnahan", Sheet::FotoPemusnahan(Box::new(later::destruction()))),
        ("laporan-harian", Sheet::LaporanHarian(Box::new(later::daily()))),
        ("laporan", Sheet::Laporan(Box::new(later::report()))),
        ("laporan-stok", Sheet::LaporanStok(Box::new(later::stock()))),
        ("lembar-data-pribadi", Sheet::LembarDataPribadi(LembarDataPribadi)),
        ("nomor-antrean", Sheet::NomorAntrean(Box::new(later::ticket()))),
    ];
    sheets.into_iter().map(|(name, sheet)| (name, paper(sheet, training))).collect()
}
