//! What clients ask the servers of a world, and what they are answered.

use raft_core::{EntryId, Input as CoreInput, Rejected, ServerId};

use crate::client::{self, Answer, Asked, Awaited, ClientMessage, Outcome, PERSON, Request};
use crate::happening::{Happening, Retry};
use crate::network::at;
use crate::queue::Due;
use crate::store::Operation;
use crate::world::World;

impl World {
    /// Lets a client begin with what waits next, if it is free.
    pub(crate) fn client_begins(&mut self, client: u32) {
        let Some(request) = self.clients.begin(client) else { return };
        let Request { server, asked: Asked { sequence, .. }, ref text } = request;
        let value = || text.clone();
        self.journal.note(self.now, || Happening::ClientRequested { client, sequence, server, value: value() });
        self.send_request(client, request);
    }

    pub(crate) fn client_asks_again(&mut self, client: u32, request: Request, why: Retry) {
        let Request { server, asked: Asked { sequence, .. }, .. } = request;
        self.journal.note(self.now, || Happening::ClientRetries { client, sequence, server, why });
        self.send_request(client, request);
    }

    fn send_request(&mut self, client: u32, Request { server, asked, text }: Request) {
        let gives_up = self.now.plus(client::ANSWER_WITHIN_US);
        self.queue.schedule(gives_up, Due::ClientGivesUp { client, attempt: asked.attempt });
        self.send_to_or_from_client(client, ClientMessage::Request { client, server, asked, text });
    }

    pub(crate) fn send_to_or_from_client(&mut self, client: u32, message: ClientMessage) {
        let delay_us = (self.options.delay_us_min, self.options.delay_us_max);
        let address = self.clients.next_message(client);
        let arrives_at = client::arrival(self.now, self.seed, client, address, delay_us);
        let number = self.clients.send(message);
        self.queue.schedule(arrives_at, Due::ClientMessage { number });
    }

    pub(crate) fn request_arrives(&mut self, client: u32, server: ServerId, asked: Asked, text: &str) {
        let command = Operation { client, sequence: asked.sequence, text }.encode();
        match self.hand(at(server), CoreInput::Propose(command), None) {
            Ok(Some(EntryId { index, term })) => {
                self.nodes[at(server)].awaited.insert(index, Awaited { term, client, asked });
            }
            // A crashed server answers nothing.
            Ok(None) => {}
            Err(refused) => {
                let leader = match refused {
                    Rejected::NotLeader { leader } => leader,
                    _ => None,
                };
                let answer = Answer::NotLeader { leader };
                self.send_to_or_from_client(client, ClientMessage::Answer { client, server, asked, answer });
            }
        }
    }

    pub(crate) fn answer_arrives(&mut self, client: u32, server: ServerId, asked: Asked, answer: Answer) {
        match self.clients.hear(client, server, asked, answer) {
            Outcome::Nothing => {}
            Outcome::Again(request, why) => self.client_asks_again(client, request, why),
            Outcome::Answered => {
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
