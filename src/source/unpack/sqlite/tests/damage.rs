//! Damaged and hostile databases.

use std::fs;
use std::io::Cursor;
use std::ops::ControlFlow;

use super::super::{Kind, Limits, each_cell};
use super::filled;
use super::made::{Dice, Read, Trial, noise};

/// A database of many pages of each sort.
fn large(options: &str) -> Vec<u8> {
    let trial = Trial::new();
    filled(&trial.open(), "PRAGMA page_size = 512", options, 300);
    fs::read(trial.path()).expect("it is there")
}

#[test]
fn no_damage_stops_reading_or_multiplies_it() {
    let mut dice = Dice::new(1);
    for file in [large(""), large(" WITHOUT ROWID")] {
        for _ in 0..300 {
            let mut file = file.clone();
            for _ in 0..=dice.below(30) {
                // Half of the hits fall on the heads of pages, where they do most.
                let page = dice.below(file.len() / 512) * 512;
                let within = [40, 512][dice.below(2)];
                let at = page + dice.below(within);
                file[at] = dice.below(256) as u8;
            }
            file[..18].copy_from_slice(b"SQLite format 3\0\x02\x00");
            if dice.below(4) == 0 {
                file.truncate(dice.below(file.len()));
            }
            let mut read = 0;
            each_cell(&mut Cursor::new(&file), None, &Limits::default(), &mut |cell| {
                read += cell.bytes.len();
                ControlFlow::Continue(())
            });
            assert!(read <= 2 * file.len());
        }
    }
}

#[test]
fn noise_behind_the_magic_is_told() {
    for seed in 0..300 {
        let mut file = noise(seed, 5000);
        file[..18].copy_from_slice(b"SQLite format 3\0\x02\x00");
        let read = Read::bytes(&file, &noise(seed + 1000, 3000));
        assert!(!read.troubles.is_empty());
    }
    let short = Read::bytes(b"SQLite format 3\0", b"");
    assert_eq!(short.troubles.iter().map(|t| t.kind).collect::<Vec<_>>(), [Kind::Damaged]);
}

#[test]
fn a_database_encrypted_behind_its_head_is_told_as_such() {
    let mut file = large("");
    let length = file.len();
    file[32..].copy_from_slice(&noise(3, length - 32));
    let read = Read::bytes(&file, b"");
    assert!(read.cells.is_empty());
    assert_eq!(read.troubles.iter().map(|t| t.kind).collect::<Vec<_>>(), [Kind::Encrypted]);
}

#[test]
fn a_damaged_page_costs_its_own_rows_alone() {
    let file = large("");
    let all = Read::bytes(&file, b"").cells;
    let leaf = |page: &&[u8]| page[0] == 13 && page[512 - 9..].iter().any(|&byte| byte > 0);
    let at = file.chunks(512).skip(40).position(|page| leaf(&page)).expect("a leaf") + 40;
    let mut damaged = file.clone();
    damaged[at * 512] = 99;
    let read = Read::bytes(&damaged, b"");
    assert!(read.cells.len() < all.len() && read.cells.len() > all.len() - 20);
    assert!(read.cells.iter().all(|(name, found)| all.get(name) == Some(found)));
    let told = format!("a page is not one of a table: page {}", at + 1);
    assert_eq!(read.troubles.iter().map(|t| t.what.as_str()).collect::<Vec<_>>(), [told]);
}

#[test]
fn pages_in_a_circle_are_read_once() {
    let file = large("");
    let roots: Vec<usize> = (1..file.len() / 512).filter(|&n| file[n * 512] == 5).collect();
    for root in roots {
        let mut file = file.clone();
        let own = (root as u32 + 1).to_be_bytes();
        file[root * 512 + 8..][..4].copy_from_slice(&own);
        let told = Read::bytes(&file, b"").troubles;
        assert!(told.iter().any(|t| t.what.starts_with("a page is used twice")), "{told:?}");
    }
}

#[test]
fn rows_that_share_their_bytes_are_not_multiplied() {
    let trial = Trial::new();
    trial.run(
        "PRAGMA page_size = 65536; CREATE TABLE t(a BLOB); INSERT INTO t VALUES(zeroblob(30000));
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
         INSERT INTO t SELECT i FROM n",
    );
    let mut file = fs::read(trial.path()).expect("it is there");
    let (first, others) = file[65536 + 8..][..6000].split_at_mut(2);
    others.chunks_exact_mut(2).for_each(|place| place.copy_from_slice(first));
    let mut read = 0;
    let told = each_cell(&mut Cursor::new(&file), None, &Limits::default(), &mut |cell| {
        read += cell.bytes.len();
        ControlFlow::Continue(())
    });
    assert!((30_000..=65_536).contains(&read), "{read}");
    let told: Vec<String> = told.into_iter().map(|trouble| trouble.what).collect();
    assert_eq!(told, ["rows of a page overlap: page 2 (and 2997 more)"]);
}

#[test]
fn a_long_value_that_breaks_off_is_visited_up_to_there() {
    let trial = Trial::new();
    trial.run("CREATE TABLE t(a BLOB); INSERT INTO t VALUES(zeroblob(50000))");
    let mut file = fs::read(trial.path()).expect("it is there");
    file.truncate(file.len() - 4096);
    let read = Read::bytes(&file, b"");
    let length = read.cells["t/1/a"].0.len();
    assert!(length > 40_000 && length < 50_000);
    assert_eq!(read.troubles.iter().map(|t| t.kind).collect::<Vec<_>>(), [Kind::Damaged]);
}

#[test]
fn a_visitor_that_has_enough_is_left_alone() {
    let mut visits = 0;
    each_cell(&mut Cursor::new(large("")), None, &Limits::default(), &mut |_| {
        visits += 1;
        if visits == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(visits, 3);
}
