//! What came of a play: what the captured host answered, and what ours does.

use std::collections::{BTreeMap, BTreeSet};

use imp1822::HostAddress;
use machine::Instant;
use ncp::Socket;

/// What an answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum About {
    /// The partner as a whole.
    Host,
    /// The connection with this socket of the partner.
    Connection(Socket),
}

/// Something that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Answer {
    at: Instant,
    /// The same for what means the same.
    key: String,
    text: String,
}

/// The text that was sent on a connection.
#[derive(Debug, Default)]
struct Text {
    is_dialogue: bool,
    bytes: Vec<u8>,
    /// Where each message begins, and when it was sent.
    begins: Vec<(usize, Instant)>,
}

/// Everything that one of the two has answered.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    said: BTreeMap<(HostAddress, About), Vec<Answer>>,
    texts: BTreeMap<(HostAddress, Socket), Text>,
    heard: Vec<(Instant, HostAddress, String)>,
}

impl Answers {
    pub(crate) fn say(&mut self, at: Instant, to: HostAddress, about: About, key: String, text: String) {
        self.said.entry((to, about)).or_default().push(Answer { at, key, text });
    }

    pub(crate) fn hear(&mut self, at: Instant, from: HostAddress, what: String) {
        self.heard.push((at, from, what));
    }

    pub(crate) fn text(&mut self, at: Instant, to: (HostAddress, Socket), is_dialogue: bool, bytes: &[u8]) {
        let text = self.texts.entry(to).or_default();
        text.is_dialogue |= is_dialogue;
        text.begins.push((text.bytes.len(), at));
        text.bytes.extend_from_slice(bytes);
    }

    /// The number that was sent first on a connection.
    pub(crate) fn number(&self, connection: (HostAddress, Socket)) -> Option<u32> {
        let text = self.texts.get(&connection)?;
        text.bytes.first_chunk::<4>().map(|bytes| u32::from_be_bytes(*bytes))
    }

    /// The texts as answers: of a dialogue each line, of other data all at once.
    fn into_answers(self) -> BTreeMap<(HostAddress, About, bool), Vec<Answer>> {
        let said = self.said.into_iter();
        let mut all: BTreeMap<_, Vec<Answer>> =
            said.map(|((to, about), said)| ((to, about, false), said)).collect();
        for ((to, socket), text) in self.texts {
            let answers = if text.is_dialogue { text.lines() } else { vec![text.data()] };
            all.insert((to, About::Connection(socket), true), answers);
        }
        all
    }
}

impl Text {
    fn lines(&self) -> Vec<Answer> {
        let mut lines = Vec::new();
        let mut begin = 0;
        for line in self.bytes.split_inclusive(|byte| *byte == b'\n') {
            let after = self.begins.partition_point(|(start, _)| *start <= begin);
            let at = self.begins[..after].last().map_or(Instant::START, |(_, at)| *at);
            begin += line.len();
            let text: String =
                String::from_utf8_lossy(line).chars().filter(|sign| !sign.is_control()).collect();
            let is_reply = text.len() >= 3 && text.bytes().take(3).all(|byte| byte.is_ascii_digit());
            // A reply is known by its code: the words are for people.
            let key = if is_reply { text.chars().take(3).collect() } else { text.clone() };
            lines.push(Answer { at, key, text });
        }
        lines
    }

    fn data(&self) -> Answer {
        let at = self.begins.first().map_or(Instant::START, |(_, at)| *at);
        let sum = self.bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        // A number of four bytes is a socket, which is each host's own choice.
        match self.bytes.len() {
            4 => Answer { at, key: "number".to_owned(), text: "a socket number".to_owned() },
            many => Answer { at, key: format!("{sum:x}"), text: format!("{many} bytes of data") },
        }
    }
}

/// How an answer of ours compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A partner says this to both.
    Heard,
    /// Both answer the same, but for numbers that each chooses.
    Same,
    /// Both answer the same in other words.
    OtherWords,
    /// Only the captured host has answered this.
    OnlyCaptured,
    /// Only ours answers this.
    OnlyOurs,
}

/// A line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayedLine {
    /// When, on the clock of the capture.
    pub at: Instant,
    /// The partner.
    pub partner: HostAddress,
    /// How it compares.
    pub mark: Mark,
    /// What was said.
    pub text: String,
    /// What ours says instead, if it has other words.
    pub ours: Option<String>,
}

/// What the captured host and ours have answered.
#[derive(Debug)]
pub struct Comparison {
    /// What was said, in the order of time.
    pub lines: Vec<PlayedLine>,
    /// How many programs of the captured host asked others for something: that is not played.
    pub asked: u64,
    /// How many messages of others the captured host was sent.
    pub heard: u64,
    /// How many of these ours never allocated for.
    pub unsaid: usize,
}

impl Comparison {
    pub(crate) fn new(
        (mut captured, ours): (Answers, Answers),
        chosen: &Chosen,
        asked: u64,
        heard: u64,
        unsaid: usize,
    ) -> Self {
        let heard_lines = std::mem::take(&mut captured.heard);
        let mut lines: Vec<PlayedLine> = heard_lines
            .into_iter()
            .map(|(at, partner, text)| PlayedLine { at, partner, mark: Mark::Heard, text, ours: None })
            .collect();
        let (captured, mut ours) = (captured.into_answers(), ours.into_answers());
        for (key, captured) in captured {
            let ours = ours.remove(&key).unwrap_or_default();
            compare(key.0, (&captured, &ours), chosen, &mut lines);
        }
        for (key, ours) in ours {
            compare(key.0, (&[], &ours), chosen, &mut lines);
        }
        lines.sort_by_key(|line| line.at);
        Comparison { lines, asked, heard, unsaid }
    }

    /// How many answers are of this sort.
    pub fn count(&self, mark: Mark) -> usize {
        self.lines.iter().filter(|line| line.mark == mark).count()
    }

    /// Whether ours answers as the captured host did.
    pub fn is_the_same(&self) -> bool {
        self.count(Mark::OnlyCaptured) == 0 && self.count(Mark::OnlyOurs) == 0
    }
}

/// No longer rows of answers are compared as well as can be: of longer ones, what differs first makes all differ.
const MOST: usize = 2000;

/// Lines up the answers of both: the longest row of answers that both have is the same.
fn compare(
    partner: HostAddress,
    (captured, ours): (&[Answer], &[Answer]),
    chosen: &Chosen,
    lines: &mut Vec<PlayedLine>,
) {
    let same = captured.iter().zip(ours).take_while(|(one, other)| one.key == other.key).count();
    let (begin, captured) = captured.split_at(same);
    let (also, ours) = ours.split_at(same);
    begin.iter().zip(also).for_each(|(one, other)| lines.push(pair(partner, one, other, chosen)));
    let (captured, captured_rest) = captured.split_at(captured.len().min(MOST));
    let (ours, ours_rest) = ours.split_at(ours.len().min(MOST));
    // How many both have from there on.
    let mut common = vec![vec![0_u16; ours.len() + 1]; captured.len() + 1];
    for one in (0..captured.len()).rev() {
        for other in (0..ours.len()).rev() {
            common[one][other] = if captured[one].key == ours[other].key {
                common[one + 1][other + 1] + 1
            } else {
                common[one + 1][other].max(common[one][other + 1])
            };
        }
    }
    let only = |answer: &Answer, mark| PlayedLine {
        at: answer.at,
        partner,
        mark,
        text: answer.text.clone(),
        ours: None,
    };
    let (mut one, mut other) = (0, 0);
    while one < captured.len() || other < ours.len() {
        let is_pair = one < captured.len() && other < ours.len() && captured[one].key == ours[other].key;
        if is_pair {
            lines.push(pair(partner, &captured[one], &ours[other], chosen));
            (one, other) = (one + 1, other + 1);
        } else if other == ours.len()
            || (one < captured.len() && common[one + 1][other] >= common[one][other + 1])
        {
            lines.push(only(&captured[one], Mark::OnlyCaptured));
            one += 1;
        } else {
            lines.push(only(&ours[other], Mark::OnlyOurs));
            other += 1;
        }
    }
    lines.extend(captured_rest.iter().map(|answer| only(answer, Mark::OnlyCaptured)));
    lines.extend(ours_rest.iter().map(|answer| only(answer, Mark::OnlyOurs)));
}

/// Sockets and links: which the captured host chose, and which ours.
type Chosen = BTreeSet<(u32, u32)>;

/// Whether two texts are the same but for numbers that each host chooses for itself.
fn is_the_same(one: &str, other: &str, chosen: &Chosen) -> bool {
    let numbers = |one: &str, other: &str| Some((one.parse().ok()?, other.parse().ok()?));
    let mut words = one.split(' ').zip(other.split(' '));
    one.split(' ').count() == other.split(' ').count()
        && words.all(|(one, other)| {
            one == other || numbers(one, other).is_some_and(|numbers| chosen.contains(&numbers))
        })
}

fn pair(partner: HostAddress, one: &Answer, other: &Answer, chosen: &Chosen) -> PlayedLine {
    let is_same = is_the_same(&one.text, &other.text, chosen);
    PlayedLine {
        at: one.at,
        partner,
        mark: if is_same { Mark::Same } else { Mark::OtherWords },
        text: one.text.clone(),
        ours: (!is_same).then(|| other.text.clone()),
    }
}

#[cfg(test)]
mod tests {
    use machine::Span;

    use super::*;

    const PARTNER: u8 = 3;

    fn answers(said: &[(u32, &str)], texts: &[(u32, &str)]) -> Answers {
        let mut answers = Answers::default();
        let partner = HostAddress::from(PARTNER);
        for (number, (socket, what)) in (0..).zip(said) {
            let at = Instant::START + Span::from_millis(number);
            let key = what.split(' ').next().unwrap_or_default().to_owned();
            answers.say(at, partner, About::Connection(Socket::from(*socket)), key, (*what).to_owned());
        }
        for (socket, text) in texts {
            answers.text(Instant::START, (partner, Socket::from(*socket)), true, text.as_bytes());
        }
        answers
    }

    fn marks(captured: Answers, ours: Answers, chosen: &[(u32, u32)]) -> Vec<Mark> {
        let chosen = chosen.iter().copied().collect();
        let comparison = Comparison::new((captured, ours), &chosen, 0, 0, 0);
        comparison.lines.iter().map(|line| line.mark).collect()
    }

    #[test]
    fn numbers_that_each_host_chooses_are_no_other_words_and_other_numbers_are() {
        let one = || answers(&[(5, "RTS 400 from 5 link 9")], &[]);
        let other = || answers(&[(5, "RTS 700 from 5 link 8")], &[]);
        assert_eq!(marks(one(), other(), &[(400, 700), (9, 8)]), [Mark::Same]);
        assert_eq!(marks(one(), other(), &[(400, 700)]), [Mark::OtherWords], "the link is none of theirs");
        assert_eq!(marks(one(), answers(&[], &[]), &[]), [Mark::OnlyCaptured]);
    }

    #[test]
    fn the_order_of_answers_on_different_connections_is_no_difference_and_that_on_one_is() {
        let one = answers(&[(5, "RTS 1"), (7, "STR 2")], &[]);
        let other = answers(&[(7, "STR 2"), (5, "RTS 1")], &[]);
        assert_eq!(marks(one, other, &[]), [Mark::Same; 2]);
        let one = answers(&[(5, "RTS 1"), (5, "CLS 2")], &[]);
        let other = answers(&[(5, "CLS 2"), (5, "RTS 1")], &[]);
        let marks = marks(one, other, &[]);
        assert!(marks.contains(&Mark::OnlyCaptured) && marks.contains(&Mark::OnlyOurs), "{marks:?}");
    }

    #[test]
    fn a_reply_is_known_by_its_code_however_the_text_is_cut_into_messages() {
        let one = answers(&[], &[(5, "230 HEL"), (5, "LO\r\n250 MARK\r\n")]);
        let other = answers(&[], &[(5, "230 WELCOME\r\n"), (5, "250 MARK\r\n")]);
        assert_eq!(marks(one, other, &[]), [Mark::OtherWords, Mark::Same]);
        let one = answers(&[], &[(5, "230 HELLO\r\n250 MARK\r\n")]);
        let other = answers(&[], &[(5, "430 NO\r\n250 MARK\r\n")]);
        let marks = marks(one, other, &[]);
        assert_eq!(marks.iter().filter(|mark| **mark == Mark::Same).count(), 1, "what follows is compared");
        assert_eq!(marks.len(), 3);
    }
}
