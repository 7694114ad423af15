//! Text that proves something about a known credential where it stands.

use std::ops::Range;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::model::Claim;
use crate::proofs::{azure, context, github, presigned, signs, supabase};

/// What to look for, and how to judge a hit.
pub struct Witness {
    /// The known credential that it speaks of, by its place among the known.
    pub known: usize,
    /// What to search for; wiped when dropped.
    pub needle: Zeroizing<Vec<u8>>,
    /// Whether the needle is itself a credential: it must not be shown, and a hit of it is one.
    pub secret: bool,
    /// How much a confirmed hit says.
    pub strength: Strength,
    pub(super) text: &'static str,
    pub(super) verify: Verify,
}

/// How much a confirmed hit says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// Arithmetic: the credential is certain.
    Proof,
    /// The same name stands there: a link, no more.
    Hint,
}

/// What a confirmed hit says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Half a sentence for the reasons, without values: `its certificate stands here`.
    pub text: &'static str,
    /// What it adds to the credential's identity.
    pub claims: Vec<Claim>,
}

/// How a hit is judged.
pub(super) enum Verify {
    /// No letter or digit may stand beside it.
    Word,
    /// It ends before this text, beside which no letter or digit stands.
    Before(Vec<u8>),
    /// All signs of a base64 stand around it, and not in a private key.
    Public { signs: Arc<[u8]>, start: usize, agreement: bool },
    /// All signs of a base64 stand around it.
    Signs { signs: Arc<[u8]>, start: usize },
    /// The ref beside it is the project of this Supabase key.
    Project(Zeroizing<Vec<u8>>),
    /// The no-reply address that it ends is this GitHub user's.
    Owner(u32),
    /// The address around it is signed with this secret access key.
    Presigned(Zeroizing<Vec<u8>>),
    /// The address around it is signed with this storage account key.
    Shared(Zeroizing<Vec<u8>>),
}

impl Witness {
    /// A proof by a needle that is no secret.
    pub(super) fn proof(known: usize, needle: impl Into<Vec<u8>>, text: &'static str) -> Self {
        let needle = Zeroizing::new(needle.into());
        let (strength, verify) = (Strength::Proof, Verify::Word);
        Self { known, needle, secret: false, strength, text, verify }
    }

    /// The same, judged by `verify`.
    pub(super) fn judged(self, verify: Verify) -> Self {
        Self { verify, ..self }
    }

    /// The same, but only a link.
    pub(super) fn hint(self) -> Self {
        Self { strength: Strength::Hint, ..self }
    }

    /// Whether the needle, met in `text` at `range`, says what it would; and what. Looks at most some
    /// kilobytes around the hit, in time linear in that.
    pub fn confirm(&self, text: &[u8], range: &Range<usize>) -> Option<Found> {
        text.get(range.clone()).filter(|hit| *hit == &self.needle[..])?;
        let plain = |holds: bool| holds.then(|| (self.text, Vec::new()));
        let (text, claims) = match &self.verify {
            Verify::Word => plain(is_word(text, range)),
            Verify::Before(behind) => {
                let whole = range.start..range.end + behind.len();
                let stands = text.get(range.end..whole.end) == Some(&behind[..]);
                plain(stands && is_word(text, &whole))
            }
            Verify::Signs { signs, start } => plain(signs::stand(signs, *start, text, range)),
            Verify::Public { signs, start, agreement } => {
                let stands = signs::stand(signs, *start, text, range);
                let said = stands.then(|| context::of(text, range, *agreement)).flatten();
                said.map(|said| (said.text, said.claims))
            }
            Verify::Project(key) => {
                supabase::project(key, text, range).map(|claim| (self.text, vec![claim]))
            }
            Verify::Owner(id) => {
                github::login(*id, text, range).map(|claim| (self.text, vec![claim]))
            }
            Verify::Presigned(secret) => plain(presigned::signs(secret, text, range)),
            Verify::Shared(key) => {
                azure::account(key, text, range).map(|claim| (self.text, vec![claim]))
            }
        }?;
        Some(Found { text, claims })
    }
}

/// Whether no letter or digit that stands at an edge of `range` goes on beyond it.
fn is_word(text: &[u8], range: &Range<usize>) -> bool {
    let is_inner = |at: Option<usize>| {
        let byte = at.and_then(|at| text.get(at));
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'_'))
    };
    let goes_on = |inside: Option<usize>, outside| is_inner(inside) && is_inner(outside);
    let last = range.end.checked_sub(1);
    !goes_on(Some(range.start), range.start.checked_sub(1)) && !goes_on(last, Some(range.end))
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use crate::model::Kind;
    use crate::proofs::trial::{armour, edwards, known};
    use crate::proofs::witnesses;
    use crate::rules::dice::Dice;

    #[test]
    fn any_text_and_range_is_judged() {
        let mut dice = Dice::seeded(9);
        let seed = dice.bytes(32);
        let pem = armour("PRIVATE KEY", &edwards(&seed), "\n");
        let id = "sb_secret_".to_owned() + "6s7tl3ioQ-jXWFnDP6Esa5_AAAAAAAA";
        let all = [
            known("pem", Kind::PrivateKey, pem.as_bytes()),
            known("supabase-secret", Kind::ApiKey, id.as_bytes()),
        ];
        for witness in witnesses(&all) {
            for _ in 0..50 {
                let (before, behind) = (dice.below(80), dice.below(80));
                let text = [
                    &dice.text(b"AZaz09+/= \n\\{}\"", before)[..],
                    &witness.needle,
                    &dice.text(b"AZaz09+/= \n\\{}\"", behind),
                ]
                .concat();
                let hit = before..before + witness.needle.len();
                witness.confirm(&text, &hit);
                for range in [hit.start..usize::MAX, 0..0, usize::MAX..usize::MAX] {
                    assert_eq!(witness.confirm(&text, &range), None);
                }
                let reversed = Range { start: hit.end, end: hit.start };
                assert_eq!(witness.confirm(&text, &reversed), None);
            }
        }
    }
}
