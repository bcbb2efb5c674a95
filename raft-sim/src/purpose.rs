//! What draws are for: the second word of each draw's address, after the scenario's seed.

/// A server's own seed, with its id and its incarnation.
pub(crate) const SERVER: u64 = 1;
/// How long a message takes, with the link and how many were sent on it before.
pub(crate) const DELAY: u64 = 2;
/// Whether a message is lost, addressed alike.
pub(crate) const LOSS: u64 = 3;
/// Where on its way a message is lost, addressed alike.
pub(crate) const LOST_WHERE: u64 = 4;
/// Whether a message is doubled, addressed alike.
pub(crate) const DUPLICATE: u64 = 5;
/// How long a save takes, with the server and how many saves it began before.
pub(crate) const SAVE: u64 = 6;
/// How long a client's message takes, with the client and how many messages went to or from it before.
pub(crate) const CLIENT_DELAY: u64 = 7;
/// When a background client begins, with the client.
pub(crate) const CLIENT_BEGINS: u64 = 8;
/// Faults drawn ahead, with what kind, how many before and what of it.
pub(crate) const FAULTS: u64 = 9;
/// Whether a background client reads rather than writes, with the client and the number of its operation.
pub(crate) const CLIENT_READS: u64 = 10;
/// What is added to the time that a message takes, addressed as that time is.
pub(crate) const DELAY_TAIL: u64 = 20;
/// Whether what a background client writes is appended, addressed alike.
pub(crate) const CLIENT_APPENDS: u64 = 31;
/// Which of the shared keys a background client names, addressed alike.
pub(crate) const CLIENT_KEY: u64 = 32;
/// How long it takes until a client in an open loop wants something more, with the client and the moment.
pub(crate) const CLIENT_GAP: u64 = 33;
/// Whether a refusal names a wrong leader, with the client and its attempt.
pub(crate) const WRONG_HINT: u64 = 34;
/// Which wrong leader, addressed alike.
pub(crate) const WRONG_LEADER: u64 = 35;
/// Whether a wall that lets some messages through stops one, with the wall and the message.
pub(crate) const WALL: u64 = 36;
/// What a search does next, with its epoch, run and step.
pub(crate) const EXPLORE: u64 = 37;

/// Added to the purpose for the copy of a doubled message.
pub(crate) const OF_A_COPY: u64 = 1 << 32;
/// What a soak's run is like, with which of its conditions.
pub(crate) const PLAN: u64 = 11;
