/** The texts of sharing and of the search box, which come when somebody asks for them. */

import { timeText } from '../../words';
import { plural } from './english';
import { spoken } from '../texts';

export const SHARE = spoken('share', {
  head: 'Share',
  link: 'Copy link to this moment',
  linkTells: (characters: number) => `The link holds the whole run, its bookmarks and where it stands: ${characters} characters, sent to nobody.`,
  tooLong: (characters: number, most: number) =>
    `The link would have ${characters} characters, and more than ${most} do not arrive everywhere: save the run as a file instead.`,
  notHere: 'Links are made on the Playground’s own page. A file can be saved here.',
  copied: (characters: number, us: number) => `Link copied: ${timeText(us)}, ${characters} characters.`,
  notCopied: 'The browser did not allow copying: the link is in the address bar now.',
  notCopiedHere: 'The browser did not allow copying.',
  printTells: 'This moment on paper: stage, logs and diagram, black on white.',
  save: 'Save as a file',
  saveTells: 'The run with all that was done to it and its bookmarks, as JSON. Opened again, it begins at its start.',
  page: 'Save as one file',
  pageTells: 'The whole Playground with this run in it, at this moment. A browser opens it without a host and without a network.',
  pageSaved: (name: string) => `${name} is saved: a double-click opens it.`,
  noPlace: 'the page that is one file, beside the script, is of another kind',
  pageNotSaved: (why: string) => `The page could not be saved: ${why}.`,
  openFile: 'Open a file …',
  openTells: 'A run that was saved. It may also be dropped on the page.',
  noExports: 'What makes pictures could not be loaded. Reload the page to try again.',
  runs: 'Recent runs',
  runsTell: 'Those that you did something to, kept in this browser alone.',
  noRuns: 'None yet. A run is kept when you did something to it and then leave it.',
  clear: 'Clear',
  close: 'Close',
  untitled: (seed: number) => `Seed ${seed}`,
  about: (servers: number, us: number) => `${plural(servers, 'server', 'servers')}, up to ${timeText(us)}`,
  badLink: (why: string) => `This link cannot be opened: ${why}. The page goes on with what it had.`,
  newer: (version: number, known: number) => `it may come from a newer Playground; its run is of version ${version}, and this page knows version ${known}`,
  badFile: (name: string, why: string) => `${name} cannot be opened: ${why}. The page goes on with what it had.`,
  living: (us: number) => `Living the run again, up to ${timeText(us)} …`,
  arrived: (us: number) => `The run stands at ${timeText(us)}, as it was shared.`,
  stopped: (us: number) => `The run ended before that moment: it stands at ${timeText(us)}.`,
  tooFar: (us: number, to: number) => `Living this run again takes long. It stands at ${timeText(us)} of ${timeText(to)}: press Play to go on.`,
  opened: (name: string, marks: number) => `${name} is open. Press Play${marks > 0 ? `, or V for the first of its ${plural(marks, 'bookmark', 'bookmarks')}` : ''}.`,
});

export const SEARCH = spoken('search', {
  head: 'Search',
  placeholder: 'an action, a server, a scene, a setting …',
  none: 'Nothing on this page is called that.',
  found: (count: number) => plural(count, 'thing found', 'things found'),
  more: (count: number) => `and ${count} more: write on to narrow it down`,
  kinds: { action: 'action', doing: 'menu', server: 'server', view: 'view', scene: 'scene', setting: 'setting' },
  view: 'show it',
  server: 'choose it',
});
