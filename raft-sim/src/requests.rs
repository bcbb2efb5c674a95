//! What clients ask the servers of a world, and what they are answered.

use raft_core::random::draw_between;
use raft_core::{EntryId, Index, Input as CoreInput, Payload, ReadId, Rejected, ServerId, Term};

use crate::checkers::{Check, Property, Violation};
use crate::client::{self, Answer, Asked, Awaited, ClientMessage, DIRECT, Outcome, PERSON, Request, Wish};
use crate::client_options::{ClientLoop, ReadsBy};
use crate::happening::{Happening, NoRead, Retry};
use crate::network::{at, chance};
use crate::node::Node;
use crate::purpose;
use crate::queue::Due;
use crate::store::{Operation, Wanted};
use crate::world::World;

/// A read that a server was asked for and has not answered.
#[derive(Clone, Hash, Debug)]
pub(crate) struct PendingRead {
    server: ServerId,
    key: String,
    /// The furthest index that any client had been answered about when it was asked for: what it must see.
    answered: Index,
    /// The client that waits for it, and for which of its operations.
    client: u32,
    asked: Asked,
}

impl World {
    /// Lets a client begin with what waits next, if it is free.
    pub(crate) fn client_begins(&mut self, client: u32) {
        let Some(request) = self.clients.begin(self.now, client) else { return };
        let Request { server, asked: Asked { sequence, .. }, ref wish } = request;
        self.journal.note(self.now, || {
            let (value, reads) = (wish.shown().to_owned(), wish.reads().is_some());
            Happening::ClientRequested { client, sequence, server, value, reads }
        });
        let operation = Operation { client, sequence, text: &wish.text };
        #[cfg(feature = "trace")]
        self.trace.asked(self.now, (client, sequence), operation.wants());
        self.history.asked(self.now, (client, sequence), operation.wants());
        self.send_request(client, request);
    }

    /// A background client wants something more.
    pub(crate) fn client_wishes(&mut self, client: u32) {
        let options = &self.options;
        if options.client_loop == ClientLoop::Open {
            let address = [self.seed, purpose::CLIENT_GAP, client.into(), self.now.0];
            let gap_us = draw_between(1, options.client_pause_us * 2 - 1, &address);
            self.queue.schedule(self.now.plus(gap_us), Due::ClientWrites { client });
            if self.clients.is_full(client) {
                return;
            }
        }
        let sequence = self.clients.next_sequence(client);
        let address = |purpose| [self.seed, purpose, client.into(), sequence];
        // With keys of its own a client's numbers suffice to tell values apart.
        let (key, value) = match options.client_keys {
            0 => (format!("c{client}"), sequence.to_string()),
            keys => {
                let key = draw_between(1, keys.into(), &address(purpose::CLIENT_KEY));
                (format!("k{key}"), format!("{client}.{sequence}"))
            }
        };
        let wish = if chance(options.client_reads_ppm, &address(purpose::CLIENT_READS)) {
            Wish::to_read(&key)
        } else if chance(options.client_appends_ppm, &address(purpose::CLIENT_APPENDS)) {
            Wish::to_write(format!("{key}+=;{value}"))
        } else {
            Wish::to_write(format!("{key}={value}"))
        };
        self.clients.enqueue(client, wish);
        self.client_begins(client);
    }

    fn client_asks_again(&mut self, client: u32, request: Request, why: Retry) {
        let Request { server, asked: Asked { sequence, .. }, .. } = request;
        self.journal.note(self.now, || Happening::ClientRetries { client, sequence, server, why });
        self.send_request(client, request);
    }

    fn send_request(&mut self, client: u32, Request { server, asked, wish }: Request) {
        if let Some(gives_up) = self.clients.call(client) {
            self.queue.schedule(gives_up, Due::ClientGivesUp { client });
        }
        let answered = self.answered;
        self.send_to_or_from_client(client, ClientMessage::Request { client, server, asked, wish, answered });
    }

    pub(crate) fn send_to_or_from_client(&mut self, client: u32, message: ClientMessage) {
        let delay_us = (self.options.delay_us_min, self.options.delay_us_max);
        let address = self.clients.next_message(client);
        let arrives_at = client::arrival(self.now, self.seed, client, address, delay_us);
        let number = self.clients.send(message);
        self.journal.link(|links| links.client_message_leaves(number));
        self.queue.schedule(arrives_at, Due::ClientMessage { number });
    }

    pub(crate) fn request_arrives(
        &mut self,
        client: u32,
        server: ServerId,
        asked: Asked,
        wish: &Wish,
        answered: Index,
    ) {
        if !self.nodes[at(server)].is_up() {
            // A crashed server answers nothing.
            return;
        }
        if let Some(key) = wish.reads() {
            match self.options.client_reads_by {
                ReadsBy::ReadIndex => {
                    let read = self.new_read(server, key.to_owned(), answered, client, asked);
                    if let Err(refused) = self.hand(at(server), CoreInput::Read(read), None) {
                        self.reads.remove(&read);
                        self.refuse(client, server, asked, refused);
                    }
                    return;
                }
                ReadsBy::Local => return self.read_locally(client, server, asked, key),
                ReadsBy::Log => {}
            }
        }
        let command = Operation { client, sequence: asked.sequence, text: &wish.text }.encode();
        match self.hand(at(server), CoreInput::Propose(command), None) {
            Ok(Some(EntryId { index, term })) => {
                self.nodes[at(server)].awaited.insert(index, Awaited { term, client, asked });
            }
            // What is proposed is appended or refused.
            Ok(None) => {}
            Err(refused) => self.refuse(client, server, asked, refused),
        }
    }

    /// Answers a client's read from the state machine as it stands, if the server believes that it leads. What that
    /// shows to clients is for their history to say.
    fn read_locally(&mut self, client: u32, server: ServerId, asked: Asked, key: &str) {
        let Some(believes) = self.nodes[at(server)].server() else { return };
        if !believes.is_leader() {
            let leader = believes.leader();
            return self.refuse(client, server, asked, Rejected::NotLeader { leader });
        }
        let answer = self.read_here(at(server), key.to_owned());
        self.send_to_or_from_client(client, ClientMessage::Answer { client, server, asked, answer });
    }

    /// The answer to a read, from a server's state machine as it stands.
    fn read_here(&mut self, node: usize, key: String) -> Answer {
        self.reads_asked += 1;
        self.answer_read(node, ReadId(self.reads_asked), key)
    }

    fn answer_read(&mut self, node: usize, read: ReadId, key: String) -> Answer {
        let Node { id: server, applied: index, ref store, .. } = self.nodes[node];
        let value = store.value(&key).map(str::to_owned);
        let answer = Answer::Done { index, value: value.clone() };
        self.journal.note(self.now, || Happening::ReadAnswered { server, read, key, value, index });
        answer
    }

    fn refuse(&mut self, client: u32, server: ServerId, asked: Asked, refused: Rejected) {
        let leader = match refused {
            Rejected::NotLeader { leader } => self.hint(client, asked, leader),
            _ => None,
        };
        let answer = Answer::NotLeader { leader };
        self.send_to_or_from_client(client, ClientMessage::Answer { client, server, asked, answer });
    }

    /// Whom a refusal names as the leader: some are wrong.
    fn hint(&self, client: u32, asked: Asked, leader: Option<ServerId>) -> Option<ServerId> {
        let address = |purpose| [self.seed, purpose, client.into(), asked.attempt.into()];
        let servers = self.nodes.len() as u64;
        if servers < 2 || !chance(self.options.wrong_hints_ppm, &address(purpose::WRONG_HINT)) {
            return leader;
        }
        let wrong = draw_between(1, servers - u64::from(leader.is_some()), &address(purpose::WRONG_LEADER));
        // Any but the one that would be right.
        Some(ServerId(wrong as u32 + u32::from(leader.is_some_and(|leader| wrong >= leader.0.into()))))
    }

    /// An entry that somebody waits for at a server is applied there, or another one in its place.
    pub(crate) fn answer_awaited(
        &mut self,
        node: usize,
        index: Index,
        term: Term,
        payload: &Payload,
        awaited: Awaited,
    ) -> Check {
        let Awaited { client, asked, .. } = awaited;
        let is_its = term == awaited.term;
        let answer = if !is_its {
            Answer::Replaced
        } else if let Payload::Command(command) = payload
            && let Some(Wanted::Read(key)) = Operation::decode(command).map(Operation::wants)
        {
            self.read_here(node, key.to_owned())
        } else {
            Answer::Done { index, value: None }
        };
        let server = self.nodes[node].id;
        if client != DIRECT {
            self.send_to_or_from_client(client, ClientMessage::Answer { client, server, asked, answer });
            #[cfg(feature = "trace")]
            if is_its {
                self.trace.acknowledged(self.now, server, EntryId { index, term });
            }
            return if is_its { self.checkers.acknowledged(self.now, server, EntryId { index, term }) } else { Ok(()) };
        }
        // Who handed it to the server stands beside it.
        let which = (client, asked.sequence);
        if let Answer::Done { value, .. } = answer {
            #[cfg(feature = "trace")]
            self.trace.answered(self.now, which, value.as_deref());
            return self.history.answered(self.now, which, value);
        }
        #[cfg(feature = "trace")]
        self.trace.ended(self.now, which);
        self.history.ended(self.now, which);
        Ok(())
    }

    /// Something that a person asks of a server directly.
    pub(crate) fn ask_directly(&mut self, wanted: Wanted<'_>) -> Asked {
        let sequence = self.history.next_direct();
        #[cfg(feature = "trace")]
        self.trace.asked(self.now, (DIRECT, sequence), wanted);
        self.history.asked(self.now, (DIRECT, sequence), wanted);
        Asked { sequence, attempt: 0 }
    }

    /// What a person asked of a server directly will not be answered.
    pub(crate) fn direct_requests_end(&mut self, node: usize) {
        for &Awaited { client, asked, .. } in self.nodes[node].awaited.values() {
            if client == DIRECT {
                #[cfg(feature = "trace")]
                self.trace.ended(self.now, (client, asked.sequence));
                self.history.ended(self.now, (client, asked.sequence));
            }
        }
    }

    /// A read that a server is about to be asked for.
    pub(crate) fn new_read(
        &mut self,
        server: ServerId,
        key: String,
        answered: Index,
        client: u32,
        asked: Asked,
    ) -> ReadId {
        self.reads_asked += 1;
        let read = ReadId(self.reads_asked);
        self.reads.insert(read, PendingRead { server, key, answered, client, asked });
        read
    }

    /// A server may answer a read from its state machine as it stands.
    pub(crate) fn read_ready(&mut self, node: usize, read: ReadId) -> Check {
        let Some(PendingRead { key, answered, client, asked, .. }) = self.reads.remove(&read) else { return Ok(()) };
        let Node { id: server, applied: index, .. } = self.nodes[node];
        let answer = self.answer_read(node, read, key);
        #[cfg(feature = "trace")]
        self.trace.read(self.now, server, index, answered);
        let mut check = Ok(());
        if index < answered && !self.history.judges_alone() {
            let text = format!(
                "{server} answered a read from its state at index {index}; the operation at index {answered} had been \
                 answered before the read was asked for."
            );
            check = Violation::new(Property::LinearizableReads, self.now, text, &[server], &[index, answered], &[]);
        }
        if client != DIRECT {
            self.send_to_or_from_client(client, ClientMessage::Answer { client, server, asked, answer });
            return check;
        }
        self.answered = self.answered.max(index);
        match answer {
            Answer::Done { value, .. } => {
                #[cfg(feature = "trace")]
                self.trace.answered(self.now, (client, asked.sequence), value.as_deref());
                check.and(self.history.answered(self.now, (client, asked.sequence), value))
            }
            _ => check,
        }
    }

    /// A read gets no answer.
    pub(crate) fn read_failed(&mut self, read: ReadId, why: NoRead) {
        let Some(PendingRead { server, key, client, asked, .. }) = self.reads.remove(&read) else { return };
        self.journal.note(self.now, || Happening::ReadFailed { server, read, key, why });
        if client == DIRECT {
            #[cfg(feature = "trace")]
            self.trace.ended(self.now, (client, asked.sequence));
            self.history.ended(self.now, (client, asked.sequence));
        } else if why != NoRead::Crashed {
            // From a crashed server nobody hears anything.
            let answer = Answer::NotRead;
            self.send_to_or_from_client(client, ClientMessage::Answer { client, server, asked, answer });
        }
    }

    /// The reads that a server was asked for are gone with it.
    pub(crate) fn reads_are_gone(&mut self, server: ServerId) {
        let of_it = self.reads.iter().filter(|(_, read)| read.server == server);
        let gone: Vec<ReadId> = of_it.map(|(&read, _)| read).collect();
        for read in gone {
            self.read_failed(read, NoRead::Crashed);
        }
    }

    pub(crate) fn answer_arrives(&mut self, client: u32, server: ServerId, asked: Asked, answer: Answer) {
        match self.clients.hear(self.now, client, server, asked, answer) {
            Outcome::Answered(index, value) => {
                self.answered = self.answered.max(index);
                let sequence = asked.sequence;
                #[cfg(feature = "trace")]
                self.trace.answered(self.now, (client, sequence), value.as_deref());
                let check = self.history.answered(self.now, (client, sequence), value.clone());
                self.journal.note(self.now, || Happening::ClientAnswered { client, sequence, server, value });
                self.stop_unless(check);
                self.client_is_free(client);
            }
            outcome => self.client_goes_on(client, outcome),
        }
    }

    /// A client has no answer, or none that helps.
    pub(crate) fn client_goes_on(&mut self, client: u32, outcome: Outcome) {
        match outcome {
            Outcome::Answered(..) | Outcome::Nothing => {}
            Outcome::Again(request, why) => self.client_asks_again(client, request, why),
            Outcome::Ended(sequence, server) => {
                #[cfg(feature = "trace")]
                self.trace.ended(self.now, (client, sequence));
                self.history.ended(self.now, (client, sequence));
                self.journal.note(self.now, || Happening::ClientGaveUp { client, sequence, server });
                self.client_is_free(client);
            }
        }
    }

    fn client_is_free(&mut self, client: u32) {
        if client == PERSON || self.options.client_loop == ClientLoop::Open {
            self.client_begins(client);
        } else {
            let rested = self.now.plus(self.options.client_pause_us);
            self.queue.schedule(rested, Due::ClientWrites { client });
        }
    }
}
