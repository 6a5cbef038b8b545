//! The parser returns for any text, and its errors can be shown.

use proptest::prelude::*;

use super::super::keywords::Keyword;
use super::super::verbs::VERBS;
use super::super::{forms, parse_net};
use super::{NET, WHOLE, WHOLE_RUNS, read, traffic};

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

/// The words of the language and of net files, and what may stand for the words in capitals.
fn vocabulary() -> Vec<&'static str> {
    let forms = forms().flat_map(|form| form.split([' ', '[', ']', '|'])).filter(|word| !word.is_empty());
    let mut words: Vec<&str> = forms.collect();
    words.sort_unstable();
    words.dedup();
    words.extend(VERBS.iter().map(|verb| verb.word));
    words.extend(Keyword::all().map(Keyword::word));
    words.extend([
        "\n",
        "\n",
        "\n",
        "\n",
        "\n",
        "\n",
        "\n  ",
        "\n  |",
        ",",
        "of:",
        "sweep\n  ",
        "meanwhile\n  at 1s",
        "at the end",
        "any host crashes,",
        "loses|",
        "|repeats",
        "\r\n",
        "\u{a0}",
        "\u{e9}",
        "\u{1b}",
        "\u{9b}",
        "at 5s",
        "\u{b0}N",
        "|",
        "#",
        "+",
        "+1s",
        "1.5s",
        "5min",
        "12",
        "0o17",
        "0xff",
        "0e",
        "64/128",
        "80%",
        "100",
        "8000,",
        "1973-01",
        "BBN",
        "CASE-10",
        "HARV",
        "UTAH,",
        "every host",
        "one host at each distance",
        "<BOBT>A",
        "127.0.0.1:22002",
        "aka",
        "50kb/s",
        "delay",
        "10km",
        "42.38N",
        "71.1W",
        "source",
        "{x}",
        "{x+1}",
        "{x-4}/128",
        "{x},",
        "{",
        "{x",
        "{13}",
        "\"{",
    ]);
    words
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
            prop::sample::select(vocabulary()),
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
        for sound in [WHOLE, WHOLE_RUNS, traffic::WHOLE, NET] {
            let mut text = sound.to_owned();
            for (at, gone, new) in &changes {
                text = changed(&text, *at, *gone, new);
            }
            shown(&text);
        }
    }
}
