/** How each property stands, and what there is to say of the clients' history: decided here, shown in checks.ts. */

import type { Linearizability } from '../door/types';
import { CHECKS } from '../lang/en/checks';
import { PROPERTIES, type Property } from '../lang/en/properties';
import { inEnglish } from '../lang/texts';

/** What is known of the run up to this moment. */
export interface Facts {
  readonly servers: readonly { readonly term: number; readonly lastIndex: number; readonly commitIndex: number; readonly snapshotIndex: number; readonly role: string }[];
  /** How many elections were won. */
  readonly elections: number;
  /** Whether the run began with logs and terms of its own. */
  readonly begunWithState: boolean;
  /** The kinds of what was done to it. */
  readonly done: ReadonlySet<string>;
  /** Whether clients read by themselves. */
  readonly clientsRead: boolean;
  readonly clients: Linearizability;
  readonly rulesOff: readonly string[];
  /** The name of the property that is broken, as its violation has it, or nothing. */
  readonly broken: string;
}

export type Standing = 'holds' | 'open' | 'off' | 'broken';

export interface Checked {
  readonly property: string;
  readonly name: string;
  readonly says: string;
  readonly section: string;
  readonly standing: Standing;
  /** What has to happen first, or why it is not looked at. */
  readonly note: string;
}

type Need = keyof typeof CHECKS.needs;

/** Where each property is written, and what has to happen before it can be broken. */
export const PROPERTY_NOTES: Readonly<Record<Property, readonly [section: string, needs: Need]>> = {
  election_safety: ['P§5.2', 'leader'],
  leader_append_only: ['P§5.3', 'leader'],
  log_matching: ['P§5.3', 'entry'],
  leader_completeness: ['P§5.4', 'nextLeader'],
  state_machine_safety: ['P§5.4.3', 'commit'],
  one_vote_per_term: ['P§5.2', 'candidate'],
  terms_never_fall: ['P§5.1', 'candidate'],
  indexes_never_fall: ['P Fig. 2', 'leader'],
  one_author_per_term: ['P§5.3', 'entry'],
  own_term_commit: ['P§5.4.2', 'commit'],
  durable_before_sent: ['P Fig. 2', 'candidate'],
  committed_is_durable: ['P§5.3', 'commit'],
  acknowledged_writes_survive: ['P§8', 'answeredWrite'],
  membership_safety: ['D§4.1', 'members'],
  linearizable_reads: ['D§6.4', 'read'],
  linearizability: ['D§6.3', 'answer'],
};

/** Whether there has been something to check. In doubt there has. */
function met(need: Need, facts: Facts): boolean {
  const { servers, elections, begunWithState, clients } = facts;
  const some = (test: (server: Facts['servers'][number]) => boolean): boolean => servers.some(test);
  switch (need) {
    case 'candidate':
      return some(({ term }) => term > 0);
    case 'leader':
      return begunWithState || elections > 0 || some(({ role }) => role === 'leader');
    case 'entry':
      return some(({ lastIndex }) => lastIndex > 0);
    case 'commit':
      return some(({ commitIndex, snapshotIndex }) => commitIndex > 0 || snapshotIndex > 0);
    case 'nextLeader':
      return met('commit', facts) && (begunWithState || elections > 1);
    case 'answeredWrite':
      return clients.answered > 0;
    case 'members':
      // A run that began with a state may have begun with such a change.
      return begunWithState || facts.done.has('set_members') || facts.done.has('leave_joint');
    case 'read':
      return clients.answered > 0 && (facts.clientsRead || facts.done.has('read'));
    case 'answer':
      return clients.answered > 0;
    case 'rule':
      return true;
  }
}

export function standings(facts: Facts): Checked[] {
  return (Object.keys(PROPERTY_NOTES) as Property[]).map((property) => {
    const [name, says] = PROPERTIES.list[property];
    const [section, need] = PROPERTY_NOTES[property];
    const unchecked = property === 'own_term_commit' && facts.rulesOff.includes('commit_only_own_term_by_count');
    const standing = facts.broken === inEnglish(PROPERTIES).list[property][0] ? 'broken' : unchecked ? 'off' : met(need, facts) ? 'holds' : 'open';
    const note = standing === 'open' ? CHECKS.needs[need] : standing === 'off' ? CHECKS.needs.rule : '';
    return { property, name, says, section, standing, note };
  });
}

/** "9 hold · 7 have nothing to check yet". */
export function countText(checked: readonly Checked[]): string {
  const all: readonly Standing[] = ['broken', 'holds', 'open', 'off'];
  return all
    .map((standing) => [checked.filter((one) => one.standing === standing).length, CHECKS.counts[standing]] as const)
    .filter(([count]) => count > 0)
    .map(([count, text]) => text(count))
    .join(' · ');
}

/** What can be said of the clients' history: a verdict only where there is one. */
export function verdict(clients: Linearizability, broken: boolean): { readonly kind: 'none' | 'holds' | 'undecided' | 'broken'; readonly text: string } {
  const words = CHECKS.clients;
  if (broken) return { kind: 'broken', text: words.broken };
  if (clients.asked === 0) return { kind: 'none', text: words.none };
  if (clients.undecided > 0) return { kind: 'undecided', text: words.undecided(clients.undecided, clients.undecided_since_us) };
  if (clients.answered === 0) return { kind: 'none', text: words.noAnswer };
  return { kind: 'holds', text: words.explained };
}
