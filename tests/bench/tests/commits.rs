//! Every contender does what it is measured for: what was proposed is committed and applied, once and in order.

use raft_bench::{BATCH, Case, Contender, Scenario, Tally};

const ENTRIES: usize = 5 * BATCH;

/// Runs a case, and what each of its servers has applied: before the followers were told of the last commit, and after.
fn applied(case: Case) -> [Vec<Vec<Vec<u8>>>; 2] {
    let mut cluster = case.contender.start(case.servers);
    cluster.prepare(&Scenario::commands());
    cluster.tally().record();
    case.scenario.run(cluster.as_mut(), ENTRIES);
    let record = |tally: &Tally| tally.record.clone().expect("it records");
    let before = record(cluster.tally());
    cluster.heartbeat();
    cluster.settle();
    [before, record(cluster.tally())]
}

#[test]
fn all_that_was_proposed_is_applied_in_order_first_on_the_leader_and_in_the_end_on_all() {
    for contender in Contender::ALL {
        for scenario in Scenario::ALL {
            for servers in [3, 5] {
                let case = Case { scenario, servers, contender };
                let [before, after] = applied(case);
                let mut expected: Vec<Vec<u8>> = Scenario::commands().into_iter().cycle().take(ENTRIES).collect();
                if !contender.carries_commands() {
                    expected.fill(Vec::new());
                }
                assert_eq!(before[0], expected, "the leader, {case:?}");
                assert_eq!(after, vec![expected; servers], "{case:?}");
            }
        }
    }
}

#[test]
fn a_follower_is_told_of_a_commit_at_once_only_by_those_who_send_it_a_message_of_its_own() {
    for contender in Contender::ALL {
        let case = Case { scenario: Scenario::One, servers: 3, contender };
        let [before, _] = applied(case);
        use Contender::{Omni, OmniBatch, OursEager, Raft, RaftBatch};
        let eager = [OursEager, Raft, RaftBatch, Omni, OmniBatch].contains(&contender);
        let behind = if eager { 0 } else { 1 };
        assert_eq!(before[1].len(), ENTRIES - behind, "{case:?}");
    }
}

#[test]
fn commands_have_sixteen_bytes_and_differ() {
    let mut commands = Scenario::commands();
    assert!(commands.iter().all(|command| command.len() == 16));
    commands.dedup();
    assert_eq!(commands.len(), BATCH);
}
