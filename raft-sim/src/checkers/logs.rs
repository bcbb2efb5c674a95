//! What servers write into their logs.

use std::sync::Arc;

use raft_core::{Configuration, Entries, EntryId, Index, Log, Payload, ServerId, Term, Time};

use super::chain::{OwnLog, UNKNOWN};
use super::{Check, Checkers, Property, Violation, extend};
use crate::network::at;

impl Checkers {
    /// A server started in this term, from this log.
    #[inline(never)]
    pub(crate) fn started(&mut self, now: Time, server: ServerId, term: Term, log: &Log) -> Check {
        if !self.on {
            return Ok(());
        }
        let ghost = &mut self.ghosts[at(server)];
        ghost.log = OwnLog::default();
        ghost.applied = log.base().index;
        ghost.committed = log.base().index;
        ghost.term = term;
        ghost.leads = None;
        let spoke = ghost.spoke;
        if term < spoke {
            let text = format!("{server} starts again in term {term}; it had sent messages in term {spoke}.");
            return Violation::new(Property::TermsNeverFall, now, text, &[server], &[], &[term, spoke]);
        }
        self.rests_on(now, server, log.base(), log)
    }

    /// A snapshot stands for a server's log up to an entry: all up to it must be the committed log, and `log` is what stands
    /// behind it.
    #[inline(never)]
    pub(super) fn rests_on(&mut self, now: Time, server: ServerId, base: EntryId, log: &Log) -> Check {
        let index = base.index;
        let committed = self.chain.prefix(index);
        let is_other = |&(seen, _): &(u64, ServerId)| Some(seen) != committed;
        if !self.chain.holds(base) || self.seen.get(&(index, base.term)).is_some_and(is_other) {
            let text = format!("{server} has a snapshot that ends with the entry {base}, which is not committed.");
            return Violation::new(Property::StateMachineSafety, now, text, &[server], &[index], &[base.term]);
        }
        let ghost = &mut self.ghosts[at(server)];
        // Whoever joined may have had entries without knowing who counts before them; a snapshot says it.
        ghost.base = if index == Index::ZERO { ghost.first.clone() } else { self.chain.configuration(index).clone() };
        if index > Index::ZERO && ghost.log.is_committed_upto(index, &self.chain) {
            return Ok(());
        }
        // Another log begins here.
        ghost.configurations.clear();
        ghost.log = OwnLog::committed_upto(index, &self.chain);
        for (first, entries) in log.between(Index::ZERO, log.last_index()) {
            self.wrote(now, server, first, &entries)?;
        }
        Ok(())
    }

    /// A server's log is now these entries from an index on.
    #[inline]
    pub(super) fn wrote(&mut self, now: Time, server: ServerId, from: Index, entries: &Entries) -> Check {
        if self.copied(server, from, entries) { Ok(()) } else { self.wrote_otherwise(now, server, from, entries) }
    }

    /// Nearly always a follower has put behind its log what stands behind the very same log elsewhere. All that could be wrong with
    /// that was looked at when it was written there; but a server may be in an earlier term. The hash of a log says how long it is, so
    /// what it puts in the place of other entries is not known.
    #[inline]
    fn copied(&mut self, server: ServerId, from: Index, entries: &Entries) -> bool {
        let ghost = &mut self.ghosts[at(server)];
        let (term, payloads) = (entries.term(), entries.payloads());
        if term > ghost.term || payloads.is_empty() {
            return false;
        }
        let (whole, known) = self.memo.follow(ghost.log.whole(), from, term, payloads);
        let all = known == payloads.len();
        if all {
            ghost.log.push(term, known, whole);
        }
        all
    }

    #[inline(never)]
    fn wrote_otherwise(&mut self, now: Time, server: ServerId, from: Index, entries: &Entries) -> Check {
        let ghost = &self.ghosts[at(server)];
        let (last, leads, own_term, term) = (ghost.log.last(), ghost.leads, ghost.term, entries.term());
        // Nearly always they stand behind what is there.
        let appends = from == last.next();
        let before = from.previous();
        let prefix = if appends { Some(ghost.log.whole()) } else { self.prefix(server, before) };
        let (Some(mut prefix), Some(term_before)) = (prefix, ghost.log.term(before, &self.chain)) else {
            let text = format!("{server} has an entry at index {from}; its log ended at index {last}.");
            return Violation::new(Property::LogMatching, now, text, &[server], &[last, from], &[term]);
        };
        let last_term = if appends { None } else { ghost.log.term(last, &self.chain) };
        if !entries.is_empty() {
            self.may_be_there(now, server, from, entries, term_before, own_term)?;
        }

        let Self { ghosts, chain, seen, memo, .. } = self;
        let ghost = &mut ghosts[at(server)];
        if !appends {
            ghost.log.keep_upto(before, prefix);
            ghost.configurations.truncate(ghost.configurations.partition_point(|&(index, _)| index < from));
        }
        let payloads = entries.payloads();
        let (mut done, mut differs) = (0, None);
        loop {
            let (index, rest) = (from.plus(done as u64), &payloads[done..]);
            let (whole, known) = memo.follow(prefix, index, term, rest);
            (prefix, done) = (whole, done + known);
            // The one that is not known: mostly it is new, and this server leads.
            let Some(payload) = rest.get(known) else { break };
            let index = from.plus(done as u64);
            prefix = extend(whole, term, payload);
            let (first_prefix, first) = match chain.prefix(index) {
                Some(committed) if chain.term(index) == Some(term) => {
                    (committed, chain.first_by(index).unwrap_or(server))
                }
                _ => *seen.get_or_insert((index, term), (prefix, server)),
            };
            if first_prefix == prefix {
                memo.note(whole, index, term, payload, prefix);
            } else {
                differs = differs.or(Some((first, EntryId { index, term })));
            }
            done += 1;
        }
        if done > 0 {
            ghost.log.push(term, done, prefix);
        }
        if let Some(term) = leads
            && !appends
            && (ghost.log.term(last, chain) != last_term || differs.is_some_and(|(_, entry)| entry.index <= last))
        {
            let text = format!("{server} leads term {term} and changed its own log at index {from} or after it.");
            return Violation::new(Property::LeaderAppendOnly, now, text, &[server], &[from], &[term]);
        }
        if let Some((first, entry)) = differs {
            return differ(now, server, first, entry);
        }
        match payloads.iter().position(|payload| matches!(payload, Payload::Configuration(_))) {
            Some(first) => self.wrote_configurations(now, server, from.plus(first as u64), entries.clone().skip(first)),
            None => Ok(()),
        }
    }

    /// The hash of a server's log up to an index, if it reaches there.
    pub(super) fn prefix(&self, server: ServerId, index: Index) -> Option<u64> {
        let term = self.ghosts[at(server)].log.term(index, &self.chain)?;
        if self.chain.term(index) == Some(term) {
            self.chain.prefix(index)
        } else {
            self.seen.get(&(index, term)).map(|&(prefix, _)| prefix)
        }
    }

    /// Whether entries of their term can stand behind one of term `before`, in the log of a server that is in term `own`.
    fn may_be_there(
        &mut self,
        now: Time,
        server: ServerId,
        from: Index,
        entries: &Entries,
        before: Term,
        own: Term,
    ) -> Check {
        let term = entries.term();
        // Nobody knows what a snapshot ended with that was there at the beginning.
        let falls = term < before && before != UNKNOWN;
        if falls || term > own {
            let text = if falls {
                format!("{server} has an entry of term {term} at index {from}, behind one of term {before}.")
            } else {
                format!("{server} has an entry of term {term} at index {from}, and is in term {own}.")
            };
            return Violation::new(Property::TermsNeverFall, now, text, &[server], &[from], &[term]);
        }
        let last = from.previous().plus(entries.len() as u64);
        let text = match self.leaderships.late_mut(&term) {
            // What the leaders of the beginning wrote before it, nobody saw.
            _ if term <= self.unseen => return Ok(()),
            None => {
                format!("{server} has an entry of term {term} at index {from}, and nobody was elected in that term.")
            }
            Some(leadership) => {
                let leader = leadership.leader;
                if leader == server && self.ghosts[at(server)].leads == Some(term) {
                    leadership.wrote = leadership.wrote.max(last);
                }
                let wrote = leadership.wrote;
                if last <= wrote {
                    return Ok(());
                }
                format!(
                    "{server} has an entry of term {term} at index {last}; {leader}, who led that term, wrote none behind \
                     index {wrote}."
                )
            }
        };
        Violation::new(Property::OneAuthorPerTerm, now, text, &[server], &[from, last], &[term])
    }

    /// Takes note of the configurations among the entries that a server wrote.
    fn wrote_configurations(&mut self, now: Time, server: ServerId, from: Index, entries: Entries) -> Check {
        for (index, payload) in (from.0..).map(Index).zip(entries.payloads()) {
            if let Payload::Configuration(members) = payload {
                let ghost = &mut self.ghosts[at(server)];
                let before: Arc<Configuration> = ghost.configuration().1.clone();
                ghost.configurations.push((index, members.clone()));
                if entries.term() > self.unseen {
                    self.follows_on(now, server, index, &before, members)?;
                }
            }
        }
        Ok(())
    }
}

/// Two servers, or one and the same, have an entry with its index and term behind different logs.
fn differ(now: Time, server: ServerId, first: ServerId, entry: EntryId) -> Check {
    let EntryId { index, term } = entry;
    let text = if first == server {
        format!("{server} had an entry of term {term} at index {index} before, behind another log.")
    } else {
        format!(
            "{first} and {server} both have an entry of term {term} at index {index}, but their logs up to it differ."
        )
    };
    Violation::new(Property::LogMatching, now, text, &[first, server], &[index], &[term])
}
