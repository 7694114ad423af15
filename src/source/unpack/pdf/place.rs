//! Where text stands on a page, as far as it tells what is one word and what is one line.

/// How far, in sizes of the font, a piece may stand from the one before without a gap.
const GAP: f64 = 0.18;

/// How far it may go back, or up or down, on the same line.
const BACK: f64 = 0.4;

/// How a piece of text stands to the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It goes on.
    On,
    /// There is a gap between them.
    Gap,
    /// It is on another line.
    Line,
}

/// The place of the pen.
pub(super) struct Place {
    /// The text's matrix at the start of the line: how it is turned and stretched, and where it is.
    line: [f64; 6],
    /// How far the pen went since, before stretching.
    pub went: f64,
    /// The size of the font.
    pub size: f64,
    /// The extra room behind each character.
    pub spacing: f64,
    /// The distance of lines.
    pub leading: f64,
    /// Where the last piece ended.
    end: Option<(f64, f64)>,
    /// How long that piece may be more than it is taken for, in sizes of the font.
    pub doubt: f64,
}

impl Default for Place {
    fn default() -> Self {
        let line = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
        Self { line, went: 0.0, size: 1.0, spacing: 0.0, leading: 0.0, end: None, doubt: 0.0 }
    }
}

impl Place {
    /// Goes to a place by itself.
    pub(super) fn go(&mut self, matrix: [f64; 6]) {
        self.line = matrix;
        self.went = 0.0;
    }

    /// Goes to a place from the line's start.
    pub(super) fn step(&mut self, right: f64, up: f64) {
        let [a, b, c, d, x, y] = self.line;
        self.line = [a, b, c, d, x + right * a + up * c, y + right * b + up * d];
        self.went = 0.0;
    }

    /// Goes on from elsewhere.
    pub(super) fn leave(&mut self) {
        self.end = None;
    }

    /// How the piece that comes stands to the one before.
    pub(super) fn to_last(&self) -> Step {
        let Some((x, y)) = self.end else { return Step::Line };
        let (now_x, now_y) = self.pen();
        let [a, b, ..] = self.line;
        let stretch = a.hypot(b);
        let size = stretch * self.size.abs();
        let (right, up) = (now_x - x, now_y - y);
        let along = (right * a + up * b) / stretch / size;
        let across = (up * a - right * b) / stretch / size;
        // What is no number is on no line.
        if across.abs() < BACK && (-BACK - self.doubt..=GAP + self.doubt).contains(&along) {
            Step::On
        } else if across.abs() < BACK && along > 0.0 {
            Step::Gap
        } else {
            Step::Line
        }
    }

    /// The piece that came ends where the pen is.
    pub(super) fn ended(&mut self) {
        self.end = Some(self.pen());
    }

    fn pen(&self) -> (f64, f64) {
        let [a, b, _, _, x, y] = self.line;
        (x + self.went * a, y + self.went * b)
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Step};

    #[test]
    fn gaps_and_lines_are_told_by_where_a_piece_ends() {
        let mut place = Place { size: 10.0, ..Place::default() };
        assert_eq!(place.to_last(), Step::Line);
        place.went = 25.0;
        place.ended();
        for (right, up, step) in
            [(26.0, 0.0, Step::On), (28.0, 0.0, Step::Gap), (0.0, -12.0, Step::Line)]
        {
            let mut next = Place {
                line: place.line,
                end: place.end,
                ..Place { size: 10.0, ..Place::default() }
            };
            next.step(right, up);
            assert_eq!(next.to_last(), step);
        }
        place.go([0.0, 0.0, 0.0, 0.0, f64::NAN, 0.0]);
        assert_eq!(place.to_last(), Step::Line);
    }
}
