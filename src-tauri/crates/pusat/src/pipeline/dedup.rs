//! Demographic and fingerprint comparison with everybody recorded before.

use super::{Claimed, Verdict};
use crate::centre::Centre;
use crate::error::Result;
use sqlx::PgConnection;
use std::sync::Arc;

/// Compares a batch. Today it finds nobody: the NIK stage before it has compared by NIK.
pub(super) async fn run(_: &Arc<Centre>, _: &mut PgConnection, batch: &[Claimed]) -> Result<Vec<Verdict>> {
    Ok(vec![Verdict::Pass; batch.len()])
}
