import { RaftPlaygroundElement } from './element';

if (!customElements.get('raft-playground')) customElements.define('raft-playground', RaftPlaygroundElement);
export { RaftPlaygroundElement as RaftPlayground };
