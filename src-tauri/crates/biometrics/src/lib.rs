//! biometrics
