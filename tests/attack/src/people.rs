//! Who takes part: the attacker, a buyer who signed in properly; his victim, another buyer with a thread of her own; the
//! shop both write to; and somebody polite who asks all the while.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use reqwest::{Client, Method, Url};
use serde_json::{Value, json};
use uuid::Uuid;

/// So long may somebody polite wait while a case is played.
const PATIENCE: Duration = Duration::from_secs(1);
/// After this the server counts as gone.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// One account.
#[derive(Debug, Clone)]
pub struct Person {
    /// Its access token.
    pub token: String,
    /// Its party's id.
    pub id: String,
    /// The account's own id.
    pub account: String,
}

/// All of them, and where the server is.
#[derive(Debug)]
pub struct People {
    /// `host:port`.
    pub authority: String,
    /// Who attacks.
    pub attacker: Person,
    /// Whose thread is not the attacker's.
    pub victim: Person,
    /// Whom both write to.
    pub shop: Person,
    /// The attacker's own thread.
    pub own: String,
    /// The victim's.
    pub foreign: String,
    /// A message in the victim's.
    pub foreign_message: String,
    /// The victim's session.
    pub foreign_session: String,
    http: Client,
    /// Milliseconds.
    longest_wait: AtomicU64,
}

impl People {
    /// Registers them, and has them write a line each.
    ///
    /// # Errors
    /// What the server answered instead.
    pub async fn gather(server: &str) -> Result<Self> {
        let url = Url::parse(server).context("the server's address is no URL")?;
        ensure!(
            url.scheme() == "http",
            "the attack speaks to the server's own plain port: give an address that begins with http://"
        );
        let host = url.host_str().context("the address has no host")?;
        let authority = format!("{host}:{}", url.port_or_known_default().unwrap_or(80));
        let http = Client::builder().no_proxy().timeout(DEADLINE).build()?;
        let register = async |name: &str, role: &str| {
            let body = json!({"email": format!("{}@attack.example", Uuid::now_v7().simple()), "name": name, "role": role,
                "password": Uuid::new_v4().to_string()});
            let url = format!("http://{authority}/api/v1/auth/register");
            let answer: Value = http.post(url).json(&body).send().await?.json().await?;
            let text = |value: &Value| value.as_str().map(str::to_owned);
            let data = &answer["data"];
            let id = text(&data["account"][format!("{role}_id")]);
            let person = text(&data["access_token"])
                .zip(id.zip(text(&data["account"]["id"])))
                .map(|(token, (id, account))| Person { token, id, account });
            person.with_context(|| format!("registering a {role} was refused: {answer}"))
        };
        let (attacker, victim) = (register("Борис", "buyer").await?, register("Анна", "buyer").await?);
        let shop = register("Лавка", "seller").await?;
        let mut people = Self {
            authority,
            attacker,
            victim,
            shop,
            own: String::new(),
            foreign: String::new(),
            foreign_session: String::new(),
            foreign_message: Uuid::now_v7().to_string(),
            http,
            longest_wait: AtomicU64::new(0),
        };
        people.own = people.thread(&people.attacker).await?;
        people.foreign = people.thread(&people.victim).await?;
        let (_, sessions) = people.ask(&people.victim, Method::GET, "/auth/sessions", None).await?;
        let session = sessions["data"][0]["id"].as_str();
        people.foreign_session = session.context("the victim has no session")?.to_owned();
        let body = json!({"id": people.foreign_message, "message": "Между нами.", "thread_id": people.foreign,
            "buyer_id": people.victim.id});
        let (status, answer) = people
            .ask(&people.victim, Method::POST, "/chat-messages", Some(&body))
            .await?;
        ensure!(status == 201, "the victim could not write: {answer}");
        Ok(people)
    }

    /// One request of the marketplace API: status and body.
    ///
    /// # Errors
    /// No answer in time.
    pub async fn ask(&self, who: &Person, method: Method, path: &str, body: Option<&Value>) -> Result<(u16, Value)> {
        let url = format!("http://{}/api/v1{path}", self.authority);
        let mut request = self.http.request(method, url).bearer_auth(&who.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        Ok((status, answer.json().await.unwrap_or(Value::Null)))
    }

    /// Somebody polite asks for what needs the store, again and again for as long as this is not dropped.
    ///
    /// # Errors
    /// That the answer did not come, was another, or took longer than a second. Otherwise it never ends.
    pub async fn polite(&self) -> Result<(), String> {
        let path = format!("/chat-messages/by-thread/{}", self.foreign);
        loop {
            self.polite_once(&path).await?;
            tokio::task::yield_now().await;
        }
    }

    /// Asks once more, after the case.
    ///
    /// # Errors
    /// As above.
    pub async fn polite_after(&self) -> Result<(), String> {
        self.polite_once(&format!("/chat-messages/by-thread/{}", self.foreign))
            .await
    }

    async fn polite_once(&self, path: &str) -> Result<(), String> {
        let since = Instant::now();
        let answer = self.ask(&self.victim, Method::GET, path, None).await;
        let (status, body) = answer.map_err(|error| format!("somebody polite got no answer: {error:#}"))?;
        let took = since.elapsed();
        let waited = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        self.longest_wait.fetch_max(waited, Ordering::Relaxed);
        if status != 200 || body["data"].as_array().map(Vec::len) != Some(1) {
            return Err(format!("somebody polite got {status} {body}"));
        }
        if took > PATIENCE {
            return Err(format!("somebody polite waited {} ms", took.as_millis()));
        }
        Ok(())
    }

    /// The longest that somebody polite has waited so far.
    #[must_use]
    pub fn longest_wait(&self) -> Duration {
        Duration::from_millis(self.longest_wait.load(Ordering::Relaxed))
    }

    async fn thread(&self, buyer: &Person) -> Result<String> {
        let body = json!({"buyer_id": buyer.id, "seller_id": self.shop.id});
        let (status, answer) = self
            .ask(buyer, Method::POST, "/chat-threads/start-with-seller", Some(&body))
            .await?;
        ensure!(matches!(status, 200 | 201), "no thread was started: {status} {answer}");
        let id = answer["data"]["id"].as_str();
        Ok(id.context("the thread has no id")?.to_owned())
    }
}
