//! What a search looks for.

mod expression;
mod parse;
mod seen;

use std::fmt;
use std::str::FromStr;

use crate::checkers::Property;
use crate::plain::{Read, Tree, Wrong, quoted};
use crate::scenario::TITLE_CHARS_MAX;
use crate::world::World;

pub use expression::Expression;
use seen::Seen;

/// What a search looks for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Goal {
    /// A violation of any property.
    #[default]
    Violation,
    /// A violation of this property. A run that violates another one first has missed it.
    Violates(Property),
    /// A state in which this holds, whatever is violated or not.
    Reach(Expression),
}

/// A goal with a name, so that nobody has to find the words for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NamedGoal {
    /// By what it is asked for.
    pub name: &'static str,
    /// What a run that reaches it is called.
    pub title: &'static str,
    /// What holds then, as an expression.
    pub text: &'static str,
}

/// A goal on the watch during one run. What there was so far it knows only of where it has looked: it is to look at the
/// beginning, and after each step.
#[derive(Clone, Debug)]
pub struct Watch<'a> {
    goal: &'a Goal,
    seen: Seen,
}

impl Goal {
    /// Goals with names.
    pub const NAMED: &'static [NamedGoal] = &[
        NamedGoal { name: "two_leaders", title: "Two leaders at once", text: "leaders > 1" },
        NamedGoal { name: "split_vote_thrice", title: "A split vote, three times", text: "split_votes > 2" },
        NamedGoal { name: "overwritten_entry", title: "An entry is overwritten", text: "overwritten > 0" },
        NamedGoal {
            name: "leader_without_contact",
            title: "A leader that nobody follows any more",
            text: "any(L: L.leads and L.followers = 0 and L.commit_term = L.term and L.commit < committed)",
        },
        NamedGoal {
            name: "figure_8_c",
            title: "On a majority, and still not safe",
            text: "any(L: L.leads and L.held > committed and L.held_term < L.term and \
                   any(T: T.last_term > L.held_term and T.last_term < L.term and T.last <= L.held))",
        },
    ];

    /// The goal, from a run's beginning on.
    #[must_use]
    pub fn watch(&self) -> Watch<'_> {
        Watch { goal: self, seen: Seen::default() }
    }

    /// What a run that comes to it is called.
    pub(super) fn title(&self, property: Option<Property>) -> &str {
        match self {
            Self::Reach(expression) => {
                let named = Self::NAMED.iter().find(|named| named.name == expression.text());
                let title = named.map_or(expression.text(), |named| named.title);
                if title.chars().count() <= TITLE_CHARS_MAX { title } else { "Reached" }
            }
            _ => property.map_or("Reached", Property::name),
        }
    }

    /// Which property a run violates for this goal: where states are looked for, none.
    pub(super) fn property(&self, world: &World) -> Option<Property> {
        match self {
            Self::Reach(_) => None,
            _ => world.violation.as_ref().map(|violation| violation.property),
        }
    }
}

impl Watch<'_> {
    /// Whether the goal is reached by now.
    pub fn reached(&mut self, world: &World) -> bool {
        match self.goal {
            Goal::Violation => world.violation.is_some(),
            Goal::Violates(property) => {
                world.violation.as_ref().is_some_and(|violation| violation.property == *property)
            }
            Goal::Reach(expression) => {
                self.seen.look(world);
                expression.holds(world, &self.seen)
            }
        }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Violation => "violation",
            Self::Violates(property) => property.name(),
            Self::Reach(expression) => expression.text(),
        })
    }
}

impl FromStr for Goal {
    type Err = Box<Wrong>;

    /// `violation`, a property's name, a goal's name, or an expression.
    fn from_str(text: &str) -> Result<Self, Box<Wrong>> {
        let text = text.trim();
        if text == "violation" {
            return Ok(Self::Violation);
        }
        if let Some(&property) = Property::ALL.iter().find(|property| property.name() == text) {
            return Ok(Self::Violates(property));
        }
        if let Some(named) = Self::NAMED.iter().find(|named| named.name == text) {
            return Ok(Self::Reach(Expression::parse(named.text)?.named(named.name)));
        }
        match Expression::parse(text) {
            Ok(expression) => Ok(Self::Reach(expression)),
            // Not even its first word is known: who wrote it may have meant a name.
            Err(wrong)
                if text.is_empty() || (wrong.found.starts_with('"') && wrong.found.ends_with("at character 1")) =>
            {
                let names: Vec<&str> = Self::NAMED.iter().map(|named| named.name).collect();
                let expected = format!(
                    "violation, a property's name such as {}, one of {}, or an expression such as leaders > 1",
                    Property::LeaderCompleteness,
                    names.join(", ")
                );
                Err(Wrong::new("goal", quoted(text), expected))
            }
            Err(wrong) => Err(wrong),
        }
    }
}

impl Read for Goal {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let Tree::Text(text) = &found else { return Err(Wrong::unlike(&found, "a text such as leaders > 1")) };
        text.parse().map_err(|wrong: Box<Wrong>| Wrong::new("", wrong.found, wrong.expected))
    }
}
