//! Those who ask for something: each waits for one answer at a time, follows hints to the leader and asks again when
//! no answer comes (P§8, D§6.2).

use std::collections::VecDeque;

use raft_core::{Index, ServerId, Term, Time};

use crate::happening::Retry;
use crate::short_map::ShortMap;
use crate::store::READ_MARK;

/// How long a client waits for an answer before it asks the next server, in microseconds.
pub const ANSWER_WITHIN_US: u64 = 500_000;

/// How many wishes may wait at a client.
pub const WAITING_MAX: u32 = 100;

/// No client: the person who asks a server directly.
pub(crate) const DIRECT: u32 = 0;

/// The person's client; the others write in the background.
pub(crate) const PERSON: u32 = 1;

/// What a client wants, as an operation's text has it.
#[derive(Clone, Hash, Debug)]
pub(crate) struct Wish {
    pub(crate) text: String,
}

impl Wish {
    pub(crate) const fn to_write(text: String) -> Self {
        Self { text }
    }

    pub(crate) fn to_read(key: &str) -> Self {
        Self { text: format!("{key}?{READ_MARK}") }
    }

    /// The key that it is to read, if it is.
    pub(crate) fn reads(&self) -> Option<&str> {
        self.text.strip_suffix(READ_MARK)?.strip_suffix('?')
    }

    /// As people read it.
    pub(crate) fn shown(&self) -> &str {
        self.text.trim_end_matches(READ_MARK)
    }
}

/// What is asked for, and how often it was.
#[derive(Clone, Hash, Debug)]
struct UnderWay {
    sequence: u64,
    wish: Wish,
    attempt: u32,
    /// How long it waits for the answer to this attempt.
    until: Time,
}

/// A client.
#[derive(Clone, Hash, Debug)]
pub(crate) struct Client {
    /// Whom it believes to lead.
    asks: ServerId,
    /// Who left its latest question unanswered. A hint to that server is not followed: a deposed leader and its followers
    /// would otherwise send a client back and forth among themselves for ever.
    silent: Option<ServerId>,
    /// How many servers said since its latest answer that they do not lead.
    refusals: u32,
    waiting: VecDeque<Wish>,
    under_way: Option<UnderWay>,
    sequence: u64,
    attempt: u32,
    /// Whether an entry of the queue will call it, when its answer should be there. There is one at a time: it may come too
    /// early, as most answers come long before, and is then put off.
    is_called: bool,
    /// How many messages went to or from it: the address of the next one's draw.
    messages: u64,
}

impl Client {
    /// What waits, in order; what is under way first.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = &str> {
        self.under_way.iter().map(|under_way| &under_way.wish).chain(&self.waiting).map(Wish::shown)
    }
}

/// A request on its way to a server, or an answer on its way back. The network of servers does not carry them.
#[derive(Clone, Hash, Debug)]
pub(crate) enum ClientMessage {
    Request {
        client: u32,
        server: ServerId,
        asked: Asked,
        wish: Wish,
        /// The furthest index that any client had been answered about when this left.
        answered: Index,
    },
    Answer {
        client: u32,
        server: ServerId,
        asked: Asked,
        answer: Answer,
    },
}

/// Which of a client's operations, and which attempt at it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Asked {
    pub(crate) sequence: u64,
    pub(crate) attempt: u32,
}

/// What a server answers a client.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Answer {
    /// It is applied, or read, at this index; and the value that was read.
    Done {
        index: Index,
        value: Option<String>,
    },
    NotLeader {
        leader: Option<ServerId>,
    },
    Replaced,
    Unknown,
    NotRead,
}

/// A client whose entry a server took and has not applied yet.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Awaited {
    pub(crate) term: Term,
    pub(crate) client: u32,
    pub(crate) asked: Asked,
}

/// Those who wait at one server, by the index of their entry.
pub(crate) type AwaitedBy = ShortMap<Index, Awaited>;

/// A request that a client makes now.
pub(crate) struct Request {
    pub(crate) server: ServerId,
    pub(crate) asked: Asked,
    pub(crate) wish: Wish,
}

/// What an answer, or that there is none, means for its client.
pub(crate) enum Outcome {
    /// It has what it asked for, as of this index; and the value that was read.
    Answered(Index, Option<String>),
    /// It asks again.
    Again(Request, Retry),
    /// Whether what it asked for was done it will never know; this was its number, and whom it asked.
    Ended(u64, ServerId),
    /// The answer is to a question that is no longer asked.
    Nothing,
}

/// All clients, and their messages on the way.
#[derive(Clone, Hash, Debug)]
pub(crate) struct Clients {
    list: Vec<Client>,
    servers: u32,
    /// Whether they ask again for what may have been done.
    retries: bool,
    on_the_way: ShortMap<u64, ClientMessage>,
    sent: u64,
}

impl Clients {
    /// The person's client and as many others.
    pub(crate) fn new(servers: u32, background: u32, retries: bool) -> Self {
        let client = |number: u32| Client {
            asks: ServerId(number % servers + 1),
            silent: None,
            refusals: 0,
            waiting: VecDeque::new(),
            under_way: None,
            sequence: 0,
            attempt: 0,
            is_called: false,
            messages: 0,
        };
        let list = (0..=background).map(client).collect();
        Self { list, servers, retries, on_the_way: ShortMap::default(), sent: 0 }
    }

    /// One more server is there to be asked.
    pub(crate) const fn add_server(&mut self) {
        self.servers += 1;
    }

    /// How many bytes a clone of them takes, nearly.
    pub(crate) fn own_bytes(&self) -> usize {
        let waiting: usize =
            self.list.iter().flat_map(Client::waiting).map(|text| text.len() + size_of::<Wish>() + 16).sum();
        size_of_val(self.list.as_slice()) + waiting + self.on_the_way.len() * (size_of::<ClientMessage>() + 40)
    }

    pub(crate) fn person(&self) -> &Client {
        &self.list[PERSON as usize - 1]
    }

    fn get(&mut self, client: u32) -> &mut Client {
        &mut self.list[client as usize - 1]
    }

    /// Puts a wish into a client's queue.
    pub(crate) fn enqueue(&mut self, client: u32, wish: Wish) {
        self.get(client).waiting.push_back(wish);
    }

    /// Whether no more wishes may wait at a client.
    pub(crate) fn is_full(&self, client: u32) -> bool {
        self.list[client as usize - 1].waiting.len() >= WAITING_MAX as usize
    }

    /// The number that a client's next wish will have as an operation.
    pub(crate) fn next_sequence(&self, client: u32) -> u64 {
        let this = &self.list[client as usize - 1];
        this.sequence + this.waiting.len() as u64 + 1
    }

    /// Begins with what waits next, unless something is under way or nothing waits.
    pub(crate) fn begin(&mut self, now: Time, client: u32) -> Option<Request> {
        let this = self.get(client);
        if this.under_way.is_some() {
            return None;
        }
        let wish = this.waiting.pop_front()?;
        this.sequence += 1;
        this.under_way = Some(UnderWay { sequence: this.sequence, wish, attempt: this.attempt, until: now });
        this.ask(now)
    }

    /// How long a client waits for an answer, if it does.
    pub(crate) fn waits_until(&self, client: u32) -> Option<Time> {
        self.list[client as usize - 1].under_way.as_ref().map(|under_way| under_way.until)
    }

    /// When a client is to be called that has asked, unless it will be called before.
    pub(crate) fn call(&mut self, client: u32) -> Option<Time> {
        let this = self.get(client);
        if std::mem::replace(&mut this.is_called, true) { None } else { self.waits_until(client) }
    }

    /// A client was called.
    pub(crate) fn called(&mut self, client: u32) {
        self.get(client).is_called = false;
    }

    /// What each client is waiting for: its number and that of its operation.
    pub(crate) fn under_way(&self) -> impl Iterator<Item = (u32, u64)> {
        let under_way = |(client, at): (u32, &Client)| Some((client, at.under_way.as_ref()?.sequence));
        (PERSON..).zip(&self.list).filter_map(under_way)
    }

    /// Whether a client waits for the answer to this operation.
    pub(crate) fn is_under_way(&self, client: u32, sequence: u64) -> bool {
        let under_way = self.list[client as usize - 1].under_way.as_ref();
        under_way.is_some_and(|under_way| under_way.sequence == sequence)
    }

    /// No answer came in time: the next server is asked from now on.
    pub(crate) fn give_up(&mut self, now: Time, client: u32) -> Outcome {
        let (servers, retries) = (self.servers, self.retries);
        let this = self.get(client);
        let asked = this.asks;
        this.silent = Some(asked);
        this.asks = next_of(asked, servers);
        this.again_or_end(now, retries, asked, Retry::NoAnswer)
    }

    /// An answer has arrived.
    pub(crate) fn hear(&mut self, now: Time, client: u32, server: ServerId, asked: Asked, answer: Answer) -> Outcome {
        let (servers, retries) = (self.servers, self.retries);
        let this = self.get(client);
        let Some(under_way) = &this.under_way else { return Outcome::Nothing };
        if under_way.sequence != asked.sequence {
            return Outcome::Nothing;
        }
        let why = match answer {
            // However late and to whichever attempt: it is applied.
            Answer::Done { index, value } => {
                this.asks = server;
                this.silent = None;
                this.refusals = 0;
                this.under_way = None;
                return Outcome::Answered(index, value);
            }
            Answer::NotLeader { .. } | Answer::Replaced | Answer::Unknown | Answer::NotRead
                if under_way.attempt != asked.attempt =>
            {
                return Outcome::Nothing;
            }
            Answer::NotLeader { leader } => {
                // Servers that were removed may name each other for ever: by turns each server is asked, hint or not.
                let hints_count = (this.refusals / servers).is_multiple_of(2);
                this.refusals = this.refusals.wrapping_add(1);
                let hint = leader.filter(|&leader| hints_count && leader != server && this.silent != Some(leader));
                this.asks = hint.unwrap_or_else(|| next_of(server, servers));
                Retry::NotLeader
            }
            Answer::Replaced => Retry::Replaced,
            Answer::Unknown => Retry::Unknown,
            Answer::NotRead => {
                this.silent = Some(server);
                this.asks = next_of(server, servers);
                Retry::NotRead
            }
        };
        this.again_or_end(now, retries || !matches!(why, Retry::Unknown), server, why)
    }

    /// Puts a message on its way; the number is for the queue.
    pub(crate) fn send(&mut self, message: ClientMessage) -> u64 {
        self.sent += 1;
        self.on_the_way.insert(self.sent, message);
        self.sent
    }

    /// Takes a message at the end of its way.
    pub(crate) fn take(&mut self, number: u64) -> Option<ClientMessage> {
        self.on_the_way.remove(&number)
    }

    /// The address of the next draw for a message to or from this client.
    pub(crate) fn next_message(&mut self, client: u32) -> u64 {
        let this = self.get(client);
        this.messages += 1;
        this.messages
    }
}

impl Client {
    /// Asks again, or lets what is under way end: `asked` has not told what became of it.
    fn again_or_end(&mut self, now: Time, again: bool, asked: ServerId, why: Retry) -> Outcome {
        if !again {
            return self.under_way.take().map_or(Outcome::Nothing, |ended| Outcome::Ended(ended.sequence, asked));
        }
        self.ask(now).map_or(Outcome::Nothing, |request| Outcome::Again(request, why))
    }

    fn ask(&mut self, now: Time) -> Option<Request> {
        self.attempt = self.attempt.wrapping_add(1);
        let under_way = self.under_way.as_mut()?;
        under_way.attempt = self.attempt;
        under_way.until = now.plus(ANSWER_WITHIN_US);
        let asked = Asked { sequence: under_way.sequence, attempt: self.attempt };
        Some(Request { server: self.asks, asked, wish: under_way.wish.clone() })
    }
}

const fn next_of(server: ServerId, servers: u32) -> ServerId {
    ServerId(server.0 % servers + 1)
}

/// When a client's request or answer is there.
pub(crate) fn arrival(now: Time, seed: u64, client: u32, message: u64, delay_us: (u64, u64)) -> Time {
    let address = [seed, crate::purpose::CLIENT_DELAY, client.into(), message];
    now.plus(raft_core::random::draw_between(delay_us.0, delay_us.1, &address))
}
