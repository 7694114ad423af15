//! Commits and annotated tags: who wrote what, when, and upon what.

use crate::git::Damage;
use crate::model::ObjectId;

/// A commit, as far as a scan needs it. Names and messages are bytes, for nothing says that they
/// are UTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit<'c> {
    /// The folder that it records.
    pub tree: ObjectId,
    /// The commits that it was made upon.
    pub parents: Vec<ObjectId>,
    /// Who wrote the change.
    pub author: Person<'c>,
    /// Who made the commit.
    pub committer: Person<'c>,
    /// What they say about it.
    pub message: &'c [u8],
}

/// An annotated tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag<'t> {
    /// The object that it names.
    pub target: ObjectId,
    /// What that object is: `commit` nearly always.
    pub kind: &'t [u8],
    /// Its own name.
    pub name: &'t [u8],
    /// Who made it.
    pub tagger: Person<'t>,
    /// What they say about it, with the signature if there is one.
    pub message: &'t [u8],
}

/// Who did something, and when. What is missing is empty or 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Person<'c> {
    /// The name.
    pub name: &'c [u8],
    /// The mail address.
    pub mail: &'c [u8],
    /// Seconds since 1970.
    pub time: i64,
    /// How many minutes the clock was ahead of UTC.
    pub zone: i32,
}

/// Reads a commit; headers that it does not know are passed over.
pub fn read(bytes: &[u8], hash_len: usize) -> Result<Commit<'_>, Damage> {
    let (headers, message) = halves(bytes);
    let (mut tree, mut parents) = (None, Vec::new());
    let (mut author, mut committer) = (None, None);
    for (key, value) in headers.filter_map(pair) {
        match key {
            b"tree" if tree.is_none() => tree = Some(id(value, hash_len)?),
            b"parent" => parents.push(id(value, hash_len)?),
            b"author" => _ = author.get_or_insert_with(|| person(value)),
            b"committer" => _ = committer.get_or_insert_with(|| person(value)),
            _ => {}
        }
    }
    let tree = tree.ok_or(Damage("the commit names no tree"))?;
    let (author, committer) = (author.unwrap_or_default(), committer.unwrap_or_default());
    Ok(Commit { tree, parents, author, committer, message })
}

/// Reads an annotated tag.
pub fn read_tag(bytes: &[u8], hash_len: usize) -> Result<Tag<'_>, Damage> {
    let (headers, message) = halves(bytes);
    let (mut target, mut tagger) = (None, None);
    let (mut kind, mut name) = (None, None);
    for (key, value) in headers.filter_map(pair) {
        match key {
            b"object" if target.is_none() => target = Some(id(value, hash_len)?),
            b"type" => _ = kind.get_or_insert(value),
            b"tag" => _ = name.get_or_insert(value),
            b"tagger" => _ = tagger.get_or_insert_with(|| person(value)),
            _ => {}
        }
    }
    let target = target.ok_or(Damage("the tag names no object"))?;
    let (kind, name) = (kind.unwrap_or_default(), name.unwrap_or_default());
    Ok(Tag { target, kind, name, tagger: tagger.unwrap_or_default(), message })
}

/// The lines before the first empty one, and all that comes after it.
fn halves(bytes: &[u8]) -> (impl Iterator<Item = &[u8]>, &[u8]) {
    let (head, message) = match memchr::memmem::find(bytes, b"\n\n") {
        _ if bytes.first() == Some(&b'\n') => (&bytes[..0], &bytes[1..]),
        Some(end) => (&bytes[..end], &bytes[end + 2..]),
        None => (bytes, &bytes[..0]),
    };
    (head.split(|b| *b == b'\n'), message)
}

/// A line's key and value. Lines that go on with a value begin with a space, and so have an empty
/// key.
fn pair(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = memchr::memchr(b' ', line)?;
    Some((&line[..space], &line[space + 1..]))
}

fn id(hex: &[u8], hash_len: usize) -> Result<ObjectId, Damage> {
    let id = ObjectId::from_hex(hex.trim_ascii_end());
    id.filter(|id| id.as_bytes().len() == hash_len).ok_or(Damage("a header holds no id"))
}

/// `Name <mail> seconds zone`; the time comes after the last bracket, for a name may hold some too.
fn person(line: &[u8]) -> Person<'_> {
    let Some(open) = memchr::memchr(b'<', line) else {
        return Person { name: line.trim_ascii(), ..Person::default() };
    };
    let (name, rest) = (line[..open].trim_ascii(), &line[open + 1..]);
    let mail = &rest[..memchr::memchr(b'>', rest).unwrap_or(rest.len())];
    let after = memchr::memrchr(b'>', rest).map_or(&rest[..0], |close| &rest[close + 1..]);
    let mut words = after.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let time = words.next().and_then(seconds).unwrap_or(0);
    let zone = words.next().and_then(minutes).unwrap_or(0);
    Person { name, mail: mail.trim_ascii(), time, zone }
}

fn seconds(word: &[u8]) -> Option<i64> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

/// The minutes of `+0530`.
fn minutes(word: &[u8]) -> Option<i32> {
    let [sign @ (b'+' | b'-'), digits @ ..] = word else { return None };
    let digits: &[u8; 4] = digits.try_into().ok()?;
    digits.iter().all(u8::is_ascii_digit).then_some(())?;
    let two = |tens: u8, ones: u8| i32::from(tens - b'0') * 10 + i32::from(ones - b'0');
    let (hours, minutes) = (two(digits[0], digits[1]), two(digits[2], digits[3]));
    let ahead = (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)?;
    Some(if *sign == b'-' { -ahead } else { ahead })
}

#[cfg(test)]
mod tests {
    use super::super::noise::Noise;
    use super::{Person, person, read, read_tag};
    use crate::model::ObjectId;

    const PLAIN: &str = "tree 1111111111111111111111111111111111111111\n\
        parent 2222222222222222222222222222222222222222\n\
        parent 3333333333333333333333333333333333333333\n\
        author A. Person <a@example.org> 1700000000 +0530\n\
        committer <c@example.org> 1700000001 -0100\n\
        encoding ISO-8859-1\n\
        mergetag object 4444444444444444444444444444444444444444\n\
        \x20type commit\n\
        \x20\n\
        \x20parent 5555555555555555555555555555555555555555\n\
        gpgsig -----BEGIN PGP SIGNATURE-----\n\
        \x20\n\
        \x20abc\n\
        \x20-----END PGP SIGNATURE-----\n\
        \n\
        A subject\n\
        \n\
        parent of all\n";

    fn id(digit: char) -> ObjectId {
        let hex: String = std::iter::repeat_n(digit, 40).collect();
        ObjectId::from_hex(hex.as_bytes()).expect("an id")
    }

    #[test]
    fn a_commit_is_read_with_all_its_headers() {
        let commit = read(PLAIN.as_bytes(), 20).expect("a commit");
        assert_eq!((commit.tree, commit.parents), (id('1'), vec![id('2'), id('3')]));
        let [name, mail]: [&[u8]; 2] = [b"A. Person", b"a@example.org"];
        assert_eq!(commit.author, Person { name, mail, time: 1_700_000_000, zone: 330 });
        assert_eq!((commit.committer.name, commit.committer.zone), (&b""[..], -60));
        assert_eq!(commit.message, b"A subject\n\nparent of all\n");
    }

    #[test]
    fn a_commit_needs_ids_and_little_else() {
        assert!(read(PLAIN.as_bytes(), 32).is_err());
        assert!(read(b"", 20).is_err());
        assert!(read(b"\ntree 1111111111111111111111111111111111111111\n", 20).is_err());
        assert!(read(PLAIN.replace("parent 2", "parent x").as_bytes(), 20).is_err());
        let bare = read(&PLAIN.as_bytes()[..45], 20).expect("a tree is enough");
        assert_eq!((bare.author, bare.message), (Person::default(), &b""[..]));
    }

    #[test]
    fn odd_people_are_read_as_far_as_they_go() {
        let time =
            |line: &'static str| (person(line.as_bytes()).time, person(line.as_bytes()).zone);
        assert_eq!(time("A <a> b> 12 +0100"), (12, 60));
        assert_eq!(time("A <a> never"), (0, 0));
        assert_eq!(time("A <a> -5 +2460"), (-5, 0));
        assert_eq!(time("A <a> 99999999999999999999 +01"), (0, 0));
        assert_eq!(person(b"nobody").name, b"nobody");
        assert_eq!(person(b"A <a").mail, b"a");
    }

    #[test]
    fn a_tag_is_read() {
        let text = "object 1111111111111111111111111111111111111111\ntype commit\ntag v1\n\
            tagger T <t> 9 +0000\n\nFirst\n";
        let tag = read_tag(text.as_bytes(), 20).expect("a tag");
        assert_eq!((tag.target, tag.kind, tag.name), (id('1'), &b"commit"[..], &b"v1"[..]));
        assert_eq!((tag.tagger.time, tag.message), (9, &b"First\n"[..]));
        assert!(read_tag(PLAIN.as_bytes(), 20).is_err());
    }

    #[test]
    fn noise_is_borne() {
        let mut noise = Noise::new(3);
        for _ in 0..3000 {
            let spoilt = noise.spoil(PLAIN.as_bytes());
            _ = read(&spoilt, 20);
            _ = read_tag(&spoilt, 20);
            _ = person(&noise.bytes_of(b"<> +-019\xffa", 30));
        }
    }
}
