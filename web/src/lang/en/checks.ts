/** The texts of the checks, which come when somebody opens their tab. */

import type { ClientOperation } from '../../raft-playground';
import { timeText } from '../../words';
import { plural } from './english';
import { spoken } from '../texts';

const operations = (count: number): string => plural(count, 'operation', 'operations');

export const CHECKS = spoken('checks', {
  properties: 'Properties',
  about: 'Looked at with every event that could break them. When one breaks, time stops.',
  standings: { holds: 'holds', open: 'nothing to check yet', off: 'not checked', broken: 'broken' },
  counts: {
    holds: (count: number) => `${count} hold`,
    open: (count: number) => `${count} have nothing to check yet`,
    off: (count: number) => `${count} not checked`,
    broken: (count: number) => `${count} broken`,
  },
  /** What has to happen before there is anything to check. */
  needs: {
    candidate: 'It takes an election.',
    leader: 'It takes a leader.',
    entry: 'It takes an entry in a log.',
    commit: 'It takes a committed entry.',
    nextLeader: 'It takes a committed entry, and another leader after it.',
    answeredWrite: 'It takes a client whose write is answered.',
    members: 'It takes a change of members.',
    read: 'It takes a read that is answered.',
    answer: 'It takes a client that is answered.',
    rule: 'Its rule, that a leader counts only entries of its own term, is switched off.',
  },
  clients: {
    head: 'What clients were answered',
    none: 'No client has asked for anything yet. Propose a value, or read.',
    noAnswer: 'Nothing was answered yet, so there is nothing to explain.',
    explained: 'Linearizable so far: one order of the operations explains every answer.',
    broken: 'Not linearizable: no order of the operations explains the answers.',
    undecided: (times: number, since: number | null) =>
      `Undecided${since === null ? '' : ` since ${timeText(since)}`}: ${times === 1 ? 'once' : `${times} times`} the search for an order was too large to be finished. That is neither a violation nor a proof; what came after is judged anew, as though nothing were known of the key.`,
    counts: (asked: number, answered: number, unknown: number) =>
      `${operations(asked)} asked for: ${answered} answered, ${unknown} ended without an answer, ${asked - answered - unknown} open.`,
  },
  broken: {
    head: (name: string) => `${name} is broken`,
    some: 'A property is broken',
    at: (us: number) => `At ${timeText(us)}.`,
    later: (us: number) => `That is at ${timeText(us)}, after this moment.`,
    goThere: 'Go there',
    servers: 'Servers',
    choose: (server: number) => `Choose S${server}`,
    term: 'Term',
    terms: (terms: string) => `Term ${terms}`,
    entries: 'Entries',
    index: (index: number) => `index ${index}`,
    snapshot: 'in its snapshot',
    missing: 'nothing',
    committed: 'Why is it committed?',
    operations: 'Operations',
    odd: 'cannot be explained',
    events: 'How it came to that',
    operation: ({ client, kind, key, value }: ClientOperation) =>
      `${client === 0 ? 'You' : client === 1 ? 'Your client' : `Client ${client}`}: ${kind} ${key}${kind === 'read' ? ` → ${value ?? 'nothing'}` : ` ${kind === 'append' ? '+=' : '='} ${value ?? ''}`}`,
    asked: (us: number) => `asked at ${timeText(us)}`,
    answered: (us: number | null) => (us === null ? 'no answer' : `answered at ${timeText(us)}`),
  },
});
