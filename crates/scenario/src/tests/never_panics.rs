//! Whatever it is fed, the parser answers, and what it answers can be shown.

use proptest::prelude::*;

use super::super::parse_net;
use super::{NET, WHOLE, read, traffic};

fn shown(text: &str) {
    if let Err(errors) = read(text) {
        assert!(errors.count() > 0, "an error says what is wrong");
        assert!(errors.render(false, 0).contains("error"));
    }
    match parse_net("any.net", text) {
        Ok(net) => assert_eq!(net.check(), [], "what is read as a net can be built"),
        Err(errors) => assert!(errors.render(true, 200).contains("error")),
    }
}

/// `text` with the characters from `at` on, `gone` of them, replaced. Positions wrap.
fn changed(text: &str, at: usize, gone: usize, new: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let at = at % (characters.len() + 1);
    let behind = characters[at..].iter().skip(gone);
    characters[..at].iter().copied().chain(new.chars()).chain(behind.copied()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn on_any_text(text in any::<String>()) {
        shown(&text);
    }

    #[test]
    fn on_words_of_the_language_in_any_order(
        words in proptest::collection::vec(
            prop::sample::select(vec![
                "title", "cites", "net", "1973-01", "seed", "limit", "fails", "host", "BBN", "CASE-10",
                "HARV", "types", "sees", "inits", "to", "size", "listens", "for", "closes", "wait",
                "->", "expect", "no", "file", "data", "through", "has", "connections", "same", "as",
                "of", "bytes", "|", "#", "at", "+1s", "+", "within", "1.5s", "12", "0o17", "line",
                "imp", "fails", "\n", "\n", "\n  ", "\r\n", "\u{a0}", "\u{e9}", "aka", "50kb/s",
                "delay", "10km", "at", "42.38N", "71.1W", "cable", "\u{b0}N", "source", "serves", "ftp", "runs", "rsexec", "account", "knows", "password",
                "sends", "receives", "bytes", "takes", "back", "64/128", "injects", "raw", "link", "0e",
                "echoes", "resets", "socket", "open", "allocates", "messages", "bits", "assigns", "0xff",
                "traffic", "measure", "round", "trip", "throughput", "lines", "from", "every", "one", "at",
                "each", "distance", "sizes", "links", "stops", "messages/s", "80%", "100", "8000,", "UTAH,",
            ]),
            0..60,
        ),
    ) {
        shown(&words.join(" "));
        shown(&format!("title T\nnet 1973-01\nhost BBN\n{}", words.join(" ")));
    }

    #[test]
    fn on_sound_files_with_a_few_changes(
        changes in proptest::collection::vec((any::<usize>(), 0..40_usize, ".{0,6}"), 1..5),
    ) {
        for sound in [WHOLE, traffic::WHOLE, NET] {
            let mut text = sound.to_owned();
            for (at, gone, new) in &changes {
                text = changed(&text, *at, *gone, new);
            }
            shown(&text);
        }
    }
}
