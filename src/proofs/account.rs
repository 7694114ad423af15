//! Accounts, bots and workspaces that a credential names and that are named elsewhere: links, no proofs.

use crate::model::Field;
use crate::proofs::known::Known;
use crate::proofs::witness::Witness;

/// Witnesses that the same account is spoken of.
pub(super) fn witnesses(at: usize, known: &Known<'_>) -> Vec<Witness> {
    let hint = |needle: String, text| Witness::proof(at, needle, text).hint();
    let digits = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mut all = Vec::new();
    if known.rule.starts_with("aws-") {
        for account in known.told(Field::Tenant).filter(digits).filter(|text| text.len() == 12) {
            all.push(hint(format!("{account}.dkr.ecr."), "a registry here is its account's"));
            all.push(hint(format!(":{account}:"), "a resource here is its account's"));
        }
    }
    if known.rule.starts_with("discord-") {
        for id in known.told(Field::Principal).filter(digits).filter(|id| id.len() >= 17) {
            all.push(hint(format!("client_id={id}"), "an invitation here is its bot's"));
        }
    }
    if known.rule.starts_with("slack-") {
        let is_team = |team: &&str| {
            let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
            team.starts_with('T') && (9..=12).contains(&team.len()) && team.bytes().all(fits)
        };
        for team in known.told(Field::Tenant).filter(is_team) {
            all.push(hint(team.to_owned(), "its workspace is named here"));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use crate::model::{Claim, Field, Kind};
    use crate::proofs::trial::{claims, known, said};
    use crate::proofs::{Known, Strength, witnesses};

    #[test]
    fn the_account_of_a_key_id_is_linked_and_no_more() {
        let claims = [Claim::new(Field::Tenant, "123456789012")];
        let known = known("aws-secret-access-key", Kind::ApiKey, b"");
        let known = Known { claims: &claims, ..known };
        assert!(witnesses(&[known]).iter().all(|one| one.strength == Strength::Hint));
        assert_eq!(said(&[known], "arn:aws:iam::123456789012:role/x").len(), 1);
        assert_eq!(said(&[known], "123456789012.dkr.ecr.eu-west-1.amazonaws.com").len(), 1);
        assert!(said(&[known], "arn:aws:iam::123456789013:role/x").is_empty());
        assert!(said(&[known], "9123456789012.dkr.ecr.eu-west-1").is_empty());
    }

    #[test]
    fn an_invitation_names_the_bot() {
        let id = "123456789012345678";
        let head = String::from_utf8(crate::rules::checks::b64::url(id.as_bytes())).expect("ASCII");
        let value = format!("{head}.AAAAAA.{}", "x".repeat(38));
        let claims = claims("discord-bot", value.as_bytes());
        let known = known("discord-bot-token", Kind::ApiKey, value.as_bytes());
        let known = Known { claims: &claims, ..known };
        let link = format!("https://discord.com/oauth2/authorize?client_id={id}&scope=bot");
        assert_eq!(said(&[known], &link).len(), 1);
        assert!(said(&[known], link.replace("678&", "6789&")).is_empty());
    }
}
