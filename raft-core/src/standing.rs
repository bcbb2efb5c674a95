//! Starting a server in the middle of its life: for scenes that begin where something interesting is about to happen.

use alloc::vec::Vec;
use core::fmt;

use crate::server::{Role, Votes};
use crate::{Configuration, Durable, Index, InvalidStart, Options, SaveNumber, Server, ServerId, Term, Time};

/// Where a server stands, beside what its disk holds: what [`Server::start`] leaves at its beginning.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Standing {
    /// The highest index known to be committed: at least what the snapshot stands for, at most the log's last index. All
    /// up to it counts as applied; whoever drives the server has to bring its state machine there.
    pub commit_index: Index,
    /// What it is.
    pub role: StandingRole,
}

/// What a server is as it starts in the middle of its life.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum StandingRole {
    /// A follower, of this leader if it knows one: it has heard from it just now.
    Follower {
        /// Another server. Term 0 has no leader.
        leader: Option<ServerId>,
    },
    /// A candidate of its current term, for which it has voted itself: too few votes to lead. Its own is among them
    /// whether it is named or not. What it asks of the others is on its way already, or lost.
    Candidate {
        /// Who has voted for it.
        votes: Vec<ServerId>,
    },
    /// The leader of its current term, as at its election: it has voted for itself, knows nothing of the others' logs yet,
    /// and sends its first heartbeats when it is next woken. It appends no entry of its own.
    Leader,
}

impl Default for StandingRole {
    fn default() -> Self {
        Self::Follower { leader: None }
    }
}

/// Why a server cannot stand where it is said to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InvalidStanding {
    /// The commit index is before the snapshot's last entry or behind the log's.
    CommitIndex {
        /// What it was.
        found: Index,
        /// The snapshot's last index; zero without one.
        at_least: Index,
        /// The log's last index.
        at_most: Index,
    },
    /// A follower of itself, or of anyone in term 0.
    LeaderCannotBe {
        /// The leader that it names.
        leader: ServerId,
    },
    /// Leaders and candidates have voted for themselves.
    VotedForAnother {
        /// For whom this one has.
        voted_for: Option<ServerId>,
    },
    /// Leaders and candidates are voters, or were before a change that is not committed yet.
    NotAVoter,
    /// A candidate was given the vote of a server that is no voter in its configuration.
    VoteOfNoVoter {
        /// Whose.
        from: ServerId,
    },
    /// A candidate with so many votes leads.
    VotesEnough,
}

impl fmt::Display for InvalidStanding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommitIndex { found, at_least, at_most } => {
                write!(f, "the commit index is {found}; expected {at_least} to {at_most}")
            }
            Self::LeaderCannotBe { leader } => {
                write!(f, "the leader is {leader}; expected another server, in a term after 0")
            }
            Self::VotedForAnother { voted_for: Some(other) } => {
                write!(f, "the vote went to {other}; expected a leader's and a candidate's own")
            }
            Self::VotedForAnother { voted_for: None } => {
                f.write_str("the vote went to nobody; expected a leader's and a candidate's own")
            }
            Self::NotAVoter => f.write_str("the server is no voter; expected one that leads or asks for votes to be"),
            Self::VoteOfNoVoter { from } => write!(f, "{from} has voted for the candidate; expected voters only"),
            Self::VotesEnough => f.write_str("the candidate has votes enough to lead; expected fewer"),
        }
    }
}

impl Server {
    /// A server in the middle of its life: [`Server::start`], and then in that place. What of a life is not named here is
    /// as after a start: its timer runs from now, no save is under way, no read waits.
    ///
    /// A state that no correct servers could be in together cannot be seen from one of them; that is for the caller to
    /// look at.
    ///
    /// ```
    /// use raft_core::{Configuration, Durable, Entry, Index, Options, Server, ServerId, Standing, StandingRole, Term, Time};
    /// let ids = [1, 2, 3].map(ServerId);
    /// let log = [Entry::command(Term(1), "x=1"), Entry::command(Term(2), "x=2")].into_iter().collect();
    /// let disk = Durable { current_term: Term(2), voted_for: Some(ids[0]), log, ..Durable::default() };
    /// let standing = Standing { commit_index: Index(1), role: StandingRole::Leader };
    /// let members = Configuration::of_voters(ids)?;
    /// let leader = Server::start_as(ids[0], members, Options::default(), disk, standing, Time(0))?;
    /// assert!(leader.is_leader() && leader.commit_index() == Index(1) && leader.log().last_index() == Index(2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When it cannot start at all, or cannot stand there.
    pub fn start_as(
        id: ServerId,
        configuration: Configuration,
        options: Options,
        durable: Durable,
        standing: Standing,
        now: Time,
    ) -> Result<Self, InvalidStart> {
        let mut server = Self::start(id, configuration, options, durable, now)?;
        server.stand(standing, now).map_err(InvalidStart::Standing)?;
        Ok(server)
    }

    fn stand(&mut self, Standing { commit_index, role }: Standing, now: Time) -> Result<(), InvalidStanding> {
        let (at_least, at_most) = (self.commit_index, self.log.last_index());
        if commit_index < at_least || commit_index > at_most {
            return Err(InvalidStanding::CommitIndex { found: commit_index, at_least, at_most });
        }
        (self.commit_index, self.last_applied) = (commit_index, commit_index);
        self.find_configuration_in_force();
        match role {
            StandingRole::Follower { leader } => {
                if let Some(leader) = leader.filter(|&leader| leader == self.id || self.current_term == Term::ZERO) {
                    return Err(InvalidStanding::LeaderCannotBe { leader });
                }
                self.role = Role::Follower { leader, heard_at: now };
            }
            StandingRole::Candidate { votes } => {
                self.check_has_stood()?;
                let mut granted: Vec<ServerId> =
                    self.configuration.is_voter(self.id).then_some(self.id).into_iter().collect();
                for from in votes {
                    if !self.configuration.is_voter(from) {
                        return Err(InvalidStanding::VoteOfNoVoter { from });
                    }
                    if !granted.contains(&from) {
                        granted.push(from);
                    }
                }
                if self.tally(|voter| granted.contains(&voter)).reached() {
                    return Err(InvalidStanding::VotesEnough);
                }
                self.votes = Votes { granted, refused: Vec::new() };
                // Its own vote is counted, so no save has to be waited for.
                self.role = Role::Candidate { own_vote: SaveNumber::ZERO };
            }
            StandingRole::Leader => {
                self.check_has_stood()?;
                self.begin_to_lead(now);
            }
        }
        Ok(())
    }

    /// Whether it can have asked for votes in its current term.
    fn check_has_stood(&self) -> Result<(), InvalidStanding> {
        if self.voted_for != Some(self.id) {
            return Err(InvalidStanding::VotedForAnother { voted_for: self.voted_for });
        }
        self.may_campaign().map_err(|_| InvalidStanding::NotAVoter)
    }
}
