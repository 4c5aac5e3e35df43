use crate::error::{Error, Result};
use crate::letters::{fill, fill_all};
use crate::office::Office;
use crate::picture::Picture;
use crate::press::{Made, Pictures, codes, number};
use crate::sheet::{long_date, masked_debug};
use domain::{Date, terbilang};
use serde_json::json;

/// Values of the Surat Keterangan Perekaman. Sentences, signer and validity come from the office's wording.
#[derive(Clone)]
pub struct SuratKeterangan {
    /// Number, for example `470/0318/SKT/KRUI-02/XI/2026`.
    pub number: String,
    /// 16 digits, printed whole: the letter stands for the card.
    pub nik: String,
    /// Full name.
    pub name: String,
    /// Place and date, for example `LIWA, 08-09-1995`.
    pub birth: String,
    /// `PEREMPUAN` or `LAKI-LAKI`.
    pub sex: String,
    /// Street, RT, RW and village.
    pub address: String,
    /// Kecamatan.
    pub district: String,
    /// Religion.
    pub religion: String,
    /// Marital status.
    pub marital: String,
    /// Occupation.
    pub occupation: String,
    /// `WNI` or `WNA`.
    pub nationality: String,
    /// Portrait, 3:4.
    pub photo: Option<Picture>,
    /// Day of a recording at this station; `None` for one that was made elsewhere or of which no day is known.
    pub recorded: Option<Date>,
    /// Day of the letter.
    pub issued: Date,
    /// Why there is no card yet, in words without final stop.
    pub reason: String,
    /// Status as the centre or station names it.
    pub raw_status: String,
    /// Packet number or empty.
    pub packet: String,
    /// Line of the register or empty.
    pub register_no: String,
    /// Who prints it.
    pub officer: String,
    /// Text of the QR code, never a NIK.
    pub qr: String,
}

masked_debug!(SuratKeterangan);

impl SuratKeterangan {
    /// Last day of validity of a letter of that day under the office's wording.
    ///
    /// # Errors
    /// `Wording` when the calendar ends before.
    pub fn valid_until(issued: Date, office: &Office) -> Result<Date> {
        issued
            .checked_add(jiff::Span::new().months(i64::from(office.letters.suket.months)))
            .map_err(|e| Error::Wording { reason: e.to_string() })
    }

    pub(crate) fn make(&self, office: &Office, training: bool) -> Result<Made> {
        let mut pictures = Pictures::default();
        let letters = &office.letters;
        let until = long_date(Self::valid_until(self.issued, office)?);
        let recorded = self.recorded.map(long_date).unwrap_or_default();
        let months = letters.suket.months.to_string();
        let in_words = terbilang::number(u64::from(letters.suket.months));
        let known = [
            ("tanggal_rekam", recorded.as_str()),
            ("stasiun", office.station_name.as_str()),
            ("sebab", self.reason.as_str()),
            ("bulan", months.as_str()),
            ("bulan_terbilang", in_words.as_str()),
            ("sampai", until.as_str()),
        ];
        let mut paragraphs = letters.suket.paragraphs.clone();
        // Nothing is certified that is not known here.
        if let (None, Some(first)) = (self.recorded, paragraphs.first_mut()) {
            first.clone_from(&letters.suket.elsewhere);
        }
        let values = json!({
            "title": letters.suket.title, "subtitle": letters.suket.subtitle,
            "number": number(&self.number, training),
            "opening": fill(&letters.suket.opening, &known)?,
            "paragraphs": fill_all(&paragraphs, &known)?,
            "check": letters.suket.check, "stamp": letters.suket.stamp,
            "nik": self.nik, "name": self.name, "birth": self.birth, "sex": self.sex, "address": self.address,
            "district": self.district, "religion": self.religion, "marital": self.marital,
            "occupation": self.occupation, "nationality": self.nationality,
            "photo": pictures.add("foto", self.photo.as_ref())?,
            "issued": long_date(self.issued), "raw_status": self.raw_status, "packet": self.packet,
            "register_no": self.register_no, "officer": self.officer,
            "signer_role": letters.signer.role, "signer": letters.signer.name, "signer_nip": letters.signer.nip,
        });
        Ok(Made {
            template: "surat-keterangan.typ",
            values,
            pictures,
            qrs: codes(&self.qr),
            niks: vec![self.nik.clone()],
        })
    }
}
