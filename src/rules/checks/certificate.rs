//! Certificates (X.509), as much of them as says whose key it is that stands beside one.

use memchr::memmem;

use crate::model::{Claim, Field};
use crate::rules::checks::der::{self, OBJECT, SEQUENCE, element, row};
use crate::rules::checks::{Sighting, b64, identity, key, pem, time};

/// Tags of what is in a certificate and in no key.
const VERSION: u8 = 0xa0;
const SET: u8 = 0x31;
const SHORT_TIME: u8 = 0x17;
const LONG_TIME: u8 = 0x18;
/// Attributes of a name.
const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const ORGANIZATION: &[u8] = &[0x55, 4, 10];

/// Where a kubeconfig has the certificate of a key.
const NAME: &[u8] = b"client-certificate-data";

/// The user and groups that the cluster knows `sighting`'s key by, and when that ends: of the nearest
/// certificate in its file, if that is for the public half which `public` names.
pub(super) fn user(sighting: &Sighting<'_>, public: &[Claim]) -> Vec<Claim> {
    let certificate = beside(sighting).and_then(|der| read(&der));
    let ours = |(own, _): &(Claim, _)| public.contains(own);
    certificate.filter(ours).map(|(_, claims)| claims).unwrap_or_default()
}

/// The nearest certificate around the key, as bytes.
fn beside(sighting: &Sighting<'_>) -> Option<Vec<u8>> {
    let at = memmem::find(sighting.around, sighting.value)?;
    let places = memmem::find_iter(sighting.around, NAME);
    let nearest = places.min_by_key(|place| place.abs_diff(at))?;
    let rest = &sighting.around[nearest + NAME.len()..];
    let start = rest.iter().take(16).position(|byte| b64::is_char(*byte))?;
    let length = rest[start..].iter().take_while(|byte| b64::is_char(**byte)).count();
    let text = b64::decode(&rest[start..start + length])?;
    pem::read(&text).filter(|pem| pem.label == "CERTIFICATE").map(|pem| pem.bytes)
}

/// The claim that names the public half, and what else the certificate says.
fn read(der: &[u8]) -> Option<(Claim, Vec<Claim>)> {
    let certificate = element(der).filter(|element| element.tag == SEQUENCE)?;
    let mut rest = element(certificate.content).filter(|body| body.tag == SEQUENCE)?.content;
    if rest.first() == Some(&VERSION) {
        rest = element(rest)?.rest;
    }
    // Number, algorithm and issuer of the signature come before what is sought.
    for _ in 0..3 {
        rest = element(rest)?.rest;
    }
    let (validity, subject, info) = match row(rest, SEQUENCE)[..] {
        [validity, subject, info, ..] => (validity, subject, info),
        _ => return None,
    };
    let end = element(element(validity)?.rest)?;
    let groups = names(subject, ORGANIZATION).join(", ");
    let claims = identity::claims([
        (Field::Principal, names(subject, COMMON_NAME).into_iter().next()),
        (Field::Scope, identity::text(groups.as_bytes())),
        (Field::ExpiresAt, moment(end.tag, end.content)),
    ]);
    Some((key::public_claim(&der::write(SEQUENCE, info)), claims))
}

/// The values of one attribute of a name, of at most eight.
fn names(name: &[u8], attribute: &[u8]) -> Vec<String> {
    let value = |set: &[u8]| {
        let kind = element(element(set)?.content).filter(|kind| kind.tag == OBJECT)?;
        let value = element(kind.rest).filter(|_| kind.content == attribute)?;
        identity::text(value.content)
    };
    row(name, SET).into_iter().filter_map(value).take(8).collect()
}

/// A time as certificates write it; the short form has two digits for a year from 1950 on (RFC 5280).
fn moment(tag: u8, text: &[u8]) -> Option<String> {
    let text = str::from_utf8(text).ok()?;
    let whole = match (tag, text.as_bytes().first()?) {
        (LONG_TIME, _) => text.to_owned(),
        (SHORT_TIME, b'0'..b'5') => format!("20{text}"),
        (SHORT_TIME, _) => format!("19{text}"),
        _ => return None,
    };
    time::unix(&whole).and_then(time::rfc3339)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_time_are_read() {
        for (tag, text, time) in [
            (SHORT_TIME, "300102030405Z", Some("2030-01-02T03:04:05Z")),
            (SHORT_TIME, "991231235959Z", Some("1999-12-31T23:59:59Z")),
            (LONG_TIME, "20510102030405Z", Some("2051-01-02T03:04:05Z")),
            (SHORT_TIME, "", None),
            (LONG_TIME, "soon", None),
            (0, "300102030405Z", None),
        ] {
            assert_eq!(moment(tag, text.as_bytes()).as_deref(), time, "{text}");
        }
    }

    #[test]
    fn hostile_certificates_do_not_panic() {
        let name = der::write(SET, &der::write(SEQUENCE, &der::write(OBJECT, COMMON_NAME)));
        let parts = [[2, 1, 1].as_slice(), &[0x30, 0], &[0x30, 0]].concat();
        let rest = [name.as_slice(), &name, &name].map(|name| der::write(SEQUENCE, name)).concat();
        let body = der::write(SEQUENCE, &[parts, rest].concat());
        let whole = der::write(SEQUENCE, &body);
        for at in 0..whole.len() {
            read(&whole[..at]);
            for byte in [0, 5, 0x30, 0x31, 0x80, 0xa0, 0xff] {
                let mut changed = whole.clone();
                changed[at] = byte;
                read(&changed);
            }
        }
    }
}
