use crate::error::Result;
use crate::picture::Picture;
use crate::press::{Made, Pictures, codes, number};
use crate::sheet::masked_debug;
use domain::Finger;
use serde_json::{Value, json};

/// The applicant's statement as long as the office sets no other.
pub const PERNYATAAN: &str = "Data, foto, dan rekaman di atas telah diperlihatkan dan dibacakan kepada saya. Isinya benar dan milik saya. Saya mengetahui bahwa data ini dipakai untuk penerbitan KTP-el menurut undang-undang, dan saya dapat meminta perbaikan bila ada yang keliru.";

/// The box that is ticked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum JenisPermohonan {
    /// First card.
    #[default]
    Baru,
    /// Moved in.
    PindahDatang,
    /// Card lost.
    Hilang,
    /// Card damaged.
    Rusak,
    /// Data changed.
    UbahData,
    /// New photograph.
    GantiFoto,
    /// Recorded outside the home district.
    LuarDomisili,
    /// Another kind, in words.
    Lainnya(String),
}

/// One finger and what became of it.
#[derive(Clone, PartialEq, Eq)]
pub struct FingerLine {
    /// Which finger.
    pub finger: Finger,
    /// In one or two words: `baik`, `cukup`, `kering`, `tidak ada`.
    pub verdict: String,
}

/// Values of the Formulir Permohonan Perekaman.
#[derive(Clone, Default)]
pub struct FormulirPerekaman {
    /// Number, for example `FP/18.13-02/2026/11846`.
    pub number: String,
    /// Kind of application.
    pub kind: JenisPermohonan,
    /// 16 digits.
    pub nik: String,
    /// 16 digits.
    pub kk: String,
    /// Full name.
    pub name: String,
    /// Place and date, for example `KRUI, 14-03-2008`.
    pub birth: String,
    /// `PEREMPUAN` or `LAKI-LAKI`.
    pub sex: String,
    /// Blood group or empty.
    pub blood: String,
    /// Street, RT and RW.
    pub address: String,
    /// Kelurahan and kecamatan.
    pub village: String,
    /// Religion.
    pub religion: String,
    /// Marital status.
    pub marital: String,
    /// Occupation.
    pub occupation: String,
    /// `WNI` or `WNA`.
    pub nationality: String,
    /// A foreigner's country and passport; empty for a citizen.
    pub country: String,
    /// A foreigner's ITAP and its last day; empty for a citizen.
    pub stay: String,
    /// Portrait, 3:4.
    pub photo: Option<Picture>,
    /// When the applicant approved it, for example `23-11-2026, 10.34`.
    pub photo_approved: String,
    /// For example `23-11-2026 pukul 10.33 sampai 10.40`.
    pub recorded: String,
    /// Results in any order; a finger that is absent here prints a dash.
    pub fingers: Vec<FingerLine>,
    /// Result of the right iris.
    pub iris_right: String,
    /// Result of the left iris.
    pub iris_left: String,
    /// Re-match of the right index finger, for example `telunjuk, cocok (4 bit)`.
    pub rematch_right: String,
    /// Re-match of the left index finger.
    pub rematch_left: String,
    /// `ada`, `cap jempol`, `garis`, `tidak ada`, or `tidak direkam` where no specimen is asked for.
    pub signature_state: String,
    /// Each exception with reason, kind, witness and time, without final stop.
    pub exceptions: Vec<String>,
    /// Empty for [`PERNYATAAN`].
    pub statement: String,
    /// The applicant's signature.
    pub signature: Option<Picture>,
    /// Below the signature, for example `SITI RAHMAWATI, 10.43, di papan`.
    pub signature_caption: String,
    /// The applicant's thumbprint instead.
    pub thumb: Option<Picture>,
    /// In the empty thumb box, for example `tidak dipakai, pemohon menandatangani sendiri`.
    pub thumb_note: String,
    /// Name of the officer.
    pub officer: String,
    /// For example `Operator, Stasiun Krui 02`.
    pub officer_role: String,
    /// The officer's signature.
    pub officer_signature: Option<Picture>,
    /// Packet number.
    pub packet: String,
    /// Short digest in groups, for example `9c41 07be 52d8 e610`.
    pub file_hash: String,
    /// Text of the QR code: record number and seal, never a NIK.
    pub qr: String,
}

masked_debug!(FormulirPerekaman);
masked_debug!(FingerLine);

/// Order of practice: right hand from the index finger, its thumb, then the left hand.
const ORDER: [(Finger, &str, &str); 10] = [
    (Finger::RightIndex, "Telunjuk", "kanan"),
    (Finger::RightMiddle, "Tengah", "kanan"),
    (Finger::RightRing, "Manis", "kanan"),
    (Finger::RightLittle, "Kelingking", "kanan"),
    (Finger::RightThumb, "Jempol", "kanan"),
    (Finger::LeftIndex, "Telunjuk", "kiri"),
    (Finger::LeftMiddle, "Tengah", "kiri"),
    (Finger::LeftRing, "Manis", "kiri"),
    (Finger::LeftLittle, "Kelingking", "kiri"),
    (Finger::LeftThumb, "Jempol", "kiri"),
];

impl FormulirPerekaman {
    pub(crate) fn make(&self, training: bool) -> Result<Made> {
        let mut pictures = Pictures::default();
        let fingers: Vec<Value> = ORDER
            .iter()
            .map(|(finger, name, hand)| {
                let line = self.fingers.iter().find(|line| line.finger == *finger);
                json!({ "name": name, "hand": hand, "verdict": line.map_or("", |line| line.verdict.as_str()) })
            })
            .collect();
        let statement = if self.statement.is_empty() { PERNYATAAN } else { self.statement.as_str() };
        let values = json!({
            "number": number(&self.number, training),
            "kinds": self.kinds(),
            "nik": self.nik, "kk": self.kk, "name": self.name, "birth": self.birth, "sex": self.sex,
            "blood": self.blood, "address": self.address, "village": self.village, "religion": self.religion,
            "marital": self.marital, "occupation": self.occupation, "nationality": self.nationality,
            "country": self.country, "stay": self.stay,
            "photo": pictures.add("foto", self.photo.as_ref())?,
            "photo_approved": self.photo_approved,
            "recorded": self.recorded,
            "fingers": fingers,
            "iris_right": self.iris_right, "iris_left": self.iris_left,
            "rematch_right": self.rematch_right, "rematch_left": self.rematch_left,
            "signature_state": self.signature_state,
            "exceptions": self.exceptions,
            "statement": statement,
            "signature": pictures.add("tanda-tangan", self.signature.as_ref())?,
            "signature_caption": self.signature_caption,
            "thumb": pictures.add("cap-jempol", self.thumb.as_ref())?,
            "thumb_note": self.thumb_note,
            "officer": self.officer, "officer_role": self.officer_role,
            "officer_signature": pictures.add("tanda-tangan-petugas", self.officer_signature.as_ref())?,
            "packet": number(&self.packet, training), "file_hash": self.file_hash,
        });
        Ok(Made {
            template: "formulir-perekaman.typ",
            values,
            pictures,
            qrs: codes(&self.qr),
            niks: vec![self.nik.clone(), self.kk.clone()],
        })
    }

    fn kinds(&self) -> Vec<Value> {
        let named = [
            (JenisPermohonan::Baru, "Baru"),
            (JenisPermohonan::PindahDatang, "Pindah datang"),
            (JenisPermohonan::Hilang, "Hilang"),
            (JenisPermohonan::Rusak, "Rusak"),
            (JenisPermohonan::UbahData, "Ubah data"),
            (JenisPermohonan::GantiFoto, "Ganti foto"),
            (JenisPermohonan::LuarDomisili, "Luar domisili"),
        ];
        let (label, on) = match &self.kind {
            JenisPermohonan::Lainnya(words) if !words.is_empty() => (format!("Lainnya: {words}"), true),
            other => ("Lainnya".to_owned(), matches!(other, JenisPermohonan::Lainnya(_))),
        };
        let boxes = named.iter().map(|(kind, label)| json!({ "label": label, "on": *kind == self.kind }));
        boxes.chain([json!({ "label": label, "on": on })]).collect()
    }
}
