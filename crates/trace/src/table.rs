//! Tables that can be read aloud: a title, a heading with units, numbers aligned to the right.

use std::fmt;

/// A table in the making.
#[derive(Debug)]
pub(crate) struct Table {
    title: String,
    heads: Vec<String>,
    names: Vec<bool>,
    rows: Vec<Vec<String>>,
}

/// A column by its heading.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Column<'a> {
    /// Words, aligned to the left.
    Name(&'a str),
    /// Numbers, aligned to the right.
    Number(&'a str),
}

impl Table {
    /// A table without columns.
    pub(crate) fn new(title: String) -> Self {
        Table { title, heads: Vec::new(), names: Vec::new(), rows: Vec::new() }
    }

    /// Adds columns to the right.
    pub(crate) fn columns(&mut self, columns: &[Column<'_>]) {
        for column in columns {
            let (head, name) = match column {
                Column::Name(head) => (head, true),
                Column::Number(head) => (head, false),
            };
            self.heads.push((*head).to_owned());
            self.names.push(name);
        }
    }

    /// Adds a row with a cell for each column.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        debug_assert_eq!(cells.len(), self.heads.len());
        self.rows.push(cells);
    }
}

impl fmt::Display for Table {
    /// The title, then a line for each row. No line ends with a blank.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.title)?;
        let lines = || std::iter::once(&self.heads).chain(&self.rows);
        let width = |column: usize| lines().map(|cells| cells[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.heads.len()).map(width).collect();
        for cells in lines() {
            let mut line = String::new();
            for ((cell, width), name) in cells.iter().zip(&widths).zip(&self.names) {
                let cell = if *name { format!("{cell:width$}") } else { format!("{cell:>width$}") };
                line.push_str(&cell);
                line.push_str("  ");
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// A fraction with this many decimals, halves rounded up. A fraction of nothing is a dash.
pub fn ratio(part: u64, whole: u64, decimals: u32) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    let scale = 10_u128.pow(decimals);
    let whole = u128::from(whole);
    let rounded = (u128::from(part) * scale * 2 + whole) / (whole * 2);
    match decimals {
        0 => rounded.to_string(),
        _ => format!("{}.{:0width$}", rounded / scale, rounded % scale, width = decimals as usize),
    }
}
