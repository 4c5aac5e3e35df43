//! Papers that are handed out before there is an application.

use documents::{FormulirF102, LembarDataPribadi, Sheet};
use domain::paper::DocumentKind;
use domain::register::RegisterKind;
use domain::role::Action;
use store::{Act, NewDocument};

use crate::{Error, Result, Station, view};

impl Station {
    /// Renders a blank paper and keeps it: `f102_blank` (F-1.02 to be filled in by hand) or `data_protection` (the
    /// information sheet on personal data, Law 27 of 2022).
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` (no such paper), `Document`, `Store`.
    pub fn blank_paper(&self, kind: &str) -> Result<view::DocumentRef> {
        let desk = self.desk(Action::ReadQueue)?;
        let (kind, sheet) = match kind {
            "f102_blank" => (DocumentKind::FormulirF102, Sheet::FormulirF102(Box::<FormulirF102>::default())),
            "data_protection" => {
                (DocumentKind::LembarDataPribadi, Sheet::LembarDataPribadi(LembarDataPribadi))
            }
            _ => return Err(Error::Invalid { what: "paper" }),
        };
        let rendered = self.press().render(&self.paper(&desk, sheet)?)?;
        let new = NewDocument {
            permohonan: None,
            kind: kind.key().into(),
            number: String::new(),
            pdf: rendered.pdf,
        };
        let act = Act::Deed { kind: RegisterKind::FormRendered };
        let document = desk.transact(act, |tx| tx.add_document(&new))?;
        Ok(view::DocumentRef {
            document_id: document.to_string(),
            pages: u32::try_from(rendered.pages).unwrap_or(u32::MAX),
        })
    }
}
