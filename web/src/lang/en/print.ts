/** The texts of a moment on paper. */

import { spoken } from '../texts';

export const PRINT = spoken('print', {
  stage: 'Stage',
  logs: 'Logs',
  diagram: 'Space-time diagram',
  moment: (time: string, seed: number, servers: number, branch: string) => `At ${time} · seed ${seed} · ${servers} servers${branch ? ` · ${branch}` : ''}`,
  broken: (property: string) => `Here a property of Raft is broken: ${property}.`,
  latest: (count: number, last: number) => `The latest ${count} of ${last} indexes.`,
});
