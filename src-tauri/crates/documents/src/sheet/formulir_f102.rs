use crate::error::Result;
use crate::press::{Made, Pictures};
use crate::sheet::masked_debug;
use serde_json::json;

/// Keys of the boxes of F-1.02: family card, KTP-el, child card, change of data, enclosures (`l-…`).
pub const F102_KEYS: [&str; 42] = [
    "kk-a",
    "kk-a1",
    "kk-a2",
    "kk-a3",
    "kk-a4",
    "kk-a5",
    "kk-a6",
    "kk-b",
    "kk-b1",
    "kk-b2",
    "kk-b3",
    "kk-c",
    "ktp-a",
    "ktp-b",
    "ktp-c",
    "ktp-c1",
    "ktp-c2",
    "ktp-d",
    "ktp-e",
    "ktp-f",
    "ktp-g",
    "kia-a",
    "kia-b",
    "kia-c",
    "kia-d",
    "data-kk",
    "data-ktp",
    "data-kia",
    "l-kk",
    "l-nikah",
    "l-cerai",
    "l-pindah",
    "l-pindah-ln",
    "l-paspor",
    "l-polisi",
    "l-ubah",
    "l-sptjm",
    "l-mati",
    "l-sebab",
    "l-skp",
    "l-kuasa",
    "l-itap",
];

/// Values of F-1.02; the default is the blank form to be filled in by hand.
#[derive(Clone, Default)]
pub struct FormulirF102 {
    /// Full name or empty.
    pub name: String,
    /// 16 digits or empty.
    pub nik: String,
    /// 16 digits or empty.
    pub kk: String,
    /// Telephone or empty.
    pub phone: String,
    /// E-mail or empty.
    pub email: String,
    /// Boxes to tick, out of [`F102_KEYS`]; others are ignored.
    pub ticked: Vec<&'static str>,
    /// Name of the officer or empty.
    pub officer: String,
}

masked_debug!(FormulirF102);

impl FormulirF102 {
    pub(crate) fn make(&self) -> Result<Made> {
        let values = json!({
            "name": self.name, "nik": self.nik, "kk": self.kk, "phone": self.phone, "email": self.email,
            "ticked": self.ticked, "officer": self.officer,
        });
        Ok(Made { template: "f-1-02.typ", values, pictures: Pictures::default(), qrs: vec![], niks: vec![] })
    }
}
