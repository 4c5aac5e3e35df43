//! Several PDFs as one: what is too long for the typesetter in one go is set in parts and read as one paper.

use std::sync::Arc;

use hayro_write::hayro_syntax::Pdf as Kept;
use hayro_write::{ChunkSettings, ExtractionQuery, extract};
use pdf_writer::{Chunk, Pdf, Ref, TextStr};

use crate::error::{Error, Result};

/// One PDF of the pages of `parts` in order, under the title `title`. A single part is given back as it is.
///
/// # Errors
/// `PageImage` when one of them is no PDF, or there is none.
pub fn join(mut parts: Vec<Vec<u8>>, title: &str) -> Result<Vec<u8>> {
    let wrong = |reason: String| Error::PageImage { reason };
    match parts.len() {
        0 => return Err(wrong("nothing to join".to_owned())),
        1 => return Ok(parts.remove(0)),
        _ => {}
    }
    let mut next = Ref::new(1);
    let (catalog, info, root) = (next.bump(), next.bump(), next.bump());
    let mut branches: Vec<(Ref, Vec<Ref>)> = Vec::new();
    let mut chunks: Vec<Chunk> = Vec::new();
    for part in parts {
        let kept = Kept::new(Arc::new(part)).map_err(|error| wrong(format!("{error:?}")))?;
        let every: Vec<ExtractionQuery> = (0..kept.pages().len()).map(ExtractionQuery::new_page).collect();
        let mut taken = extract(&kept, Box::new(|| next.bump()), ChunkSettings::default(), |_| (), &every)
            .map_err(|error| wrong(format!("{error:?}")))?;
        let pages = taken
            .root_refs
            .drain(..)
            .collect::<std::result::Result<Vec<Ref>, _>>()
            .map_err(|error| wrong(format!("{error:?}")))?;
        branches.push((taken.page_tree_parent_ref, pages));
        chunks.push(taken.chunk);
    }
    let count = |pages: usize| i32::try_from(pages).unwrap_or(i32::MAX);
    let mut whole = Pdf::new();
    whole.catalog(catalog).pages(root);
    whole.document_info(info).title(TextStr(title)).creator(TextStr("Rekam"));
    whole
        .pages(root)
        .kids(branches.iter().map(|(branch, _)| *branch))
        .count(count(branches.iter().map(|(_, pages)| pages.len()).sum()));
    for (branch, pages) in &branches {
        whole.pages(*branch).parent(root).kids(pages.iter().copied()).count(count(pages.len()));
    }
    for chunk in &chunks {
        whole.extend(chunk);
    }
    Ok(whole.finish())
}
