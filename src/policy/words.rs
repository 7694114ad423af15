//! The words that conditions are written in.

use crate::model::{
    Confidence, HolderKind, Kind, Lifetime, Plain, Reuse, Role, Scope, Severity, TrailKind, Zone,
};

/// A value that has a name in configurations.
pub(super) trait Word: Copy + PartialEq + 'static {
    /// Every value, with its name.
    fn all() -> Vec<(&'static str, Self)>;
}

macro_rules! words {
    ($($type:ty: $all:expr;)*) => {
        $(impl Word for $type {
            fn all() -> Vec<(&'static str, Self)> {
                $all.into_iter().map(|value| (value.name(), value)).collect()
            }
        })*
    };
}

words! {
    Kind: Kind::ALL;
    Zone: Zone::ALL.iter().copied();
    Reuse: Reuse::ALL.iter().copied();
    Severity: Severity::ALL;
    Confidence: Confidence::ALL;
    Scope: [Scope::Project, Scope::User, Scope::System];
    Role: [Role::Person, Role::Agent, Role::Tool, Role::System];
    State: [State::Endless, State::Expired, State::Expires, State::Unknown];
    TrailKind: HolderKind::ALL.into_iter().map(TrailKind::Tool).chain([
        TrailKind::Plain(Plain::File), TrailKind::Plain(Plain::Commit)
    ]);
}

/// What is known of a lifetime, without its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Endless,
    Expired,
    Expires,
    Unknown,
}

impl State {
    /// The state of `lifetime`.
    pub const fn of(lifetime: &Lifetime) -> Self {
        match lifetime {
            Lifetime::Expired(_) => Self::Expired,
            Lifetime::Expires(_) => Self::Expires,
            Lifetime::Endless => Self::Endless,
            Lifetime::Unknown => Self::Unknown,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Endless => "endless",
            Self::Expired => "expired",
            Self::Expires => "expires",
            Self::Unknown => "unknown",
        }
    }
}

/// The value called `name`; the names that there are if it is none.
pub(super) fn word<W: Word>(name: &str) -> Result<W, String> {
    let all = W::all();
    let found = all.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    found.ok_or_else(|| all.iter().map(|(known, _)| *known).collect::<Vec<_>>().join(", "))
}
