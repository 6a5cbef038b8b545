//! Writes SVG: elements and text, well-formed whatever they are given.

use std::fmt::{Display, Write as _};

/// The attributes of an element: names, which are ours, and values, which are escaped.
pub(crate) type Attributes<'a> = &'a [(&'a str, &'a dyn Display)];

/// A drawing that grows.
#[derive(Debug)]
pub(crate) struct Svg {
    text: String,
    /// The elements that are open.
    open: Vec<&'static str>,
}

impl Svg {
    /// An empty drawing of this size, with what it shows as its title, and a style sheet of ours.
    pub(crate) fn new(width: i32, height: i32, title: &str, style: &str) -> Self {
        let mut svg = Svg { text: String::new(), open: Vec::new() };
        let view = format!("0 0 {width} {height}");
        svg.begin(
            "svg",
            &[
                ("xmlns", &"http://www.w3.org/2000/svg"),
                ("viewBox", &view),
                ("width", &width),
                ("height", &height),
                ("role", &"img"),
            ],
        );
        svg.title(title);
        svg.content("style", &[], style);
        svg
    }

    /// Opens an element; what follows is inside, up to the matching [`Svg::end`].
    pub(crate) fn begin(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.tag(name, attributes, ">\n");
        self.open.push(name);
    }

    /// Closes the element that was opened last.
    pub(crate) fn end(&mut self) {
        if let Some(name) = self.open.pop() {
            self.push(format_args!("{:1$}</{name}>\n", "", self.open.len() * 2));
        }
    }

    /// An element with nothing inside.
    pub(crate) fn element(&mut self, name: &str, attributes: Attributes<'_>) {
        self.tag(name, attributes, "/>\n");
    }

    /// An element with text inside.
    pub(crate) fn content(&mut self, name: &str, attributes: Attributes<'_>, text: &str) {
        self.tag(name, attributes, ">");
        self.push(format_args!("{}</{name}>\n", escaped(text)));
    }

    /// What a reader is told who points at the element that is open.
    pub(crate) fn title(&mut self, text: &str) {
        self.content("title", &[], text);
    }

    /// The drawing, with all that is open closed.
    pub(crate) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.end();
        }
        self.text
    }

    fn tag(&mut self, name: &str, attributes: Attributes<'_>, end: &str) {
        self.push(format_args!("{:1$}<{name}", "", self.open.len() * 2));
        for (name, value) in attributes {
            self.push(format_args!(" {name}=\"{}\"", escaped(&value.to_string())));
        }
        self.text.push_str(end);
    }

    fn push(&mut self, what: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.text.write_fmt(what);
    }
}

/// Text as it may stand between tags and in attributes. XML 1.0 cannot say most control characters at all.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(character),
            _ if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}');
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_said_the_tags_stay_whole() {
        let mut svg = Svg::new(10, 20, "A & B <\u{1b}>", "");
        svg.begin("g", &[("class", &"\"x\"")]);
        svg.element("line", &[("x1", &-3)]);
        svg.content("text", &[], "</text>");
        let expected = "\
<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 20\" width=\"10\" height=\"20\" role=\"img\">
  <title>A &amp; B &lt;\u{fffd}&gt;</title>
  <style></style>
  <g class=\"&quot;x&quot;\">
    <line x1=\"-3\"/>
    <text>&lt;/text&gt;</text>
  </g>
</svg>
";
        assert_eq!(svg.finish(), expected, "what is open is closed");
    }
}
