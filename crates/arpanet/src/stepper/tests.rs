//! What keys do, and what is on the screen then.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use scenario::library;
use sim::{Options, Outcome, Prepared};
use view::sheet::Sheet;

use super::{Goes, Stepper};

/// What is on the screen, line by line.
fn screen(stepper: &mut Stepper<'_>, width: u16, height: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a terminal that is none");
    terminal.draw(|frame| stepper.draw(frame)).expect("it can be drawn on");
    let buffer = terminal.backend().buffer();
    let rows = buffer.content().chunks(usize::from(width));
    let rows = rows.map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect::<String>());
    rows.map(|row| row.trim_end().to_owned() + "\n").collect()
}

fn press(stepper: &mut Stepper<'_>, code: KeyCode) -> Goes {
    stepper.key(KeyEvent::new(code, KeyModifiers::NONE))
}

fn type_text(stepper: &mut Stepper<'_>, text: &str) {
    for character in text.chars() {
        press(stepper, KeyCode::Char(character));
    }
    press(stepper, KeyCode::Enter);
}

fn with_stepper<T>(name: &str, look: impl FnOnce(&Sheet<'_>, &mut Stepper<'_>) -> T) -> T {
    let text = library::scenario(name).expect("it is built in");
    let prepared = Prepared::parse(text).expect("it can be read");
    let outcome: Outcome = prepared.replay_with_tables(prepared.scenario().seed, Options::EVERYTHING);
    let sheet = Sheet::new(prepared.scenario(), &outcome);
    let mut stepper = Stepper::new(&sheet, text, false);
    look(&sheet, &mut stepper)
}

#[test]
fn one_goes_from_the_first_step_to_the_last_and_back_and_every_screen_can_be_drawn() {
    with_stepper("rfc438-append", |_, stepper| {
        let first = screen(stepper, 100, 40);
        assert!(first.contains("types APPEND (FILE) [SITE1]PROG1.PL1"), "{first}");
        let steps = stepper.seen.len();
        for _ in 1..steps {
            assert_eq!(press(stepper, KeyCode::Right), Goes::On);
            screen(stepper, 100, 40);
        }
        assert_eq!(stepper.at, steps - 1);
        press(stepper, KeyCode::Right);
        assert!(screen(stepper, 100, 40).contains("this is the last step"), "it says so");
        press(stepper, KeyCode::Home);
        assert_eq!(screen(stepper, 100, 40), first, "back at the first it looks as it did");
        assert_eq!(press(stepper, KeyCode::Char('q')), Goes::Ends);
    });
}

#[test]
fn at_any_step_the_tables_are_those_of_the_hosts() {
    with_stepper("rfc438-append", |sheet, stepper| {
        press(stepper, KeyCode::Tab);
        press(stepper, KeyCode::Tab);
        for text in ["LSTN R", "SOCK 1,8193", "data 25 x 8 bits"] {
            assert!(stepper.find(text), "{text}");
            let record = stepper.record().expect("it is there");
            let shown = screen(stepper, 160, 70);
            for host in sheet.moments[record as usize].hosts() {
                for status in &sheet.table(host, record).expect("it is up").connections {
                    let row = format!("  {} ", status.local);
                    assert!(shown.contains(&row), "{text}: {row} is in the tables\n{shown}");
                    if let Some(link) = status.link {
                        assert!(shown.contains(&format!("link {link}, bytes of")), "{shown}");
                    }
                }
            }
        }
        let shown = screen(stepper, 160, 70);
        assert!(
            shown.contains("FTP server for SITE3") && shown.contains("transfer: retrieve: data flow"),
            "{shown}"
        );
        press(stepper, KeyCode::Char('3'));
        let shown = screen(stepper, 160, 70);
        assert!(
            shown.contains("X, the data socket of the destination: 57144"),
            "what the coordinator knows:\n{shown}"
        );
    });
}

#[test]
fn from_a_step_one_gets_to_its_cause_and_to_its_answer() {
    with_stepper("rfc438-append", |sheet, stepper| {
        assert!(stepper.find("255 SOCK 8193"));
        let answer = stepper.record().expect("it is there");
        press(stepper, KeyCode::Char('c'));
        let arrival = stepper.record().expect("it is there");
        assert_eq!(sheet.moments[answer as usize].cause, Some(arrival), "the arrival of what was asked");
        press(stepper, KeyCode::Char('c'));
        let asked = stepper.record().expect("it is there");
        assert_eq!(sheet.moments[asked as usize].said[0].what, "SOCK 2,57144");
        press(stepper, KeyCode::Char('a'));
        assert_eq!(stepper.record(), Some(answer), "and back to the answer");
        press(stepper, KeyCode::Home);
        press(stepper, KeyCode::Char('c'));
        assert!(screen(stepper, 100, 30).contains("no message brought this about"));
    });
}

#[test]
fn one_searches_goes_to_a_time_and_to_a_phase() {
    with_stepper("rfc438-append", |sheet, stepper| {
        press(stepper, KeyCode::Char('/'));
        type_text(stepper, "lstn r");
        let here = stepper.record().expect("it is there");
        assert_eq!(sheet.moments[here as usize].said[0].what, "LSTN R", "in either case of letters");
        press(stepper, KeyCode::Char('/'));
        type_text(stepper, "NO SUCH THING");
        assert!(screen(stepper, 100, 30).contains("no other step that is seen says"));
        assert_eq!(stepper.record(), Some(here), "it stays where it was");
        press(stepper, KeyCode::Char(']'));
        let (next, own) = (stepper.record().expect("it is there"), sheet.moments[here as usize].phase);
        assert_eq!(sheet.moments[next as usize].phase, own + 1);
        press(stepper, KeyCode::Char('['));
        assert_eq!(stepper.record(), Some(here), "the beginning of the phase before");
        press(stepper, KeyCode::Char('t'));
        type_text(stepper, "0.7");
        let later = &sheet.moments[stepper.record().expect("it is there") as usize];
        assert!(later.at.as_micros() >= 700_000 && later.at.as_micros() < 710_000, "{}", later.at);
        press(stepper, KeyCode::Char('t'));
        type_text(stepper, "SOON");
        assert!(screen(stepper, 100, 30).contains("is no time"));
    });
}

#[test]
fn words_and_bits_of_a_step_are_there() {
    with_stepper("rfc438-append", |_, stepper| {
        assert!(stepper.find("SOCK 2,57144"));
        let shown = screen(stepper, 100, 60);
        assert!(shown.contains("Why now:"), "{shown}");
        press(stepper, KeyCode::Tab);
        let shown = screen(stepper, 100, 60);
        assert!(shown.contains("its bits") && shown.contains("1-"), "{shown}");
    });
}

#[test]
fn no_pane_at_any_step_shows_a_password() {
    let scenarios: [(&str, &[&str]); 5] = [
        ("rfc438-append", &["BLUE", "GREEN"]),
        ("append-wrong-password", &["BLUE", "GREEN", "RED"]),
        ("user-by-hand", &["BLUE"]),
        ("third-party-by-hand", &["BLUE", "GREEN"]),
        ("rfc354-retr", &["BLUE"]),
    ];
    for (name, passwords) in scenarios {
        with_stepper(name, |_, stepper| {
            for _ in 0..4 {
                press(stepper, KeyCode::Home);
                for _ in 0..stepper.seen.len() {
                    let shown = screen(stepper, 120, 60);
                    let mut words = shown.split(|letter: char| !letter.is_alphanumeric());
                    let found = words.find(|word| passwords.contains(word));
                    assert!(found.is_none(), "{name} shows {found:?}:\n{shown}");
                    press(stepper, KeyCode::Right);
                }
                press(stepper, KeyCode::Tab);
            }
        });
    }
}

#[test]
fn all_is_seen_if_it_is_asked_for_and_any_window_will_do() {
    with_stepper("case-to-bbn-from-usc", |_, stepper| {
        let hosts = stepper.seen.len();
        press(stepper, KeyCode::Char('s'));
        press(stepper, KeyCode::Char('s'));
        assert!(stepper.seen.len() > 3 * hosts, "packets are seen, too");
        for (width, height) in [(1, 1), (10, 4), (20, 10), (40, 12), (80, 24), (132, 43), (300, 100)] {
            for code in [KeyCode::Right, KeyCode::PageDown, KeyCode::Tab, KeyCode::Down, KeyCode::Char('?')] {
                press(stepper, code);
                screen(stepper, width, height);
            }
        }
    });
}

#[test]
fn at_a_packet_the_bits_are_those_of_its_frame() {
    with_stepper("rfc438-append", |_, stepper| {
        press(stepper, KeyCode::Char('s'));
        press(stepper, KeyCode::Char('s'));
        press(stepper, KeyCode::Tab);
        assert!(stepper.find("message 0 packet 1"), "there is a packet");
        let shown = screen(stepper, 160, 60);
        for words in ["96 bits", "message number  0", "packet number  1", "last packet  1", "24 bits"] {
            assert!(shown.contains(words), "{words}\n{shown}");
        }
    });
}
