import type { ServerState } from '../../door/types';
import { PAST } from '../../lang/en/past';
import type { Answer } from '../deck';

/** An old value that was read breaks nothing as long as whoever wrote the new one had not been answered: says so of such an answer. */
export function outrun({ key, value, index }: Answer, leader: Pick<ServerState, 'id' | 'last_applied' | 'store'> | null): string | null {
  const newer = leader?.store[key];
  return leader && newer !== undefined && leader.last_applied > index && newer !== value ? PAST.outrun(leader.id, key, newer) : null;
}
