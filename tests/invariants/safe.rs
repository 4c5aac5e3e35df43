//! No crate of ours holds unsafe code.

use super::tree::Tree;

/// Crate roots that may do without the line, each with its reason. None is needed.
pub const EXCEPTIONS: [(&str, &str); 0] = [];

/// Which manifests leave the workspace's lints, and which roots of libraries, programs and build scripts do not forbid unsafe
/// code themselves.
pub fn unsafe_code_is_forbidden(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, text) in tree {
        if path == "Cargo.toml" && !text.contains("[workspace.lints.rust]\nunsafe_code = \"forbid\"") {
            wrong.push("the workspace does not forbid unsafe code".to_owned());
        }
        if path.ends_with("Cargo.toml") && !text.contains("[lints]\nworkspace = true") {
            wrong.push(format!("{path} does without the workspace's lints"));
        }
        let excepted = EXCEPTIONS.iter().any(|(root, _)| root == path);
        if is_root(path) && !excepted && !text.lines().any(|line| line == "#![forbid(unsafe_code)]") {
            wrong.push(format!("{path} does not forbid unsafe code"));
        }
    }
    for (root, _) in EXCEPTIONS {
        if !tree.contains_key(root) {
            wrong.push(format!("{root} is excepted and not there"));
        }
    }
    wrong
}

/// Whether a crate of ours begins at `path`.
fn is_root(path: &str) -> bool {
    let Some((krate, file)) = path.split_once("/src/") else { return path == "src-tauri/build.rs" };
    let ours = krate == "src-tauri" || krate.starts_with("src-tauri/crates/") || krate.starts_with("tests/");
    let program = |rest: &str| (!rest.contains('/') && rest.ends_with(".rs")) || rest.ends_with("/main.rs");
    ours && (file == "lib.rs" || file == "main.rs" || file.strip_prefix("bin/").is_some_and(program))
}
