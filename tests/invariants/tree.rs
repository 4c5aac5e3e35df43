//! The source tree, and how a check reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Path from the root, with `/`, to text.
pub type Tree = BTreeMap<String, String>;

/// Where our crates stand.
pub const CRATES: &str = "src-tauri/crates/";

/// The source tree as it stands.
pub fn tree() -> Tree {
    fn walk(root: &Path, dir: &Path, out: &mut Tree) {
        for entry in std::fs::read_dir(dir).unwrap().flatten() {
            let path = entry.path();
            let name = entry.file_name();
            if path.is_dir() {
                if !["target", "node_modules", "dist", ".git", ".venv"].iter().any(|d| name == *d) {
                    walk(root, &path, out);
                }
            } else if let Some(ext) = path.extension()
                && ["rs", "toml", "ts", "svelte", "sql", "json", "mjs", "md", "txt"].iter().any(|e| ext == *e)
                && let Ok(text) = std::fs::read_to_string(&path)
            {
                let key = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                out.insert(key, text);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut out = Tree::new();
    for dir in ["src-tauri", "ui/src", "ui/tests", "ui/scripts", "migrations", "tests", "docs"] {
        walk(root, &root.join(dir), &mut out);
    }
    out.insert("Cargo.toml".into(), std::fs::read_to_string(root.join("Cargo.toml")).unwrap());
    out
}

/// Source text without comments and without the unit tests at the end of a file.
pub fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    text.lines()
        .map(|line| match line.find("//") {
            Some(at) if !line[..at].ends_with(':') => &line[..at],
            _ => line,
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// Rust files below a folder, as `code`.
pub fn sources<'a>(tree: &'a Tree, under: &'a str) -> impl Iterator<Item = (&'a String, String)> {
    tree.iter().filter(move |(p, _)| p.starts_with(under) && p.ends_with(".rs")).map(|(p, t)| (p, code(t)))
}

/// True when `text` names `word` as a whole word.
pub fn names(text: &str, word: &str) -> bool {
    let boundary = |c: Option<char>| c.is_none_or(|c| !(c.is_alphanumeric() || c == '_'));
    text.match_indices(word).any(|(i, _)| {
        boundary(text[..i].chars().next_back()) && boundary(text[i + word.len()..].chars().next())
    })
}

/// Names of the crates in `[dependencies]` and its target twins, without dev- and build-dependencies.
pub fn dependencies(manifest: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut inside = false;
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = (line == "[dependencies]")
                || (line.starts_with("[target.") && line.ends_with(".dependencies]"));
        } else if inside && !line.is_empty() && !line.starts_with('#') {
            let name: String =
                line.chars().take_while(|c| c.is_alphanumeric() || *c == '-' || *c == '_').collect();
            out.push(name);
        }
    }
    out
}

/// The manifest of one of our crates; empty when there is none.
pub fn manifest<'a>(tree: &'a Tree, krate: &str) -> &'a str {
    tree.get(&format!("{CRATES}{krate}/Cargo.toml")).map_or("", String::as_str)
}

/// The folders of our crates.
pub fn crates(tree: &Tree) -> BTreeSet<String> {
    tree.keys()
        .filter_map(|path| path.strip_prefix(CRATES)?.strip_suffix("/Cargo.toml"))
        .filter(|krate| !krate.contains('/'))
        .map(str::to_owned)
        .collect()
}

/// Our crates.
pub const OURS: [&str; 14] = [
    "domain",
    "store",
    "evidence",
    "devices",
    "biometrics",
    "packet",
    "documents",
    "station",
    "sync",
    "pusat",
    "sim",
    "synth",
    "training",
    "rekamctl",
];
