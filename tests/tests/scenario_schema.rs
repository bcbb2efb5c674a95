//! The JSON Schema of scenarios, docs/scenario.schema.json, against the reader: what the reader accepts the schema accepts, and
//! what the schema refuses the reader refuses. What the reader refuses beyond that are rules between fields, listed here.
//!
//! `RAFT_BLESS=1 cargo test -p raft-tests --test scenario_schema` writes the schema anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::Path;

use jsonschema::Validator;
use raft_sim::Scenario;
use raft_sim::plans::Plan;
use serde_json::{Value, json};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn validator() -> Validator {
    jsonschema::draft202012::new(&Scenario::schema()).unwrap()
}

/// Reads a scenario as from a file.
fn read(json: &Value) -> Result<Scenario, String> {
    let scenario: Scenario = serde_json::from_str(&json.to_string()).map_err(|error| error.to_string())?;
    scenario.check().map_err(|wrong| wrong.to_string())?;
    Ok(scenario)
}

#[test]
fn the_schema_in_docs_is_that_of_the_types() {
    let schema = format!("{:#}\n", Scenario::schema());
    let path = root().join("docs/scenario.schema.json");
    if std::env::var_os("RAFT_BLESS").is_some() {
        std::fs::write(&path, &schema).unwrap();
    }
    let written = std::fs::read_to_string(&path).expect("docs/scenario.schema.json");
    assert!(written == schema, "docs/scenario.schema.json is not the schema of the types: run with RAFT_BLESS=1");
    assert_eq!(jsonschema::draft202012::meta::validate(&Scenario::schema()).map_err(|error| error.to_string()), Ok(()));
}

/// The blocks of JSON in a document.
fn examples(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(root().join("docs").join(name)).unwrap();
    let blocks = text.split("```json\n").skip(1).map(|block| block.split("```").next().unwrap());
    blocks.map(|block| serde_json::from_str(block).unwrap_or_else(|error| panic!("{name}: {error}\n{block}"))).collect()
}

/// Every kind of input with all its fields.
fn inputs() -> Vec<Value> {
    vec![
        json!({"kind": "crash", "server": 1, "written": 3}),
        json!({"kind": "restart", "server": 1}),
        json!({"kind": "pause", "server": 1}),
        json!({"kind": "resume", "server": 1}),
        json!({"kind": "slow", "server": 1, "step_us": 5}),
        json!({"kind": "set_disk", "server": 1, "us_min": 2, "us_max": 3, "lies": true}),
        json!({"kind": "edit_disk", "server": 1, "term": 3, "voted_for": 2, "keep": 4, "log": [1, [2, 2, "x=1"]]}),
        json!({"kind": "set_clock", "server": 1, "rate_ppm": 1_000_000, "ahead_us": 3}),
        json!({"kind": "time_out", "server": 1}),
        json!({"kind": "heartbeat", "server": 1}),
        json!({"kind": "transfer", "server": 1, "to": 2}),
        json!({"kind": "compact", "server": 1}),
        json!({"kind": "new_server"}),
        json!({"kind": "set_members", "voters": [1, 2], "learners": [3], "server": 4, "catch_up": false, "stays_joint": true}),
        json!({"kind": "leave_joint", "server": 2}),
        json!({"kind": "propose", "value": "x=1", "server": 2}),
        json!({"kind": "read", "key": "a", "server": 2}),
        json!({"kind": "cut", "from": 1, "to": 2}),
        json!({"kind": "uncut", "from": 1, "to": 2}),
        json!({"kind": "partition", "groups": [[1, 2], [3]]}),
        json!({"kind": "heal"}),
        json!({"kind": "set_link", "from": 1, "to": 2, "delay_us_min": 3, "delay_us_max": 4, "loss_ppm": 5,
            "duplicate_ppm": 6, "delay_tail_us": 7, "in_order": true}),
        json!({"kind": "flap", "from": 1, "to": 2, "up_us": 3000, "down_us": 4000}),
        json!({"kind": "hold", "message": 1}),
        json!({"kind": "hold_latest", "from": 1, "to": 2}),
        json!({"kind": "release", "message": 1}),
        json!({"kind": "release_all"}),
        json!({"kind": "drop", "message": 1}),
        json!({"kind": "duplicate", "message": 1}),
        json!({"kind": "deliver", "message": 1}),
        json!({"kind": "set_delay", "message": 1, "us": 2}),
        json!({"kind": "move", "server": 1, "x": 2, "y": 3}),
        json!({"kind": "wall", "wall": 1, "ax": 3, "ay": 2, "bx": 3, "by": 5}),
        json!({"kind": "set_wall", "wall": 1, "stops": "rightward", "loss_ppm": 500000}),
        json!({"kind": "remove_wall", "wall": 1}),
    ]
}

/// Scenarios that together have every field of every type.
fn whole() -> Vec<Value> {
    let mut all: Vec<Value> = inputs()
        .into_iter()
        .map(|input| json!({"inputs": [{"at_us": 7, "after_events": 2, "input": input}]}))
        .collect();
    let mut options = serde_json::to_value(Scenario::default()).unwrap();
    for (field, value) in [("$schema", "s"), ("title", "A título"), ("text", "what there is to see")] {
        options[field] = value.into();
    }
    options["page"] =
        json!({"bookmarks": [{"at_us": 7, "after_events": 2, "name": "S1 leads"}, {"at_us": 9, "name": "x"}]});
    options["options"]["rules_off"] = json!(["one_vote_per_term", "vote_persisted"]);
    all.push(options);
    let members = json!({"voters": [2, 1, 3, 4], "learners": [5]});
    all.push(json!({"servers": 5, "initial": {
        "configuration": {"voters": [1, 2, 3, 4], "old": [1, 2], "learners": [5]},
        "servers": [
            {"server": 1, "role": "leader", "term": 3, "voted_for": 1, "commit_index": 4, "log": [[3, 1, "y=2"]],
             "snapshot": {"last_included_index": 4, "last_included_term": 2, "values": ["a=b"], "configuration": members}},
            {"server": 2, "term": 3, "voted_for": 1, "leader": 1, "log": [[2, 2, "a=b", members], [3, 1]]},
            {"server": 3, "role": "candidate", "term": 4, "votes": [4], "voted_for": 3},
            {"server": 4, "term": 4, "voted_for": 3, "down": true, "log": [1]}
        ],
        "messages": [
            {"from": 1, "to": 2, "kind": "append_entries", "term": 3, "prev_log_index": 4, "entries": 1, "arrives_us": 5000},
            {"from": 2, "to": 1, "kind": "append_entries_reply", "match_index": 0},
            {"from": 4, "to": 3, "kind": "request_vote_reply", "refused": true}
        ]
    }}));
    all
}

/// The names of all fields of a schema.
fn names(schema: &Value, all: &mut BTreeSet<String>) {
    match schema {
        Value::Object(fields) => {
            all.extend(
                fields.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name.clone()),
            );
            fields.values().for_each(|of| names(of, all));
        }
        Value::Array(items) => items.iter().for_each(|of| names(of, all)),
        _ => {}
    }
}

/// The kinds of the inputs in some scenarios.
fn kinds(scenarios: &[Value]) -> BTreeSet<&str> {
    let inputs = scenarios.iter().flat_map(|scenario| scenario["inputs"].as_array().into_iter().flatten());
    inputs.map(|timed| timed["input"]["kind"].as_str().unwrap()).collect()
}

#[test]
fn every_field_and_every_kind_of_input_is_documented_and_described_and_stands_in_an_example() {
    let schema = Scenario::schema();
    let forms = schema["$defs"]["Input"]["oneOf"].as_array().unwrap();
    let all: BTreeSet<&str> = forms.iter().map(|form| form["properties"]["kind"]["const"].as_str().unwrap()).collect();
    assert_eq!(kinds(&examples("scenario.md")), all);
    assert_eq!(kinds(&whole()), all);
    let mut fields = BTreeSet::new();
    names(&schema, &mut fields);
    assert!(fields.len() > 80, "{fields:?}");
    let text: String = ["scenario.md", "scenario-initial.md"]
        .map(|name| std::fs::read_to_string(root().join("docs").join(name)).unwrap())
        .concat();
    for field in fields.iter().map(String::as_str).chain(all) {
        assert!(
            text.contains(&format!("`{field}`"))
                || text.contains(&format!("`initial.{field}`"))
                || text.contains(&format!("\"{field}\"")),
            "{field} is not documented"
        );
    }
    // Whoever edits a scenario is told what each field means.
    for (of, form) in schema["$defs"].as_object().unwrap().iter().chain([(&String::new(), &schema)]) {
        for form in form["oneOf"].as_array().unwrap_or(&vec![form.clone()]) {
            assert!(form["description"].is_string(), "{of}: {form}");
            for (name, field) in form["properties"].as_object().into_iter().flatten() {
                let about = field["description"].as_str().unwrap_or_default();
                assert!(name == "kind" || !about.is_empty(), "{of}.{name} has no description");
                assert!(!about.contains("](") && !about.contains("```"), "{of}.{name}: {about}");
            }
        }
    }
}

#[test]
fn what_is_left_out_is_as_the_schema_says() {
    let of = Scenario::schema();
    let mut tried = BTreeSet::new();
    for json in whole() {
        let mut all = Vec::new();
        places("", &json, &of, &of, &mut all);
        for (pointer, of) in all {
            for (name, field) in of["properties"].as_object().into_iter().flatten() {
                let Some(default) = field.get("default") else { continue };
                let (mut with, mut without) = (json.clone(), json.clone());
                with.pointer_mut(&pointer).unwrap()[name] = default.clone();
                drop(without.pointer_mut(&pointer).unwrap().as_object_mut().unwrap().remove(name));
                // Whether that could be lived is another question.
                let read = |json: &Value| {
                    serde_json::from_str::<Scenario>(&json.to_string()).map_err(|error| error.to_string())
                };
                assert!(read(&with).is_ok(), "{with}");
                assert_eq!(read(&with), read(&without), "{name} of {pointer}");
                tried.insert(name.clone());
            }
        }
    }
    assert!(tried.len() > 50, "{tried:?}");
}

/// The rules between fields, which a schema cannot say: the names of the fields at which they refuse, and a part of what they
/// expect there. Everything else that the reader refuses, the schema refuses.
const BETWEEN_FIELDS: &[(&[&str], &str)] = &[
    // Servers are those of the scenario.
    (&["server", "from", "to", "voters", "old", "learners", "groups", "voted_for"], "1 to "),
    (&["to"], "another server than from"),
    (&["server", "groups"], "each server once"),
    (&["bx, by"], "another point than ax, ay"),
    // What is longest is at least the shortest.
    (&["us_max", "delay_us_max", "disk_us_max", "election_timeout_us_max"], " to "),
    (&["lease_reads"], "false without check_quorum"),
    // An initial state is one that correct servers can come to.
    (&["configuration", "log"], "members who can decide"),
    (&["term"], "as in its log"),
    (&["log"], "terms never fall"),
    (&["log"], "at most 1000 entries"),
    (&["log"], "no more of that term than"),
    (&["role"], "a majority that has voted for it"),
    (&["role"], "none in term 0"),
    (&["leader"], "or 0 for nobody"),
    (&["votes"], "those of a candidate only"),
    (&["votes"], "a server that has voted for"),
    (&["commit_index"], "what every server has that could be elected"),
    (&["servers"], "a server that can stand there"),
    (&["servers"], "a state that correct servers can come to"),
    // Indexes and terms go as far as the log of the server that has them, or of the sender.
    (&["commit_index", "prev_log_index", "match_index", "entries", "term"], " to "),
    (&["entries"], "which are of one term"),
    (&["refused", "prev_log_index", "match_index"], " only"),
];

/// The rule between fields by which an error refuses: its place in the list.
fn between_fields(error: &str) -> Option<usize> {
    let (field, expected) = (error.split(" is ").next()?, error.split_once("; expected ")?.1);
    let name = field.rsplit('.').next()?.split('[').next()?;
    BETWEEN_FIELDS.iter().position(|(names, rule)| names.contains(&name) && expected.contains(rule))
}

#[test]
fn what_the_reader_accepts_the_schema_accepts() {
    let schema = validator();
    let mut tried = 0;
    let mut accepted = |of: &str, json: &Value| {
        tried += 1;
        assert_eq!(read(json).map(drop), Ok(()), "{of}");
        let errors: Vec<String> = schema.iter_errors(json).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{of}");
    };
    for file in root().join("scenarios").read_dir().unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        accepted(&path.display().to_string(), &serde_json::from_str(&text).unwrap());
    }
    for document in ["scenario.md", "scenario-initial.md"] {
        for (at, json) in examples(document).iter().enumerate() {
            accepted(&format!("{document}, example {at}"), json);
        }
    }
    for seed in 0..200 {
        let mut scenario = Plan::Swarm.run(seed, 20_000_000, &[]).scenario;
        scenario.inputs.truncate(60);
        accepted(&format!("seed {seed}"), &serde_json::to_value(scenario).unwrap());
    }
    for json in whole() {
        accepted(&json.to_string(), &json);
    }
    assert!(tried > 230, "{tried}");
}

/// The schema of a value: through references, and of several forms the one that the value has.
fn form<'a>(schema: &'a Value, root: &'a Value, value: &Value) -> &'a Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return form(root.pointer(reference.strip_prefix('#').unwrap()).unwrap(), root, value);
    }
    let forms = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    let Some(forms) = forms else { return schema };
    let is_of = |form: &&Value| match value {
        Value::Object(fields) if fields.contains_key("kind") => form["properties"]["kind"]["const"] == fields["kind"],
        Value::Object(_) => form["type"] == "object",
        Value::Array(_) => form["type"] == "array",
        Value::Number(_) => form["type"] == "integer",
        _ => form["type"] == "string",
    };
    let forms = forms.iter().map(|of| form(of, root, value)).collect::<Vec<_>>();
    forms.into_iter().find(is_of).unwrap_or_else(|| panic!("{value} has none of the forms of {schema}"))
}

/// Each place in a value, with its schema.
fn places(pointer: &str, value: &Value, schema: &Value, root: &Value, all: &mut Vec<(String, Value)>) {
    let schema = form(schema, root, value);
    all.push((pointer.to_owned(), schema.clone()));
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                places(&format!("{pointer}/{name}"), value, &schema["properties"][name], root, all);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                let of = schema["prefixItems"].get(at).unwrap_or(&schema["items"]);
                places(&format!("{pointer}/{at}"), item, of, root, all);
            }
        }
        _ => {}
    }
}

/// What could stand in a place instead: of every type, and at each limit and beyond.
fn others(value: &Value, schema: &Value) -> Vec<Value> {
    let mut others = vec![
        json!(null),
        json!(true),
        json!(false),
        json!(-1),
        json!(0),
        json!(1),
        json!(2),
        json!(1.5),
        json!(1e300),
        json!(""),
        json!("x"),
        json!("a=b"),
        json!("a\u{202e}b"),
        json!("crash"),
        json!([]),
        json!([1]),
        json!([[]]),
        json!({}),
    ];
    if let (Some(least), Some(most)) = (schema["minimum"].as_u64(), schema["maximum"].as_u64()) {
        others.extend([json!(least), json!(most), json!(most + 1), json!(least as i64 - 1), json!(least as f64)]);
    }
    if let Some(most) = schema["maxLength"].as_u64() {
        let most = most as usize;
        others.extend([json!("ä".repeat(most)), json!("ä".repeat(most + 1))]);
        let controls =
            ["\0", "\u{1f}", "\u{7f}", "\u{9f}", "\u{61c}", "\u{200e}", "\u{200f}", "\u{2028}", "\u{2066}", "\u{2069}"];
        others.extend(controls.iter().map(|control| json!(format!("a{control}"))));
        others
            .extend(["\n", "\u{200d}", "\u{2030}", "\u{206a}", " ", "="].iter().map(|text| json!(format!("a{text}"))));
    }
    if let (Some(most), Value::Array(items)) = (schema["maxItems"].as_u64(), value) {
        let most = most as usize;
        if most <= 2_000 {
            let item = items.last().cloned().unwrap_or(json!(1));
            others.extend([most, most + 1].map(|length| json!(vec![item.clone(); length])));
        }
        others.push(json!(items.iter().chain(items).collect::<Vec<_>>()));
        others.push(json!(items.iter().skip(1).collect::<Vec<_>>()));
    }
    if let Value::Object(fields) = value {
        for name in fields.keys() {
            let mut without = value.clone();
            without.as_object_mut().unwrap().remove(name);
            others.push(without);
        }
        for name in ["sneaky", "$schema", "kind", "server", "term"] {
            let mut with = value.clone();
            with[name] = json!(1);
            others.push(with);
        }
    }
    others
}

#[test]
fn the_schema_and_the_reader_refuse_the_same_but_for_rules_between_fields() {
    let (of, schema) = (Scenario::schema(), validator());
    let (mut both, mut neither, mut met) = (0, 0, BTreeSet::new());
    for json in whole() {
        let mut all = Vec::new();
        places("", &json, &of, &of, &mut all);
        for (pointer, of) in all {
            for other in others(json.pointer(&pointer).unwrap(), &of) {
                let mut changed = json.clone();
                *changed.pointer_mut(&pointer).unwrap() = other;
                let shown = || format!("{pointer} of {}", changed.to_string().chars().take(2_000).collect::<String>());
                match (schema.is_valid(&changed), read(&changed)) {
                    (true, Ok(_)) => neither += 1,
                    (false, Err(_)) => both += 1,
                    (false, Ok(_)) => {
                        let error = schema.iter_errors(&changed).next().map(|error| error.to_string());
                        panic!("only the schema refuses {}: {error:?}", shown());
                    }
                    (true, Err(error)) => {
                        let rule = between_fields(&error);
                        met.insert(rule.unwrap_or_else(|| panic!("only the reader refuses {}: {error}", shown())));
                    }
                }
            }
        }
    }
    println!("{both} refused by both, {neither} by neither");
    assert!(both > 5_000 && neither > 1_000, "{both} {neither}");
    let unmet: Vec<_> = (0..BETWEEN_FIELDS.len()).filter(|at| !met.contains(at)).map(|at| BETWEEN_FIELDS[at]).collect();
    assert!(unmet.is_empty(), "rules that nothing here breaks: {unmet:?}");
}
