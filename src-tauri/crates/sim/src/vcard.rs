//! A KTP-el on a virtual reader (vpcd).
