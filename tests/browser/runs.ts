/** Runs that several tests begin with. */
import type { Playground } from './page';
import { TWO_LEADERS } from './scenarios.mjs';

/** Two servers are elected in one term. */
export const twoLeaders = (playground: Playground): Promise<void> =>
  playground.call((element, scenario) => {
    element.reset(scenario);
    element.advance(500);
  }, TWO_LEADERS);

/** S1 was deposed and does not know; clients read at it what another leader's client has overwritten. */
export const staleRead = (playground: Playground): Promise<void> =>
  playground.call((element) => {
    element.reset({
      servers: 3,
      seed: 1,
      options: { client_reads_by: 'local', clients: 3, client_keys: 1, client_reads_ppm: 1_000_000, delay_us_min: 10_000, delay_us_max: 10_000 },
    });
    element.timeout(1);
    element.advance(300);
    element.partition([[1], [2, 3]]);
    element.timeout(2);
    element.advance(300);
    element.propose('k1=1');
    element.advance(5_000);
  });

/** A run of two seconds, and a branch from one second on in which S1 has crashed. */
export async function twoBranches(playground: Playground): Promise<void> {
  await playground.elect();
  await playground.call((element) => {
    element.propose('x=1');
    element.advance(1_500);
    element.seek(1_000);
    element.crash(1);
    element.advance(600);
  });
}
