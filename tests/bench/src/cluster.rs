//! What all contenders have in common: a few servers in one thread, and a network that hands over what it is given.

use std::collections::VecDeque;
use std::hint::black_box;
use std::ops::Range;

/// A few servers of one library with its storage in memory. The first one leads.
///
/// Everything that a library's own driver would do for each entry is done here too: its messages are taken and handed
/// over, what it wants stored goes to its own storage in memory, and every server applies what it learns is committed.
pub trait Cluster {
    /// Makes these commands ready to be proposed, as shared handles where the library takes such. Not measured.
    fn prepare(&mut self, commands: &[Vec<u8>]);

    /// Hands the leader these of the prepared commands before anything of it is delivered, and puts on the network what
    /// the leader sends.
    fn propose(&mut self, which: Range<usize>);

    /// A server takes all that has come for it, in order, then carries out what it wants done.
    fn turn(&mut self, at: usize);

    /// The leader shows that it is alive, whereby followers learn what is committed if they do not know yet.
    fn heartbeat(&mut self);

    /// Whether a message has come for this server.
    fn waiting(&self, at: usize) -> bool;

    /// What was counted.
    fn tally(&mut self) -> &mut Tally;

    /// Servers take turns until no message is on its way.
    fn settle(&mut self) {
        let servers = self.tally().applied.len();
        let (mut at, mut quiet) = (0, 0);
        while quiet < servers {
            if self.waiting(at) {
                self.turn(at);
                quiet = 0;
            } else {
                quiet += 1;
            }
            at = if at + 1 < servers { at + 1 } else { 0 };
        }
    }
}

/// What a cluster counts while it runs.
#[derive(Debug)]
pub struct Tally {
    /// Messages handed from one server to another.
    pub messages: u64,
    /// How many commands each server has applied.
    pub applied: Vec<usize>,
    /// What each server has applied, when someone wants to know.
    pub record: Option<Vec<Vec<Vec<u8>>>>,
}

impl Tally {
    pub(crate) fn new(servers: usize) -> Self {
        Self { messages: 0, applied: vec![0; servers], record: None }
    }

    /// From now on all that is applied is also written down.
    pub fn record(&mut self) {
        self.record = Some(vec![Vec::new(); self.applied.len()]);
    }

    /// A server applies a command: the state machine looks at it and forgets it.
    pub(crate) fn apply(&mut self, at: usize, command: &[u8]) {
        self.applied[at] += 1;
        black_box(command);
        if let Some(record) = &mut self.record {
            record[at].push(command.to_vec());
        }
    }
}

/// Messages that have left their sender, in a queue for each receiver.
#[derive(Debug)]
pub(crate) struct Network<M> {
    inboxes: Vec<VecDeque<M>>,
}

impl<M> Network<M> {
    pub(crate) fn new(servers: usize) -> Self {
        Self { inboxes: (0..servers).map(|_| VecDeque::new()).collect() }
    }

    pub(crate) fn send(&mut self, to: usize, message: M, tally: &mut Tally) {
        tally.messages += 1;
        self.inboxes[to].push_back(message);
    }

    pub(crate) fn next(&mut self, at: usize) -> Option<M> {
        self.inboxes[at].pop_front()
    }

    pub(crate) fn waiting(&self, at: usize) -> bool {
        !self.inboxes[at].is_empty()
    }
}
