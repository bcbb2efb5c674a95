/** The texts of the space-time diagram, which comes when somebody opens it. */

import type { MarkKind } from '../../diagram/model';
import { serverNames, timeText } from '../../words';
import { spoken } from '../texts';

const ms = (us: number): string => `${Number((us / 1_000).toFixed(1))} ms`;

export const DIAGRAM = spoken('diagram', {
  name: 'Space-time diagram',
  kind: 'space-time diagram',
  about: 'Arrow keys go back and forth in time and from event to event, + and − zoom, Enter goes to the marked moment, End to the present.',
  buttons: {
    out: ['Further away', '−'],
    in: ['Nearer', '+'],
    fit: ['Show all of it', 'All'],
    now: ['Show the present', 'Now'],
  },
  legend: { append: 'append', reply: 'reply', vote: 'vote', lost: 'lost', blocked: 'blocked', commit: 'commit' },
  shown: (from: number, to: number) => `From ${timeText(from)} to ${timeText(to)}.`,
  nothing: 'Nothing has happened yet. Press Play, or step to the first event.',
  every: (every: number) => `1 of ${every} messages that arrive`,
  gap: 'lived faster than it could be drawn; pause to see it',
  elected: (server: number, term: number) => `S${server} elected, term ${term}`,
  electionOpen: (term: number) => `election, term ${term}`,
  nobody: (term: number) => `nobody elected, term ${term}`,
  short: (term: number) => `term ${term}`,
  wall: (wall: number) => (wall === 0 ? 'links cut' : `wall ${wall}`),
  took: (from: number, to: number) => `From ${timeText(from)} to ${timeText(to)}: ${ms(to - from)}.`,
  span: (server: number, state: string, term: number) => `S${server}, ${state}, term ${term}`,
  since: (from: number) => `Since ${timeText(from)}.`,
  message: (name: string, term: number, from: number, to: number) => `${name}, term ${term}, S${from} → S${to}`,
  copyOf: (message: string) => `${message}, a copy`,
  /** What became of a message, one after the other, as one sentence. */
  story: (parts: readonly string[]) => `${parts.join(', ')}.`,
  sent: (us: number) => `Sent at ${timeText(us)}`,
  fates: {
    open: 'on its way',
    delivered: (us: number, tookUs: number) => `arrived at ${timeText(us)}, after ${ms(tookUs)}`,
    lost: (us: number, why: string) => `lost at ${timeText(us)}: ${why}`,
    blocked: (us: number, wall: number) => `stopped at ${timeText(us)} ${wall > 0 ? `by wall ${wall}` : 'by a cut link'}`,
  },
  whyLost: {
    chance: 'the link lost it',
    receiver_down: 'its receiver was down',
    too_many_in_flight: 'too many were on their way',
    by_hand: 'you took it away',
    backlog_full: 'too much waited at its receiver',
  },
  waited: (us: number) => `it waited at its receiver from ${timeText(us)}`,
  held: 'held on its way',
  committed: (server: number, index: number, counted: boolean) => `S${server} ${counted ? 'commits' : 'knows to be committed'} up to index ${index}`,
  marks: { crashed: 'crashes', restarted: 'restarts', appeared: 'is there', refused: 'refuses a message', violated: 'A property of Raft is broken' } satisfies Record<MarkKind, string>,
  markAt: (server: number, what: string) => (server > 0 ? `${serverNames([server])} ${what}` : what),
  at: (us: number) => `At ${timeText(us)}.`,
  why: {
    head: 'Why?',
    step: (places: string) => `Why? ${places}`,
    now: (place: number, text: string) => `${place}. ${text}`,
    before: (steps: number) => `All of its ${steps} steps are still to come.`,
    earlier: 'Go to the step before it in time',
    later: 'Go to the step after it in time',
    reasons: 'All reasons',
    close: 'Close the explanation',
  },
  unknownState: 'not known',
});
