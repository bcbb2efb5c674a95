/** The whole page as one file, with a run in it. */

import { beside } from '../door/compile';
import { SHARE } from '../lang/en/keep';
import { WRONG } from '../lang/en/wrong';
import { type Link, writeFragment } from './link';

const TAG = /<raft-playground scenario="[^"]*"/;

/** The page that is one file: itself where it is open, or else as it lies beside the script. */
async function page(): Promise<string> {
  const { raftPlaygroundFile } = globalThis as { raftPlaygroundFile?: string };
  if (raftPlaygroundFile !== undefined) return raftPlaygroundFile;
  const address = beside('./raft-playground.html');
  const response = await fetch(address);
  if (!response.ok) throw new Error(WRONG.notLoaded(address.pathname, response.status));
  return response.text();
}

/** The file with this run as an attribute of its element: letters, digits and few signs, none of which means anything to HTML. */
export function withRun(html: string, link: Link): string {
  const run = writeFragment(link).replace(/[^#\w=&-]/g, '').replaceAll('&', '&amp;');
  if (!TAG.test(html)) throw new Error(SHARE.noPlace);
  return html.replace(TAG, () => `<raft-playground scenario="${run}"`);
}

export const oneFile = async (link: Link): Promise<Blob> => new Blob([withRun(await page(), link)], { type: 'text/html' });
