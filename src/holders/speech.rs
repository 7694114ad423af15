//! Who says something in a transcript.

use crate::model::Role;
use crate::read::{KeyPath, Node, Step};

/// Names and values that say so, wherever they stand on the way to a text.
const SAID: [(&str, Role); 22] = [
    ("tool_result", Role::Tool),
    ("tooluseresult", Role::Tool),
    ("tool_output", Role::Tool),
    ("function_call_output", Role::Tool),
    ("custom_tool_call_output", Role::Tool),
    ("local_shell_call_output", Role::Tool),
    ("exec_command_end", Role::Tool),
    ("tool", Role::Tool),
    ("function", Role::Tool),
    ("toolresult", Role::Tool),
    ("tool-result", Role::Tool),
    ("tool_use", Role::Agent),
    ("function_call", Role::Agent),
    ("assistant", Role::Agent),
    ("model", Role::Agent),
    ("gemini", Role::Agent),
    ("system", Role::System),
    ("user", Role::Person),
    ("human", Role::Person),
    ("pastedcontents", Role::Person),
    ("display", Role::Person),
    ("prompt", Role::Person),
];

/// The fields whose values say who speaks.
const SPEAKERS: [&str; 3] = ["type", "role", "author"];

/// Who says what stands at `path`: the nearest word on the way there decides.
pub(super) fn role(root: &Node, path: &KeyPath) -> Option<Role> {
    let mut role = None;
    let mut node = root;
    for step in path.steps() {
        for speaker in SPEAKERS {
            let word = node.get(speaker).and_then(Node::text);
            role = word.and_then(said).or(role);
        }
        let next = match step {
            Step::Name(name) => {
                role = said(name).or(role);
                node.get(name)
            }
            Step::Element(n) => node.elements().get(*n),
        };
        let Some(next) = next else { break };
        // `{"role": "user", "message": …}` keeps its speaker a level up.
        node = next;
    }
    role
}

fn said(word: &str) -> Option<Role> {
    SAID.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, role)| *role)
}

/// The session that a record names.
pub(super) fn session(root: &Node) -> Option<&str> {
    ["sessionId", "session_id", "session", "conversationId", "threadId"]
        .iter()
        .find_map(|key| root.get(key)?.text())
}
