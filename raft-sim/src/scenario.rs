//! Everything that a run is made of: with the same scenario, every world lives the same life to the last bit.

use raft_core::{Options, Rule, RuleSet};
use serde::{Deserialize, Serialize};

use crate::client_options::{ClientLoop, ReadsBy};
use crate::initial::Initial;
use crate::input::{Input, TimedInput, check_text_of};
use crate::page::Page;
use crate::plain::{EXACT, Object, Read, Tree, Wrong, fill_record, not, read, within};
use crate::started::Started;

/// A run before it is lived: who takes part, under which conditions, and what is done to them when.
///
/// ```
/// use raft_sim::{Scenario, World};
/// let mut world = World::new(Scenario { seed: 7, ..Scenario::default() })?;
/// world.advance(2_000_000, u64::MAX);
/// assert_eq!(world.servers().iter().filter(|node| node.server().is_some_and(|server| server.is_leader())).count(), 1);
/// # Ok::<(), raft_sim::ScenarioError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "Tree")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(!try_from, default, deny_unknown_fields))]
pub struct Scenario {
    /// The format's version, [`Scenario::VERSION`]. Left out, it is that.
    pub version: u32,
    /// What it is called, 1 to 64 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What there is to see, 1 to 1,000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Where all chance comes from, 0 to 2^53 - 1 (exact in JSON and in JavaScript).
    pub seed: u64,
    /// How many servers there are at first, 1 to 50. Their ids are 1 to this, and all vote unless `initial` says otherwise.
    pub servers: u32,
    /// The state that they begin with. Left out, all are fresh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial: Option<Initial>,
    /// Under which conditions they run.
    pub options: WorldOptions,
    /// What is done to them, at most 100,000 inputs. Any order; those of one moment happen in the order given here.
    pub inputs: Vec<TimedInput>,
    /// What a page keeps beside the run, such as bookmarks. It says nothing of the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<Page>,
}

/// The conditions of a run. Times are in microseconds, chances in parts per million.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "Tree")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(!try_from, default, deny_unknown_fields))]
pub struct WorldOptions {
    /// The shortest election timeout (P§5.2), 1,000 to an hour.
    pub election_timeout_us_min: u64,
    /// The longest election timeout, itself included; at least the shortest.
    pub election_timeout_us_max: u64,
    /// How often a leader shows that it is alive (P§5.2), 1,000 to an hour.
    pub heartbeat_us: u64,
    /// How many entries one append carries at most, 1 to 1,024.
    pub entries_per_append_max: u32,
    /// How many entries may be on their way to a follower, unacknowledged, at most (D§10.2.2), 1 to 65,536.
    pub entries_in_flight_max: u32,
    /// Whether followers are told at once of what is committed, rather than with the next append or heartbeat.
    pub eager_commit: bool,
    /// How many bytes of a snapshot go into one message at most, 1 to a mebibyte.
    pub snapshot_chunk_bytes: u32,
    /// How many entries a server has applied since its last snapshot when it takes one by itself, 1 to 2^53 - 1; 0: it
    /// never does.
    pub snapshot_every: u64,
    /// Whether a new leader begins its term with an entry that carries nothing (P§8, D§6.4).
    pub noop_on_election: bool,
    /// Whether a server asks whether it could win before it enters a new term (D§9.6).
    pub pre_vote: bool,
    /// Whether leaders without a quorum step down, and servers hold on to a leader that they hear from (D§6.2).
    pub check_quorum: bool,
    /// Whether a leader answers reads without asking anyone while no other can have been elected (D§6.4.1). Takes
    /// `check_quorum`.
    pub lease_reads: bool,
    /// By how many parts of a million one server's clock may run faster than another's, as leases allow for; 0 to a
    /// million. Clocks drift only when they are set to ([`SetClock`](crate::Input::SetClock)).
    pub clock_drift_ppm_max: u32,
    /// The shortest time that a message takes one way, 1 to a minute. Never zero: the world could not move on from a
    /// moment in which everything answers at once.
    pub delay_us_min: u64,
    /// The longest time that a message takes one way; at least the shortest.
    pub delay_us_max: u64,
    /// How many of a million messages are lost.
    pub loss_ppm: u32,
    /// How many of a million messages arrive twice.
    pub duplicate_ppm: u32,
    /// What is added to the time that a message takes one way: exponentially distributed with this mean, 0 to a minute;
    /// 0 is nothing. No message takes longer than a minute.
    pub delay_tail_us: u64,
    /// Whether messages in one direction of a link never overtake each other, as on one connection of TCP.
    pub in_order: bool,
    /// The shortest time that a disk takes for a save, 0 to a minute. One server's saves are done one after another.
    pub disk_us_min: u64,
    /// The longest time that a disk takes for a save; at least the shortest.
    pub disk_us_max: u64,
    /// How many clients write in the background, each one thing at a time; 0 to 200.
    pub clients: u32,
    /// When they want something more: some time after an answer, or at random moments. Then up to 100 wishes wait in
    /// a client's queue, and what would come beyond is not wished for.
    pub client_loop: ClientLoop,
    /// How long such a client rests between an answer and its next request, 1 to an hour; in an open loop, the mean time
    /// from one wish to the next.
    pub client_pause_us: u64,
    /// How many of a million of their requests are reads.
    pub client_reads_ppm: u32,
    /// How many of a million of their other requests append to the key's value rather than set it.
    pub client_appends_ppm: u32,
    /// How many keys they share, 1 to 100: each request names one at random. 0: each has a key of its own.
    pub client_keys: u32,
    /// How clients read, the person's client too.
    pub client_reads_by: ReadsBy,
    /// Whether clients ask again until they have their answer. Otherwise an operation that may have been done or not ends
    /// there, and its client goes on with the next; a refusal says that nothing was done, and is followed all the same.
    pub client_retries: bool,
    /// Whether the state machine passes over what it has applied before, by each client's numbers (P§8, D§6.3).
    pub sessions: bool,
    /// How many of a million refusals name a server as the leader that is not the one the refusing server knows of.
    pub wrong_hints_ppm: u32,
    /// The rules that no server follows, each once: to see what they guard against.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<crate::schema::RuleName>"))]
    pub rules_off: Vec<Rule>,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            version: Self::VERSION,
            title: None,
            text: None,
            seed: 0,
            servers: 5,
            initial: None,
            options: WorldOptions::default(),
            inputs: Vec::new(),
            page: None,
        }
    }
}

impl Default for WorldOptions {
    /// Servers as [`Options`] has them by default, and a network that a person can follow.
    fn default() -> Self {
        let server = Options::default();
        Self {
            election_timeout_us_min: server.election_timeout_us_min,
            election_timeout_us_max: server.election_timeout_us_max,
            heartbeat_us: server.heartbeat_us,
            entries_per_append_max: server.entries_per_append_max as u32,
            entries_in_flight_max: server.entries_in_flight_max as u32,
            eager_commit: server.eager_commit,
            snapshot_chunk_bytes: server.snapshot_chunk_bytes as u32,
            snapshot_every: 0,
            noop_on_election: server.noop_on_election,
            pre_vote: server.pre_vote,
            check_quorum: server.check_quorum,
            lease_reads: server.lease_reads,
            clock_drift_ppm_max: server.clock_drift_ppm_max as u32,
            delay_us_min: 15_000,
            delay_us_max: 25_000,
            loss_ppm: 0,
            duplicate_ppm: 0,
            delay_tail_us: 0,
            in_order: false,
            disk_us_min: 500,
            disk_us_max: 1_500,
            clients: 0,
            client_loop: ClientLoop::Closed,
            client_pause_us: 50_000,
            client_reads_ppm: 0,
            client_appends_ppm: 0,
            client_keys: 0,
            client_reads_by: ReadsBy::ReadIndex,
            client_retries: true,
            sessions: true,
            wrong_hints_ppm: 0,
            rules_off: Vec::new(),
        }
    }
}

impl Read for Scenario {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let mut scenario = Self::default();
        let mut object = Object::of(found);
        // By it editors find the schema; it says nothing of the run.
        drop(object.take::<String>("$schema"));
        fill_record!(scenario: Self { version, title, text, seed, servers, initial, options, inputs, page } from object object)?;
        Ok(scenario)
    }
}

impl Read for WorldOptions {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let mut options = Self::default();
        fill_record!(options: Self {
            election_timeout_us_min,
            election_timeout_us_max,
            heartbeat_us,
            entries_per_append_max,
            entries_in_flight_max,
            eager_commit,
            snapshot_chunk_bytes,
            snapshot_every,
            noop_on_election,
            pre_vote,
            check_quorum,
            lease_reads,
            clock_drift_ppm_max,
            delay_us_min,
            delay_us_max,
            loss_ppm,
            duplicate_ppm,
            delay_tail_us,
            in_order,
            disk_us_min,
            disk_us_max,
            clients,
            client_loop,
            client_pause_us,
            client_reads_ppm,
            client_appends_ppm,
            client_keys,
            client_reads_by,
            client_retries,
            sessions,
            wrong_hints_ppm,
            rules_off,
        } from found)?;
        Ok(options)
    }
}

impl TryFrom<Tree> for Scenario {
    type Error = Box<Wrong>;

    fn try_from(tree: Tree) -> Result<Self, Box<Wrong>> {
        Self::read_from(tree)
    }
}

impl TryFrom<Tree> for WorldOptions {
    type Error = Box<Wrong>;

    fn try_from(tree: Tree) -> Result<Self, Box<Wrong>> {
        read("options", tree)
    }
}

/// Why a scenario cannot be lived: which field, what it held and what was expected.
pub type ScenarioError = Box<Wrong>;

/// An hour: the longest time that can be chosen for a server or a client.
pub(crate) const HOUR_US: u64 = Options::TIME_US_MAX;
/// A minute: the longest time that a message or a disk may take.
pub(crate) const MINUTE_US: u64 = 60_000_000;
/// The most characters of a title, and of what there is to see.
pub(crate) const TITLE_CHARS_MAX: usize = 64;
pub(crate) const TEXT_CHARS_MAX: usize = 1_000;
/// A chance of one.
pub(crate) const MILLION: u32 = 1_000_000;

impl Scenario {
    /// The version of the format that this crate reads and writes.
    pub const VERSION: u32 = 1;
    /// The most servers.
    pub const SERVERS_MAX: u32 = 50;
    /// The most inputs.
    pub const INPUTS_MAX: usize = 100_000;

    /// A scenario from plain data; what is left out is as in [`Scenario::default`]. Whether it can be lived is for
    /// [`check`](Self::check) to say.
    ///
    /// # Errors
    /// Names the first field that is no field of a scenario, or holds what it cannot.
    pub fn read_from(value: Tree) -> Result<Self, Box<Wrong>> {
        read("scenario", value)
    }

    /// Whether the scenario can be lived.
    ///
    /// # Errors
    /// Names the first field that is not as expected.
    pub fn check(&self) -> Result<(), ScenarioError> {
        self.check_fields()?;
        if self.initial.is_some() { Started::at_the_beginning_of(self).map(drop) } else { Ok(()) }
    }

    /// As above, but for what the initial state comes to.
    pub(crate) fn check_fields(&self) -> Result<(), ScenarioError> {
        if self.version != Self::VERSION {
            return Err(not("version", self.version, &Self::VERSION.to_string()));
        }
        for (field, text, chars_max) in [("title", &self.title, TITLE_CHARS_MAX), ("text", &self.text, TEXT_CHARS_MAX)]
        {
            text.as_ref().map_or(Ok(()), |text| check_text_of(field, text, chars_max))?;
        }
        self.page.as_ref().map_or(Ok(()), Page::check)?;
        within("seed", self.seed, 0, EXACT)?;
        within("servers", self.servers.into(), 1, Self::SERVERS_MAX.into())?;
        self.options.check()?;
        if self.inputs.len() > Self::INPUTS_MAX {
            let found = format!("a list of {}", self.inputs.len());
            return Err(not("inputs", found, &format!("at most {} inputs", Self::INPUTS_MAX)));
        }
        // Inputs may name servers that appear in the run.
        let appear = self.inputs.iter().filter(|timed| timed.input == Input::NewServer {}).count();
        let servers = self.servers.saturating_add(appear as u32).min(Self::SERVERS_MAX);
        for (at, timed) in self.inputs.iter().enumerate() {
            within(&format!("inputs[{at}].at_us"), timed.at_us, 0, EXACT)?;
            timed.input.check(servers).map_err(|wrong| wrong.within(&format!("inputs[{at}].input")))?;
        }
        Ok(())
    }
}

impl WorldOptions {
    /// The most background clients.
    pub const CLIENTS_MAX: u32 = 200;
    /// The most keys that they share.
    pub const CLIENT_KEYS_MAX: u32 = 100;

    /// Each number with its least and its most.
    pub(crate) fn ranges(&self) -> [(&'static str, u64, u64, u64); 21] {
        let timeout_min = self.election_timeout_us_min;
        [
            ("election_timeout_us_min", timeout_min, 1_000, HOUR_US),
            ("election_timeout_us_max", self.election_timeout_us_max, timeout_min, HOUR_US),
            ("heartbeat_us", self.heartbeat_us, 1_000, HOUR_US),
            ("entries_per_append_max", self.entries_per_append_max.into(), 1, 1_024),
            ("entries_in_flight_max", self.entries_in_flight_max.into(), 1, 1 << 16),
            ("snapshot_chunk_bytes", self.snapshot_chunk_bytes.into(), 1, 1 << 20),
            ("snapshot_every", self.snapshot_every, 0, EXACT),
            ("clock_drift_ppm_max", self.clock_drift_ppm_max.into(), 0, MILLION.into()),
            ("delay_us_min", self.delay_us_min, 1, MINUTE_US),
            ("delay_us_max", self.delay_us_max, self.delay_us_min, MINUTE_US),
            ("loss_ppm", self.loss_ppm.into(), 0, MILLION.into()),
            ("duplicate_ppm", self.duplicate_ppm.into(), 0, MILLION.into()),
            ("delay_tail_us", self.delay_tail_us, 0, MINUTE_US),
            ("disk_us_min", self.disk_us_min, 0, MINUTE_US),
            ("disk_us_max", self.disk_us_max, self.disk_us_min, MINUTE_US),
            ("clients", self.clients.into(), 0, Self::CLIENTS_MAX.into()),
            ("client_pause_us", self.client_pause_us, 1, HOUR_US),
            ("client_reads_ppm", self.client_reads_ppm.into(), 0, MILLION.into()),
            ("client_appends_ppm", self.client_appends_ppm.into(), 0, MILLION.into()),
            ("client_keys", self.client_keys.into(), 0, Self::CLIENT_KEYS_MAX.into()),
            ("wrong_hints_ppm", self.wrong_hints_ppm.into(), 0, MILLION.into()),
        ]
    }

    fn check(&self) -> Result<(), ScenarioError> {
        for (option, found, at_least, at_most) in self.ranges() {
            within(option, found, at_least, at_most).map_err(|wrong| wrong.within("options"))?;
        }
        if self.lease_reads && !self.check_quorum {
            return Err(not("options.lease_reads", true, "false without check_quorum"));
        }
        for (at, rule) in self.rules_off.iter().enumerate() {
            if self.rules_off[..at].contains(rule) {
                return Err(not(&format!("options.rules_off[{at}]"), format!("{rule} again"), "each rule once"));
            }
        }
        Ok(())
    }

    /// These conditions as one server is told them.
    pub(crate) fn for_server(&self, seed: u64) -> Options {
        Options {
            election_timeout_us_min: self.election_timeout_us_min,
            election_timeout_us_max: self.election_timeout_us_max,
            heartbeat_us: self.heartbeat_us,
            entries_per_append_max: self.entries_per_append_max as usize,
            entries_in_flight_max: self.entries_in_flight_max as usize,
            eager_commit: self.eager_commit,
            snapshot_chunk_bytes: self.snapshot_chunk_bytes as usize,
            noop_on_election: self.noop_on_election,
            pre_vote: self.pre_vote,
            check_quorum: self.check_quorum,
            lease_reads: self.lease_reads,
            clock_drift_ppm_max: self.clock_drift_ppm_max.into(),
            seed,
            broken: self.rules_off.iter().copied().collect::<RuleSet>(),
            ..Options::default()
        }
    }
}
