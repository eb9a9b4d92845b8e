//! Whether bytes are a picture, whole from its first byte to its last: walked through part by part, not drawn. What only
//! begins like one or stops in the middle is none. Behind the end of a JPEG cameras write things of their own; a PNG or a
//! WebP ends where it ends.

/// The longest side of a picture (pixels): beyond that of any phone, and what a browser still draws.
pub const MAX_SIDE: u32 = 16_384;

/// What a picture is (PNG, JPEG or WebP), where it is one.
pub fn media_type(bytes: &[u8]) -> Option<&'static str> {
    let kinds = [("image/png", png(bytes)), ("image/jpeg", jpeg(bytes)), ("image/webp", webp(bytes))];
    kinds.into_iter().find(|(_, whole)| whole.is_some()).map(|(kind, _)| kind)
}

/// A picture has both sides, and not endless ones.
fn sides(width: u32, height: u32) -> Option<()> {
    [width, height].iter().all(|side| (1..=MAX_SIDE).contains(side)).then_some(())
}

fn short(bytes: &[u8]) -> Option<u32> {
    Some(u32::from(u16::from_be_bytes(bytes.get(..2)?.try_into().ok()?)))
}

fn long(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?))
}

/// Signature; then chunks of length, name, content and check sum: the header, the picture, the end.
fn png(bytes: &[u8]) -> Option<()> {
    let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let (mut first, mut pixels) = (true, 0);
    loop {
        let length = usize::try_from(long(rest)?).ok()?;
        let named = rest.get(4..length.checked_add(8)?)?;
        if long(rest.get(length + 8..)?)? != crc(named) {
            return None;
        }
        rest = &rest[length + 12..];
        let (name, content) = named.split_at(4);
        match (name, first) {
            (b"IHDR", true) if length == 13 => sides(long(content)?, long(&content[4..])?)?,
            (b"IDAT", false) => pixels += length,
            (b"IEND", false) => return (length == 0 && pixels > 0 && rest.is_empty()).then_some(()),
            (_, true) | (b"IHDR", _) => return None,
            _ => {}
        }
        first = false;
    }
}

/// The check sum of PNG (CRC-32).
fn crc(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut at = 0;
        while at < 256 {
            let (mut sum, mut bit) = (at as u32, 0);
            while bit < 8 {
                sum = if sum & 1 == 1 { 0xEDB8_8320 ^ (sum >> 1) } else { sum >> 1 };
                bit += 1;
            }
            table[at] = sum;
            at += 1;
        }
        table
    };
    !bytes.iter().fold(!0, |sum: u32, byte| TABLE[usize::from(sum as u8 ^ byte)] ^ (sum >> 8))
}

/// Markers, most of them with a length; behind each start of a scan what it holds; the end.
fn jpeg(bytes: &[u8]) -> Option<()> {
    let mut rest = bytes.strip_prefix(&[0xFF, 0xD8])?;
    let (mut framed, mut scanned) = (false, false);
    loop {
        rest = rest.strip_prefix(&[0xFF])?;
        // Any number of them may fill up.
        let filled = rest.iter().take_while(|byte| **byte == 0xFF).count();
        let marker = *rest.get(filled)?;
        rest = &rest[filled + 1..];
        if marker == 0xD9 {
            return (framed && scanned).then_some(());
        }
        let length = usize::try_from(short(rest)?).ok()?;
        let content = rest.get(2..length)?;
        rest = &rest[length..];
        match marker {
            // Tables and arithmetic coding, which are numbered among the frames.
            0xC4 | 0xC8 | 0xCC => {}
            0xC0..=0xCF if !framed && length == 8 + 3 * usize::from(*content.get(5)?) => {
                sides(short(&content[3..])?, short(&content[1..])?)?;
                framed = true;
            }
            0xDA if framed => {
                let scan = scan(rest);
                rest = &rest[scan..];
                scanned |= scan > 0;
            }
            // Tables, and what programs add.
            0xDB..=0xFE => {}
            _ => return None,
        }
    }
}

/// How long what is coded is: up to the next marker that neither stands for a byte nor begins anew.
fn scan(bytes: &[u8]) -> usize {
    let ends = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xD0..=0xD7);
    bytes.windows(2).position(ends).unwrap_or(bytes.len())
}

/// One RIFF of chunks, the sides in the first of them; the picture is in one of its own, or in frames.
fn webp(bytes: &[u8]) -> Option<()> {
    let little = |bytes: &[u8], at: usize, count: usize| {
        let part = bytes.get(at..at + count)?;
        Some(part.iter().rev().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte)))
    };
    let whole = usize::try_from(little(bytes.strip_prefix(b"RIFF")?, 0, 4)?).ok()?;
    let mut rest = bytes.get(8..)?.strip_prefix(b"WEBP")?;
    if whole != rest.len() + 4 {
        return None;
    }
    let (mut first, mut drawn) = (true, false);
    while !rest.is_empty() {
        let (name, length) = (rest.get(..4)?, usize::try_from(little(rest, 4, 4)?).ok()?);
        let content = rest.get(8..length.checked_add(8)?)?;
        match name {
            b"VP8 " if content.get(3..6) == Some(&[0x9D, 0x01, 0x2A]) => {
                sides(little(content, 6, 2)? & 0x3FFF, little(content, 8, 2)? & 0x3FFF)?;
                drawn |= content.len() > 10;
            }
            b"VP8L" if content.first() == Some(&0x2F) => {
                let both = little(content, 1, 4)?;
                sides((both & 0x3FFF) + 1, (both >> 14 & 0x3FFF) + 1)?;
                drawn |= content.len() > 5;
            }
            b"VP8X" if first => sides(little(content, 4, 3)? + 1, little(content, 7, 3)? + 1)?,
            b"VP8 " | b"VP8L" | b"VP8X" => return None,
            b"ANMF" if !first => drawn |= content.len() > 24,
            _ if first => return None,
            _ => {}
        }
        first = false;
        rest = rest.get(8 + length + length % 2..)?;
    }
    drawn.then_some(())
}

#[cfg(test)]
pub mod tests {
    use super::*;

    fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let named = [name, content].concat();
        [&u32::try_from(content.len()).expect("short").to_be_bytes()[..], &named, &crc(&named).to_be_bytes()].concat()
    }

    /// A PNG of these sides that weighs `more` bytes more than it need.
    pub fn a_png(width: u32, height: u32, more: usize) -> Vec<u8> {
        let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
        // One grey pixel, deflated.
        let pixels = [0x78, 0x01, 0x63, 0x68, 0x00, 0x00, 0x00, 0x82, 0x00, 0x81];
        let mut parts = vec![b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &head), chunk(b"IDAT", &pixels)];
        if more > 0 {
            parts.push(chunk(b"tEXt", &vec![b'x'; more]));
        }
        parts.push(chunk(b"IEND", b""));
        parts.concat()
    }

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len() + 2).expect("short").to_be_bytes();
        [&[0xFF, marker][..], &length, content].concat()
    }

    /// A JPEG of these sides with so much coded in it.
    pub fn a_jpeg(width: u16, height: u16, coded: usize) -> Vec<u8> {
        let ([w1, w2], [h1, h2]) = (width.to_be_bytes(), height.to_be_bytes());
        let parts = [
            vec![0xFF, 0xD8],
            segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            segment(0xDB, &[0; 65]),
            segment(0xC0, &[8, h1, h2, w1, w2, 1, 1, 0x11, 0]),
            segment(0xC4, &[0; 17]),
            segment(0xDA, &[1, 1, 0, 0, 63, 0]),
            vec![7; coded],
            // A byte of all ones, and a beginning anew, are still coded.
            vec![0xFF, 0x00, 0xFF, 0xD3, 7],
            vec![0xFF, 0xD9],
        ];
        parts.concat()
    }

    fn a_webp(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).expect("short");
        let padding = vec![0; content.len() % 2];
        let chunk = [&name[..], &length.to_le_bytes(), content, &padding].concat();
        let whole = u32::try_from(chunk.len() + 4).expect("short").to_le_bytes();
        [b"RIFF", &whole[..], b"WEBP", &chunk].concat()
    }

    #[test]
    fn whole_pictures_are_taken() {
        for side in [1, 640, MAX_SIDE] {
            let short = u16::try_from(side).expect("short");
            assert_eq!(media_type(&a_png(side, side, 0)), Some("image/png"));
            assert_eq!(media_type(&a_jpeg(short, short, 3)), Some("image/jpeg"));
        }
        // As browsers and phones write them: the icons of this very program, and the smallest WebP of each kind.
        assert_eq!(media_type(include_bytes!("../../public/icons/icone-192.png")), Some("image/png"));
        let lossy = [0x30, 0x01, 0x00, 0x9D, 0x01, 0x2A, 1, 0, 1, 0, 0x0B, 0xC0];
        assert_eq!(media_type(&a_webp(b"VP8 ", &lossy)), Some("image/webp"));
        let exact = [0x2F, 0, 0, 0, 0x10, 0x07, 0x10, 0x11, 0x11];
        assert_eq!(media_type(&a_webp(b"VP8L", &exact)), Some("image/webp"));
    }

    #[test]
    fn what_only_begins_like_a_picture_is_none() {
        let (png, jpeg) = (a_png(3, 2, 40), a_jpeg(3, 2, 40));
        let webp = a_webp(b"VP8L", &[0x2F, 0, 0, 0, 0x10, 0x07, 0x10, 0x11, 0x11]);
        for whole in [&png, &jpeg, &webp] {
            for length in 0..whole.len() {
                assert_eq!(media_type(&whole[..length]), None, "cut to {length}");
            }
        }
        for (whole, taken) in [(&png, None), (&webp, None), (&jpeg, Some("image/jpeg"))] {
            assert_eq!(media_type(&[whole, &b"SEFT"[..]].concat()), taken, "more behind its end");
        }
        for bad in [
            &b"<svg xmlns"[..],
            b"GIF89a",
            b"%PDF-1.7",
            b"\xff\xd8\xff\xe0<html><body onload=alert(1)>",
            b"\xff\xd8\xff\xd9",
            b"\xff\xd8\xff<html>",
            b"\x89PNG\r\n\x1a\n<html>",
            b"RIFF\x04\0\0\0WEBP",
            b"RIFF\x04\0\0\0WAVE",
        ] {
            assert_eq!(media_type(bad), None);
        }
        let mut changed = png.clone();
        changed[45] ^= 1;
        assert_eq!(media_type(&changed), None, "its check sum is another");
    }

    #[test]
    fn sides_are_neither_none_nor_endless() {
        for (width, height) in [(0, 2), (2, 0), (MAX_SIDE + 1, 1), (1, u32::MAX)] {
            assert_eq!(media_type(&a_png(width, height, 0)), None);
        }
        for (width, height) in [(0, 2), (2, 0), (u16::MAX, 1)] {
            assert_eq!(media_type(&a_jpeg(width, height, 3)), None);
        }
        assert_eq!(media_type(&a_webp(b"VP8 ", &[0x30, 1, 0, 0x9D, 1, 0x2A, 0, 0, 1, 0, 1, 2])), None);
    }
}
