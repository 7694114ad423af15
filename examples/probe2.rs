fn main() {
    let a: Vec<String> = std::env::args().collect();
    let t = std::time::Instant::now();
    let c = keytrail::rules::Catalogue::embedded();
    let d = keytrail::detect::Detector::new(&c, Default::default());
    let ids = keytrail::detect::Fingerprinter::new().unwrap();
    keytrail::history::probe(a[1].as_ref(), &d, &ids, a[2].parse().unwrap());
    eprintln!("{:?} {}", t.elapsed(), std::fs::read_to_string("/tmp/probe.txt").unwrap());
}
