//! `Debug` for rows with personal data: only the named fields are shown.

/// Implements `Debug` that shows the listed fields and hides the rest.
macro_rules! masked {
    ($name:ident: $($field:ident),*) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))$(.field(stringify!($field), &self.$field))*.finish_non_exhaustive()
            }
        }
    };
}
pub(crate) use masked;
