//! One file per paper: its values and how they are laid before the template.

pub(crate) mod amplop_pemulihan;
pub(crate) mod formulir_f102;
pub(crate) mod formulir_perekaman;
pub(crate) mod halaman_register;
pub(crate) mod slip_pengembalian;

/// Writes a `Debug` that names the paper and nothing of its content.
macro_rules! masked_debug {
    ($type:ident) => {
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($type), "(…)"))
            }
        }
    };
}
pub(crate) use masked_debug;
