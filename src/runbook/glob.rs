//! Matches a row of things against a pattern in which stars stand for any number of them.

/// Whether `pattern` fits the whole of `text`. Time is the product of the lengths at most.
pub(super) fn fits<P, T>(
    pattern: &[P],
    text: &[T],
    star: impl Fn(&P) -> bool,
    one: impl Fn(&P, &T) -> bool,
) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while let Some(thing) = text.get(t) {
        match pattern.get(p) {
            Some(part) if star(part) => {
                back = Some((p + 1, t));
                p += 1;
            }
            Some(part) if one(part, thing) => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((after, from)) = back else { return false };
                back = Some((after, from + 1));
                (p, t) = (after, from + 1);
            }
        }
    }
    pattern.iter().skip(p).all(star)
}
