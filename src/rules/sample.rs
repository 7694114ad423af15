//! Made-up credentials, drawn from a rule's format and sealed by its check.

use regex_syntax::hir::{Hir, HirKind};

use crate::rules::checks::{self, Sample};
use crate::rules::dice::Dice;
use crate::rules::format;
use crate::rules::rule::{Rule, Shape};

/// How many more than the fewest repetitions of an open-ended part a sample may have.
const SLACK: u32 = 24;

/// Draws one sample of `rule` that its check accepts.
pub fn sealed(rule: &Rule, dice: &mut Dice) -> Sample {
    let mut sample = unsealed(rule, dice);
    if let Some(check) = rule.check.as_deref().and_then(checks::find) {
        (check.seal)(&mut sample, dice);
    }
    sample
}

/// A line of text that holds `sample` where `rule` expects it: after one of its context words, and with
/// what must stand beside it.
pub fn line(rule: &Rule, sample: &Sample, dice: &mut Dice) -> Vec<u8> {
    let mut line = sample.beside.clone();
    if !line.is_empty() {
        line.push(b'\n');
    }
    match &rule.context {
        Some(context) => line.extend_from_slice(dice.pick(&context.words).as_bytes()),
        None => line.extend_from_slice(b"value"),
    }
    line.extend_from_slice(b" = \"");
    line.extend_from_slice(&sample.token);
    line.extend_from_slice(b"\"\n");
    line
}

/// Draws one sample of `rule`'s format alone; a checksum in it holds only by chance.
pub fn unsealed(rule: &Rule, dice: &mut Dice) -> Sample {
    let mut token = Vec::new();
    if let Ok(hir) = format::parse(&rule.format) {
        draw(&hir, dice, &mut token);
    }
    Sample { token, beside: Vec::new() }
}

/// Nested repetitions would go on for ever; what is longer than a match may be is no sample anyway.
fn draw(hir: &Hir, dice: &mut Dice, out: &mut Vec<u8>) {
    if out.len() >= Shape::MOST as usize {
        return;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.extend_from_slice(&literal.0),
        HirKind::Class(class) => {
            let mut bytes = Vec::new();
            format::each_byte(class, |b| bytes.push(b));
            out.push(*dice.pick(&bytes));
        }
        HirKind::Repetition(rep) => {
            let most = rep.max.unwrap_or(u32::MAX).min(rep.min.saturating_add(SLACK));
            let times = rep.min as usize + dice.below((most - rep.min) as usize + 1);
            (0..times).for_each(|_| draw(&rep.sub, dice, out));
        }
        HirKind::Capture(capture) => draw(&capture.sub, dice, out),
        HirKind::Concat(parts) => parts.iter().for_each(|part| draw(part, dice, out)),
        HirKind::Alternation(parts) => draw(dice.pick(parts), dice, out),
    }
}

#[cfg(test)]
mod tests {
    use super::draw;
    use crate::rules::dice::Dice;
    use crate::rules::format;

    #[test]
    fn nested_repetitions_end() {
        let nested = format!("abc{}d+{}", "(?:".repeat(30), ")+".repeat(30));
        let hir = format::parse(&nested).expect("it parses");
        let mut sample = Vec::new();
        draw(&hir, &mut Dice::seeded(1), &mut sample);
        assert!(sample.len() < 20_000);
    }
}
