use crate::error::Result;
use crate::letters::{fill, fill_all};
use crate::office::Office;
use crate::press::{Made, Pictures};
use serde_json::{Value, json};

/// The information sheet on personal data. All its sentences are the office's wording.
#[derive(Clone, Debug, Default)]
pub struct LembarDataPribadi;

impl LembarDataPribadi {
    pub(crate) fn make(office: &Office) -> Result<Made> {
        let text = &office.letters.privacy;
        let chapters: Vec<Value> = text
            .chapters
            .iter()
            .map(|chapter| {
                Ok(json!({ "title": chapter.title, "paragraphs": fill_all(&chapter.paragraphs, &[])? }))
            })
            .collect::<Result<_>>()?;
        let values = json!({
            "title": text.title, "opening": fill(&text.opening, &[])?, "chapters": chapters,
            "contact": fill(&text.contact, &[])?, "hours": office.letters.service.hours,
        });
        Ok(Made {
            template: "lembar-data-pribadi.typ",
            values,
            pictures: Pictures::default(),
            qrs: vec![],
            niks: vec![],
        })
    }
}
