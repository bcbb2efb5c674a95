//! Conditions and faults in which a broken rule shows after few events: few servers, short timeouts, and faults as often as
//! elections. Nothing here is for one rule; what a rule is about (leases, snapshots, changes of members) is there in a part of all
//! runs.

use raft_core::random::draw_between;

use crate::client_options::{ClientLoop, ReadsBy};
use crate::faults::Intensities;
use crate::purpose;
use crate::scenario::WorldOptions;

/// How long a calm is: a client that got no answer asks again after half a second, and may have to several times.
pub(super) const CALM_US: u64 = 6_000_000;

/// The most entries on their way to a server, and the longest time that a slow disk takes for a save: with one entry an append all
/// of them together must not take as long as a calm.
const IN_FLIGHT_MAX: u64 = 64;
const BAD_DISK_US_MAX: u64 = 40_000;
const _: () = assert!(IN_FLIGHT_MAX * BAD_DISK_US_MAX < CALM_US);

/// Added to the addresses of a swarm's draws: a hunt's runs are others.
const OF_A_HUNT: u64 = 1_000;

struct Hunt(u64);

/// How many servers there are, under which conditions, and what goes wrong.
pub(super) fn conditions(seed: u64) -> (u32, WorldOptions, Option<Intensities>) {
    let hunt = Hunt(seed);
    let servers = hunt.one_of(1, &[2, 3, 3, 3, 3, 4, 4, 5]) as u32;
    let options = hunt.options();
    let intensities = hunt.intensities(servers, &options);
    (servers, options, Some(intensities))
}

impl Hunt {
    fn one_of(&self, what: u64, choices: &[u64]) -> u64 {
        choices[draw_between(0, choices.len() as u64 - 1, &[self.0, purpose::PLAN, OF_A_HUNT + what]) as usize]
    }

    fn is(&self, what: u64) -> bool {
        self.one_of(what, &[0, 1]) == 1
    }

    /// How often a fault begins: in a third of the runs never.
    fn every_us(&self, what: u64, often_us: u64, seldom_us: u64) -> u64 {
        self.one_of(what, &[0, often_us, seldom_us])
    }

    fn options(&self) -> WorldOptions {
        let delay_us_max = self.one_of(2, &[1_500, 5_000]);
        let delay_tail_us = self.one_of(3, &[0, 0, 3_000]);
        let disk_us_max = self.one_of(4, &[300, 2_000, 10_000]);
        // Raft owes progress only where messages and disks take far less time than an election timeout (P§5.6). How much less
        // decides how much can happen before a leader or a lease is given up.
        let slack = self.one_of(27, &[4, 12, 40]);
        let election_timeout_us_min = (slack * (delay_us_max + delay_tail_us) + 4 * disk_us_max).max(20_000);
        // Neither, CheckQuorum alone, or leases with it.
        let holds_on = self.one_of(5, &[0, 1, 2]);
        let client_keys = self.one_of(6, &[0, 1, 2]) as u32;
        WorldOptions {
            election_timeout_us_min,
            election_timeout_us_max: 2 * election_timeout_us_min,
            heartbeat_us: election_timeout_us_min / 3,
            delay_us_min: 500,
            delay_us_max,
            delay_tail_us,
            in_order: self.one_of(7, &[0, 0, 0, 1]) == 1,
            loss_ppm: self.one_of(8, &[0, 50_000, 200_000]) as u32,
            duplicate_ppm: self.one_of(9, &[0, 100_000, 300_000]) as u32,
            clients: self.one_of(10, &[1, 2, 3]) as u32,
            client_pause_us: self.one_of(11, &[5_000, 20_000]),
            client_loop: if self.is(12) { ClientLoop::Closed } else { ClientLoop::Open },
            client_reads_ppm: self.one_of(13, &[0, 300_000, 700_000]) as u32,
            client_reads_by: if self.one_of(14, &[0, 0, 0, 1]) == 1 { ReadsBy::Log } else { ReadsBy::ReadIndex },
            client_appends_ppm: self.one_of(15, &[0, 300_000]) as u32,
            client_keys,
            // Operations that may have been done or not are costly to explain where clients share keys.
            client_retries: client_keys > 0 || self.is(16),
            wrong_hints_ppm: self.one_of(17, &[0, 0, 200_000]) as u32,
            entries_per_append_max: self.one_of(18, &[1, 2, 64]) as u32,
            entries_in_flight_max: self.one_of(19, &[16, IN_FLIGHT_MAX]) as u32,
            eager_commit: self.is(20),
            snapshot_chunk_bytes: self.one_of(21, &[100, 65_536]) as u32,
            snapshot_every: self.one_of(22, &[0, 0, 3, 20]),
            noop_on_election: self.is(23),
            pre_vote: self.one_of(24, &[0, 0, 1]) == 1,
            check_quorum: holds_on > 0,
            lease_reads: holds_on == 2,
            clock_drift_ppm_max: self.one_of(26, &[100_000, 500_000, 1_000_000]) as u32,
            disk_us_min: 0,
            disk_us_max,
            ..WorldOptions::default()
        }
    }

    /// As in a swarm, no disk lies, and no clock jumps under leases.
    fn intensities(&self, servers: u32, options: &WorldOptions) -> Intensities {
        // Times that belong together: `often` is several faults an election, `seldom` several elections a fault.
        let timeout_us = options.election_timeout_us_min;
        let (often_us, seldom_us) = (2 * timeout_us, 10 * timeout_us);
        let clock_jump_every_us = if options.lease_reads { 0 } else { self.every_us(101, often_us, seldom_us) };
        Intensities {
            partition_every_us: self.every_us(102, 3 * timeout_us, seldom_us),
            crash_every_us: self.every_us(103, often_us, seldom_us),
            crash_written_max: self.one_of(104, &[2, 6]) as u32,
            cut_every_us: self.every_us(105, often_us, seldom_us),
            link_every_us: self.every_us(106, often_us, seldom_us),
            time_out_every_us: self.every_us(107, timeout_us, seldom_us),
            members_every_us: self.every_us(108, often_us, seldom_us),
            // Single voters as well as steps of one server at a time.
            voters_min: self.one_of(109, &[1, 2, u64::from(servers.max(2) - 1)]) as u32,
            newcomers: self.one_of(110, &[0, 0, 1, 2]) as u32,
            compact_every_us: self.every_us(111, often_us, seldom_us),
            read_every_us: self.every_us(112, timeout_us / 8, seldom_us),
            transfer_every_us: self.every_us(113, timeout_us, seldom_us),
            hold_every_us: self.every_us(114, timeout_us / 4, seldom_us),
            wall_every_us: self.every_us(115, 2 * seldom_us, 10 * seldom_us),
            propose_every_us: self.every_us(116, timeout_us, seldom_us),
            flap_every_us: self.every_us(117, seldom_us, 2 * seldom_us),
            pause_every_us: self.every_us(118, often_us, seldom_us),
            slow_every_us: self.every_us(119, seldom_us, 2 * seldom_us),
            slow_us_max: timeout_us / 10,
            disk_every_us: self.every_us(120, often_us, seldom_us),
            bad_disk_us_max: (3 * timeout_us).min(BAD_DISK_US_MAX),
            clock_every_us: self.every_us(121, often_us, seldom_us),
            clock_drift_ppm_max: options.clock_drift_ppm_max,
            clock_jump_every_us,
            storm_us: 4_000_000,
            calm_us: CALM_US,
            lasts_us_min: timeout_us / 4,
            lasts_us_max: self.one_of(122, &[4, 20]) * timeout_us,
            bad_ppm_max: 500_000,
            bad_delay_us_max: self.one_of(123, &[2, 10]) * timeout_us,
            bad_delay_tail_us_max: self.one_of(124, &[0, 2]) * timeout_us,
            delay_us_min: options.delay_us_min,
            delay_us_max: options.delay_us_max,
            delay_tail_us: options.delay_tail_us,
            in_order: options.in_order,
            loss_ppm: options.loss_ppm,
            duplicate_ppm: options.duplicate_ppm,
            disk_us_min: options.disk_us_min,
            disk_us_max: options.disk_us_max,
            lie_every_us: 0,
        }
    }
}
