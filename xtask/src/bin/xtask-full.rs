//! `cargo xtask` with the whole command. It has a name of its own, because not every system lets a program be built
//! anew that is running.

fn main() -> std::process::ExitCode {
    xtask::run()
}
