//! What clients ask the servers of a world, and what they are answered.

use raft_core::{EntryId, Index, Input as CoreInput, ReadId, Rejected, ServerId};

use crate::checkers::{Check, Property, Violation};
use crate::client::{self, Answer, Asked, Awaited, ClientMessage, Outcome, PERSON, Request, Wish};
use crate::happening::{Happening, NoRead, Retry};
use crate::network::at;
use crate::node::Node;
use crate::queue::Due;
use crate::store::Operation;
use crate::world::World;

/// A read that a server was asked for and has not answered.
#[derive(Clone, Hash, Debug)]
pub(crate) struct PendingRead {
    server: ServerId,
    key: String,
    /// The furthest index that any client had been answered about when it was asked for: what it must see.
    answered: Index,
    /// The client that waits for it, unless a person asked the server directly.
    client: Option<(u32, Asked)>,
}

impl World {
    /// Lets a client begin with what waits next, if it is free.
    pub(crate) fn client_begins(&mut self, client: u32) {
        let Some(request) = self.clients.begin(client) else { return };
        let Request { server, asked: Asked { sequence, .. }, ref wish } = request;
        let value = || wish.text.clone();
        self.journal.note(self.now, || Happening::ClientRequested { client, sequence, server, value: value() });
        self.send_request(client, request);
    }

    pub(crate) fn client_asks_again(&mut self, client: u32, request: Request, why: Retry) {
        let Request { server, asked: Asked { sequence, .. }, .. } = request;
        self.journal.note(self.now, || Happening::ClientRetries { client, sequence, server, why });
        self.send_request(client, request);
    }

    fn send_request(&mut self, client: u32, Request { server, asked, wish }: Request) {
        let gives_up = self.now.plus(client::ANSWER_WITHIN_US);
        self.queue.schedule(gives_up, Due::ClientGivesUp { client, attempt: asked.attempt });
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
        if wish.reads {
            let key = wish.text.trim_end_matches('?').to_owned();
            let read = self.new_read(server, key, answered, Some((client, asked)));
            if let Err(refused) = self.hand(at(server), CoreInput::Read(read), None) {
                self.reads.remove(&read);
                self.refuse(client, server, asked, refused);
            }
            return;
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

    fn refuse(&mut self, client: u32, server: ServerId, asked: Asked, refused: Rejected) {
        let leader = match refused {
            Rejected::NotLeader { leader } => leader,
            _ => None,
        };
        let answer = Answer::NotLeader { leader };
        self.send_to_or_from_client(client, ClientMessage::Answer { client, server, asked, answer });
    }

    /// A read that a server is about to be asked for.
    pub(crate) fn new_read(
        &mut self,
        server: ServerId,
        key: String,
        answered: Index,
        client: Option<(u32, Asked)>,
    ) -> ReadId {
        self.reads_asked += 1;
        let read = ReadId(self.reads_asked);
        self.reads.insert(read, PendingRead { server, key, answered, client });
        read
    }

    /// A server may answer a read from its state machine as it stands.
    pub(crate) fn read_ready(&mut self, node: usize, read: ReadId) -> Check {
        let Some(PendingRead { key, answered, client, .. }) = self.reads.remove(&read) else { return Ok(()) };
        let Node { id: server, applied: index, ref store, .. } = self.nodes[node];
        let value = store.values().get(key.as_str()).cloned();
        self.journal.note(self.now, || Happening::ReadAnswered { server, read, key, value, index });
        match client {
            Some((client, asked)) => {
                let answer = Answer::Done { index };
                self.send_to_or_from_client(client, ClientMessage::Answer { client, server, asked, answer });
            }
            None => self.answered = self.answered.max(index),
        }
        if index < answered {
            let text = format!(
                "{server} answered a read from its state at index {index}; the operation at index {answered} had been \
                 answered before the read was asked for."
            );
            return Violation::new(Property::LinearizableReads, self.now, text, &[server], &[index, answered], &[]);
        }
        Ok(())
    }

    /// A read gets no answer.
    pub(crate) fn read_failed(&mut self, read: ReadId, why: NoRead) {
        let Some(PendingRead { server, key, client, .. }) = self.reads.remove(&read) else { return };
        self.journal.note(self.now, || Happening::ReadFailed { server, read, key, why });
        // From a crashed server nobody hears anything.
        if let Some((client, asked)) = client.filter(|_| why != NoRead::Crashed) {
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
        match self.clients.hear(client, server, asked, answer) {
            Outcome::Nothing => {}
            Outcome::Again(request, why) => self.client_asks_again(client, request, why),
            Outcome::Answered(index) => {
                self.answered = self.answered.max(index);
                let sequence = asked.sequence;
                self.journal.note(self.now, || Happening::ClientAnswered { client, sequence, server });
                if client == PERSON {
                    self.client_begins(client);
                } else {
                    let rested = self.now.plus(self.options.client_pause_us);
                    self.queue.schedule(rested, Due::ClientWrites { client });
                }
            }
        }
    }
}
