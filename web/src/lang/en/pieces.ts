/** What is wrong with the scripts beside the classic one: whoever put them there can put it right, and the run goes on meanwhile. */

import { spoken } from '../texts';

export const PIECES = spoken('pieces', {
  missing: (file: string, where: string) => `${file} could not be loaded from ${where}, beside raft-playground.iife.js. The run goes on; once the file is there, try again.`,
  otherBuild: (file: string, where: string) => `${file} in ${where} is of another build than raft-playground.iife.js: copy both from one folder and load the page anew. The run goes on.`,
  alone: (file: string) => `This needs ${file}, and raft-playground.iife.js has no address here to look beside: put both into the page. The run goes on.`,
  refused: (file: string) => `The page’s policy does not let ${file} in; expected raft-playground-worker among its trusted-types. The run goes on.`,
});
