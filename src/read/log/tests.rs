//! What is left of logs, and where it leads back.

use super::{Log, Plain, kind, plain, step_at};

/// The plain text, each byte of which must lead back to itself (a line end may have been a return).
fn read(log: &str) -> Option<String> {
    let log = log.as_bytes();
    let made: Plain = plain(log)?;
    for (n, byte) in made.text.iter().enumerate() {
        let back = made.back(n..n + 1);
        assert!(
            back.len() == 1
                && (log[back.start] == *byte || *byte == b'\n' && log[back.start] == b'\r')
        );
    }
    assert!(made.back(0..made.text.len()).end <= log.len());
    Some(String::from_utf8_lossy(&made.text).into_owned())
}

const GITHUB: &str = "\u{FEFF}2026-01-02T03:04:05.1234567Z ##[group]Run \u{1B}[36;1mnpm test\u{1B}[0m\r\n\
    2026-01-02T03:04:05.1234567Z ##[endgroup]\r\n2026-01-02T03:04:06.1234567Z one\r10%\r20%\r\n\
    2026-01-02T03:04:06.1234567Z ##[group]Inner\r\n2026-01-02T03:04:06.1234567Z two\r\n";

#[test]
fn github_logs_lose_their_times_and_colours() {
    let expected =
        "##[group]Run npm test\r\n##[endgroup]\r\none\n10%\n20%\r\n##[group]Inner\r\ntwo\r\n";
    assert_eq!(read(GITHUB).as_deref(), Some(expected));
    assert_eq!(kind(GITHUB.as_bytes()), Some(Log::GitHub));
    let step = |word| step_at(GITHUB.as_bytes(), GITHUB.find(word).expect("it is there"));
    assert_eq!(step("one").as_deref(), Some("Run npm test"));
    assert_eq!(step("two").as_deref(), Some("Inner"));
    assert_eq!(step_at(GITHUB.as_bytes(), usize::MAX).as_deref(), Some("Inner"));
}

const GITLAB: &str = "2026-01-02T03:04:05.123456Z 00O \u{1B}[0Ksection_start:1700000000:build[collapsed=true]\r\u{1B}[0Kone se\n\
    2026-01-02T03:04:05.123457Z 01E err\n2026-01-02T03:04:05.123458Z 00O+cret\n\
    2026-01-02T03:04:05.123459Z 00O section_end:1700000001:build\r\u{1B}[0Ktwo\n";

#[test]
fn gitlab_logs_are_joined_again() {
    let expected = "one secret\nerr\ntwo\n";
    assert_eq!(read(GITLAB).as_deref(), Some(expected));
    assert_eq!(kind(GITLAB.as_bytes()), Some(Log::GitLab));
    let made = plain(GITLAB.as_bytes()).expect("it is a log");
    let back = made.back(4..10);
    assert!(GITLAB[back.clone()].starts_with("se\n") && GITLAB[back].ends_with("cret"));
    let step = |word| step_at(GITLAB.as_bytes(), GITLAB.find(word).expect("it is there"));
    assert_eq!((step("err").as_deref(), step("two")), (Some("build"), None));
}

#[test]
fn notes_of_other_systems_vanish() {
    let buildkite = "\u{1B}_bk;t=1700000000000\u{7}one \u{1B}]8;;x\u{1B}\\two\u{1B}(B\n";
    assert_eq!(
        (read(buildkite).as_deref(), kind(buildkite.as_bytes())),
        (Some("one two\n"), Some(Log::Buildkite))
    );
    let jenkins = "\u{1B}[8mha:////4AbC+/==\u{1B}[0mStarted\n[Pipeline] sh\n";
    assert_eq!(
        (read(jenkins).as_deref(), kind(jenkins.as_bytes())),
        (Some("Started\n[Pipeline] sh\n"), Some(Log::Jenkins))
    );
    let travis = "travis_fold:start:a\r\u{1B}[0Kone\n";
    assert_eq!(
        (read(travis).as_deref(), kind(travis.as_bytes())),
        (Some("one\n"), Some(Log::Travis))
    );
    let azure = "2026-01-02T03:04:05.1234567Z ##[section]Starting: Build\n";
    assert_eq!(kind(azure.as_bytes()), Some(Log::Azure));
    let docker = "2026-01-02T03:04:05.123456789Z a\n2026-01-02T03:04:05+01:00 b\n";
    assert_eq!(read(docker).as_deref(), Some("a\nb\n"));
}

#[test]
fn other_texts_are_left_alone() {
    let texts = [
        "",
        "fn main() {}\n",
        "\u{FEFF}a\r\nb\r\n",
        "2026-01-02T03:04:05Z a\nb\n",
        "echo \"##vso[a]b\"\n",
        "\u{1B}[0m\0",
    ];
    for text in texts {
        assert_eq!((read(text), kind(text.as_bytes())), (None, None), "{text:?}");
    }
}

#[test]
fn damaged_logs_are_borne() {
    for log in [
        GITHUB,
        GITLAB,
        "\u{1B}_bk;t=1\u{7}a\u{1B}]0;b\u{1B}\\\u{1B}[8mha:AA==\u{1B}[0m\u{1B}[1;31mc\u{1B}(",
    ] {
        for end in 0..log.len() {
            for start in [0, end / 2] {
                let part = &log.as_bytes()[start..end];
                if let Some(made) = plain(part) {
                    let back = made.back(0..usize::MAX);
                    assert!(back.start <= back.end && back.end <= part.len());
                    assert!(made.back(end..end).end <= part.len());
                }
                assert!(step_at(part, end).is_none_or(|name| name.len() <= 256));
            }
        }
    }
    let noise = "\u{1B}]".repeat(100_000) + &"##[group]".repeat(100_000);
    assert!(plain(noise.as_bytes()).is_some());
    assert_eq!(step_at(noise.as_bytes(), noise.len()), None);
}
