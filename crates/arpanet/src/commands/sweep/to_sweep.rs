//! A scenario that is to be swept.

use std::ffi::OsStr;

use ::scenario::ast::ConditionWhen;
use sim::lab::Lab;
use xxhash_rust::xxh3::xxh3_64;

use super::count::Count;
use super::work::quietly;
use crate::commands::scenario;
use crate::error::CommandError;
use crate::library::{Library, Source};

/// A scenario that is to be swept.
pub(super) struct ToSweep {
    /// How it was named.
    pub(super) name: String,
    pub(super) source: Source,
    pub(super) lab: Lab,
    /// Tells its text and its nets from others.
    pub(super) fingerprint: String,
}

impl ToSweep {
    /// Reads the scenario of that name or path, and plays it once.
    pub(super) fn read(library: &Library, name: &OsStr) -> Result<Self, CommandError> {
        let (source, scenario) = scenario::read(library, name)?;
        let of = format!("{}\0{scenario:?}", source.text);
        let fingerprint = format!("{:016x}", xxh3_64(of.as_bytes()));
        let name = name.to_string_lossy().into_owned();
        Ok(ToSweep { name, source, lab: quietly(|| Lab::new(scenario)), fingerprint })
    }

    /// Nothing yet.
    pub(super) fn count(&self) -> Count {
        let conditions = &self.lab.scenario().conditions;
        Count::new(conditions.iter().filter(|one| one.when == ConditionWhen::Sometimes).count())
    }
}
