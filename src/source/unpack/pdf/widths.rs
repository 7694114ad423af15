//! How wide the characters of a font are, which tells where a gap lies.

use super::value::Value;

/// The most characters of one font.
const MOST: usize = 70_000;

/// How wide the characters of a font are, in thousandths of its size.
pub(super) struct Widths {
    /// From one code to another, in order.
    of: Vec<(u32, u32, f64)>,
    /// Those of all others.
    other: f64,
}

/// A part of a list of widths.
pub(super) enum Part {
    One(f64),
    Several(Vec<f64>),
}

/// The widths that `list` holds, if it is a list of numbers.
pub(super) fn parts(list: &Value<'_>) -> Option<Vec<Part>> {
    let Value::Array(items) = list else { return None };
    let number = |value: &Value<'_>| match value {
        Value::Number(number) => Some(*number),
        _ => None,
    };
    let part = |value: &Value<'_>| match value {
        Value::Array(items) => Some(Part::Several(items.iter().map_while(number).collect())),
        value => number(value).map(Part::One),
    };
    items.iter().map(part).collect()
}

impl Widths {
    /// Those of a font whose first code is `first`.
    pub(super) fn simple(first: u32, parts: &[Part]) -> Self {
        let width = |part: &Part| if let Part::One(width) = part { *width } else { 0.0 };
        let codes = (0..256).map(|n| first.saturating_add(n));
        let of = codes.zip(parts).map(|(code, part)| (code, code, width(part))).collect();
        Self { of, other: 500.0 }
    }

    /// Those of a font of many characters.
    pub(super) fn wide(parts: &[Part], other: f64) -> Self {
        let mut of = Vec::new();
        let mut rest = parts;
        while of.len() < MOST {
            let code = |number: f64| number as u32;
            match rest {
                [Part::One(first), Part::Several(widths), after @ ..] => {
                    let each = widths.iter().zip(0..);
                    let code = |n| code(*first).saturating_add(n);
                    of.extend(each.map(|(width, n)| (code(n), code(n), *width)));
                    rest = after;
                }
                [Part::One(first), Part::One(last), Part::One(width), after @ ..] => {
                    of.push((code(*first), code(*last), *width));
                    rest = after;
                }
                _ => break,
            }
        }
        of.sort_by_key(|(first, ..)| *first);
        Self { of, other }
    }

    /// How wide the character of that code is.
    pub(super) fn get(&self, code: u32) -> f64 {
        let behind = self.of.partition_point(|(first, ..)| *first <= code);
        let near = behind.checked_sub(1).and_then(|at| self.of.get(at));
        near.filter(|(_, last, _)| code <= *last).map_or(self.other, |(.., width)| *width)
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, Widths, parts};

    #[test]
    fn widths_are_told_in_two_ways() {
        let list = |text: &str| parts(&Value::read(text.as_bytes())).expect("numbers");
        let simple = Widths::simple(32, &list("[250 333]"));
        assert_eq!([simple.get(33), simple.get(34)], [333.0, 500.0]);
        let wide = Widths::wide(&list("[7 9 600 1 [300 400]]"), 1000.0);
        let told = [1, 2, 3, 7, 9, 10].map(|code| wide.get(code));
        assert_eq!(told, [300.0, 400.0, 1000.0, 600.0, 600.0, 1000.0]);
        assert!(parts(&Value::read(b"[1 0 R]")).is_none());
    }
}
