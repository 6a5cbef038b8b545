//! The ladder in letters: a lane for each host, and a row for each step.

use imp1822::HostAddress;
use trace::{Names, Party, What};
use view::sheet::{Moment, Sheet};

/// What is left of the lanes for the time.
pub(super) const TIME: usize = 12;

/// Where lanes stand in a row so wide.
pub(super) struct Lanes<'a> {
    hosts: &'a [HostAddress],
    width: usize,
}

impl<'a> Lanes<'a> {
    pub(super) fn new(hosts: &'a [HostAddress], width: usize) -> Self {
        Lanes { hosts, width: width.max(TIME + 2) }
    }

    /// The column of a lane.
    fn column(&self, lane: usize) -> usize {
        let room = self.width - TIME;
        let share = room / self.hosts.len().max(1);
        TIME + share * lane + share / 2
    }

    fn lane(&self, host: HostAddress) -> Option<usize> {
        self.hosts.iter().position(|other| *other == host)
    }

    /// Each host above its lane: the column at which its name begins, the name, and the place of the host.
    pub(super) fn names(&self, names: &Names) -> Vec<(usize, String, usize)> {
        let share = ((self.width - TIME) / self.hosts.len().max(1)).max(1);
        let named = self.hosts.iter().enumerate().map(|(lane, host)| {
            let name: String = names.host(*host).chars().take(share.saturating_sub(1).max(1)).collect();
            (self.column(lane).saturating_sub(name.chars().count() / 2), name, lane)
        });
        named.collect()
    }

    /// A row of lanes with nothing in it.
    fn empty(&self) -> Vec<char> {
        let mut row = vec![' '; self.width];
        for lane in 0..self.hosts.len() {
            row[self.column(lane).min(self.width - 1)] = '│';
        }
        row
    }

    /// The row of a step: an arrow for a message, text at its lane for what else happens at a host.
    pub(super) fn row(&self, sheet: &Sheet<'_>, moment: &Moment, text: &str) -> String {
        let mut row = self.empty();
        put(&mut row, 0, &format!("{:>width$}", moment.at.to_string(), width = TIME - 2));
        let from = moment.host.and_then(|host| self.lane(host));
        let to = moment.said.first().and_then(|said| {
            match (&sheet.records()[moment.record as usize].what, said.to) {
                (What::Sent { .. }, Some(Party::Host(to))) => self.lane(to),
                _ => None,
            }
        });
        match (from, to) {
            (Some(from), Some(to)) if from != to => self.arrow(&mut row, from, to, text),
            (Some(lane), _) => self.note(&mut row, lane, text),
            (None, _) => put(&mut row, TIME, &cut(text, self.width - TIME)),
        }
        row.into_iter().collect::<String>().trim_end().to_owned()
    }

    fn arrow(&self, row: &mut [char], from: usize, to: usize, text: &str) {
        let (a, b) = (self.column(from), self.column(to));
        let (left, right) = (a.min(b), a.max(b));
        for place in &mut row[left + 1..right] {
            *place = if *place == '│' { '┼' } else { '─' };
        }
        (row[a], row[b]) = if a < b { ('├', '▶') } else { ('┤', '◀') };
        let text = cut(text, (right - left).saturating_sub(5));
        let length = text.chars().count();
        if length > 0 {
            put(row, left + (right - left - length) / 2, &format!(" {text} "));
        }
    }

    /// On the side of the lane where there is more room.
    fn note(&self, row: &mut [char], lane: usize, text: &str) {
        let column = self.column(lane);
        let (before, behind) = (column.saturating_sub(TIME + 1), self.width.saturating_sub(column + 2));
        if behind >= before || text.chars().count() <= behind {
            put(row, column + 2, &cut(text, behind));
        } else {
            let text = cut(text, before);
            put(row, column - 1 - text.chars().count(), &text);
        }
    }
}

fn put(row: &mut [char], at: usize, text: &str) {
    for (place, character) in row.iter_mut().skip(at).zip(text.chars()) {
        *place = character;
    }
}

/// As much of a text as fits.
pub(super) fn cut(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(room.saturating_sub(1)).collect();
    if room > 0 {
        short.push('…');
    }
    short
}
