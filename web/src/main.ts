import { RaftPlaygroundElement } from './element';

const { customElements } = globalThis as Partial<Pick<typeof globalThis, 'customElements'>>;
if (!customElements?.get('raft-playground')) customElements?.define('raft-playground', RaftPlaygroundElement);
export { RaftPlaygroundElement as RaftPlayground };
