//! Somebody of the crowd who is signed in: REST, and sockets that may fail.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures::{SinkExt, StreamExt};
use prilavok_protocol::ids::{Party, Role};
use prilavok_protocol::rest::Tokens;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};
use uuid::Uuid;

/// One request or one dialling; longer than a busy server needs, shorter than anybody waits for a dead one.
const PATIENCE: Duration = Duration::from_secs(10);

/// Everybody's password.
pub const PASSWORD: &str = "очень-секретно";

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Account {
    address: SocketAddr,
    http: reqwest::Client,
    token: String,
    /// Signs in with it.
    pub email: String,
    /// As whom.
    pub party: Party,
}

impl Account {
    /// Registers, from a loopback address of its own: sign-ins are limited per address.
    pub async fn register(address: SocketAddr, name: &str, role: Role, number: usize) -> Result<Self> {
        let from = u8::try_from(number % 200 + 2)?;
        let http = reqwest::Client::builder()
            .local_address(IpAddr::from(Ipv4Addr::new(127, 0, 0, from)))
            .timeout(PATIENCE * 3)
            .build()?;
        let email = format!("{}@example.ru", Uuid::now_v7().simple());
        let body = json!({"email": email, "password": PASSWORD, "name": name, "role": role});
        let url = format!("http://{address}/api/v1/auth/register");
        let mut answer: Value = http.post(url).json(&body).send().await?.json().await?;
        let tokens = serde_json::from_value::<Tokens>(answer["data"].take());
        let tokens = tokens.with_context(|| format!("registering was refused: {answer}"))?;
        let account = &tokens.account;
        let party = match (account.buyer_id, account.seller_id) {
            (Some(id), _) => Party::buyer(id),
            (_, Some(id)) => Party::seller(id),
            _ => bail!("an account without a party"),
        };
        Ok(Self {
            address,
            http: reqwest::Client::builder().timeout(PATIENCE).build()?,
            token: tokens.access_token,
            email,
            party,
        })
    }

    /// With the connections of another one, so that a crowd needs few of them.
    #[must_use]
    pub fn sharing(mut self, http: &reqwest::Client) -> Self {
        self.http = http.clone();
        self
    }

    /// One request: the status and the raw answer. A question may meet the moment in which the server closes a connection
    /// that nobody used, and is asked again; what changes something is the caller's to repeat.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Result<(u16, String)> {
        match self.once(method.clone(), path, body).await {
            Err(_) if method == Method::GET => self.once(method, path, body).await,
            answer => answer,
        }
    }

    async fn once(&self, method: Method, path: &str, body: Option<&Value>) -> Result<(u16, String)> {
        let url = format!("http://{}/api/v1{path}", self.address);
        let mut request = self.http.request(method, url).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }

    /// Asks until there is an answer; the server may be away meanwhile.
    pub async fn ask(&self, path: &str) -> Result<Value> {
        loop {
            if let Ok((200, answer)) = self.call(Method::GET, path, None).await {
                return Ok(serde_json::from_str(&answer)?);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Opens a socket.
    pub async fn dial(&self, path: &str) -> Result<Line> {
        let mut request = format!("ws://{}{path}", self.address).into_client_request()?;
        let bearer = format!("Bearer {}", self.token).parse()?;
        request.headers_mut().insert("authorization", bearer);
        let dial = async {
            let stream = TcpSocket::new_v4()?.connect(self.address).await?;
            stream.set_nodelay(true)?;
            let (socket, _) = client_async(request, stream).await?;
            anyhow::Ok(Line { socket })
        };
        timeout(PATIENCE, dial).await?
    }
}

/// A socket of the crowd.
pub struct Line {
    socket: WebSocketStream<TcpStream>,
}

impl Line {
    /// Says a frame.
    pub async fn say(&mut self, frame: &impl serde::Serialize) -> Result<()> {
        let text = serde_json::to_string(frame)?;
        timeout(PATIENCE, self.socket.send(Message::text(text))).await??;
        Ok(())
    }

    /// The next text, or the code with which the socket ended. May be dropped while it waits.
    pub async fn hear(&mut self) -> Result<String, u16> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => return Ok(text.as_str().to_owned()),
                Some(Ok(Message::Close(Some(frame)))) => return Err(frame.code.into()),
                Some(Ok(Message::Close(None)) | Err(_)) | None => return Err(0),
                Some(Ok(_)) => {}
            }
        }
    }

    /// Ends with a reset instead of a farewell: the other side loses what it has not read.
    pub fn reset(self) {
        // Where it cannot be set, the connection just ends.
        let _ = self.socket.get_ref().set_zero_linger();
    }

    /// Closes as a polite client does; does not wait for the answer.
    pub async fn leave(mut self) {
        let _ = timeout(PATIENCE, self.socket.close(None)).await;
    }
}
