//! What holds in a state: a small language over what servers are and what there was so far (docs/goals.md).

use raft_core::{EntryId, Index, Log, Role, Server, ServerId};

use super::parse;
use super::seen::Seen;
use crate::network::at;
use crate::node::Node;
use crate::plain::Wrong;
use crate::world::World;

/// Something that holds in a state of a run or does not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expression {
    text: String,
    condition: Part,
    servers_named: u32,
}

/// A part of an expression, made to be evaluated: all that could be wrong with it was found when it was read. True is 1,
/// and false 0.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Part {
    Number(i64),
    Of(Quantity),
    Server(Which),
    OfServer(Which, Field),
    /// Of all servers together, each in turn being the one at this depth.
    Each(Fold, usize, Box<Self>),
    Not(Box<Self>),
    Both(Operator, Box<Self>, Box<Self>),
}

/// Which server is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Which {
    This(ServerId),
    /// The one that stands for each in turn, by depth.
    Each(usize),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fold {
    Any,
    All,
    Count,
    Max,
    Min,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
    Plus,
    Minus,
}

/// A number of the whole run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Quantity {
    Servers,
    Leaders,
    Candidates,
    Crashed,
    Term,
    Committed,
    Elections,
    SplitVotes,
    Overwritten,
    Crashes,
}

/// Something of one server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Field {
    Up,
    Leads,
    Candidate,
    Follower,
    Term,
    Vote,
    Leader,
    Votes,
    Followers,
    Commit,
    CommitTerm,
    Last,
    LastTerm,
    Held,
    HeldTerm,
    Snapshot,
}

/// Quantities by their names.
pub(super) const QUANTITIES: &[(&str, Quantity)] = &[
    ("servers", Quantity::Servers),
    ("leaders", Quantity::Leaders),
    ("candidates", Quantity::Candidates),
    ("crashed", Quantity::Crashed),
    ("term", Quantity::Term),
    ("committed", Quantity::Committed),
    ("elections", Quantity::Elections),
    ("split_votes", Quantity::SplitVotes),
    ("overwritten", Quantity::Overwritten),
    ("crashes", Quantity::Crashes),
];

/// What there is of a server, by its name.
pub(super) const FIELDS: &[(&str, Field)] = &[
    ("up", Field::Up),
    ("leads", Field::Leads),
    ("candidate", Field::Candidate),
    ("follower", Field::Follower),
    ("term", Field::Term),
    ("vote", Field::Vote),
    ("leader", Field::Leader),
    ("votes", Field::Votes),
    ("followers", Field::Followers),
    ("commit", Field::Commit),
    ("commit_term", Field::CommitTerm),
    ("last", Field::Last),
    ("last_term", Field::LastTerm),
    ("held", Field::Held),
    ("held_term", Field::HeldTerm),
    ("snapshot", Field::Snapshot),
];

/// What goes over all servers, by its name.
pub(super) const FOLDS: &[(&str, Fold)] =
    &[("any", Fold::Any), ("all", Fold::All), ("count", Fold::Count), ("max", Fold::Max), ("min", Fold::Min)];

/// How many servers may stand for each in turn at once.
pub(super) const EACH_MAX: usize = 3;

impl Field {
    /// Whether it is true or false; a number otherwise.
    pub(super) const fn is_truth(self) -> bool {
        matches!(self, Self::Up | Self::Leads | Self::Candidate | Self::Follower)
    }
}

impl Expression {
    /// The most characters of an expression.
    pub const CHARS_MAX: usize = 500;
    /// How many levels of parentheses, `not` and what goes over all servers there are at most.
    pub const DEPTH_MAX: usize = 32;

    /// Reads an expression.
    ///
    /// # Errors
    /// Says at which character something stands that cannot be there, and what is expected there.
    pub fn parse(text: &str) -> Result<Self, Box<Wrong>> {
        let (condition, servers_named) = parse::parse(text)?;
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Self { text, condition, servers_named })
    }

    /// The same, known by a name.
    pub(super) fn named(self, name: &str) -> Self {
        Self { text: name.to_owned(), ..self }
    }

    /// As it was written, or by its name.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The server with the highest number that it names; 0 if it names none.
    #[must_use]
    pub const fn servers_named(&self) -> u32 {
        self.servers_named
    }

    pub(super) fn holds(&self, world: &World, seen: &Seen) -> bool {
        self.condition.value(&Scene { world, seen }, [ServerId(0); EACH_MAX]) != 0
    }
}

/// What an expression is about.
struct Scene<'a> {
    world: &'a World,
    seen: &'a Seen,
}

impl Part {
    fn value(&self, scene: &Scene<'_>, each: [ServerId; EACH_MAX]) -> i64 {
        let server = |which: Which| match which {
            Which::This(server) => server,
            Which::Each(depth) => each[depth],
        };
        match self {
            &Self::Number(number) => number,
            &Self::Of(quantity) => scene.quantity(quantity),
            &Self::Server(which) => server(which).0.into(),
            &Self::OfServer(which, field) => scene.of_server(server(which), field),
            &Self::Each(fold, depth, ref part) => {
                let of_each = scene.world.nodes.iter().map(|node| {
                    let mut each = each;
                    each[depth] = node.id();
                    part.value(scene, each)
                });
                fold.of(of_each)
            }
            Self::Not(part) => i64::from(part.value(scene, each) == 0),
            Self::Both(Operator::Or, left, right) => {
                i64::from(left.value(scene, each) != 0 || right.value(scene, each) != 0)
            }
            Self::Both(Operator::And, left, right) => {
                i64::from(left.value(scene, each) != 0 && right.value(scene, each) != 0)
            }
            Self::Both(operator, left, right) => operator.of(left.value(scene, each), right.value(scene, each)),
        }
    }
}

impl Fold {
    fn of(self, mut values: impl Iterator<Item = i64>) -> i64 {
        match self {
            Self::Any => i64::from(values.any(|value| value != 0)),
            Self::All => i64::from(values.all(|value| value != 0)),
            Self::Count => values.filter(|&value| value != 0).count() as i64,
            Self::Max => values.max().unwrap_or_default(),
            Self::Min => values.min().unwrap_or_default(),
        }
    }
}

impl Operator {
    const fn of(self, left: i64, right: i64) -> i64 {
        (match self {
            Self::Plus => return left.saturating_add(right),
            Self::Minus => return left.saturating_sub(right),
            Self::Or => left != 0 || right != 0,
            Self::And => left != 0 && right != 0,
            Self::Equal => left == right,
            Self::Unequal => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::More => left > right,
            Self::MoreOrEqual => left >= right,
        }) as i64
    }
}

/// A server's log; of a crashed one what is on its disk.
fn log_of(node: &Node) -> &Log {
    node.server().map_or(&node.durable().log, Server::log)
}

/// Up to where two logs have the same entries, which their terms tell (P§5.3). What a snapshot stands for is committed, and the
/// same.
fn agree_up_to(one: &Log, other: &Log) -> Index {
    let from = one.base().index.max(other.base().index);
    let mut upto = one.last_index().min(other.last_index());
    while upto > from && one.term_at(upto) != other.term_at(upto) {
        upto = upto.previous();
    }
    upto
}

const fn number(number: u64) -> i64 {
    number as i64
}

impl Scene<'_> {
    fn running(&self) -> impl Iterator<Item = &Server> {
        self.world.nodes.iter().filter_map(Node::server)
    }

    fn quantity(&self, quantity: Quantity) -> i64 {
        match quantity {
            Quantity::Servers => self.world.nodes.len() as i64,
            Quantity::Leaders => self.running().filter(|server| server.is_leader()).count() as i64,
            Quantity::Candidates => self.running().filter(|server| is_candidate(server)).count() as i64,
            Quantity::Crashed => self.world.nodes.iter().filter(|node| !node.is_up()).count() as i64,
            Quantity::Term => {
                let terms = self.world.nodes.iter().map(|node| self.of_node(node, Field::Term));
                terms.max().unwrap_or_default()
            }
            Quantity::Committed => number(self.world.committed().0),
            Quantity::Elections => self.seen.elections(),
            Quantity::SplitVotes => self.seen.split_votes(self.world),
            Quantity::Overwritten => self.seen.overwritten(),
            Quantity::Crashes => self.seen.crashes(),
        }
    }

    /// What there is of a server; nothing of one that is not there.
    fn of_server(&self, server: ServerId, field: Field) -> i64 {
        self.world.nodes.get(at(server)).map_or(0, |node| self.of_node(node, field))
    }

    fn of_node(&self, node: &Node, field: Field) -> i64 {
        let server = node.server();
        let is = |which: &dyn Fn(&Server) -> bool| i64::from(server.is_some_and(which));
        let of = |what: &dyn Fn(&Server) -> u64| server.map_or(0, |server| number(what(server)));
        let id = |which: Option<ServerId>| which.map_or(0, |which| u64::from(which.0));
        match field {
            Field::Up => i64::from(node.is_up()),
            Field::Leads => is(&Server::is_leader),
            Field::Candidate => is(&is_candidate),
            Field::Follower => is(&|server| matches!(server.role(), Role::Follower { .. })),
            Field::Term => number(server.map_or(node.durable().current_term, Server::current_term).0),
            Field::Vote => number(id(server.map_or(node.durable().voted_for, Server::voted_for))),
            Field::Leader => of(&|server| id(server.leader())),
            Field::Votes => of(&|server| if is_candidate(server) { server.votes().granted.len() as u64 } else { 0 }),
            Field::Followers => of(&|server| self.followers(server)),
            Field::Commit => of(&|server| server.commit_index().0),
            Field::CommitTerm => of(&|server| server.log().term_at(server.commit_index()).unwrap_or_default().0),
            Field::Last => number(log_of(node).last_index().0),
            Field::LastTerm => number(log_of(node).last().term.0),
            Field::Held => of(&|server| self.held(server).index.0),
            Field::HeldTerm => of(&|server| self.held(server).term.0),
            Field::Snapshot => number(log_of(node).base().index.0),
        }
    }

    /// How many others take it for the leader of its term.
    fn followers(&self, leader: &Server) -> u64 {
        let follows = |server: &&Server| {
            server.id() != leader.id()
                && server.current_term() == leader.current_term()
                && server.leader() == Some(leader.id())
        };
        if leader.is_leader() { self.running().filter(follows).count() as u64 } else { 0 }
    }

    /// The last entry of its log that a quorum of its members has in theirs.
    fn held(&self, server: &Server) -> EntryId {
        let log = server.log();
        let reached = |of: ServerId| self.world.nodes.get(at(of)).map_or(0, |node| agree_up_to(log, log_of(node)).0);
        let index = Index(server.configuration().reached_by_quorum(reached));
        EntryId { index, term: log.term_at(index).unwrap_or_default() }
    }
}

const fn is_candidate(server: &Server) -> bool {
    matches!(server.role(), Role::Candidate { .. })
}
