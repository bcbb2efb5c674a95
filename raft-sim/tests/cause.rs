//! Every record says what brought it about, and that is true.
#![allow(clippy::unwrap_used, clippy::panic)]

use raft_core::{Event, TimerReset};
use raft_sim::faults::{Intensities, random_inputs};
use raft_sim::{Happening, Record, Scenario, World, WorldOptions};

/// A world in a storm of everything, observed, and all its records.
fn storm(seed: u64, until_us: u64) -> Vec<Record> {
    let options = WorldOptions {
        loss_ppm: 100_000,
        duplicate_ppm: 50_000,
        clients: 3,
        client_reads_ppm: 300_000,
        snapshot_every: 20,
        snapshot_chunk_bytes: 100,
        pre_vote: seed.is_multiple_of(2),
        check_quorum: seed.is_multiple_of(3),
        disk_us_max: 20_000,
        ..WorldOptions::default()
    };
    let intensities = Intensities {
        members_every_us: 3_000_000,
        compact_every_us: 2_000_000,
        read_every_us: 500_000,
        transfer_every_us: 1_000_000,
        ..Intensities::default()
    };
    let inputs = random_inputs(seed, 5, until_us, &intensities);
    let mut world = World::new(Scenario { seed, servers: 5, options, inputs, ..Scenario::default() }).unwrap();
    let mut records: Vec<Record> = Vec::new();
    while world.now().0 < until_us {
        world.advance(100_000, u64::MAX);
        records.extend(world.events_since(records.len() as u64).cloned());
    }
    records
}

/// Whether `cause` can have brought `effect` about.
fn fits(effect: &Record, cause: &Record) -> bool {
    match (&effect.happening, &cause.happening) {
        (
            Happening::Delivered { label } | Happening::Lost { label, .. } | Happening::Blocked { label, .. },
            Happening::Sent { label: sent } | Happening::Duplicated { label: sent, .. },
        ) => sent == label,
        (Happening::Duplicated { copy_of, .. }, Happening::Sent { label }) => label.message == *copy_of,
        (Happening::Sent { label }, Happening::Decision { server, .. } | Happening::Restarted { server }) => {
            label.from == *server
        }
        (Happening::Sent { label }, Happening::Delivered { label: delivered }) => label.from == delivered.to,
        (
            Happening::Sent { .. } | Happening::ClientRequested { .. } | Happening::ClientRetries { .. },
            Happening::InputApplied { .. },
        ) => true,
        (Happening::Decision { server, .. }, Happening::Delivered { label }) => label.to == *server,
        (Happening::Decision { server, event, .. }, Happening::Decision { server: before, event: asked, .. }) => {
            let by_time = matches!(event, Event::ElectionTimedOut { .. } | Event::QuorumHeard { .. });
            server == before && (!by_time || matches!(asked, Event::TimerReset { .. } | Event::BecameLeader { .. }))
        }
        (Happening::Decision { server, .. }, Happening::Restarted { server: life }) => server == life,
        (Happening::Decision { server, .. }, Happening::ServerAppeared { server: life }) => server == life,
        (Happening::Decision { .. }, Happening::InputApplied { .. }) => true,
        (
            Happening::Decision { server, .. },
            Happening::ClientRequested { server: asked, .. } | Happening::ClientRetries { server: asked, .. },
        ) => server == asked,
        (
            Happening::Sent { label },
            Happening::ClientRequested { server, .. } | Happening::ClientRetries { server, .. },
        ) => label.from == *server,
        (Happening::Refused { server, from, .. }, Happening::Delivered { label }) => {
            (label.to, label.from) == (*server, *from)
        }
        (
            Happening::Crashed { .. } | Happening::Restarted { .. } | Happening::ServerAppeared { .. },
            Happening::InputApplied { .. },
        ) => true,
        (Happening::ReadFailed { .. }, Happening::InputApplied { .. }) => true,
        (
            Happening::ReadAnswered { server, .. }
            | Happening::ReadFailed { server, .. }
            | Happening::LeadershipLost { server, .. }
            | Happening::ChangeAbandoned { server, .. },
            Happening::Decision { server: before, .. },
        ) => server == before,
        (Happening::ReadAnswered { server, .. }, Happening::Delivered { label }) => label.to == *server,
        // A client's next request follows its last answer, its answers and retries what it asked or what was decided.
        (Happening::ClientRequested { client, .. }, Happening::ClientAnswered { client: before, .. }) => {
            client == before
        }
        (
            Happening::ClientAnswered { client, sequence, .. } | Happening::ClientRetries { client, sequence, .. },
            Happening::ClientRequested { client: asked, sequence: of, .. }
            | Happening::ClientRetries { client: asked, sequence: of, .. },
        ) => (client, sequence) == (asked, of),
        (
            Happening::ClientAnswered { server, .. },
            Happening::Decision { server: before, .. } | Happening::ReadAnswered { server: before, .. },
        ) => server == before,
        (
            Happening::ClientRetries { .. },
            Happening::Decision { .. } | Happening::ReadFailed { .. } | Happening::Delivered { .. },
        ) => true,
        _ => false,
    }
}

#[test]
fn in_storms_every_cause_is_earlier_than_its_effect_and_can_have_brought_it_about() {
    let mut with = 0;
    for seed in 0..30 {
        let records = storm(seed, 20_000_000);
        for record in &records {
            let Some(cause) = record.cause else {
                // Only what comes from outside, from a client's own start, or from a timer that ran since the beginning.
                assert!(
                    match &record.happening {
                        Happening::InputApplied { .. } | Happening::InputRefused { .. } => true,
                        Happening::ClientRequested { sequence, .. } => *sequence == 1,
                        Happening::Decision { event, server, .. } => !records[..record.number as usize - 1]
                            .iter()
                            .any(|before| matches!(&before.happening, Happening::Decision { server: set, event: Event::TimerReset { .. }, .. } if set == server) && before.at < record.at)
                            && !matches!(event, Event::VoteCounted { .. }),
                        _ => false,
                    },
                    "seed {seed}: nothing brought {record:?} about"
                );
                continue;
            };
            with += 1;
            assert!(cause < record.number, "seed {seed}: {record:?}");
            let cause = &records[cause as usize - 1];
            assert!(fits(record, cause), "seed {seed}: {record:?}\nbecause of {cause:?}");
        }
    }
    assert!(with > 300_000, "{with} records with causes");
}

#[test]
fn what_waited_for_a_disk_is_put_down_to_the_decision_that_sent_it() {
    let records = storm(3, 10_000_000);
    let mut later = 0;
    for record in &records {
        let Happening::Sent { label } = &record.happening else { continue };
        if label.name != "RequestVote reply" {
            continue;
        }
        let cause = &records[record.cause.unwrap() as usize - 1];
        let Happening::Decision {
            event: Event::VoteGranted { candidate, .. } | Event::VoteRefused { candidate, .. },
            ..
        } = &cause.happening
        else {
            panic!("{record:?}\nbecause of {cause:?}");
        };
        assert_eq!(*candidate, label.to);
        later += u32::from(record.at > cause.at);
    }
    assert!(later > 20, "{later} votes waited for a disk");
}

#[test]
fn an_election_is_put_down_to_what_set_its_timer_last() {
    let records = storm(5, 20_000_000);
    let mut timeouts = 0;
    for record in &records {
        let Happening::Decision { server, event: Event::ElectionTimedOut { forced: false, waited_us }, .. } =
            &record.happening
        else {
            continue;
        };
        let Some(cause) = record.cause else { continue };
        let cause = &records[cause as usize - 1];
        if let Happening::Decision { server: set, event: Event::TimerReset { deadline, reason }, .. } = &cause.happening
        {
            assert_eq!((set, record.at.since(cause.at), record.at), (server, *waited_us, *deadline));
            timeouts += u32::from(matches!(reason, TimerReset::HeardFromLeader { .. }));
        } else {
            assert!(matches!(cause.happening, Happening::Restarted { .. }), "{cause:?}");
        }
    }
    assert!(timeouts > 5, "{timeouts} followers lost a leader");
}
