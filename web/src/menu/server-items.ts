import { action, proposalRefusal } from '../actions';
import type { Input } from '../door/types';
import { pause, resume, setClocks, setDisks, slow } from '../faults/inputs';
import { CLOCK_RATE, type ServerNow } from '../faults/settings';
import type { ServerItem } from '../stage/scene';
import { MENU } from '../lang/en/faults';
import { WORDS } from '../words';
import { choice, doing, fromAction, type Item, leavesJoint, type Moment, namesOf, notJoint, opening, type Page } from './items';
import { linkPage } from './link-items';
import { messagesAt, messagesOf } from './message-items';

const PIECES = [1, 2, 3, 5, 10] as const;
const STEPS_US = [1_000, 5_000, 20_000, 100_000] as const;
const SAVES_US = [[5_000, 10_000], [20_000, 50_000], [150_000, 250_000]] as const;
const RATES_PPM = [500_000, 900_000, CLOCK_RATE, 1_100_000, 1_500_000, 2_000_000] as const;
const AHEADS_US = [50_000, 300_000, 1_000_000] as const;

/** Why none of the chosen can be told anything, or null. */
function idle(targets: readonly ServerItem[], names: string): string | null {
  if (targets.some(({ up, paused }) => up && !paused)) return null;
  return targets.some(({ up }) => up) ? MENU.server.isPaused(names) : null;
}

/** What can be done with the chosen servers. */
export function serverPage(moment: Moment): Page {
  const { bench, settings } = moment;
  const words = MENU.server;
  const names = namesOf(bench);
  const chosen = new Set(bench.targets.map(({ id }) => id));
  const servers = settings.servers.filter(({ id }) => chosen.has(id));
  const [one] = bench.targets.length === 1 ? bench.targets : [];
  const asleep = idle(bench.targets, names);
  const act = (id: string, more: Partial<Item> = {}): Item => {
    const item = fromAction(bench, action(id), more);
    return { ...item, refusal: item.refusal ?? (TOLD.has(id) ? asleep : null) };
  };
  const messages = messagesAt(one?.id ?? 0, moment);
  const page = (id: string, label: string, items: () => readonly Item[], refusal: string | null = null, more: Partial<Item> = {}): Item =>
    opening(id, label, bench.ended ? MENU.ended : refusal, () => ({ title: `${names}${WORDS.sign.colon}${label}`, items: items() }), more);
  const others = bench.everyServer.filter(({ id }) => id !== one?.id);
  const isPaused = servers.some(({ paused }) => paused);
  return {
    title: names,
    items: [
      bench.targets.some(({ up }) => up) ? act('crash') : act('restart'),
      page('crash-in-save', words.crashInSave, () => PIECES.map((count) => doing(moment, `pieces-${count}`, words.pieces(count), crashing(bench.targets, count), '')), crashRefusal(bench.targets, names)),
      isPaused
        ? doing(moment, 'resume', words.resume, resume(servers), words.nobodyPaused(names))
        : doing(moment, 'pause', words.pause, pause(servers), words.down(names)),
      act('timeout'),
      heartbeat(moment, names, asleep),
      act('transfer'),
      act('propose', { refusal: proposalRefusal(bench), apart: true }),
      act('read'),
      act('snapshot'),
      page('slow', words.slow, () => [choice(moment, 'slow-0', words.normal, slow(servers, 0)), ...STEPS_US.map((us) => choice(moment, `slow-${us / 1000}`, words.step(us), slow(servers, us)))], null, { apart: true }),
      page('disk', words.disk, () => disks(servers, moment)),
      {
        id: 'edit-disk',
        label: words.editDisk,
        refusal: bench.ended ? MENU.ended : one ? null : words.chooseOne,
        run: () => moment.edits(one?.id ?? 0),
      },
      page('clock', words.clock, () => clocks(servers, moment)),
      page('members', words.members, () => members(moment, act), null, { apart: true }),
      page(
        'links',
        words.links,
        () => others.map(({ id }) => opening(`link-${id}`, MENU.title.link(one?.id ?? 0, id), null, () => linkPage(one?.id ?? 0, id, moment))),
        one ? (others.length === 0 ? words.noLinks : null) : words.chooseOne,
      ),
      page(
        'messages',
        words.messages,
        () => messagesOf(one?.id ?? 0, moment),
        one ? (messages.length === 0 ? words.noMessages : null) : words.chooseOne,
      ),
      // Also of a run that has ended.
      opening('why', words.why, one ? null : words.chooseOne, () => ({ title: `${names}${WORDS.sign.colon}${words.why}`, items: one ? whys(one, moment) : [] })),
      act('part'),
    ],
  };
}

/** The leaders among the chosen servers send their heartbeats now. */
function heartbeat(moment: Moment, names: string, asleep: string | null): Item {
  const leaders = moment.bench.targets.filter(({ up, paused, role }) => up && !paused && role === 'leader');
  const inputs = leaders.map(({ id }): Input => ({ kind: 'heartbeat', server: id }));
  return doing(moment, 'heartbeat', MENU.server.heartbeat, inputs, asleep ?? MENU.server.leadsNot(names));
}

/** What of a server can be explained. */
function whys({ id, up, role, term, votedFor }: ServerItem, { asks }: Moment): Item[] {
  const words = WORDS.ask;
  const ask = (about: 'role' | 'term' | 'vote', label: string, refusal: string | null = null): Item => ({ id: `why-${about}`, label, refusal, run: () => asks({ about, server: id }), shows: true });
  return [
    ask('role', words.role[role], up ? null : MENU.server.down(`S${id}`)),
    ask('term', words.term(term)),
    ask('vote', words.vote(id, votedFor), votedFor > 0 ? null : words.noVote),
  ];
}

/** Whoever is paused does nothing of this. */
const TOLD: ReadonlySet<string> = new Set(['timeout', 'transfer', 'propose', 'read', 'snapshot']);

const crashing = (targets: readonly ServerItem[], written: number): Input[] => targets.filter(({ up, saving }) => up && saving > 0).map(({ id }) => ({ kind: 'crash', server: id, written }));

const crashRefusal = (targets: readonly ServerItem[], names: string): string | null =>
  !targets.some(({ up }) => up) ? MENU.server.down(names) : targets.some(({ up, saving }) => up && saving > 0) ? null : MENU.server.savesNothing(names);

function disks(servers: readonly ServerNow[], moment: Moment): Item[] {
  const words = MENU.server;
  const { us_min, us_max } = moment.settings.disk;
  const lies = servers.every(({ disk }) => disk.lies);
  return [
    choice(moment, 'disk-begun', words.asBegun(words.save(us_min, us_max)), setDisks(servers, { us_min, us_max })),
    ...SAVES_US.map(([min, max]) => choice(moment, `disk-${max / 1000}`, words.save(min, max), setDisks(servers, { us_min: min, us_max: max }))),
    doing(moment, 'lies', words.lies, setDisks(servers, { lies: !lies }), '', { checked: lies, one: 'switch', apart: true }),
  ];
}

function clocks(servers: readonly ServerNow[], moment: Moment): Item[] {
  const words = MENU.server;
  return [
    ...RATES_PPM.map((ppm) => choice(moment, `rate-${ppm / 10_000}`, words.rate(ppm), setClocks(servers, ppm))),
    ...AHEADS_US.map((us, at) => doing(moment, `ahead-${us / 1000}`, words.ahead(us), setClocks(servers, null, us), '', { apart: at === 0 })),
  ];
}

function members(moment: Moment, act: (id: string, more?: Partial<Item>) => Item): Item[] {
  const { bench } = moment;
  const words = MENU.server;
  const leave = act('leave');
  const [one] = bench.targets.length === 1 ? bench.targets : [];
  const all = (kind: ServerItem['membership']): number[] => bench.everyServer.filter((server) => server.membership === kind && !bench.targets.includes(server)).map(({ id }) => id);
  const voters = bench.targets.filter(({ membership }) => membership === 'voter');
  const joint: Input = { kind: 'set_members', voters: all('voter'), learners: all('learner'), stays_joint: true };
  return [
    act('join'),
    act('learn'),
    leave,
    doing(moment, 'leave-joining', words.leaveJoining, voters.length > 1 && leave.refusal === null ? [joint] : [], leave.refusal ?? words.oneStep, { apart: true }),
    doing(moment, 'leave-joint', MENU.joint.leave, leavesJoint(moment, one?.id ?? 0), notJoint(moment, one?.id ?? 0)),
  ];
}
