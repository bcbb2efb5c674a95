/** The past of a run: its time line, its branches, and the reasons of what happened. Fetched once something was lived. */

import sheet from '../../styles/past.css';
import terms from '../../styles/terms.css';
import { adopt } from '../adopt';
import { branchesSheet, TimeLine } from './line';
import { begins } from './asking';
import { placesByServer, stepsOf } from './chain';
import { pastHost } from './host';
import { outrun } from './outrun';
import { whyPanel } from './why';

export { begins, branchesSheet, outrun, pastHost, placesByServer, stepsOf, TimeLine, whyPanel };

const adopted = new WeakSet<object>();

/** Gives a shadow root the looks of what is here. */
export function dress(root: ParentNode): void {
  if (!(root instanceof ShadowRoot) || adopted.has(root)) return;
  adopted.add(root);
  adopt(root, terms);
  adopt(root, sheet);
}
