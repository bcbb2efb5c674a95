import type { Cluster } from '../door/cluster';
import type { ClusterState, WorldOptions } from '../door/types';
import { doneUpTo, type Settings, settingsOf } from './settings';

/** The state of a run at this moment, and what is set in it. */
export function readSettings(cluster: Cluster): { state: ClusterState; settings: Settings } {
  const state = cluster.state();
  const scenario = cluster.scenario();
  const done = doneUpTo(scenario, cluster.timeUs, () => cluster.eventsOfNow);
  // The door leaves no option out.
  return { state, settings: settingsOf(state, scenario.options as WorldOptions, done) };
}
