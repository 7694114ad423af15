//! The marks with which GitLab and Travis fold a log.

/// The length of the mark that `line` starts with; 0 if there is none.
pub(super) fn length(line: &[u8]) -> usize {
    let words: [&[u8]; 4] = [b"section_start:", b"section_end:", b"travis_fold:", b"travis_time:"];
    let Some(word) = words.iter().find(|word| line.starts_with(word)) else { return 0 };
    if word.starts_with(b"section") && !line.get(word.len()).is_some_and(u8::is_ascii_digit) {
        return 0;
    }
    match memchr::memchr2(b'\r', b'\x1B', line) {
        Some(end) if line[end] == b'\r' => end + 1,
        Some(end) => end,
        None => line.len(),
    }
}

/// Whether some line of `head` starts with a mark.
pub(super) fn starts_line(head: &[u8]) -> bool {
    let holds = |word: &[u8]| memchr::memmem::find(head, word).is_some();
    (holds(b"section_") || holds(b"travis_"))
        && head.split(|&b| b == b'\n').any(|line| length(line) > 0)
}

/// The name in a mark of GitLab, behind its word: `1700000000:name[collapsed=true]`.
pub(super) fn name(mark: &[u8]) -> Option<&[u8]> {
    let colon = memchr::memchr(b':', &mark[..mark.len().min(24)])?;
    let (time, name) = (&mark[..colon], &mark[colon + 1..]);
    let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
    let length = name.iter().take_while(is_part).count();
    (!time.is_empty() && time.iter().all(u8::is_ascii_digit) && length > 0).then(|| &name[..length])
}
