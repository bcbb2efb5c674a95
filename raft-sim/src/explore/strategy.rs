//! How a search chooses what happens next.

use raft_core::{Role, Server, ServerId};

use super::action::{Action, Kind, Sign};
use super::chance::Chance;
use super::field::Field;
use crate::network::{InFlight, at};
use crate::scenario::MILLION;

/// How the runs of an epoch choose their steps.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Strategy {
    /// Each run has weights of its own, never does some things, and cuts and mends links.
    Swarm,
    /// The ground's weights as they are.
    Weighted,
    /// Larger moves: a server is elected by some, a leader's entries go to some and their answers come back.
    Macro,
    /// Each link keeps its order, and the links come by priorities that change a few times in a run.
    Priorities,
    /// A run goes on from one that came to a state which none before had come to.
    Coverage,
}

impl Strategy {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Swarm, Self::Weighted, Self::Macro, Self::Priorities, Self::Coverage];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Swarm => "swarm",
            Self::Weighted => "weighted",
            Self::Macro => "macro",
            Self::Priorities => "priorities",
            Self::Coverage => "coverage",
        }
    }
}

/// Which of the messages on their way comes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Order {
    Any,
    /// Of two drawn ones the older.
    Older,
    /// Of two drawn ones the newer.
    Newer,
}

/// One run's way of choosing.
pub(crate) struct Chooser {
    strategy: Strategy,
    chance: Chance,
    weights: [u32; 14],
    order: Order,
    /// How often of a thousand steps a link is cut or mended.
    cuts_permille: u32,
    /// Links that carry nothing at present, by sender and receiver.
    cut: Vec<bool>,
    servers: usize,
    /// Of larger moves: what is still to be delivered, the last first.
    moves: Vec<Move>,
    /// Of links by priorities: theirs, and at which steps they change.
    priorities: Vec<u32>,
    changes: [u32; 3],
    /// Kept from step to step so that it need not grow each time.
    flying: Vec<u32>,
}

/// A part of a larger move.
#[derive(Clone, Debug)]
enum Move {
    Do(Action),
    /// The latest message of some kinds from one to another.
    Bring {
        from: ServerId,
        to: ServerId,
        election: bool,
    },
}

impl Chooser {
    pub(crate) fn new(strategy: Strategy, field: &Field, mut chance: Chance) -> Self {
        let servers = field.world().nodes.len();
        let mut weights = field.ground().weights.by_class();
        let (mut order, mut cuts_permille) = (Order::Any, 0);
        if matches!(strategy, Strategy::Swarm | Strategy::Coverage) {
            for weight in &mut weights {
                *weight = *weight * [3, 10, 30][chance.below(3)] / 10;
            }
            // A run in which nothing is lost, doubled or down goes further than one in which all of it is.
            for (class, permille) in [(DROP, 400), (CRASH, 400), (DUPLICATE, 500), (COMPACT, 300), (TRANSFER, 300)] {
                if chance.permille(permille) {
                    weights[class] = 0;
                }
            }
            order = [Order::Any, Order::Any, Order::Older, Order::Newer][chance.below(4)];
            cuts_permille = if chance.permille(500) { 30 } else { 0 };
        }
        let priorities = (0..servers * servers).map(|_| chance.next() as u32).collect();
        let most = field.ground().actions_max as usize;
        let changes = [0; 3].map(|_: u32| chance.below(most) as u32);
        let (cut, moves, flying) = (vec![false; servers * servers], Vec::new(), Vec::new());
        Self { strategy, chance, weights, order, cuts_permille, cut, servers, moves, priorities, changes, flying }
    }

    /// Takes a step. None when it turned out not to be possible, or nothing is.
    pub(crate) fn step(&mut self, field: &mut Field) -> Option<Action> {
        if self.cuts_permille > 0 && self.chance.permille(self.cuts_permille) {
            let link = self.chance.below(self.cut.len());
            self.cut[link] = !self.cut[link];
        }
        match self.strategy {
            Strategy::Macro => self.larger_step(field),
            Strategy::Priorities => self.step_by_priorities(field),
            Strategy::Swarm | Strategy::Weighted | Strategy::Coverage => self.weighted_step(field),
        }
    }

    fn weighted_step(&mut self, field: &mut Field) -> Option<Action> {
        self.look(field);
        let mut weights = self.weights;
        if self.flying.is_empty() {
            (weights[DELIVER], weights[DROP], weights[DUPLICATE]) = (0, 0, 0);
        }
        if self.flying.len() > FLYING_MAX {
            weights[DUPLICATE] = 0;
        }
        self.without_the_impossible(field, &mut weights);
        match self.chance.weighted(&weights)? {
            DELIVER => {
                let slot = self.pick_message(field)?;
                field.deliver(slot)
            }
            DROP => {
                let slot = self.pick_message(field)?;
                field.drop(slot)
            }
            DUPLICATE => {
                let slot = self.pick_message(field)?;
                field.duplicate(slot)
            }
            class => self.act(field, class),
        }
    }

    /// The messages that could arrive.
    fn look(&mut self, field: &Field) {
        self.flying.clear();
        let (cut, servers) = (&self.cut, self.servers);
        let goes = |guest: &InFlight| !cut[at(guest.message().from) * servers + at(guest.message().to)];
        self.flying
            .extend(field.world().network.slots_in_flight().filter(|(_, guest)| goes(guest)).map(|(slot, _)| slot));
    }

    fn pick_message(&mut self, field: &Field) -> Option<u32> {
        let one = *self.chance.one_of(&self.flying)?;
        if self.order == Order::Any {
            return Some(one);
        }
        let other = *self.chance.one_of(&self.flying)?;
        let id = |slot| field.world().network.get(slot).map(InFlight::id);
        let older_first = id(one) <= id(other);
        Some(if older_first == (self.order == Order::Older) { one } else { other })
    }

    /// Takes away what nobody could do, so that the draw is among what can be done.
    fn without_the_impossible(&self, field: &Field, weights: &mut [u32; 14]) {
        let (mut leaders, mut up, mut down) = (0, 0, 0);
        for node in field.world().servers() {
            match node.server() {
                Some(server) => {
                    up += 1;
                    leaders += u32::from(server.is_leader());
                }
                None => down += 1,
            }
        }
        if leaders == 0 {
            for class in [HEARTBEAT, PROPOSE, TRANSFER, MEMBERS] {
                weights[class] = 0;
            }
        }
        if down == 0 {
            weights[RESTART] = 0;
        }
        if field.written() >= WRITTEN_MAX {
            weights[PROPOSE] = 0;
        }
        if field.read() >= READ_MAX {
            weights[READ] = 0;
        }
        if up == 0 {
            for class in [CRASH, TIME_OUT, READ, COMPACT, CLOCK] {
                weights[class] = 0;
            }
        }
    }

    /// What is done to a server, of a class that is no message's.
    fn act(&mut self, field: &mut Field, class: usize) -> Option<Action> {
        let action = self.draw(field, class)?;
        field.perform(&action)
    }

    fn draw(&mut self, field: &Field, class: usize) -> Option<Action> {
        let some = |which: &dyn Fn(&Server) -> bool| -> Vec<ServerId> {
            let servers = field.world().servers().iter().filter_map(crate::node::Node::server);
            servers.filter(|server| which(server)).map(Server::id).collect()
        };
        let leaders = || some(&Server::is_leader);
        Some(match class {
            TIME_OUT => {
                let others = some(&|server| !server.is_leader());
                Action::TimeOut(*self.chance.one_of(&others)?)
            }
            HEARTBEAT => Action::Heartbeat(*self.chance.one_of(&leaders())?),
            PROPOSE => Action::Propose(*self.chance.one_of(&leaders())?),
            READ => {
                // Whoever leads, or believes to, is asked more often.
                let asked = if self.chance.permille(800) { leaders() } else { some(&|_| true) };
                Action::Read(*self.chance.one_of(&asked)?)
            }
            CRASH => Action::Crash(*self.chance.one_of(&some(&|_| true))?),
            RESTART => {
                let down = field.world().servers().iter().filter(|node| !node.is_up());
                Action::Restart(*self.chance.one_of(&down.map(crate::node::Node::id).collect::<Vec<_>>())?)
            }
            TRANSFER => {
                let leader = *self.chance.one_of(&leaders())?;
                let to = some(&|server| server.id() != leader);
                Action::Transfer { leader, to: *self.chance.one_of(&to)? }
            }
            COMPACT => {
                let can = some(&|server| server.last_applied() > server.log().base().index);
                Action::Compact(*self.chance.one_of(&can)?)
            }
            MEMBERS => {
                let leader = *self.chance.one_of(&leaders())?;
                self.other_members(field, leader)?
            }
            CLOCK => {
                let server = *self.chance.one_of(&some(&|_| true))?;
                // Each within half of the bound of the right time is within the bound of each other.
                let drift = field.world().options().clock_drift_ppm_max;
                let slow = (u64::from(MILLION) * u64::from(MILLION) / u64::from(MILLION + drift)) as u32 + 1;
                let rate_ppm = if self.chance.permille(700) { slow } else { MILLION };
                if field.world().servers()[at(server)].clock().rate_ppm() == rate_ppm {
                    return None;
                }
                Action::SetClock { server, rate_ppm }
            }
            WAIT => {
                let timeout = field.ground().timeout_us_min();
                let us = [timeout / 4, timeout / 2, timeout * 9 / 10, timeout, timeout * 3 / 2][self.chance.below(5)];
                Action::Wait { us }
            }
            _ => return None,
        })
    }

    /// Members that differ from those that a leader counts by one server, or sometimes by two.
    fn other_members(&mut self, field: &Field, leader: ServerId) -> Option<Action> {
        let configuration = field.world().servers()[at(leader)].server()?.configuration();
        let (mut voters, mut learners) = (configuration.voters().to_vec(), configuration.learners().to_vec());
        let all: Vec<ServerId> = field.ground().servers().collect();
        for _ in 0..if self.chance.permille(250) { 2 } else { 1 } {
            let which = *self.chance.one_of(&all)?;
            let votes = voters.contains(&which);
            voters.retain(|&voter| voter != which);
            learners.retain(|&learner| learner != which);
            if !votes {
                if self.chance.permille(200) { &mut learners } else { &mut voters }.push(which);
            }
        }
        voters.sort_unstable();
        learners.sort_unstable();
        let catch_up = self.chance.permille(200);
        (!voters.is_empty()).then_some(Action::SetMembers { leader, voters, learners, catch_up })
    }

    /// Larger moves, broken off now and then, with single steps between them.
    fn larger_step(&mut self, field: &mut Field) -> Option<Action> {
        while let Some(next) = self.moves.pop() {
            let done = match next {
                Move::Do(action) => field.perform(&action),
                Move::Bring { from, to, election } => {
                    let wanted = |kind: Kind| kind.is_of_election() == election;
                    let messages = field.world().network.slots_in_flight().filter(|(_, guest)| {
                        let message = guest.message();
                        (message.from, message.to) == (from, to) && wanted(Sign::of(message).kind)
                    });
                    let newest = messages.max_by_key(|(_, guest)| guest.id()).map(|(slot, _)| slot);
                    newest.and_then(|slot| field.deliver(slot))
                }
            };
            if done.is_some() {
                return done;
            }
        }
        if self.chance.permille(LATE_PERMILLE)
            && let Some(slot) = self.late(field)
        {
            return field.deliver(slot);
        }
        if self.chance.permille(SINGLE_PERMILLE) {
            return self.weighted_step(field);
        }
        // What happens to servers between larger moves, as often as the ground has it.
        let mut weights = self.weights;
        for class in [DELIVER, DROP, DUPLICATE, TIME_OUT, HEARTBEAT, PROPOSE] {
            weights[class] = 0;
        }
        self.without_the_impossible(field, &mut weights);
        if self.chance.permille((weights.iter().sum::<u32>() * 2).min(BETWEEN_PERMILLE_MAX)) {
            let class = self.chance.weighted(&weights);
            return class.and_then(|class| self.act(field, class));
        }
        self.plan_a_move(field);
        None
    }

    /// A message that larger moves have left behind: an answer of a term that its receiver has left, or just an older one.
    fn late(&mut self, field: &Field) -> Option<u32> {
        let of_the_past = |guest: &InFlight| {
            let message = guest.message();
            let node = &field.world().nodes[at(message.to)];
            // Whoever asks nothing any more takes no answer.
            let asks = |server: &Server| !matches!(server.role(), Role::Follower { .. });
            Sign::of(message).kind.is_reply()
                && node.server().is_some_and(|server| message.term < server.current_term() && asks(server))
        };
        let only_those = self.chance.permille(500);
        let flying = field.world().network.slots_in_flight().filter(|(_, guest)| !only_those || of_the_past(guest));
        let late: Vec<(u64, u32)> = flying.map(|(slot, guest)| (guest.id(), slot)).collect();
        let (one, other) = (self.chance.one_of(&late)?, self.chance.one_of(&late)?);
        Some(one.min(other).1)
    }

    fn plan_a_move(&mut self, field: &Field) {
        let up = field.world().servers().iter().filter_map(crate::node::Node::server);
        let (leaders, others): (Vec<_>, Vec<_>) = up.partition(|server| server.is_leader());
        let id = |server: &&Server| server.id();
        if let (Some(leader), Some(other)) = (self.chance.one_of(&leaders).map(id), self.chance.one_of(&others).map(id))
        {
            if self.chance.permille(LEFT_BEHIND_PERMILLE) {
                return self.leave_behind(field, leader, other);
            }
            if self.weights[TRANSFER] > 0 && self.chance.permille(TRANSFER_PERMILLE) {
                return self.hand_over(field, leader, other);
            }
        }
        let elect = leaders.is_empty() || self.chance.permille(300);
        let from = if elect { &others } else { &leaders };
        let Some(one) = self.chance.one_of(from).map(id) else { return };
        let often = [400, 600, 1_000][self.chance.below(3)];
        let asked = self.some_of(field, one, often);
        // Answers come back from some of those who were asked.
        let back = if self.chance.permille(550) { 1_000 } else { 500 };
        let chance = &mut self.chance;
        let answer: Vec<ServerId> = asked.iter().copied().filter(|_| chance.permille(back)).collect();
        // The last is done first.
        for _ in 0..if elect { elections(field) } else { 1 } {
            self.round(one, &asked, &answer, elect);
        }
        if elect {
            self.moves.push(Move::Do(Action::TimeOut(one)));
        } else if field.written() < WRITTEN_MAX && self.chance.permille(500) {
            self.moves.push(Move::Do(Action::Propose(one)));
        } else if self.chance.permille(700) {
            self.moves.push(Move::Do(Action::Heartbeat(one)));
        }
    }

    /// Others than this one, each as often of a thousand times.
    fn some_of(&mut self, field: &Field, one: ServerId, often: u32) -> Vec<ServerId> {
        field.ground().servers().filter(|&server| server != one && self.chance.permille(often)).collect()
    }

    /// One asks some, and some of them answer. The last is done first.
    fn round(&mut self, one: ServerId, asked: &[ServerId], answer: &[ServerId], election: bool) {
        self.moves.extend(answer.iter().map(|&from| Move::Bring { from, to: one, election }));
        self.moves.extend(asked.iter().map(|&to| Move::Bring { from: one, to, election }));
    }

    /// A leader hears nothing more: the others elect another, who commits something. Then somebody asks the one of before.
    fn leave_behind(&mut self, field: &Field, leader: ServerId, other: ServerId) {
        let mut asked = self.some_of(field, other, 850);
        asked.retain(|&server| server != leader);
        self.commit_behind_its_back(field, leader, other, &asked);
        for _ in 0..elections(field) {
            self.round(other, &asked, &asked, true);
        }
        self.moves.push(Move::Do(Action::TimeOut(other)));
        if self.weights[WAIT] > 0 {
            self.moves.push(Move::Do(Action::Wait { us: field.ground().timeout_us_min() }));
        }
    }

    /// A leader hands its leadership to another, whom some elect.
    fn hand_over(&mut self, field: &Field, leader: ServerId, to: ServerId) {
        let mut asked = self.some_of(field, to, 700);
        if self.chance.permille(500) {
            asked.retain(|&server| server != leader);
            self.commit_behind_its_back(field, leader, to, &asked);
        }
        self.round(to, &asked, &asked, true);
        self.moves.push(Move::Bring { from: leader, to, election: true });
        self.moves.push(Move::Do(Action::Transfer { leader, to }));
    }

    /// A new leader commits something with some, of which the one of before hears nothing; and that one is read from.
    fn commit_behind_its_back(&mut self, field: &Field, before: ServerId, leader: ServerId, asked: &[ServerId]) {
        if self.weights[READ] > 0 && field.read() < READ_MAX {
            self.moves.push(Move::Do(Action::Read(before)));
        }
        // The first round is the answer to the first guess where the logs agree.
        for _ in 0..2 {
            self.round(leader, asked, asked, false);
        }
        if field.written() < WRITTEN_MAX {
            self.moves.push(Move::Do(Action::Propose(leader)));
        }
    }

    /// The oldest message of the link with the highest priority, and single steps between.
    fn step_by_priorities(&mut self, field: &mut Field) -> Option<Action> {
        if self.changes.contains(&field.taken()) {
            let highest = (0..self.priorities.len()).max_by_key(|&link| self.priorities[link])?;
            self.priorities[highest] = (self.chance.next() as u32) >> 8;
        }
        if self.chance.permille(150) {
            return self.weighted_step(field);
        }
        let servers = self.servers;
        let priority = |guest: &InFlight| self.priorities[at(guest.message().from) * servers + at(guest.message().to)];
        let flying = field.world().network.slots_in_flight();
        let first = flying.max_by_key(|(_, guest)| (priority(guest), std::cmp::Reverse(guest.id())));
        match first.map(|(slot, _)| slot) {
            Some(slot) => field.deliver(slot),
            None => self.weighted_step(field),
        }
    }
}

const DELIVER: usize = 0;
const DROP: usize = 1;
const DUPLICATE: usize = 2;
const TIME_OUT: usize = 3;
const HEARTBEAT: usize = 4;
const PROPOSE: usize = 5;
const READ: usize = 6;
const CRASH: usize = 7;
const RESTART: usize = 8;
const TRANSFER: usize = 9;
const COMPACT: usize = 10;
const MEMBERS: usize = 11;
const CLOCK: usize = 12;
const WAIT: usize = 13;

/// How often of a thousand times a single step comes before the next larger move.
const SINGLE_PERMILLE: u32 = 120;

/// How often of a thousand times something happens to a server before the next larger move, at most.
const BETWEEN_PERMILLE_MAX: u32 = 300;

/// How often of a thousand times something late arrives before the next larger move.
const LATE_PERMILLE: u32 = 250;

/// How often of a thousand times a larger move leaves a leader behind, or lets it hand over.
const LEFT_BEHIND_PERMILLE: u32 = 120;
const TRANSFER_PERMILLE: u32 = 120;

/// How many rounds an election takes.
fn elections(field: &Field) -> usize {
    if field.world().options().pre_vote { 2 } else { 1 }
}

/// With more messages on their way, none is doubled.
const FLYING_MAX: usize = 100;

/// How much is written and read in a run at most: what is never answered stays open, and each open operation doubles the orders
/// in which the others can be explained.
const WRITTEN_MAX: u32 = 16;
const READ_MAX: u32 = 12;
