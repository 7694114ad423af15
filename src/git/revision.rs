//! What a user means by a revision: a name, an id or the beginning of one, and steps back from there.

use crate::git::commit;
use crate::git::entry::Kind;
use crate::git::layout::Layout;
use crate::git::refs;
use crate::git::store::Store;
use crate::model::ObjectId;

/// Fewest digits of an abbreviated id.
const SHORTEST: usize = 4;

/// How many tags of tags are followed.
const MOST_TAGS: usize = 64;

/// Why a revision is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing is called so.
    #[error("no such branch, tag or commit")]
    Unknown,
    /// Several ids begin so.
    #[error("several objects begin so")]
    Ambiguous,
    /// It leads to a file or folder, or to what is not there.
    #[error("leads to no commit that is there")]
    NoCommit,
}

/// The commit that `text` means: `main`, `v1.0`, `HEAD~3`, `1a2b3c4`, `main^2`.
pub fn commit(layout: &Layout, store: &Store, text: &str) -> Result<ObjectId, Refusal> {
    let steps_at = text.find(['~', '^']).unwrap_or(text.len());
    let (name, mut steps) = text.split_at(steps_at);
    let id = refs::find(layout, name).map_or_else(|| abbreviated(store, name), Ok)?;
    let mut id = peeled(store, id)?;
    while let Some(sign) = steps.chars().next() {
        steps = &steps[sign.len_utf8()..];
        if let Some(rest) = steps.strip_prefix("{commit}") {
            steps = rest;
            continue;
        }
        let digits = steps.len() - steps.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, rest) = steps.split_at(digits);
        let number = if number.is_empty() { 1 } else { number.parse().unwrap_or(usize::MAX) };
        steps = rest;
        id = match sign {
            '~' => (0..number).try_fold(id, |id, _| parent(store, &id, 1))?,
            '^' if number > 0 => parent(store, &id, number)?,
            '^' => id,
            _ => return Err(Refusal::Unknown),
        };
    }
    Ok(id)
}

/// The commit that `id` is or that the tag `id` is of.
pub fn peeled(store: &Store, id: ObjectId) -> Result<ObjectId, Refusal> {
    let mut id = id;
    for _ in 0..MOST_TAGS {
        match store.get(&id).ok().flatten() {
            Some((Kind::Commit, _)) => return Ok(id),
            Some((Kind::Tag, bytes)) => {
                let tag = commit::read_tag(&bytes, store.hash_len());
                id = tag.map_err(|_| Refusal::NoCommit)?.target;
            }
            _ => return Err(Refusal::NoCommit),
        }
    }
    Err(Refusal::NoCommit)
}

fn parent(store: &Store, id: &ObjectId, number: usize) -> Result<ObjectId, Refusal> {
    let (_, bytes) = store.get(id).ok().flatten().ok_or(Refusal::NoCommit)?;
    let commit = commit::read(&bytes, store.hash_len()).map_err(|_| Refusal::NoCommit)?;
    commit.parents.get(number - 1).copied().ok_or(Refusal::NoCommit)
}

fn abbreviated(store: &Store, text: &str) -> Result<ObjectId, Refusal> {
    if text.len() < SHORTEST || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Refusal::Unknown);
    }
    if let Some(id) = ObjectId::from_hex(text.as_bytes()) {
        return Ok(id);
    }
    let mut found = store.beginning_with(&text.to_ascii_lowercase());
    found.sort_unstable();
    found.dedup();
    match found[..] {
        [] => Err(Refusal::Unknown),
        [id] => Ok(id),
        _ => {
            let mut commits = found.iter().filter(|id| peeled(store, **id).is_ok());
            match (commits.next(), commits.next()) {
                (Some(id), None) => Ok(*id),
                _ => Err(Refusal::Ambiguous),
            }
        }
    }
}
