//! The nouns that every room shares: no input or output, no regular expressions, no command line.

mod alphabet;
mod claim;
mod confidence;
mod exposure;
mod finding;
mod history;
mod holder;
mod ids;
mod issue;
mod kind;
mod object;
mod overview;
mod piece;
mod place;
mod reason;
mod secret;
mod severity;
mod sighting;
mod trail;
mod visible;

pub use alphabet::{SEPARATORS, is_token_byte};
pub use claim::{Claim, Field};
pub use confidence::Confidence;
pub use exposure::Exposure;
pub use finding::{Excerpt, Finding};
pub use history::{Commit, History, ObjectKind, Reach, Stay};
pub use holder::{Holder, HolderKind, Reference, Role, Scope};
pub use ids::{FindingId, KeyId, RuleId, SecretId};
pub use issue::{Issue, IssueKind, Skip, SkipReason};
pub use kind::Kind;
pub use object::ObjectId;
pub use overview::{EntryCount, FrameworkCount, KeyNote, Owner, Verdict};
pub use piece::Piece;
pub use place::{Layer, Member, Object, Origin, Place, Process, Span, shown};
pub use reason::{Reason, ReasonKind};
pub use secret::Secret;
pub use severity::Severity;
pub use sighting::{SightedHolder, SightedPast, SightedStay, Sighting};
pub use trail::{
    Basis, Life, Lifetime, Plain, Proof, Rank, RankPart, Reuse, Trail, TrailHolder, TrailKind, Zone,
};
pub use visible::visible;
