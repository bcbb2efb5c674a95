//! Handing the leadership over (D§3.10).

use crate::{Body, Effects, Event, Rejected, Server, ServerId, Time, Transfer};

impl Server {
    pub(crate) fn start_transfer(&mut self, now: Time, to: ServerId, effects: &mut Effects) -> Result<(), Rejected> {
        let known_leader = self.leader();
        let until = now.plus(self.options.election_timeout_us_max);
        let can_lead = to != self.id && self.configuration.voters().contains(&to);
        let Some(leading) = self.leading_mut() else {
            return Err(Rejected::NotLeader { leader: known_leader });
        };
        if !can_lead {
            return Err(Rejected::NoTransferTo { to });
        }
        if let Some(Transfer { to, .. }) = leading.transfer {
            return Err(Rejected::TransferUnderWay { to });
        }
        leading.transfer = Some(Transfer { to, until });
        effects.tell(|| Event::TransferStarted { to });
        self.go_on_with_transfer(effects);
        Ok(())
    }

    /// Asks the server that is to lead to start its election, once it has every entry.
    pub(crate) fn go_on_with_transfer(&mut self, effects: &mut Effects) {
        let last = self.log.last_index();
        let Some(leading) = self.leading_mut() else { return };
        let Some(Transfer { to, .. }) = leading.transfer else { return };
        let Some(follower) = leading.followers.iter().find(|follower| follower.id == to) else { return };
        let match_index = follower.match_index;
        if match_index == last {
            // From now on another server may be elected without waiting for anything, however late this arrives.
            leading.reads.end_lease();
            effects.tell(|| Event::TransferReady { to, match_index });
            self.send_now(to, Body::TimeoutNow, effects);
        }
    }

    /// Gives a hand-over up whose time is over.
    pub(crate) fn look_at_transfer(&mut self, now: Time, effects: &mut Effects) {
        if let Some(leading) = self.leading_mut()
            && let Some(Transfer { to, until }) = leading.transfer
            && now >= until
        {
            leading.transfer = None;
            effects.tell(|| Event::TransferAborted { to });
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
