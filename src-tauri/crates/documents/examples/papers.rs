//! Writes every paper with synthetic values, real and training, as PDF and PNG into a folder.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program for looking at papers")]

#[path = "../tests/sample/mod.rs"]
mod sample;

use std::path::Path;

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "target/papers".to_owned());
    std::fs::create_dir_all(&folder).unwrap();
    let press = documents::Press::new();
    for training in [false, true] {
        for (name, paper) in sample::all(training) {
            let start = std::time::Instant::now();
            let rendered = press.render(&paper).unwrap();
            let set = start.elapsed();
            let stem =
                Path::new(&folder).join(if training { format!("latihan-{name}") } else { name.to_owned() });
            std::fs::write(stem.with_extension("pdf"), &rendered.pdf).unwrap();
            for page in 1..=rendered.pages {
                let png = press.page_png(&rendered, page, 110.0).unwrap();
                std::fs::write(stem.with_extension(format!("{page}.png")), png).unwrap();
            }
            println!("{name}: {} pages, {} bytes, {set:.1?}", rendered.pages, rendered.pdf.len());
        }
    }
}
