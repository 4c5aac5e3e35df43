//! What the window is shown: plain data that the shell hands on unchanged.
//!
//! Field names become camelCase on the way out; times are ISO-8601 UTC text, durations whole seconds, pictures travel
//! as bytes and are named by an id. The TypeScript twins are generated (`make types`).

/// Defines view structs: serialised in camelCase, described for TypeScript, `Debug` masked because most carry people.
macro_rules! view {
    ($($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident : $ty:ty),* $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Clone, PartialEq, serde::Serialize, serde::Deserialize, specta::Type)]
        #[serde(rename_all = "camelCase")]
        #[allow(missing_docs)]
        pub struct $name { $($(#[$fmeta])* pub $field: $ty),* }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(••••)"))
            }
        }
    )+};
}

pub mod words;
pub mod desk;
pub mod visit;
pub mod capture;
pub mod attestation;
pub mod equipment;
pub mod ledger;
pub mod sync;
pub mod print_request;
pub mod status;
pub mod print;
pub mod handover;
pub mod blangko;
pub mod report;
pub mod staff;

pub use attestation::*;
pub use blangko::*;
pub use capture::*;
pub use desk::*;
pub use equipment::*;
pub use handover::*;
pub use ledger::*;
pub use print::*;
pub use print_request::*;
pub use report::*;
pub use staff::*;
pub use status::*;
pub use sync::*;
pub use visit::*;
pub use words::*;
