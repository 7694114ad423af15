//! Issuers that are known by what their JSON Web Tokens say.

use crate::model::{Claim, Field};
use crate::rules::checks::json;
use crate::rules::checks::jwt::{self, Jwt};
use crate::rules::checks::{Check, Sample, Sighting, State, Verdict, b64, identity};
use crate::rules::dice::Dice;

/// Supabase's legacy admin key.
pub(super) const SUPABASE: Check = Check {
    name: "jwt-supabase-service-role",
    about: "a JWT that grants Supabase's service role in a named project",
    bits: 0,
    around: false,
    judge: |sighting| recognise(sighting.value, supabase),
    seal: seal_supabase,
};

/// Kubernetes service accounts.
pub(super) const KUBERNETES: Check = Check {
    name: "jwt-kubernetes",
    about: "a JWT of a Kubernetes service account",
    bits: 0,
    around: false,
    judge: |sighting| recognise(sighting.value, kubernetes),
    seal: seal_kubernetes,
};

/// JFrog access tokens.
pub(super) const JFROG: Check = Check {
    name: "jwt-jfrog",
    about: "a JWT of a JFrog platform",
    bits: 0,
    around: false,
    judge: |sighting| recognise(sighting.value, jfrog),
    seal: seal_jfrog,
};

/// Auth0 management tokens.
pub(super) const AUTH0: Check = Check {
    name: "jwt-auth0-management",
    about: "a JWT of an Auth0 tenant for its management interface",
    bits: 0,
    around: false,
    judge: |sighting| recognise(sighting.value, auth0),
    seal: seal_auth0,
};

/// monday.com tokens.
pub(super) const MONDAY: Check = Check {
    name: "jwt-monday",
    about: "a JWT with monday.com's user, token and permission",
    bits: 0,
    around: false,
    judge: |sighting| recognise(sighting.value, monday),
    seal: seal_monday,
};

/// TeamCity access tokens.
pub(super) const TEAMCITY: Check = Check {
    name: "jwt-teamcity",
    about: "three segments of which the first is TeamCity's header",
    bits: 0,
    around: false,
    judge: judge_teamcity,
    seal: seal_teamcity,
};

/// Installation tokens of GitHub Apps in the form that wraps a JWT.
pub(super) const GITHUB_APP: Check = Check {
    name: "github-app-jwt",
    about: "the app's id, and a JWT that parses",
    bits: 0,
    around: false,
    judge: judge_github_app,
    seal: seal_github_app,
};

/// Job tokens of GitLab in the form that wraps a JWT.
pub(super) const GITLAB_JOB: Check = Check {
    name: "gitlab-job",
    about: "a JWT with the job, its instance and its end; the older form tells nothing",
    bits: 0,
    around: false,
    judge: judge_gitlab_job,
    seal: seal_gitlab_job,
};

const DIGITS: &[u8] = b"123456789";
const LOWER: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const RS256: &str = r#"{"alg":"RS256","typ":"JWT","kid":"made-up"}"#;
const HS256: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// Judges a JWT whose claims `owner` recognises by adding its own.
fn recognise(text: &[u8], owner: fn(&Jwt<'_>) -> Option<Vec<Claim>>) -> Verdict {
    let Some((jwt, claims)) = Jwt::read(text).and_then(|jwt| owner(&jwt).map(|c| (jwt, c))) else {
        return Verdict::foreign("not a JWT of this issuer");
    };
    let mut told = jwt.identity();
    told.retain(|claim| claims.iter().all(|own| own.field != claim.field));
    jwt.standing().with(claims).with(told)
}

fn supabase(jwt: &Jwt<'_>) -> Option<Vec<Claim>> {
    let admin =
        json::is(&jwt.claims, "iss", "supabase") && json::is(&jwt.claims, "role", "service_role");
    let project = json::text(&jwt.claims, "ref")?;
    let scope = Claim::new(Field::Scope, "service_role");
    admin.then(|| vec![Claim::new(Field::Tenant, project), scope])
}

fn kubernetes(jwt: &Jwt<'_>) -> Option<Vec<Claim>> {
    let subject = json::text(&jwt.claims, "sub")?;
    let (namespace, account) = subject.strip_prefix("system:serviceaccount:")?.split_once(':')?;
    let named = !namespace.is_empty() && !account.is_empty();
    // One without an end lies in a Secret, and ends with that.
    let secret = json::text(&jwt.claims, "kubernetes.io/serviceaccount/secret.name");
    let secret = secret.map(|name| Claim::new(Field::KeyId, format!("Secret/{name}")));
    named.then(|| {
        let account =
            [Claim::new(Field::Tenant, namespace), Claim::new(Field::Principal, subject.as_str())];
        account.into_iter().chain(secret).collect()
    })
}

fn jfrog(jwt: &Jwt<'_>) -> Option<Vec<Claim>> {
    let platform = |key| {
        let text = json::text(&jwt.claims, key)?;
        let platform = text.split('/').next()?;
        let known = platform.starts_with("jfac@") || platform.starts_with("jfrt@");
        known.then(|| platform.to_owned())
    };
    let platform = platform("iss").or_else(|| platform("sub"))?;
    Some(vec![Claim::new(Field::Tenant, platform)])
}

fn auth0(jwt: &Jwt<'_>) -> Option<Vec<Claim>> {
    let issuer = json::text(&jwt.claims, "iss")?;
    let host = issuer.strip_prefix("https://")?.split('/').next()?;
    let audience = json::texts(&jwt.claims, "aud")?;
    let manages = audience.split(' ').any(|aud| aud.ends_with("/api/v2/"));
    (manages && host.ends_with(".auth0.com")).then(|| vec![Claim::new(Field::Tenant, host)])
}

fn monday(jwt: &Jwt<'_>) -> Option<Vec<Claim>> {
    let claim = |key| json::text(&jwt.claims, key);
    let (user, token, permission) = (claim("uid")?, claim("tid")?, claim("per")?);
    Some(identity::claims([
        (Field::Tenant, claim("actid")),
        (Field::Principal, Some(user)),
        (Field::KeyId, Some(token)),
        (Field::Scope, Some(permission)),
        (Field::Endpoint, claim("rgn")),
    ]))
}

fn judge_teamcity(sighting: &Sighting<'_>) -> Verdict {
    let Some([header, body, tail]) = jwt::segments(sighting.value) else {
        return Verdict::foreign("not a TeamCity token");
    };
    let header = b64::decode(header).and_then(|bytes| json::object(&bytes));
    if !header.is_some_and(|header| json::is(&header, "typ", "TCV2")) {
        return Verdict::foreign("not a TeamCity token");
    }
    if (body.len(), tail.len()) == (36, 48) && [body, tail].iter().all(|t| b64::decode(t).is_some())
    {
        Verdict::parsed("parses as a TeamCity token")
    } else {
        Verdict::broken("TeamCity's header with segments of another length")
    }
}

fn judge_github_app(sighting: &Sighting<'_>) -> Verdict {
    let Some((app, jwt)) = github_app(sighting.value) else {
        return Verdict::foreign("no app id before a JWT");
    };
    let own = Claim::new(Field::Principal, app);
    let rest = jwt.identity().into_iter().filter(|claim| claim.field != Field::Principal);
    let verdict = jwt.standing();
    let note =
        if verdict.state == State::Parsed { "app id and JWT parse".into() } else { verdict.note };
    Verdict::new(verdict.state, note).with([own]).with(rest)
}

fn github_app(text: &[u8]) -> Option<(String, Jwt<'_>)> {
    let rest = text.strip_prefix(b"ghs_")?;
    let end = rest.iter().position(|byte| *byte == b'_')?;
    let app = &rest[..end];
    let number = (1..=20).contains(&app.len()) && app.iter().all(u8::is_ascii_digit);
    number.then_some(())?;
    Some((identity::text(app)?, Jwt::read(&rest[end + 1..])?))
}

fn judge_gitlab_job(sighting: &Sighting<'_>) -> Verdict {
    let Some(body) = sighting.value.strip_prefix(b"glcbt-") else {
        return Verdict::foreign("not a job token");
    };
    match Jwt::read(body) {
        Some(jwt) => jwt.standing().with(jwt.identity()),
        None => Verdict::silent("older form, which tells nothing"),
    }
}

fn seal_supabase(sample: &mut Sample, dice: &mut Dice) {
    let project = word(dice, LOWER, 20);
    let claims = format!(
        r#"{{"iss":"supabase","ref":"{project}","role":"service_role","iat":1735689600,"exp":2051265600}}"#
    );
    sample.token = jwt::made(HS256, &claims, 32, dice);
}

fn seal_kubernetes(sample: &mut Sample, dice: &mut Dice) {
    let name = word(dice, LOWER, 8);
    let claims = format!(
        r#"{{"iss":"kubernetes/serviceaccount","kubernetes.io/serviceaccount/namespace":"default","sub":"system:serviceaccount:default:{name}"}}"#
    );
    sample.token = jwt::made(RS256, &claims, 256, dice);
}

fn seal_jfrog(sample: &mut Sample, dice: &mut Dice) {
    let platform = word(dice, LOWER, 26);
    let claims = format!(
        r#"{{"sub":"jfac@{platform}/users/builder","scp":"applied-permissions/user","iss":"jfac@{platform}","iat":1735689600}}"#
    );
    sample.token = jwt::made(RS256, &claims, 256, dice);
}

fn seal_auth0(sample: &mut Sample, dice: &mut Dice) {
    let tenant = word(dice, LOWER, 12);
    let claims = format!(
        r#"{{"iss":"https://{tenant}.us.auth0.com/","sub":"{tenant}@clients","aud":"https://{tenant}.us.auth0.com/api/v2/","iat":1735689600,"exp":1735776000,"scope":"read:users"}}"#
    );
    sample.token = jwt::made(RS256, &claims, 256, dice);
}

fn seal_monday(sample: &mut Sample, dice: &mut Dice) {
    let [token, user, account] = [9, 8, 8].map(|length| word(dice, DIGITS, length));
    let claims = format!(
        r#"{{"tid":{token},"aai":11,"uid":{user},"iad":"2025-01-01T00:00:00.000Z","per":"me:write","actid":{account},"rgn":"use1"}}"#
    );
    sample.token = jwt::made(r#"{"alg":"HS256"}"#, &claims, 32, dice);
}

fn seal_teamcity(sample: &mut Sample, dice: &mut Dice) {
    let [body, tail] = [27, 36].map(|length| b64::url(&dice.text(LETTERS, length)));
    sample.token = [b64::url(br#"{"typ": "TCV2"}"#), body, tail].join(&b'.');
}

fn seal_github_app(sample: &mut Sample, dice: &mut Dice) {
    let app = word(dice, DIGITS, 7);
    let claims = format!(r#"{{"iss":"{app}","iat":1735689600,"exp":1735693200}}"#);
    let jwt = jwt::made(RS256, &claims, 256, dice);
    sample.token = [b"ghs_", app.as_bytes(), b"_", &jwt].concat();
}

fn seal_gitlab_job(sample: &mut Sample, dice: &mut Dice) {
    if !sample.token.contains(&b'.') {
        return;
    }
    let job = word(dice, DIGITS, 9);
    let claims = format!(
        r#"{{"iss":"https://gitlab.example","sub":"gid://gitlab/Ci::Build/{job}","iat":1735689600,"exp":1735693200}}"#
    );
    sample.token = [b"glcbt-".as_slice(), &jwt::made(RS256, &claims, 256, dice)].concat();
}

fn word(dice: &mut Dice, letters: &[u8], length: usize) -> String {
    (0..length).map(|_| char::from(*dice.pick(letters))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    const ALL: [&Check; 8] =
        [&SUPABASE, &KUBERNETES, &JFROG, &AUTH0, &MONDAY, &TEAMCITY, &GITHUB_APP, &GITLAB_JOB];

    #[test]
    fn each_knows_its_own_and_no_other() {
        for check in ALL {
            let own = seals(check, |dice| [b".", &dice.bytes(90)[..]].concat());
            for other in ALL.iter().filter(|other| other.name != check.name) {
                assert_eq!(judge(other, &own).state, State::Foreign, "{}", other.name);
            }
            survives(check, &own);
        }
    }

    #[test]
    fn each_tells_whose_it_is() {
        for (check, field) in [
            (&SUPABASE, Field::Tenant),
            (&KUBERNETES, Field::Principal),
            (&JFROG, Field::Tenant),
            (&AUTH0, Field::Tenant),
            (&MONDAY, Field::Principal),
            (&GITHUB_APP, Field::Principal),
            (&GITLAB_JOB, Field::ExpiresAt),
        ] {
            let own = seals(check, |_| b".".to_vec());
            let verdict = judge(check, &own);
            assert!(claim(&verdict, field).is_some(), "{}", check.name);
            let said = verdict.claims.iter().filter(|claim| claim.field == field).count();
            assert_eq!(said, 1, "{}", check.name);
        }
    }

    #[test]
    fn a_token_of_a_secret_names_it() {
        let claims = r#"{"iss":"kubernetes/serviceaccount","sub":"system:serviceaccount:shop:deploy",
            "kubernetes.io/serviceaccount/secret.name":"deploy-token-x1"}"#;
        let token = jwt::made(RS256, claims, 256, &mut Dice::seeded(1));
        let verdict = judge(&KUBERNETES, token);
        assert_eq!(claim(&verdict, Field::KeyId), Some("Secret/deploy-token-x1"));
    }

    #[test]
    fn the_default_stack_is_no_project() {
        let claims = r#"{"iss":"supabase-demo","role":"service_role","ref":"x"}"#;
        let token = jwt::made(HS256, claims, 32, &mut Dice::seeded(1));
        assert_eq!(judge(&SUPABASE, token).state, State::Foreign);
    }

    #[test]
    fn teamcity_without_its_lengths_is_broken() {
        let token = [b64::url(br#"{"typ": "TCV2"}"#), b"abcd".to_vec(), b"efgh".to_vec()];
        assert_eq!(judge(&TEAMCITY, token.join(&b'.')).state, State::Broken);
    }
}
