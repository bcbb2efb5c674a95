//! The world: what is due next happens, and what servers ask for is carried out.

use std::collections::BinaryHeap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use raft_core::random::draw_between;
use raft_core::{
    Body, Configuration, Durable, Effect, Effects, Entries, EntryId, Index, Input as CoreInput, InvalidStart, Message,
    Payload, ReadId, Rejected, Save, SaveNumber, Server, ServerId, Snapshot, Term, Time,
};

use crate::backlog::Work;
use crate::cause::Links;
use crate::checkers::{Check, Checkers, Known, Violation};
use crate::client::{Answer, Awaited, ClientMessage, Clients, DIRECT, PERSON};
use crate::client_history::ClientHistory;
use crate::fingerprint::Fingerprint;
use crate::happening::{Happening, Journal, Label, Loss};
use crate::input::TimedInput;
use crate::network::{Ended, Fate, InFlight, Network, at};
use crate::node::Node;
use crate::purpose;
use crate::queue::{Due, Queue};
use crate::requests::PendingRead;
use crate::scenario::{Scenario, ScenarioError, WorldOptions};
use crate::short_map::ShortMap;
use crate::stage::Stage;
use crate::started::{Started, seed_of_life};
use crate::store::Store;

/// A run being lived.
///
/// A clone is a checkpoint: it lives on exactly as the original does, and costs little. The records of what was before stay
/// with the original.
#[derive(Clone, Debug)]
pub struct World {
    pub(crate) seed: u64,
    pub(crate) options: Arc<WorldOptions>,
    /// The scenario without its inputs.
    first: Arc<Scenario>,
    /// Who counts where logs begin.
    configuration: Configuration,
    /// The scenario's inputs in order, and how many of them have had their time.
    pub(crate) planned: Arc<Vec<TimedInput>>,
    pub(crate) planned_done: usize,
    /// All inputs that were applied, planned or not, each with its exact place.
    pub(crate) applied: Arc<Vec<TimedInput>>,

    pub(crate) now: Time,
    /// How many events have happened at this very microsecond.
    pub(crate) events_at_now: u32,
    pub(crate) events: u64,
    pub(crate) queue: Queue,
    pub(crate) nodes: Vec<Node>,
    pub(crate) network: Network,
    pub(crate) stage: Stage,
    pub(crate) clients: Clients,
    /// Reads that servers were asked for, and how many there ever were.
    pub(crate) reads: ShortMap<ReadId, PendingRead>,
    pub(crate) reads_asked: u64,
    /// The furthest index that any client was answered about.
    pub(crate) answered: Index,
    pub(crate) checkers: Checkers,
    /// What its servers do that they must not.
    #[cfg(test)]
    pub(crate) breach: Option<crate::explore::breaches::Breach>,
    /// What clients were answered, and whether it can be explained.
    pub(crate) history: ClientHistory,
    pub(crate) violation: Option<Violation>,
    pub(crate) leader_changes: u64,
    pub(crate) commits: u64,

    pub(crate) journal: Journal,
    pub(crate) ended: Ended,
    /// Kept from step to step so that it need not grow each time; empty between them.
    effects: Effects,
    #[cfg(feature = "trace")]
    pub(crate) trace: crate::trace::Tracer,
}

/// What a server was before a step.
#[derive(Clone, Copy)]
struct Before {
    term: Term,
    leads: bool,
    commit_index: Index,
    /// What it knows of the follower whose message it is handed, if it leads.
    of_follower: Option<Known>,
}

impl Before {
    fn of(server: &Server, input: &CoreInput, checked: bool) -> Self {
        let of_follower = match input {
            CoreInput::Receive(message) if checked => Known::of(server, message.from),
            _ => None,
        };
        let (term, leads, commit_index) = (server.current_term(), server.is_leader(), server.commit_index());
        Self { term, leads, commit_index, of_follower }
    }
}

/// How far an advance came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Advanced {
    /// How many steps that was: as many calls of [`World::step_event`] come to the same place.
    pub steps: u64,
    /// Whether the whole span has passed. Otherwise the world stands at its latest event.
    pub reached: bool,
    /// Whether a property is violated; nothing happens any more then.
    pub violation: bool,
}

/// The latest moment: beyond it numbers would not be exact in JSON.
const LAST_MOMENT: Time = Time::LIMIT;

impl World {
    /// The world at the beginning of a scenario.
    ///
    /// # Errors
    /// Names the first field of the scenario that is not as expected.
    pub fn new(scenario: Scenario) -> Result<Self, ScenarioError> {
        Self::living(
            scenario,
            #[cfg(feature = "trace")]
            crate::trace::Tracer::default(),
        )
    }

    pub(crate) fn living(
        scenario: Scenario,
        #[cfg(feature = "trace")] trace: crate::trace::Tracer,
    ) -> Result<Self, ScenarioError> {
        scenario.check_fields()?;
        let Started { configuration, nodes, checkers, messages } = Started::at_the_beginning_of(&scenario)?;
        let mut first = scenario;
        let inputs = std::mem::take(&mut first.inputs);
        let (seed, servers, options) = (first.seed, first.servers, first.options.clone());
        let mut world = Self {
            seed,
            nodes,
            planned: Arc::new(in_order(&inputs)),
            planned_done: 0,
            applied: Arc::default(),
            now: Time::ZERO,
            events_at_now: 0,
            events: 0,
            queue: Queue::default(),
            network: Network::new(seed, servers, &options),
            stage: Stage::with_servers(servers),
            reads: ShortMap::default(),
            reads_asked: 0,
            answered: Index::ZERO,
            clients: Clients::new(servers, options.clients, options.client_retries),
            checkers,
            history: ClientHistory::default(),
            violation: None,
            #[cfg(test)]
            breach: None,
            leader_changes: 0,
            commits: 0,
            journal: Journal::new(),
            ended: Ended::default(),
            effects: Effects::observed(),
            #[cfg(feature = "trace")]
            trace,
            options: options.into(),
            configuration,
            first: first.into(),
        };
        world.checkers.without_rules(&world.options.rules_off);
        if world.first.initial.is_some() {
            let in_logs = world.nodes.iter().flat_map(|node| node.durable().log.iter_from(Index::ZERO));
            let on_the_way = messages.iter().flat_map(|(message, _)| match &message.body {
                Body::AppendEntries { prev_log_index, entries, .. } => entries_behind(*prev_log_index, entries),
                _ => Vec::new(),
            });
            world.history.begin_in_the_middle(in_logs.chain(on_the_way));
        }
        for (message, arrives_at) in messages {
            world.network.put(message, arrives_at, &mut world.queue, &mut world.journal);
        }
        for server in 0..world.nodes.len() {
            world.schedule_wake_up(server);
        }
        for background in 0..world.options.clients {
            let client = PERSON + 1 + background;
            let pause = world.options.client_pause_us;
            let begins = Time(draw_between(0, pause, &[seed, purpose::CLIENT_BEGINS, client.into()]));
            world.queue.schedule(begins, Due::ClientWrites { client });
        }
        world.apply_planned();
        Ok(world)
    }

    /// Lets a span of virtual time pass, but takes at most so many steps. Stops at a violation.
    pub fn advance(&mut self, duration_us: u64, max_steps: u64) -> Advanced {
        let until = self.now.plus(duration_us).min(LAST_MOMENT);
        let mut steps = 0;
        let mut reached = false;
        while self.violation.is_none() {
            if steps == max_steps && self.next_moment().is_some_and(|next| next <= until) {
                break;
            }
            if !self.happen_next(until) {
                self.pass_to(until);
                reached = true;
                break;
            }
            steps += 1;
        }
        Advanced { steps, reached, violation: self.violation.is_some() }
    }

    /// Lets the very next thing happen: an event, or inputs of the scenario whose time comes before it. False when
    /// nothing is left to happen, or a property is violated.
    pub fn step_event(&mut self) -> bool {
        self.violation.is_none() && self.happen_next(LAST_MOMENT)
    }

    /// When something happens next, of what is known by now.
    #[must_use]
    pub fn next_event_at(&self) -> Option<Time> {
        if self.violation.is_some() { None } else { self.next_moment() }
    }

    /// The scenario that is being lived, with every input that was applied, each at its exact place, and those whose
    /// time is still to come. A new world made of it comes to the same state.
    #[must_use]
    pub fn scenario(&self) -> Scenario {
        let to_come = &self.planned[self.planned_done..];
        Scenario { inputs: self.applied.iter().chain(to_come).cloned().collect(), ..Scenario::clone(&self.first) }
    }

    /// How many inputs the scenario holds by now.
    pub(crate) fn inputs(&self) -> usize {
        self.applied.len() + self.planned.len() - self.planned_done
    }

    /// Whether what happens is recorded, as it is at first. It makes no difference to the run, and without it the run
    /// is faster.
    pub fn observe(&mut self, observed: bool) {
        self.journal.observe(observed);
        self.effects = if observed { Effects::observed() } else { Effects::new() };
        self.ended.clear();
    }

    /// Lets this run go on without the checkers: to measure what they cost, or where nobody asks for what they find. They cannot
    /// be switched on again, as they would have missed what was meanwhile.
    pub const fn without_checkers(&mut self) {
        self.checkers.switch_off();
    }

    /// 64 bits that stand for the whole state: two worlds with the same fingerprint at the same place live on alike.
    /// Records, and the scenario's inputs that are still to come, are no part of it.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = Fingerprint::new();
        (self.seed, &*self.options, &self.configuration, self.now, self.events_at_now, self.events).hash(&mut hasher);
        (&self.queue, &self.nodes, &self.network, &self.stage, &self.clients).hash(&mut hasher);
        (&self.reads, self.reads_asked, self.answered, self.history.counts()).hash(&mut hasher);
        (&self.violation, self.leader_changes, self.commits, self.checkers.committed()).hash(&mut hasher);
        hasher.finish()
    }

    fn next_moment(&self) -> Option<Time> {
        let event = self.queue.next().map(|(at, _)| at);
        event.into_iter().chain(self.next_planned_at()).min()
    }

    pub(crate) fn next_planned_at(&self) -> Option<Time> {
        self.planned.get(self.planned_done).map(|timed| Time(timed.at_us))
    }

    /// Lets the next event happen, or the inputs of the next moment that has some, unless that is after `until`.
    fn happen_next(&mut self, until: Time) -> bool {
        let due_at = self.queue.next().map(|(at, _)| at);
        if let Some(planned) = self.next_planned_at()
            && planned > self.now
            && planned <= until
            && due_at.is_none_or(|due_at| planned <= due_at)
        {
            self.pass_to(planned);
            let done = self.planned_done;
            self.apply_planned();
            if self.planned_done > done {
                return true;
            }
        }
        if due_at.is_none_or(|due_at| due_at > until) {
            return false;
        }
        let Some((due_at, due)) = self.queue.take_next() else { return false };
        self.pass_to(due_at);
        self.events += 1;
        self.events_at_now = self.events_at_now.saturating_add(1);
        self.come_due(due);
        self.forget_what_is_void();
        if self.planned_done < self.planned.len() {
            self.apply_planned();
        }
        true
    }

    pub(crate) fn pass_to(&mut self, moment: Time) {
        if moment > self.now {
            self.now = moment;
            self.events_at_now = 0;
            self.ended.forget_what_is_gone(moment);
        }
    }

    /// Applies the scenario's inputs whose place this is.
    pub(crate) fn apply_planned(&mut self) {
        while self.violation.is_none()
            && let Some(timed) = self.planned.get(self.planned_done)
            && Time(timed.at_us) <= self.now
            && (timed.after_events <= self.events_at_now || self.queue.next().is_none_or(|(at, _)| at > self.now))
        {
            let input = timed.input.clone();
            self.planned_done += 1;
            if let Err(refused) = self.act(&input) {
                self.journal.note(self.now, || Happening::InputRefused { input, why: refused.to_string() });
            }
        }
    }

    /// Drops from the head of the queue what nobody waits for any more, and puts off what was scheduled too early: what
    /// stands there is then the next event.
    pub(crate) fn forget_what_is_void(&mut self) {
        while let Some((due_at, due)) = self.queue.next() {
            let is_due = match due {
                Due::WakeUp { server, generation } => {
                    let node = &mut self.nodes[server as usize];
                    match node.server.as_ref().map(|server| node.clock.shows_at(server.next_wake_up())) {
                        Some(wanted) if generation == node.wake_up.generation && wanted > due_at => {
                            node.wake_up.at = Some(wanted);
                            self.queue.schedule(wanted, due);
                            false
                        }
                        wanted => wanted.is_some() && generation == node.wake_up.generation,
                    }
                }
                Due::MessageEnds { slot, generation } => self.network.is_current(slot, generation),
                Due::SaveDone { server, incarnation } => {
                    let node = &self.nodes[server as usize];
                    node.is_up() && node.incarnation == incarnation
                }
                Due::Turn { server, turn } => self.nodes[server as usize].pace.turn == turn,
                Due::LinkTurns { from, to, generation } => self.network.flaps(from, to, generation),
                Due::ClientGivesUp { client } => match self.clients.waits_until(client) {
                    Some(until) if until > due_at => {
                        self.queue.schedule(until, due);
                        false
                    }
                    None => {
                        self.clients.called(client);
                        false
                    }
                    Some(_) => true,
                },
                Due::ClientMessage { .. } | Due::ClientWrites { .. } => true,
            };
            if is_due {
                break;
            }
            self.queue.take_next();
        }
    }

    fn come_due(&mut self, due: Due) {
        match due {
            Due::WakeUp { server, .. } => {
                let node = server as usize;
                self.nodes[node].wake_up.at = None;
                if self.is_held_up(node) {
                    self.nodes[node].wake_up.waits = true;
                    self.put_off(node, Work::WakeUp);
                } else {
                    self.wake_up(node);
                }
            }
            Due::Turn { server, .. } => self.take_turn(server as usize),
            Due::MessageEnds { slot, .. } => self.message_at_its_end(slot),
            Due::SaveDone { server, .. } => self.save_done(server as usize),
            Due::LinkTurns { from, to, .. } => {
                self.journal.link(|links| links.begin(0));
                self.link_turns(from as usize, to as usize);
            }
            Due::ClientMessage { number } => {
                if let Some(message) = self.clients.take(number) {
                    self.client_message_arrives(number, message);
                }
            }
            Due::ClientGivesUp { client } => {
                self.journal.link(|links| links.client_waited(client));
                self.clients.called(client);
                let outcome = self.clients.give_up(self.now, client);
                self.client_goes_on(client, outcome);
            }
            Due::ClientWrites { client } => {
                self.journal.link(|links| links.client_waited(client));
                self.client_wishes(client);
            }
        }
    }

    /// A message to or from a client is at the end of its way.
    fn client_message_arrives(&mut self, number: u64, message: ClientMessage) {
        match message {
            ClientMessage::Request { server, .. } if self.is_held_up(at(server)) && self.nodes[at(server)].is_up() => {
                self.put_off(at(server), Work::Request(number, message));
            }
            message => self.hear_client(number, message),
        }
    }

    /// A server is handed a client's request, or a client its answer.
    pub(crate) fn hear_client(&mut self, number: u64, message: ClientMessage) {
        self.journal.link(|links| links.client_message_arrives(number));
        match message {
            ClientMessage::Request { client, server, asked, wish, answered } => {
                self.request_arrives(client, server, asked, &wish, answered);
            }
            ClientMessage::Answer { client, server, asked, answer } => {
                self.answer_arrives(client, server, asked, answer);
            }
        }
    }

    /// Hands a server something, and carries out what it asks for in return. `herald` is recorded before what the server
    /// decides, unless it refuses.
    pub(crate) fn hand(
        &mut self,
        node: usize,
        input: CoreInput,
        herald: Option<Happening>,
    ) -> Result<Option<EntryId>, Rejected> {
        let answer = self.hand_once(node, input, herald);
        if answer.is_ok() {
            self.compact_if_due(node);
        }
        answer
    }

    fn hand_once(
        &mut self,
        node: usize,
        input: CoreInput,
        herald: Option<Happening>,
    ) -> Result<Option<EntryId>, Rejected> {
        let Node { server: Some(server), clock, .. } = &mut self.nodes[node] else { return Ok(None) };
        // A trace tells it, too.
        let checked = self.checkers.are_on() || cfg!(feature = "trace");
        let before = Before::of(server, &input, checked);
        let mut effects = std::mem::take(&mut self.effects);
        let answer = server.step(clock.shows(self.now), input, &mut effects);
        if answer.is_ok() {
            if let Some(herald) = herald {
                self.journal.note(self.now, || herald);
            }
            self.after_step(node, before, &mut effects);
        }
        self.effects = effects;
        answer
    }

    /// Lets a server take a snapshot that has applied enough entries since its last one.
    fn compact_if_due(&mut self, node: usize) {
        let every = self.options.snapshot_every;
        let is_due = |server: &Server| every > 0 && server.last_applied().since(server.log().base().index) >= every;
        if self.violation.is_none()
            && self.nodes[node].server().is_some_and(is_due)
            && let Some(compact) = self.nodes[node].compact()
        {
            // A server that refuses is asked again after its next step.
            let _ = self.hand_once(node, compact, None);
        }
    }

    fn after_step(&mut self, node: usize, before: Before, effects: &mut Effects) {
        let Some(server) = &self.nodes[node].server else { return };
        let (leads, same_term) = (server.is_leader(), server.current_term() == before.term);
        self.leader_changes += u64::from(before.leads != leads || (leads && !same_term));
        self.commits += u64::from(server.commit_index() > before.commit_index);
        #[cfg(feature = "trace")]
        {
            let Before { term, leads, commit_index: commit, of_follower } = before;
            let of_follower = of_follower.map(|known| (known.follower, known.matched));
            let was = crate::trace::Was { term, leads, commit, of_follower };
            self.trace.stepped(self.now, server, was, effects.as_slice());
        }
        let mut check = self.checkers.after_step(self.now, &self.nodes, server, before.of_follower, effects.as_slice());
        for effect in effects.drain() {
            #[cfg(test)]
            let effect = match (self.breach, self.nodes[node].server()) {
                (Some(breach), Some(server)) => breach.of(server, effect),
                _ => effect,
            };
            match effect {
                Effect::Save(save) => self.begin_save(node, save),
                Effect::Send { message, after: Some(save) } => {
                    self.journal.link(|links| links.holds(message.from));
                    self.nodes[node].held.push_back((save, message));
                }
                Effect::Send { message, after: None } => check = check.and(self.send(node, message)),
                Effect::Apply { first, entries } => {
                    for (index, payload) in (first.0..).map(Index).zip(entries.payloads()) {
                        check = check.and(self.apply_entry(node, index, entries.term(), payload));
                        check = check.and_then(|()| self.look_at_state(node, index));
                    }
                }
                Effect::Restore(snapshot) => {
                    self.restore(node, &snapshot);
                    check = check.and_then(|()| self.look_at_state(node, snapshot.last_included.index));
                }
                Effect::LeadershipLost { uncertain_from, last } => {
                    let server = self.nodes[node].id;
                    self.journal.note(self.now, || Happening::LeadershipLost { server, uncertain_from, last });
                    self.cannot_say(node, Index::LIMIT);
                }
                Effect::ChangeAbandoned { learner } => {
                    let server = self.nodes[node].id;
                    self.journal.note(self.now, || Happening::ChangeAbandoned { server, learner });
                }
                Effect::ReadReady { read, .. } => check = check.and(self.read_ready(node, read)),
                Effect::ReadFailed { read, reason } => self.read_failed(read, reason.into()),
                Effect::Event(event) => {
                    let (server, section) = (self.nodes[node].id, event.section());
                    let event = self.nodes[node].clock.in_the_worlds_time(event);
                    self.journal.note(self.now, || Happening::Decision { server, section, event });
                }
            }
        }
        self.schedule_wake_up(node);
        self.stop_unless(check);
    }

    /// Stops the run at a violation.
    #[inline]
    pub(crate) fn stop_unless(&mut self, check: Check) {
        if let Err(violation) = check
            && self.violation.is_none()
        {
            self.journal.note(self.now, || Happening::Violated { property: violation.property });
            self.violation = Some(*violation);
        }
    }

    /// Whether a server that has come to an index has the state of all that have.
    #[inline]
    fn look_at_state(&mut self, node: usize, index: Index) -> Check {
        let Node { id, store, .. } = &self.nodes[node];
        self.checkers.has_state(self.now, *id, index, store.digest())
    }

    fn send(&mut self, node: usize, message: Message) -> Check {
        let check = self.checkers.sent(self.now, &message, self.nodes[node].durable());
        #[cfg(feature = "trace")]
        self.trace.sent(self.now, &message, self.network.next_number());
        self.network.send(self.now, message, &self.stage, &mut self.queue, &mut self.journal);
        check
    }

    fn begin_save(&mut self, node: usize, save: Save) {
        let Node { id, disk, incarnation, .. } = &mut self.nodes[node];
        self.journal.link(|links| links.begins_save(*id, save.number));
        let done_at = disk.begin(self.now, self.seed, id.0, save);
        self.queue.schedule(done_at, Due::SaveDone { server: node as u32, incarnation: *incarnation });
    }

    fn save_done(&mut self, node: usize) {
        let Some(number) = self.nodes[node].disk.finish() else { return };
        let (id, last) = (self.nodes[node].id, self.nodes[node].durable().log.last());
        #[cfg(feature = "trace")]
        self.trace.saved(self.now, id, self.nodes[node].durable());
        let check = self.checkers.saved(self.now, id, last, &self.nodes[..]);
        self.stop_unless(check);
        if self.is_held_up(node) {
            self.put_off(node, Work::Saved(number));
        } else {
            self.saved(node, number);
        }
    }

    /// A server hears that its disk has done all saves up to this one.
    pub(crate) fn saved(&mut self, node: usize, number: SaveNumber) {
        let id = self.nodes[node].id;
        self.journal.link(|links| links.saved(id, number));
        let mut check = Ok(());
        while let Some((_, message)) = self.nodes[node].held.pop_front_if(|(save, _)| *save <= number) {
            let waited = self.nodes[node].held.len() + 1;
            self.journal.link(|links| links.lets_go(id, waited));
            check = check.and(self.send(node, message));
        }
        self.journal.link(Links::all_let_go);
        self.stop_unless(check);
        // The server asked for this save in this life, so it knows the number.
        let _ = self.hand(node, CoreInput::Saved(number), None);
    }

    fn apply_entry(&mut self, node: usize, index: Index, entry_term: Term, payload: &Payload) -> Check {
        let Node { store, applied, awaited, .. } = &mut self.nodes[node];
        store.apply(payload, self.options.sessions);
        *applied = index;
        #[cfg(feature = "trace")]
        self.trace.applied(self.now, ServerId(node as u32 + 1), index, entry_term, store.digest());
        self.history.applied(index, payload);
        if let Some(awaited) = awaited.remove(&index) {
            return self.answer_awaited(node, index, entry_term, payload, awaited);
        }
        Ok(())
    }

    /// Puts a snapshot's state in the place of a server's own.
    fn restore(&mut self, node: usize, snapshot: &Snapshot) {
        let (restored, server) = (Store::restore(&snapshot.data), self.nodes[node].id);
        let last_included = snapshot.last_included;
        if restored.is_none() {
            self.journal.note(self.now, || Happening::SnapshotUnreadable { server, last_included });
        }
        self.nodes[node].store = restored.unwrap_or_default();
        self.nodes[node].applied = last_included.index;
        #[cfg(feature = "trace")]
        self.trace.restored(self.now, server, last_included.index, self.nodes[node].store.digest());
        self.cannot_say(node, last_included.index);
    }

    /// Tells those who wait at a server for entries up to an index that it will never know what became of them.
    fn cannot_say(&mut self, node: usize, upto: Index) {
        let Node { id: server, awaited, .. } = &mut self.nodes[node];
        let server = *server;
        let (told, waiting) = std::mem::take(awaited).split_at(&upto);
        *awaited = waiting;
        for &Awaited { client, asked, .. } in told.values() {
            if client == DIRECT {
                #[cfg(feature = "trace")]
                self.trace.ended(self.now, (client, asked.sequence));
                self.history.ended(self.now, (client, asked.sequence));
                continue;
            }
            let answer = Answer::Unknown;
            self.send_to_or_from_client(client, ClientMessage::Answer { client, server, asked, answer });
        }
    }

    pub(crate) fn schedule_wake_up(&mut self, node: usize) {
        let Node { server: Some(server), wake_up, clock, .. } = &mut self.nodes[node] else { return };
        // What is scheduled earlier is put off when it comes up; nearly every wish is later than the one before.
        if wake_up.waits || wake_up.at.is_some_and(|scheduled| scheduled <= clock.shows_at(server.wakes_not_before())) {
            return;
        }
        debug_assert!(server.wakes_not_before() <= server.next_wake_up(), "what is sooner than it may be");
        // A clock that was put ahead may be past it.
        let wanted = clock.shows_at(server.next_wake_up()).max(self.now);
        if wake_up.at.is_none_or(|scheduled| wanted < scheduled) {
            wake_up.generation = wake_up.generation.wrapping_add(1);
            wake_up.at = Some(wanted);
            self.queue.schedule(wanted, Due::WakeUp { server: node as u32, generation: wake_up.generation });
        }
    }

    /// A message is at the end of its way. Most of them are handed on at once.
    fn message_at_its_end(&mut self, slot: u32) {
        let Some(ended) = self.network.get(slot) else { return };
        let (label, fate) = (ended.label(), ended.fate());
        let node = &self.nodes[at(label.to)];
        if fate == Fate::Arrives && node.is_up() && !node.pace.is_held_up() {
            if let Some(message) = self.network.take_message(slot) {
                self.receive(label, message);
            }
        } else if let Some(ended) = self.network.take(slot) {
            self.message_ends(ended);
        }
    }

    pub(crate) fn message_ends(&mut self, ended: InFlight) {
        let label = ended.label();
        let receiver = at(ended.message().to);
        match ended.fate() {
            Fate::Arrives if self.is_held_up(receiver) && self.nodes[receiver].is_up() => {
                self.put_off(receiver, Work::Message(ended));
            }
            Fate::Arrives if self.nodes[receiver].is_up() => self.receive(label, ended.into_message()),
            Fate::Arrives => self.journal.note(self.now, || Happening::Lost { label, why: Loss::ReceiverDown }),
            Fate::Lost => {
                self.journal.note(self.now, || Happening::Lost { label, why: Loss::Chance });
                self.keep_in_sight(ended);
            }
            Fate::Blocked { wall } => {
                self.journal.note(self.now, || Happening::Blocked { label, wall });
                self.keep_in_sight(ended);
            }
            // What is held does not end.
            Fate::Held => {}
        }
    }

    /// A server is handed a message that has arrived.
    pub(crate) fn receive(&mut self, label: Label, message: Message) {
        let (server, from) = (label.to, label.from);
        self.journal.note(self.now, || Happening::Delivered { label });
        #[cfg(feature = "trace")]
        self.trace.received(self.now, server, label.message);
        if let Err(why) = self.hand(at(server), CoreInput::Receive(message), None) {
            self.journal.note(self.now, || Happening::Refused { server, from, why });
        }
    }

    pub(crate) fn keep_in_sight(&mut self, message: InFlight) {
        if self.journal.observed() {
            self.ended.push(message);
        }
    }

    /// A server as it starts now.
    pub(crate) fn start(
        &self,
        id: ServerId,
        incarnation: u32,
        durable: Durable,
        now: Time,
    ) -> Result<Server, InvalidStart> {
        let unknown = Configuration::unknown();
        let first = if self.configuration.is_member(id) { &self.configuration } else { &unknown };
        let options = self.options.for_server(seed_of_life(self.seed, id, incarnation));
        Server::start(id, first.clone(), options, durable, now)
    }

    /// Starts a crashed server from what its disk holds.
    pub(crate) fn start_again(&mut self, node: usize) -> Result<(), InvalidStart> {
        let Node { id, disk, incarnation, clock, .. } = &self.nodes[node];
        let (id, incarnation, durable) = (*id, incarnation.wrapping_add(1), disk.durable().clone());
        let server = self.start(id, incarnation, durable, clock.shows(self.now))?;
        let snapshot = server.snapshot().cloned();
        let this = &mut self.nodes[node];
        (this.server, this.incarnation) = (Some(server), incarnation);
        let disk = this.disk.durable();
        #[cfg(feature = "trace")]
        self.trace.started(self.now, id, disk);
        let mut check = self.checkers.started(self.now, id, disk.current_term, &disk.log);
        if let Some(snapshot) = snapshot {
            self.restore(node, &snapshot);
            check = check.and_then(|()| self.look_at_state(node, snapshot.last_included.index));
        }
        self.schedule_wake_up(node);
        self.stop_unless(check);
        Ok(())
    }

    /// Stops a server. Returns how many pieces of what its disk was writing got onto it, `written` at most.
    pub(crate) fn stop(&mut self, node: usize, written: u32) -> u32 {
        let led = self.nodes[node].server().is_some_and(Server::is_leader);
        self.leader_changes += u64::from(led);
        self.direct_requests_end(node);
        let written = self.nodes[node].crash(written);
        let server = self.nodes[node].id;
        self.reads_are_gone(server);
        #[cfg(feature = "trace")]
        self.trace.stopped(self.now, server, self.nodes[node].durable());
        let check = self.checkers.stopped(self.now, server, &self.nodes[..]);
        self.stop_unless(check);
        written
    }
}

fn entries_behind(prev: Index, entries: &Entries) -> Vec<(Index, Term, &Payload)> {
    let numbered = (prev.0 + 1..).map(Index).zip(entries.payloads());
    numbered.map(|(index, payload)| (index, entries.term(), payload)).collect()
}

/// Inputs by their places; those of one place stay in their order. Sorted by a heap, which is small in wasm where a sort
/// is large.
fn in_order(inputs: &[TimedInput]) -> Vec<TimedInput> {
    let places = inputs.iter().enumerate().map(|(at, timed)| (timed.at_us, timed.after_events, at));
    let sorted = places.collect::<BinaryHeap<_>>().into_sorted_vec();
    sorted.into_iter().map(|(_, _, at)| inputs[at].clone()).collect()
}
