//! The private member of a JSON Web Key (RFC 7517), proven by the public members beside it.

use curve25519_dalek::MontgomeryPoint;
use memchr::memmem;
use sha2::{Digest, Sha256};

use crate::model::{Claim, Field};
use crate::rules::checks::der::{self, INTEGER};
use crate::rules::checks::key::{self, K256, Key, P256, P384, P521};
use crate::rules::checks::{Check, Sample, Sighting, Verdict, b64, identity, private_key};
use crate::rules::dice::Dice;

/// Verifies that the member belongs to the rest of its object. The match is the member `d` or `k`.
pub(super) const CHECK: Check = Check {
    name: "jwk-private",
    about: "the key's private member belongs to its public ones; the thumbprint is worked out",
    bits: 64,
    around: true,
    judge,
    seal,
};

/// Fewest bytes of a symmetric key.
const SHORTEST: usize = 16;

/// Thumbprints of the example keys of RFC 7517 (two) and RFC 8037.
const EXAMPLES: [&str; 3] = [
    "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",
    "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
    "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
];

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let Some(object) = object(sighting) else { return Verdict::foreign("no object around it") };
    let members = Members::of(object, sighting.whole.first().copied());
    let Some(private) = b64::decode(sighting.value) else { return Verdict::broken("not base64") };
    let kid = members.get("kid").and_then(identity::text).map(|kid| Claim::new(Field::KeyId, kid));
    match (members.get("kty"), sighting.whole.get(1)) {
        (Some(b"oct"), Some(b'k')) if private.len() >= SHORTEST => {
            Verdict::parsed("symmetric JSON Web Key")
        }
        (Some(b"RSA"), Some(b'd')) => weigh(rsa(&members, &private), members.print(&["e", "n"])),
        (Some(b"EC"), Some(b'd')) => weigh(ec(&members, &private), members.print(&["x", "y"])),
        (Some(b"OKP"), Some(b'd')) => weigh(okp(&members, &private), members.print(&["x"])),
        _ => Verdict::foreign("not of a JSON Web Key"),
    }
    .with(kid)
}

/// What to say of a key whose thumbprint is `print`.
fn weigh(key: Key, print: Option<String>) -> Verdict {
    let public = |info: Option<Vec<u8>>| info.map(|info| key::public_claim(&info));
    match key {
        Key::Consistent(_) if print.as_deref().is_some_and(|print| EXAMPLES.contains(&print)) => {
            Verdict::broken("the example key of a published standard")
        }
        Key::Consistent(info) => {
            let print =
                print.map(|print| Claim::new(Field::PublicKey, format!("jwk sha256 {print}")));
            Verdict::proven("key pair is consistent").with(print).with(public(info))
        }
        Key::Inconsistent => Verdict::broken("the key's parts do not fit together"),
        Key::Readable(info) => Verdict::parsed("private JSON Web Key").with(public(info)),
        Key::Encrypted | Key::Hardware => Verdict::silent("private JSON Web Key"),
    }
}

fn rsa(members: &Members<'_>, d: &[u8]) -> Key {
    let [n, e, p, q, dp, dq, qi] =
        ["n", "e", "p", "q", "dp", "dq", "qi"].map(|name| members.bytes(name));
    let (Some(n), Some(e), Some(p), Some(q)) = (n, e, p, q) else { return Key::Readable(None) };
    let shortcuts: Vec<_> = [&dp, &dq, &qi].into_iter().filter_map(Option::as_deref).collect();
    let numbers = [&[&[][..], &n, &e, d, &p, &q], &shortcuts[..]].concat();
    key::rsa(&numbers)
}

fn ec(members: &Members<'_>, d: &[u8]) -> Key {
    let curve = match members.get("crv") {
        Some(b"P-256") => P256,
        Some(b"P-384") => P384,
        Some(b"P-521") => P521,
        Some(b"secp256k1") => K256,
        _ => return Key::Readable(None),
    };
    let (x, y) = (members.bytes("x"), members.bytes("y"));
    let point =
        x.zip(y).map(|(x, y)| [&[4], &*key::fitted(&x, curve), &key::fitted(&y, curve)].concat());
    key::ec(curve, &key::fitted(d, curve), point.as_deref())
}

fn okp(members: &Members<'_>, d: &[u8]) -> Key {
    let (public, exact) = (members.bytes("x"), <[u8; 32]>::try_from(d).ok());
    match (members.get("crv"), exact, public) {
        (Some(b"Ed25519"), Some(seed), public) => key::ed25519(&seed, public.as_deref()),
        (Some(b"X25519"), Some(scalar), Some(public)) => {
            match MontgomeryPoint::mul_base_clamped(scalar).to_bytes()[..] == public {
                true => Key::Consistent(None),
                false => Key::Inconsistent,
            }
        }
        (Some(b"Ed25519" | b"X25519"), None, _) => Key::Inconsistent,
        _ => Key::Readable(None),
    }
}

/// The text from the brace that opens around the match to the one that closes, or to the end.
fn object<'a>(sighting: &Sighting<'a>) -> Option<&'a [u8]> {
    let around = sighting.around;
    let at = memmem::find(around, sighting.whole)?;
    let mut depth = 0;
    let open = around[..at].iter().rposition(|byte| leaves(*byte, b'}', b'{', &mut depth))?;
    let rest = &around[open + 1..];
    depth = 0;
    let close = rest.iter().position(|byte| leaves(*byte, b'{', b'}', &mut depth));
    Some(&rest[..close.unwrap_or(rest.len())])
}

/// Whether `byte` is the brace `out` of the object that one stands in.
const fn leaves(byte: u8, into: u8, out: u8, depth: &mut usize) -> bool {
    let here = *depth == 0 && byte == out;
    if byte == into {
        *depth += 1;
    } else if byte == out {
        *depth = depth.saturating_sub(1);
    }
    here
}

/// The texts of an object and their names.
struct Members<'a>(Vec<(&'a [u8], &'a [u8])>);

impl<'a> Members<'a> {
    /// Reads what stands in `quote`s, themselves behind backslashes or not.
    fn of(object: &'a [u8], quote: Option<u8>) -> Self {
        let plain = |part: &'a [u8]| part.strip_suffix(b"\\").unwrap_or(part);
        let parts: Vec<_> = object.split(|byte| Some(*byte) == quote).map(plain).collect();
        let members = parts.windows(4).step_by(2).filter(|part| part[2].contains(&b':'));
        Self(members.map(|part| (part[1], part[3])).collect())
    }

    fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.0.iter().find(|(other, _)| *other == name.as_bytes()).map(|(_, value)| *value)
    }

    fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        b64::decode(self.get(name)?)
    }

    /// The thumbprint (RFC 7638) over the type, the curve if there is one, and the members `names`,
    /// of which only `e` sorts before the type.
    fn print(&self, names: &[&str]) -> Option<String> {
        let mut needed: Vec<&str> = ["crv", "kty"].iter().chain(names).copied().collect();
        needed.retain(|name| *name != "crv" || self.get("crv").is_some());
        needed.sort_unstable();
        let member =
            |name| Some(format!("\"{name}\":\"{}\"", str::from_utf8(self.get(name)?).ok()?));
        let members: Vec<String> = needed.into_iter().map(member).collect::<Option<_>>()?;
        let digest = Sha256::digest(format!("{{{}}}", members.join(",")));
        String::from_utf8(b64::url(&digest)).ok()
    }
}

/// Builds a whole key around the sample, in the quotes that it has.
fn seal(sample: &mut Sample, dice: &mut Dice) {
    let quotes = |byte: u8| matches!(byte, b'"' | b'\'');
    let Some(end) = sample.token.iter().rposition(|byte| quotes(*byte)) else { return };
    let head = sample.token[..=end].to_vec();
    let mut quote = vec![head[end]];
    if head.contains(&b'\\') {
        quote.insert(0, b'\\');
    }
    let members = if head.get(1) == Some(&b'k') { symmetric(dice) } else { made(dice) };
    let written = members.iter().map(|(name, value)| match *name {
        "d" | "k" => [&quote[..quote.len() - 1], &head, value, &quote].concat(),
        _ => [&quote[..], name.as_bytes(), &quote, b":", &quote, value, &quote].concat(),
    });
    let written: Vec<_> = written.collect();
    sample.token = [b"{", &written.join(&b',')[..], b"}"].concat();
}

type Made = Vec<(&'static str, Vec<u8>)>;

fn symmetric(dice: &mut Dice) -> Made {
    vec![("kty", b"oct".to_vec()), ("k", b64::url(&dice.bytes(32)))]
}

/// The members of a made-up key pair.
fn made(dice: &mut Dice) -> Made {
    let curves = [("P-256", P256, 32), ("P-384", P384, 48), ("secp256k1", K256, 32)];
    match dice.below(3) {
        0 => made_rsa(dice),
        1 => {
            let seed = dice.bytes(32).try_into().expect("32 bytes were asked for");
            let public = ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key().to_bytes();
            let halves = [("d", b64::url(&seed)), ("x", b64::url(&public))];
            [("kty", b"OKP".to_vec()), ("crv", b"Ed25519".to_vec())]
                .into_iter()
                .chain(halves)
                .collect()
        }
        _ => {
            let (name, curve, size) = *dice.pick(&curves);
            let scalar = [&[1], &dice.bytes(size - 1)[..]].concat();
            let point = key::derive(curve, &scalar).unwrap_or_default();
            let (x, y) = point.get(1..).unwrap_or_default().split_at(point.len() / 2);
            let kind = [("kty", b"EC".to_vec()), ("crv", name.as_bytes().to_vec())];
            let values = [("x", x), ("d", &scalar), ("y", y)];
            kind.into_iter().chain(values.map(|(name, value)| (name, b64::url(value)))).collect()
        }
    }
}

fn made_rsa(dice: &mut Dice) -> Made {
    let key = private_key::rsa(dice);
    let numbers = der::element(&key).map(|whole| der::row(whole.content, INTEGER));
    let numbers = numbers.unwrap_or_default().into_iter().skip(1);
    let names = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];
    let unsigned = |bytes: &[u8]| b64::url(bytes.strip_prefix(&[0]).unwrap_or(bytes));
    let values = names.into_iter().zip(numbers.map(unsigned));
    [("kty", b"RSA".to_vec())].into_iter().chain(values).collect()
}

#[cfg(test)]
mod tests {
    use memchr::memmem;

    use super::CHECK;
    use crate::model::Field;
    use crate::rules::checks::key::{self, P521};
    use crate::rules::checks::trial::{claim, survives};
    use crate::rules::checks::{Sample, Sighting, State, Verdict, b64};
    use crate::rules::dice::Dice;

    /// Judges the first member `d` or `k` of `text`, as the rule's format cuts it out.
    fn judge(text: impl AsRef<[u8]>) -> Option<Verdict> {
        let text = text.as_ref();
        let quotes = |b: &u8| matches!(b, b'"' | b'\'');
        let is_start =
            |w: &[u8]| quotes(&w[0]) && b"dk".contains(&w[1]) && b"\"'\\".contains(&w[2]);
        let at = text.windows(3).position(is_start)?;
        let gap = text[at + 1..].iter().enumerate().filter(|(_, b)| quotes(b)).nth(1)?.0;
        let start = at + gap + 2;
        let size = text[start..].iter().take_while(|b| b64::is_char(**b)).count();
        let (whole, value) = (&text[at..start + size], &text[start..start + size]);
        Some((CHECK.judge)(&Sighting { whole, value, around: text }))
    }

    fn state(text: impl AsRef<[u8]>) -> State {
        judge(text).expect("a private member").state
    }

    fn url(bytes: &[u8]) -> String {
        String::from_utf8(b64::url(bytes)).expect("ASCII")
    }

    /// The key of the seed 00 01 … 1f.
    fn worked() -> String {
        let seed: Vec<u8> = (0..32).collect();
        let public = "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg";
        let d = url(&seed);
        format!(r#"{{"kty":"OKP","crv":"Ed25519","kid":"one","d":"{d}","x":"{public}"}}"#)
    }

    #[test]
    fn the_worked_thumbprint_holds() {
        let verdict = judge(worked()).expect("a private member");
        assert_eq!(verdict.state, State::Proven, "{}", verdict.note);
        let print = "jwk sha256 1IG2tMH7J2wbJZnOf8LJzQitKf7LMvoAElsuDMVM54Y";
        assert_eq!(claim(&verdict, Field::PublicKey), Some(print));
        assert_eq!(claim(&verdict, Field::KeyId), Some("one"));
        let info = "spki sha256 a050837d85070582ccf7394b0988847cc312cb88259b894899f6f239cf1791a5";
        assert!(verdict.claims.iter().any(|claim| claim.value == info));
    }

    #[test]
    fn it_is_found_in_every_writing() {
        let key = worked();
        for text in [
            key.replace("\":", "\": ").replace(',', ",\n  "),
            key.replace("\":", "\" : "),
            key.replace('"', "'"),
            key.replace('"', "\\\""),
            format!(r#"{{"keys":[{{"kty":"EC","x":"a"}},{key},{{"kty":"RSA"}}]}}"#),
            key.replace("\"kid\":\"one\"", r#""key_ops":["sign"],"ext":true,"oth":[{"r":"a"}]"#),
            key.trim_end_matches('}').to_owned(),
        ] {
            assert_eq!(state(&text), State::Proven, "{}", text.replace(&key, ""));
        }
    }

    #[test]
    fn what_does_not_fit_is_not_proven() {
        let key = worked();
        assert_eq!(state(key.replace("\"A6E", "\"A6F")), State::Broken);
        assert_eq!(state(key.replace("\"x\"", "\"z\"")), State::Parsed);
        assert_eq!(state(key.replace("Ed25519", "Ed448")), State::Parsed);
        assert_eq!(state(key.replace("Ed25519", "X25519")), State::Broken);
        for kind in ["EC", "RSA"] {
            assert_eq!(state(key.replace("OKP", kind)), State::Parsed);
        }
        assert_eq!(state(key.replace("OKP", "oct")), State::Foreign);
        assert_eq!(state(key.replace("kty", "typ")), State::Foreign);
        assert_eq!(state(key.trim_start_matches('{')), State::Foreign);
    }

    #[test]
    fn agreement_keys_and_long_curves_are_proven() {
        let scalar: [u8; 32] = std::array::from_fn(|n| n as u8);
        let public = curve25519_dalek::MontgomeryPoint::mul_base_clamped(scalar).to_bytes();
        let (d, x) = (url(&scalar), url(&public));
        let agreement = format!(r#"{{"d":"{d}","crv":"X25519","kty":"OKP","x":"{x}"}}"#);
        assert_eq!(state(&agreement), State::Proven);
        let scalar: Vec<u8> = (0..66).collect();
        let point = key::derive(P521, &scalar).expect("a scalar");
        let [d, x, y] = [&scalar, &point[1..67], &point[67..]].map(url);
        let long = format!(r#"{{"kty":"EC","crv":"P-521","d":"{d}","x":"{x}","y":"{y}"}}"#);
        assert_eq!(state(&long), State::Proven);
        assert_eq!(state(long.replace("\"d\":\"AAE", "\"d\":\"AAF")), State::Broken);
    }

    #[test]
    fn symmetric_keys_are_read_and_not_named() {
        let k = url(&(0..32).collect::<Vec<u8>>());
        let verdict = judge(format!(r#"{{"kty":"oct","k":"{k}"}}"#)).expect("a private member");
        assert_eq!(verdict.state, State::Parsed);
        assert!(verdict.claims.is_empty());
        assert_eq!(state(r#"{"kty":"oct","k":"c2hvcnQ"}"#), State::Foreign);
    }

    #[test]
    fn examples_of_the_standards_are_none() {
        let d = ["nWGxne_9WmC6hEr0kuwsx", "ERJxWl7MmkZcDusAxyuf2A"].concat();
        let seed = b64::decode(d.as_bytes()).and_then(|d| d.try_into().ok()).expect("32 bytes");
        let public = ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key().to_bytes();
        let x = url(&public);
        let edwards = format!(r#"{{"kty":"OKP","crv":"Ed25519","d":"{d}","x":"{x}"}}"#);
        assert_eq!(state(edwards), State::Broken);
        let d = ["870MB6gfuTJ4HtUnUvYMyJp", "r5eUZNP4Bk43bVdj3eAE"].concat();
        let x = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";
        let y = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM";
        let curve = format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}","d":"{d}"}}"#);
        let verdict = judge(curve).expect("a private member");
        assert_eq!(verdict.note, "the example key of a published standard");
    }

    #[test]
    fn sealed_samples_hold() {
        for head in ["\"d\":\"", "'d' : '", "\"d\\\": \\\"", "\"k\": \""] {
            for seed in 0..30 {
                let mut sample = Sample { token: head.as_bytes().to_vec(), ..Sample::default() };
                (CHECK.seal)(&mut sample, &mut Dice::seeded(seed));
                let verdict = judge(&sample.token).expect("a private member");
                let wanted = if head.contains('k') { State::Parsed } else { State::Proven };
                assert_eq!(verdict.state, wanted, "{head} {seed}: {}", verdict.note);
                assert!(memmem::find(&sample.token, head.as_bytes()).is_some());
            }
        }
    }

    #[test]
    fn hostile_keys_do_not_panic() {
        survives(&CHECK, worked().as_bytes());
        let mut sample = Sample { token: b"\"d\":\"".to_vec(), ..Sample::default() };
        for seed in 0..6 {
            let mut dice = Dice::seeded(seed);
            (CHECK.seal)(&mut sample, &mut dice);
            for at in (0..sample.token.len()).step_by(7) {
                let mut changed = sample.token.clone();
                changed[at] = *dice.pick(b"A0{}\"':\\\xff");
                judge(&changed);
                judge(&sample.token[..at]);
                judge(&sample.token[at..]);
            }
            sample.token = b"\"d\":\"".to_vec();
        }
    }
}
