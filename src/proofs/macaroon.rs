//! Macaroons of one root: copies to which caveats were added.

use std::collections::HashMap;

use crate::model::Field;
use crate::proofs::Tie;
use crate::proofs::known::Known;

/// Macaroons of the same issuer and identifier that differ; each is tied to the shortest.
pub(super) fn ties(all: &[Known<'_>]) -> Vec<Tie> {
    let mut roots: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    for (at, known) in all.iter().enumerate() {
        let one = |field| known.told(field).next();
        let is_macaroon = known.rule.starts_with("pypi-") || known.rule.starts_with("fly-");
        if let (true, Some(issuer), Some(id)) = (is_macaroon, one(Field::Issuer), one(Field::KeyId))
        {
            roots.entry((issuer, id)).or_default().push(at);
        }
    }
    roots.into_values().flat_map(|same| of_root(all, &same)).collect()
}

fn of_root(all: &[Known<'_>], same: &[usize]) -> Vec<Tie> {
    let size = |at: &usize| all.get(*at).map_or(0, |known| known.value.len());
    let Some(first) = same.iter().copied().min_by_key(|at| (size(at), *at)) else {
        return Vec::new();
    };
    let differs = |b: &usize| all[*b].value != all[first].value;
    let others = same.iter().copied().filter(differs);
    others.map(|b| Tie { a: first, b, text: "this macaroon is of the same root" }).collect()
}

#[cfg(test)]
mod tests {
    use crate::model::{Claim, Field, Kind};
    use crate::proofs::trial::known;
    use crate::proofs::{Known, ties};

    #[test]
    fn copies_of_one_root_are_tied() {
        let of = |id: &str| [Claim::new(Field::Issuer, "index"), Claim::new(Field::KeyId, id)];
        let (one, two) = (of("one"), of("two"));
        let token =
            |value, claims| Known { claims, ..known("pypi-token", Kind::RegistryToken, value) };
        let all = [
            token(b"longer value", &one),
            token(b"short", &one),
            token(b"short", &one),
            token(b"other value", &two),
        ];
        let ties: Vec<_> = ties(&all).iter().map(|tie| (tie.a, tie.b)).collect();
        assert_eq!(ties, [(1, 0)]);
    }
}
