/** The texts of the help sheet, which comes when somebody asks for it. */

import { plural } from './english';
import { spoken } from '../texts';

export const HELP = spoken('help', {
  close: 'Close',
  search: 'Search the help',
  placeholder: 'a key, a sign, a word of Raft …',
  found: (count: number) => plural(count, 'line found', 'lines found'),
  none: 'The help says nothing of that. Ctrl K, or Command K, searches what can be done and seen on the page.',
  heads: {
    keys: 'Keys',
    focused: 'Keys for what has the focus',
    gestures: 'With mouse or finger',
    reading: 'What is drawn',
    words: 'Words of Raft',
  },
  gestures: [
    ['drag a server', 'moves it; across a wall it changes sides'],
    ['drag empty space', 'draws a wall: messages that would cross it are stopped'],
    ['drag a wall’s end', 'moves that end'],
    ['click an entry', 'points it out in all logs that hold it, and says who knows it to be committed'],
    ['click a server', 'chooses it; with Shift or Ctrl adds it'],
    ['click a wall', 'chooses it; its × removes it'],
    ['right click, long press', 'opens the menu of a server, a message, a line, a wall or the stage: all that can be done there; … beside what is chosen does so too'],
    ['drag the diagram', 'goes back and forth in time; two fingers or Ctrl and the wheel zoom; a click goes to that moment, a double click shows all of it'],
    ['drag the diagram’s times', 'lives through them, back and forth'],
  ],
  focused: [
    ['Tab', 'goes from server to server, then to the walls and their ends'],
    ['Arrows', 'move the focused server, wall or wall end; with Shift further'],
    ['Enter', 'chooses the focused server; with Shift adds it'],
    ['Time line', 'arrows, Page Up and Down, Home and End move its handle; in lists of events, arrows go from one to the next'],
    ['In the logs', 'arrows go from entry to entry, Page Up and Down further, Home and End to the first and the last; Enter points the entry out in all logs'],
    ['Shift F10, Menu key', 'open the menu of the focused server or wall; arrows go through it, Right opens what has ›, Left goes back'],
    ['1 … 9', 'choose a server by its number'],
    ['In the diagram', 'Left and Right go through time, + and − zoom, Up and Down go from event to event, Enter goes to its moment, Home shows all, End the present'],
  ],
  paper: 'Section numbers are those of the extended Raft paper:',
  paperName: 'In Search of an Understandable Consensus Algorithm',
  reading: [
    ['Fill', 'the colour and number of a server’s term'],
    ['Outline', 'thin: follower (F); dotted square: pre-candidate (P); dashed square: candidate (C); thick with a crown: leader (L); hollow: crashed'],
    ['Members', 'smaller, with a dashed outline: a learner, who is sent the log and does not count; pale: not a member'],
    ['Ring', 'the election timer, running out'],
    ['Dots', 'the votes of a candidate or pre-candidate, in the direction of each voter: white not given, grey on its way, dark counted'],
    ['Disc', 'AppendEntries with its number of entries; small: a heartbeat'],
    ['Diamond', 'RequestVote with its term; small and dotted with ?: PreVote'],
    ['Stack', 'InstallSnapshot: a state in place of the entries that led to it'],
    ['Pill', 'TimeoutNow: the leader hands over, and the receiver starts an election at once; read: ReadIndex, how much a read must see'],
    ['Hollow', 'a reply: + yes, − no'],
    ['Time line', 'numbers: elections with their terms; short strokes above: commits, below: what was done; dashed: where this branch begins; ribbons: bookmarks; thick: a broken property'],
    ['Ringed numbers', 'the steps of the explanation that is open, as it numbers them: at the server that each happened at, and on the diagram joined to what they explain'],
    ['Sign ≠', 'while two branches stand side by side: this server is not the same in both'],
    ['Boxes', 'the last entries of the log with their terms: solid committed, dashed not yet; a folded corner: a new leader’s no-op, three dots: a configuration; …5: a snapshot stands for all up to index 5'],
  ],
});
