/** Every text of the page that is not about an event of the run (those are in sentences.ts), in one catalogue. */

import type { EntryState, Role } from './door/types';
import type { Membership } from './stage/scene';

export const WORDS = {
  title: 'Raft Playground',
  term: 'term',
  crashed: 'crashed',
  paused: 'paused',
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
  rows: { follower: '', pre_candidate: 'pre-vote', candidate: 'asks', leader: 'leads' },
  panels: {
    logs: 'Logs',
    events: 'Events',
    server: 'Server',
    diagram: 'Diagram',
    checks: 'Checks',
    clients: 'Clients',
    past: 'Time line',
    faults: 'Faults',
    menus: 'The menu',
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
  server: {
    none: 'Choose a server on the stage to see what it holds.',
  },
  bookmark: {
    leads: (leader: number | undefined) => (leader ? `S${leader} leads` : 'Nobody leads'),
    broken: 'A property is broken',
    set: (name: string) => `Marked: ${name}. Its name can be changed under Bookmarks.`,
  },
  presenting: {
    hint: 'Page Down goes to the next bookmark, Page Up to the one before; Esc leaves.',
    none: 'No bookmark yet: B sets one.',
    at: (name: string, at: number, all: number) => `${at} of ${all}: ${name}`,
    between: (all: number) => plural(all, 'bookmark', 'bookmarks'),
  },
  deck: {
    nobody: 'The cluster',
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
    servers: 'Servers',
    seed: 'Seed',
    time: 'Virtual time',
    slowed: (speed: string) => `as fast as it can: ${speed}`,
    theme: { auto: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' },
  },
  scenes: {
    head: 'Scenes',
    about: 'figures of the paper and other stories, each from where it begins',
    tell: 'Each begins where it becomes interesting. Choose one, then press Play or step through it.',
    loading: 'Loading the scenes …',
    failed: 'The scenes could not be loaded. Close this list and open it again to try once more.',
  },
  rules: {
    head: 'Rules',
    about: 'what Raft may do besides, and what it must: rules that may be switched on or off',
    list: [
      {
        option: 'pre_vote',
        name: 'Pre-Vote',
        tells: 'Before it enters a new term, a server asks whether it could win it. One that comes back from behind a wall then deposes nobody.',
        section: 'D§9.6',
      },
      {
        option: 'check_quorum',
        name: 'CheckQuorum',
        tells: 'A leader that does not hear from a majority steps down, and servers that hear from a leader hold on to it.',
        section: 'D§6.2',
      },
      {
        option: 'lease_reads',
        name: 'Lease reads',
        tells: 'A leader answers reads without asking anyone as long as nobody else can have been elected.',
        section: 'D§6.4.1',
      },
      {
        option: 'eager_commit',
        name: 'Eager commit',
        tells: 'Followers are told at once what is committed, not with the next heartbeat.',
        section: 'P§5.3',
      },
    ],
    leaseNeeds: 'Switch CheckQuorum on first: a lease rests on servers that hold on to their leader.',
    snapshots: ['Snapshot every', 'entries'],
    snapshotsTell: 'A server that has applied so many since its last snapshot takes another, and drops the log up to there; 0: only when told to.',
    snapshotsSection: 'P§7',
    must: 'What Raft must do',
    mustTell: 'Switch a rule off to see what it guards against: the properties of Figure 3, and what they rest on, are checked all the while.',
    without: 'Otherwise:',
    off: (count: number) => `${count} off`,
    on: (count: number) => `${count} on`,
  },
  wall: (wall: number) => `Wall ${wall}`,
  wallEnd: (wall: number, end: 'a' | 'b') => `Wall ${wall}, ${end === 'a' ? 'first' : 'second'} end`,
  violation: {
    head: 'A property of Raft is broken',
    broken: 'What should hold:',
    servers: 'Servers',
    indexes: 'Index',
    terms: 'Term',
    note: 'Time has stopped. Reset starts anew.',
    copy: 'Copy the run',
    evidence: 'What shows it',
  },
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
} as const;

const majority = (voters: number): number => Math.floor(voters / 2) + 1;

/** "S3", or "S1, S2 and S4". */
export function serverNames(ids: Iterable<number>): string {
  const names = [...ids].sort((a, b) => a - b).map((id) => `S${id}`);
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}

/** What an entry says: a command, who counts from here on, or nothing. */
export function entryText({ command, configuration }: EntryState): string {
  if (!configuration) return command ?? 'no-op';
  const { voters, old_voters, learners } = configuration;
  return `voters ${serverNames(voters)}${old_voters ? `, together with the old ones, ${serverNames(old_voters)}` : ''}${learners.length > 0 ? `; learners ${serverNames(learners)}` : ''}`;
}

/** What a server is to the cluster, where that is no plain voter: ", learner". */
export const memberText = ({ membership }: { membership: Membership }): string => (membership === 'voter' ? '' : `, ${WORDS.memberships[membership]}`);

/** "Voters: S1, S2 and S3. Learners: S4." */
export function membersText(servers: readonly { id: number; membership: Membership }[]): string {
  const named = (head: string, kind: Membership): string => {
    const ids = servers.filter((server) => server.membership === kind).map((server) => server.id);
    return ids.length > 0 ? `${head}: ${serverNames(ids)}.` : '';
  };
  return [named('Voters', 'voter'), named('Leaving', 'old_voter'), named('Learners', 'learner')].filter(Boolean).join(' ');
}

/** What a server is at this moment, for those who do not see the stage. */
export function serverLabel(server: { id: number; up: boolean; paused?: boolean; role: Role; term: number; commitIndex: number; membership: Membership }): string {
  const role = server.up ? WORDS.roles[server.role] : WORDS.crashed;
  return `S${server.id}, ${role}${server.paused ? `, ${WORDS.paused}` : ''}${memberText(server)}, term ${server.term}, commit index ${server.commitIndex}`;
}

/** "1 238.4 ms": tabular, grouped by thin spaces. */
export function timeText(us: number): string {
  const tenths = Math.round(us / 100);
  const whole = String(Math.floor(tenths / 10)).replace(/\B(?=(\d{3})+$)/g, ' ');
  return `${whole}.${tenths % 10} ms`;
}

/** "1/50 ×" or "2 ×". */
export function speedText(speed: number): string {
  if (speed >= 0.995) return `${Number(speed.toPrecision(2))} ×`;
  return `1/${Number((1 / speed).toPrecision(2))} ×`;
}

/** "§5.4.1" for the paper, "thesis §6.3" for the dissertation. */
export function sectionText(section: string): string {
  return section.startsWith('D') ? `thesis ${section.slice(1)}` : section.replace(/^P/, '');
}

/** "1 entry", "3 entries". */
export const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
