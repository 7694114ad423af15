//! One repository with a secret in every place in which Git can hide one.

#[cfg(unix)]
use std::ffi::OsStr;
use std::fs;
#[cfg(unix)]
use std::os::unix::ffi::OsStrExt;

use serde_json::Value;

use super::{found, secrets};
use crate::repository::{Repo, token, write};

/// A hidden secret, and what is to be told of it.
pub struct Hidden {
    /// Where it is hidden, in words.
    place: &'static str,
    /// The secret.
    pub secret: String,
    /// Its paths one after the other; none where no commit tells one.
    paths: Vec<&'static str>,
    kind: &'static str,
    /// The commit that brought it to the first path, and the one that took it from the last.
    brought: Option<String>,
    removed: Option<String>,
    in_head: bool,
    way: Way,
    /// The branches and tags that hold it still; of what is in HEAD Git knows them.
    held: Vec<&'static str>,
}

/// From where it is reached.
enum Way {
    /// From the references that contain this object.
    Refs(String),
    /// Only from this, in words.
    Only(String),
    /// From old values of `HEAD` and of these branches, which were this commit.
    Reflog(String, &'static [&'static str]),
    /// From nowhere.
    Nowhere,
}

impl Hidden {
    fn at(mut self, paths: &[&'static str]) -> Self {
        self.paths = paths.to_vec();
        self
    }

    fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    /// It came with `commit`, and references lead to that.
    fn brought(mut self, commit: &str) -> Self {
        self.brought = Some(commit.to_owned());
        self.way = Way::Refs(commit.to_owned());
        self
    }

    fn removed(mut self, commit: &str) -> Self {
        self.removed = Some(commit.to_owned());
        self
    }

    fn in_head(mut self) -> Self {
        self.in_head = true;
        self
    }

    fn held(mut self, names: &[&'static str]) -> Self {
        self.held = names.to_vec();
        self
    }

    fn by(mut self, way: Way) -> Self {
        self.way = way;
        self
    }

    fn only(self, words: &str) -> Self {
        self.by(Way::Only(words.to_owned()))
    }
}

/// The repository, and what is hidden in it.
pub struct Den {
    /// The repository.
    pub repo: Repo,
    /// What is hidden.
    pub all: Vec<Hidden>,
    /// How many secrets there are so far.
    count: u64,
}

impl Den {
    /// Hides everything.
    pub fn new() -> Self {
        let mut den = Self { repo: Repo::new(), all: Vec::new(), count: 0 };
        den.repo.plant("readme.txt", "nothing\n");
        den.files();
        den.names();
        den.long_chain();
        den.branches();
        den.tags();
        den.messages();
        den.references();
        den.thrown_away();
        den.logged();
        den.borrowed();
        den.stashes();
        den.work_trees();
        den.marks();
        den.indexes();
        den
    }

    /// A new secret, and a line with it.
    fn secret(&mut self) -> (String, String) {
        self.count += 1;
        let secret = token(self.count);
        let line = format!("token = {secret}\n");
        (secret, line)
    }

    fn hide(&mut self, place: &'static str, secret: String) -> Hidden {
        Hidden {
            place,
            secret,
            paths: Vec::new(),
            kind: "blob",
            brought: None,
            removed: None,
            in_head: false,
            way: Way::Nowhere,
            held: Vec::new(),
        }
    }

    /// Commits a file with a new secret.
    fn plant(&mut self, place: &'static str, path: &'static str) -> (Hidden, String) {
        let (secret, line) = self.secret();
        let commit = self.repo.plant(path, line);
        (self.hide(place, secret).at(&[path]).brought(&commit), commit)
    }

    /// The same on top of the main branch, which does not come along.
    fn aside(&mut self, place: &'static str, path: &'static str) -> (Hidden, String) {
        self.repo.git(["switch", "--quiet", "--detach", "main"]);
        let planted = self.plant(place, path);
        self.repo.git(["switch", "--quiet", "main"]);
        planted
    }

    fn files(&mut self) {
        let (head, _) = self.plant("a file in HEAD", "head.txt");
        self.all.push(head.in_head());
        let (deleted, _) = self.plant("a file that was deleted", "deleted.txt");
        self.repo.next_day();
        fs::remove_file(self.repo.top().join("deleted.txt")).expect("it is there");
        let commit = self.repo.commit("away with it");
        self.all.push(deleted.removed(&commit));
        let (before, _) = self.plant("a file before it was changed", "changed.txt");
        let (after, commit) = self.plant("a file after it was changed", "changed.txt");
        self.all.push(before.removed(&commit));
        self.all.push(after.in_head());
        let (renamed, _) = self.plant("a file that was renamed", "before/name.txt");
        fs::create_dir(self.repo.top().join("after")).expect("ours");
        self.repo.git(["mv", "before/name.txt", "after/name.txt"]);
        self.repo.commit("another name");
        self.all.push(renamed.at(&["before/name.txt", "after/name.txt"]).in_head());
        let (deep, _) = self.plant("a deep folder", "a/b/c/d/e/f/g/h/i/j/deep.txt");
        self.all.push(deep.in_head());
        let (secret, line) = self.secret();
        let commit = self.repo.plant("crlf.txt", format!("[one]\r\n{}\r\n", line.trim_end()));
        let hidden = self.hide("a file with CRLF", secret).at(&["crlf.txt"]).brought(&commit);
        self.all.push(hidden.in_head());
        let (secret, line) = self.secret();
        let wrapped = base64_simd::STANDARD.encode_to_string(line);
        let commit = self.repo.plant("wrapped.yaml", format!("data: {wrapped}\n"));
        let hidden = self.hide("base64", secret).at(&["wrapped.yaml"]).brought(&commit);
        let gone = self.repo.plant("wrapped.yaml", "data: none\n");
        self.all.push(hidden.removed(&gone));
    }

    #[cfg(not(unix))]
    fn names(&mut self) {}

    #[cfg(unix)]
    fn names(&mut self) {
        let (secret, line) = self.secret();
        let target = format!("nowhere?{}", line.trim_end());
        std::os::unix::fs::symlink(target, self.repo.top().join("link")).expect("ours");
        let commit = self.repo.commit("a link");
        let link = self.hide("a symbolic link's target", secret).at(&["link"]).brought(&commit);
        self.all.push(link.in_head());
        let (secret, line) = self.secret();
        let commit = self.repo.plant(OsStr::from_bytes(b"caf\xe9.txt"), line);
        let path = "caf\u{fffd}.txt";
        let odd = self.hide("a name that is not UTF-8", secret).at(&[path]).brought(&commit);
        self.all.push(odd.in_head());
    }

    fn long_chain(&mut self) {
        let (secret, line) = self.secret();
        let mut hidden = self.hide("deep in a chain of deltas", secret).at(&["chain.txt"]);
        for version in 0..60 {
            let mut lines: Vec<String> =
                (0..200).map(|n| format!("line {n} of a file that is edited often\n")).collect();
            lines[version * 3] = format!("edited for the {version}th time\n");
            if version == 30 {
                lines.insert(100, line.clone());
            }
            let commit = self.repo.plant("chain.txt", lines.concat());
            hidden = match version {
                30 => hidden.brought(&commit),
                31 => hidden.removed(&commit),
                _ => hidden,
            };
        }
        self.all.push(hidden);
    }

    fn branches(&mut self) {
        let (side, commit) = self.aside("another branch", "side.txt");
        self.repo.git(["branch", "side", &commit]);
        self.all.push(side.held(&["refs/heads/side"]));
        let (remote, commit) = self.aside("a remote-tracking branch", "remote.txt");
        self.repo.git(["update-ref", "refs/remotes/origin/x", &commit]);
        self.all.push(remote.held(&["refs/remotes/origin/x"]));
        self.repo.git(["merge", "--quiet", "--no-commit", "--no-ff", "--strategy=ours", "side"]);
        let (evil, _) = self.plant("a merge that has what no parent has", "merged.txt");
        self.all.push(evil.in_head());
        self.repo.git(["switch", "--quiet", "--orphan", "orphan"]);
        let (orphan, _) = self.plant("a branch without a root in common", "orphan.txt");
        self.repo.git(["rm", "--quiet", "orphan.txt"]);
        self.repo.git(["commit", "--quiet", "--message", "an empty tree"]);
        let gone = self.repo.id("HEAD");
        self.all.push(orphan.removed(&gone));
        self.repo.git(["switch", "--quiet", "main"]);
    }

    fn tags(&mut self) {
        let (light, commit) = self.aside("a lightweight tag", "light.txt");
        self.repo.git(["tag", "light", &commit]);
        self.all.push(light.held(&["refs/tags/light"]));
        let (annotated, commit) = self.aside("an annotated tag", "annotated.txt");
        self.repo.git(["tag", "--annotate", "--message", "a tag", "annotated", &commit]);
        self.all.push(annotated.held(&["refs/tags/annotated"]));
        let (nested, commit) = self.aside("a tag of a tag", "nested.txt");
        self.repo.git(["tag", "--annotate", "--message", "inner", "inner", &commit]);
        let inner = self.repo.id("inner");
        self.repo.git(["tag", "--annotate", "--message", "outer", "outer", &inner]);
        self.repo.git(["tag", "--delete", "inner"]);
        self.all.push(nested.held(&["refs/tags/outer"]));
        let (secret, line) = self.secret();
        let message = format!("a tag\n\n{line}");
        self.repo.git(["tag", "--annotate", "--message", &message, "talks", "main"]);
        let talks = self.hide("an annotated tag's message", secret).kind("tag");
        self.all.push(talks.only("reachable from 1 ref").held(&["refs/tags/talks"]));
        let (secret, line) = self.secret();
        let blob = self.repo.blob(&line);
        self.repo.git(["tag", "of-blob", &blob]);
        let tagged = self.hide("a tag of a blob", secret);
        self.all.push(tagged.only("reachable from 1 ref").held(&["refs/tags/of-blob"]));
        let (secret, line) = self.secret();
        let blob = self.repo.blob(&line);
        let entry = format!("100644 blob {blob}\tin-tree.txt\n");
        let tree = self.repo.git_in(&self.repo.top(), ["mktree"], entry.as_bytes());
        self.repo.git(["tag", "--annotate", "--message", "a tree", "of-tree", &tree]);
        let tagged = self.hide("a tag of a tree", secret).at(&["in-tree.txt"]);
        self.all.push(tagged.only("reachable from 1 ref").held(&["refs/tags/of-tree"]));
    }

    fn messages(&mut self) {
        let (secret, line) = self.secret();
        let commit = self.repo.plant_with("told.txt", "told\n", &format!("a commit\n\n{line}"));
        let told = self.hide("a commit's message", secret).kind("commit").brought(&commit);
        self.all.push(told);
        let (secret, line) = self.secret();
        self.repo.git(["notes", "add", "--message", &line, "HEAD~1"]);
        let notes = self.repo.id("refs/notes/commits");
        let path = self.repo.id("HEAD~1");
        let note = self.hide("a note", secret).at(&[path.leak()]).brought(&notes);
        self.all.push(note);
    }

    fn references(&mut self) {
        for (place, path, name) in [
            ("a pull request", "pull.txt", "refs/pull/1/head"),
            ("what a rewrite kept", "original.txt", "refs/original/refs/heads/main"),
        ] {
            let (hidden, commit) = self.aside(place, path);
            self.repo.git(["update-ref", name, &commit]);
            self.all.push(hidden);
        }
        let (secret, line) = self.secret();
        let blob = self.repo.blob(&line);
        self.repo.git(["replace", &self.repo.id("HEAD:readme.txt"), &blob]);
        let replaced = self.hide("a replacement", secret).only("reachable from 1 ref");
        self.all.push(replaced);
    }

    /// What nothing leads to, after the logs were emptied.
    fn thrown_away(&mut self) {
        let (reset, _) = self.plant("a commit that was reset away", "reset.txt");
        self.repo.git(["reset", "--quiet", "--hard", "HEAD~1"]);
        fs::remove_file(self.repo.own("ORIG_HEAD")).expect("it is there");
        self.all.push(reset.by(Way::Nowhere));
        let (secret, line) = self.secret();
        self.repo.git(["switch", "--quiet", "--create", "short-lived"]);
        let commit = self.repo.plant_with("gone.txt", "gone\n", &format!("gone\n\n{line}"));
        self.repo.git(["switch", "--quiet", "main"]);
        self.repo.git(["branch", "--quiet", "-D", "short-lived"]);
        let gone = self.hide("the message of a commit that nothing leads to", secret);
        self.all.push(gone.kind("commit").brought(&commit).by(Way::Nowhere));
        let (secret, line) = self.secret();
        self.repo.write("staged.txt", line);
        self.repo.git(["add", "staged.txt"]);
        self.repo.git(["rm", "--quiet", "--force", "staged.txt"]);
        let staged = self.hide("what was staged and overwritten", secret);
        self.all.push(staged);
        let (secret, line) = self.secret();
        self.repo.blob(&line);
        let loose = self.hide("a blob that nothing ever named", secret);
        self.all.push(loose);
        self.repo.git(["reflog", "expire", "--expire=all", "--all"]);
    }

    /// What only the logs lead to.
    fn logged(&mut self) {
        let (amended, commit) = self.plant("a commit that was amended", "amended.txt");
        self.repo.write("amended.txt", "nothing\n");
        self.repo.git(["commit", "--quiet", "--all", "--amend", "--message", "better"]);
        self.all.push(amended.by(Way::Reflog(commit, &["main"])));
        let (secret, line) = self.secret();
        self.repo.git(["switch", "--quiet", "--create", "deleted"]);
        let commit = self.repo.plant_with("logged.txt", "logged\n", &format!("lost\n\n{line}"));
        self.repo.git(["switch", "--quiet", "main"]);
        self.repo.git(["branch", "--quiet", "-D", "deleted"]);
        let lost = self.hide("a message on a deleted branch", secret).kind("commit");
        self.all.push(lost.brought(&commit).by(Way::Reflog(commit, &[])));
    }

    /// What lies in a store that this repository borrows from.
    fn borrowed(&mut self) {
        let (top, other) = (self.repo.top(), self.repo.beside("other"));
        self.repo.git(["clone", "--quiet", "--no-local", "--branch=orphan", ".", "../other"]);
        let (secret, line) = self.secret();
        write(&other.join("borrowed.txt"), line);
        let git = |arguments: &[&str]| self.repo.git_in(&other, arguments, b"");
        git(&["add", "."]);
        git(&["commit", "--quiet", "--message", "lent"]);
        let commit = git(&["rev-parse", "HEAD"]);
        write(&top.join(".git/objects/info/alternates"), "../../../other/.git/objects\n");
        self.repo.git(["branch", "borrowed", &commit]);
        let borrowed = self.hide("a borrowed store", secret).at(&["borrowed.txt"]);
        self.all.push(borrowed.brought(&commit).held(&["refs/heads/borrowed"]));
        let (secret, line) = self.secret();
        self.repo.git_in(&other, ["hash-object", "-w", "--stdin"], line.as_bytes());
        let lent = self.hide("a borrowed store, where nothing names it", secret);
        self.all.push(lent);
    }

    fn stashes(&mut self) {
        let (oldest, line) = self.secret();
        self.repo.write("head.txt", self.kept("head.txt") + &line);
        self.repo.git(["stash", "push", "--quiet"]);
        let (untracked, line) = self.secret();
        self.repo.write("untracked.txt", line);
        let (middle, line) = self.secret();
        self.repo.write("head.txt", self.kept("head.txt") + &line);
        self.repo.git(["stash", "push", "--quiet", "--include-untracked"]);
        let (staged, line) = self.secret();
        self.repo.write("head.txt", self.kept("head.txt") + &line);
        self.repo.git(["add", "head.txt"]);
        let (newest, line) = self.secret();
        self.repo.write("head.txt", self.kept("head.txt") + &line);
        self.repo.git(["stash", "push", "--quiet"]);
        for (place, secret, path, n, parent) in [
            ("the newest stash", newest, "head.txt", 0, ""),
            ("what the newest stash had staged", staged, "head.txt", 0, "^2"),
            ("the stash before", middle, "head.txt", 1, ""),
            ("an untracked file in a stash", untracked, "untracked.txt", 1, "^3"),
            ("the oldest stash", oldest, "head.txt", 2, ""),
        ] {
            let commit = self.repo.id(&format!("stash@{{{n}}}{parent}"));
            let hidden = self.hide(place, secret).at(&[path]).brought(&commit);
            self.all.push(hidden.only(&format!("only in stash@{{{n}}}")));
        }
    }

    /// What the main branch has at `path`.
    fn kept(&self, path: &str) -> String {
        self.repo.git(["show", &format!("main:{path}")]) + "\n"
    }

    fn work_trees(&mut self) {
        self.repo.git(["worktree", "add", "--quiet", "--detach", "../linked", "main"]);
        let linked = self.repo.beside("linked");
        let (secret, line) = self.secret();
        write(&linked.join("linked.txt"), line);
        let git = |arguments: &[&str]| self.repo.git_in(&linked, arguments, b"");
        git(&["add", "."]);
        git(&["commit", "--quiet", "--message", "there"]);
        let commit = git(&["rev-parse", "HEAD"]);
        let head = self.hide("a linked work tree's HEAD", secret).at(&["linked.txt"]);
        self.all.push(head.brought(&commit).only("only in the detached HEAD"));
        let (secret, line) = self.secret();
        write(&linked.join("linked-index.txt"), line);
        self.repo.git_in(&linked, ["add", "."], b"");
        let index = self.hide("a linked work tree's index", secret).at(&["linked-index.txt"]);
        self.all.push(index.only("only in the index"));
    }

    /// What only the marks of earlier commands lead to.
    fn marks(&mut self) {
        let other = self.repo.beside("other");
        let (secret, line) = self.secret();
        write(&other.join("fetched.txt"), line);
        let git = |arguments: &[&str]| self.repo.git_in(&other, arguments, b"");
        git(&["add", "."]);
        git(&["commit", "--quiet", "--message", "fetched"]);
        let commit = git(&["rev-parse", "HEAD"]);
        self.repo.git(["fetch", "--quiet", "../other", "orphan"]);
        let fetched = self.hide("FETCH_HEAD", secret).at(&["fetched.txt"]).brought(&commit);
        self.all.push(fetched.only("only in FETCH_HEAD"));
        let (secret, line) = self.secret();
        let blob = self.repo.blob(&line);
        let entry = format!("100644 blob {blob}\tmarked.txt\n");
        let tree = self.repo.git_in(&self.repo.top(), ["mktree"], entry.as_bytes());
        let commit = self.repo.git(["commit-tree", "-m", "marked", &tree]);
        self.repo.git(["update-ref", "ORIG_HEAD", &commit]);
        let marked = self.hide("ORIG_HEAD", secret).at(&["marked.txt"]).brought(&commit);
        self.all.push(marked.only("only in ORIG_HEAD"));
    }

    fn indexes(&mut self) {
        let (secret, line) = self.secret();
        self.repo.write("index.txt", line);
        self.repo.git(["add", "index.txt"]);
        fs::remove_file(self.repo.top().join("index.txt")).expect("it is there");
        let staged = self.hide("what is staged", secret).at(&["index.txt"]);
        self.all.push(staged.only("only in the index"));
    }

    /// In words from where `hidden` is reached, as Git itself sees it.
    fn reach(&self, hidden: &Hidden) -> String {
        match &hidden.way {
            Way::Only(words) => words.clone(),
            Way::Nowhere => "dangling".to_owned(),
            Way::Refs(commit) => {
                let names = self.repo.git(["for-each-ref", "--contains", commit]);
                match names.lines().filter(|line| !line.ends_with("refs/stash")).count() {
                    1 => "reachable from 1 ref".to_owned(),
                    count => format!("reachable from {count} refs"),
                }
            }
            Way::Reflog(commit, branches) => {
                let names = ["HEAD"].iter().chain(*branches).map(|name| {
                    let log = self.repo.git(["log", "-g", "--format=%H", name]);
                    let place = log.lines().position(|line| line == commit);
                    format!("{name}@{{{}}}", place.expect("it is in the log"))
                });
                format!("only in the reflog ({})", names.collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// The branches and tags whose newest state holds `hidden`.
    fn held(&self, hidden: &Hidden) -> Vec<String> {
        let Some(commit) = hidden.brought.as_ref().filter(|_| hidden.in_head) else {
            return hidden.held.iter().map(|name| (*name).to_owned()).collect();
        };
        let places = ["refs/heads", "refs/remotes", "refs/tags"];
        let list = ["for-each-ref", "--format=%(refname)", "--contains", commit];
        let names = self.repo.git(list.iter().chain(&places));
        names.lines().map(str::to_owned).collect()
    }

    /// What is wrong with what was told of `hidden`.
    fn faults(&self, hidden: &Hidden, told: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        let mut same = |what: &str, is: Value, should: Value| {
            if is != should {
                faults.push(format!("{}: {what} is {is}, not {should}", hidden.place));
            }
        };
        let past = &told["history"];
        let places = past["places"].as_array().cloned().unwrap_or_default();
        let paths: Vec<&Value> = places.iter().filter_map(|place| place.get("path")).collect();
        let object = past["object"].as_str().unwrap_or_default();
        let (two, rest) = object.split_at_checked(2).unwrap_or_default();
        let loose = format!(".git/objects/{two}/{rest}");
        let path = hidden.paths.last().map_or(&*loose, |path| path);
        same("path", told["path"].clone(), path.into());
        same("paths", Value::from_iter(paths.into_iter().cloned()), hidden.paths.clone().into());
        same("kind", past["object_kind"].clone(), hidden.kind.into());
        same("reach", past["reach_text"].clone(), self.reach(hidden).into());
        same("in_head", past["in_head"].clone(), hidden.in_head.into());
        same("refs", past["refs"].clone(), self.held(hidden).into());
        let first = places.first().map_or(Value::Null, |place| place["brought"]["id"].clone());
        same("brought", first, hidden.brought.clone().into());
        let last = places.last().map_or(Value::Null, |place| place["removed"]["id"].clone());
        same("removed", last, hidden.removed.clone().into());
        faults
    }
}

#[test]
fn every_hiding_place_is_found_and_told_of_rightly() {
    let den = Den::new();
    let told = found(&den.repo.top(), &["--history-only"]);
    let mut faults = Vec::new();
    for hidden in &den.all {
        let all: Vec<&Value> = told.iter().filter(|one| one["secret"] == *hidden.secret).collect();
        match all[..] {
            [one] => faults.extend(den.faults(hidden, one)),
            _ => faults.push(format!("{}: {} findings: {all:#?}", hidden.place, all.len())),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let mut hidden: Vec<&str> = den.all.iter().map(|hidden| &*hidden.secret).collect();
    hidden.sort_unstable();
    assert_eq!(secrets(&told), hidden, "nothing else is found");
    assert!(den.all.len() >= 40);
}
