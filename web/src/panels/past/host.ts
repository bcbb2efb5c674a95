import type { Difference } from '../../door/types';
import type { Owner } from '../owner';
import type { PastHost } from './line';

/** What time line and branches do to the run of an element. */
export const pastHost = (owner: Owner): PastHost => ({
  attempt: (act) => void owner.desk.attempt(act),
  bookmarks: owner.desk.bookmarks,
  diff: (a, b) => {
    const { live, desk } = owner;
    let found: Difference | undefined;
    desk.attempt(() => (found = live?.guarded(() => live.cluster.diff(a, b))));
    return found;
  },
  beside: (a, b) => owner.desk.reveal([a, b]),
  visit: (branch, us, at) =>
    void owner.desk.attempt(() => {
      if ('number' in at) {
        owner.switchBranch(branch);
        owner.goTo(us, at.number);
      } else owner.desk.visit({ branch, timeUs: us, events: at.events });
    }),
  seek: (us) => void owner.desk.attempt(() => owner.seek((owner.live?.within(us) ?? us) / 1000)),
  goToMark: (mark) => void owner.desk.attempt(() => owner.goToMark(mark)),
  switchBranch: (branch) => void owner.desk.attempt(() => owner.switchBranch(branch)),
  renameBranch: (branch, name) => void owner.desk.attempt(() => owner.renameBranch(branch, name)),
});
