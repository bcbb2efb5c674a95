/**
 * Everything that a person can do to the run, once: buttons, shortcuts and the help sheet are all made from this list.
 * An action that would change nothing says why instead of running.
 */

import { type Bookmark, BOOKMARKS_MAX } from './bookmarks';
import { LIMITS } from './door/layout';
import type { Input, JumpKind } from './door/types';
import { ACTION_TEXTS, REFUSALS } from './lang/en/actions';
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
  /** How many branches the run has. */
  readonly branchCount: number;
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
  /** Puts the moment on paper. */
  print(): void;
  toggle(sheet: 'help' | 'share' | 'search'): void;
  /** Whether the stage is shown large, with few controls. */
  readonly presenting: boolean;
  present(): void;
  /** Does this to the run, all at this moment: it is undone as one. */
  do(inputs: readonly Input[]): void;
  /** Opens the menu of what is chosen, the drawer of faults, the search for a violation, or two branches side by side. */
  reveal(what: Revealed): void;
}

/** What an action can open. */
export type Revealed = 'menu' | 'faults' | 'hunt' | 'pair' | readonly [branch: number, beside: number];

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
const ended = (bench: Bench): string | null => (bench.ended ? REFUSALS.ended : null);

/** Refuses without a choice, or when no chosen server passes `would`. */
const forTargets =
  (would: (server: ServerItem) => boolean, why: (names: string, many: boolean) => string) =>
  (bench: Bench): string | null => {
    if (bench.ended) return ended(bench);
    if (bench.targets.length === 0) return REFUSALS.chooseServer;
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
  if (bench.ended || !to) return ended(bench) ?? REFUSALS.chooseNextLeader;
  if (others.length > 0) return REFUSALS.chooseOneLeader;
  if (!to.up) return REFUSALS.down(`S${to.id}`, false);
  if (to.role === 'leader') return REFUSALS.leadsAlready(to.id);
  const from = bench.everyServer.find((server) => server.id === to.leader);
  if (!from) return REFUSALS.followsNobody(to.id);
  if (!from.up || from.role !== 'leader') return REFUSALS.leadsNoMore(from.id, to.id);
  return { from: from.id, to: to.id };
}

/** Why no one of the chosen servers can be asked for something, or null; without a choice a client asks. */
function oneOrNone(bench: Bench): string | null {
  const [first, ...others] = bench.targets;
  if (bench.ended) return ended(bench);
  if (others.length > 0) return REFUSALS.chooseOneOrNone;
  return first && !first.up ? REFUSALS.down(`S${first.id}`, false) : null;
}

/** Why the chosen servers cannot be handed a value, or null. */
export function proposalRefusal(bench: Bench): string | null {
  const [first] = bench.targets;
  const refusal = oneOrNone(bench);
  if (refusal !== null || !first || first.role === 'leader') return refusal;
  return REFUSALS.onlyLeaderAppends(first.id);
}

/** The leader that would be asked to change the members. */
export function leaderOf(bench: Bench): ServerItem | undefined {
  return bench.everyServer.filter((server) => server.up && server.role === 'leader').sort((a, b) => b.term - a.term)[0];
}

/** Why no change of members could begin, or null. */
function changeRefusal(bench: Bench): string | null {
  if (bench.ended) return ended(bench);
  const leader = leaderOf(bench);
  if (!leader) return REFUSALS.nobodyLeads;
  return leader.changing ? REFUSALS.changing : null;
}

/** Who would be in the cluster if the chosen servers were this to it. */
function membersWith(bench: Bench, membership: Membership): { voters: number[]; learners: number[] } {
  const all = (kind: Membership): number[] =>
    bench.everyServer.filter((server) => (bench.targets.includes(server) ? membership : server.membership) === kind).map((server) => server.id);
  return { voters: all('voter'), learners: all('learner') };
}

/** An action that makes the chosen servers something else to the cluster. */
function memberAction(id: 'join' | 'learn' | 'leave', membership: Membership, key: string): Defined {
  return {
    id,
    group: 'members',
    ...(id === 'learn' ? { label: (bench) => (bench.targets.length > 1 ? REFUSALS.learnMany : ACTION_TEXTS.learn[0]) } : {}),
    keys: [key],
    refusal: (bench) =>
      forTargets((server) => server.membership !== membership, (names, many) => REFUSALS.memberAlready[id](names, many))(bench) ??
      changeRefusal(bench) ??
      (membersWith(bench, membership).voters.length === 0 ? REFUSALS.noVoterLeft : null),
    run: (bench) => {
      const { voters, learners } = membersWith(bench, membership);
      bench.setMembers(voters, learners);
    },
  };
}

/** Goes back to the last event of a kind. */
function backTo(name: 'election' | 'commit' | 'input', kind: keyof typeof REFUSALS.noneBehind, key: string): Defined {
  return {
    id: `previous-${name}`,
    group: 'time',
    keys: [key],
    refusal: (bench) => (bench.passed(kind, false) ? null : REFUSALS.noneBehind[kind]),
    run: (bench) => bench.jump(kind, false),
  };
}

/** Goes to another bookmark. */
function toBookmark(name: 'previous' | 'next', key: string): Defined {
  const where = name === 'next' ? 'after' : 'before';
  return {
    id: `${name}-bookmark`,
    group: 'time',
    keys: [key],
    refusal: (bench) => (bench.bookmark(where) ? null : REFUSALS.noBookmark[where]),
    run: (bench) => {
      const there = bench.bookmark(where);
      if (there) bench.visit(there);
    },
  };
}

/** An action as it is listed here: what it is called and tells is in its language's texts, under its id. */
type Defined = Omit<Action, 'id' | 'label' | 'tells'> & { readonly id: keyof typeof ACTION_TEXTS; readonly label?: Action['label'] };

const DEFINED: readonly Defined[] = [
  {
    id: 'play',
    group: 'time',
    label: (bench) => (bench.playing ? REFUSALS.pause : ACTION_TEXTS.play[0]),
    keys: [' ', 'k'],
    refusal: ended,
    run: (bench) => (bench.playing ? bench.pause() : bench.play()),
  },
  { id: 'step', group: 'time', keys: ['.'], refusal: ended, run: (bench) => bench.step() },
  { id: 'step-back', group: 'time', keys: [','], refusal: (bench) => (bench.atBeginning ? REFUSALS.beginning : null), run: (bench) => bench.stepBack() },
  {
    id: 'next-election',
    group: 'time',
    keys: ['e'],
    refusal: ended,
    run: (bench) => bench.jump('leader', true),
  },
  {
    id: 'next-commit',
    group: 'time',
    keys: ['m'],
    refusal: ended,
    run: (bench) => bench.jump('commit', true),
  },
  backTo('election', 'leader', 'E'),
  backTo('commit', 'commit', 'M'),
  backTo('input', 'input', 'I'),
  {
    id: 'next-input',
    group: 'time',
    keys: ['i'],
    refusal: (bench) => (bench.passed('input', true) ? null : REFUSALS.noneAhead.input),
    run: (bench) => bench.jump('input', true),
  },
  {
    id: 'undo',
    group: 'time',
    keys: ['u'],
    refusal: ({ lastDone }) =>
      lastDone === 'something' ? null : lastDone === 'nothing' ? REFUSALS.nothingDone : REFUSALS.doneAtBeginning,
    run: (bench) => bench.undo(),
  },
  {
    id: 'bookmark',
    group: 'time',
    keys: ['b'],
    refusal: (bench) => {
      const here = bench.bookmark('here');
      if (here) return REFUSALS.marked(here.name);
      return bench.bookmarked.length < BOOKMARKS_MAX ? null : REFUSALS.bookmarksMax(BOOKMARKS_MAX);
    },
    run: (bench) => bench.mark(),
  },
  toBookmark('previous', 'V'),
  toBookmark('next', 'v'),
  { id: 'pair', group: 'time', keys: ['D'], refusal: (bench) => (bench.branchCount > 1 ? null : REFUSALS.oneBranch), run: (bench) => bench.reveal('pair') },
  { id: 'slower', group: 'time', keys: ['-'], refusal: always, run: (bench) => bench.changeSpeed(false) },
  { id: 'faster', group: 'time', keys: ['+', '='], refusal: always, run: (bench) => bench.changeSpeed(true) },
  {
    id: 'crash',
    group: 'server',
    keys: ['c'],
    refusal: forTargets(isUp, (names, many) => REFUSALS.downAlready(names, many)),
    run: each(isUp, (bench, id) => bench.crash(id)),
  },
  {
    id: 'restart',
    group: 'server',
    keys: ['r'],
    refusal: forTargets(isDown, (names, many) => REFUSALS.running(names, many)),
    run: each(isDown, (bench, id) => bench.restart(id)),
  },
  {
    id: 'timeout',
    group: 'server',
    keys: ['t'],
    refusal: forTargets(hasTimer, (names, many) => REFUSALS.noTimer(names, many)),
    run: each(hasTimer, (bench, id) => bench.timeout(id)),
  },
  {
    id: 'transfer',
    group: 'server',
    keys: ['l'],
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
    keys: ['p'],
    refusal: always,
    run: (bench) => bench.askForValue(),
  },
  {
    id: 'read',
    group: 'server',
    keys: ['g'],
    refusal: (bench) => {
      const [server] = bench.targets;
      const refusal = oneOrNone(bench);
      if (refusal !== null || !server) return refusal;
      return server.role === 'leader' || server.leader > 0 ? null : REFUSALS.asksNobody(server.id);
    },
    run: (bench) => bench.read(),
  },
  {
    id: 'snapshot',
    group: 'server',
    keys: ['s'],
    refusal: (bench) =>
      forTargets(isUp, (names, many) => REFUSALS.down(names, many))(bench) ??
      forTargets(hasNews, (names, many) => REFUSALS.nothingNew(names, many))(bench),
    run: each(hasNews, (bench, id) => bench.compact(id)),
  },
  {
    id: 'add-server',
    group: 'members',
    keys: ['a'],
    refusal: (bench) =>
      changeRefusal(bench) ?? (bench.everyServer.length >= LIMITS.servers ? REFUSALS.serversMax(LIMITS.servers) : null),
    run: (bench) => bench.addServer(),
  },
  memberAction('join', 'voter', 'j'),
  memberAction('learn', 'learner', 'n'),
  memberAction('leave', 'none', 'x'),
  {
    id: 'part',
    group: 'network',
    keys: ['w'],
    refusal: (bench) =>
      bench.targets.length === 0
        ? REFUSALS.choosePart
        : bench.targets.length === bench.everyServer.length
          ? REFUSALS.allChosen
          : null,
    run: (bench) => bench.partTargets(),
  },
  {
    id: 'remove-wall',
    group: 'network',
    keys: ['Delete', 'Backspace'],
    refusal: (bench) => (bench.wallChosen === 0 ? REFUSALS.chooseWall : null),
    run: (bench) => bench.removeWall(bench.wallChosen),
  },
  {
    id: 'heal',
    group: 'network',
    keys: ['h'],
    refusal: (bench) => (bench.anyCut ? null : REFUSALS.nothingCut),
    run: (bench) => bench.heal(),
  },
  { id: 'reset', group: 'run', keys: ['R'], refusal: always, run: (bench) => bench.reset() },
  {
    id: 'fresh-seed',
    group: 'run',
    keys: ['f'],
    refusal: always,
    run: (bench) => bench.freshSeed(),
  },
  { id: 'hunt', group: 'run', keys: ['B'], refusal: always, run: (bench) => bench.reveal('hunt') },
  {
    id: 'copy-link',
    group: 'page',
    keys: ['y'],
    refusal: (bench) => (bench.hasAddress ? null : REFUSALS.notOurs),
    run: (bench) => bench.copyLink(),
  },
  { id: 'share', group: 'page', keys: ['o'], refusal: always, run: (bench) => bench.toggle('share') },
  { id: 'print', group: 'page', keys: ['Mod+p'], refusal: always, run: (bench) => bench.print() },
  { id: 'search', group: 'page', keys: ['/', 'Mod+k'], refusal: always, run: (bench) => bench.toggle('search') },
  {
    id: 'present',
    group: 'page',
    label: (bench) => (bench.presenting ? REFUSALS.leavePresenting : ACTION_TEXTS.present[0]),
    keys: ['P'],
    refusal: always,
    run: (bench) => bench.present(),
  },
  { id: 'menu', group: 'page', keys: ['d'], refusal: always, run: (bench) => bench.reveal('menu') },
  { id: 'faults', group: 'page', keys: ['F'], refusal: always, run: (bench) => bench.reveal('faults') },
  { id: 'clear', group: 'page', keys: ['Escape'], refusal: always, run: (bench) => bench.clearChoice() },
  { id: 'help', group: 'page', keys: ['?'], refusal: always, run: (bench) => bench.toggle('help') },
];

export const ACTIONS: readonly Action[] = DEFINED.map((it) => ({
  label: () => ACTION_TEXTS[it.id][0],
  ...it,
  get tells() {
    return ACTION_TEXTS[it.id][1];
  },
}));

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
  if (key === ' ') return REFUSALS.space;
  if (key === 'Escape') return 'Esc';
  if (key.startsWith('Mod+')) return `Ctrl ${keyText(key.slice(4))}`;
  return /^[A-Z]$/.test(key) ? `Shift ${key}` : key.length === 1 ? key.toUpperCase() : key;
}
