//! What leaves a server, and what must be on its disk by then.

use raft_core::{AppendOutcome, Body, Durable, Index, Message, ServerId, SnapshotOutcome, Term, Time};

use super::{Check, Checkers, Property, Violation};
use crate::network::at;

/// What a message promises beyond its term.
#[derive(Clone, Copy)]
pub(crate) enum Promise {
    Nothing,
    /// The vote is this server's.
    Vote(ServerId),
    /// The log is there up to an index.
    Log(Index),
}

/// What a server's disk holds of what it may promise.
#[derive(Clone, Copy)]
pub(crate) struct OnDisk {
    pub(crate) term: Term,
    pub(crate) vote: Option<ServerId>,
    /// The last index of the log.
    pub(crate) last: Index,
}

impl Promise {
    #[inline]
    const fn of(message: &Message) -> Self {
        match message.body {
            Body::RequestVote { .. } => Self::Vote(message.from),
            Body::RequestVoteReply { vote_granted: true } => Self::Vote(message.to),
            Body::AppendEntriesReply { outcome: AppendOutcome::Success { match_index }, .. } => Self::Log(match_index),
            Body::InstallSnapshotReply { last_included_index, outcome: SnapshotOutcome::Installed, .. } => {
                Self::Log(last_included_index)
            }
            _ => Self::Nothing,
        }
    }
}

impl Checkers {
    /// A message leaves its sender, whose disk holds this.
    #[inline]
    pub(crate) fn sent(&mut self, now: Time, message: &Message, disk: &Durable) -> Check {
        if !self.on {
            return Ok(());
        }
        let ghost = &self.ghosts[at(message.from)];
        let term = message.term;
        let acknowledged = match Promise::of(message) {
            Promise::Nothing => Index::ZERO,
            Promise::Log(index) => index,
            Promise::Vote(_) => Index(u64::MAX),
        };
        // Nearly always it is one more of the term that the server and its disk are in, and promises what is there.
        let keeps = ghost.term == term
            && ghost.spoke == term
            && disk.current_term == term
            && acknowledged <= disk.log.last_index();
        if keeps { Ok(()) } else { self.sent_otherwise(now, message, disk) }
    }

    #[inline(never)]
    fn sent_otherwise(&mut self, now: Time, message: &Message, disk: &Durable) -> Check {
        let disk = OnDisk { term: disk.current_term, vote: disk.voted_for, last: disk.log.last_index() };
        self.promised(now, message.from, message.term, Promise::of(message), Some(disk))
    }

    /// A message of a server's leaves in a term, with a promise. None: nobody knows what its disk holds.
    pub(super) fn promised(
        &mut self,
        now: Time,
        server: ServerId,
        term: Term,
        promise: Promise,
        disk: Option<OnDisk>,
    ) -> Check {
        let ghost = &mut self.ghosts[at(server)];
        if term > ghost.term {
            let own = ghost.term;
            let text = format!("{server} sends a message of term {term}, and is in term {own}.");
            return Violation::new(Property::TermsNeverFall, now, text, &[server], &[], &[own, term]);
        }
        ghost.spoke = ghost.spoke.max(term);
        if let Promise::Vote(candidate) = promise {
            self.voted(now, server, term, candidate)?;
        }
        let Some(OnDisk { term: disk_term, vote: disk_vote, last }) = disk else { return Ok(()) };
        // A disk that has gone on to a later term had what was promised before.
        if disk_term > term {
            return Ok(());
        }
        let (text, index) = match promise {
            _ if disk_term < term => {
                (format!("{server} sends a message of term {term}; its disk is in term {disk_term}."), Index::ZERO)
            }
            Promise::Vote(candidate) if disk_vote != Some(candidate) => {
                (format!("{server} votes for {candidate} in term {term}, which its disk does not hold."), Index::ZERO)
            }
            Promise::Log(index) if last < index => {
                (format!("{server} acknowledges all up to index {index}; its disk holds no more than {last}."), index)
            }
            _ => return Ok(()),
        };
        let indexes = if index > Index::ZERO { vec![last, index] } else { Vec::new() };
        Violation::new(Property::DurableBeforeSent, now, text, &[server], &indexes, &[term])
    }
}
