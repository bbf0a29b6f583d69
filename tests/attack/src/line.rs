//! A bare line to the server: bytes as wrong as they must be, and just enough of HTTP and WebSocket to read what comes back.

use std::io::{Error, ErrorKind};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::people::DEADLINE;

/// The most of one answer that is read.
const MOST: usize = 4 * 1024 * 1024;

/// One connection.
#[derive(Debug)]
pub struct Line(BufReader<TcpStream>);

/// What a server's frame is.
#[derive(Debug)]
pub enum Heard {
    /// JSON, or text that is none.
    Text(Value),
    /// The close code; 1005 when the frame named none, 1006 when the line just ended.
    Closed(u16),
    /// A pong.
    Pong,
    /// Anything else.
    Other,
}

impl Line {
    /// Connects.
    ///
    /// # Errors
    /// The system's.
    pub async fn open(authority: &str) -> Result<Self, Error> {
        let stream = within(TcpStream::connect(authority)).await?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Writes it all. A server that has hung up meanwhile has said enough: what it answered is still read.
    pub async fn write(&mut self, bytes: &[u8]) {
        let _hung_up = within(self.0.get_mut().write_all(bytes)).await;
    }

    /// Says that nothing more will come.
    pub async fn end(&mut self) {
        let _hung_up = within(self.0.get_mut().shutdown()).await;
    }

    /// The status and the head of the next answer; its body is left on the line.
    ///
    /// # Errors
    /// The line ended or was reset before, or nothing came in time.
    pub async fn head(&mut self) -> Result<(u16, String), Error> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            if head.len() > MOST {
                return Err(Error::new(ErrorKind::InvalidData, "an endless head"));
            }
            head.push(within(self.0.read_u8()).await?);
        }
        let head = String::from_utf8_lossy(&head).to_lowercase();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        status
            .map(|status| (status, head))
            .ok_or_else(|| Error::new(ErrorKind::InvalidData, "no status line"))
    }

    /// All that comes until the server hangs up.
    ///
    /// # Errors
    /// It does not.
    pub async fn rest(&mut self) -> Result<String, Error> {
        let mut rest = Vec::new();
        match within(self.0.read_to_end(&mut rest)).await {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
            Err(error) => return Err(error),
        }
        Ok(String::from_utf8_lossy(&rest).into_owned())
    }

    /// The next frame.
    ///
    /// # Errors
    /// Nothing came in time.
    pub async fn hear(&mut self) -> Result<Heard, Error> {
        let (opcode, payload) = match self.frame().await {
            Ok(frame) => frame,
            Err(error) if error.kind() == ErrorKind::TimedOut => return Err(error),
            Err(_) => return Ok(Heard::Closed(1006)),
        };
        Ok(match opcode {
            1 => Heard::Text(serde_json::from_slice(&payload).unwrap_or(Value::Null)),
            8 => Heard::Closed(match payload[..] {
                [high, low, ..] => u16::from_be_bytes([high, low]),
                _ => 1005,
            }),
            10 => Heard::Pong,
            _ => Heard::Other,
        })
    }

    async fn frame(&mut self) -> Result<(u8, Vec<u8>), Error> {
        let first = within(self.0.read_u8()).await?;
        let length = match within(self.0.read_u8()).await? {
            126 => within(self.0.read_u16()).await?.into(),
            127 => within(self.0.read_u64()).await?,
            length => length.into(),
        };
        let length = usize::try_from(length).ok().filter(|length| *length <= MOST);
        let length = length.ok_or_else(|| Error::new(ErrorKind::InvalidData, "an endless frame"))?;
        let mut payload = vec![0; length];
        within(self.0.read_exact(&mut payload)).await?;
        Ok((first & 0x0f, payload))
    }
}

async fn within<T>(what: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let late = || Error::new(ErrorKind::TimedOut, "nothing within the deadline");
    timeout(DEADLINE, what).await.map_err(|_| late())?
}

/// A client's frame, masked as it must be. `first` is the whole first byte: end, reserved bits, opcode.
#[must_use]
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mask = [0x37, 0xfa, 0x21, 0x3d];
    let mut bytes = header(first, 0x80, payload.len() as u64);
    bytes.extend(mask);
    bytes.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

/// The first bytes of a frame, with any length, true or not. `masked` is 0x80 or 0.
#[must_use]
pub fn header(first: u8, masked: u8, length: u64) -> Vec<u8> {
    let mut bytes = vec![first];
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ 0..126), _) => bytes.push(masked | short),
        (_, Ok(middle)) => {
            bytes.push(masked | 126);
            bytes.extend(middle.to_be_bytes());
        }
        _ => {
            bytes.push(masked | 127);
            bytes.extend(length.to_be_bytes());
        }
    }
    bytes
}

/// A whole text frame.
#[must_use]
pub fn text(text: &str) -> Vec<u8> {
    frame(0x81, text.as_bytes())
}
