//! The NIK part by part: region, date of birth, serial number, and what the rules say of each.

use domain::Unsur;
use domain::nik::{self, NikContext};
use domain::wilayah::KodeWilayah;

use crate::visit::Visit;
use crate::{Station, form, view};

impl Station {
    pub(super) fn nik_view(&self, visit: &Visit, today: jiff::civil::Date) -> view::NikView {
        let text = visit.biodata.get(Unsur::Nik).unwrap_or_default();
        let tables = self.tables();
        let wilayah = &tables.wilayah;
        let ctx = NikContext {
            born: visit.biodata.born(),
            sex: visit.biodata.sex(),
            married: visit.biodata.married_ever(),
            domicile: visit.biodata.domicile(),
            ..NikContext::bare(today, wilayah)
        };
        let verdict = nik::check(text, &ctx);
        let digits = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default().to_owned();
        let name = |end: usize| {
            let code = text.get(..end).and_then(KodeWilayah::parse);
            let today = code
                .and_then(|code| wilayah.name(code))
                .map(|name| name.trim_start_matches("Kabupaten ").to_owned());
            let old = code.filter(|code| wilayah.retired(*code).is_some());
            let word = match (&today, old) {
                (Some(_), _) => None,
                (None, Some(_)) => Some(view::NikWord::OldCode),
                (None, None) => Some(view::NikWord::Unknown),
            };
            (today.unwrap_or_default(), word)
        };
        let retired =
            text.get(..6).and_then(KodeWilayah::parse).is_some_and(|code| wilayah.retired(code).is_some());
        let sex = match text.get(6..8).and_then(|day| day.parse::<u8>().ok()) {
            Some(day) if day > 40 => Some(view::SexWord::Female),
            Some(_) => Some(view::SexWord::Male),
            None => None,
        };
        let region = |from: usize, mark: bool| {
            let (text, word) = name(from + 2);
            view::NikPart { digits: digits(from..from + 2), text, word, sex: None, mark }
        };
        // Two digits of a year are made four by the date of birth that they agree with.
        let day = text.get(6..8).and_then(|day| day.parse::<i8>().ok()).map(|day| day % 40);
        let month = text.get(8..10).and_then(|month| month.parse::<i8>().ok());
        let agrees = |born: &domain::tanggal::Tanggal| {
            born.day().is_none_or(|known| day == Some(known))
                && born.month().is_none_or(|known| month == Some(known))
                && digits(10..12) == format!("{:02}", born.year().rem_euclid(100))
        };
        let born = visit.biodata.born().filter(agrees).map(|born| born.dmy()).unwrap_or_default();
        let date = format!("{} {} {}", digits(6..8), digits(8..10), digits(10..12));
        view::NikView {
            level: form::level(verdict.level),
            parts: vec![
                region(0, false),
                region(2, false),
                region(4, retired),
                view::NikPart { digits: date, text: born, word: Some(view::NikWord::Sex), sex, mark: false },
                view::NikPart {
                    digits: digits(12..16),
                    text: String::new(),
                    word: Some(view::NikWord::Serial),
                    sex: None,
                    mark: false,
                },
            ],
            findings: verdict.findings.iter().map(form::finding).collect(),
        }
    }
}
