//! What is committed and applied, and which disks hold it.

use raft_core::{Entries, EntryId, Index, Payload, ServerId, Term, Time};

use super::{Check, Checkers, Disks, Property, Violation, extend};
use crate::network::at;

impl Checkers {
    /// A server that leads a term, or did so until this very step, has found all up to an index committed.
    #[inline(never)]
    pub(super) fn leader_commits<D: Disks + ?Sized>(
        &mut self,
        now: Time,
        leader: ServerId,
        term: Term,
        index: Index,
        disks: &D,
    ) -> Check {
        self.commits(now, leader, index)?;
        let found = self.chain.term(index).unwrap_or_default();
        if found != term && self.own_term_commit {
            let text =
                format!("{leader} leads term {term} and finds index {index} committed, an entry of term {found}.");
            return Violation::new(Property::OwnTermCommit, now, text, &[leader], &[index], &[found, term]);
        }
        self.is_on_disks(now, leader, term, EntryId { index, term: found }, disks)?;
        self.committed_in(now, term, index)
    }

    /// All up to an index is committed as of a term: the leaders of all later terms must have it.
    pub(super) fn committed_in(&mut self, now: Time, term: Term, index: Index) -> Check {
        if let Some((latest, furthest)) = self.committed_in.last_mut()
            && *latest == term
        {
            *furthest = index.max(*furthest);
        } else {
            self.committed_in_another(term, index);
        }
        // Its election may be long past, and the leaders of later terms elected already.
        for (server, ghost) in (1..).map(ServerId).zip(&self.ghosts) {
            if let Some(leads) = ghost.leads.filter(|&leads| leads > term) {
                self.leader_has(now, server, leads, term, index)?;
            }
        }
        Ok(())
    }

    /// In a term that is not the last of those in which something was.
    fn committed_in_another(&mut self, term: Term, index: Index) {
        let terms = &self.committed_in;
        let upto = terms.partition_point(|(earlier, _)| *earlier <= term);
        if terms[..upto].last().is_none_or(|&(_, before)| before < index) {
            let from = terms.partition_point(|(earlier, _)| *earlier < term);
            let surpassed = terms[from..].iter().take_while(|&&(_, furthest)| furthest <= index).count();
            self.committed_in.splice(from..from + surpassed, [(term, index)]);
        }
    }

    /// Whether what a leader commits is on the disks of a quorum of those by whom it counts.
    fn is_on_disks<D: Disks + ?Sized>(
        &self,
        now: Time,
        leader: ServerId,
        term: Term,
        entry: EntryId,
        disks: &D,
    ) -> Check {
        let configuration = self.ghosts[at(leader)].configuration().1;
        let tally = configuration.tally(|server| disks.hold(server, entry));
        if tally.reached() {
            return Ok(());
        }
        let index = entry.index;
        let holders: Vec<ServerId> =
            configuration.members().into_iter().filter(|&server| disks.hold(server, entry)).collect();
        let text = format!(
            "{leader} leads term {term} and finds index {index} committed, which is on {tally} disks that a quorum takes."
        );
        let mut servers = vec![leader];
        servers.extend(holders.into_iter().filter(|&server| server != leader));
        Violation::new(Property::CommittedIsDurable, now, text, &servers, &[index], &[term])
    }

    /// A server's disk has changed otherwise than by growing, or may have: of every quorum one disk must still hold what is
    /// committed.
    #[inline(never)]
    pub(crate) fn disk_changed<D: Disks + ?Sized>(&self, now: Time, server: ServerId, disks: &D) -> Check {
        if !self.on {
            return Ok(());
        }
        let members = self.chain.configuration(self.chain.last());
        let lacks = |index: Index| {
            let term = self.chain.term(index).unwrap_or_default();
            move |server| !disks.hold(server, EntryId { index, term })
        };
        let is_lost = |index: Index| members.tally(lacks(index)).reached();
        // Whoever wrote down how a world begins need not have put on disks what is committed there.
        let (mut kept, mut lost) = (self.begun, self.chain.last());
        if lost <= kept || !is_lost(lost) {
            return Ok(());
        }
        // Whoever holds an entry holds all before it, so the first that is lost can be searched for by halves.
        while kept.next() < lost {
            let middle = Index(kept.0.midpoint(lost.0));
            if is_lost(middle) { lost = middle } else { kept = middle }
        }
        let term = self.chain.term(lost).unwrap_or_default();
        let voters = members.members().into_iter().filter(|&server| members.is_voter(server));
        let without: Vec<ServerId> = voters.filter(|&server| lacks(lost)(server)).collect();
        let names: Vec<String> = without.iter().map(ToString::to_string).collect();
        let names = names.join(", ");
        let (property, what) = if lost <= self.acknowledged {
            (Property::AcknowledgedWritesSurvive, "a client was told that it is written")
        } else {
            (Property::CommittedIsDurable, "it is committed")
        };
        let text = format!(
            "{names} are a quorum, and no disk of theirs holds the entry at index {lost} any more since {server}'s lost it; \
             {what}."
        );
        Violation::new(property, now, text, &without, &[lost], &[term])
    }

    /// A save of a server's is done, and its log on disk now ends with this entry.
    #[inline]
    pub(crate) fn saved<D: Disks + ?Sized>(&mut self, now: Time, server: ServerId, last: EntryId, disks: &D) -> Check {
        let before = std::mem::replace(&mut self.ghosts[at(server)].on_disk, last);
        // What only grew has lost nothing; what was cut off and replaced ends with another term.
        if last.term == before.term && last.index >= before.index {
            return Ok(());
        }
        self.disk_changed(now, server, disks)
    }

    /// A server has stopped, and what its disk holds now is all that is left.
    pub(crate) fn stopped<D: Disks + ?Sized>(&mut self, now: Time, server: ServerId, disks: &D) -> Check {
        self.ghosts[at(server)].leads = None;
        self.disk_changed(now, server, disks)
    }

    /// A server knows all up to an index to be committed.
    #[inline(never)]
    pub(super) fn commits(&mut self, now: Time, server: ServerId, to: Index) -> Check {
        let Self { ghosts, chain, seen, .. } = self;
        let ghost = &mut ghosts[at(server)];
        let before = std::mem::replace(&mut ghost.committed, to);
        if to < before {
            let text = format!("{server} has taken its commit index back from {before} to {to}.");
            return Violation::new(Property::IndexesNeverFall, now, text, &[server], &[to, before], &[]);
        }
        let last = ghost.log.last();
        if to > last {
            let missing = last.next();
            let text = format!("{server} committed index {missing}, which its log does not reach.");
            return Violation::new(Property::StateMachineSafety, now, text, &[server], &[missing], &[]);
        }
        let known = to.min(chain.last());
        if !ghost.log.settle_upto(known, chain) {
            let other = ghost.log.agrees().next();
            let first = chain.first_by(other).unwrap_or(server);
            let text = format!("{first} and {server} committed different entries at index {other}.");
            return Violation::new(Property::StateMachineSafety, now, text, &[first, server], &[other], &[]);
        }
        if to > known {
            // What was seen of its entries is known of the committed log from now on.
            seen.remove_between(&(known.next(), Term::ZERO), &(to, Term(u64::MAX)), |&(index, term), &(prefix, _)| {
                let is_its = index == chain.last().next() && ghost.log.term(index, chain) == Some(term);
                if is_its {
                    chain.push(prefix, term, server);
                }
                is_its
            });
            ghost.log.agrees_upto(to);
            let new = ghost.configurations.partition_point(|&(index, _)| index <= known);
            for (index, configuration) in ghost.configurations[new..].iter().take_while(|&&(index, _)| index <= to) {
                chain.push_configuration(*index, configuration.clone());
            }
        }
        Ok(())
    }

    /// A client is told that its write stands at this entry.
    #[inline(never)]
    pub(crate) fn acknowledged(&mut self, now: Time, server: ServerId, entry: EntryId) -> Check {
        if !self.on {
            return Ok(());
        }
        let EntryId { index, term } = entry;
        if !self.chain.holds(entry) {
            let text =
                format!("{server} tells a client that its write stands at index {index}, which is not committed.");
            return Violation::new(Property::AcknowledgedWritesSurvive, now, text, &[server], &[index], &[term]);
        }
        self.acknowledged = self.acknowledged.max(index);
        Ok(())
    }

    /// A server's state machine goes on from a snapshot.
    pub(super) fn restores(&mut self, now: Time, server: ServerId, index: Index) -> Check {
        let ghost = &mut self.ghosts[at(server)];
        let applied = std::mem::replace(&mut ghost.applied, index);
        if index < applied {
            let text = format!("{server} took its state machine back from index {applied} to {index}.");
            return Violation::new(Property::StateMachineSafety, now, text, &[server], &[index, applied], &[]);
        }
        Ok(())
    }

    /// A server's state machine has come to an index, and its state then has this digest.
    #[inline]
    pub(crate) fn has_state(&mut self, now: Time, server: ServerId, index: Index, digest: u64) -> Check {
        if !self.on || self.states.get(index) == Some(digest) {
            Ok(())
        } else {
            self.state_is(now, server, index, digest)
        }
    }

    /// It has another one than is known, or is the first there.
    #[inline(never)]
    fn state_is(&mut self, now: Time, server: ServerId, index: Index, digest: u64) -> Check {
        match self.states.get(index) {
            None if index.0 == self.states.len() + 1 => self.states.push(digest),
            Some(state) if state != digest => {
                let text = format!("{server} has another state after index {index} than the committed log gives.");
                return Violation::new(Property::StateMachineSafety, now, text, &[server], &[index], &[]);
            }
            _ => {}
        }
        Ok(())
    }

    /// A server hands entries to its state machine.
    #[inline(never)]
    pub(super) fn applies(&mut self, now: Time, server: ServerId, first: Index, entries: &Entries) -> Check {
        let expected = self.ghosts[at(server)].applied.next();
        if first != expected {
            let text = format!("{server} applied the entry at index {first}, where {expected} was next.");
            return Violation::new(Property::StateMachineSafety, now, text, &[server], &[expected, first], &[]);
        }
        let (term, payloads) = (entries.term(), entries.payloads());
        let applied = first.previous().plus(payloads.len() as u64);
        let before = self.chain.prefix(first.previous()).unwrap_or(0);
        let extend = |prefix: &mut u64, payload: &Payload| {
            *prefix = extend(*prefix, term, payload);
            Some(*prefix)
        };
        let (mut whole, known) = self.memo.follow(before, first, term, payloads);
        if known < payloads.len() {
            whole = payloads[known..].iter().scan(whole, extend).last().unwrap_or(whole);
        }
        // The hash stands for all before, so the last one tells; only where it differs, the first that does is looked for.
        if !payloads.is_empty() && self.chain.prefix(applied) != Some(whole) {
            let prefixes = (first.0..).map(Index).zip(payloads.iter().scan(before, extend));
            let mut others = prefixes.filter(|&(index, prefix)| self.chain.prefix(index) != Some(prefix));
            let index = others.next().map_or(first, |(index, _)| index);
            let text = format!("{server} applied another entry at index {index} than the committed one.");
            return Violation::new(Property::StateMachineSafety, now, text, &[server], &[index], &[term]);
        }
        self.ghosts[at(server)].applied = applied;
        Ok(())
    }
}
