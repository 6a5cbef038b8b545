//! `cargo xtask`, with as much of the `arpanet` command as reading and replaying need.

fn main() -> std::process::ExitCode {
    xtask::run()
}
