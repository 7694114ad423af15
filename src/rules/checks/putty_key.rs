//! PuTTY's private key files, versions 2 and 3: proven by their own MAC, named by their public half.

use hmac::{Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};
use sha2::Sha256;

use crate::model::{Claim, Field};
use crate::rules::checks::{Check, Sample, Verdict, b64, key, pem};
use crate::rules::dice::Dice;

/// A key file.
pub(super) const CHECK: Check = Check {
    name: "putty-key",
    about: "the MAC over the whole file holds, where no passphrase locks it",
    bits: 160,
    around: false,
    judge: |sighting| judge(sighting.value),
    seal,
};

const MARK: &[u8] = b"PuTTY-User-Key-File-";

/// The fields of a key file.
struct File {
    version: Version,
    algorithm: Vec<u8>,
    encryption: Vec<u8>,
    comment: Vec<u8>,
    public: Vec<u8>,
    private: Vec<u8>,
    mac: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    Two,
    Three,
}

fn judge(text: &[u8]) -> Verdict {
    // A comment may hold a backslash: the text is read as it stands first.
    let files: Vec<File> = [text, &pem::unescape(text)].into_iter().filter_map(read).collect();
    let Some(first) = files.first() else { return Verdict::broken("the file is no key") };
    if first.encryption != b"none" {
        return locked(first).with(claims(first));
    }
    match files.iter().find(|file| file.holds()) {
        Some(file) => Verdict::proven(file.note("the file's MAC holds")).with(claims(file)),
        None => Verdict::broken("the file's MAC does not hold: made up, redacted or damaged"),
    }
}

/// A file that a passphrase encrypts: its MAC cannot be checked without it.
fn locked(file: &File) -> Verdict {
    let blocks = !file.private.is_empty() && file.private.len().is_multiple_of(16);
    match file.encryption == b"aes256-cbc" && blocks {
        true => Verdict::parsed(file.note("private key, encrypted with a passphrase")),
        false => Verdict::broken("the file is no key"),
    }
}

fn claims(file: &File) -> impl Iterator<Item = Claim> {
    let comment = String::from_utf8_lossy(&file.comment).trim().to_owned();
    let comment = Some(comment).filter(|comment| !comment.is_empty());
    let comment = comment.map(|comment| Claim::new(Field::Principal, comment));
    let public = key::ssh_info(&file.public).map(|info| key::public_claim(&info));
    [key::ssh_claim(&file.public)].into_iter().chain(public).chain(comment)
}

/// Reads the first file in `text`, with whatever stands before its lines.
fn read(text: &[u8]) -> Option<File> {
    let begin = memchr::memmem::find(text, MARK)? + MARK.len();
    let lines = text[begin..].split(|b| matches!(b, b'\n' | b'\r')).map(trim_start);
    let mut lines = lines.filter(|line| !line.is_empty()).peekable();
    let first = lines.next()?;
    let version = match first.first()? {
        b'2' => Version::Two,
        b'3' => Version::Three,
        _ => return None,
    };
    let algorithm = field(&first[1..], b"")?.trim_ascii().to_vec();
    let encryption = field(lines.next()?, b"Encryption")?.trim_ascii().to_vec();
    let comment = field(lines.next()?, b"Comment")?.to_vec();
    let public = blob(lines.next()?, b"Public-Lines", &mut lines)?;
    while lines.next_if(|line| line.starts_with(b"Key-") || line.starts_with(b"Argon2-")).is_some()
    {
    }
    let private = blob(lines.next()?, b"Private-Lines", &mut lines)?;
    let mac = hex(field(lines.next()?, b"Private-MAC")?)?;
    let of_its_kind = key::text(&public)?.0 == algorithm && mac.len() == version.mac_size();
    of_its_kind.then_some(File { version, algorithm, encryption, comment, public, private, mac })
}

/// `line` without what quotes, indents or comments out a text of several lines.
fn trim_start(line: &[u8]) -> &[u8] {
    let marks = line.iter().take_while(|b| b" \t>#*|\"'".contains(b)).count();
    &line[marks..]
}

/// What stands behind `name` and its colon.
fn field<'l>(line: &'l [u8], name: &[u8]) -> Option<&'l [u8]> {
    let value = line.strip_prefix(name)?.strip_prefix(b":")?;
    Some(value.strip_prefix(b" ").unwrap_or(value))
}

/// The base64 in as many lines as the line `head` counts.
fn blob<'l>(
    head: &[u8],
    name: &[u8],
    lines: &mut impl Iterator<Item = &'l [u8]>,
) -> Option<Vec<u8>> {
    let count = std::str::from_utf8(field(head, name)?.trim_ascii_end()).ok()?.parse().ok()?;
    let base64: Vec<u8> = lines.take(count).flat_map(base64).copied().collect();
    b64::decode(&base64)
}

/// The base64 at the start of a line, without what quotes it.
fn base64(line: &[u8]) -> &[u8] {
    let end = line.iter().position(|b| !b64::is_char(*b) && *b != b'=');
    &line[..end.unwrap_or(line.len())]
}

fn hex(line: &[u8]) -> Option<Vec<u8>> {
    let digits = line.iter().take_while(|b| b.is_ascii_hexdigit()).count();
    let digit = |b: u8| char::from(b).to_digit(16).map(|digit| digit as u8);
    let pairs = line[..digits].chunks(2);
    pairs.map(|pair| Some(digit(pair[0])? << 4 | digit(*pair.get(1)?)?)).collect()
}

impl Version {
    const fn mac_size(self) -> usize {
        match self {
            Self::Two => 20,
            Self::Three => 32,
        }
    }
}

impl File {
    /// `text` with the algorithm, if it has a plain name.
    fn note(&self, text: &str) -> String {
        let plain = self.algorithm.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
        match plain && self.algorithm.len() <= 32 {
            true => format!("{text} ({})", String::from_utf8_lossy(&self.algorithm)),
            false => text.to_owned(),
        }
    }

    /// Whether the MAC is the one of a file without passphrase.
    fn holds(&self) -> bool {
        self.sealed(&self.comment) == self.mac || self.sealed(self.comment.trim_ascii()) == self.mac
    }

    /// The MAC of the file without passphrase, if `comment` is its comment.
    fn sealed(&self, comment: &[u8]) -> Vec<u8> {
        let parts = [&self.algorithm, &self.encryption, comment, &self.public, &self.private];
        let data: Vec<u8> = parts.into_iter().flat_map(string).collect();
        match self.version {
            Version::Two => {
                let key = Sha1::digest(b"putty-private-key-file-mac-key");
                let mac = Hmac::<Sha1>::new_from_slice(&key).expect("any length of key is allowed");
                mac.chain_update(data).finalize().into_bytes().to_vec()
            }
            Version::Three => {
                let mac =
                    Hmac::<Sha256>::new_from_slice(b"").expect("any length of key is allowed");
                mac.chain_update(data).finalize().into_bytes().to_vec()
            }
        }
    }

    /// The file as PuTTY writes it, but for its line ends.
    fn write(&self, feed: &str) -> Vec<u8> {
        let text = String::from_utf8_lossy;
        let blob = |bytes: &[u8]| {
            let base64 = b64::standard(bytes);
            let lines: Vec<_> = base64.chunks(64).map(text).collect();
            format!("{}{feed}{}", lines.len(), lines.join(feed))
        };
        let version = if self.version == Version::Two { 2 } else { 3 };
        let mac: String = self.mac.iter().map(|b| format!("{b:02x}")).collect();
        let lines = [
            format!("{}{version}: {}", text(MARK), text(&self.algorithm)),
            format!("Encryption: {}", text(&self.encryption)),
            format!("Comment: {}", text(&self.comment)),
            format!("Public-Lines: {}", blob(&self.public)),
            format!("Private-Lines: {}", blob(&self.private)),
            format!("Private-MAC: {mac}"),
        ];
        lines.join(feed).into_bytes()
    }
}

/// `bytes` behind their length, as SSH writes them.
fn string(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat()
}

/// Puts a fresh file in the sample's place, with escaped line ends: they fit wherever a key can stand.
fn seal(sample: &mut Sample, dice: &mut Dice) {
    sample.token = made_up(dice).write("\\n");
}

fn made_up(dice: &mut Dice) -> File {
    let seed: [u8; 32] = dice.bytes(32).try_into().expect("32 bytes were asked for");
    let public = ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key().to_bytes();
    let mut file = File {
        version: *dice.pick(&[Version::Two, Version::Three]),
        algorithm: b"ssh-ed25519".to_vec(),
        encryption: b"none".to_vec(),
        comment: b"sample@example".to_vec(),
        public: [string(b"ssh-ed25519"), string(&public)].concat(),
        private: string(&seed),
        mac: Vec::new(),
    };
    file.mac = file.sealed(&file.comment);
    file
}

#[cfg(test)]
mod tests {
    use super::{CHECK, made_up};
    use crate::model::Field;
    use crate::rules::checks::trial::{claim, judge, seals, survives};
    use crate::rules::checks::{State, Verdict};
    use crate::rules::dice::Dice;

    /// The lines of a file that PuTTY's own tool wrote; all four hold keys made for this test.
    type Written = [&'static [&'static str]; 4];

    const FILES: [(&str, Written); 4] = [
        (
            "SHA256:asw4F9+xYqMj3NHqb0R9pxbw3KfkHoygo2/opbHCRQg",
            [
                &["2: ssh-ed25519", "Encryption: none", "Comment: sample key, 2"],
                &["AAAAC3NzaC1lZDI1NTE5AAAAIOeaeyQ/NzBUV31y6aZnMb55BJv3Qt/JkovrShua", "JddS"],
                &["Private-Lines: 1", "AAAAIEX2Q8BVMgbPhD1rzkdr6XP/kRfs0WS7+HsTNvSIBAEn"],
                &["5704a7907215fd16b45e5923db47e0e58e3f5cf9"],
            ],
        ),
        (
            "SHA256:DUVZFHJz5cqu6jnrG5BfduCHwyldQMwMKOYu8I7xteE",
            [
                &["3: ssh-ed25519", "Encryption: none", "Comment: sample key, 3"],
                &["AAAAC3NzaC1lZDI1NTE5AAAAIMAUfOXWMt8G8s88YBnqeyJsYDRGpbEko797GtuE", "TBhL"],
                &["Private-Lines: 1", "AAAAIOY01yyQLKxqfZ7IQfEiIUTchl/8/vYozNQUbUEn7FRE"],
                &["8f9f87c329cf1348939147fb39be26803a894d528e18bc86630ae7d8e3894776"],
            ],
        ),
        (
            "SHA256:66PeQFepGz6oH9aaiFJF3vM20VAYmXtxTTEYuIvCneI",
            [
                &["2: ssh-ed25519", "Encryption: aes256-cbc", "Comment: locked"],
                &["AAAAC3NzaC1lZDI1NTE5AAAAIKasAqVwy8d0lrLADoR+7PAoBm7i48fSEEO8Wg62", "aokY"],
                &[
                    "Private-Lines: 1",
                    "xZuWnu8QttgdMwgBk+mBd9d0zQIJJUhG3hYYSl4wnFKeG3u2oj+8g2II/ZVwgij0",
                ],
                &["71d1ffd8b939f76c0ad391d34afa4c295a5df762"],
            ],
        ),
        (
            "SHA256:RT+y6vn55dHZVo2PcqLKmNKZEXNNgoBhu4fP14dgEyg",
            [
                &["3: ssh-ed25519", "Encryption: aes256-cbc", "Comment: locked"],
                &["AAAAC3NzaC1lZDI1NTE5AAAAINewuI1BMSRrEqKJOjOryJGO5vdOsbCvtvVwD/jO", "0kP8"],
                &[
                    "Key-Derivation: Argon2id",
                    "Argon2-Memory: 8192",
                    "Argon2-Passes: 5",
                    "Argon2-Parallelism: 1",
                    "Argon2-Salt: 75105a31cb5a934ffc00bb966eb7a42b",
                    "Private-Lines: 1",
                    "aTi0M92002pZpOGzb7oy8l0f7tzktwEoGmm1WeZtpuUhKpfYp6Xhpt8QruXaCnPu",
                ],
                &["0b78db63bb115af18219e755840d1eab253adb534aa228230775f90e6eddbaab"],
            ],
        ),
    ];

    fn file(written: &Written, feed: &str) -> String {
        let [head, public, private, mac] = written.map(|lines| lines.join(feed));
        let lines = [
            ["PuTTY-User-", "Key-File-", &head].concat(),
            "Public-Lines: 2".to_owned(),
            public,
            private,
            ["Private-", "MAC: ", &mac].concat(),
        ];
        lines.join(feed)
    }

    fn of(n: usize, feed: &str) -> (String, Verdict) {
        let text = file(&FILES[n].1, feed);
        let verdict = judge(&CHECK, &text);
        (text, verdict)
    }

    #[test]
    fn files_of_puttys_own_tool_hold() {
        for (n, (fingerprint, _)) in FILES.iter().enumerate() {
            for feed in ["\n", "\r\n", "\r", "\\n", "\\r\\n", "\n    ", "\\n\" +\n  \"", "\n# "] {
                let (_, verdict) = of(n, feed);
                let wanted = if n < 2 { State::Proven } else { State::Parsed };
                assert_eq!(verdict.state, wanted, "{n} {feed:?}: {}", verdict.note);
                assert_eq!(claim(&verdict, Field::KeyId), Some(*fingerprint), "{n} {feed:?}");
                assert!(verdict.note.contains("ssh-ed25519"));
                assert!(claim(&verdict, Field::PublicKey).is_some());
                let comment = ["sample key, 2", "sample key, 3", "locked", "locked"][n];
                assert_eq!(claim(&verdict, Field::Principal), Some(comment));
            }
        }
        assert!(of(2, "\n").1.note.contains("encrypted"));
    }

    #[test]
    fn a_comment_may_be_empty_or_hold_a_backslash() {
        for comment in ["", "c:\\new\\key", "\u{e4}", "two  words "] {
            let mut file = made_up(&mut Dice::seeded(3));
            file.comment = comment.as_bytes().to_vec();
            file.mac = file.sealed(&file.comment);
            assert_eq!(judge(&CHECK, file.write("\n")).state, State::Proven, "{comment:?}");
        }
    }

    #[test]
    fn no_changed_or_cut_file_is_proven() {
        for n in [0, 1] {
            let text = of(n, "\n").0.into_bytes();
            for at in 0..text.len() {
                let verdict = judge(&CHECK, &text[..at]);
                assert_eq!(verdict.state, State::Broken, "cut at {at}");
                let mut changed = text.clone();
                changed[at] = if changed[at] == b'7' { b'8' } else { b'7' };
                let verdict = judge(&CHECK, &changed);
                // Line ends and what a reader skips may change.
                let same = matches!(text[at], b'\n' | b' ');
                assert!(same || verdict.state != State::Proven, "{n}: changed at {at}");
            }
        }
        let (text, _) = of(2, "\n");
        for (from, to) in [("aes256-cbc", "rot13"), ("ij0", "i"), ("Lines: 1", "Lines: 99999999")] {
            assert_eq!(judge(&CHECK, text.replace(from, to)).state, State::Broken, "{to}");
        }
    }

    #[test]
    fn hostile_files_do_not_panic() {
        for n in 0..4 {
            survives(&CHECK, of(n, "\n").0.as_bytes());
        }
    }

    #[test]
    fn sealed_samples_hold() {
        seals(&CHECK, |_| Vec::new());
    }
}
