import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HELD, LINK } from '../src/door/layout';
import { traces } from '../src/faults/traces';
import { Marks } from '../src/marks';
import { frameOf, RING, type Sketch } from './frames';

const of = (change: Partial<Sketch>): number => traces(frameOf({ servers: RING, ...change }));
const withServer = (at: number, lanes: object): Partial<Sketch> => ({ servers: RING.map((server, i) => (i === at ? { ...server, ...lanes } : server)) });

test('what is set in a run leaves another trace in the frame for each thing that is set', () => {
  const seen = [
    of({}),
    of(withServer(1, { up: 0 })),
    of(withServer(2, { up: 0 })),
    of(withServer(1, { up: 2 })),
    of(withServer(1, { ails: 1 })),
    of(withServer(1, { ails: 4 })),
    of({ links: [[1, 2, LINK.byHand]] }),
    of({ links: [[2, 1, LINK.byHand]] }),
    of({ links: [[1, 2, LINK.byWall]] }),
    of({ links: [[1, 2, LINK.own | (50 << LINK.lossShift)]] }),
    of({ links: [[1, 2, LINK.flaps]] }),
    of({ walls: [{ id: 1 }] }),
    of({ messages: [{ id: 1, flags: HELD }] }),
    of({ messages: [{ id: 1, flags: HELD }, { id: 2, flags: HELD }] }),
    of({ servers: RING.slice(1) }),
  ];
  assert.equal(new Set(seen).size, seen.length);
});

test('what comes and goes by itself leaves none: time, roles, messages, and a link that flaps', () => {
  const calm = of({});
  assert.equal(of({ timeUs: 9_000 }), calm);
  assert.equal(of(withServer(0, { role: 2, term: 3, timerLeft: 5 })), calm);
  assert.equal(of({ messages: [{ id: 1, from: 1, to: 2 }] }), calm);
  assert.equal(of({ links: [[1, 2, LINK.flaps | LINK.byHand]] }), of({ links: [[1, 2, LINK.flaps]] }));
});

test('what was done up to a moment is told apart, by hand and as planned', () => {
  const marks = new Marks({ inputs: [{ at_us: 500, input: { kind: 'heal' } }] });
  marks.note(0, { kind: 'input', fromUs: 100, us: 100, events: 0, number: 7, input: { kind: 'crash', server: 1 } });
  const done = (number: number, us: number): string => marks.doneSoFar(0, number, us);
  assert.equal(done(6, 99), done(0, 0));
  assert.notEqual(done(7, 100), done(6, 99), 'by hand');
  assert.equal(done(8, 499), done(7, 100));
  assert.notEqual(done(9, 500), done(8, 499), 'as planned');
});
