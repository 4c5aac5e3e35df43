//! Hands the capabilities and the configuration at the root to Tauri.
#![forbid(unsafe_code)]

fn main() {
    #[cfg(feature = "desktop")]
    {
        let attributes =
            tauri_build::Attributes::new().capabilities_path_pattern("src-tauri/capabilities/**/*");
        if let Err(error) = tauri_build::try_build(attributes) {
            println!("cargo::error={error:#}");
            std::process::exit(1);
        }
    }
}
