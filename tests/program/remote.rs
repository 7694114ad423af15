//! Repositories elsewhere: cloned, scanned, and gone again, whatever becomes of the program.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tempfile::TempDir;

use crate::support::keytrail;

/// A credential of a URL; nothing of it may be seen anywhere.
const PASSWORD: &str = "pass%2Fword-of-no-one";
/// How a server is told user `someone` and that password.
const BASIC: &str = "Basic c29tZW9uZTpwYXNzL3dvcmQtb2Ytbm8tb25l";

/// A place with room for clones and for a Git that is none.
struct Place {
    dir: TempDir,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        for name in ["clones", "bin"] {
            fs::create_dir(dir.path().join(name)).expect("ours");
        }
        Self { dir }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A scan of `url` with clones in a folder of this place.
    fn scan(&self, url: &str) -> Command {
        let mut command = keytrail(["scan", url]);
        let path = format!("{}:/usr/local/bin:/usr/bin:/bin", self.at("bin").display());
        command.env("PATH", path).env("TMPDIR", self.at("clones")).env("HOME", self.dir.path());
        command.current_dir(self.dir.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn scanned(&self, url: &str) -> Output {
        self.scan(url).output().expect("it starts")
    }

    /// Puts a script before the real Git.
    fn fake_git(&self, script: &str) {
        let file = self.at("bin/git");
        // A file that this process had open for writing could be busy when it is to be run.
        let make = format!("cat > {0} && chmod 755 {0}", file.display());
        let script = format!("#!/bin/sh\ncd {} || exit\n{script}\n", self.dir.path().display());
        let mut shell = Command::new("sh");
        let mut shell = shell.args(["-c", &make]).stdin(Stdio::piped()).spawn().expect("it starts");
        let mut input = shell.stdin.take().expect("piped");
        input.write_all(script.as_bytes()).expect("it reads");
        drop(input);
        assert!(shell.wait().is_ok_and(|status| status.success()));
    }

    /// A bare repository with one commit, ready for servers that know nothing of Git.
    fn repository(&self) -> PathBuf {
        let make = "git init -q -b main work && cd work && echo hello > a.txt && git add a.txt \
                    && git -c user.name=a -c user.email=a@b commit -qm one && cd .. \
                    && git clone -q --bare work served.git && cd served.git && git update-server-info";
        let made = Command::new("sh").args(["-c", make]).current_dir(self.dir.path()).status();
        assert!(made.is_ok_and(|status| status.success()));
        self.at("served.git")
    }

    fn clones(&self) -> usize {
        fs::read_dir(self.at("clones")).expect("ours").count()
    }

    fn wait_for(&self, what: &str, is_so: impl Fn() -> bool) {
        let begun = Instant::now();
        while !is_so() {
            assert!(begun.elapsed() < Duration::from_secs(20), "{what}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Starts a scan whose Git writes without end, and waits until it does.
    fn endless(&self) -> Child {
        self.fake_git(
            "clone=$(echo clones/keytrail-clone-*)\n\
             (while :; do mkdir -p $clone/repository.git; echo x >> $clone/repository.git/x; done) &\n\
             echo $! $$ > pids; sleep 600",
        );
        let child = self.scan("https://h/r").spawn().expect("it starts");
        self.wait_for("git writes", || {
            self.at("pids").exists()
                && fs::read_dir(self.at("clones"))
                    .expect("ours")
                    .flatten()
                    .any(|clone| clone.path().join("repository.git/x").exists())
        });
        child
    }

    fn wait_for_the_end(&self) {
        self.wait_for("the clone goes away", || self.clones() == 0);
        let pids = fs::read_to_string(self.at("pids")).expect("text");
        for pid in pids.split_whitespace() {
            self.wait_for("git ends", || !is_alive(pid));
        }
        thread::sleep(Duration::from_millis(100));
        assert_eq!(self.clones(), 0, "nothing writes it again");
    }
}

fn is_alive(pid: &str) -> bool {
    let seen = Command::new("ps").args(["-o", "stat=", "-p", pid]).output().expect("ps runs");
    let state = String::from_utf8_lossy(&seen.stdout).trim().to_owned();
    !state.is_empty() && !state.starts_with('Z')
}

/// What was said on standard error, without a trace of the credential.
fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let all = format!("{text}{}", String::from_utf8_lossy(&output.stdout));
    for trace in ["word-of-no-one", "c29tZW9uZTpw", "someone"] {
        assert!(!all.contains(trace), "{all}");
    }
    text
}

#[test]
fn a_repository_in_a_file_is_cloned_scanned_and_gone() {
    let place = Place::new();
    let url = format!("file://{}", place.repository().display());
    let output = place.scanned(&url);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains(&format!("cloning {url}")));
    assert_eq!(place.clones(), 0);
    let quiet = place.scan(&url).arg("--quiet").output().expect("it starts");
    assert_eq!((quiet.status.code(), &*said(&quiet)), (Some(0), ""));
}

#[test]
fn the_environment_of_a_hook_does_not_lead_git_astray() {
    let place = Place::new();
    let url = format!("file://{}", place.repository().display());
    let mut scan = place.scan(&url);
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_QUARANTINE_PATH"] {
        scan.env(name, place.at("elsewhere"));
    }
    let output = scan.output().expect("it starts");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(!place.at("elsewhere").exists());
}

#[test]
fn a_clone_that_fails_tells_why_and_no_credential() {
    let place = Place::new();
    place.fake_git(
        "echo \"fatal: no 'https://someone:pass%2Fword-of-no-one@h/r' for pass/word-of-no-one\" >&2\n\
         printf 'remote: \\033[2J%s\\n' \"$KEYTRAIL_CLONE_PASSWORD\" >&2; exit 128",
    );
    let output = place.scanned(&format!("https://someone:{PASSWORD}@h/r?x={PASSWORD}"));
    assert_eq!(output.status.code(), Some(2));
    let text = said(&output);
    assert!(
        text.contains("https://h/r: git could not clone it\n  fatal: no 'https://…@h/r' for …\n")
    );
    assert!(text.contains("remote: \\x1b[2J…\n"), "{text}");
    assert_eq!(place.clones(), 0);
    let absent = place.scanned("file:///nothing/here.git");
    assert_eq!(absent.status.code(), Some(2), "{}", said(&absent));
}

#[test]
fn without_git_there_is_a_clear_word() {
    let place = Place::new();
    let output =
        place.scan("https://h/r").env("PATH", place.at("bin")).output().expect("it starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("https://h/r: git is needed to clone it, and is not installed"));
    assert_eq!(place.clones(), 0);
}

#[test]
fn what_runs_commands_is_no_remote() {
    let place = Place::new();
    let output = place.scanned("ext::sh -c 'touch% ran'");
    assert_eq!(output.status.code(), Some(2));
    assert!(!place.at("ran").exists());
}

#[test]
fn git_is_called_with_care() {
    let place = Place::new();
    place.fake_git(
        "printf '%s\\n' \"$@\" > words; env > environment; ls -ld clones/* > modes\n\
         tr '\\0' '\\n' < /proc/$PPID/cmdline > guard; cat /proc/$PPID/comm >> guard; exit 1",
    );
    let mut scan = place.scan(&format!("https://someone:{PASSWORD}@h:1/r"));
    scan.envs([
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "a.b"),
        ("GIT_CONFIG_VALUE_0", "c"),
    ]);
    scan.env("GIT_WORK_TREE", "/").env("SSH_ASKPASS_REQUIRE", "force");
    said(&scan.output().expect("it starts"));
    let read = |name: &str| fs::read_to_string(place.at(name)).unwrap_or_default();
    assert!(read("words").ends_with("\n--\nhttps://h:1/r\nrepository.git\n"), "{}", read("words"));
    assert!(read("modes").starts_with("drwx------"), "{}", read("modes"));
    for kept in ["someone", "word-of", BASIC] {
        assert!(!format!("{}{}", read("words"), read("guard")).contains(kept), "{kept}");
    }
    let environment = read("environment");
    for line in [
        "GIT_TERMINAL_PROMPT=0",
        "GIT_ASKPASS=",
        "LC_ALL=C",
        "SSH_ASKPASS_REQUIRE=force",
        "GIT_CONFIG_COUNT=3",
        "GIT_CONFIG_KEY_0=a.b",
        "GIT_CONFIG_KEY_2=credential.https://h:1.helper",
    ] {
        assert!(environment.lines().any(|there| there == line), "{line} in {environment}");
    }
    assert!(!environment.contains("GIT_WORK_TREE"));
    #[cfg(target_os = "linux")]
    assert!(!read("guard").contains("keytrail"), "{}", read("guard"));
}

#[test]
fn killed_outright_the_program_leaves_no_clone() {
    let place = Place::new();
    let mut child = place.endless();
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    place.wait_for_the_end();
}

#[test]
fn killed_with_its_group_the_program_leaves_no_clone() {
    use std::os::unix::process::CommandExt;
    for wait in [0, 5, 10, 20, 40, 80, 160] {
        let place = Place::new();
        place.fake_git("sleep 600");
        let mut child = place.scan("https://h/r").process_group(0).spawn().expect("it starts");
        thread::sleep(Duration::from_millis(wait));
        kill_process_group(Pid::from_child(&child), Signal::KILL).expect("it runs");
        child.wait().expect("it ends");
        thread::sleep(Duration::from_millis(300));
        place.wait_for("the clone goes away", || place.clones() == 0);
    }
}

#[test]
fn a_clone_ends_when_asked_to() {
    for signal in [Signal::INT, Signal::TERM] {
        let place = Place::new();
        let child = place.endless();
        let begun = Instant::now();
        kill_process(Pid::from_child(&child), signal).expect("it runs");
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(130), "{}", said(&output));
        assert!(begun.elapsed() < Duration::from_secs(15));
        place.wait_for_the_end();
    }
}

#[test]
fn without_its_guard_the_program_removes_the_clone() {
    let place = Place::new();
    place.fake_git("echo $PPID > guard; sleep 2");
    let child = place.scan("https://h/r").spawn().expect("it starts");
    let pid = || fs::read_to_string(place.at("guard")).unwrap_or_default();
    place.wait_for("git runs", || pid().ends_with('\n'));
    let guard = pid().trim().parse().ok().and_then(Pid::from_raw).expect("a process");
    kill_process(guard, Signal::KILL).expect("it runs");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert_eq!(place.clones(), 0);
}

/// Serves files to whoever knows the password, and notes which programs have it among their arguments.
fn serve(files: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let files = files.clone();
            thread::spawn(move || answer(&stream, &files));
        }
    });
    address
}

fn answer(mut stream: &TcpStream, files: &Path) -> Option<()> {
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    let head: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
    let path = head.first()?.split([' ', '?']).nth(1)?.trim_start_matches('/').to_owned();
    let known = head.iter().any(|line| line.ends_with(BASIC));
    let (status, body) = match fs::read(files.join(path)) {
        _ if !known => ("401 Who", b"who is there?".to_vec()),
        Ok(body) => ("200 Yes", body),
        Err(_) => ("404 No", Vec::new()),
    };
    let mut notes = File::options().create(true).append(true).open(files.join("arguments")).ok()?;
    notes.write_all(talkative().as_bytes()).ok()?;
    let ask = "WWW-Authenticate: Basic realm=\"x\"";
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\n{ask}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )
    .and_then(|()| stream.write_all(&body))
    .ok()
}

/// The arguments of every program that has the password among them, save for `keytrail scan` itself.
fn talkative() -> String {
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    let lines = all.filter_map(|process| fs::read_to_string(process.path().join("cmdline")).ok());
    lines.filter(|line| line.contains("word-of-no-one") && !line.contains("\0scan\0")).collect()
}

#[test]
fn a_credential_reaches_its_server_and_no_arguments() {
    let place = Place::new();
    place.repository();
    let server = serve(place.dir.path().to_owned());
    let output = place.scanned(&format!("http://someone:{PASSWORD}@{server}/served.git"));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(fs::read_to_string(place.at("arguments")).expect("it was asked"), "");
    let refused = place.scanned(&format!("http://someone:wrong-{PASSWORD}@{server}/served.git"));
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).contains("Authentication failed"), "{}", said(&refused));
    let half = place.scanned(&format!("http://someone@{server}/served.git"));
    assert_eq!(half.status.code(), Some(2));
    assert!(said(&half).contains("could not read Password"), "{}", said(&half));
    let unasked = place.scanned(&format!("http://{server}/served.git"));
    assert_eq!(unasked.status.code(), Some(2), "no one is asked: {}", said(&unasked));
}
