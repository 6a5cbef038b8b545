//! One order, as a short string.

use std::fmt;
use std::str::FromStr;

use super::trail::Path;

/// One order in which the messages of a scenario arrive.
///
/// It is written as the places where it is not the usual one: `6.2-11.3` says that the sixth message to arrive is the
/// second of those that could, and the eleventh the third. `usual` is the order in which the messages come.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Order(pub(super) Path);

/// A text is no order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no order: one is written such as 6.2-11.3, or `usual`")]
pub struct NoOrder(String);

/// The order in which the messages come.
const USUAL: &str = "usual";

/// No order is longer.
const LONGEST: usize = 100_000;

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let turns = self.0.iter().zip(1..).filter(|(way, _)| **way > 0);
        let turns: Vec<String> = turns.map(|(way, at)| format!("{at}.{}", usize::from(*way) + 1)).collect();
        f.pad(&if turns.is_empty() { USUAL.to_owned() } else { turns.join("-") })
    }
}

impl FromStr for Order {
    type Err = NoOrder;

    fn from_str(text: &str) -> Result<Self, NoOrder> {
        let none = || NoOrder(text.to_owned());
        let mut path = Path::new();
        if text == USUAL {
            return Ok(Order(path));
        }
        for turn in text.split('-') {
            let (at, way) = turn.split_once('.').ok_or_else(none)?;
            let (at, way): (usize, u8) = (at.parse().map_err(|_| none())?, way.parse().map_err(|_| none())?);
            if at <= path.len() || at > LONGEST || way < 2 {
                return Err(none());
            }
            path.resize(at - 1, 0);
            path.push(way - 1);
        }
        Ok(Order(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_as_it_is_written_and_nothing_else_is_one() {
        for path in [vec![], vec![1], vec![0, 0, 3], vec![0, 1, 0, 0, 9, 1]] {
            let order = Order(path);
            assert_eq!(order.to_string().parse(), Ok(order));
        }
        assert_eq!("6.2-11.3".parse::<Order>().map(|order| order.0.len()), Ok(11));
        for text in
            ["", "6", "6.1", "6.x", "0.2", "6.2-6.3", "6.2-5.2", "6.2-", "6.300", "999999999.2", "USUAL"]
        {
            assert_eq!(text.parse::<Order>(), Err(NoOrder(text.to_owned())));
        }
    }
}
