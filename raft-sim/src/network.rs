//! The links between servers and the messages on their way.

use std::collections::VecDeque;

use raft_core::random::{draw, draw_between, draw_on, scaled};
use raft_core::{Message, ServerId, Time};

use crate::exponential::draw_exponential;
use crate::happening::{Happening, Journal, Label, Loss};
use crate::purpose;
use crate::queue::{Due, Queue};
use crate::scenario::{MILLION, MINUTE_US, WorldOptions};
use crate::stage::{Crossing, Stage, WHOLE_WAY, Wall};

/// The most messages that are on their way at a time; further ones are lost.
pub const IN_FLIGHT_MAX: u32 = 5_000;

/// How long a message that did not arrive can still be seen, in microseconds.
pub const SEEN_AFTER_END_US: u64 = 40_000;

/// Where a link that is cut by hand ends, in 65,536ths of the way.
const CUT_AT: u32 = WHOLE_WAY / 2;

/// How long the whole way of a message is at most, at the pace at which it goes: products with it fit.
const PACED_US_MAX: u64 = 1 << 40;

/// One direction of the link between two servers.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Link {
    /// The shortest time that a message takes, in microseconds.
    pub delay_us_min: u64,
    /// The longest.
    pub delay_us_max: u64,
    /// How many of a million messages are lost.
    pub loss_ppm: u32,
    /// How many of a million arrive twice.
    pub duplicate_ppm: u32,
    /// The mean of what is added to that time; 0 is nothing.
    pub delay_tail_us: u64,
    /// Whether no message overtakes another.
    pub in_order: bool,
    /// Whether it is cut by hand.
    pub cut: bool,
    /// In which turns it is cut and mended, if it flaps.
    pub flap: Option<Flap>,
    /// The first wall on its way that stops everything.
    pub wall: Option<Crossing>,
    /// Whether a wall stands on its way that stops some messages and lets others through.
    pub sifted: bool,
    /// How many messages were sent: the address of the next one's draws.
    sent: u64,
    /// The draws at the addresses of delays and of losses without that number: most messages need no others.
    delays: u64,
    losses: u64,
    /// When the last of them arrives that is not lost.
    last_arrives_at: Time,
    /// Tells the turns of one flapping from those of another.
    flapping: u32,
}

/// The turns of a link that flaps, in microseconds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Flap {
    /// For how long it is whole each time.
    pub up_us: u64,
    /// For how long it is cut each time.
    pub down_us: u64,
}

/// What becomes of a message, as things stand.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Fate {
    /// It arrives.
    Arrives,
    /// It is lost on its way.
    Lost,
    /// It runs into a wall, or into a cut made by hand.
    Blocked {
        /// The wall; none for a cut by hand.
        wall: Option<u32>,
    },
    /// It stays where it is until it is released.
    Held,
}

/// A message on its way, or one that ended before it arrived and can still be seen.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct InFlight {
    id: u64,
    message: Message,
    is_copy: bool,
    sent_at: Time,
    arrives_at: Time,
    /// When it is lost on its way, if it is.
    lost_at: Option<Time>,
    ends_at: Time,
    fate: Fate,
    /// Since when it is held.
    held_at: Option<Time>,
}

impl InFlight {
    /// Its number, counted from 1. A copy has one of its own.
    #[must_use]
    pub const fn id(&self) -> u64 {
        self.id
    }

    /// What it says.
    #[must_use]
    pub const fn message(&self) -> &Message {
        &self.message
    }

    /// Whether the network made it by doubling another.
    #[must_use]
    pub const fn is_copy(&self) -> bool {
        self.is_copy
    }

    /// When it left. Of a message that was held: when it would have left to be where it is without.
    #[must_use]
    pub const fn sent_at(&self) -> Time {
        self.sent_at
    }

    /// When it is at the end of the whole way, if nothing keeps it from getting there.
    #[must_use]
    pub const fn arrives_at(&self) -> Time {
        self.arrives_at
    }

    /// When it ends, as things stand: it arrives, is lost, or runs into a wall; [`Time::LIMIT`] while it is held.
    #[must_use]
    pub const fn ends_at(&self) -> Time {
        self.ends_at
    }

    /// How it ends, as things stand; or how it ended.
    #[must_use]
    pub const fn fate(&self) -> Fate {
        self.fate
    }

    /// Since when it is held, if it is.
    #[must_use]
    pub const fn held_at(&self) -> Option<Time> {
        self.held_at
    }

    fn hold(&mut self, now: Time) {
        (self.held_at, self.ends_at, self.fate) = (Some(now), Time::LIMIT, Fate::Held);
    }

    /// It is not held any more, and where it was when it was held. How it ends is to be settled anew.
    fn go_on(&mut self, now: Time) {
        let Some(held_at) = self.held_at.take() else { return };
        let rested_us = now.since(held_at);
        self.sent_at = self.sent_at.plus(rested_us);
        self.arrives_at = self.arrives_at.plus(rested_us);
        self.lost_at = self.lost_at.map(|lost_at| lost_at.plus(rested_us));
    }

    /// It takes so long from where it is. Where on its way it is lost, if it is, stays as it was.
    fn take(&mut self, now: Time, us: u64) {
        let whole = self.arrives_at.since(self.sent_at).max(1);
        let fraction = |at: Time| at.since(self.sent_at) * u64::from(WHOLE_WAY) / whole;
        // The whole way at its new pace. At the very beginning of time there is no room for what is behind it.
        let ahead = (u64::from(WHOLE_WAY) - fraction(now).min(u64::from(WHOLE_WAY) - 1)).max(1);
        let paced = (us * u64::from(WHOLE_WAY) / ahead).min(now.0 + us).min(PACED_US_MAX);
        let arrives_at = now.plus(us);
        let sent_at = Time(arrives_at.0 - paced);
        let lost_at = |lost_at| sent_at.plus((paced * fraction(lost_at)) >> WHOLE_WAY.trailing_zeros()).max(now);
        self.lost_at = self.lost_at.map(lost_at);
        (self.sent_at, self.arrives_at) = (sent_at, arrives_at);
    }

    /// It ends here and now.
    pub(crate) fn end(&mut self, now: Time, fate: Fate) {
        self.go_on(now);
        (self.ends_at, self.fate) = (now, fate);
    }

    pub(crate) fn into_message(self) -> Message {
        self.message
    }

    pub(crate) const fn label(&self) -> Label {
        label(self.id, &self.message)
    }

    /// When it is at this fraction of its way. The way takes at most a minute, so the product fits.
    const fn is_at(&self, fraction: u32) -> Time {
        self.sent_at.plus((self.arrives_at.since(self.sent_at) * fraction as u64) >> WHOLE_WAY.trailing_zeros())
    }

    /// Settles how it ends, given the first wall and the first cut that it has not passed.
    fn settle(&mut self, wall: Option<Crossing>, cut: bool) {
        let by_wall = wall.map(|crossing| (crossing.fraction, Some(crossing.wall)));
        let by_hand = cut.then_some((CUT_AT, None));
        let blocked = by_wall.into_iter().chain(by_hand).min_by_key(|&(fraction, _)| fraction);
        let blocked = blocked.map(|(fraction, wall)| (self.is_at(fraction), Fate::Blocked { wall }));
        let natural = self.lost_at.map_or((self.arrives_at, Fate::Arrives), |lost_at| (lost_at, Fate::Lost));
        // A wall at the receiver's feet stops what arrives at that moment.
        (self.ends_at, self.fate) = blocked.into_iter().chain([natural]).min_by_key(|&(at, _)| at).unwrap_or(natural);
    }
}

const fn label(id: u64, message: &Message) -> Label {
    Label { message: id, from: message.from, to: message.to, name: message.name(), term: message.term }
}

/// A place for a message on its way. Places are used again; the generation tells their guests, and the versions of one
/// guest's end, apart.
#[derive(Clone, Hash, Debug, Default)]
struct Slot {
    generation: u32,
    guest: Option<InFlight>,
}

/// All links, and all messages on their way.
#[derive(Clone, Hash, Debug)]
pub(crate) struct Network {
    seed: u64,
    servers: u32,
    /// What the links of a server that joins are like.
    new_link: Link,
    /// By sender, then by receiver; those from a server to itself are never used.
    links: Vec<Link>,
    slots: Vec<Slot>,
    free: Vec<u32>,
    in_flight: u32,
    latest_id: u64,
}

impl Network {
    pub(crate) fn new(seed: u64, servers: u32, options: &WorldOptions) -> Self {
        let &WorldOptions { delay_us_min, delay_us_max, loss_ppm, duplicate_ppm, delay_tail_us, in_order, .. } =
            options;
        let link = Link {
            delay_us_min,
            delay_us_max,
            loss_ppm,
            duplicate_ppm,
            delay_tail_us,
            in_order,
            cut: false,
            flap: None,
            wall: None,
            sifted: false,
            sent: 0,
            delays: 0,
            losses: 0,
            last_arrives_at: Time::ZERO,
            flapping: 0,
        };
        let mut network = Self {
            seed,
            servers: 0,
            new_link: link,
            links: Vec::new(),
            slots: Vec::new(),
            free: Vec::new(),
            in_flight: 0,
            latest_id: 0,
        };
        (0..servers).for_each(|_| network.add_server());
        network
    }

    /// One more server is there.
    pub(crate) fn add_server(&mut self) {
        let before = self.servers as usize;
        self.servers += 1;
        for sender in 0..before {
            // Behind this sender's last link, as those before it have one more by now.
            self.links.insert(sender * (before + 1) + before, self.new_link(sender, before));
        }
        self.links.extend((0..=before).map(|receiver| self.new_link(before, receiver)).collect::<Vec<_>>());
    }

    fn new_link(&self, from: usize, to: usize) -> Link {
        let drawn = |purpose| draw(&[self.seed, purpose, from as u64, to as u64]);
        Link { delays: drawn(purpose::DELAY), losses: drawn(purpose::LOSS), ..self.new_link.clone() }
    }

    fn at(&self, from: usize, to: usize) -> usize {
        from * self.servers as usize + to
    }

    pub(crate) fn link(&self, from: usize, to: usize) -> &Link {
        &self.links[self.at(from, to)]
    }

    pub(crate) fn link_mut(&mut self, from: usize, to: usize) -> &mut Link {
        let at = self.at(from, to);
        &mut self.links[at]
    }

    /// Whether the links are as in another network, however much was sent on them.
    pub(crate) fn has_links_of(&self, other: &Self) -> bool {
        let settings = |link: &Link| Link {
            sent: 0,
            delays: 0,
            losses: 0,
            last_arrives_at: Time::ZERO,
            flapping: 0,
            ..link.clone()
        };
        self.links.iter().map(settings).eq(other.links.iter().map(settings))
    }

    /// How many bytes a clone of it takes; what messages carry is shared.
    pub(crate) fn own_bytes(&self) -> usize {
        size_of_val(self.links.as_slice()) + size_of_val(self.slots.as_slice()) + size_of_val(self.free.as_slice())
    }

    /// All messages on their way.
    pub(crate) fn in_flight(&self) -> impl Iterator<Item = &InFlight> {
        self.slots.iter().filter_map(|slot| slot.guest.as_ref())
    }

    /// All messages on their way, with where they stand.
    pub(crate) fn slots_in_flight(&self) -> impl Iterator<Item = (u32, &InFlight)> {
        (0..).zip(&self.slots).filter_map(|(slot, place)| Some((slot, place.guest.as_ref()?)))
    }

    /// The number of the next message.
    #[cfg(feature = "trace")]
    pub(crate) const fn next_number(&self) -> u64 {
        self.latest_id + 1
    }

    /// Sends a message, and perhaps a copy of it.
    pub(crate) fn send(
        &mut self,
        now: Time,
        message: Message,
        stage: &Stage,
        queue: &mut Queue,
        journal: &mut Journal,
    ) {
        let (from, to, seed) = (at(message.from), at(message.to), self.seed);
        let link = self.link_mut(from, to);
        let sent = link.sent;
        link.sent += 1;
        let address = [seed, purpose::DUPLICATE, from as u64, to as u64, sent];
        if chance(link.duplicate_ppm, &address) {
            let original = self.send_one((now, stage), message.clone(), sent, queue, journal, None);
            self.send_one((now, stage), message, sent, queue, journal, Some(original));
        } else {
            self.send_one((now, stage), message, sent, queue, journal, None);
        }
    }

    /// Sends one message, the one after `sent` others on its link, or one copy; returns its number.
    fn send_one(
        &mut self,
        (now, stage): (Time, &Stage),
        message: Message,
        sent: u64,
        queue: &mut Queue,
        journal: &mut Journal,
        copy_of: Option<u64>,
    ) -> u64 {
        self.latest_id += 1;
        let id = self.latest_id;
        let label = label(id, &message);
        journal.note(now, || match copy_of {
            None => Happening::Sent { label },
            Some(copy_of) => Happening::Duplicated { label, copy_of },
        });
        if self.in_flight == IN_FLIGHT_MAX {
            journal.note(now, || Happening::Lost { label, why: Loss::TooManyInFlight });
            return id;
        }
        let (from, to, seed) = (at(message.from), at(message.to), self.seed);
        let of_a_copy = if copy_of.is_some() { purpose::OF_A_COPY } else { 0 };
        let address = |purpose: u64| [seed, purpose + of_a_copy, from as u64, to as u64, sent];
        let link = self.link_mut(from, to);
        let of_delay = if copy_of.is_some() { draw(&address(purpose::DELAY)) } else { draw_on(link.delays, sent) };
        let mut delay = scaled(link.delay_us_min, link.delay_us_max, of_delay);
        if link.delay_tail_us > 0 {
            delay = (delay + draw_exponential(link.delay_tail_us, &address(purpose::DELAY_TAIL))).min(MINUTE_US);
        }
        if link.in_order {
            delay = delay.max(link.last_arrives_at.next().since(now));
        }
        let is_lost = link.loss_ppm > 0 && {
            let drawn = if copy_of.is_some() { draw(&address(purpose::LOSS)) } else { draw_on(link.losses, sent) };
            scaled(0, u64::from(MILLION) - 1, drawn) < u64::from(link.loss_ppm)
        };
        let lost_at = is_lost.then(|| {
            // It gets somewhere before it is lost, so that one can see it.
            let percent = draw_between(30, 80, &address(purpose::LOST_WHERE));
            now.plus(delay * percent / 100)
        });
        let arrives_at = now.plus(delay);
        if lost_at.is_none() {
            link.last_arrives_at = link.last_arrives_at.max(arrives_at);
        }
        let cut = link.cut;
        let wall =
            if link.sifted { stage.first_crossing(from, to, |wall, _| wall.catches(seed, id)) } else { link.wall };
        let (is_copy, fate, held_at) = (copy_of.is_some(), Fate::Arrives, None);
        let guest =
            InFlight { id, message, is_copy, sent_at: now, arrives_at, lost_at, ends_at: arrives_at, fate, held_at };
        let (slot, generation, guest) = self.admit(guest);
        if wall.is_some() || cut || lost_at.is_some() {
            guest.settle(wall, cut);
        }
        queue.schedule(guest.ends_at, Due::MessageEnds { slot, generation });
        id
    }

    /// Puts a message on its way that was sent before the run began.
    pub(crate) fn put(&mut self, message: Message, arrives_at: Time, queue: &mut Queue, journal: &mut Journal) {
        self.latest_id += 1;
        let (id, sent_at) = (self.latest_id, Time::ZERO);
        let label = label(id, &message);
        journal.note(sent_at, || Happening::Sent { label });
        let (is_copy, lost_at, fate, held_at) = (false, None, Fate::Arrives, None);
        let (slot, generation, _) = self.admit(InFlight {
            id,
            message,
            is_copy,
            sent_at,
            arrives_at,
            lost_at,
            ends_at: arrives_at,
            fate,
            held_at,
        });
        queue.schedule(arrives_at, Due::MessageEnds { slot, generation });
    }

    /// Gives a message a place: which one, its generation, and the message there.
    #[inline]
    fn admit(&mut self, guest: InFlight) -> (u32, u32, &mut InFlight) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot::default());
            // At most IN_FLIGHT_MAX of them.
            self.slots.len() as u32 - 1
        });
        self.in_flight += 1;
        let place = &mut self.slots[slot as usize];
        (slot, place.generation, place.guest.insert(guest))
    }

    /// Where a message stands that is on its way.
    pub(crate) fn find(&self, id: u64) -> Option<u32> {
        let has = |slot: &Slot| slot.guest.as_ref().is_some_and(|guest| guest.id == id);
        self.slots.iter().position(has).map(|slot| slot as u32)
    }

    /// A message on its way, by where it stands.
    pub(crate) fn get(&self, slot: u32) -> Option<&InFlight> {
        self.slots[slot as usize].guest.as_ref()
    }

    /// Where all stand that are held.
    pub(crate) fn held(&self) -> Vec<u32> {
        (0..self.slots.len() as u32)
            .filter(|&slot| self.get(slot).is_some_and(|guest| guest.held_at.is_some()))
            .collect()
    }

    /// Where the message stands that left last of those on their way in one direction, and is not held.
    pub(crate) fn latest(&self, from: ServerId, to: ServerId) -> Option<u32> {
        let goes = |guest: &&InFlight| guest.held_at.is_none() && (guest.message.from, guest.message.to) == (from, to);
        let latest = self.in_flight().filter(goes).map(|guest| guest.id).max()?;
        self.find(latest)
    }

    /// Holds a message where it is.
    pub(crate) fn hold(&mut self, slot: u32, now: Time) {
        let Slot { generation, guest: Some(guest) } = &mut self.slots[slot as usize] else { return };
        guest.hold(now);
        *generation = generation.wrapping_add(1);
    }

    /// Lets a message that is held go the rest of its way.
    pub(crate) fn release(&mut self, slot: u32, now: Time, stage: &Stage, queue: &mut Queue) {
        let Slot { guest: Some(guest), .. } = &mut self.slots[slot as usize] else { return };
        guest.go_on(now);
        self.look_again(slot, now, stage, queue);
    }

    /// Sets how long a message takes for the rest of its way.
    pub(crate) fn set_delay(&mut self, slot: u32, now: Time, us: u64, stage: &Stage, queue: &mut Queue) {
        let Slot { guest: Some(guest), .. } = &mut self.slots[slot as usize] else { return };
        guest.take(now, us);
        self.look_again(slot, now, stage, queue);
    }

    /// Puts a copy of a message beside it, and returns its number; none when too many are on their way.
    pub(crate) fn duplicate(&mut self, slot: u32, now: Time, stage: &Stage, queue: &mut Queue) -> Option<u64> {
        if self.in_flight == IN_FLIGHT_MAX {
            return None;
        }
        self.latest_id += 1;
        let mut copy = self.get(slot)?.clone();
        (copy.id, copy.is_copy, copy.lost_at) = (self.latest_id, true, None);
        let id = copy.id;
        let (slot, generation, copy) = self.admit(copy);
        if copy.held_at.is_none() {
            queue.schedule(copy.ends_at, Due::MessageEnds { slot, generation });
        }
        // What it is a copy of may be lost further on; the copy is not.
        self.look_again(slot, now, stage, queue);
        Some(id)
    }

    /// Cuts or mends one direction of a link for good. False when it is so already.
    pub(crate) fn set_cut(&mut self, from: usize, to: usize, cut: bool) -> bool {
        let link = self.link_mut(from, to);
        let flapped = link.flap.take().is_some();
        link.flapping = link.flapping.wrapping_add(u32::from(flapped));
        std::mem::replace(&mut link.cut, cut) != cut || flapped
    }

    /// Lets one direction of a link flap: it is cut now. False when it flaps in just this way.
    pub(crate) fn flap(&mut self, from: usize, to: usize, flap: Flap) -> bool {
        if self.link(from, to).flap == Some(flap) {
            return false;
        }
        self.set_cut(from, to, false);
        self.link_mut(from, to).flap = Some(flap);
        true
    }

    /// Whether a direction of a link still flaps as it did.
    pub(crate) fn flaps(&self, from: u32, to: u32, flapping: u32) -> bool {
        let link = self.link(from as usize, to as usize);
        link.flap.is_some() && link.flapping == flapping
    }

    /// The next turn of a direction of a link that flaps. Returns whether it is cut now.
    pub(crate) fn turn(&mut self, now: Time, from: usize, to: usize, queue: &mut Queue) -> bool {
        let link = self.link_mut(from, to);
        let Some(Flap { up_us, down_us }) = link.flap else { return link.cut };
        link.cut = !link.cut;
        let turns_at = now.plus(if link.cut { down_us } else { up_us });
        let (from, to, generation) = (from as u32, to as u32, link.flapping);
        queue.schedule(turns_at, Due::LinkTurns { from, to, generation });
        link.cut
    }

    /// Whether an entry of the queue still means the message that it was made for.
    pub(crate) fn is_current(&self, slot: u32, generation: u32) -> bool {
        self.slots[slot as usize].generation == generation
    }

    /// Takes out what a message at its end says, and no more of it.
    pub(crate) fn take_message(&mut self, slot: u32) -> Option<Message> {
        self.take(slot).map(InFlight::into_message)
    }

    /// Takes a message at its end out. Inlined, so that whoever wants a part of it moves no more than that.
    #[inline]
    pub(crate) fn take(&mut self, slot: u32) -> Option<InFlight> {
        let place = &mut self.slots[slot as usize];
        let guest = place.guest.take()?;
        place.generation = place.generation.wrapping_add(1);
        self.free.push(slot);
        self.in_flight -= 1;
        Some(guest)
    }

    /// Looks again at what stands in the way of the links for which `concerns` says so (sender, receiver), and at how
    /// the messages on them end. What a message has passed already stops it no more.
    pub(crate) fn geometry_changed(
        &mut self,
        now: Time,
        stage: &Stage,
        queue: &mut Queue,
        concerns: &dyn Fn(usize, usize) -> bool,
    ) {
        let servers = self.servers as usize;
        let sieves = stage.walls().values().any(|wall| !wall.is_tight());
        for from in 0..servers {
            for to in (0..servers).filter(|&to| to != from && concerns(from, to)) {
                let link = self.link_mut(from, to);
                link.wall = stage.first_crossing(from, to, |wall, _| wall.is_tight());
                link.sifted = sieves && stage.first_crossing(from, to, |wall, _| !wall.is_tight()).is_some();
            }
        }
        for slot in 0..self.slots.len() as u32 {
            let Some(guest) = self.get(slot) else { continue };
            if concerns(at(guest.message.from), at(guest.message.to)) {
                self.look_again(slot, now, stage, queue);
            }
        }
    }

    /// Looks again at how a message ends that goes on.
    fn look_again(&mut self, slot: u32, now: Time, stage: &Stage, queue: &mut Queue) {
        let Slot { generation, guest: Some(guest) } = &mut self.slots[slot as usize] else { return };
        if guest.held_at.is_some() {
            return;
        }
        let (from, to) = (at(guest.message.from), at(guest.message.to));
        let link = &self.links[from * self.servers as usize + to];
        let is_ahead = |fraction| guest.is_at(fraction) >= now;
        let stops = |wall: &Wall, fraction| is_ahead(fraction) && wall.catches(self.seed, guest.id);
        // Without a wall on the whole way there is none ahead either.
        let walled = link.wall.is_some() || link.sifted;
        let wall = if walled { stage.first_crossing(from, to, stops) } else { None };
        let cut = link.cut && is_ahead(CUT_AT);
        let before = guest.ends_at;
        guest.settle(wall, cut);
        if guest.ends_at != before {
            *generation = generation.wrapping_add(1);
            queue.schedule(guest.ends_at, Due::MessageEnds { slot, generation: *generation });
        }
    }
}

/// Messages that ended before they arrived, as long as they can be seen. Nothing in the world depends on them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ended(VecDeque<InFlight>);

impl Ended {
    pub(crate) fn push(&mut self, message: InFlight) {
        self.0.push_back(message);
    }

    pub(crate) fn forget_what_is_gone(&mut self, now: Time) {
        while self.0.front().is_some_and(|message| now.since(message.ends_at) > SEEN_AFTER_END_US) {
            self.0.pop_front();
        }
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &InFlight> {
        self.0.iter()
    }
}

/// Where a server stands in lists: ids begin at 1.
pub(crate) const fn at(server: ServerId) -> usize {
    server.0 as usize - 1
}

pub(crate) fn chance(ppm: u32, address: &[u64]) -> bool {
    ppm > 0 && draw_between(0, u64::from(MILLION) - 1, address) < u64::from(ppm)
}
