//! What is wrong with bytes that are not what Git would have written.

/// Half a sentence on what does not hold: `the delta copies beyond its base`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Damage(pub &'static str);
