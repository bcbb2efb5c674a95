//! The JSON Schema of scenarios, for editors and for other programs. Fields, forms and texts are those of the types; here stand
//! the limits, which the types do not know. A test holds the schema against the reader at each limit.

use std::borrow::Cow;

use raft_core::{Index, Rule, Term};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::begin::{LOG_MAX, MESSAGES_MAX, SNAPSHOT_MAX};
use crate::initial::{InitialEntry, InitialRun, InitialServer};
use crate::input::{FLAP_US_MIN, TimedInput, VALUE_CHARS_MAX};
use crate::page::Page;
use crate::plain::{EXACT, Read};
use crate::scenario::{HOUR_US, MILLION, MINUTE_US, Scenario, TEXT_CHARS_MAX, TITLE_CHARS_MAX, WorldOptions};
use crate::stage::Stage;

impl Scenario {
    /// The JSON Schema (draft 2020-12) of scenarios. It refuses what is no scenario by its form or by the range of one
    /// field alone; rules between fields, such as a longest delay below the shortest, are for [`check`](Self::check).
    #[must_use]
    pub fn schema() -> Value {
        let mut schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Self>();
        schema.insert("title".into(), "Scenario of the Raft Playground".into());
        let mut schema = schema.to_value();
        tidy(&mut schema);
        refine("Scenario", &mut schema);
        for (name, of) in schema["$defs"].as_object_mut().into_iter().flatten() {
            refine(name, of);
        }
        schema["properties"]["$schema"] =
            json!({"type": "string", "description": "Where this schema is, for editors. It says nothing of the run."});
        schema
    }
}

/// A server's number.
pub(crate) struct Server;

impl JsonSchema for Server {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Server".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "minimum": 1, "maximum": Scenario::SERVERS_MAX})
    }
}

/// A rule's name.
pub(crate) struct RuleName;

impl JsonSchema for RuleName {
    fn schema_name() -> Cow<'static, str> {
        "Rule".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let rule = |rule: &Rule| {
            let about = format!("{}: without it, {}", rule.section(), rule.guards_against());
            json!({"type": "string", "const": rule.name(), "description": about})
        };
        json_schema!({"oneOf": Rule::ALL.iter().map(rule).collect::<Vec<_>>()})
    }
}

impl JsonSchema for InitialRun {
    fn schema_name() -> Cow<'static, str> {
        "InitialRun".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let term = json!({"type": "integer", "minimum": 1, "maximum": Term::LIMIT.0});
        json_schema!({
            "description": "Entries of one term that follow each other: a term, for one entry that carries nothing; or a list of \
                the term and what follows in it.",
            "anyOf": [term, {
                "type": "array",
                "prefixItems": [term],
                "items": generator.subschema_for::<InitialEntry>(),
                "minItems": 2,
                "maxItems": 1 + InitialEntry::LISTED_MAX,
            }],
        })
    }
}

/// The least and the most of numbers, by the type and the names of its fields. Those of the options are their own.
const NUMBERS: &[(&str, &str, u64, u64)] = &[
    ("Scenario", "version", Scenario::VERSION as u64, Scenario::VERSION as u64),
    ("Scenario", "seed", 0, EXACT),
    ("Scenario", "servers", 1, Scenario::SERVERS_MAX as u64),
    ("TimedInput", "at_us", 0, EXACT),
    ("TimedInput", "after_events", 0, u32::MAX as u64),
    ("Bookmark", "at_us", 0, EXACT),
    ("Bookmark", "after_events", 0, u32::MAX as u64),
    ("Input", "written wall", 0, u32::MAX as u64),
    ("Input", "step_us us_min us_max delay_tail_us", 0, MINUTE_US),
    ("Input", "delay_us_min delay_us_max", 1, MINUTE_US),
    ("Input", "rate_ppm", MILLION as u64 / 2, 2 * MILLION as u64),
    ("Input", "ahead_us", 0, HOUR_US),
    ("Input", "up_us down_us", FLAP_US_MIN, HOUR_US),
    ("Input", "loss_ppm duplicate_ppm", 0, MILLION as u64),
    ("Input", "message", 1, EXACT),
    ("Input", "us", 1, MINUTE_US),
    ("Input", "x y ax ay bx by", 0, Stage::SIZE as u64),
    ("Input", "term", 0, Term::LIMIT.0),
    ("Input", "voted_for", 0, Scenario::SERVERS_MAX as u64),
    ("Input", "keep", 0, Index::LIMIT.0),
    ("InitialServer", "term", 0, Term::LIMIT.0),
    ("InitialServer", "voted_for leader", 0, Scenario::SERVERS_MAX as u64),
    ("InitialServer", "commit_index", 0, SNAPSHOT_MAX + LOG_MAX),
    ("InitialSnapshot", "last_included_index", 1, SNAPSHOT_MAX),
    ("InitialSnapshot", "last_included_term", 1, Term::LIMIT.0),
    ("InitialMessage", "term", 1, Term::LIMIT.0),
    ("InitialMessage", "prev_log_index match_index", 0, SNAPSHOT_MAX + LOG_MAX),
    ("InitialMessage", "entries", 0, LOG_MAX),
    ("InitialMessage", "arrives_us", 1, MINUTE_US),
];

/// How many items lists hold, by the type and the names of its fields, and whether each once.
const LISTS: &[(&str, &str, usize, usize, bool)] = &[
    ("Scenario", "inputs", 0, TimedInput::LISTED_MAX, false),
    ("Page", "bookmarks", 0, Page::BOOKMARKS_MAX, false),
    ("WorldOptions", "rules_off", 0, Rule::LISTED_MAX, true),
    ("Input", "groups", 1, Vec::<Rule>::LISTED_MAX, false),
    ("Input", "log", 0, InitialRun::LISTED_MAX, false),
    ("Input", "voters", 1, Scenario::SERVERS_MAX as usize, true),
    ("Input", "learners", 0, Scenario::SERVERS_MAX as usize, true),
    ("Initial", "servers", 0, InitialServer::LISTED_MAX, false),
    ("Initial", "messages", 0, MESSAGES_MAX, false),
    ("InitialMembers", "voters", 1, Scenario::SERVERS_MAX as usize, true),
    ("InitialMembers", "old learners", 0, Scenario::SERVERS_MAX as usize, true),
    ("InitialServer", "log", 0, InitialRun::LISTED_MAX, false),
    ("InitialServer", "votes", 0, Scenario::SERVERS_MAX as usize, false),
    ("InitialSnapshot", "values", 0, String::LISTED_MAX, false),
];

/// How many characters texts have at most, by the type and the field, and which besides controls they have not.
const TEXTS: &[(&str, &str, usize, &str)] = &[
    ("Scenario", "title", TITLE_CHARS_MAX, ""),
    ("Scenario", "text", TEXT_CHARS_MAX, ""),
    ("Bookmark", "name", TITLE_CHARS_MAX, ""),
    ("Input", "value", VALUE_CHARS_MAX, ""),
    ("Input", "key", VALUE_CHARS_MAX, "="),
];

/// What fields are when they are left out, where the types do not say.
fn left_out(of: &str, field: &str) -> Option<Value> {
    Some(match (of, field) {
        ("TimedInput" | "Bookmark", "after_events") | ("Input", "written" | "ahead_us" | "delay_tail_us") => json!(0),
        ("InitialMessage", "entries") => json!(0),
        ("Input", "lies" | "stays_joint" | "in_order") | ("InitialServer", "down") => json!(false),
        ("InitialMessage", "refused") => json!(false),
        ("Input", "catch_up") => json!(true),
        ("Input", "key") => json!("x"),
        ("Input" | "InitialMembers", "learners") | ("InitialMembers", "old") => json!([]),
        ("Initial", "servers" | "messages") | ("InitialServer", "log" | "votes") => json!([]),
        ("InitialSnapshot", "values") | ("Page", "bookmarks") => json!([]),
        ("InitialServer", "role") => json!("follower"),
        ("InitialMessage", "kind") => json!("request_vote"),
        _ => return None,
    })
}

/// What holds of every schema: nothing is null, widths of integers mean nothing outside, and texts are not Rust's.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Object(fields) => {
            fields.remove("format");
            if let Some(Value::Array(types)) = fields.get_mut("type") {
                types.retain(|of| of != "null");
                if let [only] = &mut types[..] {
                    fields["type"] = only.take();
                }
            }
            if let Some(Value::Array(forms)) = fields.get_mut("anyOf") {
                forms.retain(|form| form["type"] != "null");
                if let [Value::Object(only)] = &mut forms[..] {
                    let only = std::mem::take(only);
                    fields.remove("anyOf");
                    fields.extend(only);
                }
            }
            if let Some(Value::String(text)) = fields.get_mut("description") {
                *text = without_rust(text);
            }
            fields.values_mut().for_each(tidy);
        }
        _ => {}
    }
}

/// A documentation without examples in Rust and without links into it.
fn without_rust(text: &str) -> String {
    let text = text.split("```").next().unwrap_or_default().trim_end();
    let mut plain = String::with_capacity(text.len());
    for (at, piece) in text.split("[`").enumerate() {
        let link = piece.split_once("`]").filter(|_| at > 0);
        let (name, rest) = link.unwrap_or(("", piece));
        let target = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).filter(|_| at > 0);
        let rest = target.map_or(rest, |(_, rest)| rest);
        if !name.is_empty() {
            plain.extend(["`", name, "`"]);
        }
        plain += rest;
    }
    plain.replace("\n\n", "\r").replace('\n', " ").replace('\r', "\n\n")
}

/// A type's schema, or that of one of its forms, with the limits of its fields.
fn refine(of: &str, schema: &mut Value) {
    for forms in ["oneOf", "anyOf"] {
        schema[forms].as_array_mut().into_iter().flatten().for_each(|form| refine(of, form));
    }
    let Value::Object(schema) = schema else { return };
    schema.retain(|_, value| !value.is_null());
    let is = |name: &str| schema.get("type").is_some_and(|of| of == name);
    // An entry's forms are themselves what others' fields are.
    if of == "InitialEntry" && is("integer") {
        number(schema, 1, LOG_MAX);
    } else if of == "InitialEntry" && is("string") {
        text(schema, VALUE_CHARS_MAX, "");
    }
    let Some(Value::Object(fields)) = schema.get_mut("properties") else { return };
    let mut optional = Vec::new();
    for (name, field) in fields.iter_mut() {
        let Value::Object(field) = field else { continue };
        limit(of, name, field);
        if let Some(default) = left_out(of, name) {
            field.insert("default".into(), default);
        }
        if field.contains_key("default") {
            optional.push(name.clone());
        }
    }
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| !optional.iter().any(|optional| name == optional));
        if required.is_empty() {
            schema.remove("required");
        }
    }
}

/// The limits of a field.
fn limit(of: &str, name: &str, field: &mut Map<String, Value>) {
    let is_named = |holder: &str, names: &str| holder == of && names.split(' ').any(|one| one == name);
    if let Some(&(_, _, least, most)) = NUMBERS.iter().find(|row| is_named(row.0, row.1)) {
        number(field, least, most);
    }
    if of == "WorldOptions" {
        let ranges = WorldOptions::default().ranges();
        let range = |name: &str| ranges.iter().find(|row| row.0 == name);
        if let Some(&(_, _, least, most)) = range(name) {
            // At least the shortest, which is at least what it is.
            let shortest = name.strip_suffix("_max").and_then(|name| range(&format!("{name}_min")));
            number(field, shortest.map_or(least, |row| row.2), most);
        }
    }
    if let Some(&(_, _, least, most, each_once)) = LISTS.iter().find(|row| is_named(row.0, row.1)) {
        list(field, least, most, each_once);
    }
    if let Some(&(_, _, chars_max, without)) = TEXTS.iter().find(|row| is_named(row.0, row.1)) {
        text(field, chars_max, without);
    }
    let items = field.get_mut("items").and_then(Value::as_object_mut);
    match ((of, name), items) {
        (("Input", "groups"), Some(group)) => list(group, 1, Scenario::SERVERS_MAX as usize, true),
        (("InitialSnapshot", "values"), Some(value)) => text(value, VALUE_CHARS_MAX, ""),
        _ => {}
    }
}

fn number(schema: &mut Map<String, Value>, least: u64, most: u64) {
    schema.insert("minimum".into(), least.into());
    schema.insert("maximum".into(), most.into());
}

fn list(schema: &mut Map<String, Value>, least: usize, most: usize, each_once: bool) {
    schema.insert("maxItems".into(), most.into());
    if least > 0 {
        schema.insert("minItems".into(), least.into());
    }
    if each_once {
        schema.insert("uniqueItems".into(), true.into());
    }
}

/// No character that `check_text` refuses, as a regular expression of ECMA-262.
fn text(schema: &mut Map<String, Value>, chars_max: usize, without: &str) {
    schema.insert("minLength".into(), 1.into());
    schema.insert("maxLength".into(), chars_max.into());
    let controls = r"\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069";
    schema.insert("pattern".into(), format!("^[^{without}{controls}]*$").into());
}
