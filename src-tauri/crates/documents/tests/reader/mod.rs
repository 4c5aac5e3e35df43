//! Independent readers of what is printed: poppler and zbar.
#![allow(dead_code, reason = "each test asks its own reader")]

use std::process::Command;

/// The output of a poppler program over a PDF.
pub fn poppler(program: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("paper.pdf");
    std::fs::write(&file, pdf).expect("write");
    // pdfinfo takes the file alone; pdftotext writes to the standard output for `-`.
    let output: &[&str] = if program == "pdftotext" { &["-"] } else { &[] };
    let out = Command::new(program).args(arguments).arg(&file).args(output).output().expect("poppler runs");
    assert!(out.status.success(), "{program} refuses the PDF: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).expect("UTF-8")
}

/// The words of a PDF in reading order, one line per printed line, without layout.
pub fn words(pdf: &[u8]) -> String {
    let text = poppler("pdftotext", &["-raw", "-nopgbrk"], pdf).replace('\u{200b}', "");
    let lines: Vec<_> =
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    lines.iter().filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect()
}

/// One line, single spaces.
pub fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What zbarimg, an independent reader, finds on each page as `pdftoppm` draws it at 200 dpi.
pub fn zbar(pdf: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("paper.pdf");
    std::fs::write(&file, pdf).expect("write");
    let drawn = Command::new("pdftoppm")
        .args(["-r", "200", "-png"])
        .arg(&file)
        .arg(folder.path().join("page"))
        .status()
        .expect("pdftoppm runs");
    assert!(drawn.success(), "pdftoppm draws every paper");
    let mut pages: Vec<_> = std::fs::read_dir(folder.path())
        .expect("folder")
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "png"))
        .collect();
    pages.sort();
    let mut found = Vec::new();
    for page in pages {
        // Exit 4 means that a page has no code.
        let out = Command::new("zbarimg")
            .args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"])
            .arg(&page)
            .output();
        let text = String::from_utf8(out.expect("zbarimg runs").stdout).expect("UTF-8");
        found.extend(text.lines().filter(|line| !line.is_empty()).map(str::to_owned));
    }
    found
}
