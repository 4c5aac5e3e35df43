//! Writing a transaction.

use domain::Eye;

use super::super::bytes::FormatError;
use super::record::Fields;
use super::{Cga, EyeEntry, EyeMissing, FingerEntry, FingerMissing, Picture, Score, Transaction, signature};

/// VER of Update 2015.
const VERSION: &str = "0502";

impl Transaction {
    /// The file: Type-1, 2, 10, 14 …, 17 …, 8, with information designation characters counted from 0.
    ///
    /// # Errors
    /// `Text` when a text holds control characters or a mandatory one is empty; `Code` for a Type-2 number below 3;
    /// `Range` when there are more than 99 records or a date is not all digits.
    pub fn write(&self) -> Result<Vec<u8>, FormatError> {
        let mut records: Vec<(u8, Vec<u8>)> = Vec::new();
        let mut idc = 0u8;
        let mut next = || {
            let mine = idc;
            idc += 1;
            mine
        };
        let count = 2 + self.fingers.len() + self.eyes.len();
        if count > 90 {
            return Err(FormatError::Range { field: "records", value: count as u64 });
        }
        for (field, text, digits) in [("date", &self.date, 8), ("gmt", &self.gmt, 15)] {
            let plain = text.trim_end_matches('Z');
            if text.len() != digits || !plain.bytes().all(|b| b.is_ascii_digit()) {
                return Err(FormatError::Text { field });
            }
        }
        records.push((2, self.text_record(next())?));
        if let Some(picture) = &self.portrait {
            records.push((10, self.portrait_record(next(), picture)?));
        }
        for entry in &self.fingers {
            records.push((14, self.finger_record(next(), entry)?));
        }
        for entry in &self.eyes {
            records.push((17, self.eye_record(next(), entry)?));
        }
        if !self.signature.is_empty() {
            records.push((8, signature::write(next(), &self.signature)?));
        }
        let mut out = self.header(&records)?;
        records.into_iter().for_each(|(_, bytes)| out.extend(bytes));
        Ok(out)
    }

    fn header(&self, records: &[(u8, Vec<u8>)]) -> Result<Vec<u8>, FormatError> {
        let count = records.len().to_string();
        let rows: Vec<[String; 2]> =
            records.iter().enumerate().map(|(idc, (k, _))| [k.to_string(), format!("{idc:02}")]).collect();
        let mut content: Vec<Vec<&str>> = vec![vec!["1", &count]];
        content.extend(rows.iter().map(|r| vec![r[0].as_str(), r[1].as_str()]));
        let content: Vec<&[&str]> = content.iter().map(Vec::as_slice).collect();
        let mut fields = Fields::new(1);
        fields.text(2, "1.002 VER", VERSION).groups(3, "1.003 CNT", &content);
        fields.text(4, "1.004 TOT", &self.kind).text(5, "1.005 DAT", &self.date);
        fields.number(6, "1.006 PRY", self.priority.clamp(1, 9));
        fields.text(7, "1.007 DAI", &self.destination).text(8, "1.008 ORI", &self.origin);
        fields.text(9, "1.009 TCN", &self.control_number);
        // With no Type-4 record the two resolutions are zero.
        fields.text(11, "1.011 NSR", "00.00").text(12, "1.012 NTR", "00.00");
        if let Some((name, version)) = &self.domain {
            fields.groups(13, "1.013 DOM", &[&[name, version]]);
        }
        fields.text(14, "1.014 GMT", &self.gmt);
        let ascii = self.text.iter().all(|(_, v)| v.is_ascii())
            && self.fingers.iter().filter_map(|f| f.comment.as_ref()).all(|v| v.is_ascii())
            && self.eyes.iter().filter_map(|e| e.comment.as_ref()).all(|v| v.is_ascii());
        if !ascii {
            fields.groups(15, "1.015 DCS", &[&["3", "UTF-8"]]);
        }
        fields.finish()
    }

    fn text_record(&self, idc: u8) -> Result<Vec<u8>, FormatError> {
        let mut fields = Fields::new(2);
        fields.text(2, "2.002 IDC", &format!("{idc:02}"));
        let mut rows: Vec<&(u16, String)> = self.text.iter().collect();
        rows.sort_by_key(|(number, _)| *number);
        for (number, value) in rows {
            if !(3..=998).contains(number) {
                return Err(FormatError::Code { field: "Type-2 field", value: u32::from(*number) });
            }
            if !value.is_empty() {
                fields.text(*number, "Type-2 field", value);
            }
        }
        fields.finish()
    }

    fn portrait_record(&self, idc: u8, picture: &Picture) -> Result<Vec<u8>, FormatError> {
        let mut fields = Fields::new(10);
        fields.text(2, "10.002 IDC", &format!("{idc:02}")).text(3, "10.003 IMT", "FACE");
        fields.text(4, "10.004 SRC", &self.source).text(5, "10.005 PHD", &self.date);
        size(&mut fields, picture);
        fields.text(11, "10.011 CGA", picture.cga.code());
        let space = if matches!(picture.cga, Cga::Jpeg) { "YCC" } else { "SRGB" };
        fields.text(12, "10.012 CSP", space).text(20, "10.020 POS", "F");
        fields.data(&picture.data);
        fields.finish()
    }

    fn finger_record(&self, idc: u8, entry: &FingerEntry) -> Result<Vec<u8>, FormatError> {
        let mut fields = Fields::new(14);
        let position = entry.finger.code().to_string();
        fields.text(2, "14.002 IDC", &format!("{idc:02}")).number(3, "14.003 IMP", entry.impression);
        fields.text(4, "14.004 SRC", &self.source).text(5, "14.005 FCD", &self.date);
        if let Ok(picture) = &entry.content {
            size(&mut fields, picture);
            fields.text(11, "14.011 CGA", picture.cga.code()).text(12, "14.012 BPX", "8");
        }
        fields.text(13, "14.013 FGP", &position);
        if let Err(reason) = &entry.content {
            let code = match reason {
                FingerMissing::Amputated => "XX",
                FingerMissing::UnableToPrint => "UP",
            };
            fields.groups(18, "14.018 AMP", &[&[&position, code]]);
        }
        comment(&mut fields, 20, entry.comment.as_deref());
        if let Ok(picture) = &entry.content {
            scores(&mut fields, 24, "14.024 FQM", Some(&position), &entry.quality);
            fields.data(&picture.data);
        }
        fields.finish()
    }

    fn eye_record(&self, idc: u8, entry: &EyeEntry) -> Result<Vec<u8>, FormatError> {
        let mut fields = Fields::new(17);
        let label = match entry.eye {
            Eye::Right => "1",
            Eye::Left => "2",
        };
        fields.text(2, "17.002 IDC", &format!("{idc:02}")).text(3, "17.003 ELR", label);
        fields.text(4, "17.004 SRC", &self.source).text(5, "17.005 ICD", &self.date);
        if let Ok(picture) = &entry.content {
            size(&mut fields, picture);
            fields.text(11, "17.011 CGA", picture.cga.code()).text(12, "17.012 BPX", "8");
            fields.text(13, "17.013 CSP", "GRAY");
        }
        comment(&mut fields, 21, entry.comment.as_deref());
        if let Ok(picture) = &entry.content {
            scores(&mut fields, 24, "17.024 IQS", None, &entry.quality);
            fields.text(25, "17.025 EAS", "NIR");
            if let Some(diameter) = entry.diameter {
                fields.number(26, "17.026 IRD", diameter);
            }
            fields.data(&picture.data);
        }
        if let Err(reason) = &entry.content {
            let code = match reason {
                EyeMissing::MissingOrDestroyed => "MD",
                EyeMissing::UnableToCapture => "UC",
            };
            fields.text(28, "17.028 DME", code);
        }
        fields.finish()
    }
}

/// HLL, VLL, SLC, THPS, TVPS: the same five numbers in Types 10, 14 and 17.
fn size(fields: &mut Fields, picture: &Picture) {
    fields.number(6, "HLL", picture.width).number(7, "VLL", picture.height);
    if picture.ppi > 0 {
        fields.text(8, "SLC", "1").number(9, "THPS", picture.ppi).number(10, "TVPS", picture.ppi);
    } else {
        // 0: no scale; the two numbers then are the pixel aspect ratio.
        fields.text(8, "SLC", "0").text(9, "THPS", "1").text(10, "TVPS", "1");
    }
}

fn comment(fields: &mut Fields, number: u16, text: Option<&str>) {
    if let Some(text) = text.filter(|t| !t.is_empty()) {
        fields.text(number, "COM", text);
    }
}

fn scores(fields: &mut Fields, number: u16, name: &'static str, first: Option<&str>, scores: &[Score]) {
    let rows: Vec<Vec<String>> = scores
        .iter()
        .take(9)
        .map(|s| {
            let mut row: Vec<String> = first.iter().map(|f| (*f).to_owned()).collect();
            row.extend([s.value.to_string(), format!("{:04X}", s.vendor), s.algorithm.max(1).to_string()]);
            row
        })
        .collect();
    let rows: Vec<Vec<&str>> = rows.iter().map(|r| r.iter().map(String::as_str).collect()).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    if !rows.is_empty() {
        fields.groups(number, name, &rows);
    }
}
