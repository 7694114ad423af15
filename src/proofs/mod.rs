//! What known credentials prove of each other, and of what stands publicly elsewhere. Offline arithmetic only.
//!
//! A [`Witness`] is text that, where it stands, proves something about a known credential: the caller looks
//! for its needle everywhere and lets [`Witness::confirm`] judge each hit. A [`Tie`] joins two known
//! credentials. Both are bounded: see [`MOST_WITNESSES`] and [`ties`].

mod account;
mod azure;
mod context;
mod github;
mod half;
mod jwt;
mod known;
mod macaroon;
mod md5;
mod named;
mod pair;
mod presigned;
mod query;
mod rsa;
mod ses;
mod signs;
mod supabase;
#[cfg(test)]
mod trial;
mod witness;

pub use known::Known;
pub use witness::{Found, Strength, Witness};

/// How many witnesses there are at most; further known credentials have none.
pub const MOST_WITNESSES: usize = 50_000;

/// Two known credentials of which one proves the other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tie {
    /// The one that proves: the signer, the secret. Its place among the known.
    pub a: usize,
    /// The one that is proven: the token, the derived password.
    pub b: usize,
    /// Half a sentence about `a`, in which `b` is "this …".
    pub text: &'static str,
}

/// What to look for, on behalf of all known credentials. Each needle is at least eight bytes long.
pub fn witnesses(all: &[Known<'_>]) -> Vec<Witness> {
    let makers: [fn(usize, &Known<'_>) -> Vec<Witness>; 8] = [
        pair::witnesses,
        named::witnesses,
        supabase::witnesses,
        github::witnesses,
        account::witnesses,
        ses::witnesses,
        presigned::witnesses,
        azure::witnesses,
    ];
    let made = all
        .iter()
        .enumerate()
        .flat_map(|(at, known)| makers.into_iter().flat_map(move |make| make(at, known)));
    made.take(MOST_WITNESSES).collect()
}

/// What known credentials prove of each other, in order, each tie once. Bounds: 200 tokens, each tried with
/// 2,000 secrets as they are and decoded from base64; 2,000 RSA signatures; 500 secret access keys, each in
/// 25 regions; 200 Supabase keys with 200 projects.
pub fn ties(all: &[Known<'_>]) -> Vec<Tie> {
    let mut ties: Vec<Tie> =
        [jwt::ties(all), ses::ties(all), supabase::ties(all), macaroon::ties(all)].concat();
    ties.sort_unstable();
    ties.dedup();
    ties
}
