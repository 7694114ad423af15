//! The owner's id in GitHub's fine-grained tokens, and the no-reply address that names the same user.

use std::ops::Range;

use crate::model::{Claim, Field};
use crate::proofs::known::Known;
use crate::proofs::witness::{Verify, Witness};
use crate::rules::checks::github_fine_grained::owner;

/// The longest login, and the most digits of an id.
const LOGIN: usize = 39;
const ID: usize = 10;

/// The witness of a token: no-reply addresses of its owner.
pub(super) fn witnesses(at: usize, known: &Known<'_>) -> Vec<Witness> {
    let text = "a no-reply address here names its owner";
    let make = |id| Witness::proof(at, "@users.noreply.github.com", text).judged(Verify::Owner(id));
    owner(known.value).map(make).into_iter().collect()
}

/// The login in the address that ends at `range`, if its id is `id`.
pub(super) fn login(id: u32, text: &[u8], range: &Range<usize>) -> Option<Claim> {
    let before = text.get(range.start.saturating_sub(LOGIN + 1 + ID + 1)..range.start)?;
    let plus = before.iter().rposition(|byte| *byte == b'+')?;
    let login = &before[plus + 1..];
    let digits = before[..plus].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let number: u32 = str::from_utf8(&before[plus - digits..plus]).ok()?.parse().ok()?;
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let is_login = (1..=LOGIN).contains(&login.len()) && login.iter().all(fits);
    (is_login && number == id).then(|| Claim::new(Field::Principal, String::from_utf8_lossy(login)))
}

#[cfg(test)]
mod tests {
    use crate::model::{Claim, Field, Kind};
    use crate::proofs::trial::{found, known};

    #[test]
    fn a_no_reply_address_names_the_login() {
        let parts = ["11AAEOMPY08fI2aPebwj9Q", "fq1JsxJuPxYQ4EF6Zmjy4ilmehNLbl9k6uhUo3H46oF"];
        let value = ["github_pat_", parts[0], "_", parts[1], "LXN4KIHQ", "jj8WP91s"].concat();
        let known = [known("github-fine-grained", Kind::PersonalAccessToken, value.as_bytes())];
        let mail = "Author: Mona <583231+octo-cat@users.noreply.github.com>";
        let met = found(&known, mail);
        assert_eq!(met.len(), 1);
        assert_eq!(met[0].claims, [Claim::new(Field::Principal, "octo-cat")]);
        for other in [
            mail.replace("583231", "583232"),
            mail.replace("583231", "1583231"),
            mail.replace("583231+", ""),
            mail.replace("octo-cat", ""),
            mail.replace("583231", &"9".repeat(60)),
        ] {
            assert!(found(&known, &other).is_empty(), "{other}");
        }
    }
}
