/** What was committed at the moment that one has gone to, in a sentence. */

import type { Cluster } from './door/cluster';
import type { EventRecord } from './door/types';
import { PAST } from './lang/en/past';
import { because, type Fields, n } from './telling';
import { entryText, WORDS } from './words';

/** A step of the world may bring about so many events behind the commit. */
const BEHIND_MAX = 200;
/** Of a batch, so many entries are told. */
const TOLD_MAX = 3;

/** Empty where no leader has committed anything with the last events. */
export function committedText(cluster: Cluster): string {
  const count = cluster.eventCount;
  const record = cluster.events(Math.max(0, count - BEHIND_MAX), BEHIND_MAX).reverse().find(isCommit);
  if (!record) return '';
  const event = record['event'] as Fields;
  const [server, first, last] = [n(record['server']), n(event['from']) + 1, n(event['to'])];
  const entries = cluster.entries(server, first, last - first + 1);
  const told = entries.slice(0, TOLD_MAX).map(entryText);
  if (entries.length > TOLD_MAX) told.push('…');
  // A leader's first entry is nobody's: who waits for a write of a client has to go on.
  const nobodys = entries.length > 0 && entries.every(({ command, configuration }) => command === null && !configuration);
  return PAST.committedHere(server, first, last, told.join(WORDS.sign.list), nobodys);
}

function isCommit(record: EventRecord): boolean {
  const event = record['event'] as Fields | undefined;
  return event?.['kind'] === 'committed' && because(event).because === 'quorum_holds';
}
