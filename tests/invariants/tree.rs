//! The source tree, and how a check reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

/// Path from the root, with `/`, to text.
pub type Tree = BTreeMap<String, String>;

/// Where our crates stand.
pub const CRATES: &str = "src-tauri/crates/";

/// The shell: the root package, whose sources stand in `src-tauri/src`.
pub const SHELL: &str = "rekam";

/// Endings of the files that are read; those without one, as of the scripts, are too.
const READ: [&str; 13] =
    ["rs", "toml", "ts", "svelte", "sql", "json", "mjs", "md", "txt", "typ", "tsv", "html", "svg"];

/// The source tree as it stands, read once.
pub fn tree() -> Tree {
    static ONCE: OnceLock<Tree> = OnceLock::new();
    ONCE.get_or_init(read).clone()
}

fn read() -> Tree {
    fn walk(root: &Path, dir: &Path, out: &mut Tree) {
        for entry in std::fs::read_dir(dir).unwrap().flatten() {
            let path = entry.path();
            let name = entry.file_name();
            if path.is_dir() {
                if !["target", "node_modules", "dist", ".git", ".venv"].iter().any(|d| name == *d) {
                    walk(root, &path, out);
                }
            } else if path.extension().is_none_or(|ext| READ.iter().any(|read| ext == *read))
                && let Ok(text) = std::fs::read_to_string(&path)
            {
                let key = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                out.insert(key, text);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut out = Tree::new();
    for dir in
        ["src-tauri", "ui/src", "ui/tests", "ui/scripts", "migrations", "tests", "docs", "assets", "scripts"]
    {
        walk(root, &root.join(dir), &mut out);
    }
    for file in ["Cargo.toml", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        out.insert(file.to_owned(), std::fs::read_to_string(root.join(file)).unwrap());
    }
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
    for line in manifest.lines().map(|line| line.split('#').next().unwrap_or_default().trim()) {
        if line.starts_with('[') {
            inside = (line == "[dependencies]")
                || (line.starts_with("[target.") && line.ends_with(".dependencies]"));
        } else if inside && !line.is_empty() {
            let name: String =
                line.chars().take_while(|c| c.is_alphanumeric() || *c == '-' || *c == '_').collect();
            out.push(name);
        }
    }
    out
}

/// Lines that bring a dependency in a form that [`dependencies`] does not read: in a table of its own, or under another name.
pub fn unread_dependencies(manifest: &str) -> Vec<&str> {
    let unread = |line: &&str| {
        let line = line.split('#').next().unwrap_or_default();
        let bare: String = line.chars().filter(|c| !c.is_whitespace()).collect();
        let table = bare.starts_with('[') && bare.contains("dependencies.");
        table || bare.starts_with("dependencies.") || bare.contains("package=\"")
    };
    manifest.lines().filter(unread).collect()
}

/// The manifest of one of our crates or of the shell; empty when there is none.
pub fn manifest<'a>(tree: &'a Tree, krate: &str) -> &'a str {
    let path = if krate == SHELL { "Cargo.toml".to_owned() } else { format!("{CRATES}{krate}/Cargo.toml") };
    tree.get(&path).map_or("", String::as_str)
}

/// Where the sources of one of our crates, or of the shell, stand.
pub fn room(krate: &str) -> String {
    if krate == SHELL { "src-tauri/src/".to_owned() } else { format!("{CRATES}{krate}/") }
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
