//! How lines end: CR LF on the network, and whatever this machine likes on its disk.

/// Text as the network has it. Where lines end with LF alone, as there is no CR anywhere, CR LF ends them; anything else
/// stays as it is.
pub fn to_network(content: Vec<u8>) -> Vec<u8> {
    if content.contains(&b'\r') {
        return content;
    }
    let lines = content.iter().filter(|byte| **byte == b'\n').count();
    if lines == 0 {
        return content;
    }
    let mut text = Vec::with_capacity(content.len() + lines);
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(line) => {
                text.extend_from_slice(line);
                text.extend_from_slice(b"\r\n");
            }
            None => text.extend_from_slice(line),
        }
    }
    text
}

/// Text from the network as this machine has it: LF ends its lines. What has a CR or a LF alone somewhere stays as it is; if
/// that is a LF, and there is no CR, it will be given one on its way back.
pub fn to_disk(content: Vec<u8>) -> Vec<u8> {
    if !is_text(&content) {
        return content;
    }
    let mut text = content;
    text.retain(|byte| *byte != b'\r');
    text
}

/// Text from the network behind what this machine has already, which stays as it is: only if its lines end with LF, those of
/// the new text do.
#[cfg(feature = "live")]
pub(crate) fn append_to_disk(old: &mut Vec<u8>, new: Vec<u8>) {
    if old.contains(&b'\r') {
        old.extend_from_slice(&new);
    } else {
        old.append(&mut to_disk(new));
    }
}

/// Whether every CR is followed by a LF, and every LF follows a CR.
fn is_text(content: &[u8]) -> bool {
    let mut before = 0;
    for &byte in content {
        if (before == b'\r') != (byte == b'\n') {
            return false;
        }
        before = byte;
    }
    before != b'\r'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_with_cr_lf_on_the_network_and_lf_on_the_disk() {
        assert_eq!(to_network(b"a\n\nb".to_vec()), b"a\r\n\r\nb");
        assert_eq!(to_disk(b"a\r\n\r\nb".to_vec()), b"a\n\nb");
        assert_eq!(to_network(b"a\r\nb\n".to_vec()), b"a\r\nb\n", "that is no text of this machine");
    }

    #[test]
    #[cfg(feature = "live")]
    fn what_is_appended_leaves_the_lines_before_it_as_they_are() {
        for (old, new, both) in [
            ("a\nb\n", "c\r\n", "a\nb\nc\n"),
            ("a\nb\n", "c\rd\n", "a\nb\nc\rd\n"),
            ("a\r\nb\n", "c\r\n", "a\r\nb\nc\r\n"),
            ("", "c\r\n", "c\n"),
        ] {
            let mut text = old.as_bytes().to_vec();
            append_to_disk(&mut text, new.as_bytes().to_vec());
            assert_eq!(String::from_utf8_lossy(&text), both, "{old:?} and {new:?}");
        }
    }

    #[test]
    fn what_comes_from_the_network_goes_back_as_it_came() {
        // All texts of up to six of these. Lines that end with LF alone are mended; nothing else is changed.
        let bytes = [b'a', b'\r', b'\n'];
        let mut texts = vec![Vec::new()];
        for length in 0..6 {
            let shorter: Vec<Vec<u8>> = texts.iter().filter(|text| text.len() == length).cloned().collect();
            for text in shorter {
                texts.extend(bytes.iter().map(|byte| [&text[..], &[*byte]].concat()));
            }
        }
        assert_eq!(texts.len(), 1093);
        for text in texts {
            let back = to_network(to_disk(text.clone()));
            if text.contains(&b'\r') || !text.contains(&b'\n') {
                assert_eq!(back, text);
            } else {
                assert_eq!(back, to_network(text));
            }
        }
    }
}
