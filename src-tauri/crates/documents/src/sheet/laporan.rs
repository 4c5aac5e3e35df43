use crate::error::Result;
use crate::press::{Made, Pictures, codes, number};
use crate::sheet::halaman_register::Part;
use crate::sheet::masked_debug;
use serde_json::{Value, json};

/// One row of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LaporanBaris {
    /// What is printed, one text per column.
    pub cells: Vec<String>,
    /// Length of the bar beside it, 0–1 of the longest; `None` for none.
    pub share: Option<f64>,
    /// Where on that length the standard lies; `None` for none.
    pub standard: Option<f64>,
}

/// One table of a report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LaporanTabel {
    /// What it is about; empty for none.
    pub title: String,
    /// Heads of the columns.
    pub head: Vec<String>,
    /// Columns that hold numbers, from 0; they are set to the right.
    pub numbers: Vec<usize>,
    /// Shares of the width by column; empty: the first takes what the others leave.
    pub widths: Vec<f64>,
    /// Rows in order.
    pub rows: Vec<LaporanBaris>,
    /// What is said when there is no row.
    pub none: String,
}

/// Values of a report over a period, or of a table that was asked for.
#[derive(Clone, Default)]
pub struct Laporan {
    /// Title, for example `LAPORAN PELAYANAN KTP-el`.
    pub title: String,
    /// Number or empty.
    pub number: String,
    /// For example `1 sampai 30 November 2026`.
    pub period: String,
    /// The finding in a sentence or two.
    pub finding: String,
    /// Tables in order.
    pub tables: Vec<LaporanTabel>,
    /// Landscape.
    pub wide: bool,
    /// Who may see it, printed in the foot.
    pub care: String,
    /// Who makes it; empty for a table that nobody signs.
    pub officer: String,
    /// Supervisor.
    pub supervisor: String,
    /// Text of the QR code or empty.
    pub qr: String,
    /// Where it stands in a table of several parts, which are read as one paper; `None` for a whole one.
    pub part: Option<Part>,
}

masked_debug!(Laporan);

impl Laporan {
    pub(crate) fn make(&self, training: bool) -> Result<Made> {
        let tables: Vec<Value> = self
            .tables
            .iter()
            .map(|table| {
                let rows: Vec<Value> = table
                    .rows
                    .iter()
                    .map(|row| json!({ "cells": row.cells, "share": row.share, "standard": row.standard }))
                    .collect();
                json!({ "title": table.title, "head": table.head, "numbers": table.numbers,
                        "widths": table.widths, "rows": rows, "none": table.none })
            })
            .collect();
        let shown = if self.number.is_empty() { String::new() } else { number(&self.number, training) };
        let values = json!({
            "title": self.title, "number": shown, "period": self.period, "finding": self.finding,
            "tables": tables, "wide": self.wide, "care": self.care, "officer": self.officer,
            "supervisor": self.supervisor, "part": self.part.map(Part::values),
        });
        Ok(Made {
            template: "laporan.typ",
            values,
            pictures: Pictures::default(),
            qrs: codes(&self.qr),
            niks: vec![],
        })
    }
}
