//! The scenarios are built in: a new one must be noticed.

fn main() {
    println!("cargo::rerun-if-changed=../../scenarios");
}
