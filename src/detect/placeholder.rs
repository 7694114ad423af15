//! Stand-ins: values that somebody wrote in place of a credential, and samples known from documentation.

/// Words that people write into stand-ins. Each is so long that a random body hardly ever holds it.
const WORDS: [&[u8]; 30] = [
    b"example",
    b"sample",
    b"dummy",
    b"fake",
    b"redact",
    b"xxxx",
    b"changeme",
    b"change_me",
    b"change-me",
    b"your_",
    b"your-",
    b"yourt",
    b"yourk",
    b"yours",
    b"placeholder",
    b"replace",
    b"notreal",
    b"not-real",
    b"not_real",
    b"invalid",
    b"insert",
    b"foobar",
    b"foo-bar",
    b"lorem",
    b"password",
    b"secret",
    b"token",
    b"mykey",
    b"my-key",
    b"deadbeef",
];

/// Texts whose stretches people type when they need "some characters".
const ROWS: [&[u8]; 4] = [
    b"abcdefghijklmnopqrstuvwxyz",
    b"01234567890123456789",
    b"zyxwvutsrqponmlkjihgfedcba",
    b"qwertyuiopasdfghjklzxcvbnm",
];

/// How many characters of a row in a row betray a stand-in.
const ROW: usize = 7;

/// How values begin that tools and documentation give to everybody: the Azure storage emulator's key, the
/// Cosmos DB emulator's (both published by Microsoft), kubeadm's sample bootstrap tokens, Stripe's sample
/// test key, Datadog's sample API key.
const PUBLIC: [&[u8]; 6] = [
    b"Eby8vdM02xNOcqFlqUwJPLlm",
    b"C2y6yDjf5/R+ob0N8A7Cgv30",
    b"abcdef.0123456789",
    b"9a08jv.c0izixkl",
    b"4eC39HqLyjWD",
    b"9775a026f1ca7d1c",
];

/// Nobody makes up more than this; longer random text holds any short word by chance, …
const LONGEST: usize = 128;

/// … but in thousands of random characters not these.
const SHOUTED: [&[u8]; 2] = [b"EXAMPLE", b"PLACEHOLDER"];

/// Why `body`, the part of a credential behind its mark, looks made up; none if it does not.
pub fn reason(body: &[u8]) -> Option<&'static str> {
    if PUBLIC.iter().any(|public| body.starts_with(public)) {
        return Some("a sample that documentation or an emulator gives to everybody");
    }
    if body.len() > LONGEST {
        let shouted = SHOUTED.iter().any(|word| memchr::memmem::find(body, word).is_some());
        return shouted.then_some("holds the word EXAMPLE or PLACEHOLDER");
    }
    let lower = body.to_ascii_lowercase();
    if let Some(word) = WORDS.iter().find(|word| is_written(body, &lower, word)) {
        return Some(match *word {
            b"example" | b"sample" => "holds the word example or sample",
            b"xxxx" => "filled with x",
            _ => "holds a word that stand-ins hold",
        });
    }
    if repeats(&lower) {
        return Some("the same characters over and over");
    }
    let mut once = lower.clone();
    once.dedup();
    let typed = is_typed(&lower) || is_typed(&once);
    typed.then_some("holds a row of the alphabet, of digits or of the keyboard")
}

fn is_typed(lower: &[u8]) -> bool {
    let is_row = |part| ROWS.iter().any(|row| memchr::memmem::find(row, part).is_some());
    lower.windows(ROW).any(is_row)
}

/// Whether `word` stands in `body` in a case that people write: small, capital, or capitalised.
fn is_written(body: &[u8], lower: &[u8], word: &[u8]) -> bool {
    memchr::memmem::find_iter(lower, word).any(|at| {
        let (first, rest) = body[at..at + word.len()].split_at(1);
        let small = !rest.iter().any(u8::is_ascii_uppercase);
        let capital = !rest.iter().chain(first).any(u8::is_ascii_lowercase);
        small || capital
    })
}

/// Whether few different characters, one character in a row, or one short part make up the text.
fn repeats(text: &[u8]) -> bool {
    let mut seen = [false; 256];
    text.iter().for_each(|&b| seen[usize::from(b)] = true);
    let different = seen.iter().filter(|&&s| s).count();
    let few = text.len() >= 12 && different * 4 <= text.len().min(24);
    let in_a_row = text.chunk_by(|a, b| a == b).any(|same| same.len() >= 7);
    let period = |p: usize| text.len() >= p * 3 && text[p..] == text[..text.len() - p];
    few || in_a_row || (1..=10).any(period)
}

#[cfg(test)]
mod tests {
    use super::reason;
    use crate::rules::dice::Dice;

    #[test]
    fn of_a_long_body_only_words_in_capitals_tell() {
        let mut dice = Dice::seeded(12);
        let mut body =
            dice.text(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/", 900);
        assert_eq!(reason(&body), None);
        body[400..405].copy_from_slice(b"token");
        assert_eq!(reason(&body), None);
        body[500..507].copy_from_slice(b"EXAMPLE");
        assert!(reason(&body).is_some());
    }

    #[test]
    fn random_bodies_are_not_taken_for_stand_ins() {
        let mut dice = Dice::seeded(11);
        let wide = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let taken = (0..50_000)
            .filter(|n| {
                let alphabet = if n % 2 == 0 { &wide[..16] } else { &wide[..] };
                reason(&dice.text(alphabet, 36)).is_some()
            })
            .count();
        assert!(taken <= 5, "{taken} of 50,000");
    }

    #[test]
    fn what_people_type_is_seen() {
        for body in [
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "1234567890abcdefghijklmnopqrstuvwxyz",
            "abcabcabcabcabcabcabcabcabcabcabc",
            "YOUR_TOKEN_GOES_HERE_0123",
            "00000000000000000000000000000000",
            "a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2",
            "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY",
        ] {
            assert!(reason(body.as_bytes()).is_some(), "{body}");
        }
    }
}
