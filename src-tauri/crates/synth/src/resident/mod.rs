//! Synthetic residents of one region, any number of them, the same from the same seed.
//!
//! Every value is a plain string under the key of `domain::biodata::Unsur`, so that a line of NDJSON is one resident.
//! Numbers are well formed and unique within one stream. Their region and birthday are as those of real people, so the
//! running number begins where no registration comes to: an ordinary one could be somebody's.

mod names;

use std::collections::HashMap;

use domain::wilayah::{KodeWilayah, Wilayah};
use serde::Serialize;

use crate::chance::Chance;

/// One resident; codes are those of the F-1.01 tables, `kelurahan` is a region code of ten digits.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the documentation; see `Unsur`")]
pub struct Resident {
    pub nik: String,
    pub nomor_kk: String,
    pub nama: String,
    pub tempat_lahir: String,
    /// `YYYY-MM-DD`.
    pub tanggal_lahir: String,
    pub jenis_kelamin: String,
    pub golongan_darah: String,
    pub alamat: String,
    pub rt: String,
    pub rw: String,
    pub kelurahan: String,
    pub kodepos: String,
    pub agama: String,
    pub status_perkawinan: String,
    pub pekerjaan: String,
    pub kewarganegaraan: String,
    pub shdk: String,
    pub pendidikan: String,
    pub disabilitas: String,
    pub nama_ibu: String,
    pub nama_ayah: String,
}

impl std::fmt::Debug for Resident {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Resident(••••)")
    }
}

impl Resident {
    /// Key and value of every element, in the order of the struct.
    pub fn elements(&self) -> [(&'static str, &str); 21] {
        [
            ("nik", &self.nik),
            ("nomor_kk", &self.nomor_kk),
            ("nama", &self.nama),
            ("tempat_lahir", &self.tempat_lahir),
            ("tanggal_lahir", &self.tanggal_lahir),
            ("jenis_kelamin", &self.jenis_kelamin),
            ("golongan_darah", &self.golongan_darah),
            ("alamat", &self.alamat),
            ("rt", &self.rt),
            ("rw", &self.rw),
            ("kelurahan", &self.kelurahan),
            ("kodepos", &self.kodepos),
            ("agama", &self.agama),
            ("status_perkawinan", &self.status_perkawinan),
            ("pekerjaan", &self.pekerjaan),
            ("kewarganegaraan", &self.kewarganegaraan),
            ("shdk", &self.shdk),
            ("pendidikan", &self.pendidikan),
            ("disabilitas", &self.disabilitas),
            ("nama_ibu", &self.nama_ibu),
            ("nama_ayah", &self.nama_ayah),
        ]
    }
}

/// An endless stream of residents, family by family; `take` as many as are needed.
pub struct Residents {
    chance: Chance,
    year: i32,
    birthplace: String,
    villages: Vec<String>,
    serials: HashMap<String, u16>,
    waiting: std::collections::VecDeque<Resident>,
}

/// Running numbers of NIK and KK. Offices count from 0001 for each kecamatan, day and sex; no day has thousands of births.
const SERIALS: std::ops::RangeInclusive<u16> = 9001..=9999;

/// What the members of one family share.
struct Family {
    kk: String,
    village: String,
    street: String,
    rt: String,
    rw: String,
    postcode: String,
    faith: String,
}

impl Residents {
    /// Residents of a kabupaten/kota (4 digits, dots allowed), as of `year`; `None` for a region without villages.
    pub fn within(region: &str, wilayah: &Wilayah, seed: u64, year: i32) -> Option<Self> {
        let region = KodeWilayah::parse(region)?;
        let villages: Vec<String> = wilayah
            .children(region)
            .flat_map(|(district, _)| wilayah.children(district).map(|(village, _)| village.digits()))
            .filter(|code| code.len() == 10)
            .collect();
        let name = wilayah.name(region)?;
        let birthplace = ["KABUPATEN ", "KOTA ADMINISTRASI ", "KOTA ", "KAB. "]
            .iter()
            .find_map(|p| name.to_uppercase().strip_prefix(p).map(str::to_owned))
            .unwrap_or_else(|| name.to_uppercase());
        (!villages.is_empty()).then(|| Self {
            chance: Chance::new(seed, 1000),
            year,
            birthplace,
            villages,
            serials: HashMap::new(),
            waiting: std::collections::VecDeque::new(),
        })
    }

    /// The next free number of a stem of 12 digits.
    fn serial(&mut self, stem: String) -> Option<String> {
        let next = self.serials.entry(stem.clone()).or_insert(*SERIALS.start());
        let free = SERIALS.contains(next).then(|| format!("{stem}{next:04}"))?;
        *next += 1;
        Some(free)
    }

    fn family(&mut self) -> Option<()> {
        let village = self.chance.pick(&self.villages).clone();
        let c = &mut self.chance;
        let issued = format!("{:02}{:02}{:02}", 1 + c.below(28), 1 + c.below(12), 5 + c.below(20));
        let street = format!("{} NO. {}", c.pick(names::STREETS), 1 + c.below(180));
        let (rt, rw) = (format!("{:03}", 1 + c.below(12)), format!("{:03}", 1 + c.below(9)));
        let postcode = format!(
            "{}",
            10_000 + village.bytes().fold(7usize, |a, b| a * 31 % 89_999 + usize::from(b)) % 89_999
        );
        let faith = match c.unit() {
            r if r < 0.84 => "1",
            r if r < 0.91 => "2",
            r if r < 0.94 => "3",
            r if r < 0.97 => "4",
            r if r < 0.985 => "5",
            r if r < 0.99 => "6",
            _ => "7",
        };
        let kk = self.serial(format!("{}{issued}", &village[..6]))?;
        let family = Family { kk, village, street, rt, rw, postcode, faith: faith.to_owned() };
        let head_age = 22 + self.chance.below(50) as i32;
        let widow = self.chance.unit() < 0.12;
        let single = !widow && head_age < 30 && self.chance.unit() < 0.3;
        let father = self.name(false);
        let mother = self.name(true);
        if single {
            let woman = self.chance.unit() < 0.4;
            self.member(&family, if woman { &mother } else { &father }, woman, head_age, "1", "1", None)?;
            return Some(());
        }
        if widow {
            self.member(&family, &mother, true, head_age, "1", "6", None)?;
        } else {
            self.member(&family, &father, false, head_age, "1", "2", None)?;
            let age = (head_age - self.chance.below(7) as i32).max(19);
            self.member(&family, &mother, true, age, "3", "2", None)?;
        }
        for _ in 0..self.chance.below(4) {
            let age = head_age - 21 - self.chance.below(12) as i32;
            if (0..30).contains(&age) {
                let woman = self.chance.unit() < 0.5;
                let name = self.name(woman);
                self.member(&family, &name, woman, age, "4", "1", Some((&mother, &father)))?;
            }
        }
        Some(())
    }

    fn name(&mut self, woman: bool) -> String {
        let c = &mut self.chance;
        let first = if woman { names::WOMEN } else { names::MEN };
        let one = *c.pick(first);
        match c.unit() {
            // Recorded before names needed two words, or with a mark that is no longer taken: both stay valid.
            r if r < 0.04 => one.to_owned(),
            r if r < 0.05 => format!("{one} NUR'AINI"),
            r if r < 0.55 => format!("{one} {}", c.pick(names::LAST)),
            _ => {
                let two = loop {
                    let two = *c.pick(first);
                    if two != one {
                        break two;
                    }
                };
                format!("{one} {two} {}", c.pick(names::LAST))
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one row of a family card")]
    fn member(
        &mut self,
        family: &Family,
        name: &str,
        woman: bool,
        age: i32,
        role: &str,
        marital: &str,
        parents: Option<(&str, &str)>,
    ) -> Option<()> {
        let (month, day) = (1 + self.chance.below(12), 1 + self.chance.below(28));
        let born = self.year - age - 1;
        let written = if woman { day + 40 } else { day };
        let nik = self.serial(format!(
            "{}{written:02}{month:02}{:02}",
            &family.village[..6],
            born.rem_euclid(100)
        ))?;
        let (mother, father) = match parents {
            Some((m, f)) => (m.to_owned(), f.to_owned()),
            None => (self.name(true), self.name(false)),
        };
        let c = &mut self.chance;
        let job = match (age, woman) {
            (..16, _) => 1,
            (16..23, _) => 3,
            (23..60, true) if c.unit() < 0.45 => 2,
            (60.., _) if c.unit() < 0.3 => 4,
            _ => *c.pick(&[5, 8, 9, 11, 14, 15, 15, 19, 20, 65, 74, 81, 88, 88]),
        };
        let schooling = match age {
            ..7 => 1,
            7..13 => 2,
            13..16 => 3,
            _ => 3 + c.below(6),
        };
        let blood = *c.pick(&[1, 2, 3, 4, 4, 13, 13, 13]);
        let able = if c.unit() < 0.985 { 7 } else { 1 + c.below(3) };
        self.waiting.push_back(Resident {
            nik,
            nomor_kk: family.kk.clone(),
            nama: name.to_owned(),
            tempat_lahir: self.birthplace.clone(),
            tanggal_lahir: format!("{born:04}-{month:02}-{day:02}"),
            jenis_kelamin: if woman { "2" } else { "1" }.to_owned(),
            golongan_darah: blood.to_string(),
            alamat: family.street.clone(),
            rt: family.rt.clone(),
            rw: family.rw.clone(),
            kelurahan: family.village.clone(),
            kodepos: family.postcode.clone(),
            agama: family.faith.clone(),
            status_perkawinan: marital.to_owned(),
            pekerjaan: job.to_string(),
            kewarganegaraan: "WNI".to_owned(),
            shdk: role.to_owned(),
            pendidikan: schooling.to_string(),
            disabilitas: able.to_string(),
            nama_ibu: mother,
            nama_ayah: father,
        });
        Some(())
    }
}

impl Iterator for Residents {
    type Item = Resident;

    /// Ends only when a kecamatan, day and sex run out of their 999 numbers: a million residents of two kecamatan use some
    /// tens of them.
    fn next(&mut self) -> Option<Resident> {
        while self.waiting.is_empty() {
            self.family()?;
        }
        self.waiting.pop_front()
    }
}
