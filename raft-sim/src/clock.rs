//! A server's own clock, which may run faster or slower than the world's time, and ahead of it.

use raft_core::{Event, Time};

use crate::scenario::MILLION;

/// A clock. It never goes back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Clock {
    rate_ppm: u32,
    /// When it was set last, and what it showed then.
    set_at: Time,
    showed: Time,
}

impl Default for Clock {
    /// One that shows the world's time.
    fn default() -> Self {
        Self { rate_ppm: MILLION, set_at: Time::ZERO, showed: Time::ZERO }
    }
}

impl Clock {
    /// How many microseconds it goes on in a second of the world.
    #[must_use]
    pub const fn rate_ppm(&self) -> u32 {
        self.rate_ppm
    }

    /// Whether it shows the world's time.
    pub(crate) const fn is_right(&self) -> bool {
        self.rate_ppm == MILLION && self.set_at.0 == self.showed.0
    }

    /// What it shows at a moment of the world, not before it was set last. What it gains in part of a microsecond is kept:
    /// it is reckoned from when it was set.
    #[must_use]
    pub const fn shows(&self, at: Time) -> Time {
        if self.is_right() {
            return at;
        }
        self.showed.plus(scaled(at.since(self.set_at), self.rate_ppm as u64, MILLION as u64, 0))
    }

    /// The first moment of the world at which it shows this. For what it showed before it was set last: when it would have
    /// shown that at its present rate.
    #[must_use]
    pub const fn shows_at(&self, own: Time) -> Time {
        if self.is_right() {
            return own;
        }
        let (rate, million) = (self.rate_ppm as u64, MILLION as u64);
        if own.0 >= self.showed.0 {
            self.set_at.plus(scaled(own.since(self.showed), million, rate, rate - 1))
        } else {
            Time(self.set_at.0.saturating_sub(scaled(self.showed.since(own), million, rate, 0)))
        }
    }

    /// Sets its rate, and puts it ahead of what it shows.
    pub(crate) const fn set(&mut self, now: Time, rate_ppm: u32, ahead_us: u64) {
        *self = Self { rate_ppm, set_at: now, showed: self.shows(now).plus(ahead_us) };
    }

    /// What a server has decided, with its moments in the world's time. Durations stay its own.
    pub(crate) const fn in_the_worlds_time(&self, mut event: Event) -> Event {
        match &mut event {
            Event::TimerReset { deadline: moment, .. } | Event::ReadByLease { lease_until: moment, .. } => {
                *moment = self.shows_at(*moment);
            }
            _ => {}
        }
        event
    }
}

/// (us * times + more) / by without a product that is too large: `times` and `by` are 2 million at most.
const fn scaled(us: u64, times: u64, by: u64, more: u64) -> u64 {
    (us / by) * times + ((us % by) * times + more) / by
}

#[cfg(test)]
mod tests {
    use raft_core::random::draw_between;

    use super::*;

    #[test]
    fn a_clock_shows_the_worlds_time_until_it_is_set() {
        let clock = Clock::default();
        for us in [0, 1, 999_999, 1_000_001, (1 << 53) - 1] {
            assert_eq!((clock.shows(Time(us)), clock.shows_at(Time(us))), (Time(us), Time(us)));
        }
        assert!(clock.is_right());
    }

    #[test]
    fn a_moment_of_a_clock_is_the_first_at_which_it_shows_that() {
        for number in 0..200_000 {
            let drawn = |low, high, what| draw_between(low, high, &[number, what]);
            let mut clock = Clock::default();
            clock.set(Time(drawn(0, 1 << 40, 1)), drawn(500_000, 2_000_000, 2) as u32, drawn(0, 3_600_000_000, 3));
            let own = clock.shows(clock.set_at).plus(drawn(0, 1 << drawn(0, 44, 4), 5));
            let at = clock.shows_at(own);
            assert!(clock.shows(at) >= own, "{clock:?} shows {} at {at}, not {own}", clock.shows(at));
            let before = at.previous();
            assert!(at == clock.set_at || clock.shows(before) < own, "{clock:?} shows {own} at {before} already");
        }
    }

    #[test]
    fn a_clock_neither_goes_back_nor_drifts_from_its_rate() {
        let mut clock = Clock::default();
        clock.set(Time(7), 1_100_000, 0);
        assert_eq!(clock.shows(Time(10_000_007)), Time(11_000_007));
        // An hour later it is ahead by a tenth of an hour, to the microsecond.
        assert_eq!(clock.shows(Time(3_600_000_007)), Time(3_960_000_007));
        clock.set(Time(3_600_000_007), 500_000, 5);
        assert_eq!(clock.shows(Time(3_600_000_007)), Time(3_960_000_012));
        assert_eq!(clock.shows(Time(3_600_000_009)), Time(3_960_000_013));
        assert!(!clock.is_right());
    }

    #[test]
    fn what_was_shown_before_the_clock_was_set_lies_in_the_past() {
        let mut clock = Clock::default();
        clock.set(Time(1_000), 2_000_000, 0);
        assert_eq!(clock.shows_at(Time(400)), Time(700));
        clock.set(Time(1_000), 2_000_000, 1_000_000);
        assert_eq!(clock.shows_at(Time(0)), Time(0), "never before the beginning");
    }
}
