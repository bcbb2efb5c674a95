import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planFor } from '../src/diagram/layout';
import { Model } from '../src/diagram/model';
import { type Now, paint as paintDiagram } from '../src/diagram/paint';
import { escaped, recording } from '../src/exports/svg';
import { momentName } from '../src/keep/file';
import type { Step } from '../src/panels/past/chain';
import { layoutFor } from '../src/stage/geometry';
import { type Marks, paint as paintStage } from '../src/stage/paint';
import { Scene } from '../src/stage/scene';
import { LIGHT } from '../src/theme';
import { WORDS } from '../src/words';
import { frameOf } from './frames';

const measure = (text: string): number => text.length * 6;
const STEPS: Step[] = [
  { place: 1, number: 7, timeUs: 130_000, server: 1, text: 'S1 leads.', link: 'asked', explains: 0 },
  { place: 2, number: 6, timeUs: 130_000, server: 1, text: 'S1 counts.', link: 'because', explains: 1 },
  { place: 3, number: 4, timeUs: 120_000, server: 2, text: 'S2 votes.', link: 'also', explains: 2 },
];
const NASTY = '<b>"R&D"</b>';

/** The names of the elements of a text of XML; throws where it is not well-formed. */
function elementsOf(xml: string): string[] {
  const names: string[] = [];
  const open: string[] = [];
  const entity = /&(?:amp|lt|gt|quot|#39);/g;
  const body = xml.replace(/^<\?xml [^>]*\?>\n/, '');
  let to = 0;
  for (const found of body.matchAll(/<(\/?)(\w+)((?: [\w:-]+="[^"<]*")*)(\/?)>/g)) {
    const [whole, closes, name = '', attributes = '', alone] = found;
    const between = body.slice(to, found.index).replace(entity, '');
    assert.doesNotMatch(between, /[<>&]/, `markup in the text ${between}`);
    assert.doesNotMatch(attributes.replace(entity, ''), /&/, attributes);
    const keys = [...attributes.matchAll(/ ([\w:-]+)=/g)].map(([, key]) => key);
    assert.equal(new Set(keys).size, keys.length, `twice the same in ${whole}`);
    if (closes) assert.equal(open.pop(), name, `${whole} closes something else`);
    else {
      names.push(name);
      if (!alone) open.push(name);
    }
    to = found.index + whole.length;
  }
  assert.equal(body.slice(to).trim(), '');
  assert.deepEqual(open, []);
  return names;
}
const count = (names: readonly string[], name: string): number => names.filter((one) => one === name).length;

test('the stage becomes SVG: texts as texts, all that is written escaped', () => {
  const half = { sinceSent: 10_000, wholeWay: 20_000, untilEnd: 10_000 };
  const scene = new Scene();
  const layout = layoutFor(1000, 840, 5);
  const frame = frameOf({
    servers: [
      { x: 1000, y: 1000, role: 2, term: 9, votersLo: 0b11011, learnersLo: 0b100, timerLeft: 10, timerTotal: 20, tail: [1, 1, 9], commitIndex: 2 },
      { x: 9000, y: 1000, role: 1, term: 15, votersLo: 0b11011, learnersLo: 0b100, countedLo: 1, grantedLo: 4, refusedLo: 8 },
      { x: 9000, y: 9000, up: 0 },
      { x: 1000, y: 9000, role: 3, term: 2, up: 2 },
      { x: 5000, y: 5000, timerLeft: 100, timerTotal: 100 },
    ],
    messages: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].flatMap((kind) => [0, 1, 2].map((state) => ({ from: 1 + (kind % 4), to: 5, kind, state, term: 8, verdict: 1 + (kind % 2), entries: kind % 3, ...half, sinceEnd: 1_000 }))),
    walls: [{ id: 1, ax: 500, ay: 5000, bx: 9500, by: 5000 }],
    cuts: [[1, 2], [3, 4], [4, 3]],
  });
  scene.build(frame, layout, 0);
  const marks: Marks = {
    selected: new Set([1]), selectedWall: 1, hovered: 2, hoveredWall: 0, litMessage: 0, draft: { ax: 1, ay: 2, bx: 300, by: 400 }, evidence: new Set([4]), explained: new Map([[2, '1–3']]),
    crashedWord: NASTY, termWord: "'<term>'", timeoutNowWord: NASTY, readWord: NASTY, memberMarks: WORDS.marks, roleLetters: WORDS.roleLetters, ailing: WORDS,
  };
  const record = recording(measure);
  paintStage(record.ctx, scene, layout, LIGHT, marks);
  const svg = record.svg(layout.width, layout.height, `seed & ${NASTY}`);
  const names = elementsOf(svg);
  assert.deepEqual([...new Set(names)].sort(), ['clipPath', 'defs', 'g', 'path', 'svg', 'text', 'title']);
  assert.ok(count(names, 'text') > 12, `${count(names, 'text')} texts`);
  assert.ok(svg.includes('>&lt;b&gt;&quot;R&amp;D&quot;&lt;/b&gt;</text>'), 'a crashed server’s word');
  assert.ok(svg.includes('>&#39;&lt;term&gt;&#39; 9</text>'));
  assert.ok(svg.includes('<title>seed &amp; &lt;b&gt;'));
  assert.ok(!svg.includes('<b>') && !svg.includes('NaN'));
});

test('the diagram becomes SVG: what is clipped stays clipped', () => {
  const model = new Model();
  const message = (id: number, from: number, to: number, name: string): Record<string, unknown> => ({ message: id, from, to, name, term: 7 });
  const happenings: [string, number, Record<string, unknown>][] = [
    ['decision', 100_000, { server: 1, event: { kind: 'became_pre_candidate', next_term: 7 } }],
    ['decision', 110_000, { server: 1, event: { kind: 'became_candidate', term: 7 } }],
    ['sent', 110_000, message(1, 1, 2, 'RequestVote')],
    ['delivered', 120_000, message(1, 1, 2, 'RequestVote')],
    ['sent', 120_000, message(2, 2, 1, 'RequestVote reply')],
    ['delivered', 130_000, message(2, 2, 1, 'RequestVote reply')],
    ['decision', 130_000, { server: 1, event: { kind: 'became_leader', term: 7 } }],
    ['input_applied', 131_000, { input: { kind: 'wall', wall: 3 } }],
    ['sent', 132_000, message(3, 1, 3, 'AppendEntries')],
    ['blocked', 140_000, { ...message(3, 1, 3, 'AppendEntries'), wall: 3 }],
    ['sent', 141_000, message(4, 1, 2, 'AppendEntries')],
    ['waits', 150_000, message(4, 1, 2, 'AppendEntries')],
    ['sent', 151_000, message(5, 1, 2, 'AppendEntries')],
    ['lost', 160_000, { ...message(5, 1, 2, 'AppendEntries'), why: 'chance' }],
    ['decision', 161_000, { server: 1, event: { kind: 'committed', to: 4, reason: { because: 'quorum_holds' } } }],
    ['input_applied', 162_000, { input: { kind: 'pause', server: 2 } }],
    ['crashed', 170_000, { server: 3 }],
    ['violated', 180_000, { property: 'election_safety' }],
    ['sent', 181_000, message(6, 1, 2, 'AppendEntries')],
  ];
  happenings.forEach(([kind, time_us, more], at) => model.add({ number: at + 1, kind, time_us, ...more }));
  model.skipTo(60, 220_000);
  model.add({ number: 61, kind: 'restarted', time_us: 260_000, server: 3 });
  const plan = planFor(600, 300, 3);
  const now: Now = { nowUs: 240_000, present: () => undefined, shareOf: () => 0.5, chosen: new Set([1]), hovered: 2, spot: { kind: 'span', server: 1, span: model.spanAt(1, 150_000)! }, explained: { steps: STEPS, here: 2 } };
  const record = recording(measure);
  for (const spot of [now.spot, { kind: 'message' as const, message: model.messages[2]! }, { kind: 'mark' as const, mark: model.marks[0]! }, null]) {
    paintDiagram(record.ctx, plan, { startUs: 90_000, usPerPx: 320 }, model, LIGHT, { ...now, spot });
  }
  const svg = record.svg(plan.width, plan.height, 'diagram');
  const names = elementsOf(svg);
  assert.ok(count(names, 'clipPath') >= 8, `${count(names, 'clipPath')} clips`);
  assert.equal(count(names, 'clipPath'), count(names, 'g'));
  for (const text of ['S1', 'S3', '✓ 4', '100 ms', '1, 2', '3']) assert.ok(svg.includes(`>${text}</text>`), `${text} is written`);
  assert.ok(!svg.includes('NaN'));
});

test('what the writer does not know it refuses, and leaves nothing out', () => {
  const { ctx } = recording(measure);
  assert.throws(() => ctx.bezierCurveTo(1, 2, 3, 4, 5, 6), /does not know bezierCurveTo/);
  assert.throws(() => (ctx.shadowBlur = 3), /does not know shadowBlur/);
  assert.throws(() => ctx.filter, /does not know filter/);
  assert.throws(() => ctx.setTransform(1, 0, 0, 1, 0, 0), /does not know setTransform/);
  assert.throws(() => ctx.measureText('a').actualBoundingBoxLeft, /does not know actualBoundingBoxLeft/);
  assert.throws(() => ctx.fill('evenodd'), /a rule of filling/);
  assert.throws(() => ctx.lineTo(Number.NaN, 1), /the number NaN/);
  const unfinished = recording(measure);
  unfinished.ctx.save();
  assert.throws(() => unfinished.svg(1, 1, ''), /not restored/);
});

test('a path, its look and its opacity are those of the canvas', () => {
  const record = recording(measure);
  const { ctx } = record;
  ctx.save();
  ctx.globalAlpha = 0.5;
  ctx.strokeStyle = '#11223380';
  ctx.setLineDash([2, 3]);
  ctx.beginPath();
  ctx.arc(10, 10, 5, 0, Math.PI * 2);
  ctx.stroke();
  ctx.restore();
  ctx.textAlign = 'right';
  ctx.textBaseline = 'middle';
  ctx.font = '700 10px system-ui, "Segoe UI"';
  ctx.fillText('a\u0000b', 4, 10);
  const svg = record.svg(20, 20, '');
  assert.ok(svg.includes('<path d="M15 10A5 5 0 0 1 5 10A5 5 0 0 1 15 10" fill="none" stroke="#112233" stroke-opacity="0.5" stroke-width="1" stroke-dasharray="2 3" opacity="0.5"/>'), svg);
  assert.ok(svg.includes('<text x="4" y="13.5" font-size="10" font-weight="700" text-anchor="end" fill="#000000">a\ufffdb</text>'), svg);
  assert.ok(svg.includes('font-family="system-ui, &quot;Segoe UI&quot;"'));
  elementsOf(svg);
  assert.equal(escaped('\ud800 ☂ 😀 \u0007'), '\ufffd ☂ 😀 \ufffd');
});

test('the name of a file tells seed and moment', () => {
  assert.equal(momentName(undefined, 7, 1_250_500, 'stage', 'png'), 'raft-seed-7-at-1250.5ms-stage.png');
  assert.equal(momentName('Figure 8: <old>', 0, 0, 'diagram', 'svg'), 'raft-figure-8-old-seed-0-at-0ms-diagram.svg');
});
