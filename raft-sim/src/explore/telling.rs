//! A story in words: what happens in it, from its own records.

use raft_core::{CommitReason, EntryId, Event, Index, NewConfiguration, Rule, ServerId};

use crate::happening::{Happening, Record};
use crate::input::Input;
use crate::scenario::{TEXT_CHARS_MAX, TITLE_CHARS_MAX};
use crate::world::World;

/// What a story is called.
pub(super) fn title(what: &str, rules_off: &[Rule]) -> String {
    let title = match rules_off {
        [rule] => format!("{what}, without “{}”", rule.name().replace('_', " ")),
        _ => what.to_owned(),
    };
    if title.chars().count() <= TITLE_CHARS_MAX { title } else { what.to_owned() }
}

/// A sentence, and how much it matters: what matters least is left out first where there is no room for all.
struct Sentence {
    text: String,
    matters: u8,
}

/// What happened in a world, in sentences, as many as fit.
pub(super) fn tell(world: &World) -> String {
    let mut sentences: Vec<Sentence> = Vec::new();
    let mut voters: Vec<ServerId> = Vec::new();
    for record in world.events_since(0) {
        if let Happening::Decision { server, event: Event::VoteGranted { again: false, .. }, .. } = record.happening {
            voters.push(server);
            continue;
        }
        if let Some((text, matters)) = sentence(record, &mut voters) {
            sentences.push(Sentence { text, matters });
        }
    }
    if let Some(violation) = world.violation() {
        let text = format!("{} is violated: {}", violation.property, violation.text.trim_end_matches('.'));
        sentences.push(Sentence { text, matters: 9 });
    }
    fit(&mut sentences)
}

fn sentence(record: &Record, voters: &mut Vec<ServerId>) -> Option<(String, u8)> {
    let entries = |first: Index, last: Index| {
        if first == last { format!("entry {first}") } else { format!("entries {first} to {last}") }
    };
    Some(match &record.happening {
        Happening::Decision { server, event, .. } => match event {
            Event::BecameCandidate { term, .. } => {
                voters.clear();
                (format!("{server} stands in term {term}"), 3)
            }
            Event::BecameLeader { term, .. } => {
                let others: Vec<String> =
                    voters.drain(..).filter(|voter| voter != server).map(|voter| voter.to_string()).collect();
                let by = if others.is_empty() {
                    String::new()
                } else {
                    format!(" with the vote of {}", others.join(" and "))
                };
                (format!("{server} leads term {term}{by}"), 8)
            }
            Event::EntriesAppended { first: EntryId { index, term }, count } => {
                (format!("{server} takes {} of term {term}", entries(*index, Index(index.0 + *count as u64 - 1))), 6)
            }
            Event::AppendAccepted { leader, match_index, appended, .. } if *appended > 0 => {
                let first = Index(match_index.0 + 1 - *appended as u64);
                (format!("{server} copies {} from {leader}", entries(first, *match_index)), 4)
            }
            Event::EntriesRemoved { first, last, .. } => {
                (format!("{server} removes {} (term {})", entries(first.index, *last), first.term), 7)
            }
            Event::Committed { from, to, reason: CommitReason::QuorumHolds { holders } } => {
                let holders = match holders.voters.have {
                    1 => "1 server holds".to_owned(),
                    count => format!("{count} servers hold"),
                };
                (format!("{server} commits {}, which {holders}", entries(from.next(), *to)), 8)
            }
            Event::Committed { from, to, .. } => {
                (format!("{server} learns that {} is committed", entries(from.next(), *to)), 5)
            }
            Event::ConfigurationInForce { index, reason: NewConfiguration::Appended, .. } => {
                (format!("{server} counts by the members of entry {index}"), 5)
            }
            Event::ConfigurationInForce { reason: NewConfiguration::Truncated, .. } => {
                (format!("{server} goes back to the members before"), 5)
            }
            Event::LogCompacted { last_included, .. } => {
                (format!("{server} takes a snapshot up to entry {}", last_included.index), 6)
            }
            Event::SnapshotInstalled { last_included, leader, .. } => {
                (format!("{server} installs {leader}'s snapshot up to entry {}", last_included.index), 7)
            }
            Event::TransferReady { to, .. } => (format!("{server} asks {to} to take over"), 6),
            Event::ReadByLease { .. } => (format!("{server} reads on its lease"), 6),
            _ => return None,
        },
        Happening::Crashed { server, .. } => (format!("{server} crashes"), 7),
        Happening::Restarted { server } => (format!("{server} starts again"), 6),
        Happening::ReadAnswered { server, key, value, .. } => {
            let value = value.as_deref().unwrap_or("nothing");
            (format!("{server} answers a read of {key} with {value}"), 8)
        }
        Happening::InputApplied { input: Input::SetClock { server, rate_ppm, .. } } => {
            (format!("{server}'s clock runs at {} %", rate_ppm / 10_000), 6)
        }
        _ => return None,
    })
}

/// The sentences, without those that matter least where all would be too long.
fn fit(sentences: &mut Vec<Sentence>) -> String {
    loop {
        let text: Vec<String> = sentences.iter().map(|Sentence { text, .. }| capital(text)).collect();
        let text = text.join(". ") + ".";
        if text.chars().count() <= TEXT_CHARS_MAX {
            return text;
        }
        let Some(least) = sentences.iter().map(|sentence| sentence.matters).min() else { return text };
        let Some(first) = sentences.iter().position(|sentence| sentence.matters == least) else { return text };
        if sentences.len() == 1 {
            return text.chars().take(TEXT_CHARS_MAX).collect();
        }
        sentences.remove(first);
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
