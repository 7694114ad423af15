//! Keys of Azure storage accounts, and addresses that are signed with them (shared access signatures).

use std::ops::Range;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::model::{Claim, Field};
use crate::proofs::known::Known;
use crate::proofs::query::{Address, plain};
use crate::proofs::witness::{Verify, Witness};
use crate::rules::checks::b64;

/// The version from which a signature covers the encryption scope, and the one from which it covers the
/// kind of resource.
const SCOPED: &str = "2020-12-06";
const TYPED: &str = "2018-11-09";

/// Witnesses of an account key: addresses of storage.
pub(super) fn witnesses(at: usize, known: &Known<'_>) -> Vec<Witness> {
    let is_key = known.rule.starts_with("azure-") && known.value.len() == 88;
    let key = b64::decode(known.value).filter(|key| is_key && key.len() == 64);
    let witness = |key| {
        let text = "signs the address here (shared access signature holds)";
        Witness::proof(at, ".core.windows.net/", text).judged(Verify::Shared(key))
    };
    key.map(Zeroizing::new).map(witness).into_iter().collect()
}

/// The account whose address around `range` is signed with `key`.
pub(super) fn account(key: &[u8], text: &[u8], range: &Range<usize>) -> Option<Claim> {
    let address = Address::around(text, range)?;
    let signature = b64::decode(address.get("sig")?.as_bytes())?;
    let (account, service) = address.host.split_once('.')?;
    let signed = |plan: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length will do");
        mac.update(plan.as_bytes());
        mac.verify_slice(&signature).is_ok()
    };
    let whole = of_account(&address, account);
    let blob = service.starts_with("blob.").then(|| of_blob(&address, account)).flatten();
    let holds = [whole, blob].into_iter().flatten().any(|plan| signed(&plan));
    holds.then(|| Claim::new(Field::Tenant, account))
}

/// What the signature of an account covers.
fn of_account(address: &Address, account: &str) -> Option<String> {
    address.get("ss")?;
    let names = ["sp", "ss", "srt", "st", "se", "sip", "spr", "sv"];
    let mut lines = vec![account];
    lines.extend(names.map(|name| address.text(name)));
    if address.get("sv")? >= SCOPED {
        lines.push(address.text("ses"));
    }
    Some(lines.join("\n") + "\n")
}

/// What the signature of a blob or a container covers.
fn of_blob(address: &Address, account: &str) -> Option<String> {
    let (kind, version) = (address.get("sr")?, address.get("sv")?);
    let path = plain(&address.path)?;
    let place = match kind {
        "b" | "bs" | "bv" => path.as_str(),
        "c" => path.split('/').nth(1).map(|name| &path[..=name.len()])?,
        _ => return None,
    };
    let place = format!("/blob/{account}{place}");
    let mut lines: Vec<&str> = ["sp", "st", "se"].map(|name| address.text(name)).to_vec();
    lines.push(&place);
    lines.extend(["si", "sip", "spr", "sv"].map(|name| address.text(name)));
    if version >= TYPED {
        lines.extend([kind, address.get("snapshot").unwrap_or(address.text("versionid"))]);
    }
    if version >= SCOPED {
        lines.push(address.text("ses"));
    }
    lines.extend(["rscc", "rscd", "rsce", "rscl", "rsct"].map(|name| address.text(name)));
    Some(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::Sha256;

    use crate::model::{Claim, Field, Kind};
    use crate::proofs::query::escaped;
    use crate::proofs::trial::{found, known};
    use crate::rules::checks::b64;
    use crate::rules::dice::Dice;

    fn signed(key: &[u8], plan: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key");
        mac.update(plan.as_bytes());
        escaped(&String::from_utf8(b64::standard(&mac.finalize().into_bytes())).expect("ASCII"))
    }

    #[test]
    fn signatures_of_account_container_and_blob_hold() {
        let key = Dice::seeded(1).bytes(64);
        let value = b64::standard(&key);
        let all = [known("azure-storage-key", Kind::ApiKey, &value)];
        let other = b64::standard(&Dice::seeded(2).bytes(64));
        let end = "2030-01-01T00:00:00Z";
        let cases = [
            (
                "/?sv=2022-11-02&ss=b&srt=sco&sp=rwl&spr=https".to_owned(),
                format!("acme\nrwl\nb\nsco\n\n{end}\n\nhttps\n2022-11-02\n\n"),
            ),
            (
                "/?sv=2019-12-12&ss=b&srt=sco&sp=rwl&spr=https".to_owned(),
                format!("acme\nrwl\nb\nsco\n\n{end}\n\nhttps\n2019-12-12\n"),
            ),
            (
                "/box/a%20b.txt?sv=2022-11-02&sr=b&sp=r".to_owned(),
                format!("r\n\n{end}\n/blob/acme/box/a b.txt\n\n\n\n2022-11-02\nb\n\n\n\n\n\n\n"),
            ),
            (
                "/box/a.txt?sv=2019-02-02&sr=c&sp=r".to_owned(),
                format!("r\n\n{end}\n/blob/acme/box\n\n\n\n2019-02-02\nc\n\n\n\n\n\n"),
            ),
            (
                "/box/a.txt?sv=2017-07-29&sr=b&sp=r".to_owned(),
                format!("r\n\n{end}\n/blob/acme/box/a.txt\n\n\n\n2017-07-29\n\n\n\n\n"),
            ),
        ];
        for (place, plan) in cases {
            let head = format!("https://acme.blob.core.windows.net{place}&se={}", escaped(end));
            let text = format!("url: {head}&sig={}\n", signed(&key, &plan));
            let met = found(&all, &text);
            assert_eq!(met.len(), 1, "{place}");
            assert_eq!(met[0].claims, [Claim::new(Field::Tenant, "acme")]);
            assert!(found(&all, text.replace("sp=r", "sp=w")).is_empty(), "{place}");
            assert!(found(&all, text.replace("//acme", "//acne")).is_empty(), "{place}");
            let stranger = [known("azure-storage-key", Kind::ApiKey, &other)];
            assert!(found(&stranger, &text).is_empty());
        }
    }
}
