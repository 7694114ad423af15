//! Azure keys that carry their service's signature and a Marvin32 sum.

use crate::model::{Claim, Field};
use crate::rules::checks::marvin::marvin32;
use crate::rules::checks::{Check, Sample, Sighting, Verdict, b64, run};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "azure-identifiable",
    about: "signature of an Azure service and Marvin32 checksum, whose seed tells the permission",
    bits: 56,
    around: false,
    judge,
    seal,
};

/// A service that signs its keys.
struct Service {
    signature: &'static [u8; 4],
    name: &'static str,
    /// Characters of a key without padding.
    length: usize,
    /// What a key may do, and the seed of the sum that says so.
    seeds: &'static [(&'static str, &'static [u8; 8])],
}

const SERVICES: &[Service] = &[
    Service { signature: b"+ASt", name: "Storage", length: 86, seeds: &[("", b"Default0")] },
    Service { signature: b"+ABa", name: "Batch", length: 86, seeds: &[("", b"AbAcct00")] },
    Service {
        signature: b"+AMC",
        name: "Machine Learning (classic)",
        length: 86,
        seeds: &[("", b"Classic0")],
    },
    Service {
        signature: b"ACDb",
        name: "Cosmos DB",
        length: 86,
        seeds: &[("read-write", b"MastRW00"), ("read-only", b"MastRO00")],
    },
    Service {
        signature: b"APIM",
        name: "API Management",
        length: 86,
        seeds: &[
            ("tenant", b"Tenant00"),
            ("subscription", b"IoTHub00"),
            ("gateway", b"Gatewy00"),
            ("git", b"GitKey00"),
        ],
    },
    Service {
        signature: b"AzFu",
        name: "Functions",
        length: 54,
        seeds: &[("function", b"Functi00"), ("master", b"Master00"), ("system", b"System00")],
    },
    Service {
        signature: b"AzSe",
        name: "AI Search",
        length: 52,
        seeds: &[("admin", b"PAdmin00"), ("query", b"Query000")],
    },
    Service {
        signature: b"+ACR",
        name: "Container Registry",
        length: 52,
        seeds: &[("", b"ACRDflt0")],
    },
    Service {
        signature: b"AzCa",
        name: "Cache for Redis",
        length: 43,
        seeds: &[("", b"Access00")],
    },
    Service { signature: b"+ASb", name: "Service Bus", length: 43, seeds: BUS },
    Service { signature: b"+AEh", name: "Event Hubs", length: 43, seeds: BUS },
    Service { signature: b"+ARm", name: "Relay", length: 43, seeds: BUS },
    Service {
        signature: b"AIoT",
        name: "IoT Hub",
        length: 43,
        seeds: &[("hub", b"IoTHub00"), ("device", b"Device00"), ("provisioning", b"DpsKey00")],
    },
    Service { signature: b"AZEG", name: "Event Grid", length: 43, seeds: &[] },
];

const BUS: &[(&str, &[u8; 8])] =
    &[("send", b"Send0000"), ("listen", b"Listen00"), ("manage", b"Manage00")];

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let text = b64::unpadded(sighting.value);
    let Some((service, key)) = read(text) else {
        return Verdict::foreign("no Azure signature stands at its place");
    };
    if service.seeds.is_empty() {
        return Verdict::silent("no checksum is known for this service");
    }
    match service.seeds.iter().find(|(_, seed)| holds(service, text, &key, seed)) {
        Some((class, _)) => {
            let scope = [service.name, class].join(", ");
            let scope = scope.trim_end_matches(", ");
            Verdict::proven("checksum holds (Marvin32)").with([Claim::new(Field::Scope, scope)])
        }
        None => Verdict::broken("checksum fails (Marvin32)"),
    }
}

/// The service and the bytes of a key without padding.
fn read(text: &[u8]) -> Option<(&'static Service, Vec<u8>)> {
    let at = text.len().checked_sub(10)?;
    let signature = &text[at..at + 4];
    let fits = |s: &&Service| s.signature == signature && s.length == text.len();
    let service = SERVICES.iter().find(fits)?;
    Some((service, b64::decode(text)?))
}

fn holds(service: &Service, text: &[u8], key: &[u8], seed: &[u8; 8]) -> bool {
    let right = summed(key, seed);
    let tames = service.signature == b"AzCa";
    right == key || tames && tamed(b64::unpadded(&b64::standard(&right))) == tamed(text)
}

/// `key` with the sum it should end in.
fn summed(key: &[u8], seed: &[u8; 8]) -> Vec<u8> {
    let body = &key[..key.len().saturating_sub(4)];
    let sum = marvin32(u64::from_be_bytes(*seed), body);
    [body, &sum.to_le_bytes()].concat()
}

/// `text` as Redis keys are written: `P` and `F` for `+` and `/`, in the sum too.
fn tamed(text: &[u8]) -> Vec<u8> {
    let tame = |byte: &u8| match byte {
        b'+' => b'P',
        b'/' => b'F',
        other => *other,
    };
    text.iter().map(tame).collect()
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let place = run::longest(&sample.token, b64::is_char);
    let Some((service, key)) = read(&sample.token[place.clone()]) else { return };
    if service.seeds.is_empty() {
        return;
    }
    let (_, seed) = dice.pick(service.seeds);
    let key = summed(&key, seed);
    let url_safe = service.signature == b"AzFu";
    let text = if url_safe { b64::url(&key) } else { b64::standard(&key) };
    sample.token[place].copy_from_slice(b64::unpadded(&text));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{changed, claim, judge, seals, survives};

    const VECTORS: [([&str; 2], &str); 5] = [
        (
            [
                "X+8y/JT7WUNoPg9O+gkzJeA/2vd8TfofrjvSZZdakOJh",
                "bFQ+/QRsCJnWUwCPWaADbCdv9k7S72Hb+AStmxd3IQ==",
            ],
            "Storage",
        ),
        (["GrZfSeJ7fOjB7ZzLIM8gvCeN18eY", "LV3L6QMgJvYS-i9lAzFuD9F3UQ=="], "Functions, function"),
        (
            [
                "M/fYneQvbQuvgexgBW75Kw3M9r/SVhONqzsHPgoU/jre",
                "ou0T9n5JroPNGcecRQIuOCGdX1tDA8iNACDbjcR63A==",
            ],
            "Cosmos DB, read-write",
        ),
        (["uGAK6GlllMjrVvEaKdnGiB", "+tQpbnDN8dVAzCaFDFGMk="], "Cache for Redis"),
        (["fyM8RqdcykUhptNfcG3s/V", "9OG+1JMs8sT+ASbJoKJpo="], "Service Bus, listen"),
    ];

    #[test]
    fn vectors_hold_and_tell_the_permission() {
        for (pieces, scope) in VECTORS {
            let key = pieces.concat();
            let verdict = judge(&CHECK, &key);
            assert_eq!(verdict.state, State::Proven, "{scope}");
            assert_eq!(claim(&verdict, Field::Scope), Some(scope));
            assert_eq!(judge(&CHECK, changed(key.as_bytes(), 3)).state, State::Broken, "{scope}");
            survives(&CHECK, key.as_bytes());
        }
    }

    #[test]
    fn every_signed_service_can_be_made() {
        const PLAIN: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        for service in SERVICES.iter().filter(|s| !s.seeds.is_empty()) {
            let sealed = seals(&CHECK, |dice| {
                let pads = (4 - service.length % 4) % 4;
                let body = dice.text(PLAIN, service.length - 10);
                let tail = dice.text(PLAIN, 6);
                [&body, service.signature.as_slice(), &tail, &b"=="[..pads]].concat()
            });
            assert_eq!(judge(&CHECK, changed(&sealed, 5)).state, State::Broken, "{}", service.name);
        }
    }

    #[test]
    fn redis_writes_two_characters_otherwise() {
        let mut plain = Sample { token: b"k".repeat(33), ..Sample::default() };
        for seed in 0..50 {
            plain.token.truncate(33);
            plain.token.extend_from_slice(b"AzCaAAAAAA=");
            plain.token[0] = b'A' + seed % 26;
            plain.token[1] = b'a' + seed / 26;
            seal(&mut plain, &mut Dice::seeded(0));
            assert_eq!(judge(&CHECK, tamed(&plain.token)).state, State::Proven);
        }
    }

    #[test]
    fn without_a_signature_it_is_something_else() {
        assert_eq!(judge(&CHECK, "k".repeat(86) + "==").state, State::Foreign);
        assert_eq!(judge(&CHECK, "k".repeat(33) + "AZEG" + "kkkkkk=").state, State::Silent);
    }
}
