/** The texts of what is there at first sight, in one place; each late part has a file of its own beside this one. */

import { spoken } from '../texts';
import { listed, plural } from './english';

const majority = (voters: number): number => Math.floor(voters / 2) + 1;

export const WORDS = spoken('page', {
  title: 'Raft Playground',
  term: 'term',
  crashed: 'crashed',
  paused: 'paused',
  /** Between members of a list, parts of a sentence, clauses, and a name and what is said of it. */
  sign: { list: ', ', comma: ', ', semicolon: '; ', colon: ': ', gap: ' ' },
  /** "S3", or "S1, S2 and S4". */
  list: listed,
  figure: (figure: string) => `Fig. ${figure}`,
  thesis: (section: string) => `thesis ${section}`,
  /** What an entry says: who counts from here on, or nothing. */
  entry: {
    noOp: 'no-op',
    members: (voters: string, old: string, learners: string) => `voters ${voters}${old ? `, together with the old ones, ${old}` : ''}${learners ? `; learners ${learners}` : ''}`,
  },
  /** "Voters: S1, S2 and S3. Learners: S4." */
  members: (voters: string, leaving: string, learners: string) =>
    [voters ? `Voters: ${voters}.` : '', leaving ? `Leaving: ${leaving}.` : '', learners ? `Learners: ${learners}.` : ''].filter(Boolean).join(' '),
  /** What a server is at this moment, for those who do not see the stage. */
  server: {
    label: (id: number, state: string, paused: string, membership: string, term: number, commit: number) =>
      `S${id}, ${[state, paused, membership].filter(Boolean).join(', ')}, term ${term}, commit index ${commit}`,
    none: 'Choose a server on the stage to see what it holds.',
  },
  /** What is said of what happens, for those who do not see it. */
  said: {
    crashed: (id: number) => `S${id} has crashed.`,
    restarted: (id: number) => `S${id} has restarted.`,
    appeared: (id: number) => `S${id} is there.`,
    leads: (leader: number, term: number) => `S${leader} leads term ${term}.`,
    committed: (index: number) => `Committed up to index ${index}.`,
  },
  /** A branch that nobody has named. */
  branch: (number: number) => `branch ${number}`,
  firstBranch: 'run',
  language: 'Language',
  timeoutNow: 'timeout now',
  hint: 'drag a server · drag empty space: a wall',
  hintTouch: 'drag servers · drag space: a wall',
  loading: 'Loading the cluster …',
  stage: 'Stage: the servers and the messages between them',
  legend: {
    append: 'append',
    vote: 'vote',
    preVote: 'pre-vote',
    reply: 'reply',
    snapshot: 'snapshot',
    read: 'read',
    blocked: 'blocked',
    lost: 'lost',
  },
  roleLetters: { follower: 'F', pre_candidate: 'P', candidate: 'C', leader: 'L' },
  roles: { follower: 'follower', pre_candidate: 'pre-candidate', candidate: 'candidate', leader: 'leader' },
  memberships: { voter: 'voter', old_voter: 'leaving (old voter)', learner: 'learner', none: 'not a member' },
  /** Over a server on the stage that is no plain voter. */
  marks: { voter: '', old_voter: 'leaving', learner: 'learner', none: 'not a member' },
  /** By the bits of AILS, and what stands first. */
  ails: { paused: 'paused', slow: 'slow', clockFast: 'clock fast', clockSlow: 'clock slow', clockAhead: 'clock ahead', diskSlow: 'slow disk', diskLies: 'disk lies' },
  link: (delayMs: number, lossPermille: number, flaps: boolean) =>
    [delayMs > 0 ? `up to ${delayMs} ms` : '', lossPermille > 0 ? `${lossPermille / 10} % lost` : '', flaps ? 'flaps' : ''].filter(Boolean).join(', ') || 'at once',
  twoMajorities: (old: number, now: number) =>
    `joint consensus: ${majority(old)} of ${old} old and ${majority(now)} of ${now} new voters needed`,
  panels: {
    logs: 'Logs',
    events: 'Events',
    server: 'Server',
    diagram: 'Diagram',
    checks: 'Checks',
    clients: 'Clients',
    past: 'Time line',
    faults: 'Faults',
    hunt: 'Find',
    menus: 'The menu',
  },
  ask: {
    message: 'Why was it sent?',
    role: { follower: 'Why is it a follower?', pre_candidate: 'Why is it a pre-candidate?', candidate: 'Why is it a candidate?', leader: 'Why does it lead?' },
    term: (term: number) => `Why is it in term ${term}?`,
    vote: (server: number, to: number) => (server === to ? 'Why did it vote for itself?' : `Why did it vote for S${to}?`),
    noVote: 'It has voted for nobody in its term.',
    entry: (server: number) => `Why does S${server} hold it?`,
  },
  events: {
    none: 'Nothing has happened yet. Press Play, or step to the first event.',
    all: 'messages and timers too',
    only: (servers: string) => `only ${servers}`,
    subject: 'Events listed',
    anySubject: 'about anything',
    subjects: {
      elections: 'elections and terms',
      log: 'log and commits',
      members: 'members',
      snapshots: 'snapshots',
      clients: 'clients and reads',
      messages: 'messages',
      done: 'what you did, crashes',
    },
    noneSuch: 'Nothing of that kind has happened.',
    goTo: 'go to this moment',
    why: 'why?',
    whyAbout: 'what brought it about',
    more: 'Show more',
    gap: 'Not all earlier events are listed.',
  },
  bookmark: {
    leads: (leader: number | undefined) => (leader ? `S${leader} leads` : 'Nobody leads'),
    broken: 'A property is broken',
    at: (what: string, time: string) => `${what}, ${time}`,
    set: (name: string) => `Marked: ${name}. Its name can be changed under Bookmarks.`,
  },
  presenting: {
    hint: '‹ and ›, or Page Up and Page Down, go from bookmark to bookmark; Esc leaves.',
  },
  deck: {
    nobody: 'The cluster',
    servers: (count: number) => plural(count, 'server', 'servers'),
    /** On the button; `unseen` is for those who hear it. */
    timeOut: { seen: 'Time out', unseen: ' now' },
    propose: { seen: 'Propose', unseen: (server: number) => ` to S${server}` },
    proposeAbout: (server: number) => `propose this value to ${server > 0 ? `S${server}` : 'the cluster'} (P)`,
    inTerm: (term: number) => `term ${term}`,
    state: (state: string, besides: string) => `${state}, ${besides}`,
    value: 'Value to propose',
    placeholder: 'key=value',
    more: 'More',
    moreAbout: 'what else the chosen servers can do: members, snapshots, reads',
    answer: 'Answer to the read',
    waits: (key: string) => `${key} = …`,
    answered: (key: string, value: string | null) => (value === null ? `${key} was never written` : `${key} = ${value}`),
    failed: (key: string) => `${key}: no answer`,
    by: (server: number, index: number) => `S${server} read it as of index ${index}`,
  },
  controls: {
    speed: 'Speed',
    speedAbout: (min: number, max: number) => `${min} to ${max} virtual seconds a second`,
    /** On a narrow screen, `wide` is left out. */
    step: 'Step',
    nextElection: { wide: 'Next ', seen: 'election' },
    nextCommit: { wide: 'Next ', seen: 'commit' },
    servers: 'Servers',
    seed: 'Seed',
    breakRaft: 'Break Raft',
    time: 'Virtual time',
    slowed: (speed: string) => `as fast as it can: ${speed}`,
    theme: { auto: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' },
  },
  scenes: {
    head: 'Scenes',
    about: 'figures of the paper and other stories, each from where it begins',
    tell: 'Each begins where it becomes interesting. Choose one, then press Play or step through it.',
    loading: 'Loading the scenes …',
    /** What is played and offered, by the title that its file has. */
    title: (title: string) => title,
    text: (_title: string, text: string) => text,
    failed: 'The scenes could not be loaded. Close this list and open it again to try once more.',
  },
  rules: {
    head: 'Rules',
    about: 'what Raft may do besides, and what it must: rules that may be switched on or off',
    names: { pre_vote: 'Pre-Vote', check_quorum: 'CheckQuorum', lease_reads: 'Lease reads', eager_commit: 'Eager commit' },
    snapshotsOn: (entries: number) => `Snapshot every ${entries} entries`,
    off: (count: number) => `${count} off`,
    on: (count: number) => `${count} on`,
  },
  wall: (wall: number) => `Wall ${wall}`,
  removeWall: (wall: number) => `Remove wall ${wall}`,
  noStraightWall: (names: string) => `No straight wall parts ${names} from the others: their links are cut instead.`,
  notCopied: 'The browser did not allow copying.',
  wallEnd: (wall: number, end: 'a' | 'b') => `Wall ${wall}, ${end === 'a' ? 'first' : 'second'} end`,
  violation: { head: 'A property of Raft is broken' },
  panic: {
    head: 'The simulation failed',
    rebuilt: 'This is a mistake in the Playground, not in Raft. The run was brought back to where it was, in a fresh instance, and is paused.',
    lost: 'This is a mistake in the Playground, not in Raft. The run could not be brought back and starts anew.',
    copy: 'Copy the report',
    copied: 'Copied',
    close: 'Go on',
  },
  failed: 'The playground could not start',
  late: (what: string) => `${what} could not be loaded. Try once more.`,
  sheets: { help: 'Keys and gestures', share: 'Share', search: 'Search' },
});
