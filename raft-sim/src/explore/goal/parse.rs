//! Reading an expression: strictly, each error with its place.

use raft_core::ServerId;

use super::expression::{EACH_MAX, Expression, FIELDS, FOLDS, Field, Fold, Operator, Part, QUANTITIES, Which};
use crate::plain::{EXACT, Wrong, quoted};

/// The whole expression, and the server with the highest number that it names.
pub(super) fn parse(text: &str) -> Result<(Part, u32), Box<Wrong>> {
    let length = text.chars().count();
    if length > Expression::CHARS_MAX {
        let expected = format!("at most {}", Expression::CHARS_MAX);
        return Err(Wrong::new("goal", format!("{length} characters"), expected));
    }
    let mut parser = Parser { tokens: tokens(text), next: 0, depth: 0, each: Vec::new(), servers_named: 0 };
    let condition = parser.either()?.truth()?;
    if parser.here().what != What::End {
        return Err(parser.wrong("an operator such as and, or the end"));
    }
    Ok((condition, parser.servers_named))
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum What {
    Number,
    Word,
    Symbol,
    End,
}

/// A word, a number or a sign, and at which character it begins.
#[derive(Clone, Copy, Debug)]
struct Token<'a> {
    what: What,
    text: &'a str,
    at: usize,
}

/// The words, numbers and signs of a text, and its end. Signs without a meaning are among them: where they stand nothing is
/// expected that looks like them.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut rest, mut at) = (text, 1);
    while let Some(first) = rest.chars().next() {
        let upto = |is_in: &dyn Fn(char) -> bool| rest.find(|character| !is_in(character)).unwrap_or(rest.len());
        let (what, length) = match first {
            _ if first.is_whitespace() => (None, upto(&char::is_whitespace)),
            '0'..='9' => (Some(What::Number), upto(&|character| character.is_ascii_digit())),
            _ if first.is_ascii_alphabetic() || first == '_' => {
                (Some(What::Word), upto(&|character| character.is_ascii_alphanumeric() || character == '_'))
            }
            _ if ["!=", "<=", ">="].iter().any(|sign| rest.starts_with(sign)) => (Some(What::Symbol), 2),
            _ => (Some(What::Symbol), first.len_utf8()),
        };
        let (text, behind) = rest.split_at(length);
        tokens.extend(what.map(|what| Token { what, text, at }));
        at += text.chars().count();
        rest = behind;
    }
    tokens.push(Token { what: What::End, text: "", at });
    tokens
}

/// What was read of an expression: either true or false, or a number.
struct Read {
    part: Part,
    is_truth: bool,
    /// At which character it begins.
    at: usize,
}

impl Read {
    fn truth(self) -> Result<Part, Box<Wrong>> {
        if self.is_truth {
            return Ok(self.part);
        }
        Err(wrong_at("a number", self.at, "something that is true or false, such as leaders > 1"))
    }

    fn number(self) -> Result<Part, Box<Wrong>> {
        if !self.is_truth {
            return Ok(self.part);
        }
        Err(wrong_at("something that is true or false", self.at, "a number"))
    }
}

fn wrong_at(found: &str, at: usize, expected: impl Into<String>) -> Box<Wrong> {
    Wrong::new("goal", format!("{found} at character {at}"), expected)
}

/// A name, as long as it is not taken by anything else, that stands for each server in turn.
fn may_stand_for_each(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase()) && server_named(name).is_none()
}

/// The server that is named so: S1 and on.
fn server_named(name: &str) -> Option<ServerId> {
    let number = name.strip_prefix('S').filter(|number| !number.starts_with('0'))?;
    let digits = !number.is_empty() && number.len() <= 4 && number.bytes().all(|digit| digit.is_ascii_digit());
    if digits { number.parse().ok().map(ServerId) } else { None }
}

fn names<T>(named: &[(&str, T)]) -> String {
    named.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    next: usize,
    /// How many levels are open.
    depth: usize,
    /// The names that stand for each server in turn, the outermost first.
    each: Vec<&'a str>,
    servers_named: u32,
}

impl<'a> Parser<'a> {
    fn here(&self) -> Token<'a> {
        // The end is always there, and never gone past.
        self.tokens[self.next.min(self.tokens.len() - 1)]
    }

    fn take(&mut self) -> Token<'a> {
        let token = self.here();
        self.next += 1;
        token
    }

    /// Goes past a word or sign, if it stands here.
    fn takes(&mut self, text: &str) -> bool {
        let here = self.here();
        let is_it = here.what != What::End && here.text == text;
        self.next += usize::from(is_it);
        is_it
    }

    fn takes_one_of(&mut self, operators: &[(&str, Operator)]) -> Option<Operator> {
        operators.iter().find(|(text, _)| self.takes(text)).map(|&(_, operator)| operator)
    }

    fn expect(&mut self, text: &str) -> Result<(), Box<Wrong>> {
        if self.takes(text) { Ok(()) } else { Err(self.wrong(&quoted(text))) }
    }

    /// What stands here cannot stand here.
    fn wrong(&self, expected: &str) -> Box<Wrong> {
        let Token { what, text, at } = self.here();
        match what {
            What::End => wrong_at("cut off", at, expected),
            _ => wrong_at(&quoted(text), at, expected),
        }
    }

    /// One level deeper.
    fn within<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Box<Wrong>>) -> Result<T, Box<Wrong>> {
        if self.depth == Expression::DEPTH_MAX {
            let found = format!("nested {} deep", self.depth + 1);
            return Err(wrong_at(&found, self.here().at, format!("at most {}", Expression::DEPTH_MAX)));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn either(&mut self) -> Result<Read, Box<Wrong>> {
        self.truths("or", Operator::Or, Self::every)
    }

    fn every(&mut self) -> Result<Read, Box<Wrong>> {
        self.truths("and", Operator::And, Self::negation)
    }

    /// One or more that are true or false, with a word between them.
    fn truths(
        &mut self,
        word: &str,
        operator: Operator,
        one: impl Fn(&mut Self) -> Result<Read, Box<Wrong>>,
    ) -> Result<Read, Box<Wrong>> {
        let mut read = one(self)?;
        while self.takes(word) {
            let at = read.at;
            let left = Box::new(read.truth()?);
            let right = Box::new(one(self)?.truth()?);
            read = Read { part: Part::Both(operator, left, right), is_truth: true, at };
        }
        Ok(read)
    }

    fn negation(&mut self) -> Result<Read, Box<Wrong>> {
        let at = self.here().at;
        if !self.takes("not") {
            return self.comparison();
        }
        let part = self.within(Self::negation)?.truth()?;
        Ok(Read { part: Part::Not(Box::new(part)), is_truth: true, at })
    }

    fn comparison(&mut self) -> Result<Read, Box<Wrong>> {
        let left = self.sum()?;
        let equality = self.takes_one_of(&[("=", Operator::Equal), ("!=", Operator::Unequal)]);
        let order = [
            ("<=", Operator::LessOrEqual),
            (">=", Operator::MoreOrEqual),
            ("<", Operator::Less),
            (">", Operator::More),
        ];
        let Some(operator) = equality.or_else(|| self.takes_one_of(&order)) else { return Ok(left) };
        let right = self.sum()?;
        let at = left.at;
        let (left, right) = if equality.is_some() && left.is_truth {
            (left.truth()?, right.truth()?)
        } else {
            (left.number()?, right.number()?)
        };
        Ok(Read { part: Part::Both(operator, left.into(), right.into()), is_truth: true, at })
    }

    fn sum(&mut self) -> Result<Read, Box<Wrong>> {
        let mut read = self.single()?;
        while let Some(operator) = self.takes_one_of(&[("+", Operator::Plus), ("-", Operator::Minus)]) {
            let at = read.at;
            let left = Box::new(read.number()?);
            let right = Box::new(self.single()?.number()?);
            read = Read { part: Part::Both(operator, left, right), is_truth: false, at };
        }
        Ok(read)
    }

    fn single(&mut self) -> Result<Read, Box<Wrong>> {
        let Token { what, text, at } = self.here();
        let (part, is_truth) = match what {
            What::Number => {
                let number = text.parse().ok().filter(|&number: &u64| number <= EXACT);
                let Some(number) = number else { return Err(self.wrong("a number up to 2^53 - 1")) };
                self.next += 1;
                (Part::Number(number as i64), false)
            }
            What::Symbol if text == "(" => {
                self.next += 1;
                let Read { part, is_truth, .. } = self.within(Self::either)?;
                self.expect(")")?;
                (part, is_truth)
            }
            What::Word => self.word(text)?,
            _ => return Err(self.what_may_begin()),
        };
        Ok(Read { part, is_truth, at })
    }

    fn what_may_begin(&self) -> Box<Wrong> {
        let (quantities, folds) = (names(QUANTITIES), names(FOLDS));
        self.wrong(&format!("a number, a server such as S1, one of {quantities}, {folds}, not, or a parenthesis"))
    }

    fn word(&mut self, text: &'a str) -> Result<(Part, bool), Box<Wrong>> {
        if let Some(&(_, quantity)) = QUANTITIES.iter().find(|(name, _)| *name == text) {
            self.next += 1;
            return Ok((Part::Of(quantity), false));
        }
        if let Some(&(_, fold)) = FOLDS.iter().find(|(name, _)| *name == text) {
            self.next += 1;
            return self.fold(fold);
        }
        let which = match (server_named(text), self.each.iter().position(|name| *name == text)) {
            (Some(server), _) => {
                self.servers_named = self.servers_named.max(server.0);
                Which::This(server)
            }
            (None, Some(depth)) => Which::Each(depth),
            (None, None) => return Err(self.what_may_begin()),
        };
        self.next += 1;
        if !self.takes(".") {
            return Ok((Part::Server(which), false));
        }
        let field = FIELDS.iter().find(|(name, _)| *name == self.here().text);
        let Some(&(_, field)) = field else {
            return Err(self.wrong(&format!("one of {}", names(FIELDS))));
        };
        self.next += 1;
        Ok((Part::OfServer(which, field), Field::is_truth(field)))
    }

    /// What goes over all servers: `(S: ...)`.
    fn fold(&mut self, fold: Fold) -> Result<(Part, bool), Box<Wrong>> {
        self.expect("(")?;
        let name = self.here();
        if !may_stand_for_each(name.text) || self.each.contains(&name.text) {
            return Err(self.wrong("another name that begins with a capital letter, for each server, such as S"));
        }
        if self.each.len() == EACH_MAX {
            return Err(self.wrong(&format!("at most {EACH_MAX} that stand for each server at once")));
        }
        self.take();
        self.expect(":")?;
        let depth = self.each.len();
        self.each.push(name.text);
        let read = self.within(Self::either)?;
        let is_of_numbers = matches!(fold, Fold::Max | Fold::Min);
        let part = if is_of_numbers { read.number()? } else { read.truth()? };
        self.each.pop();
        self.expect(")")?;
        Ok((Part::Each(fold, depth, Box::new(part)), matches!(fold, Fold::Any | Fold::All)))
    }
}
