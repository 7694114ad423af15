//! Addresses of Supabase's databases: project, user, and where it listens.

use memchr::memmem;

use crate::model::Field;
use crate::rules::checks::{Check, Sample, Sighting, Verdict, identity};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "supabase-db-url",
    about: "reads as an address that names the project, the user and the host",
    bits: 0,
    around: true,
    judge,
    seal,
};

const REF: usize = 20;

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let Some((user, host)) = user_and_host(sighting.value) else {
        return Verdict::foreign("no address with user and host");
    };
    let by_user = user.strip_prefix("postgres.");
    let by_host = host.strip_prefix("db.").and_then(|host| host.strip_suffix(".supabase.co"));
    let project = by_user.or(by_host).filter(|project| is_ref(project));
    let tail = tail(sighting).unwrap_or_default();
    Verdict::parsed("reads as a database's address").with(identity::claims([
        (Field::Tenant, project.map(str::to_owned)),
        (Field::Principal, identity::text(user.as_bytes())),
        (Field::Endpoint, Some(format!("{host}{tail}"))),
    ]))
}

/// What stands before the password, and what behind it.
fn user_and_host(address: &[u8]) -> Option<(&str, &str)> {
    let (_, login) = str::from_utf8(address).ok()?.split_once("://")?;
    let (login, host) = login.rsplit_once('@')?;
    Some((login.split_once(':')?.0, host))
}

fn is_ref(text: &str) -> bool {
    text.len() == REF && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// `:port/database`, as far as it follows the address.
fn tail(sighting: &Sighting<'_>) -> Option<String> {
    let end = memmem::find(sighting.around, sighting.value)? + sighting.value.len();
    let rest = sighting.around.get(end..)?;
    let port = rest.strip_prefix(b":")?;
    let digits = port.iter().take(6).take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=5).contains(&digits) {
        return None;
    }
    let named = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
    let name = port[digits..].strip_prefix(b"/").unwrap_or_default();
    let name = name.iter().take(63).take_while(named).count();
    let length = 1 + digits + if name == 0 { 0 } else { 1 + name };
    identity::text(&rest[..length])
}

/// A sample of the format is as good as a sealed one.
const fn seal(_: &mut Sample, _: &mut Dice) {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{claim, judge as alone, survives};

    const PROJECT: &str = "abcdefghijklmnopqrst";

    #[test]
    fn both_forms_tell_project_user_and_place() {
        let direct =
            ["postgresql://postgres:", "hunter2hunter2ab", "@db.", PROJECT, ".supabase.co"];
        let pooled =
            ["postgres://postgres.", PROJECT, ":p@ss", "word", "@aws-0-eu.pooler.supabase.com"];
        for (address, user) in
            [(direct, "postgres".to_owned()), (pooled, format!("postgres.{PROJECT}"))]
        {
            let address = address.concat();
            let around = format!("u={address}:5432/postgres?x=1 v={address}");
            let (value, around) = (address.as_bytes(), around.as_bytes());
            let verdict = (CHECK.judge)(&Sighting { whole: value, value, around });
            assert_eq!(verdict.state, State::Parsed);
            assert_eq!(claim(&verdict, Field::Tenant), Some(PROJECT));
            assert_eq!(claim(&verdict, Field::Principal), Some(user.as_str()));
            let place = claim(&verdict, Field::Endpoint).expect("an endpoint");
            assert!(place.ends_with(":5432/postgres"), "{place}");
            survives(&CHECK, value);
        }
    }

    #[test]
    fn a_host_alone_will_do() {
        let verdict =
            alone(&CHECK, format!("postgres://postgres:{}@db.x.supabase.co", "k".repeat(16)));
        assert_eq!(claim(&verdict, Field::Endpoint), Some("db.x.supabase.co"));
        assert_eq!(claim(&verdict, Field::Tenant), None);
        assert_eq!(alone(&CHECK, "postgres://host").state, State::Foreign);
    }
}
