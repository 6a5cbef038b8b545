//! A browser without a window, driven over the DevTools protocol: JSON with a zero behind each message, over two pipes.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use libtest_mimic::Failed;
use serde_json::{Value, json};

/// The names by which it may be installed.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// So long it may take to answer: it hangs if it takes longer.
const PATIENCE: Duration = Duration::from_secs(120);

/// The browser that is installed, if one is.
pub(crate) fn installed() -> Option<&'static str> {
    NAMES.into_iter().find(|name| {
        let version =
            Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        version.is_ok_and(|status| status.success())
    })
}

/// A browser with one page.
pub(crate) struct Browser {
    child: Child,
    orders: ChildStdin,
    answers: Receiver<Value>,
    last: u64,
    session: Option<String>,
    profile: PathBuf,
    /// What the page complained about.
    pub(crate) complaints: Vec<String>,
}

impl Browser {
    /// Starts it with an empty page, and settings of its own.
    pub(crate) fn start(program: &str, name: &str) -> Result<Self, Failed> {
        let profile =
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&profile)?;
        // It reads orders from descriptor 3, and answers on 4.
        let mut child = Command::new("sh")
            .arg("-c")
            .arg("exec \"$0\" \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null")
            .arg(program)
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
            .args([
                "--force-color-profile=srgb",
                "--hide-scrollbars",
                "--no-first-run",
                "--disable-extensions",
            ])
            .arg("--remote-debugging-pipe")
            .arg(format!("--user-data-dir={}", profile.display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let orders = child.stdin.take().ok_or("no pipe to the browser")?;
        let mut answered = BufReader::new(child.stdout.take().ok_or("no pipe from the browser")?);
        let (told, answers) = channel();
        thread::spawn(move || {
            let mut message = Vec::new();
            while answered.read_until(0, &mut message).is_ok_and(|read| read > 0) {
                let text = message.strip_suffix(&[0]).unwrap_or(&message);
                let Ok(value) = serde_json::from_slice(text) else { break };
                if told.send(value).is_err() {
                    break;
                }
                message.clear();
            }
        });
        let complaints = Vec::new();
        let mut browser = Browser { child, orders, answers, last: 0, session: None, profile, complaints };
        let page = browser.order("Target.createTarget", json!({ "url": "about:blank" }))?;
        let attach = json!({ "targetId": page["targetId"], "flatten": true });
        let attached = browser.order("Target.attachToTarget", attach)?;
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page.enable", "Runtime.enable", "Log.enable", "Network.enable"] {
            browser.order(domain, json!({}))?;
        }
        Ok(browser)
    }

    /// Gives an order, and waits for its answer.
    pub(crate) fn order(&mut self, method: &str, parameters: Value) -> Result<Value, Failed> {
        self.last += 1;
        let mut order = json!({ "id": self.last, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            order["sessionId"] = json!(session);
        }
        self.orders.write_all(order.to_string().as_bytes())?;
        self.orders.write_all(&[0])?;
        self.orders.flush()?;
        loop {
            let answer = self.heard(method)?;
            if answer["id"] == json!(self.last) {
                return match answer.get("error") {
                    Some(error) => Err(format!("{method}: {error}").into()),
                    None => Ok(answer["result"].clone()),
                };
            }
        }
    }

    /// The next message, of which complaints of the page are noted.
    fn heard(&mut self, waits_for: &str) -> Result<Value, Failed> {
        let heard = self.answers.recv_timeout(PATIENCE);
        let message =
            heard.map_err(|_| format!("the browser says nothing more, and {waits_for} is not answered"))?;
        match message["method"].as_str() {
            Some("Runtime.exceptionThrown" | "Log.entryAdded") => {
                self.complaints.push(message["params"].to_string())
            }
            Some("Network.requestWillBeSent") => {
                let url = message["params"]["request"]["url"].as_str().unwrap_or_default();
                if !url.starts_with("file:") && !url.starts_with("about:") {
                    self.complaints.push(format!("it fetches {url}"));
                }
            }
            _ => {}
        }
        Ok(message)
    }

    /// Makes its window so large.
    pub(crate) fn resize(&mut self, width: u32, height: u32) -> Result<(), Failed> {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.order("Emulation.setDeviceMetricsOverride", size).map(|_| ())
    }

    /// Opens a file, with what stands behind # in its address, and waits until its page is ready.
    pub(crate) fn open(&mut self, file: &Path, hash: &str) -> Result<(), Failed> {
        // Another hash alone would load nothing anew.
        self.order("Page.navigate", json!({ "url": "about:blank" }))?;
        self.order("Page.navigate", json!({ "url": format!("file://{}#{hash}", file.display()) }))?;
        let ready = "new Promise((done) => { const look = () => document.body?.dataset.ready \
                     ? done(true) : setTimeout(look, 5); look(); })";
        self.evaluate(ready).map(|_| ())
    }

    /// The value of an expression in the page.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Result<Value, Failed> {
        let parameters = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let result = self.order("Runtime.evaluate", parameters)?;
        match result.get("exceptionDetails") {
            Some(details) => Err(format!("{expression}: {details}").into()),
            None => Ok(result["result"]["value"].clone()),
        }
    }

    /// Presses and releases a key: a letter, or one with a name.
    pub(crate) fn press(&mut self, key: &str) -> Result<(), Failed> {
        let text = if key == "Enter" { "\r" } else { key };
        let is_text = text.chars().count() == 1;
        let code = match key {
            "Enter" => 13,
            "ArrowLeft" => 37,
            "ArrowRight" => 39,
            "Home" => 36,
            "End" => 35,
            "PageDown" => 34,
            "Escape" => 27,
            "Tab" => 9,
            _ => 0,
        };
        let mut down = json!({ "type": if is_text { "keyDown" } else { "rawKeyDown" }, "key": key, "windowsVirtualKeyCode": code });
        if is_text {
            down["text"] = json!(text);
        }
        self.order("Input.dispatchKeyEvent", down)?;
        let up = json!({ "type": "keyUp", "key": key, "windowsVirtualKeyCode": code });
        self.order("Input.dispatchKeyEvent", up).map(|_| ())
    }

    /// Takes a picture of what is to be seen.
    pub(crate) fn screenshot(&mut self, file: &Path) -> Result<(), Failed> {
        let taken = self.order("Page.captureScreenshot", json!({ "format": "png" }))?;
        fs::write(file, decoded(taken["data"].as_str().unwrap_or_default()))?;
        Ok(())
    }

    /// Prints the page as PDF.
    pub(crate) fn print(&mut self, file: &Path) -> Result<(), Failed> {
        let printed =
            self.order("Page.printToPDF", json!({ "printBackground": true, "preferCSSPageSize": true }))?;
        fs::write(file, decoded(printed["data"].as_str().unwrap_or_default()))?;
        Ok(())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.session = None;
        // It may be gone already.
        let _ = self.order("Browser.close", json!({}));
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}

/// What stands in base64, with padding or without.
fn decoded(text: &str) -> Vec<u8> {
    let digit = |letter: u8| match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits: Vec<u8> = text.bytes().filter_map(digit).collect();
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    for group in digits.chunks(4) {
        let all =
            group.iter().fold(0_u32, |all, digit| all << 6 | u32::from(*digit)) << (6 * (4 - group.len()));
        bytes.extend(&all.to_be_bytes()[1..group.len()]);
    }
    bytes
}
