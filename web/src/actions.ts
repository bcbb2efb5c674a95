/**
 * Everything that a person can do to the run, once: buttons, shortcuts and the help sheet are all made from this list.
 * An action that would change nothing says why instead of running.
 */

import { type Bookmark, BOOKMARKS_MAX } from './bookmarks';
import { LIMITS } from './door/layout';
import type { Input, JumpKind } from './door/types';
import type { Membership, ServerItem } from './stage/scene';
import { serverNames } from './words';

/** What actions see and act on: the element. */
export interface Bench {
  readonly playing: boolean;
  readonly ended: boolean;
  /** The chosen servers, or the one that has the focus. */
  readonly targets: readonly ServerItem[];
  readonly everyServer: readonly ServerItem[];
  readonly wallChosen: number;
  readonly anyCut: boolean;
  play(): void;
  pause(): void;
  step(): void;
  stepBack(): void;
  readonly atBeginning: boolean;
  /** What would be undone: of what was done by hand up to this moment. */
  readonly lastDone: 'nothing' | 'beginning' | 'something';
  /** Whether something of this kind may lie behind this moment, or ahead of it in what was lived. */
  passed(kind: JumpKind, forward: boolean): boolean;
  jump(to: 'leader' | 'commit' | 'input', forward: boolean): void;
  undo(): void;
  /** All that were set in this run. */
  readonly bookmarked: readonly Bookmark[];
  /** The bookmark at this moment, the last one before it or the next one behind it. */
  bookmark(where: 'here' | 'before' | 'after'): Bookmark | undefined;
  /** Marks this moment. */
  mark(): void;
  visit(bookmark: Bookmark): void;
  changeSpeed(up: boolean): void;
  reset(): void;
  freshSeed(): void;
  crash(id: number): void;
  restart(id: number): void;
  timeout(id: number): void;
  transfer(id: number, to: number): void;
  askForValue(): void;
  /** Reads the key that is written in the field: at the chosen server, or by a client that looks for the leader. */
  read(): void;
  compact(id: number): void;
  /** Starts a server and asks for it as a voter. */
  addServer(): void;
  setMembers(voters: readonly number[], learners: readonly number[]): void;
  partTargets(): void;
  removeWall(wall: number): void;
  heal(): void;
  clearChoice(): void;
  /** Whether the address of the page may hold this run. */
  readonly hasAddress: boolean;
  copyLink(): void;
  toggle(sheet: 'help' | 'share' | 'search'): void;
  /** Whether the stage is shown large, with few controls. */
  readonly presenting: boolean;
  present(): void;
  /** Does this to the run, all at this moment: it is undone as one. */
  do(inputs: readonly Input[]): void;
  /** Opens the menu of what is chosen, or the drawer of faults. */
  reveal(what: 'menu' | 'faults'): void;
}

export type Group = 'time' | 'server' | 'members' | 'network' | 'run' | 'page';

export interface Action {
  readonly id: string;
  readonly group: Group;
  readonly label: (bench: Bench) => string;
  /** Values of KeyboardEvent.key; letters in lower case, capitals need Shift. `Mod+` before one is Ctrl, or Command on a Mac. */
  readonly keys: readonly string[];
  /** For the help sheet. */
  readonly tells: string;
  /** Why it would change nothing now, or null. */
  readonly refusal: (bench: Bench) => string | null;
  readonly run: (bench: Bench) => void;
}

const always = (): null => null;
const ended = (bench: Bench): string | null => (bench.ended ? 'A property is broken and time has stopped: go back, or reset.' : null);

/** Refuses without a choice, or when no chosen server passes `would`. */
const forTargets =
  (would: (server: ServerItem) => boolean, why: (names: string, many: boolean) => string) =>
  (bench: Bench): string | null => {
    if (bench.ended) return ended(bench);
    if (bench.targets.length === 0) return 'Choose a server first.';
    if (bench.targets.some(would)) return null;
    return why(serverNames(bench.targets.map((server) => server.id)), bench.targets.length > 1);
  };

const each = (would: (server: ServerItem) => boolean, act: (bench: Bench, id: number) => void) => (bench: Bench): void => {
  for (const id of bench.targets.filter(would).map((server) => server.id)) act(bench, id);
};

const isUp = (server: ServerItem): boolean => server.up;
const isDown = (server: ServerItem): boolean => !server.up;
const hasNews = (server: ServerItem): boolean => server.up && server.lastApplied > server.snapshotIndex;
const hasTimer = (server: ServerItem): boolean => server.up && server.role !== 'leader';
/** From whom to whom the leadership would go: from the leader that the chosen server follows. Or why it cannot. */
function handOverOf(bench: Bench): { from: number; to: number } | string {
  const [to, ...others] = bench.targets;
  if (bench.ended || !to) return ended(bench) ?? 'Choose the server that is to lead first.';
  if (others.length > 0) return 'Choose one server only: the one that is to lead.';
  if (!to.up) return `S${to.id} is down.`;
  if (to.role === 'leader') return `S${to.id} leads already: choose the server that is to lead.`;
  const from = bench.everyServer.find((server) => server.id === to.leader);
  if (!from) return `S${to.id} follows no leader that could hand over to it.`;
  if (!from.up || from.role !== 'leader') return `S${from.id}, which S${to.id} follows, does not lead any more.`;
  return { from: from.id, to: to.id };
}

/** Why no one of the chosen servers can be asked for something, or null; without a choice a client asks. */
function oneOrNone(bench: Bench): string | null {
  const [first, ...others] = bench.targets;
  if (bench.ended) return ended(bench);
  if (others.length > 0) return 'Choose one server, or none: then a client looks for the leader.';
  return first && !first.up ? `S${first.id} is down.` : null;
}

/** Why the chosen servers cannot be handed a value, or null. */
export function proposalRefusal(bench: Bench): string | null {
  const [first] = bench.targets;
  const refusal = oneOrNone(bench);
  if (refusal !== null || !first || first.role === 'leader') return refusal;
  return `S${first.id} does not lead: only a leader appends. With no server chosen, a client looks for the leader.`;
}

/** The leader that would be asked to change the members. */
export function leaderOf(bench: Bench): ServerItem | undefined {
  return bench.everyServer.filter((server) => server.up && server.role === 'leader').sort((a, b) => b.term - a.term)[0];
}

/** Why no change of members could begin, or null. */
function changeRefusal(bench: Bench): string | null {
  if (bench.ended) return ended(bench);
  const leader = leaderOf(bench);
  if (!leader) return 'Nobody leads: only a leader changes the members.';
  return leader.changing ? 'A change of members is under way: one at a time.' : null;
}

/** Who would be in the cluster if the chosen servers were this to it. */
function membersWith(bench: Bench, membership: Membership): { voters: number[]; learners: number[] } {
  const all = (kind: Membership): number[] =>
    bench.everyServer.filter((server) => (bench.targets.includes(server) ? membership : server.membership) === kind).map((server) => server.id);
  return { voters: all('voter'), learners: all('learner') };
}

/** An action that makes the chosen servers something else to the cluster. */
function memberAction(id: string, membership: Membership, key: string, texts: readonly [one: string, many: string], tells: string, already: string): Action {
  return {
    id,
    group: 'members',
    label: (bench) => (bench.targets.length > 1 ? texts[1] : texts[0]),
    keys: [key],
    tells,
    refusal: (bench) =>
      forTargets(
        (server) => server.membership !== membership,
        (names, many) => `${names} ${many ? 'are' : 'is'} ${already} already.`,
      )(bench) ??
      changeRefusal(bench) ??
      (membersWith(bench, membership).voters.length === 0 ? 'No voter would be left.' : null),
    run: (bench) => {
      const { voters, learners } = membersWith(bench, membership);
      bench.setMembers(voters, learners);
    },
  };
}

const label = (text: string) => (): string => text;

export const NOTHING_DONE_AHEAD = 'Nothing was done to the run after this moment.';
export const NONE_BEHIND = {
  leader: 'No election was won before this moment.',
  commit: 'Nothing was committed before this moment.',
  input: 'Nothing was done to the run before this moment.',
} as const;
const BACK_TO = {
  leader: ['Previous election', 'go back to the election before'],
  commit: ['Previous commit', 'go back to the commit before'],
  input: ['Previous thing done', 'go back to what was done before'],
} as const;

/** Goes back to the last event of a kind. */
function backTo(name: string, kind: keyof typeof BACK_TO, key: string): Action {
  return {
    id: `previous-${name}`,
    group: 'time',
    label: label(BACK_TO[kind][0]),
    keys: [key],
    tells: BACK_TO[kind][1],
    refusal: (bench) => (bench.passed(kind, false) ? null : NONE_BEHIND[kind]),
    run: (bench) => bench.jump(kind, false),
  };
}

/** Goes to another bookmark. */
function toBookmark(name: 'previous' | 'next', key: string): Action {
  const [where, tells] = name === 'next' ? (['after', 'go to the next bookmark'] as const) : (['before', 'go back to the bookmark before'] as const);
  return {
    id: `${name}-bookmark`,
    group: 'time',
    label: label(name === 'next' ? 'Next bookmark' : 'Previous bookmark'),
    keys: [key],
    tells,
    refusal: (bench) => (bench.bookmark(where) ? null : `No bookmark comes ${where} this moment: B sets one.`),
    run: (bench) => {
      const there = bench.bookmark(where);
      if (there) bench.visit(there);
    },
  };
}

export const ACTIONS: readonly Action[] = [
  {
    id: 'play',
    group: 'time',
    label: (bench) => (bench.playing ? 'Pause' : 'Play'),
    keys: [' ', 'k'],
    tells: 'play or pause',
    refusal: ended,
    run: (bench) => (bench.playing ? bench.pause() : bench.play()),
  },
  { id: 'step', group: 'time', label: label('Step'), keys: ['.'], tells: 'step to the next event', refusal: ended, run: (bench) => bench.step() },
  { id: 'step-back', group: 'time', label: label('Step back'), keys: [','], tells: 'step back to the event before', refusal: (bench) => (bench.atBeginning ? 'This is the beginning of the run.' : null), run: (bench) => bench.stepBack() },
  {
    id: 'next-election',
    group: 'time',
    label: label('Next election'),
    keys: ['e'],
    tells: 'go on until a server is elected',
    refusal: ended,
    run: (bench) => bench.jump('leader', true),
  },
  {
    id: 'next-commit',
    group: 'time',
    label: label('Next commit'),
    keys: ['m'],
    tells: 'go on until an entry is committed',
    refusal: ended,
    run: (bench) => bench.jump('commit', true),
  },
  backTo('election', 'leader', 'E'),
  backTo('commit', 'commit', 'M'),
  backTo('input', 'input', 'I'),
  {
    id: 'next-input',
    group: 'time',
    label: label('Next thing done'),
    keys: ['i'],
    tells: 'go on to what was done next',
    refusal: (bench) => (bench.passed('input', true) ? null : NOTHING_DONE_AHEAD),
    run: (bench) => bench.jump('input', true),
  },
  {
    id: 'undo',
    group: 'time',
    label: label('Undo'),
    keys: ['u'],
    tells: 'go back to just before what was done last',
    refusal: ({ lastDone }) =>
      lastDone === 'something' ? null : lastDone === 'nothing' ? 'Nothing was done by hand before this moment.' : 'It was done at the very beginning: reset instead.',
    run: (bench) => bench.undo(),
  },
  {
    id: 'bookmark',
    group: 'time',
    label: label('Bookmark'),
    keys: ['b'],
    tells: 'mark this moment with a name',
    refusal: (bench) => {
      const here = bench.bookmark('here');
      if (here) return `This moment is marked already: ${here.name}.`;
      return bench.bookmarked.length < BOOKMARKS_MAX ? null : `There are ${BOOKMARKS_MAX} bookmarks, and no more may be.`;
    },
    run: (bench) => bench.mark(),
  },
  toBookmark('previous', 'V'),
  toBookmark('next', 'v'),
  { id: 'slower', group: 'time', label: label('Slower'), keys: ['-'], tells: 'slower', refusal: always, run: (bench) => bench.changeSpeed(false) },
  { id: 'faster', group: 'time', label: label('Faster'), keys: ['+', '='], tells: 'faster', refusal: always, run: (bench) => bench.changeSpeed(true) },
  {
    id: 'crash',
    group: 'server',
    label: label('Crash'),
    keys: ['c'],
    tells: 'crash the chosen servers',
    refusal: forTargets(isUp, (names, many) => `${names} ${many ? 'are' : 'is'} down already.`),
    run: each(isUp, (bench, id) => bench.crash(id)),
  },
  {
    id: 'restart',
    group: 'server',
    label: label('Restart'),
    keys: ['r'],
    tells: 'restart the chosen servers',
    refusal: forTargets(isDown, (names, many) => `${names} ${many ? 'are' : 'is'} running: only a crashed server restarts.`),
    run: each(isDown, (bench, id) => bench.restart(id)),
  },
  {
    id: 'timeout',
    group: 'server',
    label: label('Time out now'),
    keys: ['t'],
    tells: 'let the election timers of the chosen servers run out',
    refusal: forTargets(hasTimer, (names, many) =>
      many ? `None of ${names} has an election timer now.` : `${names} has no election timer: it leads or is down.`,
    ),
    run: each(hasTimer, (bench, id) => bench.timeout(id)),
  },
  {
    id: 'transfer',
    group: 'server',
    label: label('Make leader'),
    keys: ['l'],
    tells: 'let the leader hand its leadership over to the chosen server',
    refusal: (bench) => {
      const handOver = handOverOf(bench);
      return typeof handOver === 'string' ? handOver : null;
    },
    run: (bench) => {
      const handOver = handOverOf(bench);
      if (typeof handOver !== 'string') bench.transfer(handOver.from, handOver.to);
    },
  },
  {
    id: 'propose',
    group: 'server',
    label: label('Propose a value'),
    keys: ['p'],
    tells: 'write a value to propose: to the chosen leader, or to the cluster',
    refusal: always,
    run: (bench) => bench.askForValue(),
  },
  {
    id: 'read',
    group: 'server',
    label: label('Read'),
    keys: ['g'],
    tells: 'read the key that is written, or x: from the chosen server or the cluster',
    refusal: (bench) => {
      const [server] = bench.targets;
      const refusal = oneOrNone(bench);
      if (refusal !== null || !server) return refusal;
      return server.role === 'leader' || server.leader > 0 ? null : `S${server.id} follows no leader that it could ask.`;
    },
    run: (bench) => bench.read(),
  },
  {
    id: 'snapshot',
    group: 'server',
    label: label('Take a snapshot'),
    keys: ['s'],
    tells: 'let the chosen servers take a snapshot in place of their logs',
    refusal: (bench) =>
      forTargets(isUp, (names, many) => `${names} ${many ? 'are' : 'is'} down.`)(bench) ??
      forTargets(hasNews, (names, many) => `${names} ${many ? 'have' : 'has'} applied nothing that is not in a snapshot already.`)(bench),
    run: each(hasNews, (bench, id) => bench.compact(id)),
  },
  {
    id: 'add-server',
    group: 'members',
    label: label('Add server'),
    keys: ['a'],
    tells: 'start a server and ask the leader to make it a voter',
    refusal: (bench) =>
      changeRefusal(bench) ?? (bench.everyServer.length >= LIMITS.servers ? `There are ${LIMITS.servers} servers, and no more may be.` : null),
    run: (bench) => bench.addServer(),
  },
  memberAction('join', 'voter', 'j', ['Add to the cluster', 'Add to the cluster'], 'ask the leader to make the chosen servers voters', 'in the cluster'),
  memberAction('learn', 'learner', 'n', ['Make it a learner', 'Make them learners'], 'ask the leader to let the chosen servers only learn', 'learning'),
  memberAction('leave', 'none', 'x', ['Remove from the cluster', 'Remove from the cluster'], 'ask the leader to remove the chosen servers; with Pre-Vote and CheckQuorum they then disturb nobody', 'outside the cluster'),
  {
    id: 'part',
    group: 'network',
    label: label('Wall off'),
    keys: ['w'],
    tells: 'draw a wall between the chosen servers and the others',
    refusal: (bench) =>
      bench.targets.length === 0
        ? 'Choose the servers to part from the others first.'
        : bench.targets.length === bench.everyServer.length
          ? 'All servers are chosen: nobody is left on the other side.'
          : null,
    run: (bench) => bench.partTargets(),
  },
  {
    id: 'remove-wall',
    group: 'network',
    label: label('Remove the wall'),
    keys: ['Delete', 'Backspace'],
    tells: 'remove the chosen wall',
    refusal: (bench) => (bench.wallChosen === 0 ? 'Choose a wall first.' : null),
    run: (bench) => bench.removeWall(bench.wallChosen),
  },
  {
    id: 'heal',
    group: 'network',
    label: label('Heal'),
    keys: ['h'],
    tells: 'remove all walls and mend all links',
    refusal: (bench) => (bench.anyCut ? null : 'No wall stands and no link is cut.'),
    run: (bench) => bench.heal(),
  },
  { id: 'reset', group: 'run', label: label('Reset'), keys: ['R'], tells: 'start the same run anew', refusal: always, run: (bench) => bench.reset() },
  {
    id: 'fresh-seed',
    group: 'run',
    label: label('New seed'),
    keys: ['f'],
    tells: 'start a run with a fresh seed',
    refusal: always,
    run: (bench) => bench.freshSeed(),
  },
  {
    id: 'copy-link',
    group: 'page',
    label: label('Copy link'),
    keys: ['y'],
    tells: 'copy a link to this very moment',
    refusal: (bench) => (bench.hasAddress ? null : 'This page is not the Playground’s own: save the run as a file instead.'),
    run: (bench) => bench.copyLink(),
  },
  { id: 'share', group: 'page', label: label('Share'), keys: ['o'], tells: 'keep, share and open runs', refusal: always, run: (bench) => bench.toggle('share') },
  { id: 'search', group: 'page', label: label('Search'), keys: ['/', 'Mod+k'], tells: 'find anything on this page', refusal: always, run: (bench) => bench.toggle('search') },
  {
    id: 'present',
    group: 'page',
    label: (bench) => (bench.presenting ? 'Leave' : 'Present'),
    keys: ['P'],
    tells: 'show the stage large, with few controls; there Page Down and Page Up go from bookmark to bookmark, and Esc leaves',
    refusal: always,
    run: (bench) => bench.present(),
  },
  { id: 'menu', group: 'page', label: label('Menu'), keys: ['d'], tells: 'all that can be done with what is chosen', refusal: always, run: (bench) => bench.reveal('menu') },
  { id: 'faults', group: 'page', label: label('Faults'), keys: ['F'], tells: 'set what links, disks and clocks are like', refusal: always, run: (bench) => bench.reveal('faults') },
  { id: 'clear', group: 'page', label: label('Choose nothing'), keys: ['Escape'], tells: 'choose nothing, close what is open', refusal: always, run: (bench) => bench.clearChoice() },
  { id: 'help', group: 'page', label: label('Keys and gestures'), keys: ['?'], tells: 'show this sheet', refusal: always, run: (bench) => bench.toggle('help') },
];

const BY_ID = new Map(ACTIONS.map((action) => [action.id, action]));

/** The action with this id; the ids are those of the list above. */
export function action(id: string): Action {
  const found = BY_ID.get(id);
  if (!found) throw new Error(`no action is called ${id}`);
  return found;
}

/** What a key press asks for. Keys with Ctrl, Alt or Meta belong to the browser, but for those that are listed with them. */
export function actionForKey(event: { key: string; ctrlKey: boolean; altKey: boolean; metaKey: boolean }): Action | undefined {
  if (event.altKey) return undefined;
  const key = event.ctrlKey || event.metaKey ? `Mod+${event.key}` : event.key;
  return ACTIONS.find((candidate) => candidate.keys.includes(key));
}

/** How a key is written on the help sheet. */
export function keyText(key: string): string {
  if (key === ' ') return 'Space';
  if (key === 'Escape') return 'Esc';
  if (key.startsWith('Mod+')) return `Ctrl ${keyText(key.slice(4))}`;
  return /^[A-Z]$/.test(key) ? `Shift ${key}` : key.length === 1 ? key.toUpperCase() : key;
}
