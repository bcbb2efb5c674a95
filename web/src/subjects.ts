/** What events are about. How they are put into words is in sentences.ts, which is fetched once there is one. */

/** What an event belongs to, for whoever looks for some of them. */
export const SUBJECTS = ['elections', 'log', 'members', 'snapshots', 'clients', 'messages', 'done'] as const;
export type Subject = (typeof SUBJECTS)[number];

const OF_SUBJECT: readonly (readonly [Subject, RegExp])[] = [
  ['snapshots', /snapshot|compacted/],
  ['members', /configuration|catch_up|server_appeared|change_abandoned/],
  ['clients', /^client|read/],
  ['done', /^input|^crashed|^restarted/],
  ['messages', /^(sent|delivered|lost|blocked|duplicated|waits|held|released|refused|link_turned)$/],
  ['log', /append|entries|commit|follower_|violated/],
];

/** By its kind; a decision's is that of what was decided. What is nothing else belongs to elections. */
export const subjectOf = (kind: string): Subject => OF_SUBJECT.find(([, kinds]) => kinds.test(kind))?.[0] ?? 'elections';

export interface Sentence {
  readonly text: string;
  /** "§5.4.1", or nothing where no rule of Raft decided. */
  readonly section: string;
  /** Servers that it is about. */
  readonly servers: readonly number[];
  /** Whether it is one of the many that only carry the story: messages, timers. */
  readonly quiet: boolean;
  readonly subject: Subject;
  /** The entry that it is about; with term 0 whatever stands at its index. */
  readonly entry: { readonly index: number; readonly term: number } | null;
}
