/** The texts of the hint at a first visit. */

import { spoken } from '../texts';

export const HINT = spoken('hint', {
  head: 'First steps',
  at: (step: number, all: number) => `${step} of ${all}`,
  next: 'Next',
  done: 'Done',
  skip: 'Skip',
  steps: [
    'Press Play: five servers elect a leader and stay in touch. Every shape that travels is a message.',
    'Break it: click a server and crash it, or drag through empty space to draw a wall. A right click or a long press shows all that can be done.',
    'Ask and go back: each event has a “why?”, and the line below the stage leads to any moment. ? tells the keys.',
  ],
});
