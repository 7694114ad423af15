//! Fly.io tokens: macaroons in MessagePack, several of which make a bundle.

use sha1::{Digest, Sha1};

use crate::model::{Claim, Field};
use crate::rules::checks::msgpack::{self, Value};
use crate::rules::checks::{Check, Sample, Sighting, Verdict, b64, identity, run, time};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "fly-macaroon",
    about: "every member parses as a macaroon with nonce, location, caveats and a tail of 32 bytes",
    bits: 0,
    around: false,
    judge,
    seal,
};

const MARK: &[u8] = b"fm2_";
/// The name space in which key ids are named, and key ids that in which nonces are.
const NONCES: [u8; 16] = 0x968f_c2c6_a94f_4988_a544_2ad7_2b02_f222_u128.to_be_bytes();

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let bundle = sighting.value.strip_prefix(b"FlyV1 ").unwrap_or(sighting.value);
    if !bundle.starts_with(MARK) {
        return Verdict::foreign("no Fly macaroon");
    }
    let members = bundle.split(|byte| *byte == b',').filter(|text| text.starts_with(MARK));
    match members.map(member).collect::<Option<Vec<_>>>() {
        Some(members) => Verdict::parsed("token parses as a Fly macaroon").with(told(members)),
        None => Verdict::broken("token does not parse as a Fly macaroon"),
    }
}

/// What the first member that names an organization tells, or else the first.
fn told(mut members: Vec<Vec<Claim>>) -> Vec<Claim> {
    let owned = |claims: &Vec<Claim>| claims.iter().any(|claim| claim.field == Field::Tenant);
    let at = members.iter().position(owned).unwrap_or(0);
    members.swap_remove(at)
}

fn member(text: &[u8]) -> Option<Vec<Claim>> {
    let bytes = b64::decode(text.strip_prefix(MARK)?)?;
    let root = msgpack::read(&bytes)?;
    let [nonce, location, caveats, tail] = root.list()? else { return None };
    let location = location.bytes().filter(|text| text.starts_with(b"https://"))?;
    let caveats = caveats.list().filter(|list| list.len() % 2 == 0)?;
    let id = nonce_id(nonce.list()?)?;
    (tail.bytes()?.len() == 32).then(|| {
        let mut claims = identity::claims([
            (Field::Issuer, identity::text(location)),
            (Field::KeyId, Some(id)),
            (Field::ExpiresAt, expiry(caveats)),
        ]);
        claims.extend(identity::claims([
            (Field::Tenant, organization(caveats)),
            (Field::Scope, apps(caveats)),
        ]));
        claims
    })
}

/// The name of a nonce: a UUID of version 5 under the one of its key.
fn nonce_id(nonce: &[Value<'_>]) -> Option<String> {
    let (key, random) = (nonce.first()?.bytes()?, nonce.get(1)?.bytes()?);
    (random.len() == 16).then(|| {
        let id = uuid5(uuid5(NONCES, key), random).map(|byte| format!("{byte:02x}")).concat();
        [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-")
    })
}

fn uuid5(space: [u8; 16], name: &[u8]) -> [u8; 16] {
    let digest = Sha1::new().chain_update(space).chain_update(name).finalize();
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    id[6] = id[6] & 0x0f | 0x50;
    id[8] = id[8] & 0x3f | 0x80;
    id
}

/// The bodies of the caveats of one type.
fn bodies<'a, 'b>(caveats: &'b [Value<'a>], kind: i64) -> impl Iterator<Item = &'b [Value<'a>]> {
    let pairs = caveats.chunks_exact(2);
    pairs.filter(move |pair| pair[0].number() == Some(kind)).filter_map(|pair| pair[1].list())
}

fn organization(caveats: &[Value<'_>]) -> Option<String> {
    let id = bodies(caveats, 0).find_map(|body| body.first()?.number())?;
    Some(format!("organization {id}"))
}

fn apps(caveats: &[Value<'_>]) -> Option<String> {
    let ids = bodies(caveats, 3).find_map(|body| match body.first()? {
        Value::Map(pairs) => Some(pairs.iter().filter_map(|(id, _)| id.number()).take(8)),
        _ => None,
    })?;
    let ids: Vec<String> = ids.map(|id| id.to_string()).collect();
    (!ids.is_empty()).then(|| format!("apps {}", ids.join(", ")))
}

/// The earliest end of all windows.
fn expiry(caveats: &[Value<'_>]) -> Option<String> {
    let ends = bodies(caveats, 4).filter_map(|body| body.get(1)?.number());
    time::rfc3339(ends.min()?)
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let lead: &[u8] = if sample.token.starts_with(b"FlyV1 ") { b"FlyV1 " } else { b"" };
    sample.token = run::as_long_as(&sample.token, |filler| {
        [lead, MARK, &b64::standard(&made(filler, dice))].concat()
    });
}

/// A macaroon of a made-up organization, with a key id of `filler` bytes.
fn made(filler: usize, dice: &mut Dice) -> Vec<u8> {
    const LOCATION: &[u8] = b"https://api.fly.io/v1";
    let key = dice.bytes(filler);
    let organization = dice.roll().to_be_bytes();
    [
        b"\x94\x93\xc5",
        (key.len() as u16).to_be_bytes().as_slice(),
        &key,
        b"\xc4\x10",
        &dice.bytes(16),
        b"\xc2",
        &[0xa0 | LOCATION.len() as u8],
        LOCATION,
        b"\x94\x00\x92\xce",
        &organization[..4],
        b"\x1f",
        b"\x04\x92\xce\x67\x74\x85\x80\xce\x69\x55\xb9\x00",
        b"\xc4\x20",
        &dice.bytes(32),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    #[test]
    fn a_made_one_tells_its_organization() {
        let sealed = seals(&CHECK, |dice| [MARK, &dice.text(b"abcd", 400)].concat());
        let verdict = judge(&CHECK, &sealed);
        assert!(claim(&verdict, Field::Tenant).is_some_and(|id| id.starts_with("organization ")));
        assert_eq!(claim(&verdict, Field::ExpiresAt), Some("2026-01-01T00:00:00Z"));
        assert_eq!(claim(&verdict, Field::KeyId).map(str::len), Some(36));
        survives(&CHECK, &sealed);
        assert_eq!(judge(&CHECK, &sealed[..sealed.len() - 8]).state, State::Broken);
    }

    #[test]
    fn bundles_are_read_to_their_end() {
        let mut dice = Dice::seeded(1);
        let one = [MARK, &b64::standard(&made(16, &mut dice))].concat();
        let bundle = [b"FlyV1 ".as_slice(), &one, b",", &one].concat();
        assert_eq!(judge(&CHECK, &bundle).state, State::Parsed);
        let broken = [&bundle, b",fm2_AAAA".as_slice()].concat();
        assert_eq!(judge(&CHECK, broken).state, State::Broken);
        assert_eq!(judge(&CHECK, "fo1_AAAA").state, State::Foreign);
    }

    #[test]
    fn apps_are_listed() {
        let caveats = [
            Value::Number(3),
            Value::List(vec![Value::Map(vec![
                (Value::Number(5), Value::Number(31)),
                (Value::Number(6), Value::Number(31)),
            ])]),
        ];
        assert_eq!(apps(&caveats).as_deref(), Some("apps 5, 6"));
    }

    #[test]
    fn names_are_those_of_the_standard() {
        let dns = 0x6ba7_b810_9dad_11d1_80b4_00c0_4fd4_30c8_u128.to_be_bytes();
        let name = u128::from_be_bytes(uuid5(dns, b"www.example.com"));
        assert_eq!(name, 0x2ed6_657d_e927_568b_95e1_2665_a8ae_a6a2);
    }
}
