//! What is committed and applied, and which disks hold it.

use raft_core::{Entries, EntryId, Index, ServerId, Term, Time};

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
        let terms = &self.committed_in;
        let upto = terms.partition_point(|(earlier, _)| *earlier <= term);
        if terms[..upto].last().is_none_or(|&(_, before)| before < index) {
            let from = terms.partition_point(|(earlier, _)| *earlier < term);
            let surpassed = terms[from..].iter().take_while(|&&(_, furthest)| furthest <= index).count();
            self.committed_in.splice(from..from + surpassed, [(term, index)]);
        }
        // Its election may be long past, and the leaders of later terms elected already.
        for (server, ghost) in (1..).map(ServerId).zip(&self.ghosts) {
            if let Some(leads) = ghost.leads.filter(|&leads| leads > term) {
                self.leader_has(now, server, leads, term, index)?;
            }
        }
        Ok(())
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
    #[inline(never)]
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
        let ghost = &mut self.ghosts[at(server)];
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
        let known = to.min(self.chain.last());
        ghost.log.settle(&self.chain);
        if ghost.log.agrees() < known {
            let other = ghost.log.agrees().next();
            let first = self.chain.first_by(other).unwrap_or(server);
            let text = format!("{first} and {server} committed different entries at index {other}.");
            return Violation::new(Property::StateMachineSafety, now, text, &[first, server], &[other], &[]);
        }
        for index in (known.0 + 1..=to.0).map(Index) {
            let (Some(prefix), Some(term)) = (ghost.log.prefix(index, &self.chain), ghost.log.term(index, &self.chain))
            else {
                break;
            };
            self.chain.push(prefix, term, server);
            self.seen.remove(&(index, term));
        }
        let new = ghost.configurations.partition_point(|&(index, _)| index <= known);
        for (index, configuration) in ghost.configurations[new..].iter().take_while(|&&(index, _)| index <= to) {
            self.chain.push_configuration(*index, configuration.clone());
        }
        ghost.log.settle(&self.chain);
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
    #[inline(never)]
    pub(crate) fn has_state(&mut self, now: Time, server: ServerId, index: Index, digest: u64) -> Check {
        match self.states.get(index) {
            None if self.on && index.0 == self.states.len() + 1 => self.states.push(digest),
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
        let term = entries.term();
        let before = self.chain.prefix(first.previous()).unwrap_or(0);
        let prefixes = (first.0..).map(Index).zip(entries.payloads()).scan(before, |prefix, (index, payload)| {
            let known = self.memo.get(*prefix, index, term, payload);
            *prefix = known.unwrap_or_else(|| extend(*prefix, term, payload));
            Some((index, *prefix))
        });
        let is_other = |&(index, prefix): &(Index, u64)| self.chain.prefix(index) != Some(prefix);
        // The hash stands for all before, so the last one tells; only where it differs, the first that does is looked for.
        if prefixes.clone().last().is_some_and(|last| is_other(&last)) {
            let index = prefixes.clone().find(is_other).map_or(first, |(index, _)| index);
            let text = format!("{server} applied another entry at index {index} than the committed one.");
            return Violation::new(Property::StateMachineSafety, now, text, &[server], &[index], &[term]);
        }
        self.ghosts[at(server)].applied = first.previous().plus(entries.len() as u64);
        Ok(())
    }
}
