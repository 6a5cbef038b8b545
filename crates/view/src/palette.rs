//! How hosts and IMPs look in pictures of a run: the same everywhere, and different without colour, too.

/// The theme of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Dark on light; prints well.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

/// How a host looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Its colour on a light ground, and on a dark one. They can be told apart by people who see some colours alike.
    pub colors: [&'static str; 2],
    /// The dashes of its lines, as SVG wants them; nothing for an unbroken line.
    pub dashes: &'static str,
    /// Its mark.
    pub mark: char,
}

/// Looks, from the first host of a scenario on. They repeat after the last.
const LOOKS: [Look; 8] = [
    Look { colors: ["#0060a8", "#7cc4ff"], dashes: "", mark: '●' },
    Look { colors: ["#b34700", "#ffa566"], dashes: "12 5", mark: '■' },
    Look { colors: ["#00714f", "#5fd6ae"], dashes: "3 4", mark: '▲' },
    Look { colors: ["#8f2f74", "#f0a0d8"], dashes: "14 4 3 4", mark: '◆' },
    Look { colors: ["#6b5600", "#e6cf5c"], dashes: "7 7", mark: '▼' },
    Look { colors: ["#4b3fa8", "#bdb4ff"], dashes: "14 4 3 4 3 4", mark: '★' },
    Look { colors: ["#a3263a", "#ff9aa8"], dashes: "2 8", mark: '○' },
    Look { colors: ["#006b75", "#66d4de"], dashes: "20 4", mark: '□' },
];

impl Look {
    /// The look of the host of this place in the scenario.
    pub const fn of(place: usize) -> Look {
        LOOKS[place % LOOKS.len()]
    }

    /// Its colour on the ground of a theme.
    pub const fn color(self, theme: Theme) -> &'static str {
        match theme {
            Theme::Light => self.colors[0],
            Theme::Dark => self.colors[1],
        }
    }
}
