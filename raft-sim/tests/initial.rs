//! Runs that begin in the middle of things.
#![allow(clippy::unwrap_used, clippy::panic)]

use raft_core::{Index, Role, ServerId, Term};
use raft_sim::{
    Fate, Initial, InitialEntry, InitialKind, InitialMembers, InitialMessage, InitialRole, InitialRun, InitialServer,
    InitialSnapshot, Input, Scenario, TimedInput, World,
};

fn scenario(initial: &str) -> Result<Scenario, String> {
    serde_json::from_str(&format!(r#"{{"initial": {initial}}}"#)).map_err(|error| error.to_string())
}

fn world(initial: &str) -> World {
    World::new(scenario(initial).unwrap()).unwrap_or_else(|error| panic!("{initial}: {error}"))
}

/// Why a scenario is refused, by its reader or by a world; how it is called that is not.
fn refused(initial: &str) -> String {
    match scenario(initial) {
        Err(error) => error,
        Ok(scenario) => {
            let outcome = World::new(scenario.clone()).map(drop).map_err(|error| error.to_string());
            assert_eq!(scenario.check().map_err(|error| error.to_string()), outcome);
            outcome.err().unwrap_or_else(|| "lived".to_owned())
        }
    }
}

fn terms(world: &World, server: u32) -> Vec<u64> {
    world.servers()[server as usize - 1].durable().log.iter_from(Index(1)).map(|(_, term, _)| term.0).collect()
}

fn votes(world: &World) -> Vec<(u64, u32)> {
    let vote = |node: &raft_sim::Node| (node.durable().current_term.0, node.durable().voted_for.map_or(0, |id| id.0));
    world.servers().iter().map(vote).collect()
}

#[test]
fn logs_terms_votes_and_leaders_are_filled_in_as_they_must_have_been() {
    // Figure 8 (a).
    let run = world(
        r#"{"servers": [{"server": 1, "role": "leader", "log": [1, 2]}, {"server": 2, "log": [1, 2]},
            {"server": 3, "log": [1]}, {"server": 5, "log": [1]}, {"server": 4, "log": [1]}]}"#,
    );
    assert_eq!(votes(&run), [(2, 1); 5]);
    assert!((1..=5).all(|id| run.servers()[id - 1].server().unwrap().leader() == Some(ServerId(1))));
    // Figure 7: (c) and (d) have newer logs than the leader and have not voted for it.
    let figure = r#"{"servers": 7, "initial": {"servers": [
        {"server": 1, "role": "leader", "term": 8, "log": [[1, 3], [4, 2], [5, 2], [6, 3]]},
        {"server": 4, "log": [[1, 3], [4, 2], [5, 2], [6, 4]]},
        {"server": 5, "log": [[1, 3], [4, 2], [5, 2], [6, 3], [7, 2]]}]}}"#;
    let run = World::new(serde_json::from_str(figure).unwrap()).unwrap();
    assert_eq!(votes(&run), [(8, 1), (8, 1), (8, 1), (8, 0), (8, 0), (8, 1), (8, 1)]);
    assert_eq!(terms(&run, 5), [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7]);
    // Nobody leads term 8: S2 must have, as S1 was in term 7 then.
    let run = world(
        r#"{"configuration": {"voters": [1, 2, 3]}, "servers": [{"server": 1, "term": 7, "log": [5, 6, 7]},
            {"server": 2, "log": [5, 8]}, {"server": 3, "log": [5, 8]}]}"#,
    );
    assert_eq!(votes(&run)[..3], [(7, 1), (8, 2), (8, 2)]);
    assert!(run.servers()[3].server().unwrap().configuration().voters().is_empty(), "S4 knows nobody");
}

#[test]
fn what_is_written_is_what_servers_begin_with() {
    let run = world(
        r#"{"servers": [
            {"server": 1, "role": "leader", "term": 4, "log": [[2, "x=1", 1, "y=2"], [3, {"voters": [1, 2, 3, 4]}]], "commit_index": 3},
            {"server": 2, "snapshot": {"last_included_index": 3, "last_included_term": 2, "values": ["y=2", "1"]}, "voted_for": 1},
            {"server": 3, "log": [[2, "x=1"]], "down": true, "commit_index": 1, "leader": 0},
            {"server": 4, "log": [[2, "x=1", 1, "y=2"]], "leader": 0, "voted_for": 1},
            {"server": 5, "term": 3, "voted_for": 0}
        ]}"#,
    );
    let [one, two, three, four, five] = run.servers() else { panic!() };
    let leader = one.server().unwrap();
    assert_eq!(
        (leader.current_term(), leader.commit_index(), leader.configuration().voters().len()),
        (Term(4), Index(3), 4)
    );
    assert_eq!((&one.store().values()["x"][..], &one.store().values()["y"][..]), ("1", "2"));
    let restored = two.server().unwrap();
    assert_eq!((restored.last_applied(), restored.log().first_index()), (Index(3), Index(4)));
    assert_eq!(two.store(), one.store());
    assert!(!three.is_up() && three.store().values().is_empty() && terms(&run, 3) == [2]);
    assert_eq!((four.server().unwrap().leader(), two.server().unwrap().leader()), (None, Some(ServerId(1))));
    assert_eq!((five.durable().current_term, five.durable().voted_for), (Term(3), None));
}

#[test]
fn snapshots_are_the_committed_log_even_where_no_log_reaches_back() {
    // S1 has 4 behind a snapshot up to 3, S2 the same log behind one up to 2, S3 nothing that anyone knows more of.
    let mut run = world(
        r#"{"servers": [
            {"server": 1, "snapshot": {"last_included_index": 3, "last_included_term": 1, "values": ["b=1"]}, "log": [[2, "a=2"]], "role": "leader"},
            {"server": 2, "snapshot": {"last_included_index": 2, "last_included_term": 1}, "log": [[1, "b=1"], [2, "a=2"]], "commit_index": 3},
            {"server": 4, "snapshot": {"last_included_index": 3, "last_included_term": 1, "values": ["b=1"]}}
        ]}"#,
    );
    run.apply(Input::Propose { value: "c=3".into(), server: Some(ServerId(1)) }).unwrap();
    run.advance(2_000_000, u64::MAX);
    assert_eq!(run.violation(), None);
    for node in run.servers() {
        assert_eq!(node.server().unwrap().commit_index(), Index(5), "{}", node.id());
        assert_eq!(node.store().values().len(), 3, "{}", node.id());
    }
}

#[test]
fn a_candidate_has_the_votes_it_was_given_and_wins_with_one_on_its_way() {
    let mut run = world(
        r#"{"servers": [{"server": 1, "term": 3, "role": "candidate", "votes": [2]}, {"server": 3, "voted_for": 1}],
            "messages": [{"from": 3, "to": 1, "kind": "request_vote_reply", "arrives_us": 9000}]}"#,
    );
    assert_eq!(run.servers()[1].durable().voted_for, Some(ServerId(1)));
    run.advance(8_999, u64::MAX);
    assert!(matches!(run.servers()[0].server().unwrap().role(), Role::Candidate { .. }));
    run.advance(1, u64::MAX);
    assert!(run.servers()[0].server().unwrap().is_leader());
}

#[test]
fn messages_on_their_way_say_what_their_sender_would_and_stop_at_walls() {
    let initial = r#"{"servers": [{"server": 1, "role": "leader", "log": [1, [2, 3]], "commit_index": 1},
            {"server": 2, "log": [1]}, {"server": 3, "log": [1, [2, 2]]}, {"server": 4, "log": [1]}],
        "messages": [{"from": 1, "to": 2, "kind": "append_entries", "prev_log_index": 1, "entries": 2, "arrives_us": 5000},
            {"from": 3, "to": 1, "kind": "append_entries_reply", "arrives_us": 6000},
            {"from": 1, "to": 4, "kind": "append_entries", "prev_log_index": 1, "entries": 3, "arrives_us": 60000},
            {"from": 2, "to": 5, "kind": "request_vote", "term": 1},
            {"from": 1, "to": 3, "kind": "append_entries"}]}"#;
    let mut run = world(initial);
    run.advance(4_999, u64::MAX);
    assert_eq!(run.servers()[1].server().unwrap().log().last_index(), Index(1));
    run.advance(1, u64::MAX);
    assert_eq!(run.servers()[1].server().unwrap().log().last_index(), Index(3));
    run.advance(1_000, u64::MAX);
    let Role::Leader(leading) = run.servers()[0].server().unwrap().role() else { panic!() };
    assert_eq!(leading.followers[1].match_index, Index(3));
    run.apply(Input::Cut { from: ServerId(1), to: ServerId(4) }).unwrap();
    let stopped =
        run.messages().filter(|message| message.message().to == ServerId(4) && message.arrives_at().0 == 60_000);
    assert_eq!(
        stopped.map(|message| (message.ends_at().0, message.fate())).collect::<Vec<_>>(),
        [(30_000, Fate::Blocked { wall: None })]
    );
}

#[test]
fn a_scenario_with_an_initial_state_is_written_as_it_is_read_and_lives_the_same_life() {
    let json = r#"{"version":1,"title":"A scene","text":"What there is to see.","seed":0,"servers":3,"initial":{"configuration":{"voters":[1,2],"old":[2,3],"learners":[3]},"servers":[{"server":1,"term":4,"voted_for":1,"log":[1,[1,2],[2,"x=1",3,{"voters":[1,2,3]}]],"commit_index":2,"role":"leader"},{"server":2,"log":[1],"snapshot":{"last_included_index":1,"last_included_term":1,"configuration":{"voters":[1,2],"old":[2,3],"learners":[3]},"values":["x=1"]}},{"server":3,"down":true}],"messages":[{"from":1,"to":2,"kind":"append_entries","term":4,"prev_log_index":1,"entries":1,"arrives_us":10}]},"#;
    let read: Scenario = serde_json::from_str(&format!("{}}}", json.trim_end_matches(','))).unwrap();
    assert!(serde_json::to_string(&read).unwrap().starts_with(json));
    let initial = r#"{"servers": [{"server": 1, "term": 2, "role": "leader", "log": [[1, 4]]}, {"server": 4, "log": [1], "down": true}],
        "messages": [{"from": 2, "to": 1, "kind": "append_entries_reply"}]}"#;
    let inputs = vec![TimedInput { at_us: 400_000, after_events: 0, input: Input::Restart { server: ServerId(4) } }];
    let mut run = World::new(Scenario { inputs, ..scenario(initial).unwrap() }).unwrap();
    run.advance(300_000, u64::MAX);
    run.apply(Input::Crash { server: ServerId(1), written: 0 }).unwrap();
    run.advance(2_000_000, u64::MAX);
    let mut again = World::new(run.scenario()).unwrap();
    again.advance(2_300_000, u64::MAX);
    assert_eq!((again.fingerprint(), again.scenario()), (run.fingerprint(), run.scenario()));
    assert_eq!(terms(&run, 4)[..4], [1, 1, 1, 1]);
}

#[test]
fn what_cannot_be_is_refused_at_its_field() {
    let servers = |servers: &str| format!(r#"{{"servers": [{servers}]}}"#);
    let leader = r#"{"server": 1, "role": "leader", "term": 3, "log": [1, 3], "commit_index": 1}, {"server": 2, "log": [1]}, {"server": 3, "log": [1]}"#;
    let message =
        |message: &str| format!(r#"{{"servers": [{leader}], "messages": [{{"from": 2, "to": 1, {message}}}]}}"#);
    let table = [
        (servers(r#"{"server": 6}"#), "initial.servers[0].server is 6; expected 1 to 5"),
        (servers(r#"{"log": []}"#), "initial.servers[0].server is 0; expected 1 to 5"),
        (
            servers(r#"{"server": 1}, {"server": 1}"#),
            "initial.servers[1].server is S1 again; expected each server once",
        ),
        (
            servers(r#"{"server": 1, "log": [1, 3, [2, 4]]}"#),
            "initial.servers[0].log[2] is 2; expected a term from 3 on",
        ),
        (servers(r#"{"server": 1, "log": [0]}"#), "initial.servers[0].log[0] is 0; expected a term from 1 on"),
        (servers(r#"{"server": 1, "log": [[1, 2, 0]]}"#), "initial.servers[0].log[0][2] is 0; expected 1 to 1000"),
        (
            servers(r#"{"server": 1, "log": [[1, 999, "x", 1]]}"#),
            "initial.servers[0].log is a longer one; expected at most 1000",
        ),
        (
            servers(r#"{"server": 1, "log": [[1, ""]]}"#),
            "initial.servers[0].log[0][1] is 0 characters long; expected 1 to 64",
        ),
        (
            servers(r#"{"server": 1, "log": [[1]]}"#),
            "initial.servers[0].log[0] is a list of 1; expected a term, or a list",
        ),
        (
            servers(r#"{"server": 1, "log": ["1 1"]}"#),
            "initial.servers[0].log[0] is \"1 1\"; expected a term, or a list",
        ),
        (
            servers(r#"{"server": 1, "log": [[1, true]]}"#),
            "initial.servers[0].log[0][1] is true; expected a number of entries",
        ),
        (
            servers(r#"{"server": 1, "log": [[1, {"voters": [1, 6]}]]}"#),
            "initial.servers[0].log[0][1].voters[1] is 6; expected 1 to 5",
        ),
        (
            r#"{"configuration": {"voters": []}}"#.into(),
            "initial.configuration is impossible (the configuration has no voter; expected at least one); expected members",
        ),
        (
            servers(r#"{"server": 1, "role": "king"}"#),
            "initial.servers[0].role is \"king\"; expected one of follower, candidate",
        ),
        (servers(r#"{"server": 1, "role": "leader"}"#), "initial.servers[0].role is given; expected none in term 0"),
        (
            servers(r#"{"server": 1, "term": 1, "log": [2]}"#),
            "initial.servers[0].term is 1; expected 2 or more, as in its log",
        ),
        (
            servers(r#"{"server": 1, "voted_for": 9}"#),
            "initial.servers[0].voted_for is 9; expected 1 to 5, or 0 for nobody",
        ),
        (
            servers(r#"{"server": 1, "term": 2, "role": "leader"}, {"server": 2, "role": "leader"}"#),
            "initial.servers[1].role is leader; expected no second leader of term 2",
        ),
        (
            servers(r#"{"server": 1, "term": 2, "role": "leader", "voted_for": 2}"#),
            "initial.servers[0] is impossible (the vote went to S2; expected a leader's",
        ),
        (
            servers(
                r#"{"server": 1, "term": 2, "role": "leader"}, {"server": 2, "term": 1}, {"server": 3, "voted_for": 0}, {"server": 4, "voted_for": 4}"#,
            ),
            "initial.servers[0].role is leader; expected a majority that has voted for it in term 2",
        ),
        (
            servers(r#"{"server": 1, "role": "leader", "term": 2, "down": true}"#),
            "initial.servers[0].role is given; expected none",
        ),
        (
            servers(r#"{"server": 1, "role": "leader", "term": 2, "leader": 2}"#),
            "initial.servers[0].leader is given; expected one of a follower",
        ),
        (
            servers(r#"{"server": 1, "term": 2, "votes": [2]}"#),
            "initial.servers[0].votes is given; expected those of a candidate only",
        ),
        (
            servers(r#"{"server": 1, "term": 2, "role": "candidate", "votes": [3, 2]}, {"server": 2, "voted_for": 0}"#),
            "initial.servers[0].votes[1] is 2; expected a server that has voted for S1 in term 2",
        ),
        (
            servers(r#"{"server": 1, "term": 2, "role": "candidate", "votes": [3, 2]}"#),
            "initial.servers[0] is impossible (the candidate has votes enough to lead",
        ),
        (
            servers(r#"{"server": 1, "role": "leader", "term": 2}, {"server": 2, "leader": 3}"#),
            "initial.servers[1].leader is 3; expected 1, or 0 for nobody",
        ),
        (
            servers(r#"{"server": 1, "log": [1], "commit_index": 2}"#),
            "initial.servers[0].commit_index is 2; expected 0 to 1",
        ),
        // Two different entries of one term at one index.
        (
            servers(r#"{"server": 1, "log": [[1, "x=1"]]}, {"server": 2, "log": [[1, "x=2"]]}"#),
            "initial.servers[1] is impossible (S1 and S2 both have an entry of term 1 at index 1, but their logs up to it differ",
        ),
        // S3 could still be given term 2 by S1 and S2.
        (
            servers(
                r#"{"server": 1, "term": 1}, {"server": 2, "term": 1}, {"server": 3, "term": 1}, {"server": 4, "log": [2]}"#,
            ),
            "initial.servers[3].log is one with term 2; expected a majority that has voted for one server in term 2",
        ),
        (
            servers(r#"{"server": 1, "role": "leader", "term": 3, "log": [3]}, {"server": 2, "log": [3, 3]}"#),
            "initial.servers[1].log is one with entry 2 of term 3; expected no more of that term than S1, which leads it, has",
        ),
        // On two of five only.
        (
            servers(r#"{"server": 1, "log": [1], "commit_index": 1}, {"server": 2, "log": [1]}"#),
            "initial.servers[0].commit_index is 1; expected what every server has that could be elected; S3 could",
        ),
        // Figure 8 (c): on a majority, but S5 could be elected.
        (
            servers(
                r#"{"server": 1, "term": 4, "role": "leader", "log": [1, 2, 4], "commit_index": 2}, {"server": 2, "log": [1, 2]}, {"server": 3, "log": [1, 2]}, {"server": 4, "log": [1], "term": 3, "voted_for": 5}, {"server": 5, "log": [1, 3], "term": 3}"#,
            ),
            "initial.servers[0].commit_index is 2; expected what every server has that could be elected; S5 could, without it",
        ),
        // A leader of a later term without what is committed.
        (
            servers(
                r#"{"server": 1, "role": "leader", "log": [1], "term": 3}, {"server": 2, "log": [1, 2], "commit_index": 2}, {"server": 3, "log": [1, 2]}, {"server": 4, "log": [1, 2], "voted_for": 1}, {"server": 5, "voted_for": 1, "log": [1, 2]}"#,
            ),
            "initial.servers[0] is impossible (S1 leads term 3 without the entry at index 2, committed in term 2); expected a state",
        ),
        (
            servers(r#"{"server": 1, "snapshot": {"last_included_index": 0, "last_included_term": 1}}"#),
            "initial.servers[0].snapshot.last_included_index is 0; expected 1 to 10000",
        ),
        (
            servers(
                r#"{"server": 1, "snapshot": {"last_included_index": 2, "last_included_term": 1, "values": ["x=1"]}}, {"server": 2, "log": [[1, 1, "x=2"]]}, {"server": 3, "log": [[1, 1, "x=2"]]}"#,
            ),
            "initial.servers[0] is impossible (S1 has another state after index 2 than the committed log gives",
        ),
        (
            servers(
                r#"{"server": 1, "snapshot": {"last_included_index": 2, "last_included_term": 2}}, {"server": 2, "log": [[1, 2]], "commit_index": 2}, {"server": 3, "log": [[1, 2]]}, {"server": 4, "log": [[1, 2]]}"#,
            ),
            "initial.servers[0].commit_index is 2, of term 2; expected what agrees with entry 2 of term 1, which S2 knows",
        ),
        (
            message(r#""kind": "append_entries""#),
            "initial.messages[0].from is 2; expected a server that has asked for votes or led",
        ),
        (
            message(r#""kind": "request_vote""#),
            "initial.messages[0].from is 2; expected a server that has asked for votes or led",
        ),
        (
            message(r#""kind": "append_entries_reply", "match_index": 2"#),
            "initial.messages[0].match_index is 2; expected 0 to 1",
        ),
        (
            message(r#""kind": "append_entries_reply", "entries": 2"#),
            "initial.messages[0].entries is given; expected one of append_entries only",
        ),
        (message(r#""kind": "request_vote_reply", "term": 4"#), "initial.messages[0].term is 4; expected 1 to 3"),
        (
            message(r#""kind": "request_vote_reply", "arrives_us": 0"#),
            "initial.messages[0].arrives_us is 0; expected 1 to 60000000",
        ),
        (
            format!(r#"{{"servers": [{leader}], "messages": [{{"from": 2, "to": 2, "kind": "request_vote_reply"}}]}}"#),
            "initial.messages[0].to is 2; expected another server than from",
        ),
        (
            message(r#""kind": "shout""#),
            "initial.messages[0].kind is \"shout\"; expected one of request_vote, request_vote_reply",
        ),
        (
            format!(
                r#"{{"servers": [{leader}], "messages": [{{"from": 1, "to": 2, "kind": "append_entries", "prev_log_index": 0, "entries": 2}}]}}"#
            ),
            "initial.messages[0].entries is 2; expected at most 1, which are of one term",
        ),
        (
            format!(r#"{{"servers": [{leader}], "messages": [{{"from": 2, "to": 3, "kind": "request_vote_reply"}}]}}"#),
            "initial.messages[0].refused is false; expected true: S2 has not voted for S3 in term 3",
        ),
        (
            r#"{"server": []}"#.into(),
            "initial.server is no known field; expected one of configuration, servers, messages",
        ),
    ];
    let others = table.iter().map(|(initial, expected)| (initial, expected, refused(initial)));
    let others: Vec<_> = others.filter(|(_, expected, message)| !message.starts_with(**expected)).collect();
    assert!(others.is_empty(), "{others:#?}");
}

#[test]
fn a_title_and_what_there_is_to_see_are_texts_of_limited_length() {
    let refused = |json: &str| World::new(serde_json::from_str(json).unwrap()).map(drop).unwrap_err().to_string();
    let long = |field: &str, length: usize| format!(r#"{{"{field}": "{}"}}"#, "é".repeat(length));
    assert_eq!(refused(&long("title", 65)), "title is 65 characters long; expected 1 to 64");
    assert_eq!(refused(&long("text", 1_001)), "text is 1001 characters long; expected 1 to 1000");
    assert_eq!(
        refused(r#"{"title": "a\nb"}"#),
        "title is a text with U+000A; expected no control or direction character"
    );
    assert!(World::new(serde_json::from_str(&long("text", 1_000)).unwrap()).is_ok());
}

/// A drawn state of three to five servers; most are refused.
fn drawn(seed: u64) -> Scenario {
    let draws = std::cell::Cell::new(0);
    let draw = |most: u64| {
        draws.set(draws.get() + 1);
        raft_core::random::draw_between(0, most, &[seed, draws.get()])
    };
    let one_in = |count: u64| draw(count - 1) == 0;
    let servers = 3 + draw(2) as u32;
    let any = || ServerId(1 + draw(u64::from(servers) - 1) as u32);
    let mut initial = Initial::default();
    if one_in(6) {
        let voters = (1..=servers).map(ServerId).filter(|_| !one_in(4)).collect();
        initial.configuration = Some(InitialMembers { voters, ..InitialMembers::default() });
    }
    // Logs are cut from two that part somewhere, so that many of them match.
    let parts = draw(3);
    let trunk: Vec<u64> = (0..parts).map(|at| 1 + at / 2).collect();
    let term = |base: u64| 1 + base / 2 + draw(2);
    let tails = [vec![term(parts); draw(3) as usize], vec![term(parts) + 1; draw(2) as usize]];
    for id in (1..=servers).filter(|_| !one_in(5)) {
        let mut server = InitialServer { server: ServerId(id), ..InitialServer::default() };
        let mut log = trunk.clone();
        log.extend(&tails[usize::from(one_in(2))]);
        log.truncate(draw(log.len() as u64 + 2) as usize);
        let (mut upto, length) = (0, log.len() as u64);
        if one_in(5) && length > 0 {
            upto = 1 + draw(length - 1);
            let last_included_term = log[upto as usize - 1];
            server.snapshot =
                Some(InitialSnapshot { last_included_index: upto, last_included_term, ..InitialSnapshot::default() });
        }
        let run = |&term: &u64| InitialRun { term, entries: vec![InitialEntry::Nothing(1)] };
        server.log = log[upto as usize..].iter().map(run).collect();
        server.term = one_in(2).then(|| log.last().copied().unwrap_or(0) + draw(2));
        server.voted_for = one_in(4).then(any);
        server.commit_index = one_in(2).then(|| upto + draw(length - upto));
        server.down = one_in(6);
        server.role = match draw(5) {
            0 | 1 => InitialRole::Leader,
            2 => InitialRole::Candidate,
            _ => InitialRole::Follower,
        };
        if server.role == InitialRole::Candidate && one_in(2) {
            server.votes.push(any());
        }
        initial.servers.push(server);
    }
    for _ in 0..draw(3) {
        let kinds = [
            InitialKind::RequestVote,
            InitialKind::RequestVoteReply,
            InitialKind::AppendEntries,
            InitialKind::AppendEntriesReply,
            InitialKind::TimeoutNow,
        ];
        let kind = kinds[draw(4) as usize];
        let append = kind == InitialKind::AppendEntries;
        initial.messages.push(InitialMessage {
            from: any(),
            to: any(),
            kind,
            term: one_in(3).then(|| draw(4)),
            prev_log_index: (append && one_in(2)).then(|| draw(3)),
            entries: if append { draw(1) } else { 0 },
            arrives_us: Some(1 + draw(400_000)),
            ..InitialMessage::default()
        });
    }
    let restarts = (1..=servers).map(|id| (u64::from(id), Input::Restart { server: ServerId(id) }));
    let writes = (1..6).map(|at| (at, Input::Propose { value: format!("x={at}"), server: None }));
    let inputs = restarts.chain(writes).map(|(at, input)| TimedInput { at_us: at * 300_000, after_events: 0, input });
    Scenario { seed, servers, initial: Some(initial), inputs: inputs.collect(), ..Scenario::default() }
}

#[test]
fn from_no_state_that_is_accepted_do_servers_that_keep_the_rules_break_anything() {
    let (mut lived, mut with_messages, mut committed) = (0, 0, 0);
    for seed in 0..40_000 {
        let scenario = drawn(seed);
        let plain = scenario.initial.clone();
        let Ok(mut world) = World::new(scenario) else { continue };
        world.observe(false);
        lived += 1;
        with_messages += u32::from(plain.as_ref().is_some_and(|initial| !initial.messages.is_empty()));
        committed += u32::from(
            world.servers().iter().any(|node| node.server().is_some_and(|server| server.commit_index() > Index(0))),
        );
        world.advance(4_000_000, u64::MAX);
        let json = || serde_json::to_string(&plain).unwrap();
        assert_eq!(world.violation(), None, "seed {seed}: {}", json());
    }
    println!("{lived} of 40000 lived, {with_messages} with messages, {committed} with something committed");
    assert!(lived > 1_000 && with_messages > 100 && committed > 100, "{lived}, {with_messages}, {committed}");
}
