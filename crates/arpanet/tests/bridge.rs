//! Both ends of a bridge, between a live net and a host of ours, over a connection that is cut again and again.

mod processes;

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use processes::{Arpanet, at, in_background, ports};

/// How many bytes of the calling end cross a connection before it breaks, one after the other: the first breaks in the
/// handshake, others in the middle of whatever it is.
const BREAKS: [usize; 8] = [40, 150, 3001, 20_011, 777, 9973, 47_777, 5003];

/// Carries connections to a port, and breaks each. Returns its own port, and how many it has broken.
fn breaking_proxy(to: u16) -> (u16, Arc<AtomicUsize>) {
    let door = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = door.local_addr().expect("it is bound").port();
    let broken = Arc::new(AtomicUsize::new(0));
    let count = broken.clone();
    in_background(move || {
        for (number, near) in door.incoming().enumerate() {
            let (Ok(near), Ok(far)) = (near, TcpStream::connect(("127.0.0.1", to))) else { continue };
            let left = Arc::new(Mutex::new(BREAKS[number % BREAKS.len()]));
            let clone = |stream: &TcpStream| stream.try_clone().expect("it can be cloned");
            for (from, to) in [(clone(&near), clone(&far)), (far, near)] {
                let (left, count) = (left.clone(), count.clone());
                in_background(move || carry(from, to, &left, &count));
            }
        }
    });
    (port, broken)
}

/// Carries bytes one way, until so many have crossed both ways.
fn carry(mut from: TcpStream, mut to: TcpStream, left: &Mutex<usize>, count: &AtomicUsize) {
    let mut buffer = [0; 4096];
    while let Ok(length) = from.read(&mut buffer) {
        let mut left = left.lock().expect("nobody panics");
        let some = length.min(*left);
        *left -= some;
        if to.write_all(&buffer[..some]).is_err() || some < length || length == 0 {
            count.fetch_add(usize::from(some < length), Ordering::Relaxed);
            break;
        }
    }
    // The other direction ends with this one.
    for stream in [from, to] {
        let _ = stream.shutdown(Shutdown::Both);
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::Builder::new().tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("there is room for tests")
}

/// A file with a key in a folder, and the name of a cable's option.
fn key(folder: &tempfile::TempDir, name: &str) -> String {
    let path = folder.path().join(name).to_str().expect("it is text").to_owned();
    let mut made = Arpanet::start(&["bridge", "--new-key", &path]);
    made.says("is the key");
    assert_eq!(made.ends(), Some(0));
    path
}

/// The port of which an end says that it waits there.
fn port_of(end: &Arpanet) -> u16 {
    let line = end.seen.last().expect("it has said something");
    let port = line.split("the other end at 127.0.0.1:").nth(1).and_then(|rest| rest.split(';').next());
    port.and_then(|port| port.parse().ok()).expect("it says where")
}

#[test]
#[cfg(unix)]
fn thirty_transfers_cross_a_bridge_whose_connection_breaks_again_and_again() {
    let [imp1, site1, imp3, at_imp3, at_site3, site3] = ports();
    let folder = folder();
    let key = key(&folder, "bridge.key");
    let content: String =
        (0..120).map(|line| format!("LINE {line} OF A FILE THAT TAKES SEVERAL MESSAGES\n")).collect();
    let notes = folder.path().join("notes.txt");
    std::fs::write(&notes, &content).expect("it can be written");
    let mut net = Arpanet::start(&[
        "net",
        "three-imps",
        "--live",
        "--external",
        &format!("SITE1={imp1}:127.0.0.1:{site1}"),
        "--external",
        &format!("SITE3={imp3}:127.0.0.1:{at_imp3}"),
    ]);
    net.says("SITE3 is awaited");
    let mut server = Arpanet::host(
        "SITE1",
        &at(imp1),
        site1,
        &["--serve-ftp", "--account", "SMITH:BLUE", "--file", &format!("<SMITH>A.B={}", notes.display())],
    );
    server.says("is ready");
    let near = format!("SITE3={at_imp3}:127.0.0.1:{imp3}");
    let mut listener =
        Arpanet::start(&["bridge", "--listen", "127.0.0.1:0", "--key", &key, "--cable", &near]);
    listener.says("waits for the other end");
    let (proxy, broken) = breaking_proxy(port_of(&listener));
    let far = format!("SITE3={at_site3}:127.0.0.1:{site3}");
    let mut caller = Arpanet::start(&["bridge", "--to", &at(proxy), "--key", &key, "--cable", &far]);
    caller.says("connected with");
    let (mut user, mut keyboard) = Arpanet::host_typed_to("SITE3", &at(at_site3), site3, &["--run", "ftp"]);
    let gets: String = (0..30).map(|number| format!("GET A.B C{number}.D\n")).collect();
    keyboard.write_all(format!("CONNECT SITE1\nLOGIN SMITH BLUE\n{gets}BYE\n").as_bytes()).expect("it reads");
    drop(keyboard);
    for _ in 0..30 {
        user.says(&format!("{} BYTES RECEIVED", content.len() + 120));
    }
    user.says("CLOSED");
    assert_eq!(user.ends(), Some(0), "{:?}", user.seen);
    let broken = broken.load(Ordering::Relaxed);
    assert!(broken > 5, "the connection broke {broken} times");
    caller.interrupt();
    caller.says("0 dropped");
    assert_eq!(caller.ends(), Some(0), "{:?}", caller.seen);
    for one in [&mut listener, &mut server, &mut net] {
        one.interrupt();
        assert_eq!(one.ends(), Some(0), "{:?}", one.seen);
    }
    let told = caller.seen.iter().chain(&listener.seen);
    let lost: Vec<&String> =
        told.filter(|line| line.contains(" lost") && !line.contains("nothing is lost")).collect();
    assert_eq!(lost, Vec::<&String>::new());
}

#[test]
#[cfg(unix)]
fn another_key_and_other_cables_are_told_at_both_ends_and_the_caller_has_failed() {
    let folder = folder();
    let (right, wrong) = (key(&folder, "right.key"), key(&folder, "wrong.key"));
    let [here, there, far] = ports();
    let cable = |name: &str, port: u16| format!("{name}={port}:127.0.0.1:{there}");
    let start = ["bridge", "--listen", "127.0.0.1:0", "--key", &right, "--cable", &cable("UTAH-10", here)];
    let mut listener = Arpanet::start(&start);
    listener.says("waits for the other end");
    let to = at(port_of(&listener));
    for (key, name, at_caller, at_listener) in [
        (&wrong, "UTAH-10", "another key than", "another key than"),
        (&right, "UTAH", "UTAH only here, UTAH-10 only there", "UTAH-10 only here, UTAH only there"),
    ] {
        let mut caller = Arpanet::start(&["bridge", "--to", &to, "--key", key, "--cable", &cable(name, far)]);
        caller.says(at_caller);
        listener.says(at_listener);
        if key == &wrong {
            // Whoever is on the way could have said so: that ends no bridge.
            caller.interrupt();
        }
        assert_eq!(caller.ends(), Some(1));
    }
    // Whoever speaks something else is told of, and changes nothing.
    let mut stranger = TcpStream::connect(&to).expect("it listens");
    stranger.write_all(b"GET / HTTP/1.1\r\n\r\n").expect("it reads");
    listener.says("speaks something else");
    let mut caller =
        Arpanet::start(&["bridge", "--to", &to, "--key", &right, "--cable", &cable("UTAH-10", far)]);
    caller.says("connected with");
    caller.interrupt();
    assert_eq!(caller.ends(), Some(0));
    listener.says("the other end was taken down");
    listener.interrupt();
    assert_eq!(listener.ends(), Some(0));
}

/// What the command says to arguments that make no sense, and its exit status.
fn complaint(arguments: &[&str]) -> (String, Option<i32>) {
    let mut ended = Arpanet::start(arguments);
    let status = ended.ends();
    (ended.seen.join("\n"), status)
}

#[test]
fn what_keeps_a_bridge_from_being_put_up_is_told_with_what_to_do() {
    let folder = folder();
    let key = key(&folder, "bridge.key");
    for (arguments, what) in [
        (&["--listen", "nowhere", "--key", &key, "--cable", "A=1:127.0.0.1:2"][..], "write 4381"),
        (&["--to", "b.example.org", "--key", &key, "--cable", "A=1:127.0.0.1:2"], "bridge.example.org:4381"),
        (&["--to", "b:0", "--key", &key, "--cable", "A=1:127.0.0.1:2"], "no address with a port"),
        (&["--to", "b:1", "--key", &key], "1 to 256 cables"),
        (&["--to", "b:1", "--key", &key, "--cable", "A"], "no = in it"),
        (&["--to", "b:1", "--key", &key, "--cable", "A B=1:127.0.0.1:2"], "a cable's name is"),
        (&["--to", "b:1", "--key", &key, "--cable", "A=0:127.0.0.1:2"], "\"0\" is no port"),
        (
            &["--to", "b:1", "--key", &key, "--cable", "A=1:127.0.0.1:2", "--cable", "A=3:127.0.0.1:4"],
            "a name of its own",
        ),
        (&["--to", "b:1", "--key", "/nonexistent", "--cable", "A=1:127.0.0.1:2"], "it is not there"),
        (&["--new-key", &key], "no key is overwritten"),
    ] {
        let (told, status) = complaint(&[&["bridge"], arguments].concat());
        assert_eq!(status, Some(2), "{arguments:?}: {told}");
        assert!(told.contains(what), "{arguments:?}: {told}");
    }
}
