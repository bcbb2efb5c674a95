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
  saved: (name: string) => `${name} is saved.`,
  notSaved: (why: string) => `There is no picture: ${why}.`,
  stageAt: (seed: number, us: number) => `Raft, seed ${seed}: the stage at ${timeText(us)}`,
  diagramAt: (seed: number, from: number, to: number) => `Raft, seed ${seed}: space-time diagram from ${timeText(from)} to ${timeText(to)}`,
});
