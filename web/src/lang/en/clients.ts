/** The texts of the clients' lanes, which come when somebody opens their tab. */

import type { Operation } from '../../clients/model';
import { timeText } from '../../words';
import { spoken } from '../texts';

const nothing = 'nothing';

export const CLIENTS = spoken('clients', {
  name: 'Clients’ operations',
  kind: 'lanes over time',
  about: 'Arrow keys go back and forth in time and from operation to operation, + and − zoom, Enter goes to the marked one, End to the present.',
  /** Whose lane it is; the second name is the short one. */
  who: (client: number, slot: number): readonly [string, string] =>
    client === 0 ? [slot > 0 ? `You, directly (${slot + 1})` : 'You, directly', 'direct'] : client === 1 ? ['Your client', 'yours'] : [`Client ${client}`, `client ${client}`],
  legend: { write: 'write', read: 'read', unknown: 'no answer', open: 'waits', stale: 'stale' },
  none: 'No client has asked for anything yet. Propose a value, or read.',
  gone: 'Earlier operations are not kept.',
  /** What is written in a bar. */
  text: ({ kind, key, value, outcome }: Operation): string => (kind !== 'read' ? `${key}${value}` : outcome === 'answered' ? `${key} → ${value ?? nothing}` : `${key}?`),
  did: ({ kind, key, value, outcome }: Operation): string =>
    kind === 'write' ? `write ${key}${value ?? ''}` : kind === 'append' ? `append ${key}${value ?? ''}` : outcome === 'answered' ? `read ${key} → ${value ?? nothing}` : `read ${key}`,
  outcomes: { open: 'waits for its answer', answered: 'answered', unknown: 'ended without an answer: done, or not, or still to come', unseen: 'what became of it was lived too fast to be seen' },
  stale: 'stale: no order of the operations explains it',
  named: (who: string, did: string) => `${who}: ${did}`,
  /** `ended` and `what` may be empty; it was asked so many times. */
  story: (us: number, ended: string, tries: number, what: string) => `Asked at ${timeText(us)}${ended ? `, ${ended}` : ''}${tries > 1 ? `, asked ${tries} times` : ''}${what ? `; ${what}` : ''}.`,
  answered: (us: number, by: number) => `answered at ${timeText(us)}${by > 0 ? ` by S${by}` : ''}`,
  ended: (us: number) => `ended at ${timeText(us)}`,
  table: { head: 'Operations, the latest first; times in ms', who: 'Client', what: 'Operation', when: 'Asked', until: 'Answered', outcome: 'Outcome' },
  goTo: (what: string, us: number) => `Go to ${what}, asked at ${timeText(us)}`,
  latest: (count: number) => `The latest ${count}.`,
});
