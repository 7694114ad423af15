use keytrail::git::{entry::Kind, forest::Forest, walk::*, *};
use std::sync::atomic::*;
struct V<'a>(&'a AtomicU64, &'a AtomicU64, u64, u64);
impl Visitor for V<'_> {
    type Note = ();
    fn object(&mut self, o: Object<'_, ()>) {
        self.2 += o.bytes.len() as u64;
        match o.base {
            None => self.3 += o.bytes.len() as u64,
            Some((_, p)) => {
                let w = 352;
                let mut last = 0;
                for x in p {
                    if x.range.start > 0 || x.from.is_none() {
                        let a = x.range.start.saturating_sub(w).max(last);
                        let b = (if x.from.is_none() { x.range.end } else { x.range.start } + w)
                            .min(o.bytes.len());
                        if b > a {
                            self.3 += (b - a) as u64;
                            last = b;
                        }
                    }
                }
            }
        }
    }
    fn large(&mut self, _: keytrail::model::ObjectId, _: Kind, _: &mut dyn std::io::Read) {
        println!("large")
    }
    fn fault(&mut self, i: keytrail::model::ObjectId, d: Damage) {
        println!("{i} {d}")
    }
    fn goes_on(&self) -> bool {
        true
    }
}
impl Drop for V<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(self.2, Ordering::Relaxed);
        self.1.fetch_add(self.3, Ordering::Relaxed);
    }
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let t = std::time::Instant::now();
    let p = Pack::open(a[1].as_ref(), 20).unwrap();
    let f = Forest::of(&p);
    eprintln!("forest {:?} roots {} faults {}", t.elapsed(), f.roots().len(), f.faults().len());
    let (x, y) = (AtomicU64::new(0), AtomicU64::new(0));
    let kinds: &[Kind] = if a[2] == "tree" { &[Kind::Tree] } else { &[Kind::Blob] };
    Walk { pack: &p, forest: &f, kinds, bases: &|_| None, threads: a[3].parse().unwrap() }
        .run(|| V(&x, &y, 0, 0));
    eprintln!(
        "{} MB, news {} MB {:?}",
        x.load(Ordering::Relaxed) / 1000000,
        y.load(Ordering::Relaxed) / 1000000,
        t.elapsed()
    );
}
