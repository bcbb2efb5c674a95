import type { Cluster, Standing } from '../door/cluster';
import type { WorldOptions } from '../door/types';
import { doneUpTo, type Settings, settingsOf } from './settings';

/** The state of a run at this moment, and what is set in it. */
export function readSettings(cluster: Cluster): { state: Standing; settings: Settings } {
  const state = cluster.standing();
  const scenario = cluster.scenario();
  const done = doneUpTo(scenario, cluster.timeUs, () => cluster.eventsOfNow);
  // The door leaves no option out.
  return { state, settings: settingsOf(state, scenario.options as WorldOptions, done) };
}
