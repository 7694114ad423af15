//! The shape in which json, jsonl and sarif write who holds a credential: see `docs/report.md`.

use serde::Serialize;

use crate::model::{Holder, HolderKind, Reference, Role, Scope};

/// A holder, flat.
#[derive(Serialize)]
pub(super) struct HolderView<'h> {
    kind: HolderKind,
    tool: &'h str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'h str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<Scope>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    disabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    refers: Option<&'h Reference>,
}

impl<'h> HolderView<'h> {
    /// The view of `holder`.
    pub(super) fn of(holder: &'h Holder) -> Self {
        Self {
            kind: holder.kind,
            tool: &holder.tool,
            name: holder.name.as_deref(),
            scope: holder.scope,
            role: holder.role,
            disabled: holder.disabled,
            refers: holder.refers.as_ref(),
        }
    }
}
