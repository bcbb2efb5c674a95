/** What was wrong with what the element's methods were handed. People at the page see it too, where they write a number or a value. */

import { spoken } from '../texts';

export const WRONG = spoken('wrong', {
  anObject: 'an object',
  wholeNumber: (name: string, found: string, min: number, max: number) => `${name} is ${found}; expected a whole number from ${min} to ${max}`,
  serverIn: (name: string) => `a server in ${name}`,
  anotherServer: (name: string, server: number, than: string) => `${name} is ${server}; expected another server than ${than}`,
  number: (name: string, found: string, min: number, max: number) => `${name} is ${found}; expected a number from ${min} to ${max}`,
  text: (name: string, found: string, most: number) => `${name} is ${found}; expected a text of 1 to ${most} characters`,
  length: (name: string, found: number, most: number) => `${name} has ${found} characters; expected 1 to ${most}`,
  control: (name: string) => `${name} holds a control character; expected characters that can be seen`,
  jump: (found: string) => `kind is ${found}; expected leader, commit, violation or input`,
  key: 'key holds a =, which ends a key; expected none',
  array: (name: string, found: string) => `${name} is ${found}; expected an array of server numbers`,
  twice: (name: string, server: number) => `${name} names S${server} twice; expected each server once`,
  groups: (found: string) => `groups is ${found}; expected an array of arrays of server numbers`,
  members: (found: string) => `members is ${found}; expected { voters, learners }`,
  voters: 'voters is empty; expected at least one server',
  speed: (found: string, min: number, max: number) => `speed is ${found}; expected ${min} to ${max}`,
  line: (found: string) => `line is ${found}; expected { ax, ay, bx, by }`,
  scenario: 'scenario is no object; expected { servers, seed, options }',
  readonly: 'this run is only to be looked at: the attribute readonly is set',
  playing: 'advance() is for exact stepping: call pause() first',
  loading: 'the cluster is still loading: await element.ready first',
  disposed: 'the element was disposed of',
  noStage: 'the stage is not there yet',
  notLoaded: (path: string, status: number) => `${path} could not be loaded: HTTP ${status}`,
  forbidden: 'WebAssembly is forbidden here; expected a Content-Security-Policy whose script-src has \'wasm-unsafe-eval\'',
  alone: (file: string) => `${file} lies beside the Playground’s script, and this one stands alone; expected the page as a folder on a host`,
});
