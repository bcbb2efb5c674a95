//! The scenes of `scenarios/`: each is lived, and shows what the paper says of it at each letter.
#![allow(clippy::unwrap_used, clippy::panic)]

use raft_core::{Event, Index, ServerId, Term};
use raft_sim::{Happening, Property, Scenario, World};

macro_rules! scene {
    ($name:literal) => {
        serde_json::from_str::<Scenario>(include_str!(concat!("../../scenarios/", $name, ".json"))).unwrap()
    };
}

/// A world that is looked at now and then.
struct Scene(World);

impl Scene {
    fn of(scenario: Scenario) -> Self {
        Self(World::new(scenario).unwrap())
    }

    /// Lives on until so many milliseconds after the beginning.
    fn at(&mut self, ms: u64) -> &mut Self {
        self.0.advance(ms * 1_000 - self.0.now().0, u64::MAX);
        self
    }

    /// The log on a server's disk, by terms.
    fn log(&self, server: usize) -> Vec<u64> {
        self.0.servers()[server - 1].durable().log.iter_from(Index(1)).map(|(_, term, _)| term.0).collect()
    }

    fn logs(&self) -> Vec<Vec<u64>> {
        (1..=self.0.servers().len()).map(|server| self.log(server)).collect()
    }

    /// Who leads which term.
    fn leaders(&self) -> Vec<(u32, u64)> {
        let servers = self.0.servers().iter().filter_map(raft_sim::Node::server);
        servers.filter(|server| server.is_leader()).map(|server| (server.id().0, server.current_term().0)).collect()
    }

    /// What each running server knows to be committed.
    fn commits(&self) -> Vec<u64> {
        self.0.servers().iter().filter_map(raft_sim::Node::server).map(|server| server.commit_index().0).collect()
    }

    fn violated(&self) -> Option<Property> {
        self.0.violation().map(|violation| violation.property)
    }

    fn value(&self, server: usize, key: &str) -> Option<&str> {
        self.0.servers()[server - 1].store().values().get(key).map(String::as_str)
    }

    /// The terms that a server has stood for.
    fn stood(&self, server: u32) -> Vec<u64> {
        let records = self.0.events_since(0).filter_map(|record| match &record.happening {
            Happening::Decision { server: by, event: Event::BecameCandidate { term, .. }, .. } if by.0 == server => {
                Some(term.0)
            }
            _ => None,
        });
        records.collect()
    }

    fn refused_inputs(&self) -> Vec<String> {
        let records = self.0.events_since(0).filter_map(|record| match &record.happening {
            Happening::InputRefused { why, .. } => Some(why.clone()),
            _ => None,
        });
        records.collect()
    }
}

#[test]
fn every_scene_says_what_it_is_and_each_of_its_inputs_is_applied() {
    let scenes = [
        scene!("figure-6"),
        scene!("figure-7"),
        scene!("figure-8"),
        scene!("figure-8-e"),
        scene!("figure-8-without-rule"),
        scene!("figure-10"),
        scene!("single-server-change"),
    ];
    assert_eq!(std::fs::read_dir("../scenarios").unwrap().count(), scenes.len(), "each file is looked at here");
    for scenario in scenes {
        assert!(scenario.title.is_some() && scenario.text.is_some());
        let mut scene = Scene::of(scenario.clone());
        scene.at(10_000);
        assert_eq!(scene.refused_inputs(), Vec::<String>::new(), "{:?}", scenario.title);
        assert_eq!(World::new(scene.0.scenario()).unwrap().scenario(), scene.0.scenario());
    }
}

/// "The leader at the top [...]; an entry is committed if it is safe for that entry to be applied."
#[test]
fn figure_6_seven_entries_are_committed_and_the_eighth_follows_when_a_majority_has_it() {
    let mut scene = Scene::of(scene!("figure-6"));
    let log = [1, 1, 1, 2, 3, 3, 3, 3];
    assert_eq!(scene.logs(), [8, 5, 8, 2, 7].map(|length| log[..length].to_vec()));
    assert_eq!((scene.leaders(), scene.commits()), (vec![(1, 3)], vec![7, 0, 0, 0, 0]));
    assert_eq!((scene.value(1, "x"), scene.value(1, "y")), (Some("5"), Some("7")), "x=4 is not applied yet");
    scene.at(1_000);
    assert_eq!(scene.logs(), vec![log.to_vec(); 5]);
    assert_eq!((scene.commits(), scene.violated()), (vec![8; 5], None));
    assert!((1..=5).all(|server| scene.value(server, "x") == Some("4")));
}

/// "When the leader at the top comes to power, it is possible that any of scenarios (a-f) could occur in follower logs."
#[test]
fn figure_7_all_followers_come_to_the_leaders_log() {
    let mut scene = Scene::of(scene!("figure-7"));
    let drawn: [&[u64]; 7] = [
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6],
        &[1, 1, 1, 4],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
        &[1, 1, 1, 4, 4, 4, 4],
        &[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
    ];
    assert_eq!((scene.logs(), scene.leaders()), (drawn.map(<[u64]>::to_vec).to_vec(), vec![(1, 8)]));
    scene.at(990);
    let refusals = |server: u32| {
        let by = |happening: &Happening| matches!(happening, Happening::Decision { server: by, event: Event::AppendRefused { .. }, .. } if by.0 == server);
        scene.0.events_since(0).filter(|record| by(&record.happening)).count()
    };
    // (a) to (f), with the follower's word for where its term begins (P§5.3, end).
    assert_eq!([2, 3, 4, 5, 6, 7].map(refusals), [1, 1, 0, 0, 2, 2]);
    let leaders = drawn[0].to_vec();
    for server in [2, 3, 6, 7] {
        assert_eq!(scene.log(server), leaders);
    }
    assert_eq!((scene.log(4), scene.log(5)), (drawn[3].to_vec(), drawn[4].to_vec()), "heartbeats erase nothing");
    assert_eq!(scene.commits(), [0; 7], "nothing of term 8 is there to be counted");
    scene.at(1_500);
    let log: Vec<u64> = leaders.into_iter().chain([8]).collect();
    assert_eq!((scene.logs(), scene.commits(), scene.violated()), (vec![log; 7], vec![11; 7], None));
}

/// (a) to (c), which the three scenes share; `committed` is what S1 knows in (c). It has started again, and without an entry
/// of its own term on a majority it does not even know that entry 1 is.
fn figure_8_up_to_c(scene: &mut Scene, committed: u64) {
    // "In (a) S1 is leader and partially replicates the log entry at index 2."
    let a = [vec![1, 2], vec![1, 2], vec![1], vec![1], vec![1]];
    assert_eq!((scene.logs(), scene.leaders()), (a.to_vec(), vec![(1, 2)]));
    scene.at(490);
    assert_eq!((scene.logs(), scene.commits()), (a.to_vec(), vec![1; 5]));
    // "In (b) S1 crashes; S5 is elected leader for term 3 with votes from S3, S4, and itself, and accepts a different
    // entry at log index 2."
    scene.at(1_190);
    assert_eq!((scene.logs()[..4].to_vec(), scene.log(5)), (a[..4].to_vec(), vec![1, 3]));
    assert_eq!(scene.leaders(), [(5, 3)]);
    let voted: Vec<u32> = scene.0.servers().iter().filter_map(|node| Some(node.durable().voted_for?.0)).collect();
    assert_eq!(voted, [1, 5, 5, 5], "S1 for itself in term 2, and S2 for nobody in term 3");
    // "In (c) S5 crashes; S1 restarts, is elected leader, and continues replication."
    scene.at(1_790);
    assert_eq!((scene.leaders(), scene.stood(1)), (vec![], vec![3]), "it has lost term 3");
    scene.at(2_190);
    assert_eq!((scene.leaders(), scene.stood(1)), (vec![(1, 4)], vec![3, 4]));
    assert_eq!(scene.logs(), [vec![1, 2], vec![1, 2], vec![1, 2], vec![1], vec![1, 3]]);
    assert_eq!(
        (scene.commits()[0], scene.commits()[3]),
        (committed, 1),
        "the log entry from term 2 has been replicated on a majority"
    );
}

#[test]
fn figure_8_an_entry_on_a_majority_is_replaced_as_it_was_not_committed() {
    let mut scene = Scene::of(scene!("figure-8"));
    figure_8_up_to_c(&mut scene, 0);
    scene.at(2_590);
    assert_eq!(scene.log(1), [1, 2, 4]);
    // "If S1 crashes as in (d), S5 could be elected leader (with votes from S2, S3, and S4) and overwrite the entry with
    // its own entry from term 3."
    scene.at(3_090);
    assert_eq!((scene.leaders(), scene.stood(5)), (vec![], vec![3, 4]), "S2 and S3 have voted for S1 in term 4");
    scene.at(3_590);
    assert_eq!(scene.leaders(), [(5, 5)]);
    assert_eq!(scene.logs(), [vec![1, 2, 4], vec![1, 3], vec![1, 3], vec![1, 3], vec![1, 3]]);
    assert_eq!(scene.commits(), [1, 1, 1, 0], "S5 has no entry of its own term");
    scene.at(3_990);
    assert_eq!(scene.log(1), [1, 3], "S1 is back");
    scene.at(4_500);
    assert_eq!((scene.logs(), scene.commits(), scene.violated()), (vec![vec![1, 3, 5]; 5], vec![3; 5], None));
    assert!((1..=5).all(|server| scene.value(server, "x") == Some("5")));
}

#[test]
fn figure_8_e_an_entry_of_the_own_term_on_a_majority_commits_those_before_it() {
    let mut scene = Scene::of(scene!("figure-8-e"));
    figure_8_up_to_c(&mut scene, 0);
    // "However, if S1 replicates an entry from its current term on a majority of the servers before crashing, as in (e),
    // then this entry is committed (S5 cannot win an election)."
    scene.at(2_590);
    assert_eq!(scene.logs()[..3], [vec![1, 2, 4], vec![1, 2, 4], vec![1, 2, 4]]);
    assert_eq!(scene.commits()[..3], [3, 3, 3]);
    scene.at(3_390);
    assert_eq!((scene.leaders(), scene.stood(5)), (vec![], vec![3, 4, 5]));
    scene.at(4_500);
    assert_eq!((scene.leaders(), scene.violated()), (vec![(2, 6)], None));
    assert_eq!(scene.logs(), vec![vec![1, 2, 4]; 5]);
}

#[test]
fn figure_8_without_its_rule_loses_what_was_committed() {
    let mut scene = Scene::of(scene!("figure-8-without-rule"));
    figure_8_up_to_c(&mut scene, 2);
    scene.at(3_090);
    assert_eq!(scene.violated(), None);
    scene.at(5_000);
    let violation = scene.0.violation().unwrap();
    assert_eq!(violation.property, Property::LeaderCompleteness);
    assert_eq!((&violation.servers[..], &violation.indexes[..]), (&[ServerId(5)][..], &[Index(2)][..]));
    assert!(violation.terms.contains(&Term(5)), "{}", violation.text);
    assert!(scene.0.now().0 < 3_200_000);
}

/// "Switching directly from one configuration to another is unsafe because different servers will switch at different
/// times."
#[test]
fn figure_10_two_majorities_elect_two_leaders_of_one_term_without_joint_consensus() {
    let scenario = scene!("figure-10");
    let mut scene = Scene::of(scenario.clone());
    scene.at(990);
    assert_eq!((scene.leaders(), scene.violated()), (vec![(1, 2)], None), "two of the three old servers");
    scene.at(2_000);
    let violation = scene.0.violation().unwrap();
    assert_eq!(violation.property, Property::ElectionSafety);
    assert_eq!((&violation.servers[..], &violation.terms[..]), (&[1, 5].map(ServerId)[..], &[Term(2)][..]));

    // With the rule on, S5 needs a majority of the old servers as well (Figure 11).
    let mut with_rule = scenario;
    with_rule.options.rules_off.clear();
    let mut scene = Scene::of(with_rule);
    scene.at(10_000);
    assert_eq!((scene.leaders(), scene.stood(5), scene.violated()), (vec![(1, 2)], vec![2], None));
}

/// D§4.1, and its author's message of July 2015.
#[test]
fn two_single_server_changes_of_two_terms_need_not_overlap() {
    let scenario = scene!("single-server-change");
    let mut scene = Scene::of(scenario.clone());
    let voters = |scene: &Scene, server: usize| {
        scene.0.servers()[server - 1]
            .server()
            .unwrap()
            .configuration()
            .voters()
            .iter()
            .map(|id| id.0)
            .collect::<Vec<_>>()
    };
    scene.at(590);
    assert_eq!((voters(&scene, 1), voters(&scene, 5)), (vec![1, 2, 3, 4, 5], vec![1, 2, 3, 4, 5]));
    assert_eq!((voters(&scene, 2), scene.commits()), (vec![1, 2, 3, 4], vec![0; 5]));
    scene.at(890);
    assert_eq!(scene.leaders(), [(1, 1), (2, 2)]);
    scene.at(1_190);
    assert_eq!(
        (voters(&scene, 2), voters(&scene, 3), voters(&scene, 4)),
        (vec![1, 2, 3], vec![1, 2, 3], vec![1, 2, 3, 4])
    );
    assert_eq!(scene.commits()[1], 1, "S4 is removed");
    scene.at(1_790);
    assert_eq!((scene.stood(1), scene.violated()), (vec![2], None), "S4 has voted for S2 in term 2");
    scene.at(5_000);
    let violation = scene.0.violation().unwrap();
    assert_eq!(violation.property, Property::LeaderCompleteness);
    assert_eq!((&violation.servers[..], &violation.indexes[..]), (&[ServerId(1)][..], &[Index(1)][..]));

    // With the rule on, neither change is begun.
    let mut with_rule = scenario;
    with_rule.options.rules_off.clear();
    let mut scene = Scene::of(with_rule);
    scene.at(5_000);
    let refused = scene.refused_inputs();
    assert_eq!(refused.len(), 2, "{refused:?}");
    assert!(refused.iter().all(|why| why.contains("committed")), "{refused:?}");
    assert_eq!((scene.logs(), scene.violated()), (vec![vec![]; 5], None));
}
