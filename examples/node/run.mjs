// Runs a cluster in Node.js, without a browser: the same WebAssembly that the page runs, and the same run.
//   cargo xtask build && node examples/node/run.mjs [SEED]
import { readFileSync } from 'node:fs';
import { Playground, initSync } from '../../web/pkg/raft_wasm.js';

const MS = 1000; // times are virtual microseconds
const PATIENCE_MS = 60_000;
const LEADER = 4; // a bit of what `step` returns: a server began to lead

initSync({ module: readFileSync(new URL('../../web/pkg/raft_wasm_bg.wasm', import.meta.url)) });

// docs/scenario.md says what else can stand here; what cannot is refused by name.
const cluster = new Playground({ servers: 5, seed: Number(process.argv[2] ?? 1) });

function say(text) {
  console.log(`${(cluster.time_us() / MS).toFixed(3)} ms: ${text}`);
}

/** Lives event by event until a server begins to lead; its number. */
function nextLeader() {
  while (cluster.time_us() < PATIENCE_MS * MS) {
    if ((cluster.step() & LEADER) === 0) continue;
    const leaders = cluster.standing().servers.filter(({ up, role }) => up && role === 'leader');
    const { id, current_term } = leaders.reduce((a, b) => (a.current_term > b.current_term ? a : b));
    say(`S${id} leads term ${current_term}`);
    return id;
  }
  throw new Error(`no server began to lead within ${PATIENCE_MS} virtual ms`);
}

const first = nextLeader();
cluster.apply({ kind: 'propose', value: 'x=1' });
cluster.advance(1000 * MS, Number.MAX_SAFE_INTEGER);
const { commit_index, store } = cluster.server(first);
say(`S${first} has committed up to index ${commit_index}, and holds ${JSON.stringify(store)}`);
cluster.apply({ kind: 'crash', server: first });
say(`S${first} crashes`);
nextLeader();
console.log(`the run's fingerprint is ${cluster.fingerprint()}, here as on every machine`);
