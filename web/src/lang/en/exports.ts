/** The texts of what is taken from the page into notes and slides. */

import { timeText } from '../../words';
import { plural } from './english';
import { spoken } from '../texts';

export const EXPORTS = spoken('exports', {
  head: 'For notes and slides',
  stage: { png: 'Stage as PNG', svg: 'Stage as SVG' },
  diagram: { png: 'Diagram as PNG', svg: 'Diagram as SVG' },
  picturesTell: 'As they are seen now: PNG in twice as many pixels, SVG to be enlarged at will.',
  noStage: 'The cluster is not there yet.',
  noDiagram: 'Open the tab Diagram first: its picture shows what is in sight there.',
  printTells: 'Printed (Ctrl P), this moment is on paper: stage, logs and diagram, light and without buttons.',
  presentTells: 'The stage large, with few controls, from bookmark to bookmark.',
  mermaid: {
    copy: 'Copy as Mermaid',
    save: 'Save as Mermaid',
    tells: 'Mermaid: a sequence diagram as text, of what the diagram shows, or of the latest events up to this moment.',
    copied: 'The sequence diagram is copied.',
    notCopied: 'The browser did not allow copying: save it instead.',
    message: (name: string, term: number) => `${name} term ${term}`,
    lost: ', lost',
    blocked: ', blocked',
    leftOut: (rows: number) => `${plural(rows, 'earlier row is', 'earlier rows are')} left out`,
  },
  noCanvas: 'the browser has no canvas to paint on',
  noPicture: 'the browser could not make the picture',
  film: {
    head: 'A stretch as a film',
    from: 'From',
    to: 'To',
    speed: 'Speed',
    begin: 'the beginning',
    now: 'this moment',
    before: (us: number) => (us < 1_000_000 ? `${us / 1_000} ms before` : `${us / 1_000_000} s before`),
    save: 'Save as GIF',
    stop: 'Stop making it',
    tells: 'The stage as a GIF, 960 by 600, that begins again at its end: for slides, notes and chats.',
    long: (seconds: number, pictures: number) => `${Number(seconds.toFixed(1))} s in ${plural(pictures, 'picture', 'pictures')}.`,
    empty: 'Nothing lies between these moments: let the film begin before it ends.',
    tooLong: (seconds: number, most: number, fits: string) =>
      `That is a film of ${Math.round(seconds)} s; expected at most ${most} s. ${fits ? `It fits at ${fits}, or take a shorter stretch.` : 'Take a shorter stretch.'}`,
    making: (percent: number) => `The film is being made: ${percent} %.`,
    tooLarge: (megabytes: number, seconds: number) => `The film would be larger than ${megabytes} MB: its first ${seconds} s are that already. Take a shorter stretch or a higher speed.`,
    notMade: (why: string) => `There is no film: ${why}.`,
    stopped: 'The film is not made.',
    caption: (seed: number, time: string) => `Raft, seed ${seed} · ${time}`,
  },
  trace: {
    save: 'Save trace',
    tells: 'Trace: all that happened up to this moment, a fact a line, as raft-sim check reads it. The first one fetches a part of its own.',
    writes: 'The run is lived once more and written down …',
    busy: 'A trace is being written.',
    tooLong: (megabytes: number) => `The trace is longer than ${megabytes} MB: raft-sim run --trace writes one of any length from the saved run.`,
    notSaved: (why: string) => `There is no trace: ${why}.`,
  },
  saved: (name: string) => `${name} is saved.`,
  notSaved: (why: string) => `There is no picture: ${why}.`,
  stageAt: (seed: number, us: number) => `Raft, seed ${seed}: the stage at ${timeText(us)}`,
  diagramAt: (seed: number, from: number, to: number) => `Raft, seed ${seed}: space-time diagram from ${timeText(from)} to ${timeText(to)}`,
});
