//! Tries.
use sim::lab::orders::{Bounds, Search, Variant, written};
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let n = std::env::args().nth(2).unwrap().parse().unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    let p = sim::Prepared::parse(&text).unwrap();
    let own = p.scenario().clone();
    for variant in Variant::all(&own) {
        let scenario = variant.applied(&own);
        if variant.editions.iter().any(|(_, e)| *e != sim::ftp::Edition::Rfc438) {
            continue;
        }
        println!("{variant:?}");
        let mut s = Search::new(sim::Prepared::new(scenario), 0, Bounds { replays: n }).unwrap();
        if std::env::args().nth(3).is_some() {
            s = s.without_cuts()
        }
        let t = std::time::Instant::now();
        loop {
            let jobs = s.next();
            if jobs.is_empty() {
                break;
            }
            let ran: Vec<_> = jobs.into_iter().map(|j| s.run(j)).collect();
            s.take(ran);
        }
        println!("{:#?}", s.found());
        println!("{:?}", t.elapsed());
        for (e, o) in s.examples() {
            println!("{e} {o}");
            let one = s.one(&o).unwrap();
            let text = written(&text, &own, &variant, &one, "arpanet orders");
            println!("{text}");
            let again = sim::Prepared::parse(&text).unwrap().replay(sim::Options::DIGEST);
            println!("{:?}", again.verdict);
        }
    }
}
