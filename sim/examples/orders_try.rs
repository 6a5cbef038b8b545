use sim::lab::orders::{Bounds, Search};
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let n = std::env::args().nth(2).unwrap().parse().unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    let p = sim::Prepared::parse(&text).unwrap();
    let s = Search::new(p, 0, Bounds { replays: n }).unwrap();
    let s = if std::env::args().nth(3).is_some() { s.without_cuts() } else { s };
    let t = std::time::Instant::now();
    println!("{:#?}", s.finish());
    println!("{:?}", t.elapsed());
}
