//! Each property is broken by hand here, in the smallest way there is.

use raft_core::{Durable, Entries, Entry, Log, Options, Rule};

use super::*;
use crate::{Scenario, World, WorldOptions};

pub(super) const NOW: Time = Time(5);
pub(super) const S1: ServerId = ServerId(1);
pub(super) const S2: ServerId = ServerId(2);
pub(super) const S3: ServerId = ServerId(3);

/// Disks by server: up to which index each holds the committed log.
pub(super) struct Upto(pub(super) [u64; 3]);

impl Disks for Upto {
    fn hold(&self, server: ServerId, entry: EntryId) -> bool {
        entry.index.0 <= self.0[at(server)]
    }
}

pub(super) const ALL: Upto = Upto([u64::MAX; 3]);

impl Checkers {
    /// A server wins a term that nobody led.
    fn wins(&mut self, server: ServerId, term: u64) -> Check {
        self.leaderships.remove(&Term(term));
        self.won(NOW, server, Term(term))
    }

    /// The hash of a server's log up to each index.
    fn prefixes(&self, server: ServerId) -> Vec<u64> {
        (1..).map_while(|index| self.prefix(server, Index(index))).collect()
    }

    /// Writes no-ops of these terms, run by run. `leads`: the server leads this term.
    pub(super) fn wrote_noops(&mut self, server: ServerId, leads: Option<Term>, from: Index, terms: &[u64]) -> Check {
        self.ghosts[at(server)].leads = leads;
        let mut next = from;
        for run in terms.chunk_by(|one, other| one == other) {
            let entries = Entries::new(Term(run[0]), run.iter().map(|_| Payload::Noop));
            self.wrote(NOW, server, next, &entries)?;
            next = next.plus(run.len() as u64);
        }
        Ok(())
    }
}

fn noop(term: u64) -> Entries {
    Entries::new(Term(term), [Payload::Noop])
}

fn command(term: u64, text: &str) -> Entries {
    Entries::new(Term(term), [Payload::Command(text.into())])
}

/// Three servers with the log of one entry of term 1. They have come to term 9, and S1 led all terms up to there and wrote
/// whatever there is.
pub(super) fn checkers() -> Checkers {
    let mut checkers = Checkers::new(&Configuration::of_voters([S1, S2, S3]).unwrap());
    for term in (1..=9).map(Term) {
        checkers.leaderships.insert(term, Leadership { leader: S1, wrote: Index::LIMIT });
    }
    for server in [S1, S2, S3] {
        checkers.in_term(NOW, server, Term(9)).unwrap();
        checkers.wrote_noops(server, None, Index(1), &[1]).unwrap();
    }
    checkers
}

#[track_caller]
pub(super) fn assert_violated(check: Check, property: Property, text: &str) {
    let violation = *check.unwrap_err();
    assert_eq!((violation.property, violation.text.as_str()), (property, text));
    assert_eq!((violation.at, violation.section), (NOW, property.section()));
}

#[test]
fn election_safety_a_second_leader_of_a_term_is_found_however_late() {
    let mut checkers = checkers();
    checkers.won(NOW, S1, Term(11)).unwrap();
    checkers.won(NOW, S2, Term(12)).unwrap();
    checkers.won(NOW, S1, Term(11)).unwrap();
    let check = checkers.won(NOW, S3, Term(11));
    assert_violated(check, Property::ElectionSafety, "S1 and S3 were both elected leader in term 11.");
}

#[test]
fn leader_append_only_a_leader_that_changes_its_log_is_found() {
    let mut checkers = checkers();
    checkers.wrote_noops(S1, None, Index(2), &[1, 1]).unwrap();
    checkers.wrote_noops(S1, Some(Term(2)), Index(4), &[2]).unwrap();
    let same_again = checkers.clone().wrote_noops(S1, Some(Term(2)), Index(4), &[2]);
    assert!(same_again.is_ok(), "writing the same again changes nothing");
    let shorter = checkers.clone().wrote(NOW, S1, Index(4), &Entries::NONE);
    let text = "S1 leads term 2 and changed its own log at index 4 or after it.";
    assert_violated(shorter, Property::LeaderAppendOnly, text);
    let replaced = checkers.clone().wrote_noops(S1, Some(Term(2)), Index(2), &[2, 2, 2]);
    let text = "S1 leads term 2 and changed its own log at index 2 or after it.";
    assert_violated(replaced, Property::LeaderAppendOnly, text);
    assert!(checkers.wrote_noops(S1, None, Index(2), &[3]).is_ok(), "a follower may");
}

#[test]
fn log_matching_the_same_entry_behind_different_logs_is_found() {
    let mut checkers = checkers();
    checkers.wrote_noops(S1, None, Index(2), &[1, 3]).unwrap();
    checkers.wrote_noops(S2, None, Index(2), &[2]).unwrap();
    let check = checkers.wrote_noops(S2, None, Index(3), &[3]);
    let text = "S1 and S2 both have an entry of term 3 at index 3, but their logs up to it differ.";
    assert_violated(check, Property::LogMatching, text);
}

#[test]
fn log_matching_different_commands_at_one_index_and_term_are_found() {
    let mut checkers = checkers();
    checkers.wrote(NOW, S1, Index(2), &command(1, "a")).unwrap();
    let check = checkers.wrote(NOW, S2, Index(2), &command(1, "b"));
    let text = "S1 and S2 both have an entry of term 1 at index 2, but their logs up to it differ.";
    assert_violated(check, Property::LogMatching, text);
}

#[test]
fn leader_completeness_a_new_leader_without_a_committed_entry_is_found() {
    let mut checkers = checkers();
    checkers.wrote_noops(S1, None, Index(2), &[1, 1]).unwrap();
    checkers.commits(NOW, S1, Index(3)).unwrap();
    checkers.committed_in(NOW, Term(1), Index(3)).unwrap();
    checkers.wrote_noops(S2, None, Index(2), &[1]).unwrap();
    assert!(checkers.clone().wins(S1, 2).is_ok());
    let check = checkers.wins(S2, 2);
    let text = "S2 leads term 2 without the entry at index 3, committed in term 1.";
    assert_violated(check, Property::LeaderCompleteness, text);
}

#[test]
fn leader_completeness_asks_nothing_of_the_leader_of_an_older_term_elected_late() {
    let mut checkers = checkers();
    checkers.wrote_noops(S1, None, Index(2), &[3]).unwrap();
    checkers.commits(NOW, S1, Index(2)).unwrap();
    checkers.committed_in(NOW, Term(3), Index(2)).unwrap();
    assert!(checkers.wins(S2, 2).is_ok(), "term 2 is before term 3, and owes it nothing");
    assert!(checkers.wins(S3, 4).is_err());
}

#[test]
fn leader_completeness_a_commit_that_the_leader_of_a_later_term_lacks_is_found() {
    let mut checkers = checkers();
    checkers.wins(S2, 4).unwrap();
    checkers.wrote_noops(S1, None, Index(2), &[1]).unwrap();
    checkers.commits(NOW, S1, Index(2)).unwrap();
    let check = checkers.committed_in(NOW, Term(3), Index(2));
    let text = "S2 leads term 4 without the entry at index 2, committed in term 3.";
    assert_violated(check, Property::LeaderCompleteness, text);
}

#[test]
fn of_several_terms_the_furthest_commit_counts() {
    let mut checkers = checkers();
    checkers.wrote_noops(S1, None, Index(2), &[1, 1]).unwrap();
    checkers.commits(NOW, S1, Index(3)).unwrap();
    // An older leader learns late, and of less, what a newer one has committed already; then of more.
    for (term, index) in [(5, 2), (3, 1), (4, 3), (6, 3)] {
        checkers.committed_in(NOW, Term(term), Index(index)).unwrap();
    }
    let kept: Vec<_> = checkers.committed_in.iter().map(|&(Term(term), Index(index))| (term, index)).collect();
    assert_eq!(kept, [(3, 1), (4, 3)]);
    assert!(checkers.clone().wins(S2, 4).is_ok(), "S2 has index 1");
    assert!(checkers.wins(S2, 5).is_err(), "S2 lacks index 3");
}

#[test]
fn state_machine_safety_two_entries_committed_at_one_index_are_found() {
    let mut checkers = checkers();
    checkers.wrote_noops(S1, None, Index(2), &[1, 2]).unwrap();
    checkers.wrote_noops(S2, None, Index(2), &[1, 3]).unwrap();
    checkers.commits(NOW, S1, Index(3)).unwrap();
    checkers.commits(NOW, S2, Index(2)).unwrap();
    let check = checkers.clone().commits(NOW, S2, Index(3));
    assert_violated(check, Property::StateMachineSafety, "S1 and S2 committed different entries at index 3.");
    let check = checkers.commits(NOW, S3, Index(2));
    assert_violated(check, Property::StateMachineSafety, "S3 committed index 2, which its log does not reach.");
}

#[test]
fn state_machine_safety_an_entry_applied_out_of_turn_or_another_one_is_found() {
    let mut checkers = checkers();
    checkers.wrote_noops(S1, None, Index(2), &[1]).unwrap();
    checkers.commits(NOW, S1, Index(2)).unwrap();
    let gap = checkers.clone().applies(NOW, S1, Index(2), &noop(1));
    assert_violated(gap, Property::StateMachineSafety, "S1 applied the entry at index 2, where 1 was next.");
    checkers.applies(NOW, S1, Index(1), &noop(1)).unwrap();
    let again = checkers.clone().applies(NOW, S1, Index(1), &noop(1));
    assert_violated(again, Property::StateMachineSafety, "S1 applied the entry at index 1, where 2 was next.");
    let other = checkers.clone().applies(NOW, S1, Index(2), &command(1, "x"));
    let text = "S1 applied another entry at index 2 than the committed one.";
    assert_violated(other, Property::StateMachineSafety, text);
    checkers.applies(NOW, S1, Index(2), &noop(1)).unwrap();
}

#[test]
fn a_restarted_server_applies_from_the_beginning_and_has_the_log_of_its_disk() {
    let mut checkers = checkers();
    checkers.commits(NOW, S1, Index(1)).unwrap();
    checkers.applies(NOW, S1, Index(1), &noop(1)).unwrap();
    checkers.started(NOW, S1, Term(9), &[Entry::noop(Term(1)), Entry::noop(Term(1))].into_iter().collect()).unwrap();
    checkers.applies(NOW, S1, Index(1), &noop(1)).unwrap();
    assert_eq!(checkers.prefix(S1, Index(3)), None);
    checkers.wrote_noops(S2, None, Index(2), &[1]).unwrap();
    assert_eq!(checkers.prefix(S1, Index(2)), checkers.prefix(S2, Index(2)));
}

fn members(count: u32) -> Configuration {
    Configuration::of_voters((1..=count).map(ServerId)).unwrap()
}

/// A server whose log holds the entry of [`checkers`] and a configuration of each of these numbers of servers.
fn server_with_configurations(counts: &[u32]) -> Server {
    let configurations = counts.iter().map(|&count| Entry::configuration(Term(1), members(count)));
    let log = [Entry::noop(Term(1))].into_iter().chain(configurations).collect();
    let disk = Durable { current_term: Term(1), log, ..Durable::default() };
    Server::start(S1, members(3), Options::default(), disk, NOW).unwrap()
}

#[test]
fn membership_safety_a_server_that_counts_by_another_configuration_than_its_latest_is_found() {
    let mut checkers = checkers();
    let counts = |checkers: &Checkers, of: &[u32]| {
        let server = server_with_configurations(of);
        checkers.counts_by(NOW, S1, server.configuration())
    };
    counts(&checkers, &[]).unwrap();
    let text = "S1 counts by another configuration than the latest of its log, at index 0.";
    assert_violated(counts(&checkers, &[4]), Property::MembershipSafety, text);
    let members_at = |index, count| {
        let entries = Entries::new(Term(1), [Payload::Configuration(members(count).into())]);
        move |checkers: &mut Checkers| checkers.wrote(NOW, S1, Index(index), &entries)
    };
    members_at(2, 4)(&mut checkers).unwrap();
    checkers.commits(NOW, S1, Index(2)).unwrap();
    members_at(3, 5)(&mut checkers).unwrap();
    counts(&checkers, &[4, 5]).unwrap();
    let text = "S1 counts by another configuration than the latest of its log, at index 3.";
    assert_violated(counts(&checkers, &[4]), Property::MembershipSafety, text);
    let early = members_at(4, 4)(&mut checkers.clone());
    let text = "S1 has a configuration at index 4 before that at index 3 is committed.";
    assert_violated(early, Property::MembershipSafety, text);
    checkers.wrote_noops(S1, None, Index(3), &[2]).unwrap();
    counts(&checkers, &[4]).unwrap();
    // What a snapshot stands for counts on: of a server that never had the entries, too.
    checkers.commits(NOW, S1, Index(3)).unwrap();
    checkers.started(NOW, S2, Term(9), &Log::after(EntryId::new(3, 2))).unwrap();
    assert_eq!(*checkers.ghosts[1].base, members(4));
}

#[test]
fn membership_safety_a_leader_that_changes_members_before_its_last_change_is_committed_is_found() {
    let rules_off = vec![Rule::OneChangeAtATime];
    let options = WorldOptions { rules_off, ..WorldOptions::default() };
    let mut world = World::new(Scenario { servers: 5, options, ..Scenario::default() }).unwrap();
    world.advance(1_000_000, u64::MAX);
    let set = |voters: u32| crate::Input::SetMembers {
        voters: (1..=voters).map(ServerId).collect(),
        learners: Vec::new(),
        server: None,
        catch_up: true,
        stays_joint: false,
    };
    world.apply(set(4)).unwrap();
    assert_eq!(world.violation(), None);
    world.apply(set(3)).unwrap();
    assert_eq!(world.violation().unwrap().property, Property::MembershipSafety);
}

/// Three servers that have all committed three entries.
pub(super) fn three_committed() -> Checkers {
    let mut checkers = checkers();
    for server in [S1, S2, S3] {
        checkers.wrote_noops(server, None, Index(2), &[1, 2]).unwrap();
        checkers.commits(NOW, server, Index(3)).unwrap();
    }
    checkers
}

#[test]
fn a_snapshot_stands_for_the_committed_log_and_what_is_behind_it_stays() {
    let mut checkers = three_committed();
    checkers.wrote_noops(S1, None, Index(4), &[2]).unwrap();
    let mut log: Log = [1, 1, 2, 2].map(|term| Entry::noop(Term(term))).into_iter().collect();
    let whole = checkers.prefixes(S1);
    checkers.rests_on(NOW, S1, EntryId::new(2, 1), &log).unwrap();
    assert_eq!(checkers.prefixes(S1), whole, "its own log goes on");
    // S2 has lost its log, and has a snapshot instead; then one with something behind it.
    checkers.started(NOW, S2, Term(9), &Log::after(EntryId::new(2, 1))).unwrap();
    assert_eq!(checkers.prefixes(S2), whole[..2]);
    log = Log::after(EntryId::new(3, 2));
    log.extend([Entry::noop(Term(2))]);
    checkers.started(NOW, S2, Term(9), &log).unwrap();
    assert_eq!(checkers.prefixes(S2), whole);
    log = Log::after(EntryId::new(3, 2));
    log.extend([Entry::command(Term(2), "x")]);
    let text = "S1 and S2 both have an entry of term 2 at index 4, but their logs up to it differ.";
    assert_violated(checkers.started(NOW, S2, Term(9), &log), Property::LogMatching, text);
}

/// It joined, and had the entries before it heard of who counts.
#[test]
fn a_snapshot_says_who_counts_to_a_server_that_has_the_entries_but_not_the_members() {
    let mut checkers = three_committed();
    checkers.add_server();
    let s4 = ServerId(4);
    checkers.in_term(NOW, s4, Term(9)).unwrap();
    checkers.wrote_noops(s4, None, Index(1), &[1, 1, 2]).unwrap();
    let members = Configuration::of_voters([S1, S2, S3]).unwrap();
    let text = "S4 counts by another configuration than the latest of its log, at index 0.";
    assert_violated(checkers.counts_by(NOW, s4, &members), Property::MembershipSafety, text);
    checkers.rests_on(NOW, s4, EntryId::new(2, 1), &Log::after(EntryId::new(2, 1))).unwrap();
    checkers.counts_by(NOW, s4, &members).unwrap();
    let other = checkers.counts_by(NOW, s4, &Configuration::unknown());
    assert_violated(other, Property::MembershipSafety, text);
}

#[test]
fn state_machine_safety_a_snapshot_of_what_is_not_committed_is_found() {
    let mut checkers = three_committed();
    let beyond = checkers.rests_on(NOW, S1, EntryId::new(4, 2), &Log::after(EntryId::new(4, 2)));
    let text = "S1 has a snapshot that ends with the entry 4.2, which is not committed.";
    assert_violated(beyond, Property::StateMachineSafety, text);
    checkers.wrote_noops(S3, None, Index(3), &[3]).unwrap();
    let other = checkers.rests_on(NOW, S3, EntryId::new(3, 3), &Log::after(EntryId::new(3, 3)));
    let text = "S3 has a snapshot that ends with the entry 3.3, which is not committed.";
    assert_violated(other, Property::StateMachineSafety, text);
}

#[test]
fn state_machine_safety_a_state_taken_back_or_another_one_is_found() {
    let mut checkers = three_committed();
    for (index, digest) in [(1, 10), (2, 20), (3, 30)] {
        checkers.has_state(NOW, S1, Index(index), digest).unwrap();
    }
    checkers.restores(NOW, S2, Index(2)).unwrap();
    checkers.has_state(NOW, S2, Index(2), 20).unwrap();
    let other = checkers.has_state(NOW, S2, Index(2), 30);
    let text = "S2 has another state after index 2 than the committed log gives.";
    assert_violated(other, Property::StateMachineSafety, text);
    let back = checkers.clone().restores(NOW, S2, Index(1));
    assert_violated(back, Property::StateMachineSafety, "S2 took its state machine back from index 2 to 1.");
    checkers.applies(NOW, S2, Index(3), &noop(2)).unwrap();
}

#[test]
fn two_halves_that_are_each_a_quorum_elect_two_leaders() {
    let options = WorldOptions { rules_off: vec![Rule::QuorumIsMoreThanHalf], ..WorldOptions::default() };
    let mut world = World::new(Scenario { servers: 2, options, ..Scenario::default() }).unwrap();
    for server in [S1, S2] {
        world.apply(crate::Input::TimeOut { server }).unwrap();
    }
    world.advance(100_000, u64::MAX);
    let violation = world.violation().unwrap();
    assert_eq!(violation.property, Property::ElectionSafety);
    assert_eq!((violation.servers.len(), violation.terms.as_slice()), (2, &[Term(1)][..]));
    let json = serde_json::to_value(violation).unwrap();
    assert_eq!(json["property"], "election_safety");
    assert_eq!((&json["section"], &json["terms"][0]), (&"P§5.2".into(), &1.into()));
}
