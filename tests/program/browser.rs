//! A headless Chromium, driven over a pipe, that tells of every error and every request of a page.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with one open page.
pub struct Browser {
    child: Child,
    orders: ChildStdin,
    answers: Receiver<Value>,
    session: Option<String>,
    last: u64,
    /// What went wrong in the page: exceptions, errors in the console, refused loads.
    pub errors: Vec<String>,
    /// The addresses that the page asked for.
    pub requests: Vec<String>,
    _profile: tempfile::TempDir,
}

/// The browser to test with: the variable `KEYTRAIL_CHROMIUM`, else one on the path.
pub fn find() -> Option<PathBuf> {
    if cfg!(not(unix)) {
        return None;
    }
    if let Some(path) = std::env::var_os("KEYTRAIL_CHROMIUM") {
        return Some(path.into());
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let folders: Vec<_> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let paths = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    paths.into_iter().find(|path| path.is_file())
}

impl Browser {
    /// Starts `program` and opens the file at `path` in it, in a window of `size`.
    pub fn open(program: &Path, path: &Path, size: (u32, u32)) -> Self {
        let profile = tempfile::tempdir().expect("a folder for the profile");
        // The pipe's ends must be the descriptors 3 and 4.
        let mut child = Command::new("sh")
            .args(["-c", r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1"#])
            .arg(program)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"])
            .args(["--remote-debugging-pipe", "--disable-dev-shm-usage", "about:blank"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the browser starts");
        let orders = child.stdin.take().expect("it is piped");
        let answers = listen(BufReader::new(child.stdout.take().expect("it is piped")));
        let (errors, requests) = (Vec::new(), Vec::new());
        let mut browser = Self {
            child,
            orders,
            answers,
            session: None,
            last: 0,
            errors,
            requests,
            _profile: profile,
        };
        browser.attach(size);
        let path = path.canonicalize().expect("the page is there");
        let url = format!("file://{}", path.display());
        browser.call("Page.navigate", &json!({ "url": url }));
        browser.wait("document.readyState === 'complete' && location.protocol === 'file:'");
        browser
    }

    fn attach(&mut self, (width, height): (u32, u32)) {
        let target = self.call("Target.createTarget", &json!({"url": "about:blank"}));
        let target = target["targetId"].clone();
        let session =
            self.call("Target.attachToTarget", &json!({"targetId": target, "flatten": true}));
        self.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.call(&format!("{domain}.enable"), &json!({}));
        }
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", &size);
    }

    /// What `script` comes to in the page.
    pub fn eval(&mut self, script: &str) -> Value {
        let asked = json!({"expression": script, "returnByValue": true, "awaitPromise": true});
        let answer = self.call("Runtime.evaluate", &asked);
        let failure = &answer["exceptionDetails"];
        assert!(failure.is_null(), "{script}: {failure}");
        answer["result"]["value"].clone()
    }

    /// Waits until `script` comes to true.
    pub fn wait(&mut self, script: &str) {
        let start = Instant::now();
        while self.eval(script) != json!(true) {
            assert!(start.elapsed() < PATIENCE, "in vain: {script}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Types `text` into what has the focus.
    pub fn type_text(&mut self, text: &str) {
        self.call("Input.insertText", &json!({ "text": text }));
    }

    /// Presses the key that is called `key`, and makes `text` if it makes any.
    pub fn press(&mut self, key: &str, text: &str) {
        let code = if key == "Enter" { 13 } else { 0 };
        let mut event = json!({"type": "keyDown", "key": key, "windowsVirtualKeyCode": code});
        if !text.is_empty() {
            event["text"] = json!(text);
        }
        self.call("Input.dispatchKeyEvent", &event);
        event["type"] = json!("keyUp");
        self.call("Input.dispatchKeyEvent", &event);
    }

    /// Gives the order `method`, and what is answered.
    pub fn call(&mut self, method: &str, params: &Value) -> Value {
        self.last += 1;
        let mut order = json!({"id": self.last, "method": method, "params": params});
        if let Some(session) = &self.session {
            order["sessionId"] = json!(session);
        }
        let mut bytes = order.to_string().into_bytes();
        bytes.push(0);
        self.orders.write_all(&bytes).expect("the browser listens");
        loop {
            let answer = self.answers.recv_timeout(PATIENCE).expect("the browser answers");
            if answer["id"] == json!(self.last) {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
            self.note(&answer);
        }
    }

    fn note(&mut self, event: &Value) {
        let (method, params) = (event["method"].as_str().unwrap_or_default(), &event["params"]);
        match method {
            "Network.requestWillBeSent" => {
                let url = params["request"]["url"].as_str().unwrap_or_default();
                self.requests.push(url.to_owned());
            }
            "Runtime.exceptionThrown" | "Log.entryAdded" => self.errors.push(params.to_string()),
            "Runtime.consoleAPICalled" if params["type"] != "log" => {
                self.errors.push(params.to_string());
            }
            _ => {}
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let order = json!({"id": 0, "method": "Browser.close"}).to_string();
        let asked =
            self.orders.write_all(order.as_bytes()).and_then(|()| self.orders.write_all(b"\0"));
        let start = Instant::now();
        while asked.is_ok() && start.elapsed() < Duration::from_secs(5) {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// The browser's messages, each ended by a NUL, as they come.
fn listen(mut from: BufReader<std::process::ChildStdout>) -> Receiver<Value> {
    let (send, receive) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        while from.read_until(0, &mut bytes).is_ok_and(|read| read > 0) {
            let message = serde_json::from_slice(bytes.strip_suffix(b"\0").unwrap_or(&bytes));
            bytes.clear();
            if message.is_ok_and(|message: Value| send.send(message).is_err()) {
                return;
            }
        }
    });
    receive
}
