//! Section 5.4.2 of the paper: committing entries from previous terms. Figure 8, from its exact states.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use raft_core::{Event, Index, Options, Rule, Term};
use raft_tests::{Cluster, as_in_the_figures, without};

/// Figure 8 up to (c): entry 2 of term 2 is on S1, S2 and S3, and S1 leads term 4.
fn up_to_c(options: &Options) -> Cluster {
    let mut cluster = Cluster::with_logs(1, &[&[1], &[1], &[1], &[1], &[1]], options).unwrap();
    // (a) S1 leads term 2 and replicates entry 2 to S2 alone.
    assert!(cluster.elect(1, &[1, 2, 3, 4, 5]));
    cluster.propose(1, "two").unwrap();
    cluster.deliver_one(|message| message.to.0 == 2);
    cluster.lose_all();
    // (b) S1 crashes; S5 wins term 3 with S3 and S4, and appends another entry 2.
    cluster.crash(1);
    assert!(cluster.elect(5, &[2, 3, 4, 5]));
    cluster.lose_all();
    cluster.propose(5, "three").unwrap();
    cluster.lose_all();
    // (c) S5 crashes; S1 restarts. S3 and S4 have voted in term 3, so it takes term 4. It appends, and sends entry 2 to S3.
    cluster.crash(5);
    cluster.restart(1).unwrap();
    assert!(!cluster.elect(1, &[1, 2, 3, 4]));
    cluster.time_out(1);
    cluster.deliver(raft_tests::is_vote);
    assert!(cluster.server(1).is_leader());
    assert_eq!(cluster.server(1).current_term(), Term(4));
    // Its first appends carry nothing new. They find where S2 and S3 agree, and bring entry 2 to S3.
    cluster.deliver_among(&[1, 2, 3]);
    assert_eq!((cluster.progress(1, 2), cluster.progress(1, 3)), (Some((3, 2)), Some((3, 2))));
    cluster.propose(1, "four").unwrap();
    cluster.lose_all();
    assert_eq!(cluster.log(1), [1, 2, 4]);
    assert_eq!((cluster.log(2), cluster.log(3), cluster.log(4)), (vec![1, 2], vec![1, 2], vec![1]));
    cluster
}

/// (d): S1 crashes, S5 comes back, wins term 5 and replaces entry 2 everywhere.
fn d(cluster: &mut Cluster) {
    cluster.crash(1);
    cluster.restart(5).unwrap();
    assert!(!cluster.elect(5, &[2, 3, 4, 5]), "term 4 is taken");
    assert!(cluster.elect(5, &[2, 3, 4, 5]));
    assert_eq!(cluster.server(5).current_term(), Term(5));
    cluster.propose(5, "five").unwrap();
    cluster.deliver_among(&[2, 3, 4, 5]);
    cluster.wake(5);
    cluster.deliver_among(&[2, 3, 4, 5]);
}

#[test]
fn figure_8_d_an_old_entry_on_a_majority_is_not_committed_and_may_be_replaced() {
    let mut cluster = up_to_c(&as_in_the_figures());
    assert!(cluster.server(1).commit_index() < Index(2));
    let withheld = cluster.events.iter().filter(|(id, event)| {
        *id == 1 && matches!(event, Event::CommitWithheld { entry, .. } if entry.index == Index(2))
    });
    assert!(withheld.count() > 0, "and it is said why");
    d(&mut cluster);
    assert!((2..=5).all(|id| cluster.log(id) == [1, 3, 5]));
    assert_eq!(cluster.violations, Vec::<String>::new());
}

#[test]
fn figure_8_e_an_entry_of_its_own_term_commits_the_old_one_with_it() {
    let mut cluster = up_to_c(&as_in_the_figures());
    for follower in [2, 3] {
        cluster.wake(1);
        cluster.deliver(|message| message.to.0 == follower || message.from.0 == follower);
    }
    assert_eq!(cluster.server(1).commit_index(), Index(3));
    cluster.crash(1);
    cluster.restart(5).unwrap();
    for _ in 0..3 {
        assert!(!cluster.elect(5, &[2, 3, 4, 5]), "S2 and S3 have newer logs");
    }
    assert_eq!(cluster.violations, Vec::<String>::new());
}

#[test]
fn figure_8_without_the_rule_a_committed_entry_is_replaced() {
    let mut cluster = up_to_c(&without(Rule::CommitOnlyOwnTermByCount, as_in_the_figures()));
    assert_eq!(cluster.server(1).commit_index(), Index(2), "committed by counting copies");
    d(&mut cluster);
    assert!(cluster.violations[0].starts_with("State Machine Safety"), "{:?}", cluster.violations);
}

#[test]
fn a_deposed_leader_completes_a_commitment_safely() {
    // S1 leads term 1 behind a wall with S2 and S3's acknowledgements on their way; S4 wins term 2 meanwhile.
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[], &[], &[]], &as_in_the_figures()).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3, 4, 5]));
    cluster.propose(1, "x").unwrap();
    cluster.deliver(|message| message.to.0 != 1);
    let (acks, _): (Vec<_>, Vec<_>) = cluster.network.drain(..).partition(|message| message.to.0 == 1);
    assert!(cluster.elect(4, &[2, 3, 4, 5]));
    cluster.network = acks;
    cluster.deliver(|message| message.to.0 == 1);
    assert_eq!(cluster.server(1).commit_index(), Index(1), "two leaders, of different terms, and no harm");
    assert_eq!(cluster.log(4), [1]);
    assert_eq!(cluster.violations, Vec::<String>::new());
}
