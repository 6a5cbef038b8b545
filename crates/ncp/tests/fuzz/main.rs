//! The fuzz targets on their seeds and on a bounded number of mutations of them, so that they run with every
//! test and need nothing installed.

mod mutations;
mod targets;

use mutations::on_seeds_and_mutations;

#[test]
fn control_messages() {
    on_seeds_and_mutations("control", 2000, targets::fuzz_control_message);
}

#[test]
fn an_ncp_with_its_programs_its_imp_and_its_partners() {
    on_seeds_and_mutations("ncp", 400, targets::fuzz_ncp);
}
