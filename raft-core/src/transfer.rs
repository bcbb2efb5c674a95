//! Handing the leadership over (D§3.10).

use crate::server::{Role, Transfer};
use crate::{Body, Effects, Event, Rejected, Server, ServerId, Time};

impl Server {
    pub(crate) fn start_transfer(&mut self, now: Time, to: ServerId, effects: &mut Effects) -> Result<(), Rejected> {
        let known_leader = self.leader();
        let until = now.plus(self.options.election_timeout_us_max);
        let Role::Leader { transfer, .. } = &mut self.role else {
            return Err(Rejected::NotLeader { leader: known_leader });
        };
        if to == self.id || !self.configuration.is_voter(to) {
            return Err(Rejected::NoTransferTo { to });
        }
        if let Some(Transfer { to, .. }) = *transfer {
            return Err(Rejected::TransferUnderWay { to });
        }
        *transfer = Some(Transfer { to, until });
        effects.tell(|| Event::TransferStarted { to });
        self.send_append_unless_waiting(to, effects);
        self.go_on_with_transfer(effects);
        Ok(())
    }

    /// Asks the server that is to lead to start its election, once it has every entry.
    pub(crate) fn go_on_with_transfer(&mut self, effects: &mut Effects) {
        let last = self.log.last_index();
        let Some(Transfer { to, .. }) = self.transfer() else { return };
        let Some(match_index) = self.follower(to).map(|follower| follower.match_index) else { return };
        if match_index == last {
            effects.tell(|| Event::TransferReady { to, match_index });
            self.send_now(to, Body::TimeoutNow, effects);
        }
    }

    /// Gives a hand-over up whose time is over.
    pub(crate) fn look_at_transfer(&mut self, now: Time, effects: &mut Effects) {
        if let Role::Leader { transfer, .. } = &mut self.role
            && let Some(Transfer { to, until }) = *transfer
            && now >= until
        {
            *transfer = None;
            effects.tell(|| Event::TransferAborted { to });
        }
    }

    pub(crate) const fn transfer(&self) -> Option<Transfer> {
        match self.role {
            Role::Leader { transfer, .. } => transfer,
            _ => None,
        }
    }

    /// The leader wants this server to lead: it starts an election at once, as if its timer had run out.
    pub(crate) fn told_to_time_out(&mut self, now: Time, leader: ServerId, effects: &mut Effects) {
        effects.tell(|| Event::ToldToTimeOut { leader });
        match self.may_campaign() {
            Ok(()) => self.start_election(now, true, effects),
            Err(reason) => effects.tell(|| Event::ElectionNotStarted { reason }),
        }
    }
}
