// A run that tests and pictures begin with, as a scenario: two servers are elected in one term.

/** @type {Partial<import('../../web/src/raft-playground').Scenario>} */
export const TWO_LEADERS = {
  servers: 4,
  options: { rules_off: ['quorum_is_more_than_half'] },
  inputs: [
    { at_us: 1, input: { kind: 'partition', groups: [[1, 2], [3, 4]] } },
    { at_us: 2, input: { kind: 'time_out', server: 1 } },
    { at_us: 3, input: { kind: 'time_out', server: 3 } },
  ],
};
