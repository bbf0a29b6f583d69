//! The frames of RFC 6455 as bytes, as far as a line must know them.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, BufReader};

/// One frame as it came.
pub(super) struct Frame {
    /// All of it.
    pub bytes: Vec<u8>,
    body: usize,
    mask: Option<[u8; 4]>,
}

impl Frame {
    /// The payload of a text frame.
    pub(super) fn text(&self) -> Option<Vec<u8>> {
        // FIN and the opcode of a text: neither side ever sends a text in pieces.
        if self.bytes[0] != 0x81 {
            return None;
        }
        let mask = self.mask.unwrap_or_default();
        let body = self.bytes[self.body..].iter().zip(mask.iter().cycle());
        Some(body.map(|(byte, mask)| byte ^ mask).collect())
    }
}

/// Reads one frame.
pub(super) async fn frame<R: AsyncRead + Unpin>(from: &mut BufReader<R>) -> io::Result<Frame> {
    let mut bytes = vec![0; 2];
    from.read_exact(&mut bytes).await?;
    let (is_masked, short) = (bytes[1] & 0x80 != 0, bytes[1] & 0x7f);
    let length = match short {
        126 => take(from, &mut bytes, 2).await?,
        127 => take(from, &mut bytes, 8).await?,
        short => u64::from(short),
    };
    let mut mask = None;
    if is_masked {
        take(from, &mut bytes, 4).await?;
        mask = bytes.last_chunk().copied();
    }
    let body = bytes.len();
    let length = usize::try_from(length).map_err(io::Error::other)?;
    bytes.resize(body + length, 0);
    from.read_exact(&mut bytes[body..]).await?;
    Ok(Frame { bytes, body, mask })
}

/// Reads so many bytes behind the others, and what they are as a number.
async fn take<R: AsyncRead + Unpin>(from: &mut BufReader<R>, bytes: &mut Vec<u8>, count: usize) -> io::Result<u64> {
    let start = bytes.len();
    bytes.resize(start + count, 0);
    from.read_exact(&mut bytes[start..]).await?;
    Ok(bytes[start..]
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// The head of an HTTP request or answer, up to and with the empty line.
pub(super) async fn head<R: AsyncRead + Unpin>(from: &mut BufReader<R>) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(from.read_u8().await?);
    }
    Ok(head)
}

/// A text frame.
pub(super) fn text(text: &str, is_masked: bool) -> Vec<u8> {
    whole(0x81, text.as_bytes(), is_masked)
}

/// A close frame.
pub(super) fn close(code: u16, is_masked: bool) -> Vec<u8> {
    whole(0x88, &code.to_be_bytes(), is_masked)
}

fn whole(opcode: u8, body: &[u8], is_masked: bool) -> Vec<u8> {
    let mask = if is_masked { 0x80 } else { 0 };
    let length = u16::try_from(body.len()).expect("a story says nothing longer");
    let mut bytes = vec![opcode];
    match u8::try_from(length) {
        Ok(short) if short < 126 => bytes.push(mask | short),
        _ => {
            bytes.push(mask | 126);
            bytes.extend(length.to_be_bytes());
        }
    }
    if is_masked {
        // A mask of zeros changes nothing, and is a mask.
        bytes.extend([0; 4]);
    }
    bytes.extend(body);
    bytes
}
