/**
 * What the engine itself says of an input that it refuses, and of the steps of a story: in its own English, with `{}` for each
 * value. Another language says the same with the same values, in their order or by their numbers (`{1}`). Tests hold these against
 * the engine's sources, so that nothing it says to a hand is left out.
 */

import { spoken } from '../texts';

export const ENGINE = spoken('engine', {
  refusals: {
    down: '{} is crashed; expected a running server',
    paused: '{} is paused; expected a server that works',
    up: '{} is running; expected a crashed server',
    refuses: '{} refuses: {}',
    cannotStart: '{} cannot start from its disk: {}',
    cut: 'the link from {} to {} is cut by hand already',
    notCut: 'the link from {} to {} is not cut by hand',
    noMessage: 'no message {} is on its way',
    inFlightMax: '{} messages are on their way, and no more may be',
    noWall: 'there is no wall {}',
    wallsMax: '{} walls stand, and no more may',
    serversMax: '{} servers are there, and no more may be',
    nobodyLeads: 'no running server leads; expected one, or the server to ask',
    waitingMax: '{} values wait for the leader, and no more may',
    inputsMax: '{} inputs were recorded, and no more may be',
    nothingToChange: 'nothing would change: {}',
    stopped: 'the run has stopped at a violation',
  },
  /** Why a server refuses. */
  reasons: {
    notLeaderMayBe: 'not the leader; {} may be',
    notLeader: 'not the leader, and none is known',
    transfer: 'the leadership is being handed over to {}',
    noTransfer: 'the leadership cannot go to {}; expected another voter',
    noTimer: 'a leader has no election timer',
    lease: 'a leader’s lease may rest on it until the shortest election timeout has passed since it heard from one or started; that was {} µs ago',
    noVoter: 'this server is not a voter of its configuration',
    changing: 'a change of members is under way since index {}; expected to wait until it is done',
    nothingOfTerm: 'nothing of term {} is committed yet; members can change after that',
    sameMembers: 'the members are these already',
    notJoint: 'no joint configuration that stays is in force and committed',
    snapshot: 'a snapshot up to {}; expected an index after {} and up to {}',
    noTerm: 'no term is left: the limit is {}',
  },
  /** Why nothing would change. */
  already: {
    place: 'the server stands there',
    wall: 'the wall stands so already',
    cuts: 'the links are cut in just this way',
    whole: 'no link is cut by hand and no wall stands',
    link: 'the link is set in just this way',
    flaps: 'the link flaps in just this way',
    held: 'the message is held',
    noneToHold: 'no message that is not held is on its way there',
    notHeld: 'the message is not held',
    noneHeld: 'no message is held',
    delay: 'the message takes so long already',
    paused: 'the server is paused',
    notPaused: 'the server is not paused',
    slow: 'the server is just so slow',
    disk: 'the disk is set in just this way',
    diskHolds: 'the disk holds just that',
    clock: 'the clock runs at just this rate',
  },
  /** What an answer is to. */
  answers: {
    vote: 'its vote',
    preVote: 'its Pre-Vote',
    answer: 'its answer',
    snapshot: 'its answer to the snapshot',
    readIndex: 'its read index',
  },
  /** The steps of a story that a search has found. */
  steps: {
    answer: '{} receives {}’s answer ({})',
    receives: '{} receives {} from {}',
    lost: '{} from {} to {} is lost',
    doubled: '{} from {} to {} is doubled',
    timesOut: '{} times out',
    heartbeats: '{} sends heartbeats',
    write: 'a client hands {} something to write',
    read: 'a client reads from {}',
    crashes: '{} crashes',
    restarts: '{} starts again',
    hands: '{} hands its leadership to {}',
    snapshot: '{} takes a snapshot',
    learners: '{} changes the voters to {} and the learners to {}',
    voters: '{} changes the voters to {}',
    clock: '{}’s clock runs at {} %',
    wait: '{} ms pass',
  },
});
